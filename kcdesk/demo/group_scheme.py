"""A group scheme of the demo: three workshops, each with its own machine and money, and a cost common to all."""

from __future__ import annotations

from typing import Any

from kcdesk.demo.sample_proposals import proposal_answers
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace

_OWNERS = ("Hợp tác xã chè Mẫu Bốn", "Cơ sở chè Mẫu Năm", "Hộ chế biến chè Mẫu Sáu")
_SITES = ("Xưởng sao chè Mẫu Bốn", "Xưởng sao chè Mẫu Năm", "Xưởng sao chè Mẫu Sáu")
_MACHINES = (("Máy sao chè", 320_000_000), ("Máy vò chè", 240_000_000), ("Máy sấy chè", 280_000_000))


def enter(workspace: Workspace) -> str:
    """Enter the scheme with its three establishments; the id of the proposal, a draft."""
    owners = [changing.add(workspace, "beneficiary", {"name": name}).items[0].id for name in _OWNERS]
    values = proposal_answers("machinery") | {
        "title": "Hỗ trợ ứng dụng máy móc tiên tiến trong chế biến chè tại ba cơ sở (đề án nhóm mẫu)",
        "programme": "national",
        "scheme": "group",
        "machine_kind": "group",
        "beneficiaries": owners,
        "sites": _sites(owners),
        "machines": [_machine(site, name, price) for site, (name, price) in zip(_SITES, _MACHINES, strict=True)],
        "budget": [*map(_line, _SITES, _MACHINES), _COMMON],
    }
    return changing.add(workspace, "proposal", values).items[0].id


def _sites(owners: list[str]) -> list[dict[str, Any]]:
    rows = zip(_SITES, owners, _MACHINES, strict=True)
    return [{"name": name, "beneficiary": owner, "support": price // 4} for name, owner, (_machine, price) in rows]


def _machine(site: str, name: str, price: int) -> dict[str, Any]:
    return {"name": name, "site": site, "maker": "Hãng mẫu, Việt Nam", "quantity": 1, "unit_price": price}


def _line(site: str, machine: tuple[str, int]) -> dict[str, Any]:
    name, price = machine
    support = price // 4
    line = {"item": f"Mua {name.lower()}", "site": site, "unit": "máy", "quantity": 1, "cost": price}
    return line | {"national": support, "counterpart": price - support}


_COMMON = {"item": "Quản lý, kiểm tra, giám sát của đơn vị thực hiện", "unit": "đề án", "quantity": 1}
_COMMON |= {"cost": 5_000_000, "national": 5_000_000}

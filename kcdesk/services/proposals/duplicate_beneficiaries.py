"""The registry of beneficiaries: the same establishment must not stand in it twice."""

from __future__ import annotations

from dataclasses import dataclass

from kcdesk.services.workspace import Workspace

_WATCHED = {"tax_code": "mã số thuế", "citizen_id": "số định danh cá nhân", "phone": "số điện thoại"}


@dataclass(frozen=True, slots=True)
class Double:
    """A beneficiary that may be the same one, and what makes it look so."""

    id: str
    title: str
    reason: str


def doubles(workspace: Workspace, record_id: str, path: str, value: object) -> list[Double]:
    """Registered beneficiaries with the same number, or with a name that is equal or nearly so."""
    if not isinstance(value, str) or not value.strip():
        return []
    if path in _WATCHED:
        found = workspace.store.find("beneficiary", path, value)
        reason = f"cùng {_WATCHED[path]}"
    elif path == "name":
        found = workspace.store.near("beneficiary", "name", value, 3)
        reason = "tên gần giống"
    else:
        return []
    return [
        Double(stored.id, stored.record(workspace.forms).title(), reason) for stored in found if stored.id != record_id
    ]


def hint(workspace: Workspace, record_id: str, path: str, value: object) -> str:
    """One quiet sentence about possible doubles of what is being typed, or nothing."""
    found = doubles(workspace, record_id, path, value)
    if not found:
        return ""
    titles = "; ".join(double.title for double in found)
    return f"Đã có trong sổ ({found[0].reason}): {titles}."

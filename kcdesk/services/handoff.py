"""The hand-off: what waits, making a package, the ledger, and looking at a package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kcdesk.errors import UserError
from kcdesk.services.workspace import Workspace
from kcdesk.store.identity import Unit
from kcdesk.store.packages import PackageEntry
from kcdesk.store.records import StoredRecord

Progress = Callable[..., None]  # done, of how many


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a package shall hold: `full` for every record, else what changed since the receiver's last receipt."""

    path: Path
    receiver: str
    period: str = ""
    full: bool = False
    password: str = ""
    include_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the next package would be."""

    receiver: str
    period: str
    records: int
    counts: tuple[tuple[str, int], ...]  # label of the kind, number
    last_at: str  # "" when nothing was sent yet
    practice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One hand-off as the ledger page shows it."""

    package: str
    at: str
    period: str
    type: str
    receiver: str
    records: int
    file: str


def plan(workspace: Workspace) -> Plan:
    """What has changed since the last package to the unit above, by kind."""
    receiver = default_receiver(workspace)
    last = workspace.store.packages.last_sent(receiver)
    numbers: dict[str, int] = {}
    for stored in workspace.store.changed_since(last.vector if last else {}):
        numbers[stored.kind] = numbers.get(stored.kind, 0) + 1
    counts = tuple(
        (workspace.forms.current(kind).plural, numbers[kind]) for kind in workspace.forms.kinds if kind in numbers
    )
    return Plan(
        receiver=receiver,
        period=default_period(workspace),
        records=sum(numbers.values()),
        counts=counts,
        last_at=last.at if last else "",
        practice=workspace.identity.practice,
    )


def default_receiver(workspace: Workspace) -> str:
    """The unit above, by the name that the wizard was given."""
    return workspace.identity.unit.parent or "Sở Công Thương"


def default_period(workspace: Workspace) -> str:
    """The month of today: `2026-11`."""
    return f"{workspace.today():%Y-%m}"


def file_name(workspace: Workspace, period: str, receiver: str) -> str:
    """The name that the package is proposed to have: `KC_TTKC_2026-11_C.xlsx`."""
    from kcdesk.exchange import package

    type_ = package.package_type(workspace.store.packages.next_number(period, receiver))
    return package.file_name(workspace.identity.unit.code, period, type_)


def type_label(type_: str) -> str:
    """«Chính thức» or «Bổ sung lần n», the words of tax declarations."""
    return "Chính thức" if type_ == "C" else f"Bổ sung lần {type_[1:]}"


def make(workspace: Workspace, order: Order, progress: Progress | None = None) -> dict[str, Any]:
    """Write a package and note it in the ledger; returns {"file", "package", "type", "period", "counts", "sha256"}.

    UserError when there is nothing to hand over, KnownError when the disk refuses; nothing is noted then.
    """
    from kcdesk.exchange import package

    receiver = order.receiver or default_receiver(workspace)
    period = order.period or default_period(workspace)
    records = _records(workspace, order, receiver)
    if not records:
        raise UserError("Không có hồ sơ nào để bàn giao.", code="nothing_to_export", hint="Hãy nhập hồ sơ trước.")
    made = package.write(
        _target(workspace, order.path, period, receiver),
        workspace.store,
        records=records,
        sender=workspace.identity.unit,
        receiver=Unit(receiver, receiver, "province", workspace.identity.unit.province),
        period=period,
        package_type=package.package_type(workspace.store.packages.next_number(period, receiver)),
        password=order.password,
        include_sensitive=order.include_sensitive,
        progress=progress,
    )
    return {
        "file": str(made.path),
        "package": made.manifest.package,
        "type": made.manifest.type,
        "period": made.manifest.period,
        "counts": dict(made.manifest.counts),
        "sha256": made.sha256,
    }


def ledger(workspace: Workspace) -> list[LedgerLine]:
    """Every package that was sent or received, newest first."""
    return [_ledger_line(entry) for entry in workspace.store.packages.list()]


def inspect(workspace: Workspace | None, path: Path, password: str) -> dict[str, Any]:
    """What a file is, in the stable shape of the command line; nothing is taken in.

    {"status", "package", "type", "period", "sender", "counts", "rows", "applied", "problems"}. Without a store no
    sender is known, so that an untouched package is of an unknown sender.
    """
    from kcdesk.exchange.inspect import inspect as look

    found = look(path, password, _known_keys(workspace) if workspace else {})
    return {
        "status": found.status,
        "package": found.package,
        "type": found.type,
        "period": found.period,
        "sender": found.sender,
        "counts": dict(found.counts),
        "rows": dict(found.rows),
        "applied": False,
        "problems": list(found.problems),
    }


def describe(found: dict[str, Any]) -> str:
    """What `inspect` found, as one sentence for the window."""
    from kcdesk.exchange.inspect import SENTENCES

    sentence = SENTENCES[found["status"]]
    return f"{sentence} {type_label(found['type'])}, kỳ {found['period']}." if found["type"] else sentence


def _records(workspace: Workspace, order: Order, receiver: str) -> list[StoredRecord]:
    known = {} if order.full else _acknowledged(workspace, receiver)
    return list(workspace.store.changed_since(known))


def _acknowledged(workspace: Workspace, receiver: str) -> dict[str, str]:
    """What the receiver has confirmed to hold. Without a receipt it is nothing: a package may have been lost."""
    for entry in workspace.store.packages.list():
        if entry.direction == "in" and entry.partner == receiver and entry.details.get("receipt"):
            return dict(entry.vector)
    return {}


def _target(workspace: Workspace, path: Path, period: str, receiver: str) -> Path:
    """A folder is completed with the package's proper name."""
    return path / file_name(workspace, period, receiver) if path.is_dir() else path


def _known_keys(workspace: Workspace) -> dict[str, str]:
    """The unit of each public key that this store trusts: its own."""
    from kcdesk.exchange import signing

    return {signing.public_key(signing.signing_key(workspace.store)): workspace.identity.unit.code}


def _ledger_line(entry: PackageEntry) -> LedgerLine:
    return LedgerLine(
        package=entry.id,
        at=entry.at,
        period=entry.period,
        type=entry.type,
        receiver=entry.partner,
        records=sum(entry.details.get("counts", {}).values()),
        file=str(entry.details.get("file", "")),
    )

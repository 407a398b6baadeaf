"""The hand-off: what waits, making a package, the ledger, and looking at a package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk.errors import UserError
from kcdesk.exchange import package_file
from kcdesk.exchange.container import signing
from kcdesk.exchange.container.manifest import Receiver
from kcdesk.exchange.verification import SENTENCES
from kcdesk.exchange.verification import inspect_package as look
from kcdesk.exchange.workbook.cover import type_name
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.handover.packages import recipients
from kcdesk.services.handover.trust import partners
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.package_ledger import PackageEntry

if TYPE_CHECKING:
    from kcdesk.exchange.package_file import Package as Package  # what `prepare` gives and `finish` takes

CHECKED = "Đã kiểm tra, có thể rút thẻ nhớ."  # what was written has been read back and compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a package shall hold: `full` for every record, else what changed since the receiver's last receipt."""

    path: Path
    receiver: str = ""  # empty: the unit above
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
    for stored in workspace.store.changed_since(handed_over(workspace, receiver)):
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
    receiver = (recipients.unit_below(workspace, receiver) or (receiver,))[0]
    return package_file.package_file_name(workspace.identity.unit.code, period, _type(workspace, period, receiver))


def type_label(type_: str) -> str:
    """«Chính thức» or «Bổ sung lần n», the words of tax declarations."""
    return type_name(type_)


def make(workspace: Workspace, order: Order) -> dict[str, Any]:
    """Write a package and note it in the ledger; returns what `finish` says.

    UserError when there is nothing to hand over, KnownError when the disk refuses; nothing is noted then.
    """
    return finish(workspace, prepare(workspace, order)(ignore_progress))


def prepare(workspace: Workspace, order: Order) -> Callable[[Progress], Package]:
    """The long part of making a package, for another thread: it reads through a connection of its own.

    A unit below gets all that is its business and nothing else; the unit above what it has not confirmed yet.
    """
    receiver = order.receiver or default_receiver(workspace)
    below = recipients.unit_below(workspace, receiver)
    receiver, name = below or (receiver, receiver)
    period = order.period or default_period(workspace)
    is_whole = order.full or below or order.include_sensitive  # what was left out before is not acknowledged
    known = {} if is_whole else _acknowledged(workspace, receiver)
    path = order.path / file_name(workspace, period, receiver) if order.path.is_dir() else order.path
    type_ = _type(workspace, period, receiver)
    key = signing.signing_key(workspace.store)

    def run(progress: Progress) -> Package:
        with workspace.store.reader() as reader:
            records = recipients.business(reader, receiver) if below else list(reader.changed_since(known))
            if not records:
                raise UserError(
                    "Không có hồ sơ nào để bàn giao.", code="nothing_to_export", hint="Hãy nhập hồ sơ trước."
                )
            wanted = package_file.PackageOrder(
                path=path,
                records=records,
                receiver=Receiver(unit=receiver, name=name, level="lower" if below else "province"),
                period=period,
                package_type=type_,
                password=order.password,
                include_sensitive=order.include_sensitive,
                base=known,
                is_part=below is not None,
            )
            return package_file.make_package(wanted, reader, key, progress)

    return run


def finish(workspace: Workspace, made: Package) -> dict[str, Any]:
    """Note a package that lies in its place, in the thread of the store.

    Returns {"file", "package", "type", "period", "counts", "sha256", "checked"}; the last is what the officer is told.
    """
    package_file.note_sent(workspace.store, made)
    return {
        "file": str(made.path),
        "package": made.manifest.package,
        "type": made.manifest.type,
        "period": made.manifest.period,
        "counts": dict(made.manifest.counts),
        "sha256": made.sha256,
        "checked": CHECKED,
    }


def _type(workspace: Workspace, period: str, receiver: str) -> str:
    return package_file.type_of_number(workspace.store.packages.next_number(period, receiver))


def ledger(workspace: Workspace) -> list[LedgerLine]:
    """Every package that was sent or received, newest first."""
    return [_ledger_line(entry) for entry in workspace.store.packages.list()]


def inspect(workspace: Workspace | None, path: Path, password: str) -> dict[str, Any]:
    """What a file is, in the stable shape of the command line; nothing is taken in.

    {"status", "package", "type", "period", "sender", "counts", "rows", "applied", "problems"}. Without a store no
    sender is known, so that an untouched package is of an unknown sender.
    """
    found = look(path, password, partners.known_keys(workspace) if workspace else {})
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
    sentence = SENTENCES[found["status"]]
    return f"{sentence} {type_label(found['type'])}, kỳ {found['period']}." if found["type"] else sentence


def handed_over(workspace: Workspace, receiver: str) -> dict[str, str]:
    """How new the newest of each device was that was sent to a unit, or that the unit has confirmed."""
    last = workspace.store.packages.last_sent(receiver)
    sent, known = last.vector if last else {}, _acknowledged(workspace, receiver)
    return {device: max(sent.get(device, ""), known.get(device, "")) for device in sent.keys() | known.keys()}


def _acknowledged(workspace: Workspace, receiver: str) -> dict[str, str]:
    """What the receiver has confirmed to hold. Without a receipt it is nothing: a package may have been lost."""
    for entry in workspace.store.packages.list():
        receipt = entry.direction == "in" and entry.details.get("receipt") and not entry.details.get("undone")
        if receipt and receiver in (entry.partner, entry.details.get("unit")):
            return dict(entry.vector)
    return {}


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

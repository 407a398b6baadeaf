"""Send a package: what it would contain, making it, the ledger, and inspecting a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk.errors import UserError
from kcdesk.exchange import handing_over, package_file, periods
from kcdesk.exchange.container import signing
from kcdesk.exchange.container.manifest import Receiver
from kcdesk.exchange.verification import SENTENCES
from kcdesk.exchange.verification import inspect_package as look
from kcdesk.exchange.workbook.page_lines import type_name
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.collector import at_rest
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.handover.packages import recipients
from kcdesk.services.handover.trust import partners, stamps_ahead
from kcdesk.services.records.permissions import refuse_without_purpose
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.package_ledger import PackageEntry
from kcdesk.store.reader import Reader
from kcdesk.store.stored_record import StoredRecord

if TYPE_CHECKING:
    from kcdesk.exchange.package_file import Package as Package  # what `prepare` gives and `finish` takes

CHECKED = "Đã kiểm tra, có thể rút thẻ nhớ."  # what was written has been read back and compared


class HandoverOrder(Value, kw_only=True):
    """What a package should contain: `full` for every record, else changes since the receiver's last receipt."""

    path: Path
    receiver: str = ""  # "" for the unit above
    period: str = ""
    full: bool = False
    password: str = ""
    include_sensitive: bool = False
    purpose: str = ""  # what sensitive fields are sent for; noted with the use
    with_restricted: bool = False  # also records that are only kept: of a damaged store everything is saved


class PackagePlan(Value, kw_only=True):
    """The content of the next package."""

    receiver: str
    period: str
    records: int
    counts: tuple[tuple[str, int], ...]  # label of the kind, number
    last_at: str  # "" if nothing was sent yet
    practice: bool


class LedgerLine(Value, kw_only=True):
    """A package as the ledger page shows it."""

    package: str
    at: str
    period: str
    type: str
    receiver: str
    records: int
    file: str


def plan(workspace: Workspace) -> PackagePlan:
    """Count the records changed since the last package to the unit above, by kind."""
    receiver = recipients.default_receiver(workspace)
    last = workspace.store.packages.last_sent(receiver)
    waiting = list(workspace.store.changed_since(recipients.handed_over(workspace, receiver)))
    numbers = Counter(stored.kind for stored in _without_discarded(workspace.store, waiting))
    counts = tuple(
        (workspace.forms.current(kind).plural, numbers[kind]) for kind in workspace.forms.kinds if kind in numbers
    )
    return PackagePlan(
        receiver=receiver,
        period=default_period(workspace),
        records=numbers.total(),
        counts=counts,
        last_at=last.at if last else "",
        practice=workspace.identity.practice,
    )


def default_period(workspace: Workspace) -> str:
    """The present month: `2026-11`."""
    return f"{workspace.today():%Y-%m}"


def file_name(workspace: Workspace, period: str, receiver: str) -> str:
    """The proposed file name of a package: `KC_TTKC_2026-11_C.xlsx`."""
    receiver = (recipients.unit_below(workspace, receiver) or (receiver,))[0]
    period = periods.as_in_packages(period)
    return package_file.package_file_name(workspace.identity.unit.code, period, _type(workspace, period, receiver))


def type_label(type_: str) -> str:
    """«Chính thức» or «Bổ sung lần n», as in tax declarations."""
    return type_name(type_)


def make(workspace: Workspace, order: HandoverOrder) -> dict[str, Any]:
    """Write a package and record it in the ledger; returns the JSON of `finish`.

    UserError if there is nothing to hand over, KnownError if the file cannot be written; then nothing is recorded.
    """
    return finish(workspace, prepare(workspace, order)(ignore_progress))


def prepare(workspace: Workspace, order: HandoverOrder) -> Callable[[Progress], Package]:
    """Return the long part of making a package, to be run in another thread with its own database connection.

    A lower unit receives all records that concern it and no others; the unit above receives what it has not confirmed.
    UserError `stamps_ahead` if other units would not take it.
    """
    stamps_ahead.refuse_stamps_ahead(workspace)
    refuse_without_purpose(order.purpose, is_sensitive=order.include_sensitive)
    receiver = order.receiver or recipients.default_receiver(workspace)
    below = recipients.unit_below(workspace, receiver)
    receiver, name = below or (receiver, recipients.name_of(workspace, receiver))
    period = periods.as_in_packages(order.period) or default_period(workspace)
    is_whole = order.full or below or order.include_sensitive  # fields left out earlier are not acknowledged
    known = {} if is_whole else recipients.acknowledged(workspace, receiver)
    path = order.path / file_name(workspace, period, receiver) if order.path.is_dir() else order.path
    type_ = _type(workspace, period, receiver)
    level = recipients.level_of(workspace, receiver, is_below=below is not None)
    key = signing.signing_key(workspace.store)

    @at_rest()
    def run(progress: Progress) -> Package:
        with workspace.store.reader() as reader:
            records = recipients.business(reader, receiver) if below else list(reader.changed_since(known))
            if not order.with_restricted:
                restricted = reader.personal.restrictions()
                records = [stored for stored in _without_discarded(reader, records) if stored.id not in restricted]
            if not records:
                raise UserError(
                    "Không có hồ sơ nào để bàn giao.", code="nothing_to_export", hint="Hãy nhập hồ sơ trước."
                )
            wanted = package_file.PackageOrder(
                path=path,
                records=records,
                receiver=Receiver(unit=receiver, name=name, level=level),
                period=period,
                package_type=type_,
                password=order.password,
                include_sensitive=order.include_sensitive,
                base=known,
                is_part=below is not None,
            )
            return replace(package_file.make_package(wanted, reader, key, progress), purpose=order.purpose)

    return run


def finish(workspace: Workspace, made: Package) -> dict[str, Any]:
    """Record a written package in the ledger, in the thread of the store.

    Returns {"file", "package", "type", "period", "counts", "sha256", "checked"}; "checked" is a sentence.
    """
    with handing_over.handing_over(workspace.store) as outside:
        handing_over.note_sent(workspace.store, made, outside)
        details = {"package": made.manifest.package, "receiver": made.manifest.receiver.unit, "personal": made.personal}
        workspace.store.note_use("exported", "", details | {"purpose": made.purpose})
    return {
        "file": str(made.path),
        "package": made.manifest.package,
        "type": made.manifest.type,
        "period": made.manifest.period,
        "counts": dict(made.manifest.counts),
        "sha256": made.sha256,
        "checked": CHECKED,
    }


def _without_discarded(reader: Reader, records: Sequence[StoredRecord]) -> list[StoredRecord]:
    """Leave out what was deleted before anybody else has heard of it: a draft that was thrown away is of no concern."""
    discarded = reader.packages.discarded(stored.id for stored in records if stored.deleted)
    return [stored for stored in records if stored.id not in discarded]


def _type(workspace: Workspace, period: str, receiver: str) -> str:
    return package_file.type_of_number(workspace.store.packages.next_number(period, receiver))


def ledger(workspace: Workspace) -> list[LedgerLine]:
    """List every sent or received package, newest first."""
    return [_ledger_line(entry) for entry in workspace.store.packages.list()]


def inspect(workspace: Workspace | None, path: Path, password: str) -> dict[str, Any]:
    """Inspect a file without receiving it, in the stable shape of the command line.

    {"status", "package", "type", "period", "sender", "counts", "rows", "applied", "problems"}. Without a store no
    sender is known, so an unchanged package has the status of an unknown sender.
    """
    inspection = look(path, password, partners.known_keys(workspace) if workspace else {})
    other = inspection.other
    return {
        "status": inspection.status,
        "package": inspection.package,
        "type": inspection.type,
        "period": inspection.period,
        "sender": inspection.sender,
        "counts": dict(inspection.counts),
        "rows": dict(inspection.rows),
        "applied": False,
        "problems": [*inspection.problems, *([f"{other.sentence} {other.hint}"] if other else [])],
    }


def describe(inspected: dict[str, Any]) -> str:
    """The result of `inspect` as a sentence for the window."""
    sentence = SENTENCES[inspected["status"]]
    return (
        f"{sentence} {type_label(inspected['type'])}, {periods.in_sentence(inspected['period'])}."
        if inspected["type"]
        else sentence
    )


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

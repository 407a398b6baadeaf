"""Which units have handed over for a period: all of the tree and all known ones, and what troubles its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from kcdesk import moments, text
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.handover.collecting import batch_receiving, periods
from kcdesk.services.handover.collecting.batch_receiving import FileVerdict
from kcdesk.services.staff import units_below
from kcdesk.services.staff.units_below import TreeOffice
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.merge_state import KNOWLEDGE
from kcdesk.store.handover.merging import knows
from kcdesk.store.handover.package_ledger import PackageEntry

_TO_BE_RECEIVED = "nằm trong thư mục, chưa nhận"


class UnitHandover(Value, kw_only=True):
    """The newest hand-over of a unit, and whether it covers a period ("" and 0 for no hand-over; `at` is UTC).

    `unit` is the code, "" for an office that has none; `key` tells the lines of a list apart. `missing` are the numbers
    of packages that never arrived and whose content no later package contains. `troubles` are sentences about the files
    of a folder that probably come from the unit and are not received. `is_known` says that its signing key is trusted.
    `new_since` is the day on which a unit became known that the period was due before, so that it is not late.
    """

    unit: str
    name: str
    key: str
    phone: str = ""
    period: str = ""
    at: str = ""
    records: int = 0
    missing: tuple[int, ...] = ()
    troubles: tuple[str, ...] = ()
    is_known: bool = False
    covered: bool = False
    late: bool = False
    new_since: date | None = None

    def to_json(self) -> dict[str, Any]:
        """The shape of the command line."""
        names = ("unit", "name", "phone", "period", "at", "records", "covered", "late")
        return {name: getattr(self, name) for name in names} | {
            "missing": list(self.missing),
            "troubles": list(self.troubles),
            "known": self.is_known,
        }


class _ExpectedUnit(Value, kw_only=True):
    """A unit that hands over since a day: of the tree (then `office` is its id), known by its key, or both."""

    code: str
    name: str
    key: str
    since: date
    office: str = ""
    is_known: bool = False

    def is_sender(self, verdict: FileVerdict) -> bool:
        """Whether a file probably comes from this unit: by its sender, else by the code or the name in its name."""
        preview = verdict.preview
        if preview is not None and preview.sender:
            return text.fold(preview.sender) == text.fold(self.code or self.name)
        if preview is not None and preview.sender_name:  # the cover names an edited package: «Trung tâm (TT-A)»
            return text.fold(preview.sender_name) in map(text.fold, (self.name, f"{self.name} ({self.code})"))
        words = f"-{text.slug(verdict.file.stem)}-"
        return any(f"-{text.slug(part)}-" in words for part in (self.code, self.name) if part)


def period_handovers(
    workspace: Workspace,
    period: str,
    due: date | None = None,
    verdicts: Sequence[FileVerdict] = (),
    *,
    with_phones: bool = True,
) -> list[UnitHandover]:
    """List the units below with their last hand-over and whether they are late for the period; late ones first.

    A period is due on its last day unless `due` is given; a text that is not a period is due at once. Without `due`, a
    unit that became known after that day is not late: its first period is the one of that day. `verdicts` are
    the files of a folder; those that are not received are named beside the unit that they probably come from. Without
    `with_phones` no telephone number is looked up.
    """
    last = periods.last_day(period)
    day = due or last
    is_due = day is None or workspace.today() > day
    first_due = None if due else last  # a day that is given holds for all
    received = _received_packages(workspace)
    expected = list(_expected_units(workspace, last or workspace.today(), received))
    phones = units_below.phones(workspace, {unit.office for unit in expected if unit.office}) if with_phones else {}
    handovers = [
        replace(
            _for_new_unit(
                _unit_handover(workspace, unit, received.get(unit.code, ()), period, is_due, verdicts), unit, first_due
            ),
            phone=phones.get(unit.office, ""),
        )
        for unit in expected
    ]
    return sorted(handovers, key=lambda handover: (not handover.late, text.sort_key(handover.name)))


def _for_new_unit(handover: UnitHandover, unit: _ExpectedUnit, first_due: date | None) -> UnitHandover:
    """The hand-over, not late if the unit became known after the day on which the period was due."""
    if first_due is None or not handover.late or unit.since <= first_due:
        return handover
    return replace(handover, late=False, new_since=unit.since)


def unassigned(workspace: Workspace, period: str, verdicts: Sequence[FileVerdict]) -> list[FileVerdict]:
    """The files that are not received and that no listed unit seems to have sent."""
    last = periods.last_day(period) or workspace.today()
    expected = list(_expected_units(workspace, last, _received_packages(workspace)))
    return [
        verdict for verdict in verdicts if _trouble(verdict) and not any(unit.is_sender(verdict) for unit in expected)
    ]


def _expected_units(
    workspace: Workspace, day: date, received: dict[str, list[PackageEntry]]
) -> Iterator[_ExpectedUnit]:
    """The known units whose office has not ended, and offices of the tree in whose branch none is known."""
    tree = units_below.units_below(workspace, day)
    taken: set[str] = set()
    for code, (name, trusted) in _lower_units(workspace).items():
        since = min([trusted, *(moments.day(entry.at) for entry in received.get(code, ()))])
        office = next((office for office in tree if office.is_named(code, name)), None)
        if office is None:
            yield _ExpectedUnit(code=code, name=name, key=code, since=since, is_known=True)
            continue
        taken |= office.branch
        since = min(since, office.since)
        if office.exists or code in received:
            yield _ExpectedUnit(code=code, name=name, key=code, since=since, office=office.id, is_known=True)
    for office in _unknown_offices([office for office in tree if office.exists], taken):
        yield _ExpectedUnit(code=office.code, name=office.name, key=office.id, since=office.since, office=office.id)


def _unknown_offices(tree: Sequence[TreeOffice], taken: set[str]) -> Iterator[TreeOffice]:
    """The offices of the branches without a known unit: those with a code, else the highest."""
    free = [office for office in tree if not office.branch & taken]
    coded = {office.id for office in free if office.code}
    free_ids = {office.id for office in free}
    for office in free:
        if office.id in coded or not (office.branch & coded or office.superiors & free_ids):
            yield office


def _lower_units(workspace: Workspace) -> dict[str, tuple[str, date]]:
    """Name of the known units that hand over to this unit, without the unit above, and since when they are known."""
    own = workspace.identity.unit
    above = text.fold(own.parent)
    levels = workspace.forms.levels
    partners = workspace.store.partners.list()  # ordered by the time of trust: the last name counts
    first_days: dict[str, date] = {}
    for partner in partners:
        first_days.setdefault(partner.unit, moments.day(partner.trusted))
    name_by_unit = {
        partner.unit: partner.name
        for partner in partners
        if not partner.ended and levels.hands_over_to(partner.level, own.level)
    }
    return {
        unit: (name, first_days[unit])
        for unit, name in name_by_unit.items()
        if unit != own.code and (not above or above not in (text.fold(unit), text.fold(name)))
    }


def _received_packages(workspace: Workspace) -> dict[str, list[PackageEntry]]:
    """The received packages that were not undone, by the unit that made them, newest first; receipts do not count."""
    entries_by_unit: dict[str, list[PackageEntry]] = {}
    for entry in workspace.store.packages.list():
        details = entry.details
        if entry.direction == "in" and not details.get("answers") and not details.get("undone"):
            entries_by_unit.setdefault(details["unit"], []).append(entry)
    return entries_by_unit


def _unit_handover(
    workspace: Workspace,
    unit: _ExpectedUnit,
    entries: Sequence[PackageEntry],
    period: str,
    is_due: bool,
    verdicts: Sequence[FileVerdict],
) -> UnitHandover:
    covered = periods.covers((entry.period for entry in entries), period)
    handover = UnitHandover(
        unit=unit.code,
        name=unit.name,
        key=unit.key,
        is_known=unit.is_known,
        troubles=tuple(_trouble(verdict) for verdict in verdicts if _trouble(verdict) and unit.is_sender(verdict)),
        covered=covered,
        late=is_due and not covered,
    )
    if not entries:
        return handover
    newest = max(entries, key=lambda entry: periods.last_day(entry.period) or date.min)
    return replace(
        handover,
        period=newest.period,
        at=newest.at,
        records=sum(newest.details["counts"].values()),
        missing=_missing_numbers(workspace, entries),
    )


def _trouble(verdict: FileVerdict) -> str:
    """What keeps a file from being received; "" for a package that was received, a twin, an identity workbook."""
    is_received = verdict.preview is not None and verdict.preview.already
    if is_received or verdict.twin or verdict.code in (batch_receiving.IDENTITY, batch_receiving.TRUSTED):
        return ""
    return f"{verdict.file.name}: {text.lower_first(verdict.obstacle) if verdict.obstacle else _TO_BE_RECEIVED}"


def _missing_numbers(workspace: Workspace, entries: Sequence[PackageEntry]) -> tuple[int, ...]:
    """The numbers of packages that later packages build on and that never arrived; counted per laptop of the unit."""
    known = workspace.store.setting(KNOWLEDGE, {})
    received = {(entry.details["store"], entry.details["device"], entry.details["serial"]) for entry in entries}
    open_gaps = (entry.details for entry in entries if entry.details["gap"] and not knows(known, entry.details["base"]))
    asked_for = {
        (details["store"], details["device"], number) for details in open_gaps for number in details["missing"]
    }
    return tuple(sorted(number for _, _, number in asked_for - received))

"""Offices as a tree, the officers of each, and the checks of both.

An office exists between two days (a district office until 30 June 2025, the communes after it). Its level and the
office above are data. Records received from other stores may form a loop, so walks through the tree stop there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.errors import Problem, UserError
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.staff import open_work
from kcdesk.services.workspace import Workspace
from kcdesk.store.stored_record import StoredRecord

NO_OFFICE = ""  # the office id of officers without an office
UNASSIGNED = "(unassigned)"  # the id of the line of open proposals without an officer
KNOWN_UNIT = "(unit) "  # begins the id of a known unit that no office of the tree is; its code follows
_ENDED_LEVEL = "district"  # its work has gone to other offices
_BEGINNING, _END = "0001-01-01", "9999-12-31"


class Office(Value, kw_only=True):
    """A line of the tree; `depth` counts the offices above it, `first` and `last` are ISO dates or ""."""

    id: str
    name: str
    level: str
    depth: int
    first: str
    last: str
    exists: bool
    people: int
    dossiers: int

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        names = ("id", "name", "level", "depth", "exists", "people", "dossiers")
        days = {"valid_from": self.first or None, "valid_to": self.last or None}
        return {name: getattr(self, name) for name in names} | days


class Person(Value, kw_only=True):
    """An officer of an office; `dossiers` is the number of open proposals in his charge."""

    id: str
    name: str
    title: str
    office: str
    first: str
    last: str
    serves: bool
    dossiers: int

    @property
    def is_needed(self) -> bool:
        """Whether the officer serves, or has left open work behind, which must not disappear with the officer."""
        return self.serves or self.dossiers > 0

    @property
    def name_and_title(self) -> str:
        """«Nguyễn Thị Lan, Chuyên viên»."""
        return ", ".join(filter(None, (self.name, self.title)))

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        names = ("id", "name", "title", "office", "serves", "dossiers")
        days = {"serves_from": self.first or None, "serves_to": self.last or None}
        return {name: getattr(self, name) for name in names} | days


# -- reading -----------------------------------------------------------------------------------------------------


def tree(workspace: Workspace, on: date | None = None, *, ended: bool = False) -> list[Office]:
    """List the offices that exist on a day (default today) in tree order; with `ended` also those that do not.

    The last line has the id NO_OFFICE and stands for the officers whose office is not listed, if any.
    """
    day = (on or workspace.today()).isoformat()
    offices = {stored.id: stored for stored in _all(workspace, "office")}
    shown = {id_ for id_, stored in offices.items() if ended or _covers(stored.data, "valid", day)}
    people = [person for person in everybody(workspace, on) if ended or person.is_needed]
    lines = [_line(workspace, offices[id_], depth, day, people) for id_, depth in _walk(offices, shown)]
    homeless = [person for person in people if person.office not in shown]
    return [*lines, *([_nowhere(homeless)] if homeless else [])]


def other_lines(workspace: Workspace) -> list[Office]:
    """Lines below the tree: units that hand over but are no office of it, and open proposals without an officer."""
    stored = _all(workspace, "office")
    names = {text.fold(str(office.data.get(name, ""))) for office in stored for name in ("name", "code")}
    units = {
        code: name for code, name in _known_units(workspace).items() if not names & {text.fold(code), text.fold(name)}
    }
    lines = [_extra(f"{KNOWN_UNIT}{code}", name, "Gửi gói") for code, name in sorted(units.items())]
    number = open_work.number_of_open(workspace, "")
    return [*lines, *([_extra(UNASSIGNED, f"Chưa giao: {number}", "", number)] if number else [])]


def everybody(workspace: Workspace, on: date | None = None) -> list[Person]:
    """List every officer by name; officers who serve on the day (default today) come first."""
    day = (on or workspace.today()).isoformat()
    officers = [_person(workspace, stored, day) for stored in _all(workspace, "staff")]
    return sorted(officers, key=lambda person: (not person.serves, text.sort_key(person.name), person.id))


def people(workspace: Workspace, office: str, on: date | None = None, *, ended: bool = False) -> list[Person]:
    """List the officers of an office; for NO_OFFICE those whose office does not exist on the day."""
    officers = [person for person in everybody(workspace, on) if ended or person.is_needed]
    if office != NO_OFFICE:
        return [person for person in officers if person.office == office]
    shown = {line.id for line in tree(workspace, on, ended=ended)} - {NO_OFFICE}
    return [person for person in officers if person.office not in shown]


def exists(office: StoredRecord, day: date) -> bool:
    """Whether an office exists on a day."""
    return _covers(office.data, "valid", day.isoformat())


def serves(officer: StoredRecord, day: date) -> bool:
    """Whether an officer serves on a day."""
    return _covers(officer.data, "serves", day.isoformat())


def _all(workspace: Workspace, kind: str) -> list[StoredRecord]:
    return workspace.store.page(kind, limit=-1)


def _covers(data: dict[str, Any], prefix: str, day: str) -> bool:
    first, last = _span(data, prefix)
    return first <= day <= last


def _span(data: dict[str, Any], prefix: str) -> tuple[str, str]:
    """First and last day; a missing date means unbounded."""
    return str(data.get(f"{prefix}_from", _BEGINNING)), str(data.get(f"{prefix}_to", _END))


def _walk(offices: dict[str, StoredRecord], shown: set[str]) -> Iterator[tuple[str, int]]:
    """Yield every shown office once, with its depth; an office without a superior, or in a loop, begins a tree."""
    below: dict[str, list[str]] = {}
    for id_ in sorted(shown, key=lambda id_: text.sort_key(str(offices[id_].data.get("name", "")))):
        above = str(offices[id_].data.get("above", ""))
        below.setdefault(above if above in shown else NO_OFFICE, []).append(id_)
    visited: set[str] = set()

    def down(id_: str, depth: int) -> Iterator[tuple[str, int]]:
        if id_ in visited:
            return
        visited.add(id_)
        yield id_, depth
        for child in below.get(id_, ()):
            yield from down(child, depth + 1)

    for root in (*below.get(NO_OFFICE, ()), *sorted(shown)):
        yield from down(root, 0)


def _line(workspace: Workspace, stored: StoredRecord, depth: int, day: str, people: list[Person]) -> Office:
    record = stored.record(workspace.forms)
    own = [person for person in people if person.office == stored.id]
    return Office(
        id=stored.id,
        name=record.title(),
        level=_short_level(workspace, record),
        depth=depth,
        first=str(stored.data.get("valid_from", "")),
        last=str(stored.data.get("valid_to", "")),
        exists=_covers(stored.data, "valid", day),
        people=len(own),
        dossiers=sum(person.dossiers for person in own),
    )


def values_of_known(workspace: Workspace, id_: str) -> dict[str, str]:
    """What is known of a unit below the tree, to make an office of it; `id_` is that of its line."""
    code = id_.removeprefix(KNOWN_UNIT)
    return {"code": code, "name": _known_units(workspace).get(code, code)}


def _known_units(workspace: Workspace) -> dict[str, str]:
    """Code and name of the offices below whose keys this store trusts."""
    levels, own = workspace.forms.levels, workspace.identity.unit.level
    known = (partner for partner in workspace.store.partners.list() if not partner.ended)
    return {partner.unit: partner.name for partner in known if levels.is_above(own, partner.level)}


def _extra(id_: str, name: str, level: str, dossiers: int = 0) -> Office:
    return Office(id=id_, name=name, level=level, depth=0, first="", last="", exists=True, people=0, dossiers=dossiers)


def _nowhere(people: list[Person]) -> Office:
    return Office(
        id=NO_OFFICE,
        name="Cán bộ chưa ghi đơn vị",
        level="",
        depth=0,
        first="",
        last="",
        exists=True,
        people=len(people),
        dossiers=sum(person.dossiers for person in people),
    )


def _short_level(workspace: Workspace, office: Record) -> str:
    chosen = office.value("level")
    choices = workspace.forms.choices(office.form.field("level"))
    return next((choice.short for choice in choices if choice.value == chosen), "")


def _person(workspace: Workspace, stored: StoredRecord, day: str) -> Person:
    return Person(
        id=stored.id,
        name=stored.record(workspace.forms).title(),
        title=str(stored.data.get("title", "")),
        office=str(stored.data.get("office", "")),
        first=str(stored.data.get("serves_from", "")),
        last=str(stored.data.get("serves_to", "")),
        serves=_covers(stored.data, "serves", day),
        dossiers=open_work.number_of_open(workspace, stored.id),
    )


# -- checks --------------------------------------------------------------------------------------------------------


def refuse_loop(workspace: Workspace, office: Record, _path: str) -> None:
    """Refuse an office that is its own superior, directly or not; UserError `loop` names the loop."""
    names, above = [office.title()], office.value("above")
    visited = {office.id}
    while above:
        if above in visited:
            raise UserError(
                f"Đơn vị không thể là cấp trên của chính mình: {' → '.join(names)} → {office.title()}.",
                code="loop",
                hint="Hãy chọn đơn vị cấp trên khác.",
                field="above",
            )
        visited.add(above)
        superior = workspace.store.record(above)
        names.append(superior.title())
        above = superior.value("above")


def problems_of_office(workspace: Workspace, office: Record) -> list[Problem]:
    """Report dates and levels that do not fit the office above, the offices below and the officers."""
    problems = []
    above = _living(workspace, office.value("above"))
    if above is not None:
        problems += list(_beside_above(workspace, office, above))
    if office.value("level") == _ENDED_LEVEL and office.value("valid_to") and not office.value("successors"):
        label = office.field("successors").label
        problems.append(Problem("successors", f"Cấp huyện đã kết thúc: hãy ghi «{label}»."))
    _first, last = _span(office.data, "valid")
    for stored in workspace.store.find("office", "above", office.id):
        if _span(stored.data, "valid")[1] > last:
            name = stored.record(workspace.forms).title()
            problems.append(Problem("valid_to", f"Đơn vị trực thuộc «{name}» còn hoạt động sau ngày {_day(last)}."))
    for stored in workspace.store.find("staff", "office", office.id):
        if _span(stored.data, "serves")[1] > last:
            name = stored.record(workspace.forms).title()
            problems.append(Problem("valid_to", f"Cán bộ «{name}» còn làm việc ở đây sau ngày {_day(last)}."))
    return problems


def _beside_above(workspace: Workspace, office: Record, above: Record) -> Iterator[Problem]:
    (_first, last), (first_above, last_above) = _span(office.data, "valid"), _span(above.data, "valid")
    name = above.title()
    if last_above < last:
        yield Problem("above", f"Đơn vị cấp trên «{name}» kết thúc ngày {_day(last_above)}, trước đơn vị này.")
    if first_above > last:
        yield Problem("above", f"Đơn vị cấp trên «{name}» chỉ hoạt động từ ngày {_day(first_above)}.")
    levels = [choice.value for choice in workspace.forms.choices(office.form.field("level"))]  # the lowest first
    own_level, level_above = office.value("level"), above.value("level")
    if own_level in levels and level_above in levels and levels.index(level_above) < levels.index(own_level):
        yield Problem("above", f"Đơn vị cấp trên «{name}» là {above.text('level').lower()}, thấp hơn đơn vị này.")


def problems_of_staff(workspace: Workspace, person: Record) -> list[Problem]:
    """Require that an officer serves while his office exists, and leaves no open work behind."""
    problems = []
    office = _living(workspace, person.value("office"))
    (first, last) = _span(person.data, "serves")
    if office is not None:
        first_day, last_day = _span(office.data, "valid")
        if last > last_day:
            ended = f"«{office.title()}» kết thúc ngày {_day(last_day)}"
            problems.append(Problem("serves_to", f"{ended}: hãy ghi ngày thôi làm việc ở đó, hoặc đơn vị khác."))
        if person.value("serves_from") and first < first_day:
            problems.append(Problem("serves_from", f"«{office.title()}» chỉ hoạt động từ ngày {_day(first_day)}."))
    number = open_work.number_of_open(workspace, person.id)
    if number and last < workspace.today().isoformat():
        problems.append(Problem("serves_to", f"Còn phụ trách {number} đề án đang làm: hãy bàn giao công việc trước."))
    return problems


def refuse_departed_handler(workspace: Workspace, proposal: Record, path: str) -> None:
    """Refuse an officer in charge who does not serve today; UserError `not_serving`."""
    refuse_not_serving(workspace, path, str(proposal.value(path)))


def refuse_not_serving(workspace: Workspace, field: str, id_: str, on: date | None = None) -> None:
    """Refuse an officer who does not serve on the day (default today); UserError `not_serving`."""
    person, day = workspace.store.record(id_), (on or workspace.today()).isoformat()
    first, last = _span(person.data, "serves")
    if first <= day <= last:
        return
    reason = f"đã thôi làm việc từ sau ngày {_day(last)}" if day > last else f"chỉ nhận việc từ ngày {_day(first)}"
    raise UserError(
        f"«{person.title()}» {reason}.",
        code="not_serving",
        hint="Hãy chọn cán bộ đang làm việc.",
        field=field,
    )


def _living(workspace: Workspace, id_: str | None) -> Record | None:
    record = workspace.store.record(id_) if id_ else None
    return None if record is None or record.deleted else record


def _day(stored: str) -> str:
    return text.format_date(date.fromisoformat(stored))

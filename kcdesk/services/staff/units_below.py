"""The offices that a province expects packages from, and the telephone numbers of offices.

The tree of offices names them, whether they have ever handed over or not. In a branch of the tree one office hands
over: the «Phòng Kinh tế» below a commune, or the commune itself.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from kcdesk import moments, text
from kcdesk.runtime.frozen import Value
from kcdesk.services.staff import offices
from kcdesk.services.workspace import Workspace
from kcdesk.store.stored_record import StoredRecord


class TreeOffice(Value, kw_only=True):
    """An office of the tree; `superiors` are the ids of the offices above it that are lower than this unit.

    `since` is the day on which it was recorded; `branch` has its own id, its superiors and all offices below it.
    """

    id: str
    name: str
    code: str
    since: date
    exists: bool
    superiors: frozenset[str]
    branch: frozenset[str]

    def is_named(self, code: str, name: str) -> bool:
        """Whether a unit with this code, or else with this name, is the office."""
        if self.code and code:
            return text.fold(self.code) == text.fold(code)
        return text.fold(self.name) == text.fold(name)


def units_below(workspace: Workspace, day: date) -> list[TreeOffice]:
    """Every office of a lower level than this unit's, by name; empty in the store of a lower unit."""
    lower = _lower_levels(workspace)
    stored = [office for office in workspace.store.page("office", limit=-1) if office.data.get("level") in lower]
    above = {office.id: str(office.data.get("above", "")) for office in stored}
    lines = {office.id: _line_of_superiors(office.id, above) for office in stored}
    return sorted(
        (_tree_office(office, lines, day) for office in stored),
        key=lambda office: (text.sort_key(office.name), office.id),
    )


def phone_of(workspace: Workspace, code: str, name: str) -> str:
    """The telephone number on record of a unit, with its holder if it is an officer's; "" for none."""
    day = workspace.today()
    offices_here = (
        _tree_office(stored, {stored.id: frozenset()}, day) for stored in workspace.store.page("office", limit=-1)
    )
    office = next((office for office in offices_here if office.is_named(code, name)), None)
    return phones(workspace, [office.id]).get(office.id, "") if office else ""


def phones(workspace: Workspace, ids: Collection[str]) -> dict[str, str]:
    """The telephone number on record of each of these offices, by id, with its holder if it is an officer's.

    An office without a number is left out.
    """
    if not ids:
        return {}
    stored = workspace.store.page("office", where={"id": list(ids)}, limit=-1)
    own = {office.id: number for office in stored if (number := _shown_phone(workspace, office))}
    return _officers_phones(workspace, ids) | own


def _lower_levels(workspace: Workspace) -> set[str]:
    own = workspace.level.office
    field = workspace.forms.current("office").field("level")
    levels = [choice.value for choice in workspace.forms.choices(field)]  # the lowest first
    return set(levels[: levels.index(own)]) if own in levels else set()


def _line_of_superiors(id_: str, above: dict[str, str]) -> frozenset[str]:
    """The office and its superiors among `above`; a loop ends the walk."""
    line: set[str] = set()
    while id_ in above and id_ not in line:
        line.add(id_)
        id_ = above[id_]
    return frozenset(line)


def _tree_office(stored: StoredRecord, lines: dict[str, frozenset[str]], day: date) -> TreeOffice:
    data = stored.data
    below = {id_ for id_, line in lines.items() if stored.id in line}
    return TreeOffice(
        id=stored.id,
        name=str(data.get("name", "")),
        code=str(data.get("code", "")),
        since=moments.day(stored.created),
        exists=offices.exists(stored, day),
        superiors=lines[stored.id] - {stored.id},
        branch=frozenset(lines[stored.id] | below),
    )


def _officers_phones(workspace: Workspace, ids: Collection[str]) -> dict[str, str]:
    """The number of the first serving officer of each office who has one."""
    numbers: dict[str, str] = {}
    for stored in workspace.store.page("staff", where={"office": list(ids)}, limit=-1):
        office, number = str(stored.data.get("office", "")), _shown_phone(workspace, stored)
        if number and office not in numbers and offices.serves(stored, workspace.today()):
            numbers[office] = f"{number} ({stored.record(workspace.forms).title()})"
    return numbers


def _shown_phone(workspace: Workspace, stored: StoredRecord) -> str:
    return stored.record(workspace.forms).text("phone") if stored.data.get("phone") else ""

"""What the deadlines ask of dossiers: the dates by which they look for them, the fields that they compare and show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import CALENDAR
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.formdef.regulations.deadlines import Calendar, Deadline

OF_THE_DOSSIER = ("id", "form", "unit", "parent")
_Asked = tuple[str, str, Iterable[str]]  # a kind, its table or "", names of fields or columns


def asked_days(folder: Path, forms: Forms) -> frozenset[tuple[str, str]]:
    """The kinds and their dates, or tables with dates, by which the deadlines of any province look for dossiers.

    A fault of a file is left to `deadlines.load`.
    """
    files = [CALENDAR, *(f"calendar/{path.name}" for path in sorted((folder / "calendar").glob("*.toml")))]
    calendars = (read_definition(folder, name, Calendar, Faults()) for name in files)
    rules = [rule for calendar in calendars for rule in calendar.deadlines]
    dates = [(rule.kind, rule.on) for rule in rules if rule.on]
    dates += [(newest.kind, newest.on) for rule in rules for newest in rule.newests]
    return frozenset((kind, on.partition(".")[0]) for kind, on in dates if kind in forms.kinds)


def asked_columns(forms: Forms, calendar: Calendar) -> Mapping[tuple[str, str], frozenset[str]]:
    """The names of fields that the deadlines ask of a kind, and those of columns that they ask of its table.

    With them what names a dossier of that kind in the list.
    """
    asked: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for rule in calendar.deadlines:
        for kind, table, names in _asked_by(forms, rule):
            asked[kind, table].update(filter(None, names))
    for kind, table in list(asked):
        titles = (name for form in forms.versions_of(kind) for name in form.title)
        asked[kind, table].update(("id",) if table else (*OF_THE_DOSSIER, *titles))
    return {key: frozenset(names) for key, names in asked.items()}


def _asked_by(forms: Forms, rule: Deadline) -> Iterator[_Asked]:
    if rule.kind:
        named, columns = (*rule.when, rule.detail), columns_of(forms, rule)
        yield rule.kind, "", (*(name for name in named if name not in columns), "" if rule.table else rule.on)
        yield from _of_parent(forms, rule.kind, rule.parent_when)
        if rule.table:
            yield rule.kind, rule.table, (*(name for name in named if name in columns), rule.on.partition(".")[2])
    for newest in rule.newests:
        yield newest.kind, "", newest.columns
    for link in rule.exceptions:
        yield link.kind, "", (link.by, *link.when)
    for need in rule.needs:
        yield need.kind, "", need.when
        yield from _of_parent(forms, need.kind, need.parent_when)


def columns_of(forms: Forms, rule: Deadline) -> frozenset[str]:
    """The columns of the table whose rows have the date of a deadline; none if it is a field of the dossier."""
    table = forms.current(rule.kind).field(rule.table) if rule.table else None
    return frozenset(column.name for column in table.columns) if table else frozenset()


def _of_parent(forms: Forms, kind: str, names: Iterable[str]) -> Iterator[_Asked]:
    form = forms.current(kind)
    if form.parent and (target := form.field(form.parent).target):
        yield target, "", names

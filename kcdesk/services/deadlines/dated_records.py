"""The dossiers whose dates fall under a deadline, searched with the date indexes.

SQLite applies the plain conditions first, so that ten years of finished work cost nothing; then every condition is
checked on the records that it returned. Conditions on other dossiers are queried once for all candidates.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kcdesk.formdef.activities import NAME
from kcdesk.formdef.conditions import holds
from kcdesk.formdef.model import Condition
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.deadlines import Deadline, Link, Need, Newest
from kcdesk.formdef.renames import Renames
from kcdesk.services.workspace import Workspace
from kcdesk.store.database.views import dated as is_dated
from kcdesk.store.database.views import extracted, living, rows_in
from kcdesk.store.stored_record import COLUMNS, StoredRecord

MOST = 500  # limit of listed dossiers per deadline; nobody reads more
SELECT = f"SELECT {COLUMNS} FROM record"
_END = "9999-12-31"


@dataclass(frozen=True, slots=True)
class DatedDossier:
    """A dossier, or a row of it, with something to do by `day`; `detail` is the text of the rule's detail field."""

    stored: StoredRecord
    day: date
    row: str = ""
    detail: str = ""


def dossiers_due(
    workspace: Workspace, rule: Deadline, first: date, last: date, newest_days: NewestDays | None = None
) -> list[DatedDossier]:
    """List the dossiers with something still to do under a deadline between two days, while it is in force.

    `newest_days` answers for several deadlines.
    """
    days = newest_days or NewestDays(workspace)
    candidates = _newest(workspace, rule, first, last, days) if rule.newests else _own(workspace, rule, first, last)
    in_time = [dated for dated in candidates if first <= dated.day <= last and rule.is_in_force(dated.day)]
    open_ones = _open(workspace, rule, {dated.stored.id: dated.stored for dated in in_time})
    return [dated for dated in in_time if dated.stored.id in open_ones]


def still_open(workspace: Workspace, rule: Deadline, id_: str, row_id: str) -> StoredRecord | None:
    """The dossier, or None if it is deleted or nothing is left to do for the deadline in this row."""
    for candidate in _by_ids(workspace, rule.kind, [id_]):
        values = _values(workspace, candidate)
        rows = values.get(rule.table, []) if rule.table else []
        row = next((row for row in rows if row.get("id") == row_id), None)
        if (row is not None or not rule.table) and holds(rule.when, values | (row or {})):
            return candidate if _open(workspace, rule, {id_: candidate}) else None
    return None


def exists(workspace: Workspace, need: Need) -> bool:
    """Whether any dossier of the kind that a deadline needs exists, with a parent that it may ask for too."""
    query = _Query(workspace.forms.renames(need.kind))
    sql = f"{SELECT} WHERE {living(need.kind)}{query.where(need.when)} LIMIT "
    for limit in (MOST, -1):  # nearly always one of the first
        rows = list(stored(workspace, f"{sql}{limit}", query.values))
        fitting = [dossier for dossier in rows if holds(need.when, _values(workspace, dossier))]
        is_there = bool(_fitting_parents(workspace, need.parent_when, fitting) if need.parent_when else fitting)
        if is_there or len(rows) < MOST:
            return is_there
    return False


def on_days(workspace: Workspace, kind: str, name: str) -> str:
    """The SQL condition that a date field lies between :first and :last, spelled as in the index so that it is used."""
    names = workspace.forms.renames(kind).names(name)
    return f"{living(kind)} AND {is_dated(names)} AND {extracted('data', names)} BETWEEN :first AND :last"


def stored(workspace: Workspace, sql: str, values: Mapping[str, Any]) -> Iterator[StoredRecord]:
    """Read the records of a query that selects COLUMNS."""
    return (StoredRecord.from_row(row.values()) for row in workspace.store.query(sql, values))


def _values(workspace: Workspace, dossier: StoredRecord) -> dict[str, Any]:
    """The values of a dossier under the field names of the newest form version, which deadlines use."""
    return dict(workspace.forms.renames(dossier.kind).in_newest(dossier.data))


def title(workspace: Workspace, dossier: StoredRecord) -> str:
    """As `titles`, for one dossier."""
    return titles(workspace, [dossier])[dossier.id]


def titles(workspace: Workspace, dossiers: Iterable[StoredRecord]) -> dict[str, str]:
    """The titles of dossiers by id, for a list of many kinds: with its proposal, if a dossier belongs to one."""
    own = {dossier.id: dossier for dossier in dossiers}
    parents = workspace.store.several(dossier.parent for dossier in own.values() if dossier.parent)
    named = {id_: _title(workspace, parent) for id_, parent in parents.items()}
    made = {}
    for id_, dossier in own.items():
        above = named.get(dossier.parent) if dossier.parent else None
        made[id_] = _title(workspace, dossier) if above is None else f"{_title(workspace, dossier)} – {above}"
    return made


def _title(workspace: Workspace, dossier: StoredRecord) -> str:
    """The dossier's own title; only the fields of the title are read, because a list has many dossiers."""
    form = workspace.forms.by_reference(dossier.form)
    naming = {name: dossier.data[name] for name in form.title if name in dossier.data}
    return Record(dossier.id, dossier.kind, form, naming, forms=workspace.forms).title()


# -- dossiers with a date in the span ------------------------------------------------------------------------------


def _own(workspace: Workspace, rule: Deadline, first: date, last: date) -> Iterator[DatedDossier]:
    begin, end = rule.bases(first, last)
    renames = workspace.forms.renames(rule.kind)
    query = _Query(renames, first=begin.isoformat(), last=end.isoformat())
    if rule.table:
        yield from _in_rows(workspace, rule, query)
        return
    where = f"{on_days(workspace, rule.kind, rule.on)}{query.where(rule.when)}"
    sql = f"{SELECT} WHERE {where} ORDER BY {extracted('data', renames.names(rule.on))} LIMIT {MOST}"
    for candidate in stored(workspace, sql, query.values):
        values = _values(workspace, candidate)
        day = rule.shifted(date.fromisoformat(values[rule.on]))
        if day is not None and holds(rule.when, values):
            yield DatedDossier(candidate, day, detail=str(values.get(rule.detail, "")))


def _in_rows(workspace: Workspace, rule: Deadline, query: _Query) -> Iterator[DatedDossier]:
    table, column = rule.on.split(".")
    columns = {item.name for item in workspace.forms.current(rule.kind).field(table).columns}
    of_row = {name: wanted for name, wanted in rule.when.items() if name in columns}
    of_record = {name: wanted for name, wanted in rule.when.items() if name not in columns}
    renames = workspace.forms.renames(rule.kind)
    day_of_row = extracted("line.value", renames.column_names(table, column))
    has_row = (
        f"EXISTS (SELECT 1 FROM json_each({rows_in('record.data', renames.names(table))}) AS line"
        f" WHERE {day_of_row} BETWEEN :first AND :last{query.where(of_row, table)})"
    )
    where = f"{living(rule.kind)} AND {is_dated(renames.names(table))}{query.where(of_record)} AND {has_row}"
    along = workspace.store.days_along(rule.kind, table)
    sql = f"{SELECT} {along} WHERE {where} ORDER BY seq DESC LIMIT {MOST}"
    for candidate in stored(workspace, sql, query.values):
        values = _values(workspace, candidate)
        for row in values[table]:
            day = rule.shifted(date.fromisoformat(row[column])) if row.get(column) else None
            if day is not None and holds(rule.when, values | row):
                detail = row.get(rule.detail, values.get(rule.detail, ""))
                yield DatedDossier(candidate, day, row["id"], str(detail))


def _newest(
    workspace: Workspace, rule: Deadline, first: date, last: date, newest_days: NewestDays
) -> Iterator[DatedDossier]:
    """Group by owner using the newest linked date; drop owners whose date is past the range."""
    begin, _end = rule.bases(first, last)
    for newest in rule.newests:
        days = newest_days.of(newest, begin.isoformat())
        for candidate in _by_ids(workspace, rule.kind, days, rule.when):
            day, values = rule.shifted(date.fromisoformat(days[candidate.id])), _values(workspace, candidate)
            if day is not None and holds(rule.when, values):
                yield DatedDossier(candidate, day, detail=str(values.get(rule.detail, "")))


class NewestDays:
    """The newest linked dates, asked once for all deadlines that want the same ones, however far back."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[str, tuple[str, dict[str, str]]] = {}  # by what is asked: since when, and the days

    def of(self, newest: Newest, begin: str) -> dict[str, str]:
        """The newest linked date on or after the day `begin`, by owner id; dates are ISO."""
        since, days = self._known.get(repr(newest), (_END, {}))
        if begin < since:
            days = _newest_days(self._workspace, newest, begin)
            self._known[repr(newest)] = (begin, days)
        return {owner: day for owner, day in days.items() if day >= begin} if begin > since else days


def _newest_days(workspace: Workspace, newest: Newest, begin: str) -> dict[str, str]:
    """As `NewestDays.of`: from the narrow table of the columns, where the store keeps one, else from the records."""
    relation = workspace.store.readings.relation(newest.kind, newest.columns)
    renames = workspace.forms.renames(newest.kind)
    query = _Query(renames, is_of_columns=relation != newest.kind, first=begin, last=_END)
    day, owner = query.left(newest.on), query.left(newest.by)
    if relation == newest.kind:
        source, span = "record", on_days(workspace, newest.kind, newest.on)
    else:
        source, span = f'"{relation}"', f"{day} BETWEEN :first AND :last"
    where = f"{span}{query.where(newest.when)} AND {owner} IS NOT NULL"
    sql = f"SELECT {owner} AS owner, max({day}) AS day FROM {source} WHERE {where} GROUP BY owner"
    return {row["owner"]: row["day"] for row in workspace.store.query(sql, query.values)}


# -- what is still to do -------------------------------------------------------------------------------------------


def _open(workspace: Workspace, rule: Deadline, dossiers: Mapping[str, StoredRecord]) -> set[str]:
    """The ids of dossiers whose parent fulfils the deadline's condition and that no exception exempts."""
    open_ids = set(dossiers)
    if rule.parent_when:
        fitting = _fitting_parents(workspace, rule.parent_when, dossiers.values())
        open_ids = {id_ for id_ in open_ids if dossiers[id_].parent in fitting}
    for link in rule.exceptions:
        open_ids -= _named_by_others(workspace, link, open_ids)
    return open_ids


def _fitting_parents(workspace: Workspace, condition: Condition, dossiers: Iterable[StoredRecord]) -> set[str]:
    """The ids of the parents of dossiers that fulfil a condition and are not deleted."""
    wanted = {dossier.parent for dossier in dossiers if dossier.parent}
    sql = f"{SELECT} WHERE id IN (SELECT value FROM json_each(:ids)) AND deleted IS NULL"
    parents = stored(workspace, sql, {"ids": _as_json(wanted)})
    return {parent.id for parent in parents if holds(condition, _values(workspace, parent))}


def _named_by_others(workspace: Workspace, link: Link, ids: set[str]) -> set[str]:
    """The ids that are named by a dossier of the kind of the exception."""
    others = workspace.store.page(link.kind, where={link.by: sorted(ids)}, limit=-1) if ids else []
    documents = (_values(workspace, other) for other in others)
    return {values[link.by] for values in documents if link.by in values and holds(link.when, values)}


def _by_ids(
    workspace: Workspace, kind: str, ids: Iterable[str], when: Condition | None = None
) -> Iterator[StoredRecord]:
    query = _Query(workspace.forms.renames(kind), ids=_as_json(ids))
    where = f"id IN (SELECT value FROM json_each(:ids)) AND {living(kind)}{query.where(when or {})}"
    return stored(workspace, f"{SELECT} WHERE {where} LIMIT {MOST}", query.values)


def _as_json(ids: Iterable[str]) -> str:
    return json.dumps(sorted(ids))


class _Query:
    """The parameters of an SQL query by name, filled while its conditions are built."""

    def __init__(self, renames: Renames, *, is_of_columns: bool = False, **values: str) -> None:
        self._renames, self._is_of_columns = renames, is_of_columns
        self.values: dict[str, Any] = dict(values)

    def where(self, condition: Condition, table: str = "") -> str:
        """The part of a condition that SQLite can check with the indexes, as SQL; `table`: on its row `line.value`.

        Field names are safe to insert because the loader has checked them against the forms.
        """
        return "".join(self._part(self.left(name, table), wanted) for name, wanted in condition.items() if name != NAME)

    def left(self, name: str, table: str = "") -> str:
        """The SQL expression of a field, or of a column of the row `line.value`."""
        if self._is_of_columns:
            return f'"{name}"'
        if table:
            return extracted("line.value", self._renames.column_names(table, name))
        return extracted("data", self._renames.names(name))

    def _part(self, left: str, wanted: object) -> str:
        if isinstance(wanted, str | int):
            return f" AND {left} = {self._kept(wanted)}"
        if isinstance(wanted, list | tuple):
            return f" AND {left} IN ({', '.join(map(self._kept, wanted))})"
        if isinstance(wanted, Mapping):
            return "".join(self._compared(left, word, limit) for word, limit in wanted.items())
        return ""

    def _compared(self, left: str, word: str, limit: object) -> str:
        if word == "filled":  # a blank value is not stored
            return f" AND {left} IS {'NOT ' if limit else ''}NULL"
        if word in ("is", "is_not") and isinstance(limit, str | int):
            return f" AND {left} IS {'NOT ' if word == 'is_not' else ''}{self._kept(limit)}"
        return ""

    def _kept(self, value: object) -> str:
        name = f"wanted_{len(self.values)}"
        self.values[name] = value
        return f":{name}"

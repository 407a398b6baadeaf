"""The dossiers whose dates make a deadline, found along the indexes of days.

Plain conditions are asked of SQLite, so that ten years of finished work cost nothing; all of them are judged on what
was found. What is asked of other dossiers is asked once for all candidates.
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
from kcdesk.store.records import COLUMNS, StoredRecord

MOST = 500  # dossiers of one deadline that are told of; nobody reads more
SELECT = f"SELECT {COLUMNS} FROM record"
_END = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Found:
    """A dossier (and a row of it) with something to do by a day."""

    stored: StoredRecord
    day: date
    row: str = ""
    detail: str = ""


def due(workspace: Workspace, rule: Deadline, first: date, last: date) -> list[Found]:
    """The dossiers that still have to do something between two days, as a deadline in force then says."""
    candidates = _newest(workspace, rule, first, last) if rule.newests else _own(workspace, rule, first, last)
    in_time = [found for found in candidates if first <= found.day <= last and rule.is_in_force(found.day)]
    open_ones = _open(workspace, rule, {found.stored.id: found.stored for found in in_time})
    return [found for found in in_time if found.stored.id in open_ones]


def still_open(workspace: Workspace, rule: Deadline, id_: str, row_id: str) -> StoredRecord | None:
    """The dossier, as long as it is here and what the deadline asks is still to be done."""
    for one in _by_ids(workspace, rule.kind, [id_]):
        values = _values(workspace, one)
        rows = values.get(rule.table, []) if rule.table else []
        row = next((row for row in rows if row.get("id") == row_id), None)
        if (row is not None or not rule.table) and holds(rule.when, values | (row or {})):
            return one if _open(workspace, rule, {id_: one}) else None
    return None


def exists(workspace: Workspace, need: Need) -> bool:
    """Whether there is any dossier such as a deadline needs."""
    asked = _Asked(workspace.forms.renames(need.kind))
    sql = f"{SELECT} WHERE {living(need.kind)}{asked.where(need.when)} LIMIT {MOST}"
    return any(holds(need.when, _values(workspace, one)) for one in stored(workspace, sql, asked.values))


def on_days(workspace: Workspace, kind: str, name: str) -> str:
    """The condition that a date of a kind lies between :first and :last, as its index spells it."""
    names = workspace.forms.renames(kind).names(name)
    return f"{living(kind)} AND {is_dated(names)} AND {extracted('data', names)} BETWEEN :first AND :last"


def stored(workspace: Workspace, sql: str, values: Mapping[str, Any]) -> Iterator[StoredRecord]:
    """The records of a question that selects their columns."""
    return (StoredRecord.from_row(row.values()) for row in workspace.store.query(sql, values))


def _values(workspace: Workspace, one: StoredRecord) -> dict[str, Any]:
    """What a dossier says, in the words of the newest version: a deadline knows no others."""
    return dict(workspace.forms.renames(one.kind).in_newest(one.data))


def title(workspace: Workspace, dossier: StoredRecord) -> str:
    """What a dossier is called in a list of many kinds: with the proposal that it belongs to."""
    named = _title(workspace, dossier)
    return f"{named} – {_title(workspace, workspace.store.get(dossier.parent))}" if dossier.parent else named


def _title(workspace: Workspace, dossier: StoredRecord) -> str:
    """Only what names it is looked at, for a list has many."""
    form = workspace.forms.by_reference(dossier.form)
    naming = {name: dossier.data[name] for name in form.title if name in dossier.data}
    return Record(dossier.id, dossier.kind, form, naming, forms=workspace.forms).title()


# -- whose date lies in the span -----------------------------------------------------------------------------------


def _own(workspace: Workspace, rule: Deadline, first: date, last: date) -> Iterator[Found]:
    begin, end = rule.bases(first, last)
    renames = workspace.forms.renames(rule.kind)
    asked = _Asked(renames, first=begin.isoformat(), last=end.isoformat())
    if rule.table:
        yield from _in_rows(workspace, rule, asked)
        return
    where = f"{on_days(workspace, rule.kind, rule.on)}{asked.where(rule.when)}"
    sql = f"{SELECT} WHERE {where} ORDER BY {extracted('data', renames.names(rule.on))} LIMIT {MOST}"
    for one in stored(workspace, sql, asked.values):
        values = _values(workspace, one)
        day = rule.shifted(date.fromisoformat(values[rule.on]))
        if day is not None and holds(rule.when, values):
            yield Found(one, day, detail=str(values.get(rule.detail, "")))


def _in_rows(workspace: Workspace, rule: Deadline, asked: _Asked) -> Iterator[Found]:
    table, column = rule.on.split(".")
    columns = {item.name for item in workspace.forms.current(rule.kind).field(table).columns}
    of_row = {name: wanted for name, wanted in rule.when.items() if name in columns}
    of_record = {name: wanted for name, wanted in rule.when.items() if name not in columns}
    renames = workspace.forms.renames(rule.kind)
    day_of_row = extracted("line.value", renames.column_names(table, column))
    has_row = (
        f"EXISTS (SELECT 1 FROM json_each({rows_in('record.data', renames.names(table))}) AS line"
        f" WHERE {day_of_row} BETWEEN :first AND :last{asked.where(of_row, table)})"
    )
    where = f"{living(rule.kind)} AND {is_dated(renames.names(table))}{asked.where(of_record)} AND {has_row}"
    sql = f"{SELECT} INDEXED BY day_{rule.kind}_{table} WHERE {where} ORDER BY seq DESC LIMIT {MOST}"
    for one in stored(workspace, sql, asked.values):
        values = _values(workspace, one)
        for row in values[table]:
            day = rule.shifted(date.fromisoformat(row[column])) if row.get(column) else None
            if day is not None and holds(rule.when, values | row):
                detail = row.get(rule.detail, values.get(rule.detail, ""))
                yield Found(one, day, row["id"], str(detail))


def _newest(workspace: Workspace, rule: Deadline, first: date, last: date) -> Iterator[Found]:
    """Owners by the newest date of what names them; what is newer than the span moves them out of it."""
    begin, _end = rule.bases(first, last)
    for newest in rule.newests:
        days = _newest_days(workspace, newest, begin)
        for one in _by_ids(workspace, rule.kind, days, rule.when):
            day, values = rule.shifted(date.fromisoformat(days[one.id])), _values(workspace, one)
            if day is not None and holds(rule.when, values):
                yield Found(one, day, detail=str(values.get(rule.detail, "")))


def _newest_days(workspace: Workspace, newest: Newest, begin: date) -> dict[str, str]:
    """The newest date by the dossier that is named, from a day on."""
    renames = workspace.forms.renames(newest.kind)
    asked = _Asked(renames, first=begin.isoformat(), last=_END)
    day, owner = (extracted("data", renames.names(name)) for name in (newest.on, newest.by))
    where = f"{on_days(workspace, newest.kind, newest.on)}{asked.where(newest.when)} AND {owner} IS NOT NULL"
    sql = f"SELECT {owner} AS owner, max({day}) AS day FROM record WHERE {where} GROUP BY owner"
    return {row["owner"]: row["day"] for row in workspace.store.query(sql, asked.values)}


# -- whether it is still to be done --------------------------------------------------------------------------------


def _open(workspace: Workspace, rule: Deadline, dossiers: Mapping[str, StoredRecord]) -> set[str]:
    """Those of the dossiers whose parents are such as the deadline says, and that no exception frees."""
    kept = set(dossiers)
    if rule.parent_when:
        wanted = {one.parent for one in dossiers.values() if one.parent}
        sql = f"{SELECT} WHERE id IN (SELECT value FROM json_each(:ids))"
        parents = stored(workspace, sql, {"ids": _as_json(wanted)})
        fitting = {parent.id for parent in parents if holds(rule.parent_when, _values(workspace, parent))}
        kept = {id_ for id_ in kept if dossiers[id_].parent in fitting}
    for link in rule.exceptions:
        kept -= _named(workspace, link, kept)
    return kept


def _named(workspace: Workspace, link: Link, ids: set[str]) -> set[str]:
    """Those that a dossier of the other kind names."""
    others = workspace.store.page(link.kind, where={link.by: sorted(ids)}, limit=-1) if ids else []
    said = (_values(workspace, other) for other in others)
    return {values[link.by] for values in said if link.by in values and holds(link.when, values)}


def _by_ids(
    workspace: Workspace, kind: str, ids: Iterable[str], when: Condition | None = None
) -> Iterator[StoredRecord]:
    asked = _Asked(workspace.forms.renames(kind), ids=_as_json(ids))
    where = f"id IN (SELECT value FROM json_each(:ids)) AND {living(kind)}{asked.where(when or {})}"
    return stored(workspace, f"{SELECT} WHERE {where} LIMIT {MOST}", asked.values)


def _as_json(ids: Iterable[str]) -> str:
    return json.dumps(sorted(ids))


class _Asked:
    """What a question compares with, by the names of its parameters."""

    def __init__(self, renames: Renames, **values: str) -> None:
        self._renames = renames
        self.values: dict[str, Any] = dict(values)

    def where(self, condition: Condition, table: str = "") -> str:
        """As much of a condition as SQLite can judge in words that the indexes know; the loader knows its names.

        With a table, on `line.value`, which is one of its rows.
        """
        return "".join(self._part(self._left(name, table), one) for name, one in condition.items() if name != NAME)

    def _left(self, name: str, table: str) -> str:
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
        if word == "filled":  # what is blank is absent
            return f" AND {left} IS {'NOT ' if limit else ''}NULL"
        if word in ("is", "is_not") and isinstance(limit, str | int):
            return f" AND {left} IS {'NOT ' if word == 'is_not' else ''}{self._kept(limit)}"
        return ""

    def _kept(self, value: object) -> str:
        name = f"wanted_{len(self.values)}"
        self.values[name] = value
        return f":{name}"

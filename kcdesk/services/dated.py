"""The dossiers whose dates make a deadline, found along the indexes of days; conditions are judged afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kcdesk.formdef.conditions import holds
from kcdesk.formdef.deadlines import Deadline, Link, Need, Newest, states_in
from kcdesk.formdef.model import Condition
from kcdesk.formdef.record import Record
from kcdesk.services import records
from kcdesk.services.workspace import Workspace
from kcdesk.store.records import COLUMNS, StoredRecord
from kcdesk.store.views import dated as is_dated
from kcdesk.store.views import living

MOST = 500  # dossiers of one deadline that are told of; nobody reads more
SELECT = f"SELECT {COLUMNS} FROM record"
_STATE = "json_extract(data, '$.state')"


@dataclass(frozen=True, slots=True)
class Found:
    """A dossier (and a row of it) with something to do by a day."""

    stored: StoredRecord
    day: date
    row: str = ""
    detail: str = ""


def due(workspace: Workspace, rule: Deadline, first: date, last: date) -> Iterator[Found]:
    """The dossiers that still have to do something between two days, as a deadline in force then says."""
    candidates = _newest(workspace, rule, first, last) if rule.newests else _own(workspace, rule, first, last)
    for found in candidates:
        if first <= found.day <= last and rule.is_in_force(found.day) and _is_open(workspace, rule, found.stored):
            yield found


def still_open(workspace: Workspace, rule: Deadline, id_: str, row_id: str) -> Record | None:
    """The dossier, as long as it is here and what the deadline asks is still to be done."""
    for stored_ in stored(workspace, f"{SELECT} WHERE id = :id AND {living(rule.kind)}", {"id": id_}):
        rows = stored_.data.get(rule.table, []) if rule.table else []
        row = next((row for row in rows if row.get("id") == row_id), None)
        if (row is not None or not rule.table) and holds(rule.when, stored_.data | (row or {})):
            return stored_.record(workspace.forms) if _is_open(workspace, rule, stored_) else None
    return None


def exists(workspace: Workspace, need: Need) -> bool:
    """Whether there is any dossier such as a deadline needs."""
    sql = f"{SELECT} WHERE {living(need.kind)}{_in_states(need.when)} ORDER BY seq DESC LIMIT {MOST}"
    return any(holds(need.when, one.data) for one in stored(workspace, sql, {}))


def on_days(kind: str, name: str) -> str:
    """The condition that a date of a kind lies between :first and :last, as its index spells it."""
    return f"{living(kind)} AND {is_dated(name)} AND json_extract(data, '$.{name}') BETWEEN :first AND :last"


def stored(workspace: Workspace, sql: str, values: Mapping[str, Any]) -> Iterator[StoredRecord]:
    """The records of a question that selects their columns."""
    return (StoredRecord.from_row(row.values()) for row in workspace.store.query(sql, values))


def title(workspace: Workspace, record: Record) -> str:
    """What a dossier is called in a list of many kinds: with the proposal that it belongs to."""
    named = record.title()
    parent = record.value(record.form.parent) if record.form.parent else None
    return f"{named} – {records.title_of(workspace, parent)}" if parent else named


def _own(workspace: Workspace, rule: Deadline, first: date, last: date) -> Iterator[Found]:
    span = dict(zip(("first", "last"), (day.isoformat() for day in rule.bases(first, last)), strict=True))
    if rule.table:
        yield from _in_rows(workspace, rule, span)
        return
    where = f"{on_days(rule.kind, rule.on)}{_in_states(rule.when)}"
    sql = f"{SELECT} WHERE {where} ORDER BY json_extract(data, '$.{rule.on}') LIMIT {MOST}"
    for one in stored(workspace, sql, span):
        day = rule.shifted(date.fromisoformat(one.data[rule.on]))
        if day is not None and holds(rule.when, one.data):
            yield Found(one, day, detail=str(one.data.get(rule.detail, "")))


def _in_rows(workspace: Workspace, rule: Deadline, span: Mapping[str, str]) -> Iterator[Found]:
    table, column = rule.on.split(".")
    where = f"INDEXED BY day_{rule.kind}_{table} WHERE {living(rule.kind)} AND {is_dated(table)}"
    where += _in_states(rule.when)
    has_row = (
        f"EXISTS (SELECT 1 FROM json_each(record.data, '$.{table}') AS line"
        f" WHERE line.value ->> '$.{column}' BETWEEN :first AND :last)"
    )
    for one in stored(workspace, f"{SELECT} {where} AND {has_row} ORDER BY seq DESC LIMIT {MOST}", span):
        for row in one.data[table]:
            day = rule.shifted(date.fromisoformat(row[column])) if row.get(column) else None
            if day is not None and holds(rule.when, one.data | row):
                detail = row.get(rule.detail, one.data.get(rule.detail, ""))
                yield Found(one, day, row["id"], str(detail))


def _newest(workspace: Workspace, rule: Deadline, first: date, last: date) -> Iterator[Found]:
    """Owners by the newest date of what names them; what is newer than the span moves them out of it."""
    begin, end = rule.bases(first, last)
    for newest in rule.newests:
        owners: dict[str, str] = {}
        where = f"{on_days(newest.kind, newest.on)}{_in_states(newest.when)}"
        sql = f"{SELECT} WHERE {where} ORDER BY json_extract(data, '$.{newest.on}') DESC LIMIT {MOST}"
        for one in stored(workspace, sql, {"first": begin.isoformat(), "last": end.isoformat()}):
            if holds(newest.when, one.data) and (owner := one.data.get(newest.by)):
                owners.setdefault(owner, one.data[newest.on])
        for owner, newest_day in owners.items():
            yield from _owner(workspace, rule, newest, owner, newest_day)


def _owner(workspace: Workspace, rule: Deadline, newest: Newest, id_: str, newest_day: str) -> Iterator[Found]:
    day = rule.shifted(date.fromisoformat(newest_day))
    for one in stored(workspace, f"{SELECT} WHERE id = :id AND {living(rule.kind)}", {"id": id_}):
        if day is not None and holds(rule.when, one.data) and not _has_later(workspace, newest, id_, newest_day):
            yield Found(one, day, detail=str(one.data.get(rule.detail, "")))


def _has_later(workspace: Workspace, newest: Newest, owner: str, day: str) -> bool:
    others = workspace.store.page(newest.kind, where={newest.by: owner}, limit=MOST)
    return any(holds(newest.when, other.data) and other.data.get(newest.on, "") > day for other in others)


def _is_open(workspace: Workspace, rule: Deadline, dossier: StoredRecord) -> bool:
    if rule.parent_when:
        parent = dossier.parent and workspace.store.get(dossier.parent)
        if not parent or not holds(rule.parent_when, parent.data):
            return False
    return not any(_names(workspace, link, dossier.id) for link in rule.exceptions)


def _names(workspace: Workspace, link: Link, id_: str) -> bool:
    others = workspace.store.page(link.kind, where={link.by: id_}, limit=MOST)
    return any(holds(link.when, other.data) for other in others)


def _in_states(condition: Condition) -> str:
    """The states that a condition names, as the indexes spell it; the loader knows them: they may stand in SQL."""
    states = states_in(condition)
    if states is None:
        return ""
    return f" AND {_STATE} IN ({', '.join(map(repr, states))})"

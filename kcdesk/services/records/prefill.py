"""Fill a record in from the records that it refers to, so that nobody types values twice.

The subjects hand in the preparers of each kind (`Workspace.extensions.preparers`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from kcdesk.formdef import record_values
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import ValueChanges
from kcdesk.services.workspace import Workspace

_OF_ROWS = ("id", "position")


def prepare(workspace: Workspace, record: Record) -> None:
    """Fill a new record in from the records that it refers to; typed values stay."""
    for preparer in workspace.extensions.preparers.get(record.kind, ()):
        preparer.fill(workspace, record)


def fill_beginning(workspace: Workspace, record: Record) -> None:
    """Fill a record in that an officer begins: the year, the office, the officer; values that it has stay."""
    if fill := workspace.extensions.beginnings.get(record.kind):
        fill(workspace, record)


def follow(workspace: Workspace, record: Record, changes: Mapping[str, Any]) -> ValueChanges:
    """Fill a draft in again if a tie to another record changed; returns the added changes.

    Empty parts are filled, and what was filled in for the former tie follows the new one; what was typed stays. A part
    that is emptied without a new tie stays empty.
    """
    preparers = workspace.extensions.preparers.get(record.kind, ())
    ties = frozenset(tie for preparer in preparers for tie in preparer.ties)
    if not any(_is_tied(path, value, ties) for path, value in changes.items()):
        return {}
    before = record_values.copied(record.data)
    left = _filled_in(workspace, record, frozenset(tie.partition("/")[0] for tie in ties), changes)
    record.apply(dict.fromkeys(left))
    prepare(workspace, record)
    record.apply({name: value for name, value in left.items() if _stays(record, name, value)})
    return record_values.differences(before, record.data, (table.name for table in record.form.tables))


def _is_tied(path: str, value: Any, ties: frozenset[str]) -> bool:
    """Whether a change sets a tie: a field, a column of a table, or a new row that has such a column."""
    field, *rest = path.split("/")
    if not rest:
        return any(tie.partition("/")[0] == field for tie in ties)
    columns = rest[1:] or (value if isinstance(value, Mapping) else ())
    return field in ties or any(f"{field}/{column}" in ties for column in columns)


def _filled_in(
    workspace: Workspace, record: Record, ties: frozenset[str], changes: Mapping[str, Any]
) -> dict[str, Any]:
    """The values that still are as they were filled in for the former ties; a table counts as a whole."""
    former = workspace.store.record(record.id)
    kept = {name for name in former.data if name not in {field.name for field in former.form.fields}} | ties
    names = _fillable(workspace, former, kept) - ties - changes.keys()
    bare = _without(former, names)
    prepare(workspace, bare)
    same = (name for name in names if _are_same(record.value(name), former.value(name), bare.value(name)))
    return {name: record.value(name) for name in same}


def _stays(record: Record, name: str, value: Any) -> bool:
    """Whether a former value is put back: nothing else was filled in, or the same rows under new ids."""
    if record.field(name).columns:
        return bool(_cells(record.value(name)) == _cells(value))
    return record.value(name) is None


def _are_same(now: Any, before: Any, filled_in: Any) -> bool:
    return now is not None and now == before and _cells(before) == _cells(filled_in)


def _cells(value: Any) -> Any:
    """A value to compare: rows without ids and positions, which differ each time."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return value
    return [{name: cell for name, cell in row.items() if name not in _OF_ROWS} for row in value]


def _fillable(workspace: Workspace, former: Record, kept: Collection[str]) -> set[str]:
    """The fields and tables that a record with these values alone is filled in with."""
    bare = _without(former, former.data.keys() - kept)
    prepare(workspace, bare)
    typed = (field for field in former.form.fields if not field.computed)
    return {field.name for field in typed if field.name in bare.data and field.name not in kept}


def _without(record: Record, names: Collection[str]) -> Record:
    data = {name: value for name, value in record_values.copied(record.data).items() if name not in names}
    return Record(record.id, record.kind, record.form, data, forms=record.forms)

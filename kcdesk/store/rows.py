"""Records as rows of the table `record`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kcdesk import text
from kcdesk.formdef.model import Form
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.stored_record import StoredRecord

COLUMNS = ("seq", "id", "kind", "parent", "unit", "form", "sort", "created", "updated", "deleted", "data", "stamps")
_FIXED = ("seq", "id", "kind")
_SORT_LENGTH = 100  # characters of a sort key that are kept, because several indexes hold it

_AT_ONCE = (500, 50, 1)  # rows inserted by one statement

RecordRow = tuple[object, ...]  # in the order of `COLUMNS`

_MARKS = f"({', '.join('?' * len(COLUMNS))})"
INSERT = f"INSERT INTO record ({', '.join(COLUMNS)}) VALUES {_MARKS}"
PUT = f"{INSERT} ON CONFLICT (seq) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in COLUMNS if name not in _FIXED
)


def insert(connection: Connection, new: Sequence[RecordRow]) -> None:
    """Insert new records, many with one statement, because each statement opens the indexes of all kinds."""
    start = 0
    for size in _AT_ONCE:
        statement = INSERT + f", {_MARKS}" * (size - 1)
        while start + size <= len(new):
            connection.execute(statement, [value for row in new[start : start + size] for value in row])
            start += size


def row(
    stored: StoredRecord, form: Form, data: dict[str, Any], stamps: dict[str, str], updated: str, deleted: str | None
) -> RecordRow:
    """The row of a record with these contents, in the order of `COLUMNS`."""
    parent = data.get(form.parent) if form.parent else None
    return (
        stored.seq,
        stored.id,
        stored.kind,
        parent or stored.parent,
        stored.unit,
        stored.form,
        sort_of(form, data),
        stored.created,
        updated,
        deleted,
        canonical(data),
        canonical(stamps),
    )


def sort_of(form: Form, data: dict[str, Any]) -> str:
    """The sort key of a record: made from the sort field of the form, or else from the title."""
    names = (form.sort,) if form.sort else form.title
    return text.sort_key(" ".join(str(data[name]) for name in names if name in data))[:_SORT_LENGTH]

"""A record as a row of the table `record`."""

from __future__ import annotations

from typing import Any

from kcdesk import text
from kcdesk.formdef.model import Form
from kcdesk.store.db import canonical
from kcdesk.store.records import StoredRecord

COLUMNS = ("seq", "id", "kind", "parent", "unit", "form", "sort", "created", "updated", "deleted", "data", "stamps")
_FIXED = ("seq", "id", "kind")
_SORT_LENGTH = 100  # of a sort key, as it stands in several indexes; later letters do not count

INSERT = f"INSERT INTO record ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
PUT = f"{INSERT} ON CONFLICT (seq) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in COLUMNS if name not in _FIXED
)


def row(
    stored: StoredRecord, form: Form, data: dict[str, Any], stamps: dict[str, str], updated: str, deleted: str | None
) -> tuple[object, ...]:
    """The row, in the order of `COLUMNS`, of a record with these contents."""
    parent = data.get(form.parent) if form.parent else None
    return (
        stored.seq,
        stored.id,
        stored.kind,
        parent or stored.parent,
        stored.unit,
        stored.form,
        _sort(form, data),
        stored.created,
        updated,
        deleted,
        canonical(data),
        canonical(stamps),
    )


def _sort(form: Form, data: dict[str, Any]) -> str:
    """The place in lists: by the form's sort field, else by the title."""
    names = (form.sort,) if form.sort else form.title
    return text.sort_key(" ".join(str(data[name]) for name in names if name in data))[:_SORT_LENGTH]

"""Taking values over from one dossier into another, never over what somebody has written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace

Row = Mapping[str, Any]


def copy_rows(
    record: Record,
    table: str,
    source: Record,
    source_table: str,
    columns: Mapping[str, str],
    wanted: Callable[[Row], bool] = bool,
) -> None:
    """Take the wanted rows of another dossier over into an empty table; `columns` is new column ← column there."""
    if record.value(table):
        return
    for row in filter(wanted, source.rows(source_table)):
        record.add_row(table, known({to: row.get(from_) for to, from_ in columns.items()}))


def known(row: Row) -> dict[str, Any]:
    """The cells of a row that say something."""
    return {name: value for name, value in row.items() if value is not None}


def fill(record: Record, name: str, value: Any) -> None:
    """Fill one field in, unless it already says something."""
    if value is not None and record.value(name) is None:
        record.set(name, value)


def linked(workspace: Workspace, record: Record, name: str) -> Record | None:
    """The dossier that a reference field points to."""
    id_ = record.value(name)
    return workspace.store.record(id_) if id_ else None


def title_of(workspace: Workspace, id_: str | None) -> str | None:
    return workspace.store.record(id_).title() if id_ else None


def only(ids: list[str] | None) -> str | None:
    return ids[0] if ids and len(ids) == 1 else None

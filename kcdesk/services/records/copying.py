"""Copy values from a dossier to another without overwriting anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kcdesk.formdef.record import Record
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace

RowValues = Mapping[str, Any]


def copy_rows(
    record: Record,
    table: str,
    source: Record,
    source_table: str,
    columns: Mapping[str, str],
    wanted: Callable[[RowValues], bool] = bool,
) -> None:
    """Copy the wanted rows of another dossier into an empty table; `columns` maps new column ← source column."""
    if record.value(table):
        return
    for row in filter(wanted, source.rows(source_table)):
        record.add_row(table, known({to: row.get(from_) for to, from_ in columns.items()}))


def known(row: RowValues) -> dict[str, Any]:
    """The filled cells of a row."""
    return {name: value for name, value in row.items() if value is not None}


def fill(record: Record, name: str, value: Any) -> None:
    """Fill in a field if it is empty."""
    if value is not None and record.value(name) is None:
        record.set(name, value)


def linked(workspace: Workspace, record: Record, name: str) -> Record | None:
    """The dossier that a reference field points to; None if it is empty, or the dossier is not in this store."""
    return _present(workspace, record.value(name))


def linked_title(workspace: Workspace, id_: str | None) -> str | None:
    """The title of a dossier; None without an id, or if it is not in this store."""
    dossier = _present(workspace, id_)
    return dossier.title() if dossier else None


def _present(workspace: Workspace, id_: str | None) -> Record | None:
    stored = next(iter(present(workspace, [id_])), None) if id_ else None
    return stored.record(workspace.forms) if stored else None


def only_id(ids: list[str] | None) -> str | None:
    """The only id of a list; None if there are none or several."""
    return ids[0] if ids and len(ids) == 1 else None

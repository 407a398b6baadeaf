"""The content of a record as it is kept, by paths: `title`, `budget/<row>`, `budget/<row>/cost`.

Rows stand in the order of `position`, then of id; what is blank is absent. So one content has one spelling, and undo
brings back exactly what was there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.record_values import find_row, put, rows_of
from kcdesk.formdef.types.composite_types import row_order
from kcdesk.formdef.values import is_blank

Data = dict[str, Any]
REMOVED = "-"  # ends the stamp of a row that is no longer there


def tidy(data: Mapping[str, Any], tables: Collection[str]) -> Data:
    """A copy without what is blank and with every row in its place."""
    content: Data = {}
    for name, value in data.items():
        put(content, name, _rows(value) if name in tables else value)
    return content


def read(data: Data, path: str) -> Any:
    """The value at a path, or None."""
    name, *rest = path.split("/")
    if not rest:
        return data.get(name)
    row = find_row(data, name, rest[0])
    return row if row is None or len(rest) == 1 else row.get(rest[1])


def write(data: Data, path: str, value: Any, tables: Collection[str]) -> None:
    """Set the value at a path, None to remove it; UserError `row_gone` for a cell of a row that is not there."""
    name, *rest = path.split("/")
    if not rest:
        put(data, name, _rows(value) if name in tables else value)
        return
    rows = [row for row in rows_of(data, name) if row["id"] != rest[0]]
    row = value and {**value, "id": rest[0]} if len(rest) == 1 else _with_cell(data, path, value)
    put(data, name, _rows([*rows, row] if row else rows))


def stamp(stamps: dict[str, str], path: str, value: Any, at: str) -> None:
    """Note when a path was changed; a whole row carries one stamp for its cells."""
    if path.count("/") == 1:
        for cell in [name for name in stamps if name.startswith(f"{path}/")]:
            del stamps[cell]
        stamps[path] = at if value is not None else at + REMOVED
    else:
        stamps[path] = at


def paths(data: Data, tables: Iterable[str]) -> set[str]:
    """Every path that carries a stamp of its own in a record just made."""
    by_rows = set(tables)
    whole = data.keys() - by_rows
    return whole | {f"{name}/{row['id']}" for name in by_rows & data.keys() for row in data[name]}


def _with_cell(data: Data, path: str, value: Any) -> Data:
    table, row_id, column = path.split("/")
    row = find_row(data, table, row_id)
    if row is None:
        raise UserError("Dòng này không còn trong hồ sơ.", code="row_gone", field=path)
    changed = dict(row)
    put(changed, column, value)
    return changed


def _rows(value: Any) -> list[Data]:
    """Rows without blank cells, in order; one without a position goes after the one before it."""
    rows: list[Data] = []
    position = 0.0
    for row in value or ():
        position = row.get("position", position + 1.0)
        rows.append({name: cell for name, cell in {**row, "position": position}.items() if not is_blank(cell)})
    return sorted(rows, key=row_order)

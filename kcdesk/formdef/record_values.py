"""The stored values of a record by path: `title`, `budget/<row>`, `budget/<row>/cost`.

Rows are ordered by `position`, then by id; blank values are absent. So equal contents have equal data, and an undo
restores exactly the former data.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.types.composite_types import is_row, row_order
from kcdesk.formdef.values import Stored, is_blank

ValueChanges = dict[str, Stored | None]  # path to new value; None for emptied
Data = dict[str, Any]  # field to value
Row = dict[str, Any]  # column to value, with `id` and `position`
REMOVED = "-"  # suffix of the stamp of a removed row


def copied(value: Any) -> Any:
    """A deep copy of a JSON value; much faster than `copy.deepcopy`."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [copied(item) for item in value]
    return value


def rows_of(data: Mapping[str, Any], table: str) -> list[Row]:
    """The rows of a table, not copies; [] if the data hold something else."""
    rows = data.get(table)
    return rows if isinstance(rows, list) and all(map(is_row, rows)) else []


def find_row(data: Mapping[str, Any], table: str, row_id: str) -> Row | None:
    """The row with this id, not a copy, or None."""
    return next((row for row in rows_of(data, table) if row["id"] == row_id), None)


def put(target: dict[str, Any], name: str, value: Stored | None) -> None:
    """Set a value; a blank value is removed."""
    if is_blank(value):
        target.pop(name, None)
    else:
        target[name] = copied(value)


def tidy(data: Mapping[str, Any], tables: Collection[str]) -> Data:
    """A copy without blank values and with the rows in order."""
    content: Data = {}
    for name, value in data.items():
        put(content, name, _rows(value) if name in tables else value)
    return content


def value_at(data: Mapping[str, Any], path: str) -> Any:
    """The value at a path, not a copy; None if there is none."""
    name, *rest = path.split("/")
    if not rest:
        return data.get(name)
    row = find_row(data, name, rest[0])
    return row if row is None or len(rest) == 1 else row.get(rest[1])


def set_value(data: Data, path: str, value: Any, tables: Collection[str]) -> None:
    """Set the value at a path, None to remove it; UserError `row_gone` for a cell of a missing row."""
    name, *rest = path.split("/")
    if not rest:
        put(data, name, _rows(value) if name in tables else value)
        return
    rows = [row for row in rows_of(data, name) if row["id"] != rest[0]]
    row = value and {**value, "id": rest[0]} if len(rest) == 1 else _with_cell(data, path, value)
    put(data, name, _rows([*rows, row] if row else rows))


def _with_cell(data: Data, path: str, value: Any) -> Row:
    table, row_id, column = path.split("/")
    row = find_row(data, table, row_id)
    if row is None:
        raise UserError("Dòng này không còn trong hồ sơ.", code="row_gone", field=path)
    changed = dict(row)
    put(changed, column, value)
    return changed


def _rows(value: Iterable[Row] | None) -> list[Row]:
    """Rows without blank cells, in order; a row without a position follows the row before it."""
    rows: list[Row] = []
    position = 0.0
    for row in value or ():
        position = row.get("position", position + 1.0)
        rows.append({name: cell for name, cell in {**row, "position": position}.items() if not is_blank(cell)})
    return sorted(rows, key=row_order)


def stamp(stamps: dict[str, str], path: str, value: Any, at: str) -> None:
    """Set the stamp of a changed path; a whole row has a single stamp for its cells."""
    if path.count("/") == 1:
        for cell in [name for name in stamps if name.startswith(f"{path}/")]:
            del stamps[cell]
        stamps[path] = at if value is not None else at + REMOVED
    else:
        stamps[path] = at


def stamped_paths(data: Data, tables: Iterable[str]) -> set[str]:
    """Every path that has its own stamp in a new record."""
    by_rows = set(tables)
    whole = data.keys() - by_rows
    return whole | {f"{name}/{row['id']}" for name in by_rows & data.keys() for row in data[name]}


def position_at(rows: list[Row], index: int) -> float:
    """A position for a row at `index`; the other rows get new positions if no number between is left."""
    if not rows:
        return 1.0
    if index == 0:
        return float(rows[0]["position"] - 1)
    if index == len(rows):
        return float(rows[-1]["position"] + 1)
    low, high = rows[index - 1]["position"], rows[index]["position"]
    middle = (low + high) / 2
    if low < middle < high:
        return float(middle)
    for number, row in enumerate(rows, start=1):
        row["position"] = float(number)
    return index + 0.5


def differences(before: Mapping[str, Any], after: Mapping[str, Any], tables: Iterable[str]) -> ValueChanges:
    """The changed paths: whole fields, added or removed rows, single cells."""
    with_rows = set(tables)
    changes: ValueChanges = {}
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if name in with_rows and _are_rows(old) and _are_rows(new):
            changes |= _row_differences(name, old or [], new or [])
        else:
            changes[name] = copied(new)
    return changes


def _are_rows(value: object) -> bool:
    return value is None or (isinstance(value, list) and all(map(is_row, value)))


def _row_differences(table: str, before: list[Row], after: list[Row]) -> ValueChanges:
    old, new = ({row["id"]: row for row in rows} for rows in (before, after))
    changes: ValueChanges = {f"{table}/{row_id}": None for row_id in old if row_id not in new}
    for row_id, row in new.items():
        if row_id not in old:
            changes[f"{table}/{row_id}"] = copied(row)
            continue
        for name in dict.fromkeys((*old[row_id], *row)):
            if old[row_id].get(name) != row.get(name):
                changes[f"{table}/{row_id}/{name}"] = copied(row.get(name))
    return changes


def differing_names(shown: Mapping[str, Any], fresh: Mapping[str, Any]) -> list[str]:
    """The fields whose values differ in two readings of a record."""
    return [name for name in {**shown, **fresh} if shown.get(name) != fresh.get(name)]

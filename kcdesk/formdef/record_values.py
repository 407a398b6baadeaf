"""The JSON contents of a record: rows and their order, values put and taken, and how two contents differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kcdesk.formdef.types.composite_types import is_row
from kcdesk.formdef.values import Stored, is_blank

Changes = dict[str, Stored | None]  # path to new value; None where it was emptied
Row = dict[str, Any]


def copied(value: Any) -> Any:
    """A copy of a JSON value, much faster than copying anything."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [copied(item) for item in value]
    return value


def rows_of(data: Mapping[str, Any], table: str) -> list[Row]:
    """The rows themselves; none where the contents hold something else."""
    rows = data.get(table)
    return rows if isinstance(rows, list) and all(map(is_row, rows)) else []


def find_row(data: Mapping[str, Any], table: str, row_id: str) -> Row | None:
    """The row of that id."""
    return next((row for row in rows_of(data, table) if row["id"] == row_id), None)


def put(target: dict[str, Any], name: str, value: Stored | None) -> None:
    """Set a value; what is blank is absent."""
    if is_blank(value):
        target.pop(name, None)
    else:
        target[name] = copied(value)


def position_at(rows: list[Row], index: int) -> float:
    """A position for a row that is to stand at `index`; the others are numbered anew when no room is left."""
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


def differences(before: Mapping[str, Any], after: Mapping[str, Any], tables: Iterable[str]) -> Changes:
    """The changed paths: whole fields, whole rows that came or went, single cells."""
    with_rows = set(tables)
    changes: Changes = {}
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


def _row_differences(table: str, before: list[Row], after: list[Row]) -> Changes:
    old, new = ({row["id"]: row for row in rows} for rows in (before, after))
    changes: Changes = {f"{table}/{row_id}": None for row_id in old if row_id not in new}
    for row_id, row in new.items():
        if row_id not in old:
            changes[f"{table}/{row_id}"] = copied(row)
            continue
        for name in dict.fromkeys((*old[row_id], *row)):
            if old[row_id].get(name) != row.get(name):
                changes[f"{table}/{row_id}/{name}"] = copied(row.get(name))
    return changes

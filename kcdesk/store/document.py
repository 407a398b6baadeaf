"""Paths inside a record: `title`, `budget/<row>`, `budget/<row>/cost`; how they are read, written and stamped.

Rows stand in the order of `position`, then of id; what is empty is absent. So one content has one spelling, and undo
brings back exactly what was there.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from kcdesk.errors import UserError

Data = dict[str, Any]
REMOVED = "-"  # ends the stamp of a row that is no longer there


def is_empty(value: object) -> bool:
    """Whether a value stands for nothing; 0 and False are values."""
    return value is None or value in ("", [], {})


def tidy(data: Mapping[str, Any], tables: Iterable[str]) -> Data:
    """A copy without what is empty and with every row in its place."""
    kept = {name: copy.deepcopy(value) for name, value in data.items() if not is_empty(value)}
    for table in tables:
        if table in kept:
            kept[table] = _in_order([{k: v for k, v in row.items() if not is_empty(v)} for row in kept[table]])
    return kept


def read(data: Data, path: str) -> Any:
    """The value at a path, or None."""
    table, *rest = path.split("/")
    if not rest:
        return data.get(table)
    row = _row(data, table, rest[0])
    return row if row is None or len(rest) == 1 else row.get(rest[1])


def write(data: Data, path: str, value: Any) -> None:
    """Set the value at a path, None to remove it; UserError `row_gone` for a cell of a row that is not there."""
    table, *rest = path.split("/")
    if not rest:
        _put(data, table, value)
    elif len(rest) == 1:
        _write_row(data, table, rest[0], value)
    else:
        row = _row(data, table, rest[0])
        if row is None:
            raise UserError("Dòng này không còn trong hồ sơ.", code="row_gone", field=path)
        _put(row, rest[1], value)
        data[table] = _in_order(data[table])


def differences(old: Data, new: Data, touched: Iterable[str]) -> dict[str, Any]:
    """The old values at the touched paths that differ now; a row that was touched as a whole stands for its cells."""
    paths = set(touched)
    whole = [path for path in sorted(paths) if path.rpartition("/")[0] not in paths]
    return {path: read(old, path) for path in whole if read(old, path) != read(new, path)}


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


def by_row(data: Data, path: str, value: Any) -> dict[str, Any]:
    """A change of a whole table as changes of its rows; rows that stay as they are change nothing."""
    old = {row["id"]: row for row in data.get(path, [])}
    new = {row["id"]: row for row in value or []}
    gone = {f"{path}/{id_}": None for id_ in old if id_ not in new}
    return gone | {f"{path}/{id_}": row for id_, row in new.items() if old.get(id_) != row}


def _put(target: Data, name: str, value: Any) -> None:
    if is_empty(value):
        target.pop(name, None)
    else:
        target[name] = copy.deepcopy(value)


def _row(data: Data, table: str, id_: str) -> Data | None:
    return next((row for row in data.get(table, []) if row["id"] == id_), None)


def _write_row(data: Data, table: str, id_: str, value: Any) -> None:
    others = [row for row in data.get(table, []) if row["id"] != id_]
    if value is not None:
        last = max((row.get("position", 0.0) for row in others), default=0.0)
        row = {"position": last + 1.0, **value, "id": id_}
        others.append({name: cell for name, cell in row.items() if not is_empty(cell)})
    _put(data, table, _in_order(others))


def _in_order(rows: list[Data]) -> list[Data]:
    return sorted(rows, key=lambda row: (row.get("position", 0.0), row["id"]))

"""Values of the store as values of a typed column; what does not fit is left out and counted, never guessed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from kcdesk import moments
from kcdesk.publishing.published_tables import ColumnType, PublishedTable

_NUL = "\0"  # no database but SQLite keeps it in a text
_LEAST, _MOST = -(2**63), 2**63 - 1
_NAMED = 20  # columns named in the notes


class Misfits:
    """The values that did not fit the type of their column, counted by table and column."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], str] = {}

    def add(self, table: PublishedTable, column: str, record: object) -> None:
        """Count one value; the record in which it stands first is named."""
        self._first.setdefault((table.name, column), str(record))
        self._counts[table.name, column] += 1

    def sentences(self) -> list[str]:
        """A sentence for each column."""
        return [
            f"{number} giá trị ở {table}.{column} không đúng kiểu, được để trống; trước hết ở hồ sơ "
            f"{self._first[table, column]}."
            for (table, column), number in sorted(self._counts.items())[:_NAMED]
        ]


class LineConverter:
    """Converts the lines of one table."""

    def __init__(self, table: PublishedTable, misfits: Misfits) -> None:
        self._table, self._misfits = table, misfits
        self._converters = [_CONVERTERS[column.type] for column in table.columns]
        self._record = table.names.index(table.record)
        self._keys = [table.names.index(name) for name in table.key]

    def __call__(self, line: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """The typed values of a line; None for a line without a key, which no table can hold."""
        if any(line[place] is None for place in self._keys):
            self._misfits.add(self._table, self._table.key[-1], line[self._record])
            return None
        return tuple(None if value is None else self._convert(place, value, line) for place, value in enumerate(line))

    def _convert(self, place: int, value: Any, line: tuple[Any, ...]) -> Any:
        try:
            return self._converters[place](value)
        except (ValueError, TypeError):
            self._misfits.add(self._table, self._table.columns[place].name, line[self._record])
            return None


def _text(value: Any) -> str:
    return str(value).replace(_NUL, "")


def _integer(value: Any) -> int:
    if not isinstance(value, int) or not _LEAST <= value <= _MOST:
        raise ValueError(value)
    return value


def _real(value: Any) -> float:
    if not isinstance(value, int | float):
        raise TypeError(value)
    return float(value)


def _boolean(value: Any) -> bool:
    if value not in (0, 1):
        raise ValueError(value)
    return bool(value)


def _day(value: Any) -> date:
    return date.fromisoformat(value)


def _moment(value: Any) -> datetime:
    return moments.as_written(value)


def _json(value: Any) -> str:
    """JSON text; a NUL in one of its texts is left out."""
    if r"\u0000" not in str(value):
        json.loads(value)
        return str(value)
    return json.dumps(_without_nul(json.loads(value)), ensure_ascii=False)


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    return {_text(name): _without_nul(item) for name, item in value.items()} if isinstance(value, dict) else value


_CONVERTERS: Mapping[ColumnType, Callable[[Any], Any]] = {
    "text": _text,
    "integer": _integer,
    "real": _real,
    "boolean": _boolean,
    "date": _day,
    "moment": _moment,
    "json": _json,
}

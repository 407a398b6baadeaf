"""The summaries that were printed: the figures of each print with the records behind them, for ever.

A print is what left the office, so it is never changed and no step of undo takes it away.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from typing import Any

from kcdesk.runtime.frozen import Value
from kcdesk.store.database.db import Connection, canonical

_COLUMNS = ("id", "name", "first", "last", "unit", "at", "device", "officer", "details", "sha256")
_BEST = 9  # the level of deflate; ids are long and alike


class PrintedSummary(Value, kw_only=True):
    """A print without its figures: the summary, its period, the office asked for, when and by whom it was printed.

    `first` and `last` are ISO days, `at` is a moment with its zone; `details` is what a list of prints shows.
    """

    id: str
    name: str
    first: str
    last: str
    unit: str
    at: str
    device: str
    officer: str
    details: dict[str, Any]


class PrintedSummaries:
    """The printed summaries of one store."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[PrintedSummary]:
        """Every print, newest first."""
        sql = f"SELECT {', '.join(_COLUMNS[:-1])} FROM printed_summary ORDER BY seq DESC"
        return [_print(*row) for row in self._connection.all(sql)]

    def content(self, id_: str) -> dict[str, Any]:
        """What a print said, as it was given to `put`; KeyError if there is none with this id."""
        packed = self._connection.value("SELECT content FROM printed_summary WHERE id = ?", [id_])
        if packed is None:
            raise KeyError(id_)
        content: dict[str, Any] = json.loads(zlib.decompress(packed))
        return content

    def put(self, summary: PrintedSummary, content: dict[str, Any]) -> None:
        """Keep a print, in a transaction of its own: this is no step of undo."""
        written = canonical(content).encode()
        values = [getattr(summary, name) for name in _COLUMNS[:-2]]
        row = [*values, canonical(summary.details), hashlib.sha256(written).hexdigest(), zlib.compress(written, _BEST)]
        sql = f"INSERT INTO printed_summary ({', '.join((*_COLUMNS, 'content'))}) VALUES ({', '.join('?' * len(row))})"
        with self._connection.atomic():
            self._connection.execute(sql, row)

    def faults(self) -> Iterator[str]:
        """Yield a sentence for every print whose content no longer has its hash."""
        for id_, packed, sha256 in self._connection.execute("SELECT id, content, sha256 FROM printed_summary"):
            try:
                matches = hashlib.sha256(zlib.decompress(packed)).hexdigest() == sha256
            except zlib.error:
                matches = False
            if not matches:
                yield f"Báo cáo đã in {id_} bị sửa hoặc hỏng."


def _print(*row: Any) -> PrintedSummary:
    named = dict(zip(_COLUMNS[:-1], row, strict=True))
    return PrintedSummary(**named | {"details": json.loads(named["details"])})

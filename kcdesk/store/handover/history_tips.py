"""The end of the history as it is said to other offices: later, the history must still contain it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kcdesk.runtime.frozen import Value
from kcdesk.store.database.db import Connection


class HistoryTip(Value, kw_only=True):
    """What stands at a place of a history: numbers of an act and of a line, stamp of the act, hash of the line.

    The hash covers all lines before it; an empty stamp or hash says that the history has no such act or line.
    """

    acts: int
    stamp: str
    lines: int
    hash: str


class HistoryTips:
    """The history of one store, as far as others are told about it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def now(self) -> HistoryTip:
        """The end of the history."""
        acts, lines = (int(self._connection.value(f"SELECT max(seq) FROM {name}") or 0) for name in ("act", "change"))
        return self.at(acts, lines)

    def at(self, acts: int, lines: int) -> HistoryTip:
        """What the history has at these numbers now."""
        stamp = self._connection.value("SELECT stamp FROM act WHERE seq = ?", [acts])
        hash_ = self._connection.value("SELECT hash FROM change WHERE seq = ?", [lines])
        return HistoryTip(acts=acts, stamp=str(stamp or ""), lines=lines, hash=str(hash_ or ""))

    def faults(self) -> Iterator[str]:
        """Yield a sentence for each sent package after which the history was cut or rewritten."""
        sql = "SELECT id, json_extract(details, '$.history') FROM package WHERE direction = 'out' ORDER BY seq"
        for id_, kept in self._connection.all(sql):
            tip = HistoryTip(**json.loads(kept)) if kept else None
            if tip is not None and self.at(tip.acts, tip.lines) != tip:
                yield f"Sổ gói: lịch sử tới lúc gửi gói {id_} nay khác điều gói đó đã ghi, có chữ ký."

"""What a publication has to know of a store: how far it has come, and which records have changed since then.

Two things say that a record has changed: a line of the history, and a newer stamp of a device. A package that was
delayed brings older stamps, an undone one takes stamps away, and both write lines; a received record whose values are
the same as before has a newer stamp and no line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from kcdesk.runtime.frozen import Value
from kcdesk.store import history
from kcdesk.store.database.db import Connection, canonical

_TOUCHED = "SELECT DISTINCT record FROM touched WHERE device = ? AND stamp > ?"
_CHANGED = "SELECT DISTINCT record FROM change WHERE seq > ?"


class Position(Value):
    """The newest line of the history, by number and hash, and the newest stamp of every device."""

    line: int
    hash: str
    stamps: Mapping[str, str]


class Publications:
    """Answers what has changed, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def position(self) -> Position:
        """How far the store has come."""
        line = int(self._connection.value("SELECT max(seq) FROM change") or 0)
        stamps = self._connection.all("SELECT device, max(stamp) FROM touched GROUP BY device")
        return Position(line, history.tip(self._connection), dict(map(tuple, stamps)))

    def includes(self, position: Position) -> bool:
        """Whether the history of this store contains a position; not after an older backup was restored."""
        at = self._connection.value("SELECT hash FROM change WHERE seq = ?", [position.line])
        return position.line == 0 or at == position.hash

    def changed_since(self, position: Position) -> list[str]:
        """The ids of the records, deleted ones too, that have changed since a position, oldest first."""
        seqs = {row[0] for row in self._connection.all(_CHANGED, [position.line])}
        for device in self.position().stamps:
            rows = self._connection.all(_TOUCHED, [device, position.stamps.get(device, "")])
            seqs.update(row[0] for row in rows)
        sql = "SELECT id FROM record WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq"
        return [row[0] for row in self._connection.all(sql, [canonical(sorted(seqs))])]

    def ids(self, kind: str) -> list[str]:
        """The ids of all records of a kind, deleted ones too, oldest first."""
        return [row[0] for row in self._connection.all("SELECT id FROM record WHERE kind = ? ORDER BY seq", [kind])]

    def of_kind(self, kind: str, ids: Collection[str]) -> list[str]:
        """Those of the records that are of a kind."""
        sql = "SELECT id FROM record WHERE kind = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY seq"
        return [row[0] for row in self._connection.all(sql, [kind, canonical(list(ids))])]

    def deleted(self, ids: Collection[str]) -> dict[str, str]:
        """Those of the records that are deleted, with the moment (UTC)."""
        sql = "SELECT id, deleted FROM record WHERE deleted IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
        return dict(map(tuple, self._connection.all(sql, [canonical(list(ids))])))

    def columns(self, view: str) -> list[str]:
        """The names of the columns of a view; [] if there is no such view."""
        return [row[0] for row in self._connection.all("SELECT name FROM pragma_table_info(?)", [view])]

    def lines(self, view: str, names: Collection[str], key: str, ids: Collection[str]) -> Iterator[tuple[object, ...]]:
        """The lines of a view whose column `key` is one of the ids."""
        columns = ", ".join(f'"{name}"' for name in names)
        sql = f'SELECT {columns} FROM "{view}" WHERE "{key}" IN (SELECT value FROM json_each(?))'
        yield from (tuple(row) for row in self._connection.all(sql, [canonical(list(ids))]))

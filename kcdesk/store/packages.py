"""The ledger of hand-offs: every package sent and received, and what the other side knew then."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from kcdesk.store.db import Connection, canonical

_COLUMNS = "id, direction, partner, period, type, number, at, sha256, vector, details"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageEntry:
    """One package; `partner` is the code of the other unit, `number` 0 for the official one and n for supplement n,
    `vector` the newest stamp of each device that it carries, `details` its counts, file name and whatever else is told.
    """

    id: str
    direction: Literal["out", "in"]
    partner: str
    period: str
    type: str
    number: int
    at: str
    sha256: str
    vector: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


class Packages:
    """The ledger of one store."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, entry: PackageEntry) -> None:
        """Note a package."""
        plain = [entry.id, entry.direction, entry.partner, entry.period, entry.type, entry.number, entry.at]
        self._connection.execute(
            f"INSERT INTO package ({_COLUMNS}) VALUES ({', '.join('?' * 10)})",
            [*plain, entry.sha256, canonical(entry.vector), canonical(entry.details)],
        )

    def list(self) -> list[PackageEntry]:
        """Every package, newest first."""
        return [_entry(row) for row in self._connection.all(f"SELECT {_COLUMNS} FROM package ORDER BY seq DESC")]

    def get(self, id_: str) -> PackageEntry | None:
        """The package of that id, or None."""
        row = self._connection.first(f"SELECT {_COLUMNS} FROM package WHERE id = ?", [id_])
        return row and _entry(row)

    def last_sent(self, to: str) -> PackageEntry | None:
        """The newest package sent to a unit, or None."""
        sql = f"SELECT {_COLUMNS} FROM package WHERE direction = 'out' AND partner = ? ORDER BY seq DESC LIMIT 1"
        row = self._connection.first(sql, [to])
        return row and _entry(row)

    def next_number(self, period: str, to: str) -> int:
        """0 when nothing was sent for the period yet, else the number of the next supplement."""
        sql = "SELECT max(number) + 1 FROM package WHERE direction = 'out' AND period = ? AND partner = ?"
        return int(self._connection.value(sql, [period, to]) or 0)


def _entry(row: Any) -> PackageEntry:
    values = dict(row)
    return PackageEntry(**{**values, "vector": json.loads(values["vector"]), "details": json.loads(values["details"])})

"""What the store keeps about its use of personal values: erasures, restrictions, and who saw or exported what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from kcdesk import moments
from kcdesk.runtime.frozen import Value
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.identity import Identity
from kcdesk.store.personal import erasing

_AGAIN_MINUTES = 10  # a record that is opened again within this time is one use


class Restriction(Value):
    """A record that is only kept: since when, by whom, why; `until` is the day on which it may be erased, or ""."""

    record: str
    at: str
    officer: str
    reason: str
    until: str


class PersonalUse(Value):
    """One use of personal values: `what` is opened, printed, exported or answered; `details` has no value of them."""

    at: str
    officer: str
    device: str
    what: str
    record: str
    details: dict[str, Any]


class PersonalRecords:
    """Read and write these tables; each writing is a transaction of its own or part of a running one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def erasures(self) -> list[erasing.Erasure]:
        """Every erasure, oldest first; no value is in it."""
        return erasing.kept_erasures(self._connection)

    def restrictions(self) -> dict[str, Restriction]:
        """The restricted records, by id."""
        rows = self._connection.all("SELECT record, at, officer, reason, until FROM restriction ORDER BY at")
        return {row[0]: Restriction(*row) for row in rows}

    def restriction(self, record: str) -> Restriction | None:
        """Why a record is only kept; None if it may be used."""
        sql = "SELECT record, at, officer, reason, until FROM restriction WHERE record = ?"
        row = self._connection.first(sql, [record])
        return Restriction(*row) if row else None

    def restrict(self, restriction: Restriction) -> None:
        """Keep a record without using it."""
        values = [restriction.record, restriction.at, restriction.officer, restriction.reason, restriction.until]
        self._connection.execute("INSERT OR REPLACE INTO restriction VALUES (?, ?, ?, ?, ?)", values)

    def lift(self, record: str) -> None:
        """Let a record be used again."""
        self._connection.execute("DELETE FROM restriction WHERE record = ?", [record])

    def note(self, identity: Identity, what: str, record: str, details: Mapping[str, Any]) -> None:
        """Note a use; opening the same record again within some minutes is not noted again."""
        if what == "opened" and self._is_recent(identity, record):
            return
        values = [moments.utc_now(), identity.officer.name, identity.device_id, what, record, canonical(dict(details))]
        sql = "INSERT INTO personal_use (at, officer, device, what, record, details) VALUES (?, ?, ?, ?, ?, ?)"
        self._connection.execute(sql, values)

    def uses(self, records: Iterable[str] | None = None, limit: int = 1000) -> list[PersonalUse]:
        """The newest uses, newest first; of these records only, if they are named."""
        where = "" if records is None else "WHERE record IN (SELECT value FROM json_each(?))"
        parameters = [] if records is None else [canonical(list(records))]
        sql = f"SELECT at, officer, device, what, record, details FROM personal_use {where} ORDER BY seq DESC LIMIT ?"
        rows = self._connection.all(sql, [*parameters, limit])
        return [PersonalUse(at, who, device, what, id_, json.loads(more)) for at, who, device, what, id_, more in rows]

    def _is_recent(self, identity: Identity, record: str) -> bool:
        sql = "SELECT at, officer FROM personal_use WHERE record = ? AND what = 'opened' ORDER BY seq DESC LIMIT 1"
        row = self._connection.first(sql, [record])
        if row is None or row[1] != identity.officer.name:
            return False
        apart = moments.now() - moments.local(row[0])
        return 0 <= apart.total_seconds() < 60 * _AGAIN_MINUTES

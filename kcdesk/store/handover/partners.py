"""Whom this store knows: the public keys of other units, compared by voice, and the devices that packages told of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from kcdesk.store.database.db import Connection

_COLUMNS = "key, unit, name, level, province, store, trusted, coalesce(ended, ''), reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A key of a unit; `trusted` and `ended` are UTC, `ended` is "" while packages signed with the key are believed."""

    key: str
    unit: str
    name: str
    level: str
    province: str
    store: str
    trusted: str
    ended: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """A laptop, the unit that it belongs to and who made the last package on it."""

    id: str
    unit: str
    name: str
    level: str
    officer: str


class Partners:
    """The keys and devices that one store knows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> list[Partner]:
        """Every key, ended ones too, in the order of units and of trust."""
        rows = self._connection.all(f"SELECT {_COLUMNS} FROM partner ORDER BY unit, trusted, key")
        return [Partner(**dict(zip(Partner.__slots__, row, strict=True))) for row in map(tuple, rows)]

    def get(self, key: str) -> Partner | None:
        """The partner of a key, or None."""
        return next((partner for partner in self.list() if partner.key == key), None)

    def put(self, partner: Partner) -> None:
        """Keep a key, in place of what was known of it."""
        self._connection.execute(
            "INSERT OR REPLACE INTO partner VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, ''), ?)", list(astuple(partner))
        )

    def devices(self) -> tuple[Device, ...]:
        """Every device that a package told of."""
        rows = self._connection.all("SELECT id, unit, name, level, officer FROM device ORDER BY id")
        return tuple(Device(**dict(row)) for row in rows)

    def put_devices(self, devices: Iterable[Device]) -> None:
        """Keep what a package tells of devices."""
        for device in devices:
            self._connection.execute("INSERT OR REPLACE INTO device VALUES (?, ?, ?, ?, ?)", list(astuple(device)))

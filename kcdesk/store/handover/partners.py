"""Known partners: the public keys of other units, compared by telephone, and the devices named in packages."""

from __future__ import annotations

from collections.abc import Iterable

from kcdesk.runtime.frozen import Value, astuple, names
from kcdesk.store.database.db import Connection

_COLUMNS = "key, unit, name, level, province, store, trusted, coalesce(ended, ''), reason"


class Partner(Value, kw_only=True):
    """A public key of a unit; `trusted` and `ended` are UTC, `ended` is "" as long as the key is trusted."""

    key: str
    unit: str
    name: str
    level: str
    province: str
    store: str
    trusted: str
    ended: str = ""
    reason: str = ""


class Device(Value):
    """A laptop, its unit, and the officer who made the last package on it."""

    id: str
    unit: str
    name: str
    level: str
    officer: str


class Partners:
    """The keys and devices known to one store."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> list[Partner]:
        """Every key, ended ones too, ordered by unit and time of trust."""
        rows = self._connection.all(f"SELECT {_COLUMNS} FROM partner ORDER BY unit, trusted, key")
        return [Partner(**dict(zip(names(Partner), row, strict=True))) for row in map(tuple, rows)]

    def get(self, key: str) -> Partner | None:
        """The partner of a key, or None."""
        return next((partner for partner in self.list() if partner.key == key), None)

    def put(self, partner: Partner) -> None:
        """Keep a key, replacing its earlier entry."""
        self._connection.execute(
            "INSERT OR REPLACE INTO partner VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, ''), ?)", list(astuple(partner))
        )

    def devices(self) -> tuple[Device, ...]:
        """Every device that was named in a package."""
        rows = self._connection.all("SELECT id, unit, name, level, officer FROM device ORDER BY id")
        return tuple(Device(**dict(row)) for row in rows)

    def put_devices(self, devices: Iterable[Device]) -> None:
        """Keep the devices named in a package."""
        for device in devices:
            self._connection.execute("INSERT OR REPLACE INTO device VALUES (?, ?, ?, ?, ?)", list(astuple(device)))

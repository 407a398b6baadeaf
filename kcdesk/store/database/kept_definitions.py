"""What a store keeps of its definitions (`formdef/loading/kept_forms`), encrypted with everything else in it.

It is part of no act: it is made again whenever it is missing or old.
"""

from __future__ import annotations

from kcdesk.store.database import migrations
from kcdesk.store.database.db import Connection

_NAME = "definitions"


def kept(connection: Connection) -> bytes:
    """What was kept; nothing in a database of an earlier version."""
    if migrations.pending(connection):
        return b""
    return bytes(connection.value("SELECT value FROM secret WHERE name = ?", [_NAME]) or b"")


def keep_definitions(connection: Connection, definitions: bytes) -> None:
    """Keep these in place of earlier ones; the same again are not written."""
    connection.execute(
        "INSERT INTO secret VALUES (?, ?)"
        " ON CONFLICT DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value",
        [_NAME, definitions],
    )

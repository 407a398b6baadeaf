"""From the file of a database to one that a store works with: what is refused, mended and refreshed at a start."""

from __future__ import annotations

from pathlib import Path

from kcdesk.formdef.loading.loader import Forms
from kcdesk.store import reindexing
from kcdesk.store.copies import saving
from kcdesk.store.database import views
from kcdesk.store.database.db import Connection
from kcdesk.store.safety import foreign_logs, index_repair, proving
from kcdesk.store.safety.proving import unlocked as unlocked  # a store is unlocked before its database is readied


def ready(folder: Path, secret: bytes | None, forms: Forms) -> tuple[Connection, tuple[str, ...]]:
    """Open the database of a store; returns it and sentences about what was mended. Errors as for `Store.open`."""
    put_aside = foreign_logs.put_aside(folder, secret)
    connection = proving.connected(folder, secret)
    try:
        proving.refuse_foreign(connection)
        proving.refuse_stripped(connection, secret)
        saving.bring_up_to_date(connection, secret)
        is_mended = index_repair.mend(connection, forms)
        reindexing.refresh_order(connection, forms)
        views.refresh(connection, forms)
        reindexing.refresh(connection, forms)
    except BaseException:
        connection.close()
        raise
    return connection, tuple(filter(None, (put_aside, index_repair.REBUILT if is_mended else "")))

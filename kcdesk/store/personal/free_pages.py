"""After an erasure: pages that nothing uses any more are overwritten, in the database and in the log of its writes."""

from __future__ import annotations

from kcdesk.store.database.db import Connection


def overwrite_free_pages(*databases: Connection | None) -> None:
    """Write the databases anew without free pages, and empty their logs; no transaction may run."""
    for database in filter(None, databases):
        database.execute("PRAGMA secure_delete = ON")
        if database.value("SELECT 1 FROM sqlite_master WHERE name = 'record_search'"):
            database.execute("INSERT INTO record_search (record_search) VALUES ('optimize')")
        database.execute("VACUUM")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

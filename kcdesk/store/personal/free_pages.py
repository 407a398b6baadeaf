"""After an erasure: its files are removed, and pages that nothing uses any more overwritten, also in the log of writes.

It is noted what is still to be done, so that it is done at the next opening after a power cut.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.database.reading_tables import ReadingTables
from kcdesk.store.files import Files

_GOING = "erased_files"  # the setting with the hashes of files that go; kept until the pages are overwritten too


def note_going(connection: Connection, files: Collection[str]) -> None:
    """Note, in the transaction of an erasure, which files have to go and that pages have to be overwritten."""
    going = sorted({*files, *_going(connection)})
    connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [_GOING, canonical(going)])


def overwrite(connection: Connection, files: Files, readings: ReadingTables) -> None:
    """Remove the files that no record names, write the databases anew without free pages, empty their logs.

    No transaction may run. Does nothing if nothing was erased since it was last done. A reader of another thread can
    keep the log of writes from being emptied; then it is done at the next opening.
    """
    if connection.value("SELECT 1 FROM setting WHERE name = ?", [_GOING]) is None:
        return
    for sha256 in _going(connection):
        if connection.value("SELECT 1 FROM record WHERE instr(data, ?) LIMIT 1", [sha256]) is None:
            files.forget(sha256)
    readings.remove()
    overwritten = [_is_overwritten(each) for each in (connection, files.connection()) if each is not None]
    if all(overwritten):
        connection.execute("DELETE FROM setting WHERE name = ?", [_GOING])


def _going(connection: Connection) -> list[str]:
    noted = connection.value("SELECT value FROM setting WHERE name = ?", [_GOING])
    return list(json.loads(noted)) if noted else []


def _is_overwritten(database: Connection) -> bool:
    """Write a database anew; returns whether its log of writes was emptied."""
    database.execute("PRAGMA secure_delete = ON")
    if database.value("SELECT 1 FROM sqlite_master WHERE name = 'record_search'"):
        database.execute("INSERT INTO record_search (record_search) VALUES ('optimize')")
    database.execute("VACUUM")
    is_busy, *_ = tuple(database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()[0])
    return not is_busy

"""Torn indexes are made again from the records: they hold nothing that these do not.

Where a statement fails because of damaged pages, a mark is left beside the store. The next opening, and each check,
look whether every record and every line of history can still be read. If so, only indexes are torn: they are taken out
of the file unread, and made again. If not, the store stays as it is and has to be restored.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from kcdesk.errors import KcdeskError
from kcdesk.formdef.forms import Forms
from kcdesk.store import reindexing
from kcdesk.store.database import migrations, reading_tables
from kcdesk.store.database.db import PAGE_FAULTS, Connection, damage_mark
from kcdesk.store.database.reading_tables import ReadingTables
from kcdesk.store.safety import restoring

REBUILT = "Chỉ mục tìm kiếm bị hỏng và đã được dựng lại từ hồ sơ; không mất dữ liệu."
_ITS = f"name GLOB 'record_search*' OR name GLOB 'record_word*' OR {reading_tables.OURS}"
_PLAIN = f"type = 'index' AND sql IS NOT NULL AND NOT ({_ITS})"
_SHADOWS = "record_search_*"  # the tables in which SQLite keeps the search index
_PROBE = "SELECT rowid FROM record_search WHERE record_search MATCH 'live' LIMIT 1"
_WORDS = "SELECT count(*) FROM record_word"
_CHECK = "INSERT INTO record_search (record_search) VALUES ('integrity-check')"


def mend(connection: Connection, forms: Forms, *, thoroughly: bool = False) -> bool:
    """Make torn indexes again; returns whether any was. A store that lacks more than indexes stays as it is.

    Unless `thoroughly`, everything is read only if a statement failed before.
    """
    mark = damage_mark(connection.path)
    if _is_sound(connection, thoroughly=thoroughly or mark.exists()):
        _remove(mark)
        return False
    connection.reopen()
    if not _are_tables_whole(connection):
        connection.reopen()
        connection.freeze()
        return False
    restoring.keep(connection.path.parent)
    with connection.atomic():
        _make_again(connection)
        reindexing.forget(connection)
    reindexing.refresh(connection, forms)
    connection.write_anew()
    _remove(mark)
    return True


def mended(connection: Connection, forms: Forms, readings: ReadingTables) -> tuple[str, ...]:
    """Look thoroughly at all indexes and at the tables of reports, mend them, and say so in sentences."""
    sentences = (REBUILT,) if mend(connection, forms, thoroughly=True) else ()
    if any(readings.faults()):
        readings.remove()
        sentences = (*sentences, reading_tables.REBUILT)
    return sentences


def _is_sound(connection: Connection, *, thoroughly: bool) -> bool:
    """Whether the indexes can be read: the search index by a question, thoroughly all of them as a whole."""
    try:
        connection.all(_PROBE)
        if thoroughly:
            connection.execute(_CHECK)
            connection.all(_WORDS)
            made = f"type = 'table' AND (name GLOB '{_SHADOWS}' OR {reading_tables.OURS})"
            for (name,) in connection.all(f"SELECT name FROM sqlite_master WHERE {made}"):
                connection.read_through(f'SELECT * FROM "{name}"')
            checks = (connection.all(f'PRAGMA integrity_check("{name}")') for name in _tables(connection))
            return all([row[0] for row in messages] == ["ok"] for messages in checks)
    except KcdeskError as error:
        if error.code not in PAGE_FAULTS:
            raise
        return False
    return True


def _are_tables_whole(connection: Connection) -> bool:
    """Whether everything but the indexes can be read to the last value."""
    try:
        for name in _tables(connection):
            connection.read_through(f'SELECT * FROM "{name}" NOT INDEXED')
    except KcdeskError as error:
        if error.code not in PAGE_FAULTS:
            raise
        return False
    return True


def _tables(connection: Connection) -> list[str]:
    sql = f"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND NOT ({_ITS})"
    return [row[0] for row in connection.all(sql)]


def _make_again(connection: Connection) -> None:
    """Take the torn indexes out of the schema without reading them, and make them again; their pages stay unused."""
    plain = [row[0] for row in connection.all(f"SELECT sql FROM sqlite_master WHERE {_PLAIN}")]
    connection.execute("PRAGMA writable_schema = ON")
    try:
        connection.execute(f"DELETE FROM sqlite_master WHERE ({_ITS}) OR ({_PLAIN})")
    finally:
        connection.execute("PRAGMA writable_schema = RESET")
    migrations.create_search(connection)
    reading_tables.forget(connection)
    for sql in plain:
        connection.execute(sql)


def _remove(mark: Path) -> None:
    with suppress(OSError):
        mark.unlink(missing_ok=True)

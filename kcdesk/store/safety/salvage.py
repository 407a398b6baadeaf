"""Saving what can be read of a damaged database into a new one, row by row; what cannot be read is counted by table.

The new database has the same key and the same identity. It may lack rows that others refer to: it is no store to go on
with, but one from which everything that was saved can be read, exported and taken in elsewhere.
"""

from __future__ import annotations

import shutil
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress
from kcdesk.store import files, reindexing
from kcdesk.store.database import key, migrations, reading_tables
from kcdesk.store.database.db import PAGE_FAULTS, Connection, translated
from kcdesk.store.safety import backup

_AT_ONCE = 512  # rows that are read by one statement as long as no page is damaged
_TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%' ORDER BY rowid"
_OF_RECORDS = ("touched", "conflict", "voucher", "carried", "intake_record", "kept_paper")
_VIEWS = "views"  # the setting about views and indexes, which the new database lacks


def salvage(damaged: Connection, target: Path, secret: bytes | None, progress: Progress) -> dict[str, int]:
    """Write a new store into the empty folder `target`; returns how many rows of each table could not be read.

    Attachments are copied as they are, each has its own hash. KnownError if the disk refuses.
    """
    folder = damaged.path.parent
    new = Connection.create(target / backup.STORE, secret)
    try:
        migrations.apply(new)
        new.configure()
        new.execute("PRAGMA foreign_keys = OFF")
        tables = _tables(new)
        lost = {}
        for done, (name, has_rowid) in enumerate(tables):
            progress(done, len(tables), name)
            with new.atomic():
                lost[name] = _copy(damaged, new, name, has_rowid=has_rowid, progress=progress)
        with new.atomic():
            for name in _OF_RECORDS:
                new.execute(f"DELETE FROM {name} WHERE record NOT IN (SELECT seq FROM record)")
            reindexing.forget(new)
            reading_tables.forget(new)
            new.execute("DELETE FROM setting WHERE name = ?", [_VIEWS])
    finally:
        new.close()
    for name in (key.FILE, files.NAME, f"{files.NAME}-wal"):
        if (folder / name).is_file():
            shutil.copyfile(folder / name, target / name)
    if (folder / backup.RULES).is_dir():
        backup.copy_rules(folder, target)
    backup.make_private(target)
    return {name: number for name, number in lost.items() if number}


def _tables(new: Connection) -> list[tuple[str, bool]]:
    return [(name, "WITHOUT ROWID" not in sql) for name, sql in new.all(_TABLES)]


def _copy(damaged: Connection, new: Connection, name: str, *, has_rowid: bool, progress: Progress) -> int:
    """Copy the rows of a table; returns how many are lost, 1 where their number cannot be known."""
    columns = [row[1] for row in new.all(f'PRAGMA table_info("{name}")')]
    listed = ", ".join(f'"{column}"' for column in columns)
    put = f'INSERT OR IGNORE INTO "{name}" ({listed}) VALUES ({", ".join("?" * len(columns))})'
    if not has_rowid:
        keys = [f'"{row[1]}"' for row in new.all(f'PRAGMA table_info("{name}")') if row[5]]
        return _copy_from_both_ends(damaged, new, f'SELECT {listed} FROM "{name}"', put, keys)
    select = f'SELECT {listed} FROM "{name}" NOT INDEXED WHERE rowid BETWEEN ? AND ?'
    numbers, lost = _row_numbers(damaged, name)
    waiting = [(start, start + _AT_ONCE - 1) for start in range(1, max(numbers, default=0) + 1, _AT_ONCE)]
    while waiting:
        progress(0, 0, name)
        low, high = waiting.pop()
        rows, is_whole = _readable(damaged, select, [low, high])
        first, end = bisect_left(numbers, low), bisect_right(numbers, high)
        if is_whole or end - first <= 1:
            new.many(put, rows)
            lost += 0 if is_whole else max(0, end - first - len(rows))
        else:
            middle = numbers[(first + end) // 2]
            waiting += [(middle, high), (low, middle - 1)]
    return lost


def _row_numbers(damaged: Connection, name: str) -> tuple[Sequence[int], int]:
    """The numbers of all rows by an index that can be read, else all up to the last that is found; 1 if they may go on.

    Each try at a damaged page is dear where it is encrypted, so no row is looked for that never was.
    """
    indexes, _ = _readable(damaged, f'PRAGMA index_list("{name}")')
    for index in (row[1] for row in indexes if not row[4]):
        rows, is_whole = _readable(damaged, f'SELECT rowid FROM "{name}" INDEXED BY "{index}"')
        if is_whole:
            return sorted(row[0] for row in rows), 0
    rows, is_whole = _readable(damaged, f'SELECT max(rowid) FROM "{name}"')
    if is_whole:
        return range(1, int(rows[0][0] or 0) + 1), 0
    rows, _ = _readable(damaged, f'SELECT rowid FROM "{name}" NOT INDEXED ORDER BY rowid')
    return range(1, max((row[0] for row in rows), default=0) + 1), 1


def _copy_from_both_ends(damaged: Connection, new: Connection, select: str, put: str, keys: list[str]) -> int:
    """Copy a table without row numbers: forward up to the first damaged page, then backward up to the last one."""
    for direction in ("ASC", "DESC"):
        order = ", ".join(f"{column} {direction}" for column in keys)
        rows, is_whole = _readable(damaged, f"{select} ORDER BY {order}")
        new.many(put, rows)
        if is_whole:
            return 0
    return 1


def _readable(damaged: Connection, sql: str, values: Sequence[object] = ()) -> tuple[list[tuple[Any, ...]], bool]:
    """The rows up to the first damaged page, and whether there was none."""
    rows: list[tuple[Any, ...]] = []
    try:
        with translated():
            rows.extend(map(tuple, damaged.raw.execute(sql, values)))
    except KcdeskError as error:
        if error.code not in PAGE_FAULTS:
            raise
        if not _answers(damaged):  # some drivers refuse everything after a damaged page of an encrypted database
            damaged.reopen()
        damaged.freeze()
        return rows, False
    return rows, True


def _answers(damaged: Connection) -> bool:
    """Whether the rest can still be read: to open anew reads the whole schema, which is slow."""
    try:
        with translated():
            damaged.raw.execute("PRAGMA shrink_memory")  # so that the first page comes from the file
            damaged.raw.execute("PRAGMA schema_version").fetchone()
    except KcdeskError:
        return False
    return True

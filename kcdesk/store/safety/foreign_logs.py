"""Logs beside a database that are not its own: SQLite would write them into it without asking.

The log that the store wrote last is named by its anchor. A log with that name belongs to the store; any other is tried
on a copy first. One that leaves the copy unreadable, or without what was anchored, is moved away, never deleted, if
the database alone is sound. A rollback journal is ours only when the power failed at the first opening of a new or
restored database, before it had a log: one that leaves the copy sound, with all that was anchored.
"""

from __future__ import annotations

import shutil
from contextlib import closing, suppress
from pathlib import Path

from kcdesk import placing
from kcdesk.errors import KcdeskError
from kcdesk.store.database.db import Connection, translated
from kcdesk.store.safety import anchor, backup

FOREIGN = "tep-la_"  # begins the name of the folder in `backups/` with logs that were moved away
_PROBE = "log-probe"  # the folder of the copy on which a log is tried
_JOURNALS = tuple(f"{name}-journal" for name in ("kcdesk.db", "files.db"))
_LOG = f"{backup.STORE}-wal"


def put_aside(folder: Path, secret: bytes | None) -> str:
    """Move away logs that are not of the store in `folder`; returns a sentence that says so, "" if there were none."""
    with translated():
        strange = [name for name in _JOURNALS if _has_content(folder / name) and not _is_own(folder, secret, name)]
        if _is_strange(folder) and not _belongs(folder, secret):
            strange.append(_LOG)
        if not strange:
            return ""
        target = backup.free_name(folder / backup.FOLDER, FOREIGN)
        target.mkdir(mode=0o700, parents=True)
        for name in strange:
            placing.move(folder / name, target / name)
        (folder / f"{backup.STORE}-shm").unlink(missing_ok=True)
    return f"Cạnh kho có tệp không phải của kho ({', '.join(strange)}): đã chuyển vào «backups/{target.name}»."


def _has_content(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _is_own(folder: Path, secret: bytes | None, journal: str) -> bool:
    """Whether a copy of the database is sound after the journal was rolled back into it."""
    return _is_whole(folder, secret, (journal.removesuffix("-journal"), journal))


def _is_strange(folder: Path) -> bool:
    """Whether there is a log, and the anchor names another one or none."""
    named = anchor.anchored_log(folder)
    here = anchor.log_name(folder / backup.STORE)
    return bool(here) and named is not None and named != here


def _belongs(folder: Path, secret: bytes | None) -> bool:
    """Whether a copy with the log is as good as one without it: a power cut may leave a log that is newer.

    What does not begin as a log of SQLite is none, and is not copied, however large it is.
    """
    if not anchor.is_log(folder / _LOG):
        return False
    if _is_whole(folder, secret, (backup.STORE, _LOG)):
        return True
    return not _is_whole(folder, secret, (backup.STORE,))


def _is_whole(folder: Path, secret: bytes | None, names: tuple[str, ...]) -> bool:
    """Whether these files, copied, open as a sound database that holds what was anchored."""
    probe = folder / _PROBE
    shutil.rmtree(probe, ignore_errors=True)
    probe.mkdir(mode=0o700)
    try:
        for name in (*names, anchor.FILE):
            with suppress(FileNotFoundError):  # a store that was never open has no anchor
                shutil.copyfile(folder / name, probe / name)
        return _opens(probe / names[0], secret)
    finally:
        shutil.rmtree(probe, ignore_errors=True)


def _opens(database: Path, secret: bytes | None) -> bool:
    anchored = database.with_name(anchor.FILE)
    with suppress(KcdeskError), closing(Connection(database, secret)) as connection:
        is_anchored = database.name == backup.STORE and anchored.exists()
        return backup.is_whole(connection) and (not is_anchored or anchor.holds(connection, anchored))
    return False

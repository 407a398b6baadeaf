"""Replacing a store by another: the new store is copied beside it, committed by a renaming, then moved into place.

Until `commit` renames the staged folder, the old store is unchanged. After that, every opening of the store first
finishes the replacement. So an interruption at any time leaves the old store or the new store, each complete. The old
store is never deleted: it moves into the folder of backups, so that a staged folder that somebody else laid there
costs no data.
"""

from __future__ import annotations

import errno
import json
import re
import shutil
from pathlib import Path

from kcdesk.bounded.json_text import parsed_file
from kcdesk.placing import Disk
from kcdesk.store import files
from kcdesk.store.copies import kept_copies
from kcdesk.store.database import key
from kcdesk.store.database.db import damage_mark, translated
from kcdesk.store.database.lock import Lock
from kcdesk.store.safety import anchor, backup

STAGED = "restore.new"
READY = "restore.ready"
_LIST = "parts.json"
_LONGEST_LIST = 4096  # bytes
_DATABASES = (backup.STORE, files.NAME)
_LOGS = ("-wal", "-shm")
_LOG_FILES = tuple(f"{name}{log}" for name in _DATABASES for log in _LOGS)
_PARTS = (*_DATABASES, key.FILE, backup.RULES, anchor.FILE)
_BESIDE = (*_LOG_FILES, damage_mark(Path(backup.STORE)).name)
_RESERVE = 16 << 20  # bytes for what SQLite writes while the copy is checked
_FOREIGN = "la_"  # begins the name of a folder that was found where a replacement waits
_OUR_NAME = re.compile(r"[\w+-]{1,100}", re.ASCII)  # as `backup.free_name` makes it
UNOPENED = "khong-mo-duoc_"  # begins the name of the copy of a store that could not be opened


def stage(source: Path, folder: Path) -> Path:
    """Copy the store in `source` beside the store in `folder`; returns the new folder. KnownError `disk_full`."""
    staged = room_beside(folder, size_of(source))
    with translated():
        _copy(source, staged)
    return staged


def room_beside(folder: Path, size: int) -> Path:
    """Make the empty folder in which the next store of `folder` is prepared; KnownError `disk_full`."""
    staged = folder / STAGED
    with translated():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        discard(folder)
        if shutil.disk_usage(folder).free < size + _RESERVE:
            raise OSError(errno.ENOSPC, "no room")
        staged.mkdir(mode=0o700)
    return staged


def discard(folder: Path) -> None:
    """Remove the staged copy."""
    shutil.rmtree(folder / STAGED, ignore_errors=True)


def keep(folder: Path) -> Path:
    """Copy a store that is damaged, file by file, before it is mended; returns the new folder."""
    target = backup.free_name(folder / backup.FOLDER, UNOPENED)
    with translated():
        target.parent.mkdir(mode=0o700, exist_ok=True)
        target.mkdir(mode=0o700)
        _copy(folder, target)
    return target


def commit(folder: Path, *, opens: bool = True) -> Path | None:
    """Make the staged copy the store of `folder`, which no program may have open; KnownError if the disk refuses.

    Returns the folder in `backups/` with all of the old store; None if there was none. `opens` says whether the old
    store can be opened, so that its copy counts as a backup.
    """
    staged = folder / STAGED
    had_store = bool(remains(folder))
    with translated():
        previous = backup.free_name(folder / backup.FOLDER, "" if opens else UNOPENED)
        parts = [name for name in _PARTS if (staged / name).exists()]
        for path in staged.iterdir():
            if path.name not in parts:
                _remove(path)
        (staged / _LIST).write_text(json.dumps({"parts": parts, "previous": previous.name}), encoding="utf-8")
        backup.sync(staged)
        previous.parent.mkdir(mode=0o700, exist_ok=True)
        if (folder / READY).exists():  # what `finish` did not take for ours
            (folder / READY).rename(backup.free_name(folder / backup.FOLDER, _FOREIGN))
        staged.rename(folder / READY)
        Disk().sync_folder(folder)
    finish(folder)
    if had_store and previous.is_dir():
        kept_copies.note_reason(previous, "restore")
    return previous if had_store else None


def finish(folder: Path) -> None:
    """Finish a replacement that was committed; do nothing if there is none. KnownError `in_use`."""
    ready = folder / READY
    if not ready.is_dir():
        return
    lock = Lock(folder)
    try:
        with translated():
            if not (ready / _LIST).exists():  # all parts are in their places
                shutil.rmtree(ready)
            elif (listed := _listed(folder, ready)) is not None:
                _carry_through(folder, ready, *listed)
    finally:
        lock.release()


def remains(folder: Path) -> tuple[str, ...]:
    """The names of what belongs to a store in `folder`, whether or not its database is there; no backups."""
    return tuple(name for name in (*_PARTS, *_LOG_FILES) if _holds(folder / name))


def _holds(path: Path) -> bool:
    return path.is_file() or (path.is_dir() and any(path.iterdir()))


def _listed(folder: Path, ready: Path) -> tuple[list[str], Path] | None:
    """The parts of the new store, and where the old one moves to; None if `commit` did not make the folder.

    A folder that `commit` did not make must not replace anything, neither here nor in an older backup.
    """
    try:
        content = parsed_file(ready / _LIST, _LONGEST_LIST)
        parts, name = list(content["parts"]), content["previous"]
        is_ours = _OUR_NAME.fullmatch(name) is not None and all(part in _PARTS for part in parts)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not is_ours or backup.STORE not in parts:
        return None
    previous = folder / backup.FOLDER / name
    is_whole = all((ready / part).exists() or (folder / part).exists() for part in parts)
    is_free = not kept_copies.is_copy(previous) and not any(
        (previous / old).exists() for old in _old_parts(folder, ready, parts)
    )
    return (parts, previous) if is_whole and is_free else None


def _old_parts(folder: Path, ready: Path, parts: list[str]) -> list[str]:
    """What of the old store is still to be moved away: a part that is wanted and not in `ready` is the new one."""
    return [
        name
        for name in (*_PARTS, *_BESIDE)
        if (folder / name).exists() and (name not in parts or (ready / name).exists())
    ]


def _carry_through(folder: Path, ready: Path, parts: list[str], previous: Path) -> None:
    """Move the old parts away and the new ones into place; may be repeated after an interruption."""
    for name in _old_parts(folder, ready, parts):  # with its logs: SQLite would apply them to the new database
        previous.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / name).rename(previous / name)
    for name in parts:
        if (ready / name).exists():
            (ready / name).rename(folder / name)
    for moved in (previous, previous.parent, folder):
        if moved.is_dir():
            Disk().sync_folder(moved)
    (ready / _LIST).unlink()
    shutil.rmtree(ready)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """Copy the files of a store, with the write-ahead logs that SQLite has not yet written back; a copy is unfolded."""
    for name in _PARTS:
        if name == backup.RULES and (source / name).is_dir():
            backup.copy_rules(source, target)
        for suffix in ("", *(_LOGS[:1] if name in _DATABASES else ())):
            path = source / f"{name}{suffix}"
            if path.is_file():
                shutil.copyfile(path, target / path.name)
    if kept_copies.is_copy(source):
        kept_copies.unfold(source, target)
    backup.make_private(target)


def size_of(folder: Path) -> int:
    """The size of the databases of a store or copy, in bytes."""
    return kept_copies.size_of(folder)

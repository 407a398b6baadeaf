"""Replacing a store by another: the new store is copied beside it, committed by a renaming, then moved into place.

Until `commit` renames the staged folder, the old store is unchanged. After that, every opening of the store first
finishes the replacement. So an interruption at any time leaves the old store or the new store, each complete.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

from kcdesk import moments
from kcdesk.store import files
from kcdesk.store.database import key
from kcdesk.store.database.db import translated
from kcdesk.store.database.lock import Lock
from kcdesk.store.safety import backup

STAGED = "restore.new"
READY = "restore.ready"
_LIST = "parts.json"
_DATABASES = (backup.STORE, files.NAME)
_LOGS = ("-wal", "-shm")
_PARTS = (*_DATABASES, key.FILE, backup.RULES)


def stage(source: Path, folder: Path) -> Path:
    """Copy the store in `source` beside the store in `folder`; returns the new folder. KnownError `disk_full`."""
    staged = folder / STAGED
    with translated():
        folder.mkdir(parents=True, exist_ok=True)
        discard(folder)
        if shutil.disk_usage(folder).free < 2 * _size(source):  # twice the size, because the old store is backed up too
            raise OSError(errno.ENOSPC, "no room")
        staged.mkdir()
        _copy(source, staged)
    return staged


def discard(folder: Path) -> None:
    """Remove the staged copy."""
    shutil.rmtree(folder / STAGED, ignore_errors=True)


def keep(folder: Path) -> Path:
    """Copy a store that cannot be opened, file by file, before it is replaced; returns the new folder."""
    target = folder / backup.FOLDER / f"khong-mo-duoc_{moments.in_file_name()}"
    with translated():
        target.mkdir(parents=True)
        _copy(folder, target)
    return target


def commit(folder: Path) -> None:
    """Make the staged copy the store of `folder`, which no program may have open; KnownError if the disk refuses."""
    staged = folder / STAGED
    with translated():
        parts = [name for name in _PARTS if (staged / name).exists()]
        for path in staged.iterdir():
            if path.name not in parts:
                _remove(path)
        (staged / _LIST).write_text(json.dumps(parts), encoding="utf-8")
        for path in staged.rglob("*"):
            if path.is_file():
                _sync(path)
        staged.rename(folder / READY)
    finish(folder)


def finish(folder: Path) -> None:
    """Finish a replacement that was committed; do nothing if there is none. KnownError `in_use`."""
    if not (folder / READY).is_dir():
        return
    lock = Lock(folder)
    try:
        with translated():
            _carry_through(folder, folder / READY)
    finally:
        lock.release()


def _carry_through(folder: Path, ready: Path) -> None:
    """Move the parts into place; may be repeated after an interruption, as a moved part is no longer in `ready`."""
    if (ready / _LIST).exists():
        wanted = json.loads((ready / _LIST).read_text(encoding="utf-8"))
        for name in _DATABASES:  # SQLite would apply an old log to the new database
            for suffix in _LOGS:
                (folder / f"{name}{suffix}").unlink(missing_ok=True)
        for name in _PARTS:
            if (ready / name).exists():
                _put(ready / name, folder / name)
            elif name not in wanted:
                _remove(folder / name)
        (ready / _LIST).unlink()
    shutil.rmtree(ready)


def _put(source: Path, target: Path) -> None:
    if source.is_dir():
        _remove(target)
    source.replace(target)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """Copy the files of a store, with the write-ahead logs that SQLite has not yet written back."""
    for name in _PARTS:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
        for suffix in ("", *(_LOGS[:1] if name in _DATABASES else ())):
            path = source / f"{name}{suffix}"
            if path.is_file():
                shutil.copyfile(path, target / path.name)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for name in _DATABASES if (path := folder / name).is_file())


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())

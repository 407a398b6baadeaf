"""Backups: each is a whole store in its own folder, which can be opened like any other store."""

from __future__ import annotations

import shutil
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from kcdesk import moments
from kcdesk.errors import KnownError, UserError
from kcdesk.placing import Disk
from kcdesk.store import files
from kcdesk.store.database import key
from kcdesk.store.database.db import Connection, translated

FOLDER = "backups"
STORE = "kcdesk.db"
PART = ".part"  # ends the name of a copy that is being written
RULES = "rules"  # files of received rules, which records may depend on
_LONGEST_RULES = 64 << 20  # bytes of one file of them


def make_backup(
    connection: Connection, attachments: Connection | None, secret: bytes | None, target: Path | None
) -> Path:
    """Copy the store with SQLite's backup API and check the copy; returns the new folder.

    Without `target`, the folder is in `backups/` and named after the time. A faulty copy is removed.
    UserError `not_a_folder`, `folder_not_empty`; KnownError `bad_backup` or when the disk refuses.
    """
    folder = connection.path.parent
    target = target or free_name(folder / FOLDER)
    if target.is_file():
        raise UserError(f"«{target.name}» không phải là thư mục.", code="not_a_folder", hint="Hãy chọn thư mục.")
    if target.exists() and any(target.iterdir()):
        raise UserError(
            f"Thư mục «{target.name}» đã có dữ liệu.", code="folder_not_empty", hint="Hãy chọn thư mục trống."
        )
    beside = target.with_name(f"{target.name}{PART}")
    try:
        with translated():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.mkdir(mode=0o700)
            _copy(connection, secret, beside / STORE)
            if attachments is not None:
                _copy(attachments, secret, beside / files.NAME)
            if (folder / RULES).is_dir():
                copy_rules(folder, beside)
            key.take_along(folder, beside)
            make_private(beside)
            sync(beside)
            if target.exists():
                target.rmdir()
            beside.rename(target)
            Disk().sync_folder(target.parent)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return target


def copy_rules(store: Path, copy: Path) -> None:
    """Copy the folder of rules; what is no plain file of their size is left out: a device or a trap fills the disk."""
    shutil.copytree(store / RULES, copy / RULES, ignore=_no_rules)


def _no_rules(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if not _may_be_rules(Path(folder, name))}


def _may_be_rules(path: Path) -> bool:
    if path.is_symlink():
        return False
    return path.is_dir() or (path.is_file() and path.stat().st_size <= _LONGEST_RULES)


def latest(folder: Path) -> datetime | None:
    """The time of the newest backup in `backups/` (UTC), or None."""
    return max((moment for _, moment in listed(folder)), default=None)


def listed(folder: Path) -> list[tuple[Path, datetime]]:
    """The backups in `backups/` with the time of each (UTC), newest first."""
    if not (folder / FOLDER).is_dir():
        return []
    made = [(path, moment) for path in (folder / FOLDER).iterdir() if (moment := moment_of(path.name)) is not None]
    return sorted(made, key=lambda copy: (copy[1], in_its_second(copy[0].name)), reverse=True)


def free_name(folder: Path, beginning: str = "") -> Path:
    """A path named after the current time, with a number if a backup of this second exists, or was begun."""
    name = f"{beginning}{moments.in_file_name()}"
    number, path = 1, folder / name
    while path.exists() or path.with_name(f"{path.name}{PART}").exists():
        number += 1
        path = folder / f"{name}_{number}"
    return path


def make_private(folder: Path) -> None:
    """Give a copy to its owner alone, who may also change it: files from a CD are marked as read-only."""
    for path in (folder, *folder.rglob("*")):
        with suppress(OSError):  # a file system without rights, such as that of a stick
            path.chmod(0o700 if path.is_dir() else 0o600)


def sync(folder: Path) -> None:
    """Wait until every file of a copy, and its name, is on the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                Disk().sync(file)
    for inner in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        Disk().sync_folder(inner)


def in_its_second(name: str) -> tuple[int, str]:
    """Orders the names of copies of one second: "…_10" comes after "…_9"."""
    return len(name), name


def moment_of(name: str) -> datetime | None:
    """The time with which the name of a finished copy begins; None for any other name."""
    return moments.of_file_name(name) if not name.endswith(PART) else None


def _copy(source: Connection, secret: bytes | None, path: Path) -> None:
    """Copy a database page by page and check it; KnownError `bad_backup`."""
    with closing(Connection.create(path, secret)) as copy:
        source.raw.backup(copy.raw)
        is_same = holds_all(copy, source)
    if not is_same:
        raise KnownError("Bản sao lưu vừa ghi không đọc lại được.", code="bad_backup", hint="Hãy sao lưu vào ổ khác.")


def is_whole(connection: Connection) -> bool:
    """Whether SQLite's quick check of every page finds nothing wrong."""
    return [row[0] for row in connection.all("PRAGMA quick_check")] == ["ok"]


def holds_all(copy: Connection, source: Connection) -> bool:
    """Whether a copy is whole and each of its tables has as many rows as that of its source."""
    return is_whole(copy) and _counts(copy) == _counts(source)


def _counts(connection: Connection) -> list[int]:
    """How many rows each table of the program has."""
    tables = connection.all("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%' ORDER BY name")
    return [connection.value(f'SELECT count(*) FROM "{name}"') for (name,) in tables]

"""The rules in force for a store: the shipped rules, with the installed updates over them.

Each update has its own folder beside the store (`rules/0001`, …), so that the last can be undone. The folder that the
program reads is assembled from them, and again whenever one of them or the program has changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from kcdesk import paths, placing
from kcdesk.services.rulebook import merged_files
from kcdesk.store.database.db import translated
from kcdesk.store.safety import backup

FOLDER = backup.RULES
ABOUT = "update.json"
_IN_FORCE = "in-force"
_STAMP = ".made-from"
_FILES, _BASE = "files", "base"
_NEW, _GONE = "new-", "gone-"  # begin the name of a half: an update not yet in its place, or no longer


def folder_in_force(store_folder: Path) -> Path:
    """The folder of definitions of a store; the shipped one if there are no updates. KnownError if the disk refuses."""
    update_folders = updates(store_folder)
    shipped = base(store_folder)
    if not update_folders:
        return shipped
    target = store_folder / FOLDER / _IN_FORCE
    stamp = _stamp((shipped, *update_folders))
    with translated():
        if not (target / _STAMP).is_file() or (target / _STAMP).read_text(encoding="utf-8") != stamp:
            shutil.rmtree(target, ignore_errors=True)
            is_merged = put_together(target, update_folders, shipped=shipped)
            if is_merged and not merged_files.can_be_used(target):
                shutil.rmtree(target, ignore_errors=True)
                put_together(target, update_folders, merges=False, shipped=shipped)
            (target / _STAMP).write_text(stamp, encoding="utf-8")
    return target


def put_together_anew(store_folder: Path) -> None:
    """Assemble the folder of definitions again although nothing has changed, because a file of it has."""
    shutil.rmtree(store_folder / FOLDER / _IN_FORCE, ignore_errors=True)
    folder_in_force(store_folder)


def made_from(store_folder: Path) -> str:
    """What the assembled folder says it was put together from; "" if there is none."""
    stamp = store_folder / FOLDER / _IN_FORCE / _STAMP
    return stamp.read_text("utf-8", errors="replace") if stamp.is_file() else ""


def base(store_folder: Path) -> Path:
    """The folder of the shipped rules; the store's own copy while those of the program are edited."""
    own = own_base(store_folder)
    return own if own.is_dir() else paths.forms()


def own_base(store_folder: Path) -> Path:
    """Where a store lays its copy of the shipped rules."""
    return store_folder / FOLDER / "shipped"


def updates(store_folder: Path) -> list[Path]:
    """The folders of the installed updates, oldest first."""
    folder = store_folder / FOLDER
    return sorted(path for path in folder.glob("[0-9]*") if (path / ABOUT).is_file()) if folder.is_dir() else []


def put_together(
    target: Path,
    update_folders: Iterable[Path],
    more: Mapping[str, bytes] | None = None,
    *,
    merges: bool = True,
    shipped: Path | None = None,
) -> bool:
    """Copy the shipped rules to `target`, each update over them, then the files of `more` by name.

    An update changes what it changed when it was taken in; lines that the program has got since stay, unless `merges`
    is off. `shipped`: a copy of the shipped rules, where those of the program are edited. Returns whether any file was
    merged.
    """
    shutil.copytree(shipped or paths.forms(), target, ignore=shutil.ignore_patterns("__pycache__"))
    merged = False
    for update in update_folders:
        before = {name: (target / name).read_text("utf-8") for name in _based(update) if (target / name).is_file()}
        shutil.copytree(update / _FILES, target, dirs_exist_ok=True)
        for name, current in before.items() if merges else ():
            base, edited = ((update / folder / name).read_text("utf-8") for folder in (_BASE, _FILES))
            if (content := merged_files.merged_text(base, current, edited)) != edited:
                (target / name).write_text(content, "utf-8")
                merged = True
    write_files(target, more or {})
    return merged


def _based(update: Path) -> list[str]:
    """The files of an update for which the one that they replaced is kept."""
    base = update / _BASE
    return sorted(path.relative_to(base).as_posix() for path in base.rglob("*.toml")) if base.is_dir() else []


def lay_beside(store_folder: Path, about: bytes, files: Mapping[str, bytes]) -> Path:
    """Write an update, with the files that it replaces, completely beside its place, or not at all; returns its half.

    It counts when `put_in_place` has moved it, which the next opening does after a power cut if the store knows it.
    """
    in_force = folder_in_force(store_folder)
    replaced = {name: (in_force / name).read_bytes() for name in files if (in_force / name).is_file()}
    half = store_folder / FOLDER / f"{_NEW}{_next_name(store_folder)}"
    clear(half)
    try:
        with placing.explained(half):
            write_files(half / _FILES, files)
            write_files(half / _BASE, {name: content for name, content in replaced.items() if name.endswith(".toml")})
            (half / ABOUT).write_bytes(about)
            backup.sync(half)
    except BaseException:
        clear(half)
        raise
    return half


def put_in_place(half: Path) -> Path:
    """Move a half to the place of its update; returns it. KnownError if the disk refuses."""
    update = place_of(half)
    with placing.explained(update):
        placing.move(half, update)
    return update


def set_aside(update: Path) -> Path:
    """Rename an update that is being taken back, so that a half-deleted one is never read; returns the half."""
    half = update.with_name(f"{_GONE}{update.name}")
    clear(half)
    with placing.explained(update):
        placing.move(update, half)
    return half


def halves(store_folder: Path) -> list[Path]:
    """What an act that was killed left beside the places of updates: written and not moved, moved and not deleted."""
    folder = store_folder / FOLDER
    return sorted(path for mark in (_NEW, _GONE) for path in folder.glob(f"{mark}*"))


def place_of(half: Path) -> Path:
    """Where the update of a half belongs."""
    return half.with_name(half.name.removeprefix(_NEW).removeprefix(_GONE))


def clear(half: Path) -> None:
    """Delete a half, whatever has its name; what the disk refuses is left."""
    with suppress(OSError):
        if half.is_symlink() or half.is_file():
            half.unlink()
    shutil.rmtree(half, ignore_errors=True)


def _next_name(store_folder: Path) -> str:
    """The name after the newest update, by which they are sorted."""
    numbers = (int(update.name) for update in updates(store_folder) if update.name.isdecimal())
    return f"{max(numbers, default=0) + 1:04}"


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder by their relative names."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _stamp(folders: Iterable[Path]) -> str:
    """A hash of names, sizes and times of the files in the folders; their content is not read."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.toml")):
            status = path.stat()
            digest.update(f"{os.fspath(path)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()

"""The rules in force for one store: the shipped ones, and over them what signed files have brought since.

Each file taken in stays in a folder of its own beside the store (`rules/0001`, …), so that the last can be taken back;
the folder that the program reads is put together from them and made anew when one of them, or the program, has changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from kcdesk import paths
from kcdesk.store.safety.backup import RULES as FOLDER

ABOUT = "update.json"
_IN_FORCE = "in-force"
_STAMP = ".made-from"
_FILES = "files"


def in_force(store_folder: Path) -> Path:
    """The folder of definitions that a store works with; the shipped one while nothing was taken in."""
    taken = updates(store_folder)
    if not taken:
        return paths.forms()
    target = store_folder / FOLDER / _IN_FORCE
    stamp = _stamp((paths.forms(), *taken))
    if not (target / _STAMP).is_file() or (target / _STAMP).read_text() != stamp:
        shutil.rmtree(target, ignore_errors=True)
        put_together(target, taken)
        (target / _STAMP).write_text(stamp)
    return target


def updates(store_folder: Path) -> list[Path]:
    """The folders of the files taken in, oldest first."""
    folder = store_folder / FOLDER
    return sorted(path for path in folder.glob("[0-9]*") if (path / ABOUT).is_file()) if folder.is_dir() else []


def put_together(target: Path, taken: Iterable[Path], more: Mapping[str, bytes] | None = None) -> None:
    """Copy the shipped rules to `target`, then each update over them, then `more` by name."""
    shutil.copytree(paths.forms(), target, ignore=shutil.ignore_patterns("__pycache__"))
    for update in taken:
        shutil.copytree(update / _FILES, target, dirs_exist_ok=True)
    write_files(target, more or {})


def add(store_folder: Path, about: bytes, files: Mapping[str, bytes]) -> Path:
    """Keep one more update, whole or not at all; returns its folder."""
    number = len(list((store_folder / FOLDER).glob("[0-9]*"))) + 1
    target = store_folder / FOLDER / f"{number:04}"
    beside = target.with_name(f"new-{target.name}")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        write_files(beside / _FILES, files)
        (beside / ABOUT).write_bytes(about)
        beside.rename(target)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return target


def remove(update: Path) -> None:
    """Take an update back: its folder is renamed before it is deleted, so that half of one is never read."""
    gone = update.with_name(f"gone-{update.name}")
    shutil.rmtree(gone, ignore_errors=True)
    update.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files into a folder by their relative names."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _stamp(folders: Iterable[Path]) -> str:
    """What tells one state of the folders from another, without reading their files."""
    seen = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.toml")):
            status = path.stat()
            seen.update(f"{os.fspath(path)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()

"""Reads the folder of definitions once for a process, and what a store has kept of them not at all."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Hashable, Iterable
from functools import cache
from pathlib import Path

import kcdesk
from kcdesk import paths
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading import folder_reading, kept_forms
from kcdesk.formdef.loading.definition_files import FormsError
from kcdesk.runtime import collector

__all__ = ["Forms", "FormsError", "load"]

_SETTLED = 2_000_000_000  # nanoseconds; a second change within this time may not change the time of a file
_KEPT = 2  # number of cached folders: the shipped one, and that of a store with its own rules
_read: dict[Hashable, Forms] = {}


def load(folder: Path | None = None) -> Forms:
    """Load all forms of a folder, by default the shipped one; FormsError lists all faults.

    Faults of checklists and outlines are reported in the same way at the first use of `Forms.checklists` and
    `Forms.outlines`. An unchanged folder is not read again, because a process may open many stores.
    """
    folder = folder or paths.forms()
    newest, state = _state(folder)
    if state not in _read:
        with collector.at_rest():
            forms = folder_reading.FolderReader(folder).load()
        if time.time_ns() - newest < _SETTLED:
            return forms
        while len(_read) >= _KEPT:
            del _read[next(iter(_read))]
        _read[state] = forms
    return _read[state]


def load_kept(folder: Path, kept: bytes) -> Forms:
    """The forms of a folder out of what `kept_form` has given to a store, if nothing has changed since; else `load`.

    They serve only the store that kept them: nobody else knows who wrote it.
    """
    _, state = _state(folder)
    if state in _read:
        return _read[state]
    forms = kept_forms.unpacked(
        kept,
        _key(state),
        folder,
        lambda forms: folder_reading.FolderReader(folder).checklists(forms),
        lambda forms: folder_reading.FolderReader(folder).outlines(forms),
    )
    return forms or load(folder)


def kept_form(forms: Forms) -> bytes:
    """These forms for `load_kept`; nothing if their folder was written to just now."""
    state = next((state for state, read in _read.items() if read is forms), None)  # that in which they were read
    if state is None:
        newest, state = _state(forms.folder)
        if time.time_ns() - newest < _SETTLED:
            return b""
    return forms.once("kept form", lambda: kept_forms.packed(forms, _key(state)))


def _key(state: Hashable) -> str:
    """A word for the state of a folder and for the program that read it."""
    return hashlib.sha256(repr((kcdesk.__version__, state, _readers())).encode()).hexdigest()


@cache
def _readers() -> Hashable:
    """The state of the program as far as definitions go through it; in a checkout its modules may be edited."""
    if paths.is_frozen():
        return _seen([sys.executable])
    package = Path(kcdesk.__file__).parent
    modules = [*package.glob("*.py"), *(package / "formdef").rglob("*.py"), *(package / "store").rglob("*.py")]
    return _seen(sorted(map(os.fspath, modules)))


def _state(folder: Path) -> tuple[int, Hashable]:
    """The time of the last change in a folder, and a key for its state, made without reading the files."""
    seen = _seen(sorted(f"{where}{os.sep}{name}" for where, _, names in os.walk(folder) for name in names))
    return max((changed for _, _, changed in seen), default=0), (folder, seen)


def _seen(files: Iterable[str]) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of files."""
    return tuple((file, status.st_size, status.st_mtime_ns) for file in files for status in map(os.stat, [file]))

"""Copies on a chosen stick or disk: found again by a mark on it, whatever letter it gets, and made there at close.

The folder on it has the layout of `backups/`: a copy costs what changed since the last one there.
"""

from __future__ import annotations

import json
import secrets
import string
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from kcdesk import moments, placing
from kcdesk.bounded.json_text import parsed_file
from kcdesk.errors import UserError
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value
from kcdesk.services.maintenance import copy_contents
from kcdesk.services.workspace import Workspace
from kcdesk.store.copies import kept_copies
from kcdesk.store.copies.kept_copies import Copy

FOLDER = "kcdesk-backups"  # on the stick
_MARK = "the-nho.json"  # its identity, in that folder
_LONGEST_MARK = 1000  # bytes
_CHOSEN = "backup_stick"  # the setting with the chosen stick
_OUTSIDE = "backup_outside"  # the setting with the time of the last backup on another drive
_MOUNTS = ("/media/*/*", "/run/media/*/*", "/media/*", "/mnt/*", "/Volumes/*")


class ChosenStick(Value):
    """The stick that copies go to at close: the mark on it, and where it was last seen."""

    mark: str
    place: Path


def latest_outside(workspace: Workspace) -> datetime | None:
    """The time of the last backup on another drive, which survives the loss of this laptop; None for none."""
    at = workspace.store.setting(_OUTSIDE, "")
    return moments.local(at) if at else None


def note_outside(workspace: Workspace, copy: Path) -> bool:
    """Note a copy that was just made, if it lies on another drive than the store; returns whether it does."""
    is_outside = copy.stat().st_dev != workspace.store.folder.stat().st_dev
    if is_outside:
        workspace.store.set_setting(_OUTSIDE, moments.utc_now())
    return is_outside


def choose_for_closing(workspace: Workspace, folder: Path) -> ChosenStick:
    """Choose the stick or disk on which `folder` lies for the copies at close; it gets a mark.

    KnownError if the stick cannot be written; UserError `own_store` for a folder of the store itself.
    """
    store = workspace.store.folder.resolve()
    if folder.resolve() == store or store in folder.resolve().parents:
        raise UserError(
            "Thư mục này nằm trong chính kho đang dùng.", code="own_store", hint="Hãy chọn thẻ nhớ hoặc ổ đĩa khác."
        )
    mark = _mark_in(folder) or secrets.token_hex(8)
    with placing.explained(folder / FOLDER):
        (folder / FOLDER).mkdir(exist_ok=True)
    placing.save(json.dumps({"mark": mark}).encode(), folder / FOLDER / _MARK)
    workspace.store.set_setting(_CHOSEN, {"mark": mark, "place": str(folder)})
    return ChosenStick(mark, folder)


def forget_stick(workspace: Workspace) -> None:
    """Make no more copies at close."""
    workspace.store.forget_setting(_CHOSEN)


def chosen(workspace: Workspace) -> ChosenStick | None:
    """The chosen stick, whether it is there or not; None for none, and for a copy that was opened beside its store."""
    if copy_contents.beside_of(workspace.store.folder):
        return None
    kept: Any = workspace.store.setting(_CHOSEN)
    try:
        return ChosenStick(str(kept["mark"]), Path(kept["place"]))
    except (KeyError, TypeError):
        return None


def present(workspace: Workspace, drives: Sequence[Path] | None = None) -> Path | None:
    """Where the chosen stick is now: at its last place or on any drive, by its mark; None if it is not there."""
    stick = chosen(workspace)
    if stick is None:
        return None
    places = [stick.place, *(drive for drive in (_drives() if drives is None else drives))]
    return next((place for place in places if _mark_in(place) == stick.mark), None)


def copies_on(workspace: Workspace, stick: Path) -> Path:
    """The folder of the copies of this store on a stick."""
    own = workspace.identity
    return stick / FOLDER / f"{own.unit.code}_{own.store_id[:8]}"


def is_behind(workspace: Workspace, stick: Path) -> bool:
    """Whether something may have changed since the newest copy on a stick."""
    return workspace.store.copies.are_behind_in(copies_on(workspace, stick))


def copy_to(workspace: Workspace, stick: Path, reason: str = "close", progress: Progress = ignore_progress) -> Copy:
    """Copy the store to a stick and prove the copy; errors as for `StoreCopies.save`.

    May be called in another thread; then `note_outside` follows in the thread of the store.
    """
    copies = copies_on(workspace, stick)
    with placing.explained(copies):
        copies.parent.mkdir(exist_ok=True)
    made = kept_copies.described_copy(workspace.store.copies.save(reason, copies, progress))
    assert made is not None
    return made if made.proved else workspace.store.copies.prove(made.folder)


def _mark_in(place: Path) -> str:
    """The mark of a stick; "" if it has none or is not there."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return str(parsed_file(place / FOLDER / _MARK, _LONGEST_MARK)["mark"])
    return ""


def _drives() -> Iterator[Path]:
    """Where sticks and disks are on this system; the first two letters of Windows are those of floppy disks."""
    if sys.platform == "win32":
        yield from (Path(f"{letter}:\\") for letter in string.ascii_uppercase[2:])
        return
    for pattern in _MOUNTS:
        with suppress(OSError):
            yield from sorted(Path("/").glob(pattern.removeprefix("/")))

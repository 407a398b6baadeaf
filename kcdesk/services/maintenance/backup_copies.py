"""Backups of the store: list them, make a new one, prove one."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from kcdesk import moments
from kcdesk.runtime.frozen import Value
from kcdesk.services.maintenance import outside_copies
from kcdesk.services.workspace import Workspace
from kcdesk.store.copies import kept_copies
from kcdesk.store.copies.kept_copies import Copy as Copy  # what the window shows
from kcdesk.store.copies.policy import backup_policy
from kcdesk.store.safety import backup
from kcdesk.store.store import Store

_UNKNOWN = "Không rõ"
_DEPTHS = ("*", f"{backup.FOLDER}/*", f"{outside_copies.FOLDER}/*/*", "*/20*")  # where copies lie in a folder of them


def latest(workspace: Workspace) -> datetime | None:
    """The time of the last backup; None for none."""
    return workspace.store.latest_backup()


def listed(folder: Path) -> list[tuple[Path, datetime]]:
    """The backups beside the store in `folder`, newest first, each with its time (UTC)."""
    return backup.listed(folder)


def copies_of(folder: Path) -> list[Copy]:
    """What is known of each copy beside the store in `folder`, newest first; those of a damaged store too."""
    return kept_copies.listed_copies(folder / backup.FOLDER)


def proven(folder: Path) -> list[Copy]:
    """The copies beside the store in `folder` that were opened, checked and found whole, newest first.

    The store need not open.
    """
    return [copy for copy in copies_of(folder) if copy.is_sound]


def reason_text(copy: Copy) -> str:
    """Why a copy was made, in the words of the policy."""
    return backup_policy().reasons.get(copy.reason, _UNKNOWN)


def prove(workspace: Workspace, copy: Path) -> Copy:
    """Open, check and count a copy with the key of the store, and keep the result beside it."""
    return workspace.store.copies.prove(copy)


def within(folder: Path, own: Path) -> list[Path]:
    """The backups that a folder means: itself, else those in it, as on a stick, newest first; never `own`."""
    if Store.is_store(folder):
        return [folder]
    try:
        inside = [entry for depth in _DEPTHS for entry in folder.glob(depth) if Store.is_store(entry)]
        copies = [entry for entry in inside if entry.resolve() != own.resolve()]
        return sorted(copies, key=lambda entry: (entry.stat().st_mtime, entry.name), reverse=True)
    except OSError:
        return []


class Backup(Value):
    """A verified copy of the store: its folder and its number of records."""

    folder: Path
    records: int


def back_up(workspace: Workspace, folder: Path | None = None) -> Backup:
    """Make a backup now, beside the store or in `folder`; a drive, or a folder that is not empty, gets a new folder.

    KnownError if the disk is full or cannot be written.
    """
    if folder and folder.is_dir() and (os.path.ismount(folder) or any(folder.iterdir())):  # a drive cannot be renamed
        folder = folder / f"kcdesk_{workspace.identity.unit.code}_{moments.in_file_name()}"
    made = workspace.store.backup(folder)
    if folder:
        outside_copies.note_outside(workspace, made)
    return Backup(made, sum(workspace.store.count(kind) for kind in workspace.forms.kinds))

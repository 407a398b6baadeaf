"""Backups of the store: list them, make a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kcdesk import moments
from kcdesk.services.workspace import Workspace
from kcdesk.store.safety import backup
from kcdesk.store.store import Store

_OUTSIDE = "backup_outside"  # the setting with the time of the last backup on another drive


def latest(workspace: Workspace) -> datetime | None:
    """The time of the last backup; None for none."""
    return workspace.store.latest_backup()


def listed(folder: Path) -> list[tuple[Path, datetime]]:
    """The backups beside the store in `folder`, newest first, each with its time (UTC)."""
    return backup.listed(folder)


def latest_outside(workspace: Workspace) -> datetime | None:
    """The time of the last backup on another drive, which survives the loss of this laptop; None for none."""
    at = workspace.store.setting(_OUTSIDE, "")
    return moments.local(at) if at else None


def _is_on_another_drive(copy: Path, store: Path) -> bool:
    return copy.stat().st_dev != store.stat().st_dev


def within(folder: Path, own: Path) -> list[Path]:
    """The backups that a folder means: itself, else those one level down, as on a stick, newest first; never `own`."""
    if Store.is_store(folder):
        return [folder]
    try:
        inside = [entry for entry in folder.iterdir() if entry.is_dir() and Store.is_store(entry)]
        copies = [entry for entry in inside if entry.resolve() != own.resolve()]
        return sorted(copies, key=lambda entry: (entry.stat().st_mtime, entry.name), reverse=True)
    except OSError:
        return []


@dataclass(frozen=True, slots=True)
class Backup:
    """A verified copy of the store: its folder and its number of records."""

    folder: Path
    records: int


def back_up(workspace: Workspace, folder: Path | None = None) -> Backup:
    """Make a backup now, beside the store or in `folder`; a folder that is not empty gets a new folder in it.

    KnownError if the disk is full or cannot be written.
    """
    if folder and folder.is_dir() and any(folder.iterdir()):
        folder = folder / f"kcdesk_{workspace.identity.unit.code}_{moments.in_file_name()}"
    made = workspace.store.backup(folder)
    if folder and _is_on_another_drive(made, workspace.store.folder):
        workspace.store.set_setting(_OUTSIDE, moments.utc_now())
    return Backup(made, sum(workspace.store.count(kind) for kind in workspace.forms.kinds))

"""Backups of the store: list them, make a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kcdesk import moments
from kcdesk.services.workspace import Workspace
from kcdesk.store.safety import backup


def latest(workspace: Workspace) -> datetime | None:
    """The time of the last backup; None for none."""
    return workspace.store.latest_backup()


def listed(folder: Path) -> list[tuple[Path, datetime]]:
    """The backups beside the store in `folder`, newest first, each with its time (UTC)."""
    return backup.listed(folder)


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
    return Backup(made, sum(workspace.store.count(kind) for kind in workspace.forms.kinds))

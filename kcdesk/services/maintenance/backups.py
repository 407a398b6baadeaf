"""Backups of the store: the last one, and one more now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kcdesk.services.workspace import Workspace
from kcdesk.store.safety import backup


def latest(workspace: Workspace) -> datetime | None:
    """When the last backup was made; None when there is none."""
    return workspace.store.latest_backup()


def listed(folder: Path) -> list[tuple[Path, datetime]]:
    """The backups that lie beside the store in `folder`, newest first, with when each was made (UTC)."""
    return backup.listed(folder)


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was read again: its folder, how many records it holds."""

    folder: Path
    records: int


def back_up(workspace: Workspace, folder: Path | None = None) -> Backup:
    """Make a backup now, beside the store or in `folder`: in one of its own there, where that holds something already.

    KnownError when the disk is full or cannot be written.
    """
    if folder and folder.is_dir() and any(folder.iterdir()):
        folder = folder / f"kcdesk_{workspace.identity.unit.code}_{datetime.now(UTC).astimezone():%Y-%m-%d_%H-%M-%S}"
    made = workspace.store.backup(folder)
    return Backup(made, sum(workspace.store.count(kind) for kind in workspace.forms.kinds))

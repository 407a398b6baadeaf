"""Backups of the store: the last one, and one more now."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kcdesk.services.workspace import Workspace
from kcdesk.store import backup


def latest(workspace: Workspace) -> datetime | None:
    """When the last backup was made; None when there is none."""
    return workspace.store.latest_backup()


def listed(folder: Path) -> list[tuple[Path, datetime]]:
    """The backups that lie beside the store in `folder`, newest first, with when each was made (UTC)."""
    return backup.listed(folder)


def back_up(workspace: Workspace) -> Path:
    """Make a backup now; returns its file. KnownError when the disk is full or cannot be written."""
    return workspace.store.backup()

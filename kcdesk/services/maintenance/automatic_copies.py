"""Copies that nobody asks for: every so many minutes, if something has changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from kcdesk import moments
from kcdesk.services.maintenance import backup_copies
from kcdesk.services.workspace import Workspace
from kcdesk.store.copies.kept_copies import Copy
from kcdesk.store.copies.policy import backup_policy

_MINUTES = "backup_minutes"  # the setting with the interval


def minutes(workspace: Workspace) -> int:
    """The interval between two copies, in minutes; 0 for no copies by time."""
    kept = workspace.store.setting(_MINUTES, backup_policy().every_minutes)
    return kept if kept == 0 or kept in backup_policy().offered_minutes else backup_policy().every_minutes


def set_minutes(workspace: Workspace, number: int) -> None:
    """Keep the interval."""
    workspace.store.set_setting(_MINUTES, number)


def offered_minutes() -> tuple[int, ...]:
    """The intervals to choose from."""
    return backup_policy().offered_minutes


def is_due(workspace: Workspace) -> bool:
    """Whether the interval has passed since the newest copy, of whatever reason, and something may have changed."""
    every, newest = minutes(workspace), backup_copies.latest(workspace)
    if not every:
        return False
    age = moments.now() - newest if newest else timedelta.max
    is_old = age >= timedelta(minutes=every) or age < -timedelta(minutes=every)  # the clock was set back
    return is_old and workspace.store.copies.are_behind()


def make_due(workspace: Workspace) -> Path | None:
    """Make a copy by time; None if nothing has changed since the newest one. To be called in another thread.

    A large store is proved once a day. KnownError `bad_backup`, `busy`, or if the disk refuses; then it is tried again.
    """
    copies = workspace.store.copies
    made = copies.save("time")
    if copies.drop_if_same(made):
        return None
    pending = _pending(workspace)
    if pending is not None:
        copies.prove_pending(pending)
    return made


def _pending(workspace: Workspace) -> Copy | None:
    """The newest copy, if it is to be proved now: a large store not more often than the policy says."""
    copies = workspace.store.copies.listed()
    if not copies or copies[0].proved:
        return None
    since = timedelta(hours=backup_policy().large_hours)
    is_fresh = any(copy.is_sound and copies[0].moment - copy.moment < since for copy in copies)
    return None if is_fresh and workspace.store.copies.is_large(copies[0]) else copies[0]

"""Copies made before an erasure still hold what was erased: which they are, and removing them after a new one."""

from __future__ import annotations

from pathlib import Path

from kcdesk import moments
from kcdesk.services.workspace import Workspace
from kcdesk.store.copies import thinning


def copies_with_erased(workspace: Workspace) -> list[Path]:
    """The copies beside the store that were made before the newest erasure, newest first."""
    erasures = workspace.store.personal.erasures()
    if not erasures:
        return []
    last = max(moments.local(erasure.at) for erasure in erasures)
    return [copy.folder for copy in workspace.store.copies.listed() if copy.moment <= last]


def remove_copies_with_erased(workspace: Workspace) -> int:
    """Remove these copies after a new one was made and proved; returns how many are gone.

    KnownError `copies_in_use`, `bad_backup`, or if the disk refuses the new copy.
    """
    old = copies_with_erased(workspace)
    if old:
        workspace.store.backup()
    return thinning.remove_copies(old)

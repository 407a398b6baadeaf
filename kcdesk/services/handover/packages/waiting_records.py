"""How the store keeps records that wait for a consent of their own (`foreign_records`) until it is given or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kcdesk import moments
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:  # the counters of the window count at each start, and judge nothing
    from kcdesk.services.handover.packages.verdict import Verdict

PREFIX = "foreign_record/"  # begins the settings that keep such records, by package and record


def let_wait(workspace: Workspace, verdict: Verdict) -> None:
    """Let the records of a package wait that its sender may not write; within the act that receives the package.

    An earlier one of the same sender about the same record is replaced.
    """
    sender = verdict.manifest.sender
    waiting = workspace.store.settings(PREFIX)
    for judged in verdict.records:
        if judged.proposed is None:
            continue
        for name, kept in waiting.items():
            if name.endswith(f"/{judged.entry.id}") and kept["unit"] == sender.unit:
                workspace.store.forget_setting(name)
        value = {
            "line": judged.entry.to_line().decode(),
            "unit": sender.unit,
            "name": sender.name,
            "key": verdict.inspection.key,
            "at": moments.utc_now(),
        }
        workspace.store.set_setting(f"{PREFIX}{verdict.manifest.package}/{judged.entry.id}", value)


def drop_waiting(workspace: Workspace, package: str) -> None:
    """Forget what waits of a package whose receiving is undone."""
    for name in workspace.store.settings(f"{PREFIX}{package}/"):
        workspace.store.forget_setting(name)


def number_waiting(workspace: Workspace) -> int:
    """The number of records that wait."""
    return len(workspace.store.settings(PREFIX))

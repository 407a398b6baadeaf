"""Whether the store is sound, for the command line and the settings page."""

from __future__ import annotations

from typing import Any

from kcdesk.services.workspace import Workspace


def check(workspace: Workspace) -> dict[str, Any]:
    """{"sound", "problems", "records": {kind: n}}: file, history chain, references, attachments."""
    problems = workspace.store.check()
    return {
        "sound": not problems,
        "problems": problems,
        "records": {kind: workspace.store.count(kind) for kind in workspace.forms.kinds},
    }

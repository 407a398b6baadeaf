"""Whether the store is sound, for the command line and the settings page."""

from __future__ import annotations

from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.forms import COMMON
from kcdesk.services.workspace import Workspace


def check(workspace: Workspace) -> dict[str, Any]:
    """{"sound", "problems", "records": {kind: n}}: file, history chain, references, attachments, checklists."""
    problems = [*workspace.store.check(), *_wrong_checklists(workspace)]
    return {
        "sound": not problems,
        "problems": problems,
        "records": {kind: workspace.store.count(kind) for kind in workspace.forms.kinds},
    }


def _wrong_checklists(workspace: Workspace) -> list[str]:
    """What is wrong in the definitions that are read only when a visit is prepared."""
    try:
        workspace.forms.checklist(COMMON, workspace.today())
    except UserError as error:
        return [error.sentence()]
    return []

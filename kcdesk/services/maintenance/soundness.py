"""Check the whole store, for the command line and the settings page."""

from __future__ import annotations

from typing import Any

from kcdesk.exchange.container import signed_closings
from kcdesk.services.handover.trust import stamps_ahead
from kcdesk.services.maintenance import full_check
from kcdesk.services.rulebook.validation import wrong_definitions
from kcdesk.services.workspace import Workspace


def check(workspace: Workspace) -> dict[str, Any]:
    """Check file, history chain, references, attachments, definitions.

    Returns {"sound", "problems", "repaired", "records": {kind: n}}; `repaired` are the problems that are mended.
    """
    ahead = stamps_ahead.trouble(workspace)
    problems = [
        *workspace.store.check(),
        *signed_closings.closing_faults(workspace.store),
        *wrong_definitions(workspace),
    ]
    problems += [ahead.sentence()] if ahead else []
    full_check.keep_result(workspace, full_check.result_of(problems))
    return {
        "sound": not problems,
        "problems": problems,
        "repaired": list(workspace.store.repairs),
        "records": {kind: workspace.store.count(kind) for kind in workspace.forms.kinds},
    }

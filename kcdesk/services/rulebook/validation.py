"""Whether the definitions in a folder can be read and used."""

from __future__ import annotations

from collections.abc import Callable

from kcdesk.errors import UserError
from kcdesk.formdef.forms import COMMON
from kcdesk.services.workspace import Workspace


def wrong_definitions(workspace: Workspace) -> list[str]:
    """What is wrong in the definitions that are read only when they are first asked for."""
    late: tuple[Callable[[], object], ...] = (
        lambda: workspace.forms.checklist(COMMON, workspace.today()),
        lambda: workspace.norms,
        lambda: workspace.eligibility,
        lambda: workspace.layouts,
        lambda: workspace.calendar,
        lambda: workspace.forms.outlines,
        lambda: workspace.priorities,
        lambda: workspace.procedures,
    )
    return [sentence for read in late if (sentence := _refusal(read))]


def _refusal(read: Callable[[], object]) -> str:
    try:
        read()
    except UserError as error:
        return error.sentence()
    return ""

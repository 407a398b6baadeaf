"""Begin a record from any page: one that belongs to another record is asked for that one first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kcdesk.services.records import changing, parents
from kcdesk.ui.shell.page import Page


def begin_record(page: Page, kind: str, values: Mapping[str, Any] | None = None) -> None:
    """Begin a record of `kind` and open it; nothing is written when the officer does not say to what it belongs."""
    workspace = page.context.workspace
    given = dict(values or {})
    form = workspace.forms.current(kind, workspace.today())
    above = parents.parent_kind(workspace, kind)
    if above and form.parent not in given:
        from kcdesk.ui.dossier.parent_dialog import ParentDialog  # a start would load it in vain

        dialog = ParentDialog(workspace, kind, above, page)
        if not dialog.exec():
            return
        if dialog.wants_new:
            begin_record(page, above)
            return
        given[form.parent] = dialog.chosen
    begun = page.context.attempt(lambda: changing.begin(workspace, kind, given))
    if begun is not None:
        page.open_requested.emit(begun)

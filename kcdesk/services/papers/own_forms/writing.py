"""Filling a paper by an office's Word file: what the layout asks in place of its own blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kcdesk.documents.layouts.layout import OwnWriting
from kcdesk.documents.own_forms.filling import own_form
from kcdesk.services.papers.own_forms import checking, values
from kcdesk.services.papers.own_forms.kept_forms import KeptForm
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.documents.blocks import OwnForm
    from kcdesk.documents.layouts.layout import Layout


def writing_by(workspace: Workspace, layout: Layout, form: KeptForm) -> OwnWriting:
    """What writes a paper by a Word file."""
    used = checking.used_by(workspace, layout, form.content)

    def block(names: Mapping[str, Any], blank: bool) -> OwnForm:
        single, lists = values.values_of(used, names, blank=blank)
        return own_form(form.label, form.version, form.content, single, lists)

    uses = dict.fromkeys((*layout.uses, *(placeholder.source for placeholder in used if placeholder.source)))
    return OwnWriting(tuple(uses), form.foot, form.sentence, block)

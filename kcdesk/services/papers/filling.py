"""What a paper shows: a record and the values around it, filled into a layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.papers import letterhead
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.documents.blocks import Document
    from kcdesk.documents.layouts.layout import FilledPaper, Layout


@dataclass(frozen=True, slots=True)
class PerLayout:
    """A value around a record that depends on the layout: `of` returns it for the id of a layout."""

    of: Callable[[str], Any]


def filled(
    workspace: Workspace,
    record: Record,
    layout: Layout,
    *,
    blank: bool = False,
    judge: Mapping[str, Any] | None = None,
) -> FilledPaper:
    """Fill a layout with a record and what is around it now; `judge` is the row of a member of the jury.

    UserError `layout` if a text of the layout cannot be filled.
    """
    context = context_of(workspace, record, layout, layout.uses)
    paper = layout.fill(context | {"judge": judge} if judge else context, blank=blank)
    return replace(paper, document=with_notes(workspace, layout, paper.document))


def with_notes(workspace: Workspace, layout: Layout, document: Document) -> Document:
    """A paper with what is to be careful of about its own legal text, at the foot; not where the foot is left clean."""
    if not layout.furniture or not layout.names_itself:
        return document
    notes = workspace.forms.law.notes_on_paper(layout.source, workspace.today(), unverified=layout.unverified)
    return replace(document, footer="\n".join((*notes, document.footer)))


def is_suiting(workspace: Workspace, record: Record, name: str) -> bool:
    """Whether a record has the paper of a layout in its present state."""
    layout = workspace.layouts[name]
    return layout.suits(record, context_of(workspace, record, layout, layout.asks))


def context_of(workspace: Workspace, record: Record, layout: Layout, uses: tuple[str, ...]) -> dict[str, Any]:
    """The record and the values around it, by the names that the layout uses."""
    context: dict[str, Any] = {
        record.kind: record,
        "unit": letterhead.unit_on_paper(workspace),
        "officer": workspace.identity.officer,
        "practice": workspace.identity.practice,
    }
    for name in uses:
        if name not in context:
            source = workspace.extensions.paper_sources.get(name, partial(_named_record, name=name))
            value = source(workspace, record)
            context[name] = value.of(layout.id) if isinstance(value, PerLayout) else value
    return context


def _named_record(workspace: Workspace, record: Record, name: str) -> Record | None:
    """The record that the reference field `name` points to; None for none."""
    is_reference = any(field.name == name and type_of(field).is_reference for field in record.form.fields)
    target = record.value(name) if is_reference else None
    return workspace.store.record(target) if target else None

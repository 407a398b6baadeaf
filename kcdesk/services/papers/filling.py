"""What a paper shows: a record and the values around it, filled into a layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from kcdesk.documents.blocks import with_texts
from kcdesk.formdef.law.form_numbers import without_forms
from kcdesk.formdef.law.register import OWN_LAYOUT
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.dated_names import DATED, day_on_paper, names_on
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.papers import letterhead
from kcdesk.services.papers.own_forms import kept_forms
from kcdesk.services.records import parents
from kcdesk.services.records.copying import linked
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.documents.blocks import Document
    from kcdesk.documents.layouts.layout import FilledPaper, Layout, OwnWriting


class PerLayout(Value):
    """A value around a record that depends on the layout: `of` returns it for the id of a layout."""

    of: Callable[[str], Any]


class PerDay(Value):
    """A value around a record that depends on the day of the paper: `of` returns it for the day."""

    of: Callable[[date], Any]


def filled(
    workspace: Workspace,
    record: Record,
    layout: Layout,
    *,
    blank: bool = False,
    judge: Mapping[str, Any] | None = None,
    own: OwnWriting | None = None,
) -> FilledPaper:
    """Fill a layout, or the office's Word file in its place, with a record and what is around it now.

    `judge` is the row of a member of the jury. `own` is a Word file to try in place of the one in use. UserError
    `layout` if a text of the layout cannot be filled.
    """
    own = own or _own_writing(workspace, layout)
    day = workspace.today() if blank or layout.always_blank else day_of_paper(workspace, record, layout.id)
    context = context_of(workspace, record, layout, own.uses if own else layout.uses, day)
    paper = layout.fill(context | {"judge": judge} if judge else context, blank=blank, own=own)
    if own is not None:  # its wording is the office's own, so it carries no notes about that of the layout
        return paper
    cited = [str(context[name] or "") for name in layout.cites]
    programme = programme_of(workspace, record)
    noted = with_notes(workspace, layout, paper.document, day, programme=programme, cited=cited)
    return replace(paper, document=_of_programme(workspace, noted, programme))


def _own_writing(workspace: Workspace, layout: Layout) -> OwnWriting | None:
    """What writes the paper by the office's own Word file; None if the layout does."""
    form = kept_forms.form_in_use(workspace, layout.id)
    if form is None:
        return None
    from kcdesk.services.papers.own_forms.writing import writing_by  # loads docx and jinja2

    return writing_by(workspace, layout, form)


def _of_programme(workspace: Workspace, document: Document, programme: str) -> Document:
    """A paper without «(Mẫu số 2)» in its words if its programme has no forms of its own, as the local one."""
    if not programme or programme in workspace.forms.law.programmes:
        return document
    return replace(document, blocks=with_texts(document.blocks, without_forms))


def programme_of(workspace: Workspace, record: Record) -> str:
    """The programme, `national` or `local`, to which a record belongs, itself or by its parent; "" for none."""
    if "programme" in record.form.by_name:
        return str(record.value("programme") or "")
    above = parents.parent_of(workspace, record)
    return programme_of(workspace, above) if above is not None and above.kind != record.kind else ""


def with_notes(
    workspace: Workspace,
    layout: Layout,
    document: Document,
    on: date,
    *,
    programme: str = "",
    cited: Sequence[str] = (),
) -> Document:
    """A paper with what is to be careful of on its day about its own legal text, at the foot, unless that is clean."""
    if not layout.furniture or not layout.names_itself:
        return document
    source = "; ".join((layout.source, *filter(None, cited)))
    notes = workspace.forms.law.notes_on_paper(source, on, unverified=layout.unverified, programme=programme)
    new = [note for note in notes if note != OWN_LAYOUT or note not in document.footer]  # some papers say it themselves
    return replace(document, footer="\n".join((*new, document.footer)))


def is_suiting(workspace: Workspace, record: Record, name: str) -> bool:
    """Whether a record has the paper of a layout in its present state."""
    layout = workspace.layouts[name]
    return layout.suits(record, context_of(workspace, record, layout, layout.asks))


def context_of(
    workspace: Workspace, record: Record, layout: Layout, uses: tuple[str, ...], on: date | None = None
) -> dict[str, Any]:
    """The record and the values around it, by the names that the layout uses; names as on a day, by default its own."""
    day = on or day_of_paper(workspace, record, layout.id)
    context: dict[str, Any] = {
        record.kind: record,
        DATED: names_on(workspace.forms, day),
        "unit": letterhead.unit_on_paper(workspace, day),
        "officer": workspace.identity.officer,
        "practice": workspace.identity.practice,
    }
    for name in uses:
        if name not in context:
            source = workspace.extensions.paper_sources.get(name, partial(_named_record, name=name))
            value = source(workspace, record)
            context[name] = _for_paper(value, layout.id, day)
    return context


def _for_paper(value: Any, layout: str, day: date) -> Any:
    if isinstance(value, PerLayout):
        return value.of(layout)
    return value.of(day) if isinstance(value, PerDay) else value


def day_of_paper(workspace: Workspace, record: Record, layout: str) -> date:
    """The day that a paper about a record bears, whose names, addresses and law it uses; today while it has none."""
    return day_on_paper(workspace.forms, record, layout, workspace.today())


def _named_record(workspace: Workspace, record: Record, name: str) -> Record | None:
    """The record that the reference field `name` points to; None for none, and if it is not in this store."""
    is_reference = any(field.name == name and type_of(field).is_reference for field in record.form.fields)
    return linked(workspace, record, name) if is_reference else None

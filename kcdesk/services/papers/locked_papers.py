"""The papers of locked records: fixed by the step that locks, and printed again from there.

A fixed paper is in force while the record has the values that the paper shows. Names, addresses, letterhead, forms and
layouts may change; they change no fixed paper. Some papers show sums of other dossiers that go on changing, such as a
reconciliation: these are made anew, under another code, when one of their figures has changed
(`services/workspace.Extensions.paper_figures`).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kcdesk import moments
from kcdesk.documents import block_json
from kcdesk.documents.paper_codes import content_hash
from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import replace
from kcdesk.services.papers import filling
from kcdesk.services.workspace import Workspace
from kcdesk.store.kept_papers import KeptPaper, PaperEntry
from kcdesk.store.stored_record import new_id

if TYPE_CHECKING:
    from kcdesk.documents.blocks import Document
    from kcdesk.documents.layouts.layout import FilledPaper, Layout
    from kcdesk.store.writer import Writer

_log = logging.getLogger(__name__)


def is_locked(workspace: Workspace, record: Record) -> bool:
    """Whether the record is in a state in which it cannot be edited."""
    return record.state in workspace.forms.workflow(record.kind).locked


def fix_papers(workspace: Workspace, act: Writer, id_: str) -> None:
    """Keep every paper that a record has after a step into or within the locked states; papers in force stay.

    A report of its day (`at_print` of its layout) is kept when it is printed.

    A paper whose layout cannot be filled does not prevent the step; it is made, or its fault told, at its first print.
    """
    record = workspace.store.record(id_)
    if not is_locked(workspace, record):
        return
    at = _with_zone(act.at)
    entries = []
    for layout in _suiting_layouts(workspace, record):
        if paper_in_force(workspace, record, layout.id) is None:
            try:
                entries.append(_entry(workspace, record, layout, filling.filled(workspace, record, layout), at))
            except UserError as error:
                _log.info("paper %s not kept: %s", layout.id, error.code)
    act.keep_papers(id_, entries)


def paper_in_force(workspace: Workspace, record: Record, layout: str, variant: str = "") -> KeptPaper | None:
    """The fixed paper of a locked record that is printed now; None for a draft, and if it must be made."""
    if not is_locked(workspace, record):
        return None
    for paper in _of_revision(workspace, record, record.revision):
        if (paper.layout, paper.variant) == (layout, variant) and paper.basis == _basis(workspace, record, paper):
            return paper
    return None


def fixed_papers(workspace: Workspace, record: Record) -> list[KeptPaper]:
    """One fixed paper for each layout of a locked record, whether in force or not; none for a draft."""
    papers = _of_revision(workspace, record, record.revision) if is_locked(workspace, record) else ()
    return list({paper.layout: paper for paper in papers if not paper.variant}.values())


def paper_of_revision(workspace: Workspace, record: Record, revision: int, layout: str) -> KeptPaper | None:
    """The newest fixed paper of an earlier revision; None if none was kept."""
    papers = [paper for paper in _of_revision(workspace, record, revision) if paper.layout == layout]
    return papers[-1] if papers else None


def kept_revisions(workspace: Workspace, record: Record, layout: str) -> list[KeptPaper]:
    """The newest kept paper of each earlier revision, newest revision first."""
    earlier = range(record.revision - 1, 0, -1)
    papers = (paper_of_revision(workspace, record, revision, layout) for revision in earlier)
    return [paper for paper in papers if paper is not None]


def fixed_document(
    workspace: Workspace, record: Record, layout_id: str, judge: Mapping[str, Any] | None = None
) -> Document | None:
    """The content of a paper of a locked record; a paper that is not kept yet is made and kept. None for a draft.

    UserError `layout` if the paper must be made and cannot be filled.
    """
    if not is_locked(workspace, record):
        return None
    variant = _variant(judge)
    paper = paper_in_force(workspace, record, layout_id, variant)
    if paper is None:
        layout = workspace.layouts[layout_id]
        filled = filling.filled(workspace, record, layout, judge=judge)
        at = moments.written_now()
        entry = _entry(workspace, record, layout, filled, at, variant)
        workspace.store.keep_papers(record.id, [entry])
        paper = entry.paper
    return document_of(workspace, paper)


def document_of(workspace: Workspace, paper: KeptPaper) -> Document:
    """The content of a fixed paper."""
    return block_json.from_json(workspace.store.papers.document(paper.id))


def _of_revision(workspace: Workspace, record: Record, revision: int) -> Iterator[KeptPaper]:
    papers = workspace.store.papers.of(record.id)
    return (paper for paper in papers if paper.revision == revision and not paper.withdrawn)


def _suiting_layouts(workspace: Workspace, record: Record) -> Iterator[Layout]:
    layouts = [layout for layout in workspace.layouts.values() if layout.kind == record.kind and not layout.at_print]
    return (layout for layout in layouts if filling.is_suiting(workspace, record, layout.id))


def _entry(
    workspace: Workspace, record: Record, layout: Layout, filled: FilledPaper, at: str, variant: str = ""
) -> PaperEntry:
    """A filled paper with the date `at`, ready to be kept."""
    document = block_json.to_json(replace(filled.document, made=moments.as_written(at)))
    figures = [name for name in layout.uses if (record.kind, name) in workspace.extensions.paper_figures]
    paper = KeptPaper(
        id=new_id(),
        revision=record.revision,
        layout=layout.id,
        variant=variant,
        content=filled.code.content,
        own=tuple(sorted(filled.own)),
        basis="",
        sensitive=filled.is_sensitive,
        at=at,
        device=workspace.identity.device_id,
        details={
            "label": layout.label,
            "unverified": workspace.forms.law.is_marked(layout.source, unverified=layout.unverified)
            and not filled.by_form,
            "always_blank": layout.always_blank,
            "copies": layout.copies,
            "order": layout.order,
            "version": layout.version,
            "figures": figures,
            **({"own": filled.by_form} if filled.by_form else {}),
        },
        sha256=hashlib.sha256(document).hexdigest(),
    )
    return PaperEntry(replace(paper, basis=_basis(workspace, record, paper)), document)


def _basis(workspace: Workspace, record: Record, paper: KeptPaper) -> str:
    """The hash of the values that the paper shows of its record, and of the figures of other dossiers."""
    values = {name: record.data.get(name) for name in paper.own}
    return content_hash([values, list(_figures(workspace, record, paper.details.get("figures", ())))])


def _figures(workspace: Workspace, record: Record, names: Iterable[str]) -> Iterator[object]:
    for name in names:
        source = workspace.extensions.paper_figures.get((record.kind, name))
        yield source(workspace, record) if source else None


def _variant(judge: Mapping[str, Any] | None) -> str:
    """The name of the sheet of one member of the jury; "" for a paper without."""
    return "" if judge is None else str(judge.get("name", ""))


def _with_zone(at: str) -> str:
    """A moment of the store in local time, as papers show it; the zone stays with the paper."""
    return moments.local(at).isoformat(timespec="seconds")

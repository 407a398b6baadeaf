"""Papers that come with locked records in a package, so that every office prints the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from kcdesk import moments
from kcdesk.documents import block_json
from kcdesk.documents.blocks import Document, own_form_of
from kcdesk.documents.paper_codes import read_qr
from kcdesk.errors import UserError
from kcdesk.exchange.container.paper_lines import TravellingPaper
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import replace
from kcdesk.services.papers import locked_papers
from kcdesk.services.workspace import Workspace

_DETAILS: dict[str, type] = {
    "label": str,
    "unverified": bool,
    "always_blank": bool,
    "copies": str,
    "order": int,
    "version": int,
    "own": str,
}


def keep_received(
    workspace: Workspace,
    papers: Iterable[TravellingPaper],
    records: Collection[str],
    is_vouched: Callable[[Record], bool],
) -> int:
    """Keep the papers of received records that are locked here in the same revision; returns how many were kept.

    Call this in the act that receives the records. `is_vouched` says whether the sender may speak for a record. A paper
    that this store keeps already stays in force: what was printed here is printed again.
    """
    kept = 0
    with workspace.store.together():
        for paper in papers:
            record = _locked_record(workspace, paper.record) if paper.record in records else None
            if record is not None and is_vouched(record) and _is_genuine(paper, record):
                entry = replace(paper.entry, paper=replace(paper.entry.paper, details=_details(paper)))
                workspace.store.papers.put(record.id, [entry])
                kept += 1
    return kept


def _locked_record(workspace: Workspace, id_: str) -> Record | None:
    try:
        record = workspace.store.record(id_)
    except UserError:
        return None
    return record if locked_papers.is_locked(workspace, record) and not record.deleted else None


def _is_genuine(travelling: TravellingPaper, record: Record) -> bool:
    """Whether the content can be printed, and its code names this record, revision, layout and content."""
    paper = travelling.entry.paper
    try:
        document = block_json.from_json(travelling.entry.document)
        is_dated = moments.has_zone(paper.at)
    except ValueError:
        return False
    code = read_qr(document.qr)
    if own_form_of(document) and not _is_usable(document):
        return False
    return (
        is_dated
        and code is not None
        and (code.record, code.revision) == (record.id, record.revision)
        and (code.layout, code.content) == (paper.layout, paper.content)
        and paper.revision == record.revision
    )


def _is_usable(document: Document) -> bool:
    """Whether the Word file that comes with a paper of another office can be filled safely."""
    from kcdesk.documents.own_forms.filling import to_own_docx  # docxtpl takes 200 ms

    try:
        to_own_docx(document)
    except UserError:
        return False
    return True


def _details(travelling: TravellingPaper) -> dict[str, Any]:
    details = travelling.entry.paper.details
    known = {name: details[name] for name, kind in _DETAILS.items() if type(details.get(name)) is kind}
    figures = details.get("figures")
    return known | {"figures": [name for name in figures if isinstance(name, str)] if isinstance(figures, list) else []}

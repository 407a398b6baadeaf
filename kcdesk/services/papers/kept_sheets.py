"""Sheets about a part of a record, such as the annex to one of its numbers; those of a locked record are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kcdesk import moments
from kcdesk.documents import block_json
from kcdesk.documents.paper_codes import content_hash
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import replace
from kcdesk.services.papers import locked_papers, sheets
from kcdesk.services.workspace import Workspace
from kcdesk.store.kept_papers import KeptPaper, PaperEntry
from kcdesk.store.stored_record import new_id

if TYPE_CHECKING:
    from kcdesk.documents.blocks import Document


def sheet_of_record(
    workspace: Workspace, record: Record, layout: str, part: str, values: Mapping[str, Any]
) -> Document:
    """Fill a layout with `values`; for a locked record the sheet that was kept with the same values, else kept now.

    `part` names what of the record the sheet is about; no value that is sensitive by law may be among the values.
    """
    if not locked_papers.is_locked(workspace, record):
        return sheets.filled_sheet(workspace, layout, values)
    shown = {name: value for name, value in values.items() if not isinstance(value, sheets.Topic)}
    content = content_hash([layout, part, shown])
    for paper in workspace.store.papers.of(record.id):
        if (paper.layout, paper.variant, paper.content) == (layout, part, content) and not paper.withdrawn:
            return locked_papers.document_of(workspace, paper)
    at = moments.written_now()
    made = replace(sheets.filled_sheet(workspace, layout, values), made=moments.as_written(at))
    entry = _entry(workspace, record, (layout, part, content, at), block_json.to_json(made))
    workspace.store.keep_papers(record.id, [entry])
    return locked_papers.document_of(workspace, entry.paper)


def _entry(workspace: Workspace, record: Record, named: tuple[str, str, str, str], document: bytes) -> PaperEntry:
    layout, part, content, at = named
    definition = workspace.layouts[layout]
    marked = workspace.forms.law.is_marked(definition.source, unverified=definition.unverified)
    paper = KeptPaper(
        id=new_id(),
        revision=record.revision,
        layout=layout,
        variant=part,
        content=content,
        own=(),
        basis="",
        sensitive=False,
        at=at,
        device=workspace.identity.device_id,
        details={"label": definition.label, "unverified": marked, "version": definition.version},
        sha256=hashlib.sha256(document).hexdigest(),
    )
    return PaperEntry(paper, document)

"""Papers of a dossier: which there are, and one of them as a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.documents.blocks import Document

RENDER_DPI = 300  # enough for a laser printer; a page of text is then about 1 MB in memory per colour


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of paper that a dossier can be printed as."""

    name: str
    title: str
    unverified: bool


def papers(workspace: Workspace, kind: str) -> list[Paper]:
    """The papers of one kind of dossier, in the order of their names."""
    return [
        Paper(name, layout.label, layout.unverified)
        for name, layout in sorted(workspace.layouts.items())
        if layout.kind == kind
    ]


def print_record(
    workspace: Workspace, id_: str, document: str, pdf: Path, *, blank: bool = False
) -> dict[str, Any]:
    """Write one paper of a record as PDF; returns {"pdf", "pages"}.

    `blank` leaves the record's own answers empty, for writing on by hand; what the dossier already says stays.
    UserError when the record has no such paper, KnownError when the file cannot be written.
    """
    from kcdesk.documents.pdf import write_pdf
    from kcdesk.documents.preview import page_count

    write_pdf(_document(workspace, id_, document, blank=blank), pdf)
    return {"pdf": str(pdf), "pages": page_count(pdf)}


def page_images(pdf: Path, dpi: int) -> list[bytes]:
    """Every page of a PDF as PNG, for the preview and for the printer."""
    from kcdesk.documents.preview import page_count, render_png

    return [render_png(pdf, page, dpi / 72) for page in range(page_count(pdf))]


def file_name(workspace: Workspace, id_: str, document: str, *, blank: bool = False) -> str:
    """A name for the paper that every system takes: "bien-ban-nghiem-thu-co-so_ten-de-an.pdf"."""
    record = workspace.store.record(id_)
    parts = [workspace.layouts[document].label, "để trống" if blank else "", record.title()]
    return "_".join(text.slug(part) for part in parts if part) + ".pdf"


def _document(workspace: Workspace, id_: str, document: str, *, blank: bool) -> Document:
    record = workspace.store.record(id_)
    layouts = {paper.name for paper in papers(workspace, record.kind)}
    if document not in layouts:
        names = ", ".join(sorted(layouts)) or "không có"
        raise UserError(
            f"{record.form.label} không in được thành «{document}».",
            code="unknown_document",
            hint=f"Các văn bản in được: {names}.",
        )
    return workspace.layouts[document].render(_context(workspace, record), blank=blank)


def _context(workspace: Workspace, record: Record) -> dict[str, Any]:
    """The record and the dossiers that it builds on, by the names that layouts use."""
    context: dict[str, Any] = {
        record.kind: record,
        "unit": workspace.identity.unit,
        "officer": workspace.identity.officer,
        "practice": workspace.identity.practice,
        "places": workspace.places,
    }
    for name in ("proposal", "contract", "beneficiary"):
        if name not in context:
            context[name] = _linked(workspace, record, name)
    return context


def _linked(workspace: Workspace, record: Record, name: str) -> Record | None:
    try:
        field = record.form.field(name)
    except KeyError:
        return None
    target = record.value(field.name)
    return workspace.store.record(target) if target else None

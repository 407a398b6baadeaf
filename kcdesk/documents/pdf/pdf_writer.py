"""Writing a document as a PDF file: pages, page furniture, file properties."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate

from kcdesk.documents import qr
from kcdesk.documents.blocks import Document
from kcdesk.documents.fonts import faces, printable
from kcdesk.documents.pdf.story import Story
from kcdesk.documents.styles import FOOTER_SIZE, MILLIMETRE, PAGE_NUMBER_SIZE, QR_FROM_EDGE, QR_SIDE
from kcdesk.placing import save

_PAGE_NUMBER_BELOW_EDGE = 12 * MILLIMETRE


def write_pdf(document: Document, path: Path) -> None:
    """Write the document to `path`, safely; KnownError if the disk or another program refuses."""
    save(to_pdf(document), path)


def to_pdf(document: Document) -> bytes:
    """The bytes of the PDF file; equal documents give equal bytes."""
    page, buffer = document.page, BytesIO()
    width, height = size = _size(document)
    template = BaseDocTemplate(
        buffer,
        pagesize=size,
        invariant=1,
        title=document.title,
        author=document.author,
        subject=document.subject,
        keywords=", ".join(document.keywords),
        creator="kcdesk",
        lang="vi-VN",
        displayDocTitle=1,
        initialFontName=faces().regular,  # otherwise every file would name Helvetica, which is not embedded
    )
    left, bottom = page.left * MILLIMETRE, page.bottom * MILLIMETRE
    text_width, text_height = width - left - page.right * MILLIMETRE, height - bottom - page.top * MILLIMETRE
    frame = Frame(left, bottom, text_width, text_height, 0, 0, 0, 0)
    furnish = partial(_furnish, document) if document.furniture else _show_outline
    template.addPageTemplates(PageTemplate(frames=[frame], onPage=furnish))
    template.build(Story(document).set() or [PageBreak()])  # a PDF needs at least one page
    return buffer.getvalue()


def _size(document: Document) -> tuple[float, float]:
    """Width and height of a sheet in points."""
    width, height = landscape(A4) if document.page.landscape else A4
    return float(width), float(height)


def _show_outline(canvas: Any, _template: object) -> None:
    """Make readers open the file with its outline beside the first page."""
    if canvas.getPageNumber() == 1:
        canvas.showOutline()


def _furnish(document: Document, canvas: Any, template: object) -> None:
    """Draw number, code and footer of one page; the first page has no number (NĐ 30/2020)."""
    _show_outline(canvas, template)
    width, height = _size(document)
    canvas.saveState()
    if canvas.getPageNumber() > 1:
        canvas.setFont(faces().regular, PAGE_NUMBER_SIZE)
        canvas.drawCentredString(width / 2, height - _PAGE_NUMBER_BELOW_EDGE, str(canvas.getPageNumber()))
    canvas.setFont(faces().regular, FOOTER_SIZE)
    canvas.drawString(document.page.left * MILLIMETRE, 10 * MILLIMETRE, printable(document.footer))
    if document.qr:
        if not canvas.hasForm("qr"):
            canvas.beginForm("qr")  # drawn once, used by every page
            qr.draw(canvas, document.qr, QR_FROM_EDGE, QR_FROM_EDGE, QR_SIDE)
            canvas.endForm()
        canvas.doForm("qr")
    canvas.restoreState()

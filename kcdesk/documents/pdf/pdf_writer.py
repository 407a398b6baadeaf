"""Writing a document as a PDF file: pages, page furniture, file properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate

from kcdesk.documents import qr
from kcdesk.documents.blocks import Document, moment_of
from kcdesk.documents.fonts import faces, printable
from kcdesk.documents.pdf.archive import declare, with_line_ends, without_transitions
from kcdesk.documents.pdf.placed_text import PlacedText
from kcdesk.documents.pdf.story import Story
from kcdesk.documents.styles import FOOTER, FOOTER_LINE, FOOTER_SIZE, MILLIMETRE, PAGE_NUMBER_SIZE, QR_SIDE
from kcdesk.placing import save

_PAGE_NUMBER_BELOW_EDGE = 12 * MILLIMETRE
_FIRST_FOOTER = 10 * MILLIMETRE  # the lowest line above the edge, in the first drawing


def write_pdf(document: Document, path: Path, *, archive: bool = False) -> None:
    """Write the document to `path`, safely; KnownError if the disk or another program refuses."""
    save(to_pdf(document, archive=archive), path)


def to_pdf(document: Document, *, archive: bool = False) -> bytes:
    """The bytes of the PDF file, for the `archive` as PDF/A-2b; equal documents give equal bytes if they have a date.

    A document without a date has the moment of writing.
    """
    document = replace(document, made=moment_of(document))
    page, buffer = document.page, BytesIO()
    width, height = size = _size(document)
    template = BaseDocTemplate(
        buffer,
        pagesize=size,
        invariant=1,  # no date but the document's own
        title=document.title,
        author=document.author,
        subject=document.subject,
        keywords=", ".join(document.keywords),
        creator="kcdesk",
        lang="vi-VN",
        displayDocTitle=1,
        initialFontName=faces().regular,  # otherwise every file would name Helvetica, which is not embedded
    )
    story = Story(document)
    left, bottom = page.left * MILLIMETRE, story.bottom
    text_width, text_height = width - left - page.right * MILLIMETRE, height - bottom - page.top * MILLIMETRE
    frame = Frame(left, bottom, text_width, text_height, 0, 0, 0, 0)
    furnish = partial(_furnish, story) if document.furniture else _show_outline
    template.addPageTemplates(PageTemplate(frames=[frame], onPage=furnish))
    canvas_maker = partial(_PaperCanvas, document=document, archive=archive)
    template.build(story.set() or [PageBreak()], canvasmaker=canvas_maker)  # a PDF needs at least one page
    return with_line_ends(buffer.getvalue()) if archive else buffer.getvalue()


class _PaperCanvas(Canvas):  # type: ignore[misc]  # reportlab has no types
    """The pages of a file with the document's date."""

    def __init__(self, *arguments: Any, document: Document, archive: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._document, self._archive = document, archive
        self._doc._timeStamp = _FileDate(moment_of(document))
        self._doc.updateSignature(f"{document.made} {document.qr} {archive}")

    def beginText(self, x: float = 0, y: float = 0, direction: str | None = None) -> PlacedText:  # noqa: N802
        """A text whose marks stand where the font says."""
        return PlacedText(self, x, y, direction=direction)

    def save(self) -> None:
        """Write the file."""
        if self._archive:
            declare(self, self._document)
            without_transitions(self)
        super().save()


class _FileDate:
    """A moment in the form in which reportlab writes dates."""

    def __init__(self, moment: datetime) -> None:
        offset = int((moment.utcoffset() or timedelta()).total_seconds()) // 60
        self.t = moment.timestamp()
        self.YMDhms = moment.timetuple()[:6]
        self.dhh, self.dmm = int(offset / 60), abs(offset) % 60


def _size(document: Document) -> tuple[float, float]:
    """Width and height of a sheet in points."""
    width, height = landscape(A4) if document.page.landscape else A4
    return float(width), float(height)


def _show_outline(canvas: Any, _template: object) -> None:
    """Make readers open the file with its outline beside the first page."""
    if canvas.getPageNumber() == 1:
        canvas.showOutline()


def _furnish(story: Story, canvas: Any, template: object) -> None:
    """Draw number, code and footer of one page; the first page has no number (NĐ 30/2020)."""
    _show_outline(canvas, template)
    document = story.document
    width, height = _size(document)
    canvas.saveState()
    if canvas.getPageNumber() > 1:
        canvas.setFont(faces().regular, PAGE_NUMBER_SIZE)
        canvas.drawCentredString(width / 2, height - _PAGE_NUMBER_BELOW_EDGE, str(canvas.getPageNumber()))
    canvas.setFont(faces().regular, FOOTER_SIZE)
    lowest = _FIRST_FOOTER if story.is_first_drawing else FOOTER
    for number, line in enumerate(reversed(story.footer_lines())):  # the last line stands lowest
        canvas.drawString(document.page.left * MILLIMETRE, lowest + number * FOOTER_LINE, printable(line))
    if document.qr:
        _draw_code(story, canvas)
    canvas.restoreState()


def _draw_code(story: Story, canvas: Any) -> None:
    """Draw the code of the paper once, for every page of the file."""
    if not canvas.hasForm("qr"):
        canvas.beginForm("qr")
        x, y = story.code_place()
        qr.draw(canvas, story.document.qr, x, y, QR_SIDE)
        canvas.endForm()
    canvas.doForm("qr")

"""Writing a document as a PDF file: pages, page furniture, file properties."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate

from kcdesk.documents import qr
from kcdesk.documents.blocks import SHEET_DRAWING, Document, moment_of
from kcdesk.documents.fonts import faces, printable
from kcdesk.documents.pdf.archive import declare, with_line_ends, without_transitions
from kcdesk.documents.pdf.placed_text import PlacedText
from kcdesk.documents.pdf.story import Story
from kcdesk.documents.styles import FOOTER, FOOTER_LINE, FOOTER_SIZE, MILLIMETRE, PAGE_NUMBER_SIZE, QR_SIDE
from kcdesk.documents.ticked.corner_marks import draw_marks
from kcdesk.documents.ticked.placed_pieces import PieceKey, PiecePlace, has_boxes, joined_places, with_keys
from kcdesk.placing import save
from kcdesk.runtime.frozen import replace

_PAGE_NUMBER_BELOW_EDGE = 12 * MILLIMETRE
_ADVICE_BELOW_EDGE = 7 * MILLIMETRE  # above the number of the page
HOW_TO_TICK = "Đánh dấu gọn trong ô; ghi nhầm thì tô kín ô đó rồi đánh ô khác."
HOW_TO_SHOW = "Chụp hoặc quét thấy đủ bốn dấu ở góc."
_FIRST_FOOTER = 10 * MILLIMETRE  # the lowest line above the edge, in the first drawing


def write_pdf(document: Document, path: Path, *, archive: bool = False) -> None:
    """Write the document to `path`, safely; KnownError if the disk or another program refuses."""
    save(to_pdf(document, archive=archive), path)


def to_pdf(document: Document, *, archive: bool = False) -> bytes:
    """The bytes of the PDF file, for the `archive` as PDF/A-2b; equal documents give equal bytes if they have a date.

    A document without a date has the moment of writing.
    """
    document = replace(document, made=moment_of(document))
    pdf = _drawn(document, partial(_PaperCanvas, document=document, archive=archive))
    return with_line_ends(pdf) if archive else pdf


def placed_pdf(document: Document) -> tuple[bytes, dict[PieceKey, PiecePlace]]:
    """Write a document as PDF; with it, where its boxes and blanks stand on the pages."""
    keyed, places = with_keys(replace(document, made=moment_of(document))), list[PiecePlace]()
    pdf = _drawn(keyed, partial(_NotingCanvas, document=keyed, archive=False, places=places))
    return pdf, joined_places(places)


def _drawn(document: Document, canvas_maker: Callable[..., Canvas]) -> bytes:
    """Draw the pages of a document."""
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
    template.build(story.set() or [PageBreak()], canvasmaker=canvas_maker)  # a PDF needs at least one page
    return buffer.getvalue()


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


class _NotingCanvas(_PaperCanvas):
    """Pages that are drawn to note where the boxes and blanks stand."""

    def __init__(self, *arguments: Any, places: list[PiecePlace], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._places = places

    def note_place(self, key: PieceKey, x: float, y: float, width: float, height: float) -> None:
        """Note the place of a piece; points from the present origin to its lower left corner, and its size."""
        left, low = self.absolutePosition(x, y)
        top = self._pagesize[1] - low - height
        measures = (value / MILLIMETRE for value in (left, top, width, height))
        self._places.append(PiecePlace(key, self.getPageNumber(), *measures))


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
    if document.drawing == SHEET_DRAWING:
        draw_marks(canvas, document.page.width, document.page.height, canvas.getPageNumber())
        advice = f"{HOW_TO_TICK} {HOW_TO_SHOW}" if has_boxes(document) else HOW_TO_SHOW
        canvas.drawString(document.page.left * MILLIMETRE, height - _ADVICE_BELOW_EDGE, advice)
    canvas.restoreState()


def _draw_code(story: Story, canvas: Any) -> None:
    """Draw the code of the paper once, for every page of the file."""
    if not canvas.hasForm("qr"):
        canvas.beginForm("qr")
        x, y = story.code_place()
        qr.draw(canvas, story.document.qr, x, y, QR_SIDE)
        canvas.endForm()
    canvas.doForm("qr")

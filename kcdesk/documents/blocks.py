"""The blocks of a paper, as frozen data that do not depend on PDF or Word.

A layout (layouts/layout.py) fills these blocks; a writer (pdf/pdf_writer.py, word/word_writer.py) writes the pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

from kcdesk import moments
from kcdesk.runtime.frozen import Value, field, names, replace

Align = Literal["left", "right", "center", "justify"]
ChartStyle = Literal["bars", "lines"]
SHEET_DRAWING = 3  # with marks in the corners: a paper whose boxes are read back from a picture
DRAWING = 4  # how pages are drawn now (decision 94); 1: as until November 2026, with the code in the margin for binding
CHART_SHADES = ("1D4E89", "8FB4D9", "C98B2B", "D9D9D9", "5B7F5B", "A05A7A")  # of the series, told apart in grey too


class Blank(Value):
    """A missing value: dots to write on, `letters` wide and `lines` high."""

    letters: int = 24
    lines: int = 1


class Tick(Value):
    """A box to tick; drawn, because the font has no glyph for it."""

    on: bool


Piece = str | Blank | Tick
Inline = tuple[Piece, ...]


class PageSetup(Value, kw_only=True):
    """Margins in millimetres and the size of the body text in points; NĐ 30/2020, Phụ lục I, Phần I, mục I."""

    top: int = 20
    bottom: int = 20
    left: int = 30
    right: int = 15
    text_size: int = 13
    landscape: bool = False  # for wide tables

    @property
    def width(self) -> int:
        """Millimetres of the A4 sheet, in its orientation."""
        return 297 if self.landscape else 210

    @property
    def height(self) -> int:
        """Millimetres of the A4 sheet, in its orientation."""
        return 210 if self.landscape else 297


class OfficialHeader(Value):
    """The issuing agency (left) and Quốc hiệu, Tiêu ngữ (right); never divided between pages."""

    authority: Inline
    agency: Inline
    number: Inline
    date_line: Inline = ()
    subject: Inline = ()  # "V/v …" of a letter, below its number


class Title(Value):
    """The kind of paper in capitals, and its subject."""

    title: Inline
    subject: Inline = ()


class LegalBases(Value):
    """The căn cứ lines, without punctuation at their ends."""

    lines: tuple[Inline, ...]


class Heading(Value):
    """A heading; it stays on the page of what follows and is listed in the outline."""

    text: Inline
    level: int = 1


class Paragraph(Value):
    """Running text; a line break begins a new paragraph."""

    text: Inline
    align: Align = "justify"
    indent: bool = True
    bold: bool = False
    italic: bool = False


class FieldPart(Value):
    """A label and its value; `width` in millimetres, 0 takes the rest of the line."""

    label: str
    value: Inline
    width: int = 0


class FieldLine(Value):
    """Labelled values on one line."""

    parts: tuple[FieldPart, ...]


class Column(Value):
    """A column of a table; `width` in millimetres, 0 shares the rest. Columns of equal `group` share a head."""

    heading: str
    width: int = 0
    align: Align = "left"
    group: str = ""


class TableRow(Value):
    """The cells of one row."""

    cells: tuple[Inline, ...]
    bold: bool = False


class Table(Value):
    """A table with lines; its head is repeated on every page."""

    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]


class ChartSeries(Value):
    """The values of one series of a chart, one for each category, and how each is written beside its bar or point."""

    name: str
    values: tuple[float, ...]
    texts: tuple[str, ...]


class Chart(Value):
    """A chart of a few series over categories: bars from left to right, or lines over time."""

    title: str
    unit: str
    style: ChartStyle
    categories: tuple[str, ...]
    series: tuple[ChartSeries, ...]


class Signature(Value):
    """One place to sign."""

    title: Inline
    name: Inline
    note: Inline = ()


class SignatureGrid(Value):
    """Places to sign; never divided, and always on one page with the paragraph before."""

    signatures: tuple[Signature, ...]
    per_row: int = 2


class Recipients(Value):
    """The nơi nhận list."""

    lines: tuple[Inline, ...]


class Closing(Value):
    """The end of a letter: nơi nhận at the left, signature at the right; never divided."""

    recipients: Recipients
    signature: Signature


class Photo(Value):
    """A photo by its hash; `Document.read_file` reads its content."""

    sha256: str
    caption: Inline


class PhotoGrid(Value):
    """Photos with captions, two (one above the other) or four on a page."""

    photos: tuple[Photo, ...]
    per_page: int = 2


class Label(Value):
    """A label to cut out or to stick on: a code, then lines; the first line is bold."""

    qr: str
    lines: tuple[Inline, ...]


class LabelGrid(Value):
    """Labels of one size, `height` millimetres high."""

    labels: tuple[Label, ...]
    columns: int = 2
    height: int = 48


class PageBreak(Value):
    """A break: the next block begins on a new page."""


class Display(Value):
    """A centred line of a certificate, larger than the text; `size` in points."""

    text: Inline
    size: int
    bold: bool = False
    italic: bool = False


class DatedSignature(Value):
    """The end of a certificate: place and date above the place to sign, in the right half of the page."""

    date_line: Inline
    signature: Signature


class PageFrame(Value):
    """A line around the page, `inset` millimetres from its edges."""

    inset: int


class OwnValue(Value):
    """What a placeholder of an office's own Word file prints: a text, or a picture by its hash."""

    name: str
    text: str
    sha256: str = ""


class OwnRow(Value):
    """What the placeholders of a row that repeats print, for one row of the list."""

    values: tuple[OwnValue, ...]


class OwnList(Value):
    """A list whose placeholders make a row or a paragraph repeat."""

    name: str
    rows: tuple[OwnRow, ...]


class OwnForm(Value):
    """A paper written by an office's own Word file: the file itself (base64) and what its placeholders print.

    The file is kept with the paper, so that a locked paper prints as it was wherever it goes.
    """

    label: str
    version: int
    file: str
    values: tuple[OwnValue, ...]
    lists: tuple[OwnList, ...]


Block = (
    OfficialHeader
    | Title
    | LegalBases
    | Heading
    | Paragraph
    | FieldLine
    | Table
    | Chart
    | SignatureGrid
    | Recipients
    | Closing
    | PhotoGrid
    | LabelGrid
    | PageBreak
    | Display
    | DatedSignature
    | PageFrame
    | OwnForm
)


def _no_file(_sha256: str) -> bytes | None:
    return None


class Document(Value, kw_only=True):
    """A whole paper, ready to be written."""

    title: str
    blocks: tuple[Block, ...]
    author: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = ()
    qr: str = ""  # text of the QR code at the foot of every page
    footer: str = ""  # small lines at the foot of every page
    page: PageSetup = field(default_factory=PageSetup)
    furniture: bool = True  # page numbers, code and footer; labels have none
    drawing: int = DRAWING  # how its pages are drawn: a paper that was kept is drawn as it was
    made: datetime | None = None  # the date in the file, with its zone; None for the moment of writing
    read_file: Callable[[str], bytes | None] = _no_file  # reads a photo by its SHA-256; None if it is missing


def own_form_of(document: Document) -> OwnForm | None:
    """The office's own Word file that writes a document; None for a document of our own layouts."""
    return next((block for block in document.blocks if isinstance(block, OwnForm)), None)


def moment_of(document: Document) -> datetime:
    """The date for the properties of a document's file: local time with its zone, without parts of a second."""
    return (document.made or moments.now()).replace(microsecond=0)


def split_lines(text: Inline) -> list[Inline]:
    """The lines of a text, without empty lines."""
    lines: list[list[Piece]] = [[]]
    for piece in text:
        first, *rest = piece.split("\n") if isinstance(piece, str) else (piece,)
        lines[-1].append(first)
        lines.extend([part] for part in rest)
    return [tuple(filter(None, line)) for line in lines if any(map(_is_seen, line))]


def _is_seen(piece: Piece) -> bool:
    return not isinstance(piece, str) or bool(piece.strip())


def with_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Blocks, or parts of them, with every text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(with_texts(item, change) for item in value)
    if isinstance(value, Value):
        return replace(value, **{name: with_texts(getattr(value, name), change) for name in names(value)})
    return value


def punctuated(lines: Sequence[Inline]) -> Iterator[Inline]:
    """Yield each line with ";" at its end, the last with "."."""
    for number, line in enumerate(lines, 1):
        yield (*line, "." if number == len(lines) else ";")


def in_words(inline: Inline) -> str:
    """A text as plain words without line breaks, for an outline."""
    return " ".join("".join(p if isinstance(p, str) else "…" for p in inline).split())


def stays_with(block: Block, after: Block | None) -> bool:
    """Whether a block must not be the last on its page: headings, and lines that introduce the next block."""
    if isinstance(block, Heading):
        return after is not None
    if not isinstance(block, Paragraph) or after is None:
        return False
    is_heading = block.bold and not block.indent
    return is_heading or isinstance(after, Table | Chart) or in_words(block.text).endswith(":")

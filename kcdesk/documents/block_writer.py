"""The base class of the writers of all file formats: text width, and one method for each kind of block."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from kcdesk.documents import blocks
from kcdesk.documents.blocks import DRAWING, Align, Blank, Block, Document, Inline
from kcdesk.documents.column_widths import broken_lines, line_lengths
from kcdesk.documents.styles import (
    FOOTER,
    FOOTER_LINE,
    FOOTER_SIZE,
    HEADER_SIZE,
    MILLIMETRE,
    MOTTO,
    QR_BELOW,
    QR_FROM_EDGE,
    QR_SIDE,
    TITLE_SIZE,
    rule_length,
)

Output = TypeVar("Output")
# «TỈNH LẠNG SƠN» at the end of an organ's name: its words stay together when the name needs two lines.
_PLACE = re.compile(r" (?=(?:TỈNH|THÀNH PHỐ|PHƯỜNG|XÃ|ĐẶC KHU) \S)(?:\S+ ?){2,6}$", re.IGNORECASE)


def organ_name(name: Inline) -> Inline:
    """The name of an organ for a letterhead, which breaks before its place and not within it."""
    return tuple(_PLACE.sub(_bound, piece) if isinstance(piece, str) else piece for piece in name)


def _bound(place: re.Match[str]) -> str:
    return " " + place[0].strip().replace(" ", "\u00a0")


class BlockWriter(ABC, Generic[Output]):
    """Writes the blocks of one document; `width` of the text and `size` of the letters are in points."""

    def __init__(self, document: Document) -> None:
        page = document.page
        self.document = document
        self.width = (page.width - page.left - page.right) * MILLIMETRE
        self.size: float = page.text_size
        self._methods: dict[type, Callable[[Any], Output]] = {
            blocks.OfficialHeader: self._header,
            blocks.Title: self._title,
            blocks.LegalBases: self._bases,
            blocks.Heading: self._heading,
            blocks.Paragraph: self._paragraph,
            blocks.FieldLine: self._fields,
            blocks.Table: self._table,
            blocks.Chart: self._chart,
            blocks.SignatureGrid: self._signatures,
            blocks.Recipients: self._recipients,
            blocks.Closing: self._closing,
            blocks.PhotoGrid: self._photos,
            blocks.LabelGrid: self._labels,
            blocks.Display: self._display,
            blocks.DatedSignature: self._dated_signature,
            blocks.PageFrame: self._page_frame,
            blocks.PageBreak: lambda _break: self._page_break(),
            blocks.OwnForm: self._own_form,
        }

    # ---- measures

    @property
    def is_first_drawing(self) -> bool:
        """Whether the paper was made before November 2026 and is drawn as it was."""
        return self.document.drawing == 1

    def alignment(self, text: Inline, align: Align = "justify") -> Align:
        """How running text is aligned: dots do not break, so a line before a blank would be stretched far apart."""
        has_blank = any(isinstance(piece, Blank) for piece in text)
        return "left" if align == "justify" and has_blank and self.document.drawing >= DRAWING else align

    def rule_below(self, agency: Inline, width: float) -> float:
        """The length in points of the line below the name of an organ in a column of `width` points."""
        if self.is_first_drawing:
            return width * 0.4
        return rule_length(line_lengths(organ_name(agency), HEADER_SIZE, width, bold=True))

    def title_rule(self, title: blocks.Title) -> float:
        """The length in points of the line below a title."""
        if self.is_first_drawing:
            return self.width / 3
        return rule_length(line_lengths(title.subject or title.title, TITLE_SIZE, self.width, bold=True))

    def width_of_motto(self) -> float:
        """The length in points of Tiêu ngữ, and of the line below it."""
        return line_lengths((MOTTO,), 13, self.width, bold=True)[0]

    def footer_lines(self) -> list[str]:
        """The small lines at the foot of a page; they end before the code, where the first drawing ran on."""
        lines = self.document.footer.splitlines()
        if self.is_first_drawing:
            return lines
        return broken_lines(lines, FOOTER_SIZE, self.width - (self.code_room if self.document.qr else 0))

    @property
    def code_room(self) -> float:
        """The width in points that the code takes from the end of the lines at the foot."""
        return QR_SIDE + 3 * MILLIMETRE

    def code_place(self) -> tuple[float, float]:
        """Where the code stands, in points from the left and the lower edge: at the right end of the text."""
        if self.is_first_drawing:
            return QR_FROM_EDGE, QR_FROM_EDGE
        page = self.document.page
        return (page.width - page.right) * MILLIMETRE - QR_SIDE, QR_BELOW

    @property
    def bottom(self) -> float:
        """The margin at the foot in points: that of the page, or more where the code or the small lines need it."""
        margin = self.document.page.bottom * MILLIMETRE
        if self.is_first_drawing or not self.document.furniture:
            return margin
        code = QR_BELOW + QR_SIDE + 2 * MILLIMETRE if self.document.qr else 0
        return max(margin, code, FOOTER + (len(self.footer_lines()) + 1) * FOOTER_LINE)

    def write_block(self, block: Block) -> Output:
        """Write one block with the method for its kind."""
        return self._methods[type(block)](block)

    def _own_form(self, form: blocks.OwnForm) -> Output:
        """Refuse: such a paper is written as a whole (own_forms/filling.py), by no other writer."""
        raise TypeError(f"a paper by the Word file «{form.label}» has no blocks to write")

    @abstractmethod
    def _header(self, header: blocks.OfficialHeader) -> Output: ...

    @abstractmethod
    def _title(self, title: blocks.Title) -> Output: ...

    @abstractmethod
    def _bases(self, bases: blocks.LegalBases) -> Output: ...

    @abstractmethod
    def _heading(self, heading: blocks.Heading) -> Output: ...

    @abstractmethod
    def _paragraph(self, paragraph: blocks.Paragraph) -> Output: ...

    @abstractmethod
    def _fields(self, line: blocks.FieldLine) -> Output: ...

    @abstractmethod
    def _table(self, table: blocks.Table) -> Output: ...

    @abstractmethod
    def _chart(self, chart: blocks.Chart) -> Output: ...

    @abstractmethod
    def _signatures(self, grid: blocks.SignatureGrid) -> Output: ...

    @abstractmethod
    def _recipients(self, recipients: blocks.Recipients) -> Output: ...

    @abstractmethod
    def _closing(self, closing: blocks.Closing) -> Output: ...

    @abstractmethod
    def _photos(self, grid: blocks.PhotoGrid) -> Output: ...

    @abstractmethod
    def _labels(self, grid: blocks.LabelGrid) -> Output: ...

    @abstractmethod
    def _display(self, display: blocks.Display) -> Output: ...

    @abstractmethod
    def _dated_signature(self, signed: blocks.DatedSignature) -> Output: ...

    @abstractmethod
    def _page_frame(self, frame: blocks.PageFrame) -> Output: ...

    @abstractmethod
    def _page_break(self) -> Output: ...


def code_rectangle(document: Document) -> tuple[float, float, float]:
    """Left edge, upper edge and side of the code on every page, in millimetres from the upper left corner."""
    page, side = document.page, QR_SIDE / MILLIMETRE
    return page.width - page.right - side, page.height - QR_BELOW / MILLIMETRE - side, side

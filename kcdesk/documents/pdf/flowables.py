"""The flowables of platypus for the blocks: text with blanks and ticks, tables with lines, headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from reportlab.lib.abag import ABag
from reportlab.lib.colors import black
from reportlab.lib.enums import TA_JUSTIFY, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, Table
from reportlab.platypus.paraparser import ParaFrag

from kcdesk.documents.blocks import Blank, Column, Inline, PageSetup, TableRow, Tick, split_lines
from kcdesk.documents.blocks import Table as TableBlock
from kcdesk.documents.column_widths import CELL_PADDING
from kcdesk.documents.fonts import FACES, printable
from kcdesk.documents.styles import MILLIMETRE, TABLE_SIZE, style, without_indent
from kcdesk.documents.ticked.placed_pieces import PieceKey, PlacedBlank, PlacedTick

_DOT = "."
_SHORTEST = 4  # dots of a blank before it is lengthened
_TO_THE_END = (TA_LEFT, TA_JUSTIFY)
_DOTS_PER_LETTER = 2  # a dot is half as wide as an average letter
_SMALL = 8  # letters; a smaller blank (a day, an hour) keeps its size
_LONGEST_TAIL = 10  # letters that may follow a lengthened blank: " đồng", ";"
_ENDLESS = 0xFFFFFF  # points; with less height, a table would not compute the heights of later rows
_LAST_ROWS = 2  # rows of a table, with the total, that stay on one page with the places to sign
_TICK_ROOM = "\u00a0" * 4
_TICK_SIDE = 0.78  # share of the letter size
_SHORT = 50 * MILLIMETRE  # a table no taller is not divided
_TALL = 200 * MILLIMETRE  # a taller row is divided wherever it begins


class PaperText(Paragraph):  # type: ignore[misc]  # reportlab has no types
    """A paragraph that is broken into lines only once for each width, because tables and frames ask often."""

    _wrapped: tuple[float, float, float] | None = None
    outline: tuple[str, int] | None = None  # its title and level in the outline of the file
    blanks: tuple[PieceKey, ...] = ()  # those whose places are noted

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points."""
        if self._wrapped is None or self._wrapped[0] != width or not hasattr(self, "blPara"):
            self._wrapped = (width, *self._wrap(width, height))
        return self._wrapped[1:]

    def _wrap(self, width: float, height: float) -> tuple[float, float]:
        size: tuple[float, float] = super().wrap(width, height)
        return size

    def draw(self) -> None:
        """Draw the lines, with ticks at their places in the text."""
        self.canv.setNamedCB("tick", _draw_tick)
        if self.outline:
            self._enter_outline(*self.outline)
        for key in self.blanks:
            self.canv.note_place(key, 0, 0, self.width, self.height)
        super().draw()

    def _enter_outline(self, title: str, level: int) -> None:
        key = f"{self.canv.getPageNumber()}/{level}/{title}"
        self.canv.bookmarkHorizontal(key, 0, self.height)
        # The outline does not accept a level without the level above it.
        self.canv.outline_level = min(level, getattr(self.canv, "outline_level", -1) + 1)
        self.canv.addOutlineEntry(title, key, self.canv.outline_level)


class OpenPaperText(PaperText):
    """A paragraph whose last blank is lengthened to the end of its line."""

    line: Inline = ()  # empty in the parts of a divided paragraph

    def _wrap(self, width: float, height: float) -> tuple[float, float]:
        if not self.line:
            return super()._wrap(width, height)
        self.frags = list(_fragments(self.line, self.style, 0))
        super()._wrap(width, height)
        dot = stringWidth(_DOT, self.style.fontName, self.style.fontSize)
        last = self.blPara.lines[-1]
        left = last.extraSpace if self.blPara.kind else last[0]
        self.frags = list(_fragments(self.line, self.style, int(left / dot)))
        return super()._wrap(width, height)


def texts(inline: Inline, kind: ParagraphStyle) -> Iterator[PaperText]:
    """Yield a paragraph for each line of a text, and for each further line of a blank."""
    for line in split_lines(inline):
        text = _text_of(line, kind)
        text.blanks = tuple(piece.key for piece in line if isinstance(piece, PlacedBlank))
        yield text
        if isinstance(line[-1], Blank):
            for _ in range(line[-1].lines - 1):
                dotted = _dotted(kind)
                dotted.blanks = text.blanks[-1:]
                yield dotted


def _text_of(line: Inline, kind: ParagraphStyle) -> PaperText:
    if not _is_open(line) or kind.alignment not in _TO_THE_END:
        return PaperText(None, kind, frags=list(_fragments(line, kind, None)))
    text = OpenPaperText(None, kind, frags=[])
    text.line = line
    return text


def _is_open(line: Inline) -> bool:
    """Whether the line ends in a blank that may be lengthened, perhaps followed by a unit."""
    if isinstance(line[-1], Blank):
        return line[-1].letters >= _SMALL
    before = line[-2] if len(line) > 1 else None
    short = isinstance(line[-1], str) and len(line[-1]) <= _LONGEST_TAIL
    return short and isinstance(before, Blank) and before.letters >= _SMALL


def _dotted(kind: ParagraphStyle) -> PaperText:
    """A whole line of dots."""
    text = OpenPaperText(None, without_indent(kind), frags=[])
    text.line = (Blank(_SMALL),)
    return text


def outlined(inline: Inline, kind: ParagraphStyle, title: str, level: int) -> Iterator[PaperText]:
    """Yield the paragraphs of a text that is listed in the outline of the file."""
    for number, text in enumerate(texts(inline, kind)):
        if not number:
            text.outline = (title, level)
        yield text


def _fragments(line: Inline, kind: ParagraphStyle, more_dots: int | None) -> Iterator[ParaFrag]:
    """Yield the pieces of a line; with `more_dots`, its last blank has the shortest length plus these dots."""
    words = ""
    last = max((place for place, piece in enumerate(line) if isinstance(piece, Blank)), default=-1)
    for place, piece in enumerate(line):
        if isinstance(piece, Tick):
            if words:
                yield _fragment(words, kind)
            yield _fragment("", kind, cbDefn=ABag(kind="onDraw", name="tick", label=piece))
            words = _TICK_ROOM
        elif isinstance(piece, Blank):
            open_dots = None if more_dots is None or place != last else _SHORTEST + more_dots
            words += _DOT * (_DOTS_PER_LETTER * piece.letters if open_dots is None else open_dots)
        else:
            words += printable(piece)
    yield _fragment(words, kind)


def _fragment(text: str, kind: ParagraphStyle, **more: Any) -> ParaFrag:
    return ParaFrag(
        text=text,
        fontName=kind.fontName,
        fontSize=kind.fontSize,
        textColor=kind.textColor,
        rise=0,
        us_lines=[],
        link=[],
        **more,
    )


def _draw_tick(canvas: Any, _kind: str, tick: Tick) -> None:
    """Draw a box on the line, with a cross if it is ticked."""
    at = canvas._curr_tx_info
    size = at["tx"]._fontsize or at["xs"].style.fontSize
    x, y, side = at["cur_x"], at["cur_y"] - 0.08 * size, _TICK_SIDE * size
    canvas.saveState()
    canvas.setLineWidth(0.7)
    canvas.rect(x, y, side, side)
    if isinstance(tick, PlacedTick):
        canvas.note_place(tick.key, x, y, side, side)
    if tick.on:
        canvas.setLineWidth(1.4)
        low, high = 0.2 * side, 0.8 * side
        canvas.lines([(x + low, y + low, x + high, y + high), (x + low, y + high, x + high, y + low)])
    canvas.restoreState()


class HorizontalRule(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A short horizontal line in the middle of its column."""

    def __init__(self, length: float) -> None:
        super().__init__()
        self._length = length

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """The whole width of the column."""
        self._column = width
        return width, 8

    def draw(self) -> None:
        """Draw the line."""
        start = (self._column - self._length) / 2
        self.canv.setLineWidth(0.7)
        self.canv.line(start, 4, start + self._length, 4)


class FrameLine(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A double line around the whole page, `inset` millimetres from its edges; it takes no room."""

    def __init__(self, page: PageSetup, inset: int) -> None:
        super().__init__()
        self._page, self._inset = page, inset

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """No room."""
        return 0, 0

    def draw(self) -> None:
        """Draw both lines, from the corner of the page."""
        x, y = self.canv.absolutePosition(0, 0)
        for inset, thickness in ((self._inset, 2.4), (self._inset + 2, 0.7)):
            edge = inset * MILLIMETRE
            width, height = self._page.width * MILLIMETRE - 2 * edge, self._page.height * MILLIMETRE - 2 * edge
            self.canv.setLineWidth(thickness)
            self.canv.rect(edge - x, edge - y, width, height)


class RuledTable(Table):  # type: ignore[misc]  # reportlab has no types
    """A table with lines and a repeated head; only a row that is nearly as tall as a page is divided."""

    keeps_short = False  # whether a table of a few rows moves whole to the next page

    def split(self, width: float, height: float) -> list[Flowable]:
        """Split into the part that fits and the rest on the next page."""
        self.splitInRow = 0
        if self._is_kept_whole() and not self._frame._atTop:
            return []
        parts = super().split(width, height)
        if parts:
            return [parts[0], PageBreak(), *parts[1:]]
        self.splitInRow = 1
        return super().split(width, height) if self.opening_height() > _TALL or self._frame._atTop else []

    def opening_height(self) -> float:
        """The height in points of the head and the first row, or of a table kept whole, after wrapping."""
        if self._is_kept_whole():
            return float(sum(self._rowHeights))
        rows = self.repeatRows + 1
        if self._nosplitCmds and self._nrows == rows + 1:
            rows += 1
        return float(sum(filter(None, self._rowHeights[:rows])))

    def _is_kept_whole(self) -> bool:
        return self.keeps_short and None not in self._rowHeights and sum(self._rowHeights) <= _SHORT


class SignedTable(KeepTogether):  # type: ignore[misc]  # reportlab has no types
    """A table and the places to sign below it, which are always on one page with its last rows."""

    @property
    def table(self) -> RuledTable:
        """The table, for the height of its beginning."""
        return self._content[0]  # type: ignore[no-any-return]  # reportlab has no types

    def split(self, width: float, height: float) -> list[Flowable]:
        """Everything if it fits; else the rows that fit, except the last, which move with the places to sign."""
        heights = [flowable.wrap(width, _ENDLESS)[1] + flowable.getSpaceAfter() for flowable in self._content]
        if sum(heights) <= height:
            return list(self._content)
        before_last = sum(self.table._rowHeights[:-_LAST_ROWS])
        parts = Table.split(self.table, width, min(height, before_last))
        if len(parts) > 1:
            return [parts[0], PageBreak(), SignedTable([*parts[1:], *self._content[1:]])]
        if not self._frame._atTop:
            return [PageBreak(), SignedTable(self._content)]
        self.table._frame = self._frame
        whole = [self.table] if heights[0] <= height else self.table.split(width, height)  # a row as tall as a page
        return [*whole, *self._content[1:]]


def ruled_table(table: TableBlock, widths: Sequence[float]) -> RuledTable:
    """Make a table of a block; `widths` of the columns in points."""
    heads, commands = _head(table.columns)
    if len(table.rows) > 1:
        commands.append(("NOSPLIT", (0, -2), (0, -1)))  # the last row, often the total, must not be alone on a page
    return RuledTable(
        heads + [_cells(row, table.columns) for row in table.rows],
        widths,
        repeatRows=len(heads),
        style=_RULES + commands,
        spaceBefore=2,
        spaceAfter=8,
    )


_RULES: list[tuple[Any, ...]] = [
    ("FONTNAME", (0, 0), (-1, -1), FACES.regular),  # platypus writes a font name even if the cell has its own
    ("GRID", (0, 0), (-1, -1), 0.5, black),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), CELL_PADDING),
    ("RIGHTPADDING", (0, 0), (-1, -1), CELL_PADDING),
    ("TOPPADDING", (0, 0), (-1, -1), 2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
]


def _head(columns: Sequence[Column]) -> tuple[list[list[Any]], list[tuple[Any, ...]]]:
    """The head (one row, or two if columns have groups) and the table commands that join its cells."""
    kind = style(TABLE_SIZE, "center", bold=True)
    names = [list(texts((column.heading,), kind)) for column in columns]
    if not any(column.group for column in columns):
        return [names], [("VALIGN", (0, 0), (-1, 0), "MIDDLE")]
    top: list[Any] = list(names)
    commands: list[tuple[Any, ...]] = [("VALIGN", (0, 0), (-1, 1), "MIDDLE")]
    position = 0
    for group, members in groupby(columns, key=lambda column: column.group):
        last = position + len(list(members)) - 1
        if group:
            top[position : last + 1] = [list(texts((group,), kind)), *[[]] * (last - position)]
            commands.append(("SPAN", (position, 0), (last, 0)))
        else:
            commands += [("SPAN", (at, 0), (at, 1)) for at in range(position, last + 1)]
        position = last + 1
    below = [name if column.group else [] for name, column in zip(names, columns, strict=True)]
    return [top, below], commands


def _cells(row: TableRow, columns: Sequence[Column]) -> list[Any]:
    """The cells of a row; dots always begin at the left."""
    cells: list[Any] = []
    for cell, column in zip(row.cells, columns, strict=True):
        align = "left" if cell and isinstance(cell[0], Blank) else column.align
        cells.append(list(texts(cell, style(TABLE_SIZE, align, bold=row.bold))) if cell else [])
    return cells

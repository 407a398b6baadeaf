"""What platypus sets on the pages: text with blanks and ticks, ruled tables, headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from reportlab.lib.abag import ABag
from reportlab.lib.colors import black
from reportlab.lib.enums import TA_JUSTIFY, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, Table
from reportlab.platypus.paraparser import ParaFrag

from kcdesk.documents.blocks import Blank, Column, Inline, Row, Tick, split_lines
from kcdesk.documents.blocks import Table as TableBlock
from kcdesk.documents.fonts import printable
from kcdesk.documents.styles import TABLE_SIZE, style, with_leader

_DOTS_PER_LETTER = 2  # a dot is half as wide as an ordinary letter
_TICK_ROOM = "\u00a0" * 4
_TICK_SIDE = 0.78  # of the size of the letters
_LEADING = (TA_LEFT, TA_JUSTIFY)  # lines that dots can run to the end of


class Text(Paragraph):  # type: ignore[misc]
    """A paragraph that is broken into lines once for a width, however often tables and frames ask."""

    _wrapped: tuple[float, float, float] | None = None
    outline: tuple[str, int] | None = None  # under which name and on which level the file's outline lists it

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points."""
        if self._wrapped is None or self._wrapped[0] != width or not hasattr(self, "blPara"):
            self._wrapped = (width, *super().wrap(width, height))
        return self._wrapped[1:]

    def draw(self) -> None:
        """Set the lines; ticks are drawn by the canvas that carries them."""
        self.canv.setNamedCB("tick", _draw_tick)
        if self.outline:
            self._enter_outline(*self.outline)
        super().draw()

    def _enter_outline(self, title: str, level: int) -> None:
        key = f"{self.canv.getPageNumber()}/{level}/{title}"
        self.canv.bookmarkHorizontal(key, 0, self.height)
        # The outline takes no level without the one above it.
        self.canv.outline_level = min(level, getattr(self.canv, "outline_level", -1) + 1)
        self.canv.addOutlineEntry(title, key, self.canv.outline_level)


class RuledTable(Table):  # type: ignore[misc]
    """A table with lines whose head is repeated; a row that is longer than a page is divided."""

    def opening_height(self) -> float:
        """The height in points of the head and the first row, as far as it was wrapped."""
        return float(sum(filter(None, self._rowHeights[: self.repeatRows + 1])))


def ruled_table(table: TableBlock, widths: Sequence[float]) -> RuledTable:
    """A table of the block with columns of the given widths in points."""
    heads, commands = _head(table.columns)
    return RuledTable(
        heads + [_cells(row, table.columns) for row in table.rows],
        widths,
        repeatRows=len(heads),
        splitInRow=1,
        style=_RULES + commands,
        spaceBefore=2,
        spaceAfter=8,
    )


_RULES: list[tuple[Any, ...]] = [
    ("GRID", (0, 0), (-1, -1), 0.5, black),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 3),
    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ("TOPPADDING", (0, 0), (-1, -1), 2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
]


def _head(columns: Sequence[Column]) -> tuple[list[list[Any]], list[tuple[Any, ...]]]:
    """The head in one row, or in two when columns share a group; and what joins its cells."""
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
            top[position : last + 1] = [list(texts((group,), kind)), *[""] * (last - position)]
            commands.append(("SPAN", (position, 0), (last, 0)))
        else:
            commands += [("SPAN", (at, 0), (at, 1)) for at in range(position, last + 1)]
        position = last + 1
    below = [name if column.group else "" for name, column in zip(names, columns, strict=True)]
    return [top, below], commands


def _cells(row: Row, columns: Sequence[Column]) -> list[Any]:
    cells: list[Any] = []
    for cell, column in zip(row.cells, columns, strict=True):
        kind = style(TABLE_SIZE, column.align, bold=row.bold)
        cells.append(list(texts(cell, kind, shortest_blank=2)) if cell else "")
    return cells


def texts(inline: Inline, kind: ParagraphStyle, shortest_blank: int = 12) -> Iterator[Text]:
    """One paragraph for each line of a text; where one ends in a blank, dots run to the end of its line.

    Of such a blank at least `shortest_blank` letters stand on the line.
    """
    for line in split_lines(inline):
        blank = line[-1] if isinstance(line[-1], Blank) and kind.alignment in _LEADING else None
        yield Text(None, with_leader(kind) if blank else kind, frags=list(_fragments(line, kind, shortest_blank if blank else 0)))
        for _ in range(blank.lines - 1 if blank else 0):
            yield Text(None, with_leader(kind, first_line=False), frags=[_fragment("..", kind)])


def outlined(inline: Inline, kind: ParagraphStyle, title: str, level: int) -> Iterator[Text]:
    """A text that the outline of the file lists."""
    for number, text in enumerate(texts(inline, kind)):
        if not number:
            text.outline = (title, level)
        yield text


def _fragments(line: Inline, style: ParagraphStyle, shortest_blank: int) -> Iterator[ParaFrag]:
    """The pieces of a line; with `shortest_blank`, the last is a blank that dots will lengthen."""
    for number, piece in enumerate(line, 1):
        if isinstance(piece, Tick):
            yield _fragment("", style, cbDefn=ABag(kind="onDraw", name="tick", label=piece.on))
            yield _fragment(_TICK_ROOM, style)
        elif isinstance(piece, Blank):
            is_lengthened = shortest_blank and number == len(line)
            letters = min(piece.letters, shortest_blank) if is_lengthened else piece.letters
            yield _fragment("." * _DOTS_PER_LETTER * letters, style)
        else:
            yield _fragment(printable(piece), style)


def _fragment(text: str, style: ParagraphStyle, **more: Any) -> ParaFrag:
    return ParaFrag(
        text=text,
        fontName=style.fontName,
        fontSize=style.fontSize,
        textColor=style.textColor,
        rise=0,
        us_lines=[],
        link=[],
        **more,
    )


def _draw_tick(canvas: Any, _kind: str, on: bool) -> None:
    """A box on the line, crossed when it is ticked."""
    at = canvas._curr_tx_info
    size = at["tx"]._fontsize or at["xs"].style.fontSize
    draw_box(canvas, at["cur_x"], at["cur_y"] - 0.08 * size, _TICK_SIDE * size, on)


def draw_box(canvas: Any, x: float, y: float, side: float, on: bool) -> None:
    """A square with its lower left corner at x, y."""
    canvas.saveState()
    canvas.setLineWidth(0.7)
    canvas.rect(x, y, side, side)
    if on:
        canvas.setLineWidth(1.4)
        low, high = 0.2 * side, 0.8 * side
        canvas.lines([(x + low, y + low, x + high, y + high), (x + low, y + high, x + high, y + low)])
    canvas.restoreState()

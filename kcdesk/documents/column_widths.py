"""What fits into a width: the columns of a table, and the large lines of a certificate.

The columns are as wide as the layout says, but never so narrow that a number breaks across lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth

from kcdesk.documents.blocks import Blank, Display, Inline, Table, in_words, split_lines
from kcdesk.documents.fonts import faces, printable
from kcdesk.documents.styles import TABLE_SIZE, spread

CELL_PADDING = 3  # points, at the left and at the right
_ROUNDING = 0.5  # points
_NUMBER = re.compile(r"\d[\d.,/:-]*")
_DISPLAY_LINES = 2  # that the name in a certificate may take in its own size
_SMALLEST_DISPLAY = 14  # points
_FILLED = 0.9  # of a line, on average: a line ends before the word that does not fit


def column_widths(table: Table, width: float) -> list[float]:
    """Widths in points for a table of `width` points.

    A column whose numbers do not fit takes what it needs from the columns that have more than their words need.
    """
    widths = spread([column.width for column in table.columns], width)
    needs = [_need(table, place, _number_widths) for place in range(len(widths))]
    lacks = [max(need - given, 0) for need, given in zip(needs, widths, strict=True)]
    if not any(lacks):
        return widths
    words = [_need(table, place, _word_widths) for place in range(len(widths))]
    spares = _spares(widths, words) if sum(_spares(widths, words)) >= sum(lacks) else _spares(widths, needs)
    share = min(sum(lacks) / sum(spares), 1) if sum(spares) else 0
    gained = sum(spares) * share / sum(lacks)
    changed = zip(widths, lacks, spares, strict=True)
    return [given + lack * gained - spare * share for given, lack, spare in changed]


def _spares(widths: Sequence[float], needs: Sequence[float]) -> list[float]:
    return [max(given - need, 0) for given, need in zip(widths, needs, strict=True)]


def _need(table: Table, place: int, widths_of: object) -> float:
    """The width of the widest unbreakable piece of a column, with the room beside it."""
    assert callable(widths_of)
    heads = [(table.columns[place].heading, True)] if widths_of is _word_widths else []
    cells = [(_words(row.cells[place]), row.bold) for row in table.rows]
    widest = max((width for text, bold in (*heads, *cells) for width in widths_of(text, bold)), default=0.0)
    return widest + 2 * CELL_PADDING + _ROUNDING if widest else 0.0


def _number_widths(text: str, bold: bool) -> Iterator[float]:
    for number in _NUMBER.findall(text):
        yield _width(number, bold)


def _word_widths(text: str, bold: bool) -> Iterator[float]:
    for word in text.split():
        yield _width(word, bold)


def _width(piece: str, bold: bool) -> float:
    return float(stringWidth(printable(piece), faces().face(bold=bold, italic=False), TABLE_SIZE))


def _words(cell: Inline) -> str:
    return "".join(piece for piece in cell if isinstance(piece, str))


def fitting_size(display: Display, width: float) -> int:
    """The size in points at which the text needs two lines of this width, its own if that is enough; at least 14."""
    face = faces().face(bold=display.bold, italic=display.italic)
    asked = float(stringWidth(printable(in_words(display.text)), face, display.size)) / (width * _FILLED)
    if asked <= _DISPLAY_LINES:
        return display.size
    return min(display.size, max(_SMALLEST_DISPLAY, int(display.size * _DISPLAY_LINES / asked)))


def line_lengths(text: Inline, size: float, width: float, *, bold: bool = False) -> list[float]:
    """The lengths in points of the lines of a centred text of `size` points that is broken at `width` points."""
    face = faces().face(bold=bold)
    lengths: list[float] = []
    for line in split_lines(text):
        words = printable("".join(_as_letters(piece) for piece in line))
        broken = simpleSplit(words, face, size, width)
        lengths += [float(stringWidth(part, face, size)) for part in broken]
    return lengths


def _as_letters(piece: object) -> str:
    return "." * (2 * piece.letters) if isinstance(piece, Blank) else piece if isinstance(piece, str) else ""


def broken_lines(lines: Sequence[str], size: float, width: float) -> list[str]:
    """Lines of plain text of `size` points, each broken where it is wider than `width` points."""
    return [part for line in lines for part in simpleSplit(printable(line), faces().regular, size, width)]

"""The marks in the corners of a paper that is read back, and the small marks that give the number of its page.

All lengths are millimetres from the upper left corner of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MARK_SIDE = 4.0
BIT_SIDE = 2.0
_INSET = 9.0  # from the edge to the centre of a mark; printers reach to within 6
_BIT_STEP = 4.0
_BITS = 6  # of the number of a page, then one that makes the number of drawn marks odd
MOST_PAGES = (1 << _BITS) - 1
_POINTS = 72 / 25.4

Point = tuple[float, float]


def corner_marks(width: float, height: float) -> tuple[Point, Point, Point, Point]:
    """The centres of the marks: upper left, upper right, lower right, lower left."""
    right, low = width - _INSET, height - _INSET
    return (_INSET, _INSET), (right, _INSET), (right, low), (_INSET, low)


def bit_places(width: float) -> list[Point]:
    """The centres of the places for the number of the page, beside the upper right mark; the lowest bit first."""
    return [(width - _INSET - 8 - _BIT_STEP * place, _INSET) for place in range(_BITS + 1)]


def page_bits(number: int) -> list[bool]:
    """Which places are drawn for a page, counted from 1."""
    bits = [bool(number >> place & 1) for place in range(_BITS)]
    return [*bits, not sum(bits) % 2]


def page_of_bits(bits: list[bool]) -> int:
    """The number of the page; 0 if the places are not those of any page."""
    number = sum(1 << place for place, is_drawn in enumerate(bits[:_BITS]) if is_drawn)
    return number if bits == page_bits(number) else 0


def draw_marks(canvas: Any, width: float, height: float, number: int) -> None:
    """Draw the marks of one page."""
    for left, top, side in mark_squares(width, height, number):
        low = height - top - side
        canvas.rect(left * _POINTS, low * _POINTS, side * _POINTS, side * _POINTS, stroke=0, fill=1)


def mark_squares(width: float, height: float, number: int) -> Iterator[tuple[float, float, float]]:
    """Left edge, upper edge and side of every square of a page; none on a page beyond the last that has a number."""
    if number > MOST_PAGES:
        return
    drawn = [place for place, is_drawn in zip(bit_places(width), page_bits(number), strict=True) if is_drawn]
    sides = [(point, MARK_SIDE) for point in corner_marks(width, height)] + [(point, BIT_SIDE) for point in drawn]
    for (x, y), side in sides:
        yield x - side / 2, y - side / 2, side

"""Strokes of a pen that go on far beyond a box, or lead into another one: which box they answer is not sure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from math import ceil

from PIL import Image, ImageChops, ImageFilter

from kcdesk.documents.ticked.box_finding import SeenBox
from kcdesk.documents.ticked.corner_marks import Point
from kcdesk.documents.ticked.dark_parts import DarkPart, DarkRun, dark_runs
from kcdesk.documents.ticked.darkness import darkness
from kcdesk.documents.ticked.placed_pieces import PieceKey

_INK = 48  # darkness of a stroke
_REACH = 8.0  # millimetres within which the paper is looked for
_BEYOND = 2.0  # sides of a box by which a tick may go on outside of it
_LINE = 32.0  # millimetres; what is straight for so long, flat or upright, is a line of the table
_COARSE = 2  # pixels of the page for one that is looked at
_GAP = 5  # coarse pixels; what is nearer belongs together: a stroke is cut where a line of the table crosses it


def boxes_of_long_strokes(
    page: Image.Image, scale: float, side: float, inset: float, marked: Mapping[PieceKey, SeenBox]
) -> set[PieceKey]:
    """The marked boxes whose stroke goes on far outside or is also in another one; `side`, `inset` in millimetres."""
    if not marked:
        return set()
    coarse = scale / _COARSE
    rows = dark_runs(_strokes(page.reduce(_COARSE), coarse))
    middles = {key: (box.middle[0] / _COARSE, box.middle[1] / _COARSE) for key, box in marked.items()}
    half = (side / 2 - inset) * coarse
    inside = {key: set(_parts_inside(rows, middle, half)) for key, middle in middles.items()}
    in_boxes = Counter(part for parts in inside.values() for part in parts)
    far = (0.5 + _BEYOND) * side * coarse
    return {
        key
        for key, parts in inside.items()
        if any(in_boxes[part] > 1 or _extent(part, middles[key]) > far for part in parts)
    }


def _strokes(page: Image.Image, scale: float) -> Image.Image:
    """255 where the page is dark, without the straight lines of tables."""
    dark: Image.Image = darkness(page, _REACH * scale).point(lambda level: 255 * (level > _INK))
    half = ceil(_LINE * scale / 2)
    thick = dark.filter(ImageFilter.MaxFilter(3))  # a line that is a little askew is still a line
    for direction in ((half, 0), (0, half)):
        whole = thick.filter(ImageFilter.BoxBlur(direction)).point(lambda level: 255 * (level == 255))
        line = whole.filter(ImageFilter.BoxBlur(direction)).point(lambda level: 255 * (level > 0))
        dark = ImageChops.subtract(dark, line)
    return dark.filter(ImageFilter.MaxFilter(_GAP))


def _parts_inside(rows: list[list[DarkRun]], middle: Point, half: float) -> Iterator[DarkPart]:
    x, y = middle
    for runs in rows[max(round(y - half), 0) : round(y + half) + 1]:
        yield from (run.part.whole for run in runs if run.left <= x + half and x - half < run.right)


def _extent(part: DarkPart, middle: Point) -> float:
    """How far from the middle of a box a part reaches."""
    x, y = middle
    return max(x - part.left, part.right - x, y - part.top, part.low - y)

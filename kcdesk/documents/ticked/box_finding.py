"""Find the printed boxes on a straightened page, near the places where the paper has them.

A page that is bent, or not quite flat, moves its boxes by some millimetres. Boxes near each other move alike, so that
a box whose frame is hidden by ink is looked for where its neighbours are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from PIL import Image, ImageChops, ImageFilter

from kcdesk.documents.ticked.corner_marks import Point
from kcdesk.documents.ticked.darkness import darkness
from kcdesk.documents.ticked.placed_pieces import PieceKey, PiecePlace
from kcdesk.documents.ticked.plane import distance
from kcdesk.runtime.frozen import Value

_WIDE, _NARROW = 4.0, 1.0  # millimetres around the expected place: first, then beside the neighbours
_LEAST_FRAME = 55  # darkness of all four sides of a frame that is surely seen
_FAINTEST_FRAME = 30  # darkness below which no frame is seen
_NEIGHBOURS = 9
_MOST_APART = 0.7  # millimetres by which a box may move otherwise than its neighbours


class SeenBox(Value):
    """A box on the straightened page: its middle in pixels, and how dark its frame is (0: not seen)."""

    middle: Point
    frame: int


def seen_boxes(page: Image.Image, scale: float, places: Mapping[PieceKey, PiecePlace]) -> dict[PieceKey, SeenBox]:
    """The boxes at the places, all of one size; pixels are `scale` to a millimetre."""
    if not places:
        return {}
    side = next(iter(places.values())).width * scale
    frames = _frames(darkness(page, 8 * scale), side)
    expected = {key: _middle(place, scale) for key, place in places.items()}
    first = {key: _best(frames, middle, _WIDE * scale) for key, middle in expected.items()}
    moved = {
        key: (box.middle[0] - expected[key][0], box.middle[1] - expected[key][1])
        for key, box in first.items()
        if box.frame >= _LEAST_FRAME
    }
    return {key: _beside_neighbours(frames, middle, expected, moved, scale) for key, middle in expected.items()}


def shift_at(seen: Mapping[PieceKey, SeenBox], places: Mapping[PieceKey, PiecePlace], at: Point, scale: float) -> Point:
    """By how many pixels the page has moved around a place, told by the boxes near it; nothing without boxes."""
    moved, expected = {}, {}
    for key, box in seen.items():
        if box.frame >= _LEAST_FRAME:
            expected[key] = middle = _middle(places[key], scale)
            moved[key] = box.middle[0] - middle[0], box.middle[1] - middle[1]
    return _shift(at, expected, moved) or (0.0, 0.0)


def _middle(place: PiecePlace, scale: float) -> Point:
    return (place.left + place.width / 2) * scale, (place.top + place.height / 2) * scale


def _frames(dark: Image.Image, side: float) -> Image.Image:
    """For each pixel, how dark the lightest of the four sides is of a frame of which it would be the middle."""
    half = round(side / 2)
    flat = dark.filter(ImageFilter.BoxBlur((half, 1)))
    upright = dark.filter(ImageFilter.BoxBlur((1, half)))
    both = ImageChops.darker(ImageChops.offset(flat, 0, half), ImageChops.offset(flat, 0, -half))
    return ImageChops.darker(
        both, ImageChops.darker(ImageChops.offset(upright, half, 0), ImageChops.offset(upright, -half, 0))
    )


def _best(frames: Image.Image, around: Point, reach: float) -> SeenBox:
    """The place with the darkest frame within `reach` pixels."""
    left, top = max(round(around[0] - reach), 0), max(round(around[1] - reach), 0)
    right = min(round(around[0] + reach) + 1, frames.width)
    low = min(round(around[1] + reach) + 1, frames.height)
    if right <= left or low <= top:
        return SeenBox(around, 0)
    cut = frames.crop((left, top, right, low))
    levels = cut.tobytes()
    most = max(levels)
    level = max(most - most // 12, 1)
    places = [place for place, value in enumerate(levels) if value >= level]
    width = right - left
    target = around[0] - left, around[1] - top
    peak = min(places, key=lambda place: (-levels[place], distance((place % width, place // width), target)))
    near = [p for p in places if abs(p % width - peak % width) <= 3 and abs(p // width - peak // width) <= 3]
    x = sum(place % width for place in near) / len(near)
    y = sum(place // width for place in near) / len(near)
    return SeenBox((left + x, top + y), most)


def _shift(at: Point, expected: Mapping[PieceKey, Point], moved: Mapping[PieceKey, Point]) -> Point | None:
    """How the boxes near a place have moved: the middle one of their movements."""
    nearest: Sequence[PieceKey] = sorted(moved, key=lambda key: distance(expected[key], at))[:_NEIGHBOURS]
    if not nearest:
        return None
    return median(moved[key][0] for key in nearest), median(moved[key][1] for key in nearest)


def _beside_neighbours(
    frames: Image.Image,
    middle: Point,
    expected: Mapping[PieceKey, Point],
    moved: Mapping[PieceKey, Point],
    scale: float,
) -> SeenBox:
    """The box where its neighbours have moved; not seen if its frame is too faint there."""
    shift = _shift(middle, expected, moved)
    if shift is None:
        return SeenBox(middle, 0)
    there = middle[0] + shift[0], middle[1] + shift[1]
    box = _best(frames, there, _NARROW * scale)
    if box.frame < _FAINTEST_FRAME:
        return SeenBox(there, 0)
    return box if distance(box.middle, there) <= _MOST_APART * scale * 1.5 else SeenBox(there, box.frame)

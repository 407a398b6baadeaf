"""Whether a box is ticked: how much darker its inside is than the paper around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from PIL import Image, ImageFilter

from kcdesk.documents.ticked.box_finding import SeenBox
from kcdesk.documents.ticked.long_strokes import boxes_of_long_strokes
from kcdesk.documents.ticked.placed_pieces import PieceKey
from kcdesk.runtime.frozen import Value

Mark = Literal["empty", "ticked", "filled", "doubtful"]

_INSET = 0.42  # millimetres from the middle of the frame's line to the inside that is looked at
_EMPTY, _TICKED, _FILLED = 0.018, 0.070, 0.62  # of the light of the paper
_THIN_LINE = 0.04  # of the light of the box: the contrast of a thin line beyond that of the grain of the picture
_LEAST_GRAIN, _MOST_GRAIN = 0.01, 0.05  # contrast that grain alone is believed to have
_GRAIN_SHARE = 0.25  # of the boxes that look empty, whose contrast is still grain
_LEAST_EMPTY = 8  # boxes that look empty by which the grain is known
_EDGE = 0.25  # millimetres at the edge of the inside where the frame may shine in when a thin line is looked for
_BLUR = 1.0  # pixels by which noise is smoothed before
_LIGHTER, _DARKEST = 0.8, 0.03  # shares of the pixels of a box: the level of its paper, that of a line
_NOT_INK = 0.72  # of the light of the paper; what is darker counts as ink
_AROUND = 1.8  # of the side; the paper is looked for within
_LIGHT = 0.75  # share of pixels around that are darker than what counts as paper


class BoxInk(Value):
    """What is in a box, and how dark it is as a share of full ink."""

    mark: Mark
    amount: float


def inks_of(page: Image.Image, scale: float, side: float, boxes: Mapping[PieceKey, SeenBox]) -> dict[PieceKey, BoxInk]:
    """What is in each box of a straightened page; `side` in millimetres. A box that is not seen is doubtful."""
    inks = {key: _ink(page, scale, side, box) if box.frame else BoxInk("doubtful", 0) for key, box in boxes.items()}
    marked = {key: boxes[key] for key, ink in inks.items() if ink.mark in ("ticked", "filled")}
    empty = {key: _contrast(page, scale, side, boxes[key]) for key, ink in inks.items() if ink.mark == "empty"}
    unsure = boxes_of_long_strokes(page, scale, side, _INSET, marked) | _with_thin_line(empty)
    return {key: BoxInk("doubtful", ink.amount) if key in unsure else ink for key, ink in inks.items()}


def _ink(page: Image.Image, scale: float, side: float, box: SeenBox) -> BoxInk:
    return _in_its_light(page, scale, side, box, _judged(_amount(page, scale, side, box)))


def _with_thin_line(contrasts: Mapping[PieceKey, float]) -> set[PieceKey]:
    """The boxes among those that look empty in which something is darker than the grain of the picture."""
    sorted_contrasts = sorted(contrasts.values())
    is_known = len(sorted_contrasts) >= _LEAST_EMPTY
    seen = sorted_contrasts[round(_GRAIN_SHARE * len(sorted_contrasts))] if is_known else 0
    grain = min(max(seen, _LEAST_GRAIN), _MOST_GRAIN)
    return {key for key, contrast in contrasts.items() if contrast > grain + _THIN_LINE}


def _contrast(page: Image.Image, scale: float, side: float, box: SeenBox) -> float:
    """How much darker a thin line in a box is than most of its inside, as a share of the light there."""
    inside = _square(page, box, (side / 2 - _INSET + _EDGE) * scale).filter(ImageFilter.GaussianBlur(_BLUR))
    edge = round(2 * _EDGE * scale)
    histogram = inside.crop((edge, edge, inside.width - edge, inside.height - edge)).histogram()
    light = _level(histogram, _LIGHTER)
    return (light - _level(histogram, _DARKEST)) / max(light, 1)


def _in_its_light(page: Image.Image, scale: float, side: float, box: SeenBox, ink: BoxInk) -> BoxInk:
    """The same; doubtful if it is no mark beside the darkest of the paper around: the edge of a shadow lies there."""
    if ink.mark not in ("ticked", "filled"):
        return ink
    x, y = box.middle
    near, far = 1.15 * side * scale / 2, _AROUND * side * scale / 2
    beside = ((-far, -far, -near, far), (near, -far, far, far), (-far, -far, far, -near), (-far, near, far, far))
    parts = [page.crop((round(x + a), round(y + b), round(x + c) + 1, round(y + d) + 1)) for a, b, c, d in beside]
    darkest = min(_paper(part.histogram()) for part in parts)
    levels = _square(page, box, (side / 2 - _INSET) * scale).tobytes()
    amount = (darkest - sum(levels) / len(levels)) / max(darkest, 1)
    return ink if amount >= _TICKED else BoxInk("doubtful", ink.amount)


def _amount(page: Image.Image, scale: float, side: float, box: SeenBox) -> float:
    """How much darker the inside is than the paper around, as a share of the light of the paper."""
    paper = _paper(_square(page, box, _AROUND * side * scale / 2).histogram())
    levels = _square(page, box, (side / 2 - _INSET) * scale).tobytes()
    return (paper - sum(levels) / len(levels)) / max(paper, 1)


def _square(page: Image.Image, box: SeenBox, half: float) -> Image.Image:
    (x, y) = box.middle
    return page.crop((round(x - half), round(y - half), round(x + half) + 1, round(y + half) + 1))


def _paper(histogram: Sequence[int]) -> float:
    """The light of the paper: the mean of the pixels that are not much darker than most, so that noise is no ink."""
    paper = _level(histogram, _LIGHT)
    for _ in range(2):
        light = range(round(paper * _NOT_INK), len(histogram))
        count = sum(histogram[level] for level in light)
        paper = sum(level * histogram[level] for level in light) / max(count, 1)
    return paper


def _level(histogram: Sequence[int], share: float) -> float:
    """The grey level below which a share of the pixels lie."""
    left = share * sum(histogram)
    for level, count in enumerate(histogram):
        left -= count
        if left <= 0:
            return level
    return len(histogram) - 1


def _judged(amount: float) -> BoxInk:
    if amount < _EMPTY:
        return BoxInk("empty", amount)
    if amount < _TICKED:
        return BoxInk("doubtful", amount)
    return BoxInk("filled" if amount >= _FILLED else "ticked", amount)

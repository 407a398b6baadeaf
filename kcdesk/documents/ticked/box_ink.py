"""Whether a box is ticked: how much darker its inside is than the paper around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from PIL import Image

from kcdesk.documents.ticked.box_finding import SeenBox
from kcdesk.documents.ticked.placed_pieces import PieceKey

Mark = Literal["empty", "ticked", "filled", "doubtful"]

_INSET = 0.42  # millimetres from the middle of the frame's line to the inside that is looked at
_EMPTY, _TICKED, _FILLED = 0.030, 0.075, 0.62  # of the darkness of full ink
_MOST_SHADE = 0.05
_AROUND = 1.8  # of the side; the paper is looked for within
_LIGHT = 0.75  # share of pixels around that are darker than what counts as paper


@dataclass(frozen=True, slots=True)
class BoxInk:
    """What is in a box, and how dark it is as a share of full ink."""

    mark: Mark
    amount: float


def inks_of(page: Image.Image, scale: float, side: float, boxes: Mapping[PieceKey, SeenBox]) -> dict[PieceKey, BoxInk]:
    """What is in each box of a straightened page; `side` in millimetres.

    An even shade that all boxes have, of the paper or of the print behind, is no ink.
    """
    raw = {key: _raw(page, scale, side, box) for key, box in boxes.items() if box.frame}
    shade = _shade(list(raw.values()))
    return {key: _judged(raw[key] - shade) if key in raw else BoxInk("doubtful", 0) for key in boxes}


def _raw(page: Image.Image, scale: float, side: float, box: SeenBox) -> float:
    """How much darker the inside is than the paper around, as a share of the light of the paper."""
    x, y = box.middle
    half = _AROUND * side * scale / 2
    around = page.crop((round(x - half), round(y - half), round(x + half), round(y + half)))
    paper = _level(around.histogram(), _LIGHT)
    half = (side / 2 - _INSET) * scale
    inside = page.crop((round(x - half), round(y - half), round(x + half) + 1, round(y + half) + 1))
    levels = inside.tobytes()
    return max(paper - sum(levels) / len(levels), 0) / max(paper, 1)


def _level(histogram: Sequence[int], share: float) -> int:
    """The grey level below which a share of the pixels lie."""
    left = share * sum(histogram)
    for level, count in enumerate(histogram):
        left -= count
        if left <= 0:
            return level
    return 255


def _shade(amounts: list[float]) -> float:
    """The shade of empty boxes, told by the lighter half of them; a page is never wholly ticked."""
    lighter = sorted(amounts)[: max(len(amounts) // 3, 1)]
    return min(sum(lighter) / len(lighter), _MOST_SHADE) if lighter else 0.0


def _judged(amount: float) -> BoxInk:
    if amount < _EMPTY:
        return BoxInk("empty", amount)
    if amount < _TICKED:
        return BoxInk("doubtful", amount)
    return BoxInk("filled" if amount >= _FILLED else "ticked", amount)

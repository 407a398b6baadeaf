"""Connected dark parts of a picture: marks, letters, strokes of a pen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from kcdesk.documents.ticked.corner_marks import Point
from kcdesk.runtime.frozen import Value

_RUN = re.compile(rb"\xff+")


@dataclass(slots=True, eq=False)
class DarkPart:
    """Dark pixels that touch each other, as the box around them."""

    left: int
    right: int
    top: int
    low: int
    joined_to: DarkPart | None = None

    @property
    def whole(self) -> DarkPart:
        """The part to which this one belongs in the end."""
        part = self
        while part.joined_to is not None:
            part = part.joined_to
        return part

    @property
    def width(self) -> int:
        """How many pixels it is wide."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """How many pixels it is high."""
        return self.low - self.top + 1

    @property
    def middle(self) -> Point:
        """The middle of the box around it."""
        return (self.left + self.right) / 2, (self.top + self.low + 1) / 2


class DarkRun(Value):
    """Dark pixels beside each other in one row: from `left` up to, not with, `right`."""

    left: int
    right: int
    part: DarkPart


def dark_parts(picture: Image.Image) -> list[DarkPart]:
    """The connected parts of the pixels that are 255."""
    done: list[DarkPart] = []
    for _ in _rows(picture, done):
        pass
    return [part for part in done if part.joined_to is None]


def dark_runs(picture: Image.Image) -> list[list[DarkRun]]:
    """The pixels that are 255 row by row, each run with its part; ask a part for the `whole` one."""
    return list(_rows(picture, []))


def _rows(picture: Image.Image, done: list[DarkPart]) -> Iterator[list[DarkRun]]:
    width, height = picture.size
    levels = picture.tobytes()
    above: list[DarkRun] = []
    for y in range(height):
        runs: list[DarkRun] = []
        for match in _RUN.finditer(levels, y * width, (y + 1) * width):
            left, right = match.start() - y * width, match.end() - y * width
            touching = [run.part for run in above if run.left < right and left < run.right]
            runs.append(DarkRun(left, right, _joined(touching, done, left, right, y)))
        yield runs
        above = runs


def _joined(touching: list[DarkPart], done: list[DarkPart], left: int, right: int, y: int) -> DarkPart:
    """The part of a run of pixels: that which it touches, joined with the others that it touches, or a new one."""
    if not touching:
        done.append(DarkPart(left, right, y, y))
        return done[-1]
    part = touching[0].whole
    for other in (touched.whole for touched in touching[1:]):
        if other is not part:
            other.joined_to = part
            part.left, part.right = min(part.left, other.left), max(part.right, other.right)
            part.top = min(part.top, other.top)
    part.left, part.right, part.low = min(part.left, left), max(part.right, right), y
    return part

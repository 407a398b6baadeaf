"""A flat page in a picture: where a place of the page is seen, from places that were found."""

from __future__ import annotations

from collections.abc import Sequence

from kcdesk.documents.ticked.corner_marks import Point
from kcdesk.runtime.frozen import Value

_LEAST_PIVOT = 1e-9


class View(Value):
    """How millimetres of a page become pixels of a picture: the eight numbers of a perspective."""

    numbers: tuple[float, ...]

    def pixel(self, place: Point) -> Point:
        """Where a place of the page is seen."""
        a, b, c, d, e, f, g, h = self.numbers
        x, y = place
        depth = g * x + h * y + 1
        return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth

    def coefficients(self, scale: float) -> tuple[float, ...]:
        """What Pillow needs to draw the page with `scale` pixels for a millimetre."""
        a, b, c, d, e, f, g, h = self.numbers
        return a / scale, b / scale, c, d / scale, e / scale, f, g / scale, h / scale


def view_of(places: Sequence[Point], pixels: Sequence[Point]) -> View | None:
    """The perspective in which four or more places are seen as near as possible to the pixels; None for none."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(places, pixels, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    squares = [[sum(row[i] * row[j] for row in rows) for j in range(9)] for i in range(8)]
    numbers = _solved(squares)
    return View(tuple(numbers)) if numbers else None


def similar_view(places: Sequence[Point], pixels: Sequence[Point]) -> View:
    """The turned and scaled page, without perspective, that shows places at pixels."""
    count = len(places)
    mean_x, mean_y = sum(x for x, _ in places) / count, sum(y for _, y in places) / count
    mean_u, mean_v = sum(u for u, _ in pixels) / count, sum(v for _, v in pixels) / count
    along = across = size = 0.0
    for (x, y), (u, v) in zip(places, pixels, strict=True):
        dx, dy, du, dv = x - mean_x, y - mean_y, u - mean_u, v - mean_v
        along += dx * du + dy * dv
        across += dx * dv - dy * du
        size += dx * dx + dy * dy
    a, b = along / size, across / size
    return View((a, -b, mean_u - a * mean_x + b * mean_y, b, a, mean_v - b * mean_x - a * mean_y, 0, 0))


def distance(first: Point, second: Point) -> float:
    """The distance of two points."""
    return float(((first[0] - second[0]) ** 2 + (first[1] - second[1]) ** 2) ** 0.5)


def _solved(matrix: list[list[float]]) -> list[float]:
    """Solve linear equations, each a row with its right side at the end; empty if they have no single solution."""
    size = len(matrix)
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(matrix[row][column]))
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        if abs(matrix[column][column]) < _LEAST_PIVOT:
            return []
        for row in range(size):
            if row != column:
                share = matrix[row][column] / matrix[column][column]
                matrix[row] = [value - share * above for value, above in zip(matrix[row], matrix[column], strict=True)]
    return [matrix[row][size] / matrix[row][row] for row in range(size)]

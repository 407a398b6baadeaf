"""Find a page in a picture: by its QR code, then by the marks in its corners."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import ceil

from PIL import Image, ImageFilter

from kcdesk.documents.paper_codes import read_qr
from kcdesk.documents.ticked.corner_marks import MARK_SIDE, Point, bit_places, corner_marks, page_of_bits
from kcdesk.documents.ticked.dark_parts import dark_parts
from kcdesk.documents.ticked.darkness import darkness
from kcdesk.documents.ticked.plane import View, distance, similar_view, view_of
from kcdesk.runtime.frozen import Value

CORNER_NAMES = ("trên bên trái", "trên bên phải", "dưới bên phải", "dưới bên trái")
_COARSE = 4.0  # pixels for a millimetre where marks are looked for
_CORE = 2.6  # millimetres of a mark that are dark everywhere
_LIGHTEST_CORE = 125  # darkness that a mark has at least
_LARGEST_CORE = 4.4  # millimetres around which a mark is that dark; a larger dark place is no mark
_MOST_AROUND = 0.2  # of its own area that may be dark beside a mark: dirt, a line of a pen
_REACH = 60.0  # millimetres by which a far mark may lie beside the place that the code alone tells
_NEAR = 0.3  # of the distance from the code, by which it may do so
_MOST_MARKS = 5  # that are tried for one corner
_CODE_ERROR = 2.2  # millimetres by which the corners of the code may lie beside their places
_FINE = 6.0  # pixels for a millimetre of the flat page


class SeenCode(Value):
    """A QR code in a picture: its text, and its corners from the upper left one on, clockwise."""

    text: str
    corners: tuple[Point, ...]


class PageMeasures(Value):
    """The size of a page and the place of its code, in millimetres."""

    width: float
    height: float
    code_left: float
    code_top: float
    code_side: float

    @property
    def code_corners(self) -> tuple[Point, ...]:
        """The corners of the code, from the upper left one on, clockwise."""
        left, top, side = self.code_left, self.code_top, self.code_side
        return (left, top), (left + side, top), (left + side, top + side), (left, top + side)


class FlatPage(Value):
    """A page as it would be seen from straight above, `scale` pixels for a millimetre; `number` 0: not readable."""

    picture: Image.Image
    scale: float
    number: int


def seen_codes(picture: Image.Image) -> list[SeenCode]:
    """The QR codes in a picture."""
    from zxingcpp import BarcodeFormat, BarcodeFormats, read_barcodes  # only a scan pays for it

    seen = read_barcodes(picture, formats=BarcodeFormats([BarcodeFormat.QRCode]))
    return [SeenCode(code.text, tuple(_corners(code.position))) for code in seen]


def _corners(position: object) -> Iterator[Point]:
    for name in ("top_left", "top_right", "bottom_right", "bottom_left"):
        point = getattr(position, name)
        yield float(point.x), float(point.y)


def code_of_paper(codes: Sequence[SeenCode], wanted: str) -> SeenCode | None:
    """The code with the wanted text among those of a picture."""
    return next((code for code in codes if code.text == wanted and read_qr(code.text)), None)


def flat_page(picture: Image.Image, code: SeenCode, page: PageMeasures) -> FlatPage | list[int]:
    """The page that has the code, straightened; the numbers of the corners whose marks are not seen if any is not."""
    near = similar_view(page.code_corners, code.corners)
    size = distance(code.corners[0], code.corners[2]) / 2**0.5 / page.code_side
    shrunk, share = _shrunk(picture, min(_COARSE / max(size, 0.01), 1.0))
    marks = [(x / share, y / share) for x, y in _marks(shrunk, size * share)]
    view = _fitting(marks, near, code, page, size)
    if not isinstance(view, View):
        return view
    flat = picture.transform(
        (round(page.width * _FINE), round(page.height * _FINE)),
        Image.Transform.PERSPECTIVE,
        view.coefficients(_FINE),
        Image.Resampling.BICUBIC,
        fillcolor=255,
    )
    return FlatPage(flat, _FINE, _number(flat, page))


def _shrunk(picture: Image.Image, share: float) -> tuple[Image.Image, float]:
    width, height = picture.size
    size = (max(round(width * share), 1), max(round(height * share), 1))
    return picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0), share


# -- marks ---------------------------------------------------------------------------------------------------------


def _marks(picture: Image.Image, scale: float) -> list[Point]:
    """The middles of everything that may be a mark: a dark square of about the right size, alone on light paper."""
    dark = darkness(picture, 7 * scale)
    inner = dark.filter(ImageFilter.BoxBlur(_CORE * scale / 2)).point(lambda level: 255 * (level >= _LIGHTEST_CORE))
    largest = ceil(_LARGEST_CORE * scale)
    middles = [part.middle for part in dark_parts(inner) if part.width <= largest and part.height <= largest]
    return [mark for middle in middles if (mark := _square_at(dark, middle, scale))]


def _square_at(dark: Image.Image, middle: Point, scale: float) -> Point | None:
    """The middle of the square of the size of a mark that is at a place, with light paper around; None for others."""
    reach = MARK_SIDE * 0.95
    left, top = round(middle[0] - reach * scale), round(middle[1] - reach * scale)
    side = round(2 * reach * scale)
    if left < 0 or top < 0 or left + side > dark.width or top + side > dark.height:
        left, top = max(left, 0), max(top, 0)
    cut = dark.crop((left, top, left + side, top + side)).point(lambda level: 255 * (level > _LIGHTEST_CORE * 0.8))
    around = [
        part for part in dark_parts(cut) if part.left < side / 2 < part.right and part.top < side / 2 <= part.low + 1
    ]
    if len(around) != 1:
        return None
    part = around[0]
    sides = sorted((part.width / scale, part.height / scale))
    if not (sides[0] >= 0.6 * MARK_SIDE and sides[1] <= 1.7 * MARK_SIDE and sides[1] <= 1.9 * sides[0]):
        return None
    square = cut.crop((part.left, part.top, part.right, part.low + 1))
    levels = square.tobytes()
    around_it = cut.tobytes().count(255) - levels.count(255)
    if levels.count(255) < 0.5 * len(levels) or around_it > _MOST_AROUND * levels.count(255):
        return None
    return _weighted(levels, square.width, left + part.left, top + part.top)


def _weighted(levels: bytes, width: int, left: int, top: int) -> Point:
    """The middle of the pixels that are 255."""
    places = [place for place, level in enumerate(levels) if level]
    x = sum(place % width for place in places) / len(places)
    y = sum(place // width for place in places) / len(places)
    return left + x + 0.5, top + y + 0.5


# -- the page ------------------------------------------------------------------------------------------------------


def _fitting(marks: list[Point], near: View, code: SeenCode, page: PageMeasures, size: float) -> View | list[int]:
    """The view of the page in which the marks and the code fit together; else the corners without a mark."""
    places = corner_marks(page.width, page.height)
    middle = _middle(page.code_corners)
    candidates: list[list[Point]] = []
    for place in places:
        expected = near.pixel(place)
        reach = min(_NEAR * distance(place, middle) + 3, _REACH) * size
        close = sorted((distance(mark, expected), mark) for mark in marks if distance(mark, expected) < reach)
        candidates.append([mark for _, mark in close[:_MOST_MARKS]])
    missing = [number for number, close in enumerate(candidates) if not close]
    if missing:
        return missing
    views = [view for chosen in product(*candidates) if (view := _view(range(4), chosen, code, page, size))]
    if views:
        return min(views, key=lambda fitting: fitting[0])[1]
    return [_without_mark(candidates, code, page, size)]


def _view(
    corners: Sequence[int], chosen: Sequence[Point], code: SeenCode, page: PageMeasures, size: float
) -> tuple[float, View] | None:
    """The view in which marks are at corners, with its error in millimetres; None if the code is not in its place.

    With fewer than four marks, the corners of the code count as well.
    """
    if not _is_convex(chosen):
        return None
    places = [corner_marks(page.width, page.height)[number] for number in corners]
    if len(chosen) < len(CORNER_NAMES):
        view = view_of([*places, *page.code_corners], [*chosen, *code.corners])
    else:
        view = view_of(places, chosen)
    if view is None:
        return None
    pairs = zip((*places, *page.code_corners), (*chosen, *code.corners), strict=True)
    error = max(distance(view.pixel(place), seen) for place, seen in pairs) / size
    return (error, view) if error < _CODE_ERROR else None


def _without_mark(candidates: list[list[Point]], code: SeenCode, page: PageMeasures, size: float) -> int:
    """The corner without which the marks of the others fit best."""
    errors: dict[int, float] = {}
    for left_out in range(len(candidates)):
        corners = [number for number in range(len(candidates)) if number != left_out]
        for chosen in product(*(candidates[number] for number in corners)):
            fitting = _view(corners, chosen, code, page, size)
            if fitting:
                errors[left_out] = min(errors.get(left_out, fitting[0]), fitting[0])
    return min(errors, key=lambda number: errors[number], default=0)


def _is_convex(points: Sequence[Point]) -> bool:
    """Whether points turn the same way at every corner."""
    turns = set()
    for number in range(len(points)):
        (ax, ay), (bx, by), (cx, cy) = (points[(number + step) % len(points)] for step in range(3))
        turns.add((bx - ax) * (cy - by) - (by - ay) * (cx - bx) > 0)
    return len(turns) == 1


def _middle(points: Sequence[Point]) -> Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _number(flat: Image.Image, page: PageMeasures) -> int:
    """The number of the page from the small marks beside the upper right corner."""
    band = round(16 * _FINE)
    left = round(page.width * _FINE) - round(60 * _FINE)
    dark = darkness(flat.crop((left, 0, flat.width, band)), 4 * _FINE)
    half = round(0.5 * _FINE)
    bits = []
    for x, y in bit_places(page.width):
        across, down = round(x * _FINE) - left, round(y * _FINE)
        levels = dark.crop((across - half, down - half, across + half, down + half)).tobytes()
        bits.append(sum(levels) > _LIGHTEST_CORE * len(levels))
    return page_of_bits(bits)

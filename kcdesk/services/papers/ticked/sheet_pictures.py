"""What the worker process does with the pictures of ticked sheets: straighten each page, look at its boxes, cut it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk.bounded import limits
from kcdesk.bounded.serving import NextStep
from kcdesk.documents.ticked import box_finding, box_ink, page_finding
from kcdesk.documents.ticked.box_finding import SeenBox
from kcdesk.documents.ticked.darkness import darkness
from kcdesk.documents.ticked.page_finding import FlatPage, PageMeasures, SeenCode
from kcdesk.documents.ticked.placed_pieces import PieceKey, PiecePlace
from kcdesk.runtime.frozen import Value
from kcdesk.services.papers.scan_reading import scan_pictures

if TYPE_CHECKING:
    from PIL.Image import Image

_LEAST_SEEN = 0.7  # share of the boxes of a page that must be where the paper has them
_EDGE = 0.9  # millimetres of a blank that are not looked at: the lines of a table may be seen there
_ROOM = 1.5  # millimetres around what is cut out
_POINTS = 72 / 25.4
_GRAIN = 48  # darkness that noise and shades of the paper have
_NOTHING: Mapping[str, Any] = {"boxes": (), "blanks": (), "cuts": ()}


class _Sheet(Value):
    """A sheet as the job is given it."""

    qr: str
    measures: PageMeasures
    pages: Mapping[str, Mapping[str, Any]]  # of those that ask for anything, by number
    count: int  # of all pages
    pdf: bytes


def sheet_job(
    given: Mapping[str, Any], contents: Sequence[bytes], step: NextStep
) -> tuple[list[dict[str, Any]], list[bytes]]:
    """What each page of a file shows of the given sheets, and what is cut out of it, page after page."""
    sheets = [
        _Sheet(sheet["qr"], PageMeasures(*sheet["measures"]), sheet["pages"], sheet["count"], pdf)
        for sheet, pdf in zip(given["sheets"], contents, strict=True)
    ]
    shown: list[dict[str, Any]] = []
    cuts: list[bytes] = []
    for pictures in scan_pictures(Path(given["path"]), limits.TICKED_SHEET, step):
        page, cut = _page(pictures, sheets)
        shown.append(page)
        cuts += cut
    return shown, cuts


def _page(pictures: Iterator[Image], sheets: list[_Sheet]) -> tuple[dict[str, Any], list[bytes]]:
    for picture in pictures:
        grey = picture.convert("L")
        codes = page_finding.seen_codes(grey)
        for number, sheet in enumerate(sheets):
            code = page_finding.code_of_paper(codes, sheet.qr)
            if code is not None:
                return _read(grey, code, sheet, number)
    return {"sheet": -1}, []


def _read(picture: Image, code: SeenCode, sheet: _Sheet, number: int) -> tuple[dict[str, Any], list[bytes]]:
    flat = page_finding.flat_page(picture, code, sheet.measures)
    if not isinstance(flat, FlatPage):
        return {"sheet": number, "problem": "corners", "corners": flat}, []
    if flat.number not in range(1, sheet.count + 1):
        return {"sheet": number, "problem": "number", "page": flat.number}, []
    page = sheet.pages.get(str(flat.number), _NOTHING)
    places = {_key(index): _place(rectangle) for index, rectangle in enumerate(page["boxes"])}
    seen = box_finding.seen_boxes(flat.picture, flat.scale, places)
    if sum(bool(box.frame) for box in seen.values()) < _LEAST_SEEN * len(seen):
        return {"sheet": number, "problem": "boxes", "page": flat.number}, []
    side = next(iter(places.values())).width if places else 0.0
    inks = box_ink.inks_of(flat.picture, flat.scale, side, seen)
    marks = [[inks[key].mark, inks[key].amount, seen[key].frame] for key in places]
    written = _written(flat, page["blanks"], sheet.pdf)
    cuts = [_cut(flat, rectangle, seen, places) for rectangle in page["cuts"]]
    return {"sheet": number, "page": flat.number, "marks": marks, "written": written, "cuts": len(cuts)}, cuts


def _key(index: int) -> PieceKey:
    return PieceKey(0, 0, 0, index, True)


def _place(rectangle: Sequence[float]) -> PiecePlace:
    return PiecePlace(_key(0), 1, *rectangle)


def _written(flat: FlatPage, blanks: Sequence[Sequence[float]], pdf: bytes) -> list[float]:
    """For each blank, how much more ink the picture has there than the printed page, as a share of its area."""
    if not blanks:
        return []
    reach = 8 * flat.scale
    seen, printed = darkness(flat.picture, reach), darkness(_printed(flat, pdf), reach)
    inks = [dark.point(lambda level: max(level - _GRAIN, 0)) for dark in (seen, printed)]
    return [_mean(inks[0], rectangle, flat.scale) - _mean(inks[1], rectangle, flat.scale) for rectangle in blanks]


def _printed(flat: FlatPage, pdf: bytes) -> Image:
    from pypdfium2 import PdfDocument  # pdfium is a library of 10 MB

    with closing(PdfDocument(pdf)) as document:
        page = document[flat.number - 1].render(scale=flat.scale / _POINTS, grayscale=True).to_pil()
    picture: Image = page.convert("L").resize(flat.picture.size)
    return picture


def _mean(dark: Image, rectangle: Sequence[float], scale: float) -> float:
    left, top, width, height = rectangle
    corners = (left + _EDGE, top + _EDGE, left + width - _EDGE, top + height - _EDGE)
    a, b, c, d = (round(value * scale) for value in corners)
    levels = dark.crop((a, b, c, d)).tobytes()
    return sum(levels) / 255 / max(len(levels), 1)


def _cut(
    flat: FlatPage,
    rectangle: Sequence[float],
    seen: Mapping[PieceKey, SeenBox],
    places: Mapping[PieceKey, PiecePlace],
) -> bytes:
    """The part of the page around an answer, as a PNG file."""
    left, top, width, height = rectangle
    middle = (left + width / 2) * flat.scale, (top + height / 2) * flat.scale
    across, down = box_finding.shift_at(seen, places, middle, flat.scale)
    room = _ROOM * flat.scale
    corners = (
        round(left * flat.scale + across - room),
        round(top * flat.scale + down - room),
        round((left + width) * flat.scale + across + room),
        round((top + height) * flat.scale + down + room),
    )
    buffer = BytesIO()
    flat.picture.crop(corners).save(buffer, "PNG")
    return buffer.getvalue()

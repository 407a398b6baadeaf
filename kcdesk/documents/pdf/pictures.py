"""The flowables of platypus for photos and labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from io import BytesIO
from typing import Any

from reportlab.lib.colors import grey
from reportlab.pdfbase.pdfdoc import PDFImageXObject
from reportlab.platypus import Flowable, PageBreak

from kcdesk.documents import photos, qr
from kcdesk.documents.blocks import Label, LabelGrid, Photo, PhotoGrid
from kcdesk.documents.fonts import FACES
from kcdesk.documents.pdf.flowables import PaperText, RuledTable, texts
from kcdesk.documents.photos import Size
from kcdesk.documents.styles import (
    CAPTION_SIZE,
    LABEL_SIZE,
    MILLIMETRE,
    NO_PHOTO,
    PHOTO_HEIGHT,
    QR_SIDE,
    in_groups,
    style,
)

_GUTTER = 5 * MILLIMETRE
_PADDING = 3 * MILLIMETRE
_NO_PHOTO_HEIGHT = 20 * MILLIMETRE


def photo_grid(grid: PhotoGrid, width: float, read: Callable[[str], bytes | None]) -> Iterator[Flowable]:
    """Yield the photos: two on a page, one above the other, or four in two columns; `width` in points."""
    columns = 1 if grid.per_page <= 2 else 2
    room = Size((width - (columns - 1) * _GUTTER) / columns, PHOTO_HEIGHT)
    for number, page in enumerate(in_groups(grid.photos, grid.per_page)):
        if number:
            yield PageBreak()
        rows = [_photo_row(row, columns, room, read) for row in in_groups(page, columns)]
        yield RuledTable(rows, [width / columns] * columns, style=_PLAIN, spaceBefore=4)


def _photo_row(row: Sequence[Photo], columns: int, room: Size, read: Callable[[str], bytes | None]) -> list[Any]:
    """The cells of one row: photos are aligned at their feet, captions at their tops."""
    sizes = [photos.fitted(read(photo.sha256), room) for photo in row]
    height = max(size.height if size else _NO_PHOTO_HEIGHT for size in sizes)
    cells: list[Any] = [
        [_Picture(photo, size, height, read), *texts(photo.caption, style(CAPTION_SIZE, "center", before=3))]
        for photo, size in zip(row, sizes, strict=True)
    ]
    return cells + [[]] * (columns - len(cells))


class _Picture(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A photo at the foot of its space; read when its page is written, so that only one is in memory."""

    def __init__(self, photo: Photo, size: Size | None, height: float, read: Callable[[str], bytes | None]) -> None:
        super().__init__()
        self._photo = photo
        self._size = size
        self._high = height
        self._read = read

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """The whole width of the column."""
        self._column = width
        return width, self._high

    def draw(self) -> None:
        """Draw the photo, or a frame with the note that it is missing."""
        size = self._size
        jpeg = photos.scaled(self._read(self._photo.sha256), size) if size else None
        if size is None or jpeg is None:
            self._draw_missing()
            return
        left = (self._column - size.width) / 2
        _draw_jpeg(self.canv, jpeg, left, size)

    def _draw_missing(self) -> None:
        self.canv.saveState()
        self.canv.setStrokeColor(grey)
        self.canv.rect(0, 0, self._column, self._high)
        self.canv.setFont(FACES.italic, CAPTION_SIZE)
        self.canv.drawCentredString(self._column / 2, self._high / 2, NO_PHOTO)
        self.canv.restoreState()


def _draw_jpeg(canvas: Any, jpeg: bytes, left: float, size: Size) -> None:
    """Draw a JPEG and store its bytes once in the file; drawImage would decode it and keep the pixels in memory."""
    name = sha256(jpeg).hexdigest()
    if not canvas.hasForm(name):
        image = PDFImageXObject(name)
        image.loadImageFromJPEG(BytesIO(jpeg))
        canvas._doc.Reference(image, canvas._doc.getXObjectName(name))
        canvas._doc.addForm(name, image)
    canvas.saveState()
    canvas.translate(left, 0)
    canvas.scale(size.width, size.height)
    canvas.doForm(name)
    canvas.restoreState()


def label_grid(grid: LabelGrid, width: float) -> Iterator[Flowable]:
    """Yield the labels with lines to cut along; a long label makes its row taller. `width` in points."""
    code = QR_SIDE + 2 * _PADDING
    widths = [code, width / grid.columns - code] * grid.columns
    rows = [_label_row(row, grid) for row in in_groups(grid.labels, grid.columns)]
    cuts = [("BOX", (2 * place, 0), (2 * place + 1, -1), 0.4, grey, None, (2, 2)) for place in range(grid.columns)]
    if rows:
        lines = [("LINEBELOW", (0, 0), (-1, -2), 0.4, grey, None, (2, 2))]
        yield RuledTable(rows, widths, style=[*_PLAIN, *_PADDED, *cuts, *lines])


def _label_row(row: Sequence[Label], grid: LabelGrid) -> list[Any]:
    cells: list[Any] = []
    for label in row:
        cells += [_Code(label.qr, grid.height * MILLIMETRE - 2 * _PADDING), list(_label_text(label))]
    return cells + [[]] * (2 * grid.columns - len(cells))


def _label_text(label: Label) -> Iterator[PaperText]:
    for number, line in enumerate(label.lines):
        yield from texts(line, style(LABEL_SIZE, bold=not number, after=1))


class _Code(Flowable):  # type: ignore[misc]  # reportlab has no types
    """The QR code of a label at the top of its space."""

    def __init__(self, text: str, height: float) -> None:
        super().__init__()
        self._text = text
        self._high = max(height, QR_SIDE)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """The height of the label."""
        return QR_SIDE, self._high

    def draw(self) -> None:
        """Draw the code."""
        qr.draw(self.canv, self._text, 0, self._high - QR_SIDE, QR_SIDE)


_PLAIN: list[tuple[Any, ...]] = [
    ("FONTNAME", (0, 0), (-1, -1), FACES.regular),  # platypus writes a font name even if the cell has its own
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
]
_PADDED: list[tuple[Any, ...]] = [
    (side, (0, 0), (-1, -1), _PADDING) for side in ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
]

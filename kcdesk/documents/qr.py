"""QR codes: as vectors on a page of a PDF, as a small picture in other files."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from itertools import groupby
from typing import Any

_PIXELS = 8  # width of a module in the picture
_QUIET = 2  # white modules around the code in the picture; the margin of the page adds more


def draw(canvas: Any, text: str, x: float, y: float, side: float) -> None:
    """Draw the QR code of `text`; its lower left corner is at (x, y), all lengths in points."""
    modules = _modules(text)
    module = side / len(modules)
    path = canvas.beginPath()
    for number, row in enumerate(modules, 1):
        column = 0
        for is_dark, run in groupby(row):
            length = len(list(run))
            if is_dark:
                path.rect(x + column * module, y + side - number * module, length * module, module)
            column += length
    canvas.drawPath(path, stroke=0, fill=1)


@lru_cache(maxsize=8)
def png(text: str) -> bytes:
    """The QR code of `text` as a PNG picture."""
    from PIL import Image  # Pillow takes 60 ms

    modules = _modules(text)
    side = len(modules) + 2 * _QUIET
    picture = Image.new("1", (side, side), 1)
    for y, row in enumerate(modules, _QUIET):
        for x, is_dark in enumerate(row, _QUIET):
            picture.putpixel((x, y), not is_dark)
    buffer = BytesIO()
    picture.resize((side * _PIXELS, side * _PIXELS), Image.Resampling.NEAREST).save(buffer, "PNG")
    return buffer.getvalue()


@lru_cache(maxsize=8)
def _modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """The rows of modules of a QR code, True for dark; medium error correction."""
    import zxingcpp  # only a scan pays for it

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture: Any = code.to_image(scale=1, add_quiet_zones=False)
    levels: Any = memoryview(picture).tolist()
    return tuple(tuple(not level for level in row) for row in levels)

"""QR codes: on a page as vectors, elsewhere as a small picture."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from itertools import groupby
from typing import Any

_PIXELS = 8  # of a module in the picture
_QUIET = 2  # modules of white around it there: the margin of the page does the rest


def draw(canvas: Any, text: str, x: float, y: float, side: float) -> None:
    """Fill the dark modules of the code of `text`, its lower left corner at (x, y); points."""
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
    """The code as a picture."""
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
    """Rows of modules, dark ones true; medium error correction."""
    import zxingcpp  # only a scan pays for it

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture: Any = code.to_image(scale=1, add_quiet_zones=False)
    levels: Any = memoryview(picture).tolist()
    return tuple(tuple(not level for level in row) for row in levels)

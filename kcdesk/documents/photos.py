"""Photos, scaled down to what paper needs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image, ImageOps
from PIL.ExifTags import Base

from kcdesk.runtime.frozen import Value

_DPI = 200  # the resolution of a photo on a good laser printer
_QUALITY = 80
_MAX_PIXELS = 50_000_000  # of a picture that is decoded whole; a JPEG is decoded at a fraction of its size
_ON_ITS_SIDE = (5, 6, 7, 8)  # EXIF orientations that exchange width and height
# The errors that the decoders raise for damaged or wrong content.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, Image.DecompressionBombError)


class Size(Value):
    """Width and height in points."""

    width: float
    height: float


def fitted(content: bytes | None, room: Size) -> Size | None:
    """The printed size of a photo within `room`; None if there is no photo or it cannot be printed."""
    try:
        with _opened(content) as image:
            width, height = image.size
            if image.getexif().get(Base.Orientation) in _ON_ITS_SIDE:
                width, height = height, width
    except _BROKEN:
        return None
    scale = min(room.width / width, room.height / height)
    return Size(width * scale, height * scale)


def scaled(content: bytes | None, size: Size) -> bytes | None:
    """The photo turned upright, as a JPEG with the pixels needed on paper; None if it is damaged."""
    side = round(max(size.width, size.height) / 72 * _DPI)
    buffer = BytesIO()
    try:
        with _opened(content) as image:
            image.draft("RGB", (side, side))
            image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
            ImageOps.exif_transpose(image).convert("RGB").save(buffer, "JPEG", quality=_QUALITY)
    except _BROKEN:
        return None
    return buffer.getvalue()


@contextmanager
def _opened(content: bytes | None) -> Iterator[Image.Image]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(BytesIO(content or b"")) as image:
            if image.format != "JPEG" and image.width * image.height > _MAX_PIXELS:
                raise ValueError(image.size)
            yield image

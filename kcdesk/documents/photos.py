"""Photos made as small as paper needs them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps
from PIL.ExifTags import Base

_DPI = 200  # what a good laser printer shows of a photo
_QUALITY = 80
_MOST_PIXELS = 50_000_000  # that are decoded whole; a JPEG is decoded at a fraction of its size
_ON_ITS_SIDE = (5, 6, 7, 8)
# What the decoders raise for content that is not what it says it is.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, Image.DecompressionBombError)


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in points."""

    width: float
    height: float


def fitted(content: bytes | None, room: Size) -> Size | None:
    """How large a photo stands in the room that it has; None when it is not here or is none that can be printed."""
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
    """The photo upright, as a JPEG with no more pixels than paper shows; None when it turns out to be broken."""
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
            if image.format != "JPEG" and image.width * image.height > _MOST_PIXELS:
                raise ValueError(image.size)
            yield image

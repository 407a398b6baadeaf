"""Pictures from cameras, telephones and the clipboard: opened within bounds, turned upright, shrunk, their facts read.

Nothing here needs a store, so all of it may run in any thread. A JPEG is decoded at a fraction of its size, so that
its pixels do not count; every other format is decoded whole and refused when that would take too much memory.
"""

from __future__ import annotations

import hashlib
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps
from PIL.ExifTags import GPS, IFD, Base
from PIL.JpegImagePlugin import JpegImageFile

from kcdesk.errors import UserError

LONG_SIDE = 1600  # pixels
QUALITY = 85
_MOST_MEMORY = 160_000_000  # bytes that decoding one picture may take
_MOST_BYTES = 100_000_000  # of a file; a JPEG of 200 megapixels has about 60 MB

Stream = BufferedReader | BytesIO

_FORMATS = ("PNG", "WEBP", "BMP", "GIF", "TIFF")
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
# What the decoders raise for content that is not what it says it is.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, struct.error)
_FLAT = 16  # grey levels between the darkest and the brightest part of a picture that shows nothing
_ONE_WAY = 6  # of 64 comparisons; fewer that differ from the rest make a picture of one slope, like a wall or a sky


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as it is kept; what its camera did not note is empty."""

    jpeg: bytes
    original_sha256: str
    look: str = ""  # 64 bits in hexadecimal that nearly the same pictures nearly share; empty: nothing to tell by
    taken_at: str = ""  # YYYY-MM-DDTHH:MM:SS by the camera's clock
    latitude: str = ""  # degrees, a plain decimal
    longitude: str = ""


def shrink(source: Path | bytes) -> Picture:
    """Upright, at most `LONG_SIDE` pixels long, without the metadata; UserError for what is no such picture."""
    with _reading(source) as stream:
        original = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        with open_picture(stream) as image:
            facts = _facts(image)
            decode(image, LONG_SIDE)
            image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
            small = _opaque(_upright(image))
    return Picture(jpeg=_jpeg(small), original_sha256=original, look=look_of(small), **facts)


def difference(one: str, other: str) -> int:
    """In how many of 64 bits two looks differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


@contextmanager
def open_picture(stream: Stream) -> Iterator[Image.Image]:
    """A picture that is not decoded yet; UserError for what is none, is too large or turns out to be broken."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a camera wrote wrongly beside the picture
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with _identified(stream) as image:
                yield image
        except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
            raise _too_large() from None
        except _BROKEN as error:
            raise _unreadable(error) from error


def decode(image: Image.Image, side: int) -> None:
    """Decode at once, a JPEG no larger than is needed for `side` pixels; UserError when it takes too much memory."""
    width, height = image.size
    needed = width * height * 4
    if isinstance(image, JpegImageFile):
        ratio = side / max(width, height)
        image.draft(None, (round(width * ratio), round(height * ratio)))
        # A progressive one is put together whole, two bytes for each colour of each pixel, before it is reduced.
        whole = width * height * 6 if image.info.get("progressive") else 0
        needed = whole + image.width * image.height * 3
    if needed > _MOST_MEMORY:
        raise _too_large()
    image.load()


def look_of(image: Image.Image) -> str:
    """The difference hash: whether each of 8 × 8 parts is darker than its neighbour to the right."""
    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX)
    levels = grey.tobytes()
    pairs = [(levels[9 * row + column], levels[9 * row + column + 1]) for row in range(8) for column in range(8)]
    bits = sum((left < right) << place for place, (left, right) in enumerate(pairs))
    tells = max(levels) - min(levels) >= _FLAT and _ONE_WAY <= bits.bit_count() <= 64 - _ONE_WAY
    return f"{bits:016x}" if tells else ""


@contextmanager
def _reading(source: Path | bytes) -> Iterator[Stream]:
    if isinstance(source, bytes):
        yield BytesIO(source)
        return
    try:
        with source.open("rb") as stream:
            if source.stat().st_size > _MOST_BYTES:
                raise _too_large()
            yield stream
    except OSError as error:
        raise _unreadable(error) from error


def _identified(stream: Stream) -> Image.Image:
    head = stream.read(12)
    stream.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        raise UserError(
            "Ảnh HEIC của điện thoại chưa đọc được.",
            code="heic",
            hint="Hãy lưu ảnh thành JPEG, hoặc chọn «Tương thích nhất» trong cài đặt máy ảnh.",
        )
    if head.startswith(b"\xff\xd8\xff"):
        return JpegImageFile(stream)  # not through `open`, which counts its pixels
    return Image.open(stream, formats=_FORMATS)


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except _BROKEN:  # the picture is sound, only what stands beside it is not
        return image


def _opaque(image: Image.Image) -> Image.Image:
    """In colours, what is transparent on white."""
    if image.mode.startswith("I"):
        image = image.point(lambda level: level / 256).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    cut_out = image.convert("RGBA")
    sheet = Image.new("RGB", image.size, "white")
    sheet.paste(cut_out, mask=cut_out)
    return sheet


def _jpeg(image: Image.Image) -> bytes:
    """Only the colour profile, without which the colours of telephones fade, goes along."""
    profile = image.info.get("icc_profile")
    image.info.clear()
    content = BytesIO()
    image.save(content, "JPEG", quality=QUALITY, optimize=True, icc_profile=profile)
    return content.getvalue()


def _facts(image: Image.Image) -> dict[str, str]:
    """Time and place of the shot, where the camera noted them in a readable way."""
    try:
        exif = image.getexif()
        taken_at = _time(exif.get_ifd(IFD.Exif).get(Base.DateTimeOriginal) or exif.get(Base.DateTime))
        place = exif.get_ifd(IFD.GPSInfo)
    except _BROKEN:
        return {}
    return {"taken_at": taken_at, **_position(place)}


def _time(noted: object) -> str:
    try:
        return datetime.strptime(str(noted).strip("\0 "), "%Y:%m:%d %H:%M:%S").isoformat()  # noqa: DTZ007
    except ValueError:
        return ""


def _position(place: dict[int, Any]) -> dict[str, str]:
    try:
        latitude = _degrees(place[GPS.GPSLatitude], place[GPS.GPSLatitudeRef], "S", 90)
        longitude = _degrees(place[GPS.GPSLongitude], place[GPS.GPSLongitudeRef], "W", 180)
    except _BROKEN:
        return {}
    return {"latitude": latitude, "longitude": longitude}


def _degrees(parts: Any, side: str, negative: str, most: int) -> str:
    degrees, minutes, seconds = map(float, parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not 0 <= value <= most:  # also refuses what is no number
        raise ValueError(value)
    return f"{-value if side == negative else value:.6f}"


def _too_large() -> UserError:
    return UserError(
        "Ảnh quá lớn so với bộ nhớ của máy.", code="photo_too_large", hint="Hãy thu nhỏ ảnh hoặc lưu thành JPEG thường."
    )


def _unreadable(error: Exception) -> UserError:
    if isinstance(error, FileNotFoundError):
        return UserError("Không tìm thấy tệp.", code="file_missing", hint="Hãy cắm lại thẻ nhớ, USB hoặc chọn lại tệp.")
    if isinstance(error, OSError) and error.errno:
        return UserError("Không đọc được tệp.", code="file_unreadable", hint="Hãy kiểm tra thẻ nhớ, USB rồi thử lại.")
    return UserError("Tệp không phải là ảnh hoặc đã hỏng.", code="not_a_photo", hint="Hãy chọn ảnh JPEG hoặc PNG.")

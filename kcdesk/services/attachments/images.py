"""Read pictures from cameras, telephones and the clipboard within limits, turn and shrink them, read their metadata.

This needs no store, so it may run in any thread. A JPEG is decoded at a reduced size, so that its number of pixels is
not limited; every other format is decoded in full, and refused if that would take too much memory.
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

from kcdesk import given_files
from kcdesk.errors import UserError
from kcdesk.services.attachments import colours

LONG_SIDE = 1600  # pixels
QUALITY = 85
_MOST_MEMORY = 160_000_000  # maximum bytes for decoding a picture
_MOST_BYTES = 100_000_000  # maximum size of a file; a JPEG of 200 megapixels has about 60 MB

Stream = BufferedReader | BytesIO

_FORMATS = ("PNG", "WEBP", "BMP", "GIF", "TIFF")
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
# Errors that the decoders raise for damaged or mislabelled content.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, struct.error)
_FLAT = 16  # grey levels; a picture with a smaller range shows nothing
_LEAST_EXCEPTIONS = 6  # of 64 comparisons; with fewer exceptions the picture is a plain gradient, like a wall or a sky


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as it is stored; "" for metadata that the camera did not record."""

    jpeg: bytes
    original_sha256: str
    look: str = ""  # 64 bits in hexadecimal, nearly equal for similar pictures; "" if the picture is not distinctive
    taken_at: str = ""  # YYYY-MM-DDTHH:MM:SS by the camera's clock
    latitude: str = ""  # degrees, decimal
    longitude: str = ""


def shrink(source: Path | bytes) -> Picture:
    """Turn upright, shrink to at most LONG_SIDE pixels, remove metadata; UserError if it is not such a picture."""
    with _reading(source) as stream:
        original = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        with open_picture(stream) as image:
            facts = _facts(image)
            decode(image, LONG_SIDE)
            image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
            small = _opaque(colours.in_srgb(upright(image)))
    return Picture(jpeg=_jpeg(small), original_sha256=original, look=look_of(small), **facts)


def difference(look: str, other_look: str) -> int:
    """The number of bits (of 64) in which two looks differ."""
    return (int(look, 16) ^ int(other_look, 16)).bit_count()


@contextmanager
def open_picture(stream: Stream) -> Iterator[Image.Image]:
    """Open a picture without decoding it; UserError if it is not a picture, too large or damaged."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # wrong metadata of cameras
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with _identified(stream) as image:
                yield image
        except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
            raise _too_large() from None
        except _BROKEN as error:
            raise _unreadable(error) from error


def decode(image: Image.Image, side: int) -> None:
    """Decode a picture, a JPEG reduced to about `side` pixels; UserError if it takes too much memory."""
    width, height = image.size
    needed = width * height * 4
    if isinstance(image, JpegImageFile):
        ratio = side / max(width, height)
        image.draft(None, (round(width * ratio), round(height * ratio)))
        # A progressive JPEG is decoded in full, two bytes per colour of each pixel, before it is reduced.
        whole = width * height * 6 if image.info.get("progressive") else 0
        needed = whole + image.width * image.height * 3
    if needed > _MOST_MEMORY:
        raise _too_large()
    image.load()


def look_of(image: Image.Image) -> str:
    """The difference hash: for each of 8 × 8 parts whether it is darker than its right neighbour; "" if plain."""
    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX)
    levels = grey.tobytes()
    pairs = [(levels[9 * row + column], levels[9 * row + column + 1]) for row in range(8) for column in range(8)]
    bits = sum((left < right) << place for place, (left, right) in enumerate(pairs))
    is_distinctive = (
        max(levels) - min(levels) >= _FLAT and _LEAST_EXCEPTIONS <= bits.bit_count() <= 64 - _LEAST_EXCEPTIONS
    )
    return f"{bits:016x}" if is_distinctive else ""


@contextmanager
def _reading(source: Path | bytes) -> Iterator[Stream]:
    if isinstance(source, bytes):
        yield BytesIO(source)
        return
    given_files.refuse_odd_file(source)
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
        return JpegImageFile(stream)  # `Image.open` would limit its number of pixels
    return Image.open(stream, formats=_FORMATS)


def upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except _BROKEN:  # only the metadata is damaged
        return image


def _opaque(image: Image.Image) -> Image.Image:
    """The picture in RGB, transparent parts on white."""
    if image.mode.startswith("I"):
        image = image.point(lambda level: level / 256).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    cut_out = image.convert("RGBA")
    sheet = Image.new("RGB", image.size, "white")
    sheet.paste(cut_out, mask=cut_out)
    return sheet


def _jpeg(image: Image.Image) -> bytes:
    """The JPEG file, without any metadata: its colours are those of sRGB."""
    image.info.clear()
    content = BytesIO()
    image.save(content, "JPEG", quality=QUALITY, optimize=True)
    return content.getvalue()


def _facts(image: Image.Image) -> dict[str, str]:
    """Time and place of the picture, as far as the camera recorded them in a readable form."""
    try:
        exif = image.getexif()
        taken_at = _time(exif.get_ifd(IFD.Exif).get(Base.DateTimeOriginal) or exif.get(Base.DateTime))
        place = exif.get_ifd(IFD.GPSInfo)
    except _BROKEN:
        return {}
    return {"taken_at": taken_at, **_position(place)}


def _time(written: object) -> str:
    try:
        return datetime.strptime(str(written).strip("\0 "), "%Y:%m:%d %H:%M:%S").isoformat()  # noqa: DTZ007
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
    if not 0 <= value <= most:  # also refuses NaN
        raise ValueError(value)
    return f"{-value if side == negative else value:.6f}"


def _too_large() -> UserError:
    return UserError(
        "Ảnh quá lớn so với bộ nhớ của máy.", code="photo_too_large", hint="Hãy thu nhỏ ảnh hoặc lưu thành JPEG thường."
    )


def _unreadable(error: Exception) -> UserError:
    if isinstance(error, FileNotFoundError):
        return UserError("Không tìm thấy tệp.", code="file_missing", hint="Hãy cắm lại thẻ nhớ hoặc chọn lại tệp.")
    if isinstance(error, OSError) and error.errno:
        return UserError("Không đọc được tệp.", code="file_unreadable", hint="Hãy kiểm tra thẻ nhớ rồi thử lại.")
    return UserError("Tệp không phải là ảnh hoặc đã hỏng.", code="not_a_photo", hint="Hãy chọn ảnh JPEG hoặc PNG.")

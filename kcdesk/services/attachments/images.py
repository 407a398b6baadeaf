"""Read pictures from cameras, telephones and the clipboard within limits, turn and shrink them, read their metadata.

Only the worker process decodes pictures (`shrinking`, `bounded/worker`). A JPEG is decoded at a reduced size, so that
its number of pixels is not limited; every other format is decoded in full, up to a number of pixels.
"""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any, BinaryIO

from PIL import Image, ImageOps
from PIL.ExifTags import GPS, IFD, Base
from PIL.JpegImagePlugin import JpegImageFile

from kcdesk.bounded import limits
from kcdesk.bounded.serving import NextStep
from kcdesk.errors import UserError
from kcdesk.services.attachments import colours

LONG_SIDE = 1600  # pixels
QUALITY = 85
_MOST_MEMORY = limits.PHOTO.count * 4_000_000  # maximum bytes for decoding a picture

_FORMATS = ("PNG", "WEBP", "BMP", "GIF", "TIFF")
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
# Errors that the decoders raise for damaged or mislabelled content.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, struct.error)
_MOST_SEGMENTS = limits.PHOTO.parts
_START_OF_SCAN = 0xDA  # of a JPEG: then its picture begins
_FLAT = 16  # grey levels; a picture with a smaller range shows nothing
_LEAST_EXCEPTIONS = 6  # of 64 comparisons; with fewer exceptions the picture is a plain gradient, like a wall or a sky


def shrink_job(
    _given: Mapping[str, Any], contents: Sequence[bytes], _step: NextStep
) -> tuple[dict[str, str], list[bytes]]:
    """The job of `shrinking.shrink`: the facts about a picture, and its JPEG; UserError if it is no picture."""
    content = contents[0]
    with open_picture(BytesIO(content)) as image:
        facts = _facts(image)
        decode(image, LONG_SIDE)
        image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
        small = _opaque(colours.in_srgb(upright(image)))
    facts |= {"original_sha256": hashlib.sha256(content).hexdigest(), "look": look_of(small)}
    return facts, [_jpeg(small)]


@contextmanager
def open_picture(stream: BinaryIO) -> Iterator[Image.Image]:
    """Open a picture without decoding it; UserError if it is not a picture, too large or damaged."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # wrong metadata of cameras
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with _identified(stream) as image:
                yield image
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise limits.PHOTO.refusal("count") from None
        except _BROKEN as error:
            raise _unreadable() from error


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
        raise limits.PHOTO.refusal("megabytes" if isinstance(image, JpegImageFile) else "count")
    image.load()


def page_numbers(image: Image.Image, most: int, reader: limits.Limits) -> range:
    """The numbers of the pages of a picture: of a TIFF all, of others the first; UserError if there are too many."""
    if image.format != "TIFF":
        return range(1)
    count = 1
    try:
        while count <= most:  # `n_frames` would walk to the end, however far that is
            image.seek(count)
            count += 1
    except _BROKEN:
        image.seek(0)
        return range(count)
    raise reader.refusal("count")


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


def _identified(stream: BinaryIO) -> Image.Image:
    head = stream.read(12)
    stream.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        raise UserError(
            "Ảnh HEIC của điện thoại chưa đọc được.",
            code="heic",
            hint="Hãy lưu ảnh thành JPEG, hoặc chọn «Tương thích nhất» trong cài đặt máy ảnh.",
        )
    if head.startswith(b"\xff\xd8\xff"):
        _refuse_many_segments(stream)
        return JpegImageFile(stream)  # `Image.open` would limit its number of pixels
    return Image.open(stream, formats=_FORMATS)


def _refuse_many_segments(stream: BinaryIO) -> None:
    """Refuse a JPEG with more segments before its picture than cameras write; each takes the decoder as long.

    A profile has up to 255, a map of depths or a second picture some hundred.
    """
    stream.seek(2)
    for _ in range(_MOST_SEGMENTS):
        head = stream.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] == _START_OF_SCAN:
            break
        stream.seek(int.from_bytes(head[2:]) - 2, io.SEEK_CUR)
    else:
        raise limits.PHOTO.refusal("parts")
    stream.seek(0)


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


def _unreadable() -> UserError:
    return UserError("Tệp không phải là ảnh hoặc đã hỏng.", code="not_a_photo", hint="Hãy chọn ảnh JPEG hoặc PNG.")

"""Photos as they are kept: upright, small, without metadata. The worker process decodes them, within its limits."""

from __future__ import annotations

from pathlib import Path

from kcdesk import given_files
from kcdesk.bounded import limits
from kcdesk.bounded.worker import BoundedJob, run_bounded
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value

_SHRINK = BoundedJob("kcdesk.services.attachments.images", "shrink_job")


class Picture(Value, kw_only=True):
    """A picture as it is stored; "" for metadata that the camera did not record."""

    jpeg: bytes
    original_sha256: str
    look: str = ""  # 64 bits in hexadecimal, nearly equal for similar pictures; "" if the picture is not distinctive
    taken_at: str = ""  # YYYY-MM-DDTHH:MM:SS by the camera's clock
    latitude: str = ""  # degrees, decimal
    longitude: str = ""


def shrink(source: Path | bytes) -> Picture:
    """Turn upright, shrink to at most 1600 pixels, remove metadata; UserError if it is not such a picture."""
    content = source if isinstance(source, bytes) else _content(source)
    answer = run_bounded(_SHRINK, limits.PHOTO, {}, [content])
    return Picture(jpeg=answer.contents[0], **answer.values)


def difference(look: str, other_look: str) -> int:
    """The number of bits (of 64) in which two looks differ."""
    return (int(look, 16) ^ int(other_look, 16)).bit_count()


def _content(path: Path) -> bytes:
    given_files.refuse_odd_file(path)
    try:
        limits.PHOTO.refuse_size(path)
        return path.read_bytes()
    except FileNotFoundError:
        hint = "Hãy cắm lại thẻ nhớ hoặc chọn lại tệp."
        raise UserError("Không tìm thấy tệp.", code="file_missing", hint=hint) from None
    except OSError as error:
        hint = "Hãy kiểm tra thẻ nhớ rồi thử lại."
        raise UserError("Không đọc được tệp.", code="file_unreadable", hint=hint) from error

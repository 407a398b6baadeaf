"""Putting a file where it belongs, often a USB stick, so that a pulled stick leaves the old file or the new one."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kcdesk.errors import KnownError

_CHUNK = 1 << 20
_RESERVE = 64 << 10  # bytes that the file system itself needs for a new name


def refuse_full(path: Path, size: int) -> None:
    """KnownError before anything is written where a file of so many bytes has no room beside the old one."""
    with explained(path):
        free = shutil.disk_usage(path.parent).free
    if free < size + _RESERVE:
        raise _refusal(path, errno.ENOSPC)


def place(path: Path, fill: Callable[[Path], None], verify: Callable[[Path], None]) -> str:
    """`fill` and `verify` a file beside `path`, then give it that name and read it back; returns its SHA-256.

    KnownError when the disk or another program refuses; `path` then holds what it held before.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        with explained(path):
            fill(temporary)
            _sync(temporary)
            verify(temporary)
            written = digest(temporary)
            temporary.replace(path)
            _sync_folder(path.parent)
            if digest(path) != written:
                raise unverified(path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return written


def digest(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def unverified(path: Path) -> KnownError:
    """What was written is not what can be read."""
    return KnownError(
        f"Tệp {path.name} vừa ghi đọc lại không đúng.",
        code="not_verified",
        hint="Thẻ nhớ có thể đã hỏng; hãy ghi vào nơi khác.",
    )


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name last; Windows has no way to sync a folder and needs none."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):  # some file systems of sticks refuse it
                os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """The system's refusals as sentences."""
    try:
        yield
    except PermissionError as error:
        raise KnownError(
            f"Không ghi được {path.name}: tệp đang mở ở chương trình khác, hoặc thư mục chỉ cho đọc.",
            code="file_locked",
            hint="Hãy đóng tệp trong Excel hoặc chọn nơi khác rồi thử lại.",
        ) from error
    except OSError as error:
        raise _refusal(path, error.errno) from error


def _refusal(path: Path, code: int | None) -> KnownError:
    if code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return KnownError(
            "Ổ đĩa hoặc thẻ nhớ không còn đủ chỗ.",
            code="disk_full",
            hint="Hãy giải phóng dung lượng hoặc chọn nơi khác rồi thử lại.",
        )
    if not path.parent.is_dir():
        return KnownError(
            f"Không thấy thư mục {path.parent}.",
            code="no_folder",
            hint="Thẻ nhớ có thể đã được rút ra; hãy cắm lại hoặc chọn nơi khác.",
        )
    return KnownError(
        f"Không ghi được {path.name}.", code="write_failed", hint="Hãy kiểm tra ổ đĩa hoặc thẻ nhớ rồi thử lại."
    )

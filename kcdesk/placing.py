"""Putting a file where it belongs, often a USB stick, so that a pulled stick leaves the old file or the new one."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from kcdesk.errors import KnownError

_CHUNK = 1 << 20
_BESIDE = ".part"  # ends the name of a file in the making
_RESERVE = 64 << 10  # bytes that the file system itself needs for a new name


def refuse_full(path: Path, size: int) -> None:
    """KnownError before anything is written where a file of so many bytes has no room beside the old one."""
    with explained(path):
        free = shutil.disk_usage(path.parent).free
    if free < size + _RESERVE:
        raise _refusal(path, errno.ENOSPC)


class Disk:
    """What placing asks of the disk that a file goes to, one step after the other."""

    def create(self, path: Path) -> BinaryIO:
        """A new file, open for writing."""
        return path.open("wb")

    def sync(self, file: BinaryIO) -> None:
        """Wait until what was written lies on the disk; reading it afterwards asks the disk where the system allows."""
        file.flush()
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def replace(self, temporary: Path, path: Path) -> None:
        """Give a file its name, in place of the one that had it."""
        temporary.replace(path)

    def sync_folder(self, folder: Path) -> None:
        """Make the new name last; Windows has no way to sync a folder and needs none."""
        if os.name == "posix":
            handle = os.open(folder, os.O_RDONLY)
            try:
                with suppress(OSError):  # some file systems of sticks refuse it
                    os.fsync(handle)
            finally:
                os.close(handle)

    def open(self, path: Path) -> BinaryIO:
        """A file, open for reading."""
        return path.open("rb")


def place(
    path: Path, fill: Callable[[BinaryIO], None], verify: Callable[[Path], None], disk: Disk | None = None
) -> str:
    """`fill` and `verify` a file beside `path`, then give it that name and read it back; returns its SHA-256.

    KnownError when the disk or another program refuses; `path` then holds what it held before, or the new file whole
    when the disk went away after the renaming.
    """
    disk = disk or Disk()
    temporary = path.with_name(f".{path.name}{_BESIDE}")
    try:
        with explained(path):
            with disk.create(temporary) as file:
                fill(file)
                disk.sync(file)
            verify(temporary)
            written = _digest(disk, temporary)
            disk.replace(temporary, path)
            disk.sync_folder(path.parent)
            if _digest(disk, path) != written:
                raise unverified(path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return written


def save(data: bytes, path: Path) -> None:
    """Put a file that is whole in memory where it belongs: room first, then written and read back. KnownError as of
    `place`."""
    refuse_full(path, len(data))
    place(path, lambda file: _write(file, data), verify=lambda _beside: None)


def _write(file: BinaryIO, data: bytes) -> None:
    file.write(data)


def digest(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    return _digest(Disk(), path)


def _digest(disk: Disk, path: Path) -> str:
    found = hashlib.sha256()
    with disk.open(path) as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def unverified(path: Path) -> KnownError:
    """What was written is not what can be read."""
    return KnownError(
        f"Tệp {path.name.removeprefix('.').removesuffix(_BESIDE)} vừa ghi đọc lại không đúng.",
        code="not_verified",
        hint="Thẻ nhớ có thể đã hỏng; hãy ghi vào nơi khác.",
    )


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

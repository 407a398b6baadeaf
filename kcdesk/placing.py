"""Writing a file to its place, often a USB stick, so that a stick pulled out early leaves the old or the new file."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from kcdesk import given_files
from kcdesk.errors import KnownError
from kcdesk.temporary import private_files

_CHUNK = 1 << 20
NEW = ".new"  # suffix of an own file that is being written
_BESIDE = ".kcdesk-part"  # suffix of a file that is being written
_ABANDONED = 10 * 60  # seconds after which nobody writes it any more
_LONGEST = 240  # bytes of its name before the marks
_RESERVE = 64 << 10  # bytes that the file system itself needs for a new name


def refuse_full(path: Path, size: int) -> None:
    """Raise KnownError `disk_full`, before anything is written, if the disk lacks room for `size` bytes."""
    given_files.refuse_odd_file(path)
    with explained(path):
        free = shutil.disk_usage(path.parent).free
    if free < size + _RESERVE:
        raise _refusal(path, errno.ENOSPC)


class Disk:
    """The single operations on the disk that `place` uses, in their order; tests replace them by failing ones."""

    def create(self, path: Path) -> BinaryIO:
        """Make a new file and open it for writing; a link that lies in its place goes, what it leads to stays."""
        if given_files.leads_elsewhere(path):
            path.unlink()
        return open(path, "wb", opener=private_files.keep_private)

    def sync(self, file: BinaryIO) -> None:
        """Wait until the data is on the disk; where the system allows, later reads come from the disk, not a cache."""
        file.flush()
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def replace(self, temporary: Path, path: Path) -> None:
        """Rename the temporary file to `path`, replacing the file of that name."""
        temporary.replace(path)

    def sync_folder(self, folder: Path) -> None:
        """Make the renaming permanent; Windows cannot sync a folder and does not need to."""
        if os.name == "posix":
            with suppress(OSError):  # some file systems of USB sticks refuse this
                handle = os.open(folder, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)

    def open(self, path: Path) -> BinaryIO:
        """Open a file for reading."""
        return path.open("rb")


def place(
    path: Path, fill: Callable[[BinaryIO], None], verify: Callable[[Path], None], disk: Disk | None = None
) -> str:
    """Write a file beside `path` with `fill`, check it with `verify`, rename it and read it back; returns its SHA-256.

    KnownError if the disk or another program refuses. `path` then still holds the old file; the whole new file only if
    the disk disappeared after the renaming, which the error says.
    """
    disk = disk or Disk()
    given_files.refuse_odd_file(path)
    temporary = _beside(path)
    given_files.refuse_odd_file(temporary)
    try:
        with explained(path), private_files.noted(temporary):
            _sweep(path.parent)
            with disk.create(temporary) as file:
                fill(file)
                disk.sync(file)
            verify(temporary)
            written = _digest(disk, temporary)
            disk.replace(temporary, path)
            _confirm(disk, path, written)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return written


def _sweep(folder: Path) -> None:
    """Remove what a program that was killed, or a stick that was pulled, has left half written."""
    oldest = time.time() - _ABANDONED
    with suppress(OSError):
        for left in folder.glob(f".*{_BESIDE}"):
            if left.is_file() and not left.is_symlink() and left.stat().st_mtime < oldest:
                left.unlink()


def _confirm(disk: Disk, path: Path, written: str) -> None:
    """Read the renamed file back; what reads differently is taken away, so that a refused file is not left complete.

    Every byte was on the disk and was read back before the renaming, so a disk that only refuses to be read once more
    spoils nothing.
    """
    with suppress(OSError):
        disk.sync_folder(path.parent)
    try:
        is_same = _digest(disk, path) == written
    except OSError as error:
        if path.exists():
            return
        raise _gone(path) from error
    if not is_same:
        with suppress(OSError):
            path.unlink()
        raise unverified(path)


def _gone(path: Path) -> KnownError:
    return KnownError(
        f"Thẻ nhớ đã được rút ra ngay khi {path.name} vừa ghi xong nên chưa kiểm tra được.",
        code="stick_gone",
        hint="Hãy cắm lại, xoá tệp đó nếu có trên thẻ, rồi làm lại.",
    )


def keep_own(path: Path, data: bytes) -> None:
    """Write one of the program's own small files, which only its owner reads, so that a power cut leaves old or new.

    OSError if the disk refuses: the caller knows what that means; then the old file is there, and nothing beside it.
    """
    disk, beside = Disk(), path.with_name(f"{path.name}{NEW}")
    try:
        with disk.create(beside) as file:
            file.write(data)
            disk.sync(file)
        with disk.open(beside) as file:
            if file.read() != data:
                raise OSError(errno.EIO, "not read back")
        disk.replace(beside, path)
        disk.sync_folder(path.parent)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def move(source: Path, target: Path) -> None:
    """Rename a file or folder that is complete and on the disk, and wait until both folders are; OSError."""
    source.rename(target)
    for folder in dict.fromkeys((target.parent, source.parent)):
        Disk().sync_folder(folder)


def put_over(source: Path, target: Path) -> None:
    """As `move`, within one folder, in place of the file that is there: else a power cut brings the old one back."""
    source.replace(target)
    Disk().sync_folder(target.parent)


def _beside(path: Path) -> Path:
    """The name of the file while it is written; that of a file with a very long name is shortened."""
    name = path.name.encode(errors="surrogateescape")[:_LONGEST].decode(errors="ignore")
    return path.with_name(f".{name}{_BESIDE}")


def save(data: bytes, path: Path) -> None:
    """Write `data` to `path`: check the free space, write, read back. KnownError as for `place`."""
    refuse_full(path, len(data))
    place(path, lambda file: _write(file, data), verify=lambda _beside: None)


def _write(file: BinaryIO, data: bytes) -> None:
    file.write(data)


def digest(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    return _digest(Disk(), path)


def _digest(disk: Disk, path: Path) -> str:
    result = hashlib.sha256()
    with disk.open(path) as file:
        while chunk := file.read(_CHUNK):
            result.update(chunk)
    return result.hexdigest()


def unverified(path: Path) -> KnownError:
    """The error for a file that reads back differently from what was written."""
    return KnownError(
        f"Tệp {path.name.removeprefix('.').removesuffix(_BESIDE)} vừa ghi đọc lại không đúng.",
        code="not_verified",
        hint="Thẻ nhớ có thể đã hỏng; hãy ghi vào nơi khác.",
    )


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an OSError of the block into a KnownError with a sentence about the file."""
    try:
        yield
    except PermissionError as error:
        raise KnownError(
            f"Không ghi được {path.name}: tệp đang mở ở chương trình khác, hoặc thư mục chỉ cho đọc.",
            code="file_locked",
            hint="Hãy đóng tệp trong Excel hoặc chọn nơi khác rồi thử lại.",
        ) from error
    except OSError as error:
        if given_files.is_too_long(error):
            raise given_files.too_long(given_files.shown_name(path)) from error
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

"""Papers written whole or not at all."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from kcdesk.errors import KnownError


def save(data: bytes, path: Path) -> None:
    """Write a file; KnownError file_open, read_only, no_folder or disk_full when it cannot be written.

    Written beside the file, then put in its place, so that a power cut leaves the old file or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    is_written = False
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        is_written = True
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise _known(error, path, is_written=is_written) from error


def _known(error: OSError, path: Path, *, is_written: bool) -> KnownError:
    if isinstance(error, PermissionError | IsADirectoryError) and is_written:
        message = f"Không ghi được “{path.name}” vì tệp đang mở ở chương trình khác."
        return KnownError(message, code="file_open", hint="Hãy đóng tệp đó rồi thử lại.")
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        message = f"Thư mục “{path.parent}” không cho ghi."
        return KnownError(message, code="read_only", hint="Hãy chọn thư mục khác.")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        message = f"Ổ đĩa đã đầy, không ghi được “{path.name}”."
        return KnownError(message, code="disk_full", hint="Hãy giải phóng chỗ trống rồi thử lại.")
    message = f"Không ghi được vào thư mục “{path.parent}”."
    return KnownError(message, code="no_folder", hint="Hãy kiểm tra thư mục, ổ USB rồi thử lại.")

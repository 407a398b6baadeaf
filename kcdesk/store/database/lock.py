"""The lock of a store: a lock of the operating system on the file `lock`, which ends with the program that holds it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

from kcdesk.errors import KnownError
from kcdesk.store.database.db import translated

if sys.platform == "win32":
    import msvcrt

    def _take(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file: BinaryIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """Locks a store from its construction until `release`; KnownError `in_use` if another program holds the lock."""

    def __init__(self, folder: Path) -> None:
        with translated():
            (folder / "lock").touch(mode=0o600)
            self._file = (folder / "lock").open("rb+")  # never emptied: another program may hold it
        try:
            _take(self._file)
        except OSError:
            self._file.close()
            raise KnownError(
                "Kho dữ liệu này đang mở trong một cửa sổ khác.",
                code="in_use",
                hint="Hãy đóng cửa sổ đó rồi thử lại.",
            ) from None

    def release(self) -> None:
        """Release the lock; calling it again does nothing."""
        self._file.close()

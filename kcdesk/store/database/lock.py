"""One writer at a time: a lock of the operating system on the file `lock`, gone by itself when its holder dies."""

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
    """Held from making it until `release`."""

    def __init__(self, folder: Path) -> None:
        with translated():
            self._file = (folder / "lock").open("wb")
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
        """Let the next one in; a second time does nothing."""
        self._file.close()

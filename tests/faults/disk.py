"""A disk that fails at the n-th write below a folder; what is counted as a write is in `python_disk`, `sqlite_disk`."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Fault(Enum):
    """What happens at the n-th write."""

    NONE = "none"  # writes are only counted
    KILL = "killed"  # the program ends at once, before the write
    TORN = "torn write"  # half of the write reaches the disk, then the program ends
    FULL = "disk full"  # this write and every later one fails
    SHORT = "short write"  # half of it is written, then the disk is full
    ERROR = "input/output error"  # this write fails, later ones do not
    READ_ONLY = "read-only folder"  # this write and every later one is refused
    GONE = "stick pulled"  # this write and everything later on the folder fails
    LOCKED = "file held"  # another program holds the file: this one time it may not be replaced or written


_CODES = {
    Fault.FULL: errno.ENOSPC,
    Fault.SHORT: errno.ENOSPC,
    Fault.ERROR: errno.EIO,
    Fault.READ_ONLY: errno.EROFS,
    Fault.GONE: errno.EIO,
    Fault.LOCKED: errno.EACCES,
}
DEADLY = frozenset({Fault.KILL, Fault.TORN})  # the program ends
ON_STICK = frozenset({Fault.GONE, Fault.LOCKED})  # they concern only what is written there
_LASTING = frozenset({Fault.FULL, Fault.SHORT, Fault.READ_ONLY, Fault.GONE})


@dataclass
class Disk:
    """Counts the writes below `folder` and fails at the write with the number `at`, from 1 on."""

    folder: Path
    fault: Fault = Fault.NONE
    at: int = 0
    writes: int = 0

    def owns(self, path: object) -> bool:
        """Whether the fault belongs to this path."""
        return isinstance(path, (str, Path)) and Path(path).is_relative_to(self.folder)

    def next(self, half: Callable[[], object] | None = None) -> int:
        """Count one write; returns 0, or the error number with which it fails."""
        self.writes += 1
        if self.writes < self.at or self.fault is Fault.NONE:
            return 0
        if self.writes > self.at:
            return _CODES[self.fault] if self.fault in _LASTING else 0
        if self.fault in (Fault.TORN, Fault.SHORT) and half is not None:
            half()
        if self.fault in DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        return _CODES[self.fault]

    def refuse(self, path: object) -> None:
        """Count a change of a name and raise OSError if it fails."""
        if code := self.next():
            raise OSError(code, os.strerror(code), str(path))

    def holds(self, handle: int) -> bool:
        """Whether an open file belongs to the folder."""
        try:
            return Path(f"/proc/self/fd/{handle}").readlink().is_relative_to(self.folder)
        except OSError:
            return True  # it has no name yet, or any more

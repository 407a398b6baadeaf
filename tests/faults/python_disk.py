"""Put a failing disk under Python: `open` for writing, and what `os` changes on the disk."""

from __future__ import annotations

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.faults.disk import Disk

_CHANGES = ("replace", "rename", "unlink", "remove", "mkdir", "rmdir")
_WRITING = frozenset("wax+")


class _Raw(io.FileIO):
    """A file opened for writing, each write of which is counted."""

    disk: Disk

    def write(self, data: Any) -> int:
        def half() -> None:
            super(_Raw, self).write(memoryview(data)[: len(data) // 2])

        if code := self.disk.next(half):
            raise OSError(code, os.strerror(code), self.name)
        return super().write(data) or 0

    def truncate(self, size: int | None = None) -> int:
        self.disk.refuse(self.name)
        return super().truncate(size)


@contextmanager
def python_on(disk: Disk) -> Iterator[None]:
    """Let every write by Python meet the disk, in this process."""
    stand_ins = {name: _counted(disk, getattr(os, name)) for name in _CHANGES}
    stand_ins |= {"fsync": _synced(disk), "sendfile": _unsendable}
    plain = {name: getattr(os, name) for name in stand_ins if hasattr(os, name)}
    plain_open = io.open
    for name in plain:
        setattr(os, name, stand_ins[name])
    io.open = builtins.open = _opening(disk, plain_open)
    try:
        yield
    finally:
        io.open = builtins.open = plain_open
        for name, function in plain.items():
            setattr(os, name, function)


def _opening(disk: Disk, plain_open: Callable[..., Any]) -> Any:
    def opened(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **more: Any) -> Any:
        if not disk.owns(file) or not _WRITING & set(mode):
            return plain_open(file, mode, buffering, *rest, **more)
        disk.refuse(file)
        raw = _Raw(file, mode.replace("b", "").replace("t", ""))
        raw.disk = disk
        binary: Any = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return binary if "b" in mode else io.TextIOWrapper(binary, *rest, **more)

    return opened


def _counted(disk: Disk, plain: Callable[..., Any]) -> Callable[..., Any]:
    def call(first: Any, *rest: Any, **more: Any) -> Any:
        if any(disk.owns(one) for one in (first, *rest)):
            disk.refuse(first)
        return plain(first, *rest, **more)

    return call


def _synced(disk: Disk) -> Callable[[int], None]:
    plain = os.fsync

    def synced(handle: int) -> None:
        if disk.holds(handle):
            disk.refuse(handle)
        plain(handle)

    return synced


def _unsendable(*_: Any) -> int:
    """Refuse the fast way of copying, so that `shutil` reads and writes."""
    raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

"""Put a failing disk under SQLite, which lets a test replace the system calls by which it writes (`xSetSystemCall`)."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from typing import Any

from tests.faults.disk import Disk

_SET = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
_GET = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)
_WRITE = ctypes.CFUNCTYPE(
    ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64, use_errno=True
)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int64, use_errno=True)
_UNLINK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, use_errno=True)


class _FileSystem(ctypes.Structure):
    """`sqlite3_vfs` of SQLite, version 3."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("size_of_file", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("following", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("methods", ctypes.c_void_p * 13),
        ("set_system_call", _SET),
        ("get_system_call", _GET),
    )


@cache
def _file_system() -> tuple[int, _FileSystem]:
    driver = find_spec("sqlcipher3._sqlite3")  # the library is inside the driver
    assert driver is not None
    library = ctypes.CDLL(driver.origin)
    library.sqlite3_vfs_find.restype = ctypes.c_void_p
    address = library.sqlite3_vfs_find(None)
    return address, _FileSystem.from_address(address)


@contextmanager
def sqlite_on(disk: Disk) -> Iterator[None]:
    """Let every write by SQLite meet the disk, in this process."""
    address, system = _file_system()
    calls = {b"pwrite": _writing(disk), b"ftruncate": _truncating(disk), b"unlink": _unlinking(disk)}
    for name, call in calls.items():
        system.set_system_call(address, name, ctypes.cast(call, ctypes.c_void_p))
    try:
        yield
    finally:
        for name in calls:
            system.set_system_call(address, name, None)  # the system's own again


def _original(name: bytes, kind: Any) -> Any:
    address, system = _file_system()
    return kind(system.get_system_call(address, name))


def _writing(disk: Disk) -> Any:
    write = _original(b"pwrite", _WRITE)

    def call(handle: int, content: int, size: int, offset: int) -> int:
        code = disk.next(lambda: write(handle, content, size // 2, offset)) if disk.holds(handle) else 0
        return _failed(code) if code else int(write(handle, content, size, offset))

    return _WRITE(call)


def _truncating(disk: Disk) -> Any:
    truncate = _original(b"ftruncate", _TRUNCATE)

    def call(handle: int, size: int) -> int:
        code = disk.next() if disk.holds(handle) else 0
        return _failed(code) if code else int(truncate(handle, size))

    return _TRUNCATE(call)


def _unlinking(disk: Disk) -> Any:
    unlink = _original(b"unlink", _UNLINK)

    def call(path: bytes) -> int:
        code = disk.next() if disk.owns(os.fsdecode(path)) else 0
        return _failed(code) if code else int(unlink(path))

    return _UNLINK(call)


def _failed(code: int) -> int:
    ctypes.set_errno(code)
    return -1

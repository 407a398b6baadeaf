"""The container of an encrypted workbook is looked at before the libraries read it: they trust its numbers.

A container is a small file system (MS-CFB): a header, tables of sectors (FAT), and a directory, a chain of sectors. The
password is made slow on purpose, as many times as the file says (MS-OFFCRYPTO, 2.3.4.10).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from struct import unpack_from
from typing import Any, BinaryIO

from kcdesk.bounded import limits
from kcdesk.bounded.markup import UnsafeMarkupError, refuse_unsafe_markup

_HEADER = 512  # bytes
_SHIFTS = (9, 12)  # of sectors of 512 and 4,096 bytes
_IN_HEADER = 109  # places of tables of sectors that the header names
_ENTRY, _NAME = 128, 64  # bytes of an entry of the directory, and of its name
_MOST_DIRECTORY = 64  # sectors of the directory; a locked workbook needs two
_LONGEST_INFO = 16 << 10  # bytes of the description of the encryption
_REGULAR = 0xFFFFFFFA  # numbers from here on are marks, not sectors
_SPIN = re.compile(rb"spinCount\s*=\s*[\"'](\d{1,12})[\"']")
_NODES = 500  # elements and attributes of the description


class UnsafeLockError(Exception):
    """The container would take too long or too much memory to read."""


def directory_names(file: BinaryIO) -> frozenset[bytes]:
    """The names in the directory of a container; UnsafeLockError for numbers that no container of such a size has."""
    size = file.seek(0, 2)
    file.seek(0)
    header = file.read(_HEADER)
    if len(header) < _HEADER or (shift := unpack_from("<H", header, 30)[0]) not in _SHIFTS:
        raise UnsafeLockError
    per_table = (1 << shift) // 4
    most_tables = (size >> shift) // per_table + 2
    tables, mini_tables, more_tables = (unpack_from("<I", header, place)[0] for place in (44, 64, 72))
    if tables > most_tables or mini_tables > most_tables or more_tables > most_tables // (per_table - 1) + 1:
        raise UnsafeLockError
    places = list(_tables(file, header, shift, tables))
    names: set[bytes] = set()
    sector: int = unpack_from("<I", header, 48)[0]
    for _ in range(_MOST_DIRECTORY):
        if sector >= _REGULAR:
            return frozenset(names)
        if sector // per_table >= len(places):
            raise UnsafeLockError
        names |= _names_of(file, sector, shift)
        sector = _number(file, places[sector // per_table], shift, sector % per_table)
    raise UnsafeLockError


def _names_of(file: BinaryIO, sector: int, shift: int) -> set[bytes]:
    """The names in one sector of a directory, as they are written."""
    file.seek((sector + 1) << shift)
    content = file.read(1 << shift)
    return {content[place : place + _NAME] for place in range(0, len(content), _ENTRY)}


def refuse_unsafe_password(office: Any) -> None:
    """Look at the description of the encryption, before the library parses it; UnsafeLockError.

    `office` is an open `olefile.OleFileIO`.
    """
    if office.get_size("EncryptionInfo") > _LONGEST_INFO:
        raise UnsafeLockError
    with office.openstream("EncryptionInfo") as stream:
        content = stream.read()
    start = content.find(b"<")
    try:
        refuse_unsafe_markup(content[start:] if start >= 0 else b"", _NODES)
    except UnsafeMarkupError as error:
        if content[:4] == b"\x04\0\x04\0":  # only this kind is written in XML
            raise UnsafeLockError from error
    if any(int(count) > limits.LOCK.count for count in _SPIN.findall(content)):
        raise UnsafeLockError


def _tables(file: BinaryIO, header: bytes, shift: int, count: int) -> Iterator[int]:
    """The sectors of the tables: 109 in the header, more in a chain of sectors of their own."""
    yield from unpack_from(f"<{min(count, _IN_HEADER)}I", header, 76)
    left, sector, per_table = count - _IN_HEADER, unpack_from("<I", header, 68)[0], (1 << shift) // 4
    while left > 0 and sector < _REGULAR:
        for place in range(min(left, per_table - 1)):
            yield _number(file, sector, shift, place)
        sector, left = _number(file, sector, shift, per_table - 1), left - (per_table - 1)


def _number(file: BinaryIO, sector: int, shift: int, place: int) -> int:
    """A number of a sector; UnsafeLockError if the sector lies outside of the file."""
    file.seek(((sector + 1) << shift) + 4 * place)
    content = file.read(4)
    if len(content) < 4:
        raise UnsafeLockError
    return int.from_bytes(content, "little")

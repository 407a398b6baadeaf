"""What the bytes of a folder say about somebody, also those that are packed, in every spelling."""

from __future__ import annotations

import io
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from kcdesk.text import fold

_STREAMS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


def variants(value: str) -> set[bytes]:
    """How a text may lie in a file."""
    forms = {unicodedata.normalize(form, value) for form in ("NFC", "NFD", "NFKD")}
    forms |= {fold(value), fold(value).replace(" ", "-"), value.replace(" ", "")}
    spelled = {change(form) for form in forms for change in (str, str.lower, str.upper, str.casefold)}
    plain = {form.encode(coding) for form in spelled for coding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")}
    references = {form.encode("ascii", "xmlcharrefreplace") for form in spelled}  # as openpyxl writes
    return plain | references | {form.encode("unicode_escape") for form in spelled}


def contents(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes, and what is packed in them."""
    yield data
    if depth > 3:
        return
    if data.find(b"PK\x03\x04") >= 0 and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.namelist():
                yield from contents(archive.read(part), depth + 1)
    for head in _STREAMS:
        place = data.find(head)
        while place >= 0:
            unpacker = zlib.decompressobj()
            try:
                unpacked = unpacker.decompress(data[place : place + (1 << 20)], 1 << 22)
            except zlib.error:
                unpacked = b""
            if len(unpacked) > 16:
                yield from contents(unpacked, depth + 1)
            place = data.find(head, place + 1)


def traces(home: Path, wanted: Mapping[str, set[bytes]]) -> list[str]:
    """Which file of a folder says what of whom; `wanted` are the spellings by name."""
    left = []
    for path in sorted(home.rglob("*")):
        pieces = [str(path.relative_to(home)).encode(), *(contents(path.read_bytes()) if path.is_file() else ())]
        left += [
            f"{path.relative_to(home)}: {name}"
            for name, spellings in wanted.items()
            if any(spelling in piece for piece in pieces for spelling in spellings)
        ]
    return left

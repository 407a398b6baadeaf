"""Spoils packages in the ways that sticks, programs and people do, the same way for the same number."""

from __future__ import annotations

import io
import random
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable

_Chance = random.Random
_SPOILT = (
    zipfile.BadZipFile, zlib.error, struct.error, ValueError, KeyError, IndexError, RuntimeError, EOFError, OSError,
)  # fmt: skip
_ENTITY = b'<!DOCTYPE x [<!ENTITY a "bbbbbbbb">]>'


def mutate(content: bytes, seed: int) -> bytes:
    """The package `content` spoilt in one to three ways."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 3)):
        way = chance.choice(_WAYS)
        try:
            content = way(content, chance)
        except _SPOILT:
            content = _flip(content, chance)  # what is already spoilt cannot be unpacked
    return content


def _flip(content: bytes, chance: _Chance) -> bytes:
    spoilt = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if spoilt:
            spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def _cut(content: bytes, chance: _Chance) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _append(content: bytes, chance: _Chance) -> bytes:
    return content + chance.randbytes(chance.randint(1, 200))


def _zeros(content: bytes, chance: _Chance) -> bytes:
    start = chance.randrange(len(content) + 1)
    size = min(chance.randint(1, 4096), len(content) - start)
    return content[:start] + bytes(size) + content[start + size :]


def _swap(content: bytes, chance: _Chance) -> bytes:
    one, other = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    return content[other:] + content[one:other] + content[:one]


def _parts(content: bytes) -> list[tuple[zipfile.ZipInfo, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(info, archive.read(info)) for info in archive.infolist()]


def _packed(parts: list[tuple[zipfile.ZipInfo, bytes]]) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w") as archive:
        warnings.simplefilter("ignore")  # two parts of one name are what is wanted here
        for info, part in parts:
            archive.writestr(info, part)
    return file.getvalue()


def _in_a_part(change: Callable[[bytes, _Chance], bytes]) -> Callable[[bytes, _Chance], bytes]:
    """A change of one part, packed again with right checksums."""

    def way(content: bytes, chance: _Chance) -> bytes:
        parts = _parts(content)
        number = chance.randrange(len(parts))
        info, part = parts[number]
        parts[number] = (info, change(part, chance))
        return _packed(parts)

    return way


def _drop_part(content: bytes, chance: _Chance) -> bytes:
    parts = _parts(content)
    del parts[chance.randrange(len(parts))]
    return _packed(parts)


def _rename_part(content: bytes, chance: _Chance) -> bytes:
    parts = _parts(content)
    number = chance.randrange(len(parts))
    parts[number] = (
        zipfile.ZipInfo(chance.choice(["x", "../../x", "kcdesk/records.jsonl", "a" * 300])),
        parts[number][1],
    )
    return _packed(parts)


def _bomb(content: bytes, chance: _Chance) -> bytes:
    info = zipfile.ZipInfo("xl/media/bomb.bin")
    info.compress_type = zipfile.ZIP_DEFLATED
    return _packed([*_parts(content), (info, bytes(chance.randint(2, 8) << 20))])


def _digits(part: bytes, chance: _Chance) -> bytes:
    """Other numbers in a text: lengths, dates, amounts, cells."""
    return re.sub(rb"\d", lambda _: str(chance.randrange(10)).encode(), part, count=chance.randint(1, 20))


def _words(part: bytes, chance: _Chance) -> bytes:
    """Words of JSON and XML for others."""
    pairs = (
        (b"null", b"{}"),
        (b"true", b"[]"),
        (b'":"', b'":["'),
        (b"draft", b"final"),
        (b"<v>", b"<f>"),
        (b"{", b"[{"),
    )
    old, new = chance.choice(pairs)
    return part.replace(old, new, chance.randint(1, 3))


def _entity(part: bytes, _chance: _Chance) -> bytes:
    head, mark, rest = part.partition(b"?>")
    return head + mark + _ENTITY + rest if mark else _ENTITY + part


_WAYS = (
    _flip,
    _cut,
    _append,
    _zeros,
    _swap,
    _drop_part,
    _rename_part,
    _bomb,
    *map(_in_a_part, (_flip, _cut, _digits, _words, _entity, _zeros)),
)

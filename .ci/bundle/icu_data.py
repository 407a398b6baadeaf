"""Makes Qt's 32 MB of language data small: Linux only, where Qt brings the library ICU with the data of all languages.

The data are one package inside `libicudata.so`: a head, a table of names and places, the items. Kept are the items that
belong to no language, and those of Vietnamese and English; the smaller package becomes a library of the same name with
`objcopy` and `ld` of binutils. Windows and macOS have the data in the system.
"""

from __future__ import annotations

import re
import struct
import subprocess
from pathlib import Path

_HEAD = re.compile(rb"..\xda\x27.{8}CmnD", re.DOTALL)
_KEPT = re.compile(r"(root|vi|vi_VN|en|en_US|res_index|supplementalData|[a-zA-Z]*[A-Z][a-zA-Z]*|pool)\.res")
_LANGUAGES = re.compile(r"(?:(?:coll|curr|lang|rbnf|region|unit|zone)/)?[a-z]{2,3}(?:_\w+)?\.res")
_UNUSED = re.compile(r"(translit|rbnf)/.*|brkitr/.*\.dict|.*\.cnv|.*\.spp|unames\.icu")


def small_library(path: Path, copy: Path) -> None:
    """Write the library of `path` with few languages to `copy`."""
    content = path.read_bytes()
    version = re.search(r"\.so\.(\d+)", path.name)
    assert version, path.name
    data = copy.with_suffix(".dat")
    data.write_bytes(small_package(content[package_in(content) :]))
    made = copy.with_suffix(".o")
    section = ".rodata,alloc,load,readonly,data,contents"
    symbol = f"icudt{version[1]}_dat=.rodata:0,global,object"
    elf = ("-I", "binary", "-O", "elf64-x86-64", "-B", "i386:x86-64", "--rename-section", f".data={section}")
    options = ("--set-section-alignment", ".rodata=16", "--add-symbol", symbol)
    subprocess.run(["objcopy", *elf, *options, data.name, made.name], check=True, cwd=copy.parent)
    subprocess.run(
        ["ld", "-shared", "-z", "noexecstack", "-soname", path.name, "-o", copy.name, made.name],
        check=True,
        cwd=copy.parent,
    )


def package_in(library: bytes) -> int:
    """Where the package begins in the library."""
    match = _HEAD.search(library)
    if match is None:
        raise ValueError("no package of ICU")
    return match.start()


def small_package(package: bytes) -> bytes:
    """A package of ICU with the items that are kept; what stands behind its last item is not read."""
    head_size = struct.unpack_from("<H", package)[0]
    head, body = package[:head_size], memoryview(package)[head_size:]
    count = struct.unpack_from("<I", body)[0]
    places = [struct.unpack_from("<II", body, 4 + 8 * number) for number in range(count)]
    items = []
    for number, (name_at, data_at) in enumerate(places):
        name = bytes(body[name_at : name_at + 200]).partition(b"\0")[0]
        end = places[number + 1][1] if number + 1 < count else data_at + (1 << 16)
        if is_kept(name.decode().partition("/")[2]):
            items.append((name, bytes(body[data_at:end])))
    return head + _laid_out(items)


def is_kept(name: str) -> bool:
    """Whether an item belongs to no language, or to one of ours."""
    if _UNUSED.fullmatch(name):
        return False
    return bool(_KEPT.fullmatch(name.rpartition("/")[2])) or not _LANGUAGES.fullmatch(name)


def _laid_out(items: list[tuple[bytes, bytes]]) -> bytes:
    """The table and the items, each at a multiple of sixteen bytes."""
    names_at = 4 + 8 * len(items)
    names = b"".join(name + b"\0" for name, _content in items)
    data_at = _rounded(names_at + len(names))
    table, place, name_at, blocks = struct.pack("<I", len(items)), data_at, names_at, []
    for name, content in items:
        table += struct.pack("<II", name_at, place)
        block = content + bytes(_rounded(len(content)) - len(content))
        blocks.append(block)
        place, name_at = place + len(block), name_at + len(name) + 1
    return (table + names).ljust(data_at, b"\0") + b"".join(blocks)


def _rounded(size: int) -> int:
    return -(-size // 16) * 16

"""Zips and workbooks that are bombs: sizes, overlaps, directories, XML, cells; and locked containers."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from kcdesk.exchange.container import lock

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_BOOK = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>%s</sheets></workbook>'
_SHEET = f'<worksheet xmlns="{MAIN}">%s</worksheet>'
Make = Callable[[Path], Path]


def zipped(path: Path, parts: dict[str, bytes]) -> Path:
    """Write a zip without packing, so that no ratio gives it away."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def workbook(sheet: str = "", texts: str = "", styles: str = "", more: dict[str, bytes] | None = None) -> Make:
    """A workbook with one sheet of this XML (or a whole part), shared texts and styles."""

    def make(path: Path) -> Path:
        relations = [("rId1", "worksheet", "worksheets/sheet1.xml")]
        parts = {"xl/worksheets/sheet1.xml": (_SHEET % sheet).encode()}
        if texts:
            parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{texts}</sst>'.encode()
            relations.append(("rId2", "sharedStrings", "sharedStrings.xml"))
        if styles:
            parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'.encode()
            relations.append(("rId3", "styles", "styles.xml"))
        return zipped(path, {**_frame(relations), **parts, **(more or {})})

    return make


def _frame(relations: list[tuple[str, str, str]]) -> dict[str, bytes]:
    listed = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{to}"/>' for i, kind, to in relations)
    main = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    return {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"/>'.encode(),
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">{main}</Relationships>'.encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">{listed}</Relationships>'.encode(),
        "xl/workbook.xml": (_BOOK % '<sheet name="A" sheetId="1" r:id="rId1"/>').encode(),
    }


def part(name: str, content: bytes) -> Make:
    """A workbook with one more part, or with another part in place of its own."""
    return workbook("<sheetData/>", more={name: content})


def zeros(path: Path) -> Path:
    """A gigabyte of zeros in one part: one megabyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join([packer.compress(bytes(1 << 20)) for _ in range(1024)] + [packer.flush()])
    return _written(path, [("xl/worksheets/sheet1.xml", packed, 1 << 30)])


def lying(path: Path) -> Path:
    """The same, with a size of ten bytes in the directory."""
    packed = zlib.compress(bytes(300 << 20), 9)[2:-4]
    return _written(path, [("xl/workbook.xml", packed, 10)])


def many_zeros(path: Path) -> Path:
    """Five thousand parts of a megabyte."""
    packed = zlib.compress(bytes(1 << 20), 9)[2:-4]
    return _written(path, [(f"xl/media/{number}.bin", packed, 1 << 20) for number in range(5_000)])


def just_below_each(path: Path) -> Path:
    """Many parts that are each within the ratio of one part, and together are not."""
    packed = zlib.compress(bytes(1_000_000), 9)[2:-4]
    return _written(path, [(f"xl/media/{number}.bin", packed, 1_000_000) for number in range(400)])


def overlapping(path: Path) -> Path:
    """Two thousand entries that share one kernel of bytes."""
    kernel = zlib.compress(bytes(900_000), 9)[2:-4]
    return _written(path, [("a.xml", kernel, 900_000)], entries=2_000)


def wide_directory(path: Path) -> Path:
    """A directory of a million entries."""
    return _written(path, [("a", b"", 0)], entries=1_000_000)


def long_names(path: Path) -> Path:
    """Names of 60 kB."""
    return _written(path, [("n" * 60_000 + str(number), b"", 0) for number in range(300)])


def directory_of_zip64(path: Path) -> Path:
    """An end record of zip64 that claims a directory of terabytes."""
    zipped(path, {"a.xml": b"<a/>"})
    content = path.read_bytes()
    end = content.rfind(b"PK\5\6")
    longer = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1 << 40, 1 << 40, 1 << 42, 0)
    locator = b"PK\6\7" + struct.pack("<IQI", 0, end, 1)
    marks = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path.write_bytes(content[:end] + longer + locator + marks)
    return path


def twice_named(path: Path) -> Path:
    """Two parts of the same name."""
    return _written(path, [("xl/workbook.xml", b"", 0)] * 2)


def quine(path: Path) -> Path:
    """A zip in a zip in a zip …"""
    content = b"0" * 1_000_000
    for _ in range(8):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(10):
                archive.writestr(f"{number}.zip", content)
        content = buffer.getvalue()
    path.write_bytes(content)
    return path


def _written(path: Path, parts: list[tuple[str, bytes, int]], entries: int = 0) -> Path:
    """A zip by hand: local headers, then a directory; with `entries`, that many that all name the first part."""
    body, directory = bytearray(), bytearray()
    for name, packed, size in parts:
        head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, 0, len(packed), size, len(name), 0)
        place = len(body)
        body += b"PK\3\4" + head + name.encode() + packed
        for number in range(max(entries, 1)):
            shown = f"{number}{name}" if entries else name
            tail = struct.pack("<HHHHII", 0, 0, 0, 0, 0, place)
            directory += b"PK\1\2" + struct.pack("<H", 20) + head[:-4] + struct.pack("<HH", len(shown), 0) + tail[2:]
            directory += shown.encode()
    count = min(len(parts) * max(entries, 1), 0xFFFF)
    path.write_bytes(
        bytes(body + directory) + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    )
    return path


# -- XML ----------------------------------------------------------------------------------------------------------


def laughs(levels: int = 9) -> bytes:
    """Entities that name each other ten times."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels))
    return f'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY l0 "ha">{lines}]><z>&l{levels - 1};</z>'.encode()


def rows(row: str, number: int) -> str:
    """The rows of a sheet."""
    return f"<sheetData>{row * number}</sheetData>"


_TEXT = "<si><t>a</t></si>"
HEAD_ROW = '<row><c t="inlineStr"><is><t>id</t></is></c></row>'

ARCHIVES: dict[str, Make] = {
    "zip: a gigabyte of zeros": zeros,
    "zip: a size that lies": lying,
    "zip: five thousand megabytes": many_zeros,
    "zip: each part just below the ratio": just_below_each,
    "zip: overlapping entries": overlapping,
    "zip: a million entries": wide_directory,
    "zip: names of 60 kB": long_names,
    "zip: zip64 that lies": directory_of_zip64,
    "zip: two parts of one name": twice_named,
    "zip: zips in zips": quine,
    "xml: billion laughs": lambda path: part("xl/workbook.xml", laughs())(path),
    "xml: one long entity": lambda path: part(
        "xl/workbook.xml", b'<!DOCTYPE z [<!ENTITY a "' + b"a" * 500_000 + b'">]><z>' + b"&a;" * 100_000 + b"</z>"
    )(path),
    "xml: an entity outside": lambda path: part(
        "xl/workbook.xml", b'<!DOCTYPE z [<!ENTITY a SYSTEM "file:///dev/zero">]><z>&a;</z>'
    )(path),
    "xml: laughs in UTF-16": lambda path: part("xl/workbook.xml", laughs().decode().encode("utf-16"))(path),
    "xml: laughs in UTF-7": lambda path: part(
        "xl/workbook.xml", b'<?xml version="1.0" encoding="UTF-7"?>' + laughs()[21:].replace(b"<!D", b"+ADwAIQ-D")
    )(path),
    "xml: a tree of millions": lambda path: part("xl/workbook.xml", b"<a>" + b"<b/>" * 5_000_000 + b"</a>")(path),
    "xml: millions of attributes": lambda path: part(
        "xl/workbook.xml", b"<a " + b" ".join(b'a%d=""' % n for n in range(600_000)) + b"/>"
    )(path),
    "xml: half a million elements deep": lambda path: part("xl/workbook.xml", b"<a>" * 500_000 + b"</a>" * 500_000)(
        path
    ),
    "xml: a text of 60 MB": lambda path: part("xl/workbook.xml", b"<a>" + b"a" * (60 << 20) + b"</a>")(path),
    "xml: a tree in the properties": lambda path: part("docProps/custom.xml", b"<a>" + b"<b/>" * 26_000_000 + b"</a>")(
        path
    ),
    "sheet: millions of empty cells": lambda path: workbook(
        HEAD_ROW + rows("<row>" + "<c/>" * 1_000 + "</row>", 6_000)
    )(path),
    "sheet: a row of millions of cells": lambda path: workbook(rows("<row>" + "<c/>" * 2_500_000 + "</row>", 1))(path),
    "sheet: millions of empty rows": lambda path: workbook(
        rows(HEAD_ROW, 1).replace("</sheetData>", "<row/>" * 18_000_000 + "</sheetData>")
    )(path),
    "sheet: a tree before the rows": lambda path: workbook(
        "<cols>" + "<col/>" * 900_000 + "</cols>" + rows(HEAD_ROW, 1)
    )(path),
    "sheet: merged cells over all": lambda path: workbook(
        rows(HEAD_ROW + '<row><c t="inlineStr"><is><t>x</t></is></c></row>' * 3_000, 1)
        + "<mergeCells>"
        + '<mergeCell ref="A1:XFD1048576"/>' * 60_000
        + "</mergeCells>"
    )(path),
    "sheet: a thousand columns of one name": lambda path: workbook(
        rows("<row>" + '<c t="inlineStr"><is><t>id</t></is></c>' * 900 + "</row>", 1).replace(
            "</sheetData>", '<row><c r="A9"><v>1</v></c></row>' * 300_000 + "</sheetData>"
        )
    )(path),
    "sheet: millions of shared texts": lambda path: workbook(rows(HEAD_ROW, 1), texts=_TEXT * 6_000_000)(path),
    "sheet: a format that is searched long": lambda path: workbook(
        rows(HEAD_ROW + '<row><c s="0"><v>1</v></c></row>', 1),
        styles=f'<numFmts><numFmt numFmtId="200" formatCode="{"[" * 300_000}"/></numFmts>'
        '<cellXfs><xf numFmtId="200"/></cellXfs>',
    )(path),
}


# -- locked containers --------------------------------------------------------------------------------------------


def _locked() -> bytes:
    buffer = io.BytesIO()
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.xml", "<a/>")
    lock.lock(inner, "mật khẩu", buffer)
    return buffer.getvalue()


def _spun(count: bytes) -> Make:
    def make(path: Path) -> Path:
        content = _locked().replace(b'spinCount="100000"', b'spinCount="' + count + b'"')
        place = content.find("\x06DataSpaces".encode("utf-16-le")) + 80
        path.write_bytes(content[:place] + bytes(16) + content[place + 16 :])
        return path

    return make


def _with_number(offset: int, number: int) -> Make:
    def make(path: Path) -> Path:
        content = bytearray(_locked())
        content[offset : offset + 4] = struct.pack("<I", number)
        place = bytes(content).find("\x06DataSpaces".encode("utf-16-le")) + 80
        content[place : place + 16] = bytes(16)
        path.write_bytes(bytes(content))
        return path

    return make


def _endless_directory(path: Path) -> Path:
    """A directory whose chain of sectors goes through 40 MB."""
    count, per = 80_000, 128
    tables = -(-(count + 700) // per)
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 62, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 44, min(tables, 109), tables + 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    for number in range(109):
        struct.pack_into("<I", header, 76 + 4 * number, number)
    chain = b"".join(struct.pack("<I", n + 1) for n in range(109 * per))
    name = "EncryptedPackage".encode("utf-16-le").ljust(512, b"\0") + "\x06DataSpaces".encode("utf-16-le").ljust(
        512, b"\0"
    )
    path.write_bytes(bytes(header) + chain + name + bytes(13_000 * 512))
    return path


LOCKS: dict[str, Make] = {
    "lock: ten million rounds": lambda path: _spun(b"9999999")(path),
    "lock: 401 thousand rounds": lambda path: _spun(b"401000")(path),
    "lock: rounds without end": lambda path: _spun(b"9" * 12)(path),
    "lock: billions of tables": lambda path: _with_number(44, 0x7FFFFFFF)(path),
    "lock: billions of tables of tables": lambda path: _with_number(72, 0x7FFFFFFF)(path),
    "lock: billions of small tables": lambda path: _with_number(64, 0x7FFFFFFF)(path),
    "lock: a directory without end": _endless_directory,
}

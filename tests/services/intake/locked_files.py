"""Spreadsheets with a password, and a binary one of Excel, made without Excel."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

from msoffcrypto.format.ooxml import OOXMLFile

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BEGIN_OF_FILE, _PASSWORD = b"\x09\x08\x10\x00", b"\x2f\x00"


def locked_xlsx(content: bytes) -> bytes:
    """A workbook behind a password."""
    buffer = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt("mật khẩu", buffer)
    return buffer.getvalue()


def locked_xls(content: bytes) -> bytes:
    """An old workbook whose second record says that the others are encrypted."""
    changed = bytearray(content)
    place = changed.index(_BEGIN_OF_FILE) + len(_BEGIN_OF_FILE) + 16
    changed[place : place + 2] = _PASSWORD
    return bytes(changed)


def locked_ods(path: Path) -> bytes:
    """An OpenDocument spreadsheet whose directory says that its content is encrypted."""
    given, buffer = zipfile.ZipFile(path), io.BytesIO()
    entry = b'<manifest:file-entry manifest:full-path="a"><manifest:encryption-data/></manifest:file-entry>'
    with zipfile.ZipFile(buffer, "w") as made:
        for name in given.namelist():
            content = bytes(500) if name == "content.xml" else given.read(name)
            made.writestr(name, content.replace(b"</manifest:manifest>", entry + b"</manifest:manifest>"))
    return buffer.getvalue()


def binary_book(rows: Sequence[Sequence[str | float]]) -> bytes:
    """A workbook .xlsb with these rows."""
    sheet = _record(129) + _record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)) + _record(145)
    for number, row in enumerate(rows):
        sheet += _record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))
        for column, value in enumerate(row):
            place = struct.pack("<II", column, 0)
            text = isinstance(value, str)
            sheet += _record(6, place + _text(str(value))) if text else _record(5, place + struct.pack("<d", value))
    sheet += _record(146) + _record(130)
    listed = _record(156, struct.pack("<II", 0, 1) + _text("rId1") + _text("Trang"))
    book = _record(131) + _record(143) + listed + _record(144) + _record(132)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types"/>')
        made.writestr("_rels/.rels", _relation("officeDocument", "xl/workbook.bin"))
        made.writestr("xl/workbook.bin", book)
        made.writestr("xl/_rels/workbook.bin.rels", _relation("worksheet", "worksheets/sheet1.bin"))
        made.writestr("xl/worksheets/sheet1.bin", sheet)
    return buffer.getvalue()


def _relation(kind: str, target: str) -> str:
    one = f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{one}</Relationships>'


def _record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(body)]) + body


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")

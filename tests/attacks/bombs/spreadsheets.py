"""Spreadsheets of strangers that are bombs: Open XML, OpenDocument, old Excel, web pages, texts with columns."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.attacks.bombs.archives import rows, workbook, zipped
from tests.attacks.bombs.texts import text

Make = Callable[[Path], Path]
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_CELL = '<c t="inlineStr"><is><t>a</t></is></c>'
_LAST_CELL = '<c r="XFD1" t="inlineStr"><is><t>a</t></is></c>'
_MERGED = '<Cell ss:MergeAcross="500" ss:MergeDown="500"><Data ss:Type="String">a</Data></Cell>'
_ODS_CELL = "<table:table-cell{}><text:p>a</text:p></table:table-cell>"
_MARKS = "a" + "\u0301\u0323" * 15_000


def ods(table: str) -> Make:
    """An OpenDocument spreadsheet with one sheet of this XML."""
    content = (
        f'<office:document-content xmlns:office="{_OFFICE}" xmlns:table="{_TABLE}" xmlns:text="{_TEXT}"><office:body>'
        f'<office:spreadsheet><table:table table:name="A">{table}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    return lambda path: zipped(path.with_suffix(".ods"), {"mimetype": _SPREADSHEET, "content.xml": content.encode()})


def _ods_rows(cells: str, number: int) -> Make:
    return ods(f"<table:table-row>{cells}</table:table-row>" * number)


def _binary(cells: list[tuple[int, int]]) -> Make:
    """A binary workbook (.xlsb) with numbers at these places, by row and column from 0."""

    def record(kind: int, body: bytes) -> bytes:
        head = struct.pack("<B", kind) if kind < 128 else struct.pack("<BB", kind & 0x7F | 0x80, kind >> 7)
        return head + struct.pack("<B", len(body)) + body

    def make(path: Path) -> Path:
        name = "A".encode("utf-16-le")
        sheet = struct.pack("<III", 0, 1, 4) + "rId1".encode("utf-16-le") + struct.pack("<I", 1) + name
        book = record(0x83, b"") + record(0x8F, b"") + record(0x9C, sheet) + record(0x90, b"") + record(0x84, b"")
        last = max(row for row, _ in cells), max(column for _, column in cells)
        body = record(0x81, b"") + record(0x94, struct.pack("<IIII", 0, last[0], 0, last[1])) + record(0x91, b"")
        for row, column in cells:
            body += record(0, struct.pack("<IIHBI", row, 0, 300, 0, 0))
            body += record(2, struct.pack("<III", column, 0, 0x3FF00000 & ~3 | 2))
        body += record(0x92, b"") + record(0x82, b"")
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
        relations = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{kind}" Target="worksheets/sheet1.bin"/></Relationships>'
        )
        parts = {"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": book, "xl/worksheets/sheet1.bin": body}
        return zipped(path.with_suffix(".xlsb"), parts | {"xl/_rels/workbook.bin.rels": relations.encode()})

    return make


def old_excel(directory: bytes = b"", stream: bytes = b"") -> Make:
    """A container named .xls; `directory` is its table of sectors, `stream` its content."""

    def make(path: Path) -> Path:
        head = bytearray(512)
        head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
        struct.pack_into("<IIIIIIIII", head, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
        head[76:512] = b"\xff" * 436
        struct.pack_into("<I", head, 76, 0)
        table = directory or struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * 504
        entry = "Workbook".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBB", 18, 2, 1)
        entry += b"\xff" * 12 + bytes(36) + struct.pack("<IQ", 2, len(stream) or 1 << 40)
        root = "Root Entry".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBB", 22, 5, 1)
        root += struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, 1) + bytes(36) + struct.pack("<IQ", 0xFFFFFFFE, 0)
        made = path.with_suffix(".xls")
        made.write_bytes(bytes(head) + table + (root + entry).ljust(512, b"\0") + stream.ljust(512, b"\0"))
        return made

    return make


def _table_of(*following: int) -> bytes:
    """A table of sectors: the first is the table itself, then which sector follows each."""
    return struct.pack(f"<{len(following) + 1}I", 0xFFFFFFFD, *following).ljust(512, b"\xff")


def _nested_zips(path: Path) -> Path:
    """A workbook that is a zip of zips of spreadsheets."""
    content = b"PK\5\6" + bytes(18)
    for _ in range(6):
        inner = path.with_suffix(".part")
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(9):
                archive.writestr(f"{number}.xlsx", content)
        content = inner.read_bytes()
        inner.unlink()
    path.write_bytes(content)
    return path


def _number(digits: str) -> str:
    return rows(f"<row><c><v>{digits}</v></c></row>", 1)


SHEETS: dict[str, Make] = {
    "xlsx: a long text shared by thousands": lambda path: workbook(
        rows("<row>" + '<c t="s"><v>0</v></c>' * 200 + "</row>", 500), texts=f"<si><t>{'dài ' * 8_000}</t></si>"
    )(path),
    "xlsx: a shared text of 30 MB": lambda path: workbook(
        rows('<row><c t="s"><v>0</v></c></row>', 20), texts=f"<si><t>{'a' * (30 << 20)}</t></si>"
    )(path),
    "xlsx: fifty thousand merged cells over all": lambda path: workbook(
        rows(f"<row>{_CELL}</row>", 3) + "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 50_000 + "</mergeCells>"
    )(path),
    "xlsx: hidden columns again and again": lambda path: workbook(
        "<cols>" + '<col min="1" max="16384" hidden="1"/>' * 300_000 + "</cols>" + rows(f"<row>{_CELL}</row>", 3)
    )(path),
    "xlsx: a column that is no number": lambda path: workbook(
        '<cols><col min="x" max="1e9" hidden="1"/></cols>' + rows(f"<row>{_CELL}</row>", 3)
    )(path),
    "xlsx: a column of a million digits": lambda path: workbook(
        f'<cols><col min="1" max="{"9" * 1_000_000}" hidden="1"/></cols>' + rows(f"<row>{_CELL}</row>", 3)
    )(path),
    "xlsx: styles without end": lambda path: workbook(
        rows(f"<row>{_CELL}</row>", 3), styles="<cellXfs>" + '<xf numFmtId="14"/>' * 1_000_000 + "</cellXfs>"
    )(path),
    "xlsx: formats without end": lambda path: workbook(
        rows(f"<row>{_CELL}</row>", 3),
        styles="<numFmts>"
        + "".join(f'<numFmt numFmtId="{number}" formatCode="{"0" * 5_000}{number}"/>' for number in range(200, 4_000))
        + "</numFmts><cellXfs>"
        + "".join(f'<xf numFmtId="{number}"/>' for number in range(200, 4_000))
        + "</cellXfs>",
    )(path),
    "xlsx: a number of a million digits": lambda path: workbook(_number("9" * 30_000))(path),
    "xlsx: rows at the end of the world": lambda path: workbook(
        "<sheetData>"
        + "".join(
            f'<row r="{9_999_999 - number}"><c r="XFD1" t="inlineStr"><is><t>a</t></is></c></row>'
            for number in range(10_000)
        )
        + "</sheetData>"
    )(path),
    "xlsx: a heading of marks": lambda path: workbook(
        rows(f'<row><c t="inlineStr"><is><t>{_MARKS}</t></is></c><c t="inlineStr"><is><t>Tên</t></is></c></row>', 3)
    )(path),
    "xlsx: sixteen thousand headings": lambda path: workbook(
        rows("<row>" + '<c t="inlineStr"><is><t>Tên cơ sở</t></is></c>' * 16_000 + "</row>", 12)
    )(path),
    "xlsx: zips of zips": _nested_zips,
    "ods: rows repeated 2^20 times": lambda path: (
        _ods_rows(_ODS_CELL.format(""), 1)(path)
        and ods(
            '<table:table-row table:number-rows-repeated="1048576">'
            + _ODS_CELL.format(' table:number-columns-repeated="16384"')
            + "</table:table-row>"
        )(path)
    ),
    "ods: cells repeated in thousands of rows": lambda path: _ods_rows(
        _ODS_CELL.format(' table:number-columns-repeated="1048576"'), 20_000
    )(path),
    "ods: merged cells side by side": lambda path: _ods_rows(
        _ODS_CELL.format(' table:number-columns-spanned="1000" table:number-rows-spanned="99999999"') * 100, 3_000
    )(path),
    "ods: hidden columns again and again": lambda path: ods(
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="99999999"/>' * 300_000
        + f"<table:table-row>{_ODS_CELL.format('')}</table:table-row>"
    )(path),
    "ods: a number of a million digits": lambda path: _ods_rows(
        f'<table:table-cell office:value-type="float" office:value="{"9" * 1_000_000}"/>', 3
    )(path),
    "ods: paragraphs in paragraphs": lambda path: ods("<text:p>" * 200_000 + "</text:p>" * 200_000)(path),
    "xlsb: one cell at each end": lambda path: _binary([(0, 0), (1_048_575, 16_383)])(path),
    "xls: a stream of a terabyte": lambda path: old_excel()(path),
    "xls: sectors in a circle": lambda path: old_excel(_table_of(1, 2))(path),
    "xls: a chain beyond the file": lambda path: old_excel(_table_of(0x7FFFFFF0, 0x7FFFFFF1))(path),
    "html: tables in tables": lambda path: text(".xls", "<html>" + "<table><tr><td>" * 40_000)(path),
    "html: cells over all columns": lambda path: text(
        ".xls", "<html><table>" + ("<tr>" + '<td colspan="500" rowspan="500">a</td>' * 100 + "</tr>") * 400
    )(path),
    "html: a million tags that are not closed": lambda path: text(".xls", "<html><table><tr><td>" + "<b>" * 1_000_000)(
        path
    ),
    "xml: cells merged over all": lambda path: text(
        ".xml",
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>'
        + (
            "<Row>"
            + '<Cell ss:MergeAcross="500" ss:MergeDown="500"><Data ss:Type="String">a</Data></Cell>' * 100
            + "</Row>"
        )
        * 1_000
        + "</Table></Worksheet></Workbook>",
    )(path),
    "csv: a line of 19 MB": lambda path: text(".csv", "Tên;Địa chỉ\n" + "a" * 19_000_000)(path),
    "csv: sixteen thousand columns": lambda path: text(".csv", (";".join(["Tên cơ sở"] * 16_000) + "\n") * 40)(path),
}
# Texts that are long and strange, and no more: the rows are shown, and what is no number or place is refused by cell.
HARMLESS: dict[str, Make] = {
    "csv: a cell of marks": lambda path: text(".csv", f"Tên cơ sở;Địa chỉ\n{_MARKS};Xã Mẫu\n" * 3)(path),
    "csv: numbers without end": lambda path: text(
        ".csv", "Tên cơ sở;Số lao động\n" + ("Cơ sở;" + "9" * 30_000 + "\n") * 100
    )(path),
    "csv: half a number a thousand times": lambda path: text(
        ".csv", "Tên cơ sở;Số lao động;Điện thoại\n" + ("Cơ sở;" + "1 tr " * 6_000 + ";" + "09 " * 10_000 + "\n") * 20
    )(path),
    "csv: letters that turn the direction": lambda path: text(
        ".csv", "Tên cơ sở;Địa chỉ\n" + ("\u202e" * 30_000 + "a;b\n") * 20
    )(path),
    "csv: brackets without end": lambda path: text(
        ".csv", "Tên cơ sở;Địa chỉ\n" + ("(" * 30_000 + ";" + "Xã " * 10_000 + "\n") * 20
    )(path),
}

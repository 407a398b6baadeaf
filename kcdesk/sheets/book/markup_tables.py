"""Reads spreadsheets that are markup: a web page named .xls, as many programs write them, and XML 2003."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from kcdesk import moments
from kcdesk.bounded.markup import UnsafeMarkupError, refuse_unsafe_markup
from kcdesk.exchange.workbook.book_parts import local_name
from kcdesk.sheets.book.book_formats import damaged
from kcdesk.sheets.book.counting import CellCount
from kcdesk.sheets.book.foreign_book import FORMAT
from kcdesk.sheets.book.letter_codes import decoded_text
from kcdesk.sheets.book.old_formats import plain_cell
from kcdesk.sheets.book.text_tables import untyped_cell

_LARGEST_SPAN = 500
_TEXT_FORMAT = "@"
_DEEPEST = 200
_TAGS = re.compile(rb"<(/?)([a-zA-Z]+)")


def read_html(content: bytes) -> dict[str, Any]:
    """The tables of a web page, below each other, as one sheet."""
    if content.count(b"<") > 3_000_000 or _is_deep(content):
        raise damaged()
    parser = html.HTMLParser(encoding="utf-8", no_network=True, recover=True, remove_comments=True, huge_tree=False)
    try:
        root = html.document_fromstring(decoded_text(content).encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise damaged() from error
    sheet: dict[str, Any] = {"name": "Sheet1", "rows": [], "merged": [], "formats": [_TEXT_FORMAT]}
    count, number = CellCount(), 1
    for table in root.iter("table"):
        if not any(True for _ in table.iterancestors("table")):
            number = _add_table(sheet, table, number, count) + 1
    return {"sheets": [sheet] if sheet["rows"] else []}


def _is_deep(content: bytes) -> bool:
    """Whether tables lie deep in each other: the parser would go as deep."""
    depth = deepest = 0
    for match in _TAGS.finditer(content):
        if match[2].lower() in (b"table", b"div", b"td", b"font", b"span", b"b"):
            depth = max(0, depth + (-1 if match[1] else 1))
            deepest = max(deepest, depth)
    return deepest > _DEEPEST * 250


def _add_table(sheet: dict[str, Any], table: etree._Element, number: int, count: CellCount) -> int:
    """Add the rows of a table from a row on; returns the next free row."""
    taken: dict[int, int] = {}  # columns that a higher cell covers, with the last row that it covers
    for row in table.iter("tr"):
        cells, column = [], 1
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while taken.get(column, 0) >= number:
                column += 1
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            if wide > 1 or high > 1:
                count.add_merged(wide)
                sheet["merged"].append((number, column, number + high - 1, column + wide - 1))
            taken.update(dict.fromkeys(range(column, column + wide), number + high - 1))
            if plain := _html_cell(column, cell):
                cells.append(plain)
            column += wide
        if cells:
            count.add_row(cells)
            sheet["rows"].append((number, cells))
        number += 1
    return number


def _span(cell: etree._Element, name: str) -> int:
    written = cell.get(name, "1").strip()
    return max(1, min(int(written), _LARGEST_SPAN)) if written.isdecimal() and len(written) < 6 else 1


def _html_cell(column: int, cell: etree._Element) -> list[Any] | None:
    for line_break in cell.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    written = re.sub(r"[ \t\r\f]*\n[ \t\r\f\n]*", "\n", "".join(map(str, cell.itertext()))).strip()
    number = cell.get("x:num", "")
    is_text = "\\@" in cell.get("style", "")
    plain = plain_cell(column, _number(number) if number else written if is_text else untyped_cell(written))
    if plain and "mso-number-format" in cell.get("style", "") and "\\@" in cell.get("style", ""):
        return [*plain[:2], (plain[2] if len(plain) > 2 else {}) | {FORMAT: 0}]
    return plain


def _number(written: str) -> float | str:
    try:
        return float(written)
    except ValueError:
        return written


def read_xml_2003(content: bytes) -> dict[str, Any]:
    """The sheets of an XML spreadsheet of Excel 2003."""
    try:
        refuse_unsafe_markup(content, 4_000_000)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(content, parser)
    except (UnsafeMarkupError, etree.XMLSyntaxError) as error:
        raise damaged() from error
    count = CellCount()
    return {"sheets": [_worksheet(sheet, count) for sheet in root.iter("{*}Worksheet")]}


def _attribute(element: etree._Element, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith(f"}}{name}")), "")


def _worksheet(worksheet: etree._Element, count: CellCount) -> dict[str, Any]:
    count.begin_sheet()
    rows: list[tuple[int, list[Any]]] = []
    sheet: dict[str, Any] = {"name": _attribute(worksheet, "Name"), "rows": rows, "merged": [], "hidden_rows": []}
    number = 0
    for row in worksheet.iter("{*}Row"):
        index = _attribute(row, "Index")
        number = int(index) if index.isdecimal() and len(index) < 8 else number + 1
        cells = list(_xml_cells(row, number, sheet["merged"], count))
        if cells:
            count.add_row(cells)
            rows.append((number, cells))
            if _attribute(row, "Hidden") == "1":
                sheet["hidden_rows"].append(number)
    return sheet


def _xml_cells(
    row: etree._Element, number: int, merged: list[tuple[int, int, int, int]], count: CellCount
) -> Iterator[list[Any]]:
    column = 0
    for cell in row:
        if local_name(cell) != "Cell":
            continue
        index = _attribute(cell, "Index")
        column = int(index) if index.isdecimal() and len(index) < 6 else column + 1
        wide, high = (_attribute(cell, name) for name in ("MergeAcross", "MergeDown"))
        wider = min(int(wide), _LARGEST_SPAN) if wide.isdecimal() else 0
        higher = min(int(high), _LARGEST_SPAN) if high.isdecimal() else 0
        if wider or higher:
            count.add_merged(wider + 1)
            merged.append((number, column, number + higher, column + wider))
        for data in cell.iter("{*}Data"):
            if plain := plain_cell(column, _xml_value(data)):
                yield plain
        column += wider


def _xml_value(data: etree._Element) -> Any:
    written, kind = "".join(map(str, data.itertext())), _attribute(data, "Type")
    if kind == "Number":
        return _number(written)
    if kind == "Boolean":
        return written == "1"
    if kind == "DateTime":
        try:
            return moments.wall_time(written)
        except ValueError:
            return written
    return written

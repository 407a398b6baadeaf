"""Reads .ods: values with the texts that LibreOffice shows, repeated, merged, hidden and filtered cells."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from lxml import etree

from kcdesk import moments
from kcdesk.exchange.container.safe_zip import SafeArchive
from kcdesk.exchange.workbook.book_parts import local_name
from kcdesk.sheets.book.book_formats import LOCKED
from kcdesk.sheets.book.counting import CellCount
from kcdesk.sheets.book.foreign_book import FORMULA, MOST_HIDDEN, SHOWN
from kcdesk.sheets.book.old_formats import plain_cell

_MOST_REPEATED = 2_000  # of a row or cell with content: more are leftovers of filling down
_OTHER_FILE = "'file:"  # in a formula that takes a value from another file
_GONE = ("collapse", "filter")


def read_open_document(content: bytes) -> dict[str, Any]:
    """The sheets of an OpenDocument spreadsheet, as plain values; UserError `sheet_locked`."""
    with SafeArchive(io.BytesIO(content)) as archive:
        if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise LOCKED
        root = archive.xml("content.xml")
    hidden = _hidden_styles(root)
    count = CellCount()
    sheets = [_table(table, hidden, count) for table in root.iter("{*}table") if _is_sheet(table)]
    return {"sheets": sheets, "links": any(_OTHER_FILE in _own(cell, "formula") for cell in root.iter("{*}table-cell"))}


def _is_sheet(table: etree._Element) -> bool:
    parent = table.getparent()
    return parent is not None and local_name(parent) == "spreadsheet"


def _own(element: etree._Element, name: str, default: str = "") -> str:
    """An attribute by its local name."""
    return next((value for key, value in element.attrib.items() if key.endswith(f"}}{name}")), default)


def _repeated(element: etree._Element, name: str) -> int:
    written = _own(element, name, "1")
    return int(written) if written.isdecimal() and len(written) < 9 else 1


def _hidden_styles(root: etree._Element) -> set[str]:
    """The names of the styles of tables that are not shown."""
    return {
        _own(style, "name")
        for style in root.iter("{*}style")
        for properties in style.iter("{*}table-properties")
        if _own(properties, "display") == "false"
    }


def _table(table: etree._Element, hidden: set[str], count: CellCount) -> dict[str, Any]:
    rows: list[tuple[int, list[Any]]] = []
    count.begin_sheet()
    merged: list[tuple[int, int, int, int]] = []
    sheet: dict[str, Any] = {"name": _own(table, "name"), "rows": rows, "merged": merged, "hidden_rows": []}
    sheet["hidden"] = _own(table, "style-name") in hidden
    sheet["hidden_columns"] = list(islice(_hidden_columns(table), MOST_HIDDEN))
    number = 1
    for row in table.iter("{*}table-row"):
        times = _repeated(row, "number-rows-repeated")
        cells = list(_cells(row, number, merged, count))
        for repeated in range(number, number + (min(times, _MOST_REPEATED) if cells else 0)):
            count.add_row(cells)
            rows.append((repeated, cells))
            if (visibility := _own(row, "visibility")) in _GONE:
                sheet["hidden_rows"].append(repeated)
                sheet["filtered"] = sheet.get("filtered", False) or visibility == "filter"
        number += times
    return sheet


def _hidden_columns(table: etree._Element) -> Iterator[int]:
    """The numbers of the columns that are not shown."""
    column = 1
    for element in table.iter("{*}table-column"):
        times = _repeated(element, "number-columns-repeated")
        if _own(element, "visibility") in _GONE:
            yield from range(column, column + min(times, _MOST_REPEATED))
        column += times


def _cells(
    row: etree._Element, number: int, merged: list[tuple[int, int, int, int]], count: CellCount
) -> Iterator[list[Any]]:
    column = 1
    for cell in row:
        if local_name(cell) not in ("table-cell", "covered-table-cell"):
            continue
        times = _repeated(cell, "number-columns-repeated")
        wide, high = _repeated(cell, "number-columns-spanned"), _repeated(cell, "number-rows-spanned")
        if wide > 1 or high > 1:
            count.add_merged(wide)
            merged.append((number, column, number + high - 1, column + wide - 1))
        value, more = _value(cell)
        for place in range(column, column + (min(times, _MOST_REPEATED) if value is not None else 0)):
            if (plain := plain_cell(place, value)) is not None:
                known = (plain[2] if len(plain) > 2 else {}) | more
                yield [*plain[:2], known] if known else plain
        column += times


def _value(cell: etree._Element) -> tuple[Any, dict[str, Any]]:
    lines = ["".join(map(str, line.itertext())) for line in cell if local_name(line) == "p"]
    shown = "\n".join(lines)
    more: dict[str, Any] = {FORMULA: 1} if _own(cell, "formula") else {}
    kind = _own(cell, "value-type")
    if kind in ("float", "currency", "percentage"):
        number = _own(cell, "value")
        return _number(number), more | ({SHOWN: shown} if shown and shown != number else {})
    if kind == "date":
        return _day(_own(cell, "date-value")), more | {SHOWN: shown}
    if kind == "boolean":
        return _own(cell, "boolean-value") == "true", more
    return shown or None, more


def _number(written: str) -> int | float | str:
    try:
        return float(written)
    except ValueError:
        return written


def _day(written: str) -> datetime | str:
    try:
        return moments.wall_time(written)
    except ValueError:
        return written

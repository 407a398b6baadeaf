"""Writes a made sheet as a file of any format: workbooks, texts in every code, web pages, XML 2003."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date
from html import escape
from typing import Any

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.services.intake.made_sheets import MadeSheet
from tests.sheets.values import old_letters

_CODES: Mapping[str, Callable[[str], str]] = {"tcvn3": old_letters.in_tcvn3, "vni": old_letters.in_vni}
_FONTS = {"tcvn3": ".VnTime", "vni": "VNI-Times"}


def _texts(sheet: MadeSheet, value: Any) -> str:
    """A cell as a text with columns has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year}"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else str(value)
    return _coded(sheet, str(value))


def _coded(sheet: MadeSheet, text: str) -> str:
    return _CODES[sheet.letters](text) if sheet.letters else text


def workbook(sheet: MadeSheet) -> bytes:
    """An .xlsx, with an empty sheet before and a hidden one behind; in an old code of letters with its font."""
    book = openpyxl.Workbook()
    if sheet.is_1904:
        book.epoch = CALENDAR_MAC_1904
    page = book.active
    page.title = "Danh sách"
    book.create_sheet("Sheet2")
    book.create_sheet("Sheet3").sheet_state = "hidden"
    for row, values in sheet.rows.items():
        for column, value in enumerate(values, 1):
            if value in (None, ""):
                continue
            cell = page.cell(row, column)
            cell.value = _coded(sheet, value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
                if sheet.letters:
                    cell.font = Font(name=_FONTS[sheet.letters])
    for top, left, bottom, right in sheet.merged:
        page.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _csv(sheet: MadeSheet, separator: str) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\r\n")
    for row in range(1, max(sheet.rows) + 1):
        writer.writerow([_texts(sheet, value) for value in sheet.rows.get(row, [])])
    return buffer.getvalue()


def text_file(sheet: MadeSheet, separator: str, encoding: str) -> bytes:
    """A text with columns; in an old code of letters as the bytes of that code."""
    written = _csv(sheet, separator)
    if sheet.letters:
        return written.encode("cp1252" if sheet.letters == "vni" else "latin-1", "replace")
    if encoding == "cp1258":
        return old_letters.in_windows_1258(written).encode("cp1252")
    return written.encode(encoding)


def web_page(sheet: MadeSheet) -> bytes:
    """A web page named .xls, as many programs write them."""
    lines = []
    areas = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in sheet.merged}
    covered = {
        (row, column)
        for top, left, bottom, right in sheet.merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - areas.keys()
    for row in range(1, max(sheet.rows) + 1):
        values = sheet.rows.get(row, [])
        cells = []
        for column in range(1, len(sheet.columns) + 1):
            if (row, column) in covered:
                continue
            high, wide = areas.get((row, column), (1, 1))
            text = escape(_texts(sheet, values[column - 1] if column <= len(values) else None)).replace("\n", "<br>")
            cells.append(f'<td rowspan="{high}" colspan="{wide}">{text}</td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f'<html><head><meta charset="utf-8"></head><body><table>{"".join(lines)}</table></body></html>'.encode()


def xml_2003(sheet: MadeSheet) -> bytes:
    """An XML spreadsheet of Excel 2003."""
    lines = []
    for row, values in sheet.rows.items():
        cells = []
        for column, value in enumerate(values, 1):
            if value in (None, ""):
                continue
            number = isinstance(value, int | float) and not isinstance(value, bool)
            kind = "Number" if number else "String"
            text = escape(str(value) if number else _texts(sheet, value)).replace("\n", "&#10;")
            cells.append(f'<Cell ss:Index="{column}"><Data ss:Type="{kind}">{text}</Data></Cell>')
        lines.append(f'<Row ss:Index="{row}">{"".join(cells)}</Row>')
    space = (
        'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    )
    body = f'<Worksheet ss:Name="Danh sách"><Table>{"".join(lines)}</Table></Worksheet>'
    return f'<?xml version="1.0" encoding="UTF-8"?><Workbook {space}>{body}</Workbook>'.encode()


FORMATS: Mapping[str, Callable[[MadeSheet], bytes]] = {
    "xlsx": workbook,
    "csv utf-8-sig ;": lambda sheet: text_file(sheet, ";", "utf-8-sig"),
    "csv utf-8 ,": lambda sheet: text_file(sheet, ",", "utf-8"),
    "csv utf-16 tab": lambda sheet: text_file(sheet, "\t", "utf-16"),
    "csv cp1258 ;": lambda sheet: text_file(sheet, ";", "cp1258"),
    "html": web_page,
    "xml": xml_2003,
}
IN_OLD_CODE = ("xlsx", "csv utf-8-sig ;")  # formats in which a sheet of an old code of letters is written

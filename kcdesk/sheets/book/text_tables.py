"""Reads texts with columns: .csv, .tsv, whatever stands between their cells and however their letters are coded."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from kcdesk.errors import UserError
from kcdesk.sheets.book.counting import CellCount
from kcdesk.sheets.book.letter_codes import decoded_text
from kcdesk.text import rearmed

_SEPARATORS = "\t;|,"
_SURE = 0.4  # of the rows
_DECLARED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_SAMPLE = 200  # rows by which the separator is chosen
_MOST_DIGITS = 15
_LONGEST = 1 << 20  # letters of a cell


def read_text(content: bytes) -> dict[str, Any]:
    """The rows of a text with columns, as one sheet; UserError `bad_sheet`."""
    written = decoded_text(content)
    offset = 0
    if declared := _DECLARED.match(written):
        separator, written, offset = declared[1], written[declared.end() :], 1
    else:
        separator = _separator(written)
    csv.field_size_limit(_LONGEST)
    _refuse_open_quote(written, separator)
    rows: list[tuple[int, list[Any]]] = []
    count = CellCount()
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(written), delimiter=separator), 1 + offset):
            filled = [[at, untyped_cell(rearmed(cell))] for at, cell in enumerate(cells, 1) if cell.strip()]
            if filled:
                count.add_row(filled)
                rows.append((number, filled))
    except csv.Error as error:
        raise UserError(
            "Tệp này không đọc được như một bảng phân cột.",
            code="bad_sheet",
            hint="Hãy mở bằng Excel rồi lưu lại thành .xlsx.",
        ) from error
    return {"sheets": [{"name": "CSV", "rows": rows}] if rows else []}


def _refuse_open_quote(written: str, separator: str) -> None:
    """UserError for a text in which a quotation mark is never closed: it would swallow all rows below."""
    try:
        for _ in csv.reader(io.StringIO(written), delimiter=separator, strict=True):
            pass
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise UserError(
                "Tệp này có dấu nháy kép mở mà không đóng, nên các dòng phía dưới bị nuốt vào một ô.",
                code="bad_sheet",
                hint="Hãy mở bằng Excel, sửa ô có dấu nháy rồi lưu lại thành .xlsx.",
            ) from error


def untyped_cell(written: str) -> int | str:
    """The number that a cell shows in a file that knows no types: digits only, no zero before them; else the text."""
    bare = written.strip()
    is_number = bare.isascii() and bare.isdecimal() and not bare.startswith("0") and len(bare) < _MOST_DIGITS
    return int(bare) if is_number else written


def _separator(written: str) -> str:
    """What stands between the cells: what divides most rows into the same number of cells, more than one.

    Commas stand in addresses too, so that another sign goes before that divides nearly as many rows.
    """
    head = written[: 200 * _SAMPLE]
    parts = {separator: _divided_part(head, separator) for separator in _SEPARATORS}
    surely = next((separator for separator, part in parts.items() if part >= _SURE), "")
    best = max(parts, key=lambda separator: parts[separator])
    return surely or (best if parts[best] else ";")


def _divided_part(head: str, separator: str) -> float:
    """The part of the rows that a sign divides into the same number of cells, more than one."""
    widths = [len(row) for _, row in zip(range(_SAMPLE), _rows(head, separator), strict=False) if any(row)]
    divided = [width for width in widths if width > 1]  # a title, a numbered row without content is one cell
    usual = max(sorted(set(divided)), key=divided.count, default=1)
    return divided.count(usual) / len(widths) if divided else 0


def _rows(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        return []

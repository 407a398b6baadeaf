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

_SEPARATORS = ";\t,|"
_DECLARED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_SAMPLE = 200  # rows by which the separator is chosen
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
    rows: list[tuple[int, list[Any]]] = []
    count = CellCount()
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(written), delimiter=separator), 1 + offset):
            filled = [[at, rearmed(cell)] for at, cell in enumerate(cells, 1) if cell.strip()]
            if filled:
                count.add_row(len(filled))
                rows.append((number, filled))
    except csv.Error as error:
        raise UserError(
            "Tệp này không đọc được như một bảng phân cột.",
            code="bad_sheet",
            hint="Hãy mở bằng Excel rồi lưu lại thành .xlsx.",
        ) from error
    return {"sheets": [{"name": "CSV", "rows": rows}] if rows else []}


def _separator(written: str) -> str:
    """What stands between the cells: what divides most rows into the same number of cells, more than one."""
    head = written[: 200 * _SAMPLE]
    scores = {}
    for separator in _SEPARATORS:
        widths = [len(row) for _, row in zip(range(_SAMPLE), _rows(head, separator), strict=False) if any(row)]
        usual = max(set(widths), key=widths.count, default=1)
        scores[separator] = (widths.count(usual) / len(widths) if usual > 1 else 0, usual) if widths else (0, 0)
    best = max(scores, key=lambda separator: scores[separator])
    return best if scores[best][1] > 1 else ";"


def _rows(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        return []

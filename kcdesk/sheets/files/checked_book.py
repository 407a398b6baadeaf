"""The user's own sheet with coloured cells and comments: patched, or written anew if it is no Open XML."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from kcdesk.bounded import limits
from kcdesk.bounded.serving import NextStep
from kcdesk.bounded.worker import BoundedJob, run_bounded
from kcdesk.exchange.workbook.cells import to_cell
from kcdesk.runtime.frozen import asdict
from kcdesk.sheets.book import book_formats
from kcdesk.sheets.book.foreign_book import ForeignBook, ForeignSheet
from kcdesk.sheets.files.marked_cells import AUTHOR, MarkedCell, comments_by_place
from kcdesk.sheets.files.patched_book import patched_book

_LIMITS = limits.CHECKED_WORKBOOK
_WIDEST = 50


def checked_book(content: bytes, book: ForeignBook, sheet: str, cells: Sequence[MarkedCell]) -> bytes:
    """The coloured copy of a file that was read; UserError of the limits."""
    if book.format == book_formats.OPEN_XML:
        given = {"sheet": sheet, "cells": [asdict(cell) for cell in cells]}
        return run_bounded(BoundedJob(__name__, "patching_job"), _LIMITS, given, [content]).contents[0]
    return _written(book, sheet, cells)


def patching_job(given: Mapping[str, Any], contents: Sequence[bytes], _step: NextStep) -> tuple[None, list[bytes]]:
    """The job of `checked_book`."""
    cells = [MarkedCell(**cell) for cell in given["cells"]]
    return None, [patched_book(contents[0], given["sheet"], cells)]


def _written(book: ForeignBook, name: str, cells: Sequence[MarkedCell]) -> bytes:
    """A new workbook with the values of all sheets, as they stand in the file."""
    target = Workbook()
    target.remove(target.active)
    for number, sheet in enumerate(book.sheets, 1):
        written = target.create_sheet(_title(sheet.name) or f"Sheet{number}")
        _fill(written, sheet)
        if sheet.name == name:
            _mark(written, cells)
    buffer = io.BytesIO()
    target.save(buffer)
    return buffer.getvalue()


def _title(name: str) -> str:
    return "".join(letter for letter in name if letter not in "[]:*?/\\")[:31].strip("'")


def _fill(written: Any, sheet: ForeignSheet) -> None:
    widths: dict[str, float] = {}
    for row in sheet.filled_rows():
        for column in sheet.rows[row]:
            cell = sheet.cell(row, column)
            at = written.cell(row, column)
            value = cell.error or cell.value
            if isinstance(value, str):
                at.value, at.data_type = to_cell(value), "s"
            else:
                at.value = value
                at.number_format = cell.number_format or at.number_format
            letter = at.column_letter
            widths[letter] = min(_WIDEST, max(widths.get(letter, 9), len(str(value)) + 1))
    for letter, width in widths.items():
        written.column_dimensions[letter].width = width
    for area in sheet.merged:
        written.merge_cells(start_row=area.top, start_column=area.left, end_row=area.bottom, end_column=area.right)
    for row in sheet.hidden_rows:
        written.row_dimensions[row].hidden = True


def _mark(written: Any, cells: Sequence[MarkedCell]) -> None:
    for cell in cells:
        written[cell.place].fill = PatternFill("solid", start_color=cell.colour)
    for place, comment in comments_by_place(cells).items():
        written[place].comment = Comment(comment, AUTHOR, width=320, height=110)

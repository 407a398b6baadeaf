"""A copy of an edited workbook in which every changed cell is coloured, with a first sheet that lists all of them.

openpyxl opens the workbook of somebody else, styles, pictures and all, so the worker process does it. What it cannot
open within the limits becomes a workbook with the list alone.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from kcdesk.bounded import limits
from kcdesk.bounded.serving import NextStep
from kcdesk.bounded.worker import BoundedJob, run_bounded
from kcdesk.errors import UserError
from kcdesk.exchange.container.safe_zip import SafeArchive, UnsafeArchiveError
from kcdesk.exchange.workbook import looks
from kcdesk.exchange.workbook.book_parts import BookParts
from kcdesk.exchange.workbook.cells import sheet_names
from kcdesk.exchange.workbook.returned_rows import merged_area
from kcdesk.exchange.workbook.strict_book import transitional
from kcdesk.runtime.frozen import Value, asdict, replace

_GOOD, _BAD = (PatternFill("solid", start_color=color) for color in (looks.GOOD, looks.BAD))
_HEAD_ROW = 4  # of the list of results
_HEADS = ("Trang", "Hồ sơ", "Ô", "Trong gói đã gửi", "Nay là", "Kết quả")
_WIDTHS = (22.0, 36.0, 30.0, 26.0, 26.0, 50.0)
_AUTHOR = "kcdesk"
_RESULTS = "Kết quả xem"
_LIMITS = limits.CHECKED_WORKBOOK


class CheckedCell(Value):
    """One changed cell: where it is, whether it is taken, what its comment says, and its line in the list."""

    sheet: str
    places: Sequence[str]
    is_good: bool
    comment: str
    line: Sequence[str]


def checked_copy(workbook: bytes, sentence: str, cells: Sequence[CheckedCell]) -> bytes:
    """The coloured copy; a workbook with the list alone if the given one cannot be opened within the limits."""
    given = {"sentence": sentence, "cells": [asdict(cell) for cell in cells]}
    job = BoundedJob(__name__, "copy_job")
    if len(workbook) <= _LIMITS.bytes:
        try:
            return run_bounded(job, _LIMITS, given, [workbook]).contents[0]
        except UserError:
            pass  # the list says it all
    return _written(_empty(), sentence, cells)


def copy_job(given: Mapping[str, Any], contents: Sequence[bytes], _step: NextStep) -> tuple[None, list[bytes]]:
    """The job of `checked_copy`; UserError for more cells than openpyxl has room for."""
    _refuse_excess(contents[0])
    cells = [CheckedCell(**cell) for cell in given["cells"]]
    return None, [_written(_copy_of(contents[0]), given["sentence"], cells)]


def _refuse_excess(workbook: bytes) -> None:
    """openpyxl makes an object of every cell, also of each one that a merged cell covers."""
    try:
        with SafeArchive(io.BytesIO(workbook)) as archive:
            archive.refuse_unsafe_parts(_LIMITS.count)
            book = BookParts(archive)
            area = 0
            for sheet in book.sheets:
                area += sum(merged_area(cell.get("ref", "")) for cell in book.elements(sheet.part, ("mergeCell",)))
                if area > _LIMITS.count:
                    raise _LIMITS.refusal("count")
    except UnsafeArchiveError as error:
        raise _LIMITS.refusal("count") from error


def _copy_of(workbook: bytes) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of extensions that other programs write
        try:
            return load_workbook(transitional(io.BytesIO(workbook)))
        except MemoryError:
            raise
        except Exception:  # styles of other programs make it raise many kinds of errors
            return _empty()


def _empty() -> Workbook:
    book = Workbook()
    book.remove(book.active)
    return book


def _written(book: Workbook, sentence: str, cells: Sequence[CheckedCell]) -> bytes:
    for sheet in book.worksheets:
        _colour(sheet, [cell for cell in cells if cell.sheet == sheet.title])
    _list(book, sentence, cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _colour(sheet: Any, cells: Sequence[CheckedCell]) -> None:
    for checked in cells:
        for place in checked.places:
            cell = _top(sheet, place)
            cell.fill = _GOOD if checked.is_good else _BAD
            cell.comment = Comment(checked.comment, _AUTHOR)


def _top(sheet: Any, place: str) -> Any:
    """The cell at an address; for a covered cell the top left cell of the merged cell, which alone has a comment."""
    cell = sheet[place]
    if not isinstance(cell, MergedCell):
        return cell
    merged = next(merged for merged in sheet.merged_cells.ranges if place in merged)
    return sheet.cell(merged.min_row, merged.min_col)


def _list(book: Workbook, sentence: str, cells: Sequence[CheckedCell]) -> None:
    """Add the first sheet: every changed cell and its result."""
    sheet = book.create_sheet(sheet_names([*book.sheetnames, _RESULTS])[-1], 0)
    styler = looks.styler(sheet)
    styler.fill(sheet.cell(1, 1), "KẾT QUẢ XEM CÁC Ô ĐÃ SỬA", looks.TITLE)
    styler.fill(sheet.cell(2, 1), sentence, looks.PLAIN)
    for column, head in enumerate(_HEADS, 1):
        styler.fill(sheet.cell(_HEAD_ROW, column), head, looks.HEAD)
    for row, checked in enumerate(cells, _HEAD_ROW + 1):
        look = replace(looks.BODY, fill=looks.GOOD if checked.is_good else looks.BAD)
        for column, text in enumerate(checked.line, 1):
            styler.fill(sheet.cell(row, column), text, look)
        lines = max(looks.lines_high(text, width) for text, width in zip(checked.line, _WIDTHS, strict=True))
        sheet.row_dimensions[row].height = looks.row_height(lines)
    looks.set_widths(sheet, list(_WIDTHS))
    sheet.freeze_panes = f"A{_HEAD_ROW + 1}"
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    looks.set_page(sheet)
    book.active = 0

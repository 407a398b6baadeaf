"""The cells of a workbook that an office made itself: its first sheet with content, as texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.exchange.container.safe_zip import BrokenArchiveError, SafeArchive, UnsafeArchiveError
from kcdesk.exchange.workbook.book_parts import BookParts, NotWorkbookError
from kcdesk.exchange.workbook.returned_rows import placed_rows
from kcdesk.formdef.values import Unreadable

MAX_ROWS = 20_000


def table_in(path: Path) -> list[list[str]]:
    """The rows of the first sheet that has any. UserError `bad_file` for what is no workbook or is beyond a limit."""
    try:
        with path.open("rb") as file:
            return first_table(file)
    except (OSError, NotWorkbookError, BrokenArchiveError, UnsafeArchiveError) as error:
        hint = "Hãy mở bằng Excel và lưu lại thành «Excel Workbook (*.xlsx)»."
        raise UserError(f"Tệp {path.name} không đọc được như một bảng tính.", code="bad_file", hint=hint) from error


def first_table(file: BinaryIO) -> list[list[str]]:
    """As `table_in`, of an open file; raises what its reader raises."""
    with SafeArchive(file) as archive:
        archive.refuse_unsafe_parts()
        book = BookParts(archive)
        tables = (list(_rows(book, number)) for number in range(len(book.sheets)))
        return next((rows for rows in tables if rows), [])


def shown_table(content: bytes) -> list[list[str]]:
    """The first sheet with content of a workbook in memory; nothing if it cannot be read."""
    try:
        return first_table(BytesIO(content))
    except (UserError, NotWorkbookError, BrokenArchiveError, UnsafeArchiveError):
        return []


def _rows(book: BookParts, place: int) -> Iterator[list[str]]:
    """All rows down to the last one with content, so that the place of a row is its number in the sheet."""
    expected = 1
    for number, row in placed_rows(book, book.sheets[place]):
        if number > MAX_ROWS:
            raise UnsafeArchiveError("rows")
        cells = [_text(cell) for cell in row]
        if any(cells):
            yield from ([] for _ in range(expected, number))
            yield cells
            expected = number + 1


def _text(cell: Any) -> str:
    """A cell as a person would type it; one that cannot be read is empty."""
    if cell is None or isinstance(cell, Unreadable):
        return ""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return text.format_date(cell)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()

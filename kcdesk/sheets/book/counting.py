"""Counts what a spreadsheet has while it is read, so that one with too much is refused early.

What comes after the reading goes through rows, columns and merged cells again and again, in the process of the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kcdesk.bounded import limits
from kcdesk.errors import UserError
from kcdesk.text import format_integer

MOST_ROWS = 50_000  # with content, of all sheets
_MOST_COLUMNS = 1_000  # with content, of a sheet; a table may have fewer still (`services/intake`)
_MOST_OF_ALL = 8_000  # columns of all sheets
_MOST_MERGED = 300_000  # columns that merged cells cover, each cell counted for itself
_WIDEST = 200  # columns of a merged cell that count
_MOST_LETTERS = 20_000_000
_LONGEST = 32_767  # letters that a cell of Excel may have
_DIVIDE = "Hãy chia bảng thành nhiều tệp rồi nạp từng tệp."
_REMOVE = "Hãy xoá các cột, ô gộp và chữ không cần rồi nạp lại."


_TOO_MUCH = "nodes"  # what a check of markup says of XML that is only too long


def too_many_rows() -> UserError:
    """The refusal of a spreadsheet with more rows than one load takes."""
    return _refusal(f"có hơn {format_integer(MOST_ROWS)} dòng có nội dung", _DIVIDE)


def is_too_long(unsafe: Exception) -> bool:
    """Whether an archive is refused as unsafe only because its sheets are too long."""
    return str(unsafe) == _TOO_MUCH


class CellCount:
    """The rows, cells, columns and letters so far."""

    def __init__(self) -> None:
        self._rows = self._cells = self._letters = self._merged = self._earlier_columns = 0
        self._columns: set[int] = set()

    def begin_sheet(self) -> None:
        """Begin the next sheet."""
        self._earlier_columns += len(self._columns)
        self._columns = set()

    def add_row(self, cells: Sequence[Sequence[Any]]) -> None:
        """Count a row by its cells, as the worker sends them; UserError `bad_sheet` if there is too much."""
        self._rows, self._cells = self._rows + 1, self._cells + len(cells)
        if self._rows > MOST_ROWS:
            raise too_many_rows()
        if self._cells > limits.FOREIGN_SHEET.count:
            raise limits.FOREIGN_SHEET.refusal("count")
        self._columns.update(cell[0] for cell in cells)
        if len(self._columns) > _MOST_COLUMNS or self._earlier_columns + len(self._columns) > _MOST_OF_ALL:
            raise _refusal(
                f"có trang hơn {format_integer(_MOST_COLUMNS)} cột có nội dung, hoặc quá nhiều trang", _REMOVE
            )
        self._add_letters([len(cell[1]) for cell in cells if isinstance(cell[1], str)])

    def add_merged(self, columns: int) -> None:
        """Count a merged cell by its columns; UserError `bad_sheet` if there are too many."""
        self._merged += min(max(columns, 1), _WIDEST)
        if self._merged > _MOST_MERGED:
            raise _refusal("có quá nhiều ô gộp", _REMOVE)

    def _add_letters(self, lengths: Sequence[int]) -> None:
        self._letters += sum(lengths)
        if max(lengths, default=0) > _LONGEST:
            raise _refusal(f"có ô dài hơn {format_integer(_LONGEST)} chữ, Excel không có ô như vậy", _REMOVE)
        if self._letters > _MOST_LETTERS:
            raise _refusal(f"có hơn {format_integer(_MOST_LETTERS)} chữ", _DIVIDE)


def _refusal(exceeded: str, advice: str) -> UserError:
    return UserError(f"Bảng tính này {exceeded}.", code="bad_sheet", hint=advice)

"""Counts rows and cells while a spreadsheet is read, so that one with too many is refused early."""

from __future__ import annotations

from kcdesk.bounded import limits
from kcdesk.errors import UserError
from kcdesk.text import format_integer

MOST_ROWS = 50_000  # with content, of all sheets


_TOO_MUCH = "nodes"  # what a check of markup says of XML that is only too long


def too_many_rows() -> UserError:
    """The refusal of a spreadsheet with more rows than one load takes."""
    return UserError(
        f"Bảng tính này có hơn {format_integer(MOST_ROWS)} dòng có nội dung.",
        code="bad_sheet",
        hint="Hãy chia bảng thành nhiều tệp rồi nạp từng tệp.",
    )


def is_too_long(unsafe: Exception) -> bool:
    """Whether an archive is refused as unsafe only because its sheets are too long."""
    return str(unsafe) == _TOO_MUCH


class CellCount:
    """The rows and cells with content so far."""

    def __init__(self) -> None:
        self._rows = self._cells = 0

    def add_row(self, cells: int) -> None:
        """Count a row; UserError `bad_sheet` if there are too many."""
        self._rows, self._cells = self._rows + 1, self._cells + cells
        if self._rows > MOST_ROWS:
            raise too_many_rows()
        if self._cells > limits.FOREIGN_SHEET.count:
            raise limits.FOREIGN_SHEET.refusal("count")

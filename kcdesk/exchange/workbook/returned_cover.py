"""The cover of a workbook that came back: what it is, and the code printed on it.

Google Sheets and the libraries of other programs drop the document properties when they save; what stands on the cover
stays. Nothing on a cover is proved: it only says with which sent workbook the cells are compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from kcdesk import text
from kcdesk.exchange.container.safe_zip import BrokenArchiveError, SafeArchive, UnsafeArchiveError
from kcdesk.exchange.workbook.book_parts import BookParts, BookSheet, NotWorkbookError
from kcdesk.exchange.workbook.page_lines import CODE_LABEL, TITLES
from kcdesk.exchange.workbook.returned_rows import HEAD_ROWS, plain_rows
from kcdesk.runtime.frozen import Value

_TITLES = {text.fold(title): kind for kind, title in TITLES.items()}
_MOST_LINES = 100_000  # lines of a cover: a receipt has one for each answer


class ReturnedCover(Value):
    """A cover: `kind` is a key of `cover.TITLES`, `values` are its values by machine name, or else by label."""

    kind: str
    values: Mapping[str, str]

    @property
    def package(self) -> str:
        """The code of the package; "" if the cover does not say it."""
        return self.values.get("package") or self.values.get(CODE_LABEL, "")


def read_cover(archive: SafeArchive) -> ReturnedCover | None:
    """The cover of an open workbook; None if no sheet has one of our titles, or if the file cannot be read."""
    try:
        book = BookParts(archive)
        for sheet in book.sheets:
            if kind := _kind(book, sheet):
                return ReturnedCover(kind, _values(book, sheet))
    except (NotWorkbookError, BrokenArchiveError, UnsafeArchiveError):
        return None
    return None


def _kind(book: BookParts, sheet: BookSheet) -> str:
    """What a sheet is the cover of; "" if none of its first rows is one of our titles."""
    for row in islice(plain_rows(book, sheet), HEAD_ROWS):
        if row and isinstance(row[0], str) and (kind := _TITLES.get(text.fold(row[0]))):
            return kind
    return ""


def _values(book: BookParts, sheet: BookSheet) -> dict[str, str]:
    values: dict[str, str] = {}
    for row in islice(plain_rows(book, sheet), _MOST_LINES):
        label, value, *name = [str(cell).strip() for cell in row[:3]] if len(row) > 1 else ("", "")
        if label:
            values.setdefault(name[0] if name else label, value)
            values.setdefault(label, value)
    return values

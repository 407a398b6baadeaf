"""The one reader of sheets that come back from a spreadsheet program: rows by the machine names of their columns.

The row of machine names is looked for in the first rows, so titles may stand above it, and rows that were sorted above
it are read too. Rows may be sorted, moved, hidden or filtered, columns moved. A merged cell speaks for every row that
it covers; what it covers in other columns cannot be read. The same sentences are said of a package, a decision workbook
and any other sheet.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree
from openpyxl.utils import column_index_from_string, get_column_letter

from kcdesk.errors import UserError
from kcdesk.exchange.container.safe_zip import MAX_CELLS, BrokenArchiveError, SafeArchive, UnsafeArchiveError
from kcdesk.exchange.workbook.book_parts import BookParts, BookSheet, NotWorkbookError, local_name
from kcdesk.exchange.workbook.returned_cells import FORMULA, CellReader
from kcdesk.formdef.types.base import ReadCell
from kcdesk.formdef.values import Unreadable
from kcdesk.runtime.frozen import Value, field

HEAD_ROWS = 20  # number of first rows in which the row of machine names is searched
MAX_COLUMNS = 1_000
MAX_ROWS = 1 << 20  # as in Excel
MAX_MERGED = 50_000  # merged cells of one sheet
MAX_DOUBLED = 50  # columns whose name the sheet has several times
KEYS = ("package", "record", "path", "id", "base")  # columns whose value belongs to one row only
_AGAIN = "Hãy mở bằng Excel và lưu lại rồi thử lại, hoặc xin nơi gửi tệp khác."
_TWO_COLUMNS = Unreadable("Cột này có hai lần trong trang với hai giá trị khác nhau; hãy chỉ giữ một cột.")
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")  # no label looks so
_Cell = tuple[int, ReadCell, bool]  # number of the column, value, whether a formula made it
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


class ReturnedRow(Value):
    """One row with content: its number, its cells by machine name, and what to know of some of them (`notes`)."""

    number: int
    cells: dict[str, ReadCell]
    notes: dict[str, str] = field(default_factory=dict)


class ReturnedSheet(Value, kw_only=True):
    """One sheet with machine names: the number of the column of each name, and the rows below."""

    name: str
    columns: Mapping[str, int]
    rows: Sequence[ReturnedRow]

    def place(self, row: ReturnedRow, name: str = "") -> str:
        """The address of a cell of a row, such as F3; its first cell without a name."""
        return f"{get_column_letter(self.columns.get(name, 1))}{row.number}"


def returned_sheets(file: BinaryIO, marks: Sequence[str] = ("id",)) -> Iterator[ReturnedSheet]:
    """Yield every sheet that has a row of machine names, with all `marks` among them.

    UserError `damaged` if the file is no workbook, is broken, or is beyond a limit.
    """
    try:
        with SafeArchive(file) as archive:
            book = BookParts(archive)
            cells = CellReader(book)
            count = _CellCount()
            for sheet in book.sheets:
                returned = _SheetReader(book, cells, sheet, count).read(marks)
                if returned is not None:
                    yield returned
    except (BrokenArchiveError, NotWorkbookError):
        raise UserError("Tệp bị hỏng nên không đọc được các ô.", code="damaged", hint=_AGAIN) from None
    except UnsafeArchiveError:
        raise UserError("Tệp có quá nhiều trang, dòng hoặc ô để đọc.", code="damaged", hint=_AGAIN) from None


def plain_rows(book: BookParts, sheet: BookSheet) -> Iterator[Sequence[ReadCell]]:
    """The filled cells of each row of a sheet without machine names, from left to right."""
    reader, count = CellReader(book), _CellCount()
    for element in book.elements(sheet.part, ("row",)):
        values = [value for _, value, _ in _cells_of(element, reader) if value is not None]
        count.add(len(values))
        yield values


def placed_rows(book: BookParts, sheet: BookSheet) -> Iterator[tuple[int, list[ReadCell]]]:
    """Each row of a sheet without machine names: its number, and its cells by column; an empty cell is None."""
    reader, count, number = CellReader(book), _CellCount(), 0
    for element in book.elements(sheet.part, ("row",)):
        number = row_number(element, number)
        cells = {column: value for column, value, _ in _cells_of(element, reader) if column <= MAX_COLUMNS}
        count.add(len(cells))
        yield number, [cells.get(column) for column in range(1, max(cells, default=0) + 1)]


@dataclass
class _CellCount:
    number: int = 0

    def add(self, more: int) -> None:
        self.number += more
        if self.number > MAX_CELLS:
            raise UnsafeArchiveError("cells")


class _Merged(Value):
    """A merged cell: its address, its first and last row, its first and last column."""

    address: str
    rows: tuple[int, int]
    columns: tuple[int, int]


class _SheetReader:
    """Reads one sheet: the row of names, then the rows below, then the merged cells, which the file names last."""

    def __init__(self, book: BookParts, cells: CellReader, sheet: BookSheet, count: _CellCount) -> None:
        self._book, self._cells, self._sheet, self._count = book, cells, sheet, count
        self._names: dict[int, str] = {}
        self._first_column: dict[str, int] = {}
        self._doubled: dict[str, list[int]] = {}  # the columns of each name that the sheet has several times
        self._above: list[tuple[int, Sequence[_Cell]]] = []  # rows above the row of names
        self._rows: list[ReturnedRow] = []
        self._merged: list[_Merged] = []

    def read(self, marks: Sequence[str]) -> ReturnedSheet | None:
        """Read the sheet; None if no row of machine names is found."""
        number = 0
        for element in self._book.elements(self._sheet.part, ("row", "mergeCell")):
            if local_name(element) == "mergeCell":
                self._merged += _merged(element.get("ref", ""))
                continue
            number = row_number(element, number)
            if number > MAX_ROWS or len(self._merged) > MAX_MERGED:
                raise UnsafeArchiveError(self._sheet.name)
            cells = list(_cells_of(element, self._cells))
            if self._names:
                self._add(number, cells)
            elif number > HEAD_ROWS:
                return None
            elif not self._take_names(cells, marks):
                self._above.append((number, cells))
        if not self._names:
            return None
        self._spread_merged()
        return ReturnedSheet(name=self._sheet.name, columns=self._first_column, rows=self._rows)

    def _take_names(self, cells: Sequence[_Cell], marks: Sequence[str]) -> bool:
        """Take a row as that of machine names if all marks stand in it, then the rows that were sorted above it."""
        names = {place: str(value).strip() for place, value, _ in cells if value is not None}
        if not set(marks) <= set(names.values()):
            return False
        self._names = names
        places: dict[str, list[int]] = {}
        for place, name in sorted(names.items()):
            places.setdefault(name, []).append(place)
        self._first_column = {name: columns[0] for name, columns in places.items()}
        self._doubled = {name: columns for name, columns in places.items() if len(columns) > 1}
        if sum(map(len, self._doubled.values())) > MAX_DOUBLED:
            raise UnsafeArchiveError("columns")
        for number, above in self._above:
            if any(place == self._first_column["id"] and _is_key(value) for place, value, _ in above):
                self._add(number, above)
        return True

    def _add(self, number: int, cells: Sequence[_Cell]) -> None:
        """Add a row that has any content, unless it is a copy of the row of names."""
        filled: dict[int, ReadCell] = {}
        row = ReturnedRow(number, {})
        for place, value, is_formula in cells:
            if value is None:
                continue
            filled[place] = value
            if name := self._names.get(place):
                row.cells[name] = value
                if is_formula and not isinstance(value, Unreadable):
                    row.notes[name] = FORMULA
        self._count.add(len(filled))
        for name, places in self._doubled.items():
            if len({filled.get(place) for place in places}) > 1:
                row.cells[name] = _TWO_COLUMNS
        if filled and row.cells.get("id") != "id":
            self._rows.append(row)

    def _spread_merged(self) -> None:
        """Give the value of each merged cell to every row that it covers."""
        numbers = [row.number for row in self._rows]
        if numbers != sorted(numbers):
            self._rows.sort(key=lambda row: row.number)
            numbers.sort()
        named = sorted(self._names.items())
        places = [place for place, _ in named]
        for merged in self._merged:
            first, last = merged.rows
            rows = self._rows[bisect_left(numbers, first) : bisect_left(numbers, last + 1)]
            top = rows[0] if rows and rows[0].number == first else None
            left, right = merged.columns
            names = named[bisect_left(places, left) : bisect_left(places, right + 1)]
            self._count.add(len(rows) * len(names))
            for place, name in names:
                for row in rows:
                    if row is not top or place > merged.columns[0]:
                        self._cover(row, name, merged, top if place == merged.columns[0] else None)

    def _cover(self, row: ReturnedRow, name: str, merged: _Merged, top: ReturnedRow | None) -> None:
        """Fill a covered cell from the top row of its column; a key is never shared, another column cannot be read."""
        row.notes.pop(name, None)
        if top is None or name in KEYS:
            row.cells[name] = Unreadable(f"Ô này nằm trong ô trộn {merged.address}; hãy bỏ trộn rồi điền riêng từng ô.")
            return
        row.cells.pop(name, None)
        if name in top.cells:
            row.cells[name] = top.cells[name]
        row.notes[name] = f"Ô trộn {merged.address}: một giá trị cho các dòng {merged.rows[0]}–{merged.rows[1]}."


def row_number(element: etree._Element, before: int) -> int:
    """The number of a row; without a number of its own it is the next one after `before`."""
    written = element.get("r", "")
    return int(written) if written.isdecimal() and len(written) < 8 else before + 1


def _is_key(value: ReadCell) -> bool:
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def placed_cells(row: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """Yield the cells of a row with the numbers of their columns; a cell without an address is beside the last one."""
    place = 0
    for cell in row:
        if local_name(cell) == "c":
            match = _REFERENCE.fullmatch(cell.get("r", ""))
            place = column_index_from_string(match[1]) if match else place + 1
            yield place, cell


def _cells_of(row: etree._Element, reader: CellReader) -> Iterator[_Cell]:
    """Yield the cells of a row: number of the column, value, whether a formula made it."""
    for place, cell in placed_cells(row):
        if place <= MAX_COLUMNS:
            yield (place, *reader.read(cell))


def merged_area(address: str) -> int:
    """The number of cells that a merged cell covers; 0 for an address that is none."""
    return sum(
        (merged.rows[1] - merged.rows[0] + 1) * (merged.columns[1] - merged.columns[0] + 1)
        for merged in _merged(address)
    )


def _merged(address: str) -> Iterator[_Merged]:
    """Read the address of a merged cell; nothing for one that is wrong or a single cell."""
    match = _RANGE.fullmatch(address)
    if match:
        left, right = column_index_from_string(match[1]), column_index_from_string(match[3])
        rows = (int(match[2]), int(match[4]))
        if rows[0] <= rows[1] and left <= right and rows[1] <= MAX_ROWS:
            yield _Merged(address, rows, (left, right))

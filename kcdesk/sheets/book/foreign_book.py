"""A spreadsheet as it was read: sheets with their cells, merged cells, hidden rows and columns, number formats."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time
from functools import cached_property
from typing import Any, NamedTuple, cast

from openpyxl.utils import get_column_letter

from kcdesk import moments
from kcdesk.runtime.frozen import Value
from kcdesk.sheets.values.cells import ForeignCell

RawCell = Sequence[Any]  # number of the column, value, and a mapping of what else is known, if anything

# What else is known of a cell, by the letter under which the worker sends it.
FORMAT, FONT, FORMULA, ERROR, SHOWN, MOMENT = "n", "o", "f", "e", "t", "d"
MOST_HIDDEN = 16_384  # columns of a sheet that are noted as not shown; Excel has no more
_MOMENTS: Mapping[str, Callable[[str], date | time]] = {
    "date": date.fromisoformat,
    "datetime": moments.as_written,
    "time": time.fromisoformat,
}


class MergedRange(NamedTuple):
    """A merged cell: the numbers of its first and last row and column, from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def is_wide(self) -> bool:
        """Whether it covers several columns."""
        return self.right > self.left

    @property
    def is_high(self) -> bool:
        """Whether it covers several rows."""
        return self.bottom > self.top


class ForeignSheet(Value, dict=True):
    """One sheet: its rows by number, each with its cells that are not blank, by number of the column, from 1."""

    name: str
    rows: Mapping[int, Mapping[int, RawCell]]
    formats: Sequence[str] = ()
    fonts: Sequence[str] = ()
    merged: Sequence[MergedRange] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    is_filtered: bool = False
    is_hidden: bool = False

    @cached_property
    def _above(self) -> dict[int, tuple[list[int], list[MergedRange]]]:
        above: dict[int, tuple[list[int], list[MergedRange]]] = {}
        for area in sorted(self.merged):
            for column in range(area.left, min(area.right, area.left + 200) + 1):
                tops, areas = above.setdefault(column, ([], []))
                tops.append(area.top)
                areas.append(area)
        return above

    def cell(self, row: int, column: int) -> ForeignCell:
        """A cell; a blank one where the sheet has none."""
        place = place_of(row, column)
        raw = self.rows.get(row, {}).get(column)
        if raw is None:
            return ForeignCell(place)
        more = raw[2] if len(raw) > 2 else {}
        value = _MOMENTS[more[MOMENT]](raw[1]) if MOMENT in more else raw[1]
        number_format = self.formats[more[FORMAT]] if FORMAT in more else ""
        shown, error = more.get(SHOWN, ""), more.get(ERROR, "")
        return ForeignCell(place, value, shown, number_format, error, FORMULA in more)

    def covering(self, row: int, column: int) -> MergedRange | None:
        """The merged cell in which a cell lies; None if it is not merged."""
        above = self._above.get(column)
        if above is None:
            return None
        tops, areas = above
        at = bisect_right(tops, row) - 1
        return areas[at] if at >= 0 and areas[at].bottom >= row else None

    def is_blank(self, row: int, column: int) -> bool:
        """Whether the cell that speaks for a place holds neither a value nor an error."""
        area = self.covering(row, column)
        raw = self.rows.get(area.top, {}).get(area.left) if area else self.rows.get(row, {}).get(column)
        return raw is None or (raw[1] is None and ERROR not in (raw[2] if len(raw) > 2 else ()))

    def spoken(self, row: int, column: int) -> ForeignCell:
        """The cell that speaks for this place: of a merged cell the one at its top left."""
        area = self.covering(row, column)
        return self.cell(area.top, area.left) if area else self.cell(row, column)

    def words(self, row: int, column: int) -> str:
        """The text of a cell as it stands in the file; "" for a blank one."""
        raw = self.rows.get(row, {}).get(column)
        return "" if raw is None or raw[1] is None else str(raw[1])

    def font(self, row: int, column: int) -> str:
        """The name of the font of a cell; "" if it is not known."""
        raw = self.rows.get(row, {}).get(column)
        return self.fonts[raw[2][FONT]] if raw is not None and len(raw) > 2 and FONT in raw[2] else ""

    @property
    def columns(self) -> list[int]:
        """The numbers of the columns that have a cell."""
        return sorted({column for cells in self.rows.values() for column in cells})

    def filled_rows(self) -> Iterator[int]:
        """The numbers of the rows that have a cell, in order."""
        return iter(sorted(self.rows))


class ForeignBook(Value):
    """A spreadsheet that was read: its sheets, and what to say about the file."""

    sheets: Sequence[ForeignSheet]
    format: str  # of `book_formats`
    has_links: bool = False  # formulas take values from other files
    notes: Sequence[str] = ()


def place_of(row: int, column: int) -> str:
    """The address of a cell: G15."""
    return f"{get_column_letter(column)}{row}"


def sheet_from_plain(plain: Mapping[str, Any]) -> ForeignSheet:
    """The sheet that the worker process has sent."""
    return ForeignSheet(
        name=plain["name"],
        rows=_rows(plain["rows"]),
        formats=plain.get("formats", ()),
        fonts=plain.get("fonts", ()),
        merged=[MergedRange(*area) for area in plain.get("merged", ())],
        hidden_rows=frozenset(plain.get("hidden_rows", ())),
        hidden_columns=frozenset(plain.get("hidden_columns", ())),
        is_filtered=plain.get("filtered", False),
        is_hidden=plain.get("hidden", False),
    )


def sent_rows(rows: Sequence[tuple[int, Sequence[RawCell]]]) -> Iterator[list[Any]]:
    """The rows of a sheet as the worker sends them: numbers of the columns, values, and marks of those that have any.

    A list for each cell would take most of the memory while a large sheet is taken over.
    """
    for number, cells in rows:
        marks = {str(cell[0]): cell[2] for cell in cells if len(cell) > 2}
        yield [number, [cell[0] for cell in cells], [cell[1] for cell in cells], marks]


def _rows(sent: list[Any]) -> dict[int, dict[int, RawCell]]:
    """The rows as they are kept: equal cells once, and each row given up as soon as it is kept."""
    kept: dict[object, Any] = {}
    rows: dict[int, dict[int, RawCell]] = {}
    for place, (number, columns, values, marks) in enumerate(sent):
        sent[place] = None
        cells = zip(columns, values, strict=True)
        rows[number] = {column: _kept(column, value, marks.get(str(column)), kept) for column, value in cells}
    return rows


def _kept(column: int, value: Any, marks: Mapping[str, Any] | None, kept: dict[object, Any]) -> RawCell:
    """The cell, its text and its marks as they were kept for an equal one before."""
    value = kept.setdefault(value, value) if isinstance(value, str) else value
    key: tuple[object, ...] = (column, type(value), value)
    if not marks:
        return cast(RawCell, kept.setdefault(key, (column, value)))
    named = tuple(marks.items())
    return cast(RawCell, kept.setdefault((*key, named), (column, value, kept.setdefault(named, marks))))

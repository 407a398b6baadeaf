"""A sheet that is a page for people: lines of labels and values, and tables, in one grid of columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from openpyxl.utils import get_column_letter

from kcdesk.exchange.workbook.looks import (
    BLUE,
    BODY_SIZE,
    GREY,
    MONEY,
    PALE_HEAD,
    RED,
    Look,
    Styler,
    lines_high,
    row_height,
    set_page,
)
from kcdesk.exchange.workbook.page_lines import COLUMNS, LABEL_COLUMNS, CoverLine, CoverTable, PageLine, Style
from kcdesk.exchange.workbook.xml_rows import RowWriter, begin
from kcdesk.formdef.types.base import Cell
from kcdesk.runtime.frozen import Value, replace

_NAME = len(COLUMNS) + 1  # the hidden column of machine names
_LABELS: dict[Style, Look] = {
    "title": Look(bold=True, size=16, color=BLUE, align="center"),
    "headline": Look(bold=True, size=14, align="center"),
    "warning": Look(bold=True, size=14, color=RED, align="center"),
    "heading": Look(bold=True, size=12, color=BLUE, vertical="bottom"),
    "line": Look(color="404040"),
    "note": Look(color="595959", italic=True),
    "text": Look(),
    "hidden": Look(color=GREY),
}
_VALUE = Look(format="@", bold=True)
_NUMBER = Look(format=MONEY, bold=True)
_TEXT, _AMOUNT = Look(format="@", grid=True), Look(format=MONEY, align="right", grid=True)
_SPACE = {"heading": 10.0, "note": 4.0, "text": 8.0, "title": 6.0, "headline": 6.0}


class _PageCell(Value):
    """A cell over some columns of the grid, from `first` to `last`."""

    first: int
    last: int
    value: Cell
    look: Look

    @property
    def lines(self) -> float:
        """The height of its text in lines of body text."""
        size = self.look.size / BODY_SIZE
        if self.first == _NAME:
            return 1
        return lines_high(self.value, sum(COLUMNS[self.first - 1 : self.last]) / size) * size


def fill_page(sheet: Any, styler: Styler, lines: Sequence[PageLine], *, is_single: bool) -> None:
    """Write lines and tables into a new sheet; `is_single`: on one printed page, else the heads of a table repeat."""
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True
    set_page(sheet, is_landscape=False, pages_high=int(is_single))
    heads = [number for number, line in enumerate(lines, 1) if isinstance(line, CoverTable)]
    if len(heads) == 1 and not is_single:
        sheet.print_title_rows = f"{heads[0]}:{heads[0]}"
    writer = begin(sheet, (*COLUMNS, -24.0))
    number = 0
    for line in lines:
        for cells, space in _rows(line):
            number += 1
            sheet.row_dimensions[number].hidden = isinstance(line, CoverLine) and line.style == "hidden"
            _append(sheet, styler, writer, number, cells, space)


def _append(
    sheet: Any, styler: Styler, writer: RowWriter, number: int, cells: Sequence[_PageCell], space: float
) -> None:
    """Add a row of cells; the other cells of a merged one get its look, for the lines around it."""
    row: list[Any] = [None] * _NAME
    for cell in cells:
        for place in range(cell.first, cell.last + 1):
            row[place - 1] = styler.cell(cell.value if place == cell.first else None, cell.look)
        if cell.last > cell.first:
            writer.merged.append(f"{get_column_letter(cell.first)}{number}:{get_column_letter(cell.last)}{number}")
    sheet.row_dimensions[number].height = row_height(1, space=0) * max(cell.lines for cell in cells) + space
    sheet.append(row)


def _rows(line: PageLine) -> Iterator[tuple[list[_PageCell], float]]:
    """The cells of each row, and the space below its text in points."""
    if isinstance(line, CoverTable):
        yield from ((cells, 3.0) for cells in _table(line))
        return
    label = _LABELS[line.style]
    space = _SPACE.get(line.style, 2.0)
    if line.value == "":
        yield [_PageCell(1, len(COLUMNS), line.label, label)], space
        return
    cells = [
        _PageCell(1, LABEL_COLUMNS, line.label, label),
        _PageCell(LABEL_COLUMNS + 1, len(COLUMNS), line.value, _NUMBER if isinstance(line.value, int) else _VALUE),
    ]
    if line.name:
        cells.append(_PageCell(_NAME, _NAME, line.name, _LABELS["hidden"]))
    yield cells, space


def _table(table: CoverTable) -> Iterator[list[_PageCell]]:
    ends = list(accumulate(table.spans))
    places = [(end - span + 1, end) for end, span in zip(ends, table.spans, strict=True)]
    if any(table.heads):
        yield [_PageCell(*place, head, PALE_HEAD) for place, head in zip(places, table.heads, strict=True)]
    for number, row in enumerate(table.rows, 1):
        is_sum = table.has_sum and number == len(table.rows)
        looks = [_AMOUNT if isinstance(value, int) else _TEXT for value in row]
        if table.is_numbered:
            looks[0] = replace(_TEXT, align="center", format="0")
        yield [
            _PageCell(*place, value, replace(look, bold=is_sum))
            for place, value, look in zip(places, row, looks, strict=True)
        ]

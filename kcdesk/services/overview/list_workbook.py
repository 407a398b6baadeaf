"""A list as a workbook: the rows and columns that the officer sees, with real numbers and days, and living sums."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk import placing
from kcdesk.exchange.workbook.cells import sheet_names, to_cell, to_xml
from kcdesk.formdef.model import OF_EVERY_RECORD, Field, Form
from kcdesk.formdef.types.base import Cell
from kcdesk.formdef.types.registry import type_of
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.handover.receipts import standing
from kcdesk.services.records import reading
from kcdesk.services.records.reading import ListRow
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_date, format_integer

STATE = "state"
_PAGE = 500  # rows read at once
_HEAD_ROW = 4
_FONT = "Times New Roman"
_A4 = 9  # the number of the paper size
_WIDTHS = {"right": 17, "center": 13}  # characters, by the alignment of a column's type
_WORDS, _TITLE = 24, 46  # characters of a column with words, of the first column


@dataclass(frozen=True, slots=True, kw_only=True)
class ListExport:
    """Which list is written: its filter, search and order as on the list page.

    `ids` are the marked records, () for all of the list.
    `columns` are names of fields, STATE, or `standing.FILTER`; `heading` says in words what was filtered.
    """

    kind: str
    columns: Sequence[str]
    search: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    order: str = ""
    descending: bool = False
    ids: Sequence[str] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the sheet; `field` is None for the state and for the hand-over."""

    name: str
    label: str
    field: Field | None

    @property
    def is_money(self) -> bool:
        return self.field is not None and type_of(self.field).is_money


def write_list(workspace: Workspace, export: ListExport, path: Path, progress: Progress = ignore_progress) -> int:
    """Write the list as a workbook; returns the number of rows. KnownError if the file cannot be written."""
    from openpyxl import Workbook  # openpyxl takes 150 ms

    form = workspace.forms.current(export.kind, workspace.today())
    columns = [_column(form, name) for name in export.columns]
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(sheet_names([form.plural])[0])
    rows = _SheetRows(sheet)
    where = _where(workspace, export)
    total = reading.count(workspace, export.kind, export.search, where)
    _set_page(sheet, columns, total)
    _write_head(workspace, rows, form, export, columns, total)
    number = 0
    for number, (row, handover) in enumerate(_rows(workspace, export, where), start=1):
        progress(number, total)
        rows.add([number, *(_value(workspace, row, handover, column) for column in columns)], columns)
    _write_sums(rows, columns, number)
    content = io.BytesIO()
    workbook.save(content)
    placing.save(content.getvalue(), path)
    return number


def _column(form: Form, name: str) -> _Column:
    if name == STATE:
        return _Column(name, OF_EVERY_RECORD[STATE].label, None)
    if name == standing.FILTER:
        return _Column(name, "Bàn giao", None)
    field_ = form.field(name)
    unit = field_.unit or type_of(field_).unit
    return _Column(name, f"{field_.heading} ({unit})" if unit else field_.heading, field_)


def _where(workspace: Workspace, export: ListExport) -> dict[str, Any]:
    chosen = {"id": list(export.ids)} if export.ids else {}
    return standing.narrowed(workspace, export.kind, {**export.where, **chosen})


def _rows(workspace: Workspace, export: ListExport, where: Mapping[str, Any]) -> Iterator[tuple[ListRow, str]]:
    """Read the list page by page; each row with its hand-over in a word."""
    fields = [name for name in export.columns if name not in (STATE, standing.FILTER)]
    last: ListRow | None = None
    while True:
        page = reading.list_page(
            workspace,
            export.kind,
            search=export.search,
            where=where,
            order=export.order,
            descending=export.descending,
            after=last,
            limit=_PAGE,
            columns=fields,
        )
        standings = standing.standings(workspace, [row.id for row in page])
        yield from ((row, standing.SHORT[standings[row.id].standing]) for row in page)
        if len(page) < _PAGE:
            return
        last = page[-1]


def _value(workspace: Workspace, row: ListRow, handover: str, column: _Column) -> Cell:
    """A number or a day as such, so that Excel reckons with it; everything else as the list shows it."""
    if column.field is None:
        return row.state_label if column.name == STATE else handover
    stored = row.value(column.name)
    if stored is None:
        return None
    cell = type_of(column.field).cell(stored, column.field, workspace.forms)
    is_reckoned = isinstance(cell, int | float | date) and not isinstance(cell, bool)
    return cell if is_reckoned else row.cells.get(column.name, "")


# -- the sheet -------------------------------------------------------------------------------------------------------


class _SheetRows:
    """Appends rows of styled cells; a style is made once."""

    def __init__(self, sheet: Any) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # openpyxl takes 150 ms

        self._sheet = sheet
        self._line = Border(*[Side(style="hair", color="A6A6A6")] * 4)
        self._fonts = {bold: Font(name=_FONT, size=11, bold=bold) for bold in (False, True)}
        self._title_font = Font(name=_FONT, size=14, bold=True)
        self._head_fill = PatternFill("solid", start_color="DDEBF7")
        self._top = Alignment(vertical="top", wrap_text=True)
        self._middle = Alignment(horizontal="center", vertical="center", wrap_text=True)

    def add_line(self, text: str, *, title: bool = False) -> None:
        """Add a line of text above the table."""
        cell = self._cell(text)
        cell.font = self._title_font if title else self._fonts[False]
        self._sheet.append([cell])

    def add_heads(self, heads: Sequence[str]) -> None:
        """Add the heads of the columns."""
        cells = [self._cell(head) for head in heads]
        for cell in cells:
            cell.font, cell.alignment = self._fonts[True], self._middle
            cell.border, cell.fill = self._line, self._head_fill
        self._sheet.append(cells)

    def add(self, values: Sequence[Cell], columns: Sequence[_Column], *, bold: bool = False) -> None:
        """Add a row; its first value is the row's number."""
        cells = [self._cell(value) for value in values]
        for cell, column in zip(cells, (None, *columns), strict=True):
            cell.font, cell.border, cell.alignment = self._fonts[bold], self._line, self._top
            if column is not None and column.field is not None and cell.data_type != "s":
                cell.number_format = type_of(column.field).cell_format
        self._sheet.append(cells)

    def _cell(self, value: Cell) -> Any:
        """A cell; text stays text even if it begins with «=», except the sums of this module."""
        from openpyxl.cell import WriteOnlyCell  # openpyxl takes 150 ms

        if isinstance(value, _Sum):
            return WriteOnlyCell(self._sheet, str(value))
        shown = to_cell(value)
        cell = WriteOnlyCell(self._sheet, to_xml(shown) if isinstance(shown, str) else shown)
        if isinstance(shown, str):
            cell.data_type = "s"
        return cell


class _Sum(str):
    """A formula of this module."""


def _set_page(sheet: Any, columns: Sequence[_Column], total: int) -> None:
    from openpyxl.utils import get_column_letter  # openpyxl takes 150 ms

    sheet.column_dimensions["A"].width = 6
    for number, column in enumerate(columns, start=2):
        align = type_of(column.field).align if column.field else "left"
        words = _TITLE if number == 2 else _WORDS
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(align, words)
    last = get_column_letter(len(columns) + 1)
    sheet.freeze_panes = f"C{_HEAD_ROW + 1}"
    sheet.auto_filter.ref = f"A{_HEAD_ROW}:{last}{_HEAD_ROW + max(total, 1)}"
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.oddFooter.right.text = "Trang &P/&N"


def _write_head(
    workspace: Workspace, rows: _SheetRows, form: Form, export: ListExport, columns: Sequence[_Column], total: int
) -> None:
    practice = " (BẢN TẬP)" if workspace.identity.practice else ""
    rows.add_line(f"{form.plural.upper()}{practice}", title=True)
    rows.add_line(f"{workspace.identity.unit.name} – ngày {format_date(workspace.today())}")
    what = "Các hồ sơ được chọn" if export.ids else export.heading or "Tất cả"
    rows.add_line(f"{what}: {format_integer(total)} hồ sơ")
    rows.add_heads(["TT", *(column.label for column in columns)])


def _write_sums(rows: _SheetRows, columns: Sequence[_Column], number: int) -> None:
    """Add a row of sums, which follow a filter that is set in Excel."""
    if not number or not any(column.is_money for column in columns):
        return
    from openpyxl.utils import get_column_letter  # openpyxl takes 150 ms

    first, last = _HEAD_ROW + 1, _HEAD_ROW + number
    sums: list[Cell] = [
        _Sum(f"=SUBTOTAL(9,{get_column_letter(place)}{first}:{get_column_letter(place)}{last})")
        if column.is_money
        else ("Cộng" if place == 2 else None)
        for place, column in enumerate(columns, start=2)
    ]
    rows.add([None, *sums], columns, bold=True)

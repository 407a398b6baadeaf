"""A list as a workbook: the rows and columns that the officer sees, with real numbers and days, and living sums."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk.exchange.workbook.cells import sheet_names
from kcdesk.formdef.model import OF_EVERY_RECORD, Field, Form
from kcdesk.formdef.personal import is_personal
from kcdesk.formdef.types.base import Cell
from kcdesk.formdef.types.registry import type_of
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value, field
from kcdesk.services.handover.receipts import standing
from kcdesk.services.overview import filter_options
from kcdesk.services.papers.sheets import save_workbook
from kcdesk.services.records import reading
from kcdesk.services.records.reading import ListRow
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_date, format_integer

if TYPE_CHECKING:
    from kcdesk.exchange.workbook.looks import Look

STATE = "state"
_PAGE = 500  # rows read at once
_HEAD_ROW = 4
_WIDTHS = {"right": 17, "center": 13}  # characters, by the alignment of a column's type
_WORDS, _TITLE = 24, 46  # characters of a column with words, of the first column


class ListExport(Value, kw_only=True):
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


class _Column(Value):
    """A column of the sheet; `field` is None for the state and for the hand-over."""

    name: str
    label: str
    field: Field | None

    @property
    def is_money(self) -> bool:
        return self.field is not None and type_of(self.field).is_money


def write_list(workspace: Workspace, export: ListExport, path: Path, progress: Progress = ignore_progress) -> int:
    """Write the list as a workbook; returns the number of rows. KnownError if the file cannot be written.

    A record whose use is restricted is left out (decision 109), and the head says how many are.
    """
    from openpyxl import Workbook  # openpyxl takes 150 ms

    form = workspace.forms.current(export.kind, workspace.today())
    columns = [_column(form, name) for name in export.columns]
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(sheet_names([form.plural])[0])
    rows = _SheetRows(sheet, _widths(columns))
    where = _where(workspace, export)
    restricted = workspace.store.personal.restrictions().keys()
    left_out = _number_of(workspace, export, where, restricted)
    total = reading.count(workspace, export.kind, export.search, where) - left_out
    _set_page(sheet, columns, total)
    _write_head(workspace, rows, form, export, columns, total, left_out)
    units = reading.unit_names(workspace)
    number = 0
    used = (pair for pair in _rows(workspace, export, where) if pair[0].id not in restricted)
    for number, (row, handover) in enumerate(used, start=1):
        progress(number, total)
        rows.add([number, *(_value(workspace, row, handover, column, units) for column in columns)], columns)
    if number and any(column.is_money for column in columns):
        rows.add_sums(columns, number)
    save_workbook(workbook, path)
    if number and any(column.field is not None and is_personal(column.field) for column in columns):
        workspace.store.note_use("exported", "", {"file": path.name, "records": number, "kind": form.plural})
    return number


def _column(form: Form, name: str) -> _Column:
    if name == STATE:
        return _Column(name, OF_EVERY_RECORD[STATE].label, None)
    if name == standing.FILTER:
        return _Column(name, "Bàn giao", None)
    if name == filter_options.UNIT:
        return _Column(name, "Đơn vị", None)
    field_ = form.field(name)
    unit = field_.unit or type_of(field_).unit
    return _Column(name, f"{field_.heading} ({unit})" if unit else field_.heading, field_)


def _where(workspace: Workspace, export: ListExport) -> dict[str, Any]:
    chosen = {"id": list(export.ids)} if export.ids else {}
    return standing.narrowed(workspace, export.kind, {**export.where, **chosen})


def _number_of(workspace: Workspace, export: ListExport, where: Mapping[str, Any], records: Collection[str]) -> int:
    """How many of some records are in the list."""
    among = [id_ for id_ in records if not export.ids or id_ in export.ids]
    return reading.count(workspace, export.kind, export.search, {**where, "id": among}) if among else 0


def _rows(workspace: Workspace, export: ListExport, where: Mapping[str, Any]) -> Iterator[tuple[ListRow, str]]:
    """Read the list page by page; each row with its hand-over in a word."""
    fields = [name for name in export.columns if name not in (STATE, standing.FILTER, filter_options.UNIT)]
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


def _value(workspace: Workspace, row: ListRow, handover: str, column: _Column, units: Mapping[str, str]) -> Cell:
    """A number or a day as such, so that Excel reckons with it; everything else as the list shows it."""
    if column.name == filter_options.UNIT:
        return units.get(row.stored.unit, row.stored.unit)
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
    """Appends rows of cells with the looks of every workbook of this program."""

    def __init__(self, sheet: Any, widths: Sequence[float]) -> None:
        from kcdesk.exchange.workbook import looks  # openpyxl takes 150 ms

        self._sheet, self._looks, self._styler = sheet, looks, looks.styler(sheet)
        self._widths, self._row = widths, _HEAD_ROW

    def add_line(self, text: str, *, title: bool = False) -> None:
        """Add a line of text above the table."""
        self._sheet.append([self._styler.cell(text, self._looks.TITLE if title else self._looks.PLAIN)])

    def add_heads(self, heads: Sequence[str]) -> None:
        """Add the heads of the columns."""
        self._sheet.append([self._styler.cell(head, self._looks.PALE_HEAD) for head in heads])

    def add(self, values: Sequence[Cell], columns: Sequence[_Column], *, bold: bool = False) -> None:
        """Add a row; its first value is the row's number."""
        lines = max(self._looks.lines_high(value, width) for value, width in zip(values, self._widths, strict=True))
        self._row += 1
        if lines > 1:  # LibreOffice does not set the height itself
            self._sheet.row_dimensions[self._row].height = self._looks.row_height(lines)
        self._sheet.append(
            [
                self._styler.cell(value, self._look(value, column, bold=bold))
                for value, column in zip(values, (None, *columns), strict=True)
            ]
        )

    def add_sums(self, columns: Sequence[_Column], number: int) -> None:
        """Add the sums of the columns with money, which follow a filter that is set in Excel."""
        first, last = _HEAD_ROW + 1, _HEAD_ROW + number
        sums: list[Cell] = [None]
        for place, column in enumerate(columns, start=2):
            letter = self._looks.letter(place)
            formula = self._looks.Sum(f"=SUBTOTAL(9,{letter}{first}:{letter}{last})")
            sums.append(formula if column.is_money else "Cộng" if place == 2 else None)
        self.add(sums, columns, bold=True)

    def _look(self, value: Cell, column: _Column | None, *, bold: bool) -> Look:
        field_ = column.field if column else None
        is_plain = field_ is None or (isinstance(value, str) and not isinstance(value, self._looks.Sum))
        if is_plain or field_ is None:
            return self._looks.Look(grid=True, bold=bold)
        kind = type_of(field_)
        return self._looks.Look(format=kind.cell_format, align=kind.align, grid=True, bold=bold)


def _widths(columns: Sequence[_Column]) -> list[float]:
    """The widths of the columns in characters, the first with the numbers of the rows."""
    aligns = [type_of(column.field).align if column.field else "left" for column in columns]
    words = (_TITLE, *[_WORDS] * len(columns))
    return [6.0, *(float(_WIDTHS.get(align, wide)) for align, wide in zip(aligns, words, strict=False))]


def _set_page(sheet: Any, columns: Sequence[_Column], total: int) -> None:
    from kcdesk.exchange.workbook import looks  # openpyxl takes 150 ms

    looks.set_widths(sheet, _widths(columns))
    sheet.freeze_panes = f"C{_HEAD_ROW + 1}"
    sheet.auto_filter.ref = f"A{_HEAD_ROW}:{looks.letter(len(columns) + 1)}{_HEAD_ROW + max(total, 1)}"
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    looks.set_page(sheet)


def _write_head(
    workspace: Workspace,
    rows: _SheetRows,
    form: Form,
    export: ListExport,
    columns: Sequence[_Column],
    total: int,
    left_out: int,
) -> None:
    practice = " (BẢN TẬP)" if workspace.identity.practice else ""
    rows.add_line(f"{form.plural.upper()}{practice}", title=True)
    rows.add_line(f"{workspace.identity.unit.name} – ngày {format_date(workspace.today())}")
    what = "Các hồ sơ được chọn" if export.ids else export.heading or "Tất cả"
    kept_only = f"; không ghi {format_integer(left_out)} hồ sơ chỉ được lưu giữ" if left_out else ""
    rows.add_line(f"{what}: {format_integer(total)} hồ sơ{kept_only}")
    rows.add_heads(["TT", *(column.label for column in columns)])

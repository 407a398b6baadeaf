"""Writing a plain workbook: openpyxl in write-only mode, every cell with an explicit type and style."""

from __future__ import annotations

import errno
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from typing import Any, BinaryIO

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.custom import IntProperty, StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from kcdesk import moments
from kcdesk.exchange.container.manifest import Manifest
from kcdesk.exchange.container.properties import FORMAT_PROPERTY, PACKAGE_PROPERTY
from kcdesk.exchange.workbook.cells import to_cell, to_xml
from kcdesk.exchange.workbook.cover import HELP, CoverLine, Style, cover
from kcdesk.exchange.workbook.sheets import COVER_SHEET, HELP_SHEET, LISTS_SHEET, Content, Sheet, SheetColumn
from kcdesk.exchange.workbook.xml_rows import LINE_HEIGHT, RowSpeller, begin, heading, lines_high, save
from kcdesk.formdef.types.base import Cell
from kcdesk.progress import Progress, ignore_progress

_FONT = "Times New Roman"
_BLUE, _PALE_BLUE, _YELLOW, _GREY, _RED = "1F4E79", "DDEBF7", "FFF8DC", "808080", "C00000"
_HAIRLINE = Side(style="hair", color="A6A6A6")
_GRID = Border(left=_HAIRLINE, right=_HAIRLINE, top=_HAIRLINE, bottom=_HAIRLINE)
_UNLOCKED = Protection(locked=False)
_A4 = "9"
_PAGE_WIDTH = 165  # characters of readable body text across a landscape A4 page
_BODY_SIZE = 11
_COVER_WIDTH, _HELP_WIDTH = 52, 86  # characters
_FIRST_ROW = 3
_ROWS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class _Look:
    """The look of a cell; each look is made once as a prototype cell, which keeps writing fast."""

    format: str = "General"
    align: str = "left"
    bold: bool = False
    size: int = _BODY_SIZE
    color: str = "000000"
    fill: str = ""
    grid: bool = False
    unlocked: bool = False
    wrap: bool = True
    vertical: str = "top"


@dataclass
class _Styler:
    """Makes the cells of one sheet; each look is made once in a workbook."""

    sheet: Any
    looks: dict[_Look, Any]
    numbers: dict[_Look, int]

    def cell(self, value: Cell, look: _Look) -> WriteOnlyCell:
        """Make a cell with a look."""
        shown = to_cell(value)
        if isinstance(shown, str):
            cell = WriteOnlyCell(self.sheet, to_xml(shown))
            cell.data_type = "s"  # so that no text becomes a formula or an error value
        else:
            cell = WriteOnlyCell(self.sheet, shown)
        cell._style = self.style(look)
        return cell

    def style(self, look: _Look) -> Any:
        """The style object of openpyxl for a look."""
        if look not in self.looks:
            prototype = WriteOnlyCell(self.sheet)
            prototype.font = Font(name=_FONT, size=look.size, bold=look.bold, color=look.color)
            prototype.alignment = Alignment(horizontal=look.align, vertical=look.vertical, wrap_text=look.wrap)
            prototype.number_format = look.format
            if look.fill:
                prototype.fill = PatternFill("solid", start_color=look.fill)
            if look.grid:
                prototype.border = _GRID
            if look.unlocked:
                prototype.protection = _UNLOCKED
            self.looks[look] = copy(prototype._style)
        return self.looks[look]

    def number(self, look: _Look) -> int:
        """The style number of a look in the file."""
        if look not in self.numbers:
            cell = WriteOnlyCell(self.sheet)
            cell._style = self.style(look)
            self.numbers[look] = int(cell.style_id)
        return self.numbers[look]


@dataclass
class _Counter:
    progress: Progress
    total: int
    done: int = 0

    def step(self, rows: int) -> None:
        self.done += rows
        self.progress(self.done, self.total)


@dataclass
class _Lists:
    """The lists of choices, each once, as columns of a hidden sheet."""

    columns: dict[tuple[str, ...], str] = field(default_factory=dict)

    def reference(self, choices: tuple[str, ...]) -> str:
        """The cell range of a list of choices, for a drop-down list."""
        letter = self.columns.setdefault(choices, get_column_letter(len(self.columns) + 1))
        return f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(choices)}"

    def write(self, book: _Book) -> None:
        """Write the hidden sheet, after all sheets that refer to it."""
        if not self.columns:
            return
        sheet = book.workbook.create_sheet(LISTS_SHEET)
        sheet.sheet_state = "hidden"
        sheet.protection.sheet = True
        styler = book.styler(sheet)
        begin(sheet)
        for row in range(max(map(len, self.columns))):
            entries = (choices[row] if row < len(choices) else None for choices in self.columns)
            sheet.append([entry and styler.cell(entry, _Look(format="@")) for entry in entries])


@dataclass
class _Book:
    """A workbook that is being written: its looks, its lists of choices, and its counter of rows."""

    counter: _Counter
    workbook: Workbook = field(default_factory=partial(Workbook, write_only=True))
    looks: dict[_Look, Any] = field(default_factory=dict)
    numbers: dict[_Look, int] = field(default_factory=dict)
    lists: _Lists = field(default_factory=_Lists)

    def styler(self, sheet: Any) -> _Styler:
        """The maker of cells for a sheet."""
        return _Styler(sheet, self.looks, self.numbers)

    def abandon(self) -> None:
        """Close the sheets of a workbook whose writing was stopped."""
        for sheet in self.workbook.worksheets:
            if not sheet.closed:
                with suppress(OSError, etree.LxmlError):
                    sheet.close()
                    sheet._writer.cleanup()


_COVER_LOOKS: dict[Style, tuple[_Look, _Look]] = {
    "title": (_Look(bold=True, size=16, color=_BLUE, wrap=False), _Look()),
    "warning": (_Look(bold=True, size=14, color=_RED, wrap=False), _Look()),
    "heading": (_Look(bold=True, size=12, color=_BLUE, wrap=False, vertical="bottom"), _Look()),
    "line": (_Look(color="404040"), _Look(format="@", bold=True)),
    "note": (_Look(color=_GREY, wrap=False, vertical="bottom"), _Look()),
}


def write_workbook(
    file: BinaryIO, manifest: Manifest, key: str, content: Content, sheets: list[Sheet], progress: Progress
) -> None:
    """Write the workbook, not compressed, into `file`; `progress(done, total)` counts rows and may raise to stop."""
    book = _Book(_Counter(progress, sum(len(sheet.lines) for sheet in sheets)))
    try:
        _describe(book.workbook, manifest)
        _write_cover(book, list(cover(manifest, key, content, sheets)))
        for sheet in sheets:
            _write_sheet(book, sheet)
        _write_help(book)
        book.lists.write(book)
        save(book.workbook, file, zipfile.ZIP_STORED)
    except etree.SerialisationError as error:  # lxml gives the name of the system error: "IO_ENOSPC"
        code = getattr(errno, str(error).removeprefix("IO_"), errno.EIO)
        raise OSError(code, str(error)) from error
    finally:
        book.abandon()


def write_sheets(file: BinaryIO, lines: list[CoverLine], sheets: list[Sheet]) -> None:
    """Write a workbook of a cover and some sheets of rows, with their lists of choices, into `file`."""
    book = _Book(_Counter(ignore_progress, sum(len(sheet.lines) for sheet in sheets)))
    _write_cover(book, lines)
    for sheet in sheets:
        _write_sheet(book, sheet)
    book.lists.write(book)
    save(book.workbook, file)


def write_page(file: BinaryIO, name: str, lines: list[CoverLine]) -> None:
    """Write a workbook with one page of labels and values into `file`."""
    book = _Book(_Counter(ignore_progress, 0))
    _write_cover(book, lines, name)
    save(book.workbook, file)


def _describe(workbook: Workbook, manifest: Manifest) -> None:
    """Set properties that Excel and LibreOffice keep on saving: they identify an edited package."""
    properties = workbook.properties
    properties.creator = manifest.sender.officer
    properties.title = f"Gói bàn giao khuyến công {manifest.sender.unit} {manifest.period} {manifest.type}"
    made_at = moments.in_utc(manifest.made_at)
    properties.created = properties.modified = made_at.replace(tzinfo=None)  # the format requires UTC
    workbook.custom_doc_props.append(StringProperty(name=PACKAGE_PROPERTY, value=manifest.package))
    workbook.custom_doc_props.append(IntProperty(name=FORMAT_PROPERTY, value=manifest.format))


def _write_cover(book: _Book, lines: list[CoverLine], name: str = COVER_SHEET) -> None:
    sheet = _page_of_text(book, name, (_COVER_WIDTH, _COVER_WIDTH, -24))
    styler = book.styler(sheet)
    for row, line in enumerate(lines, 1):
        label, value = _COVER_LOOKS[line.style]
        if isinstance(line.value, int):
            value = _Look(format="#,##0", bold=True)
        cells = [styler.cell(line.label, label)]
        if line.value != "":
            cells += [styler.cell(line.value, value), styler.cell(line.name or None, _Look(color=_GREY))]
        space = 12 if line.style in ("heading", "note") else 2
        high = max(lines_high(line.value, _COVER_WIDTH), lines_high(line.label, _COVER_WIDTH) if label.wrap else 1)
        sheet.row_dimensions[row].height = high * label.size * LINE_HEIGHT / _BODY_SIZE + space
        sheet.append(cells)


def _write_help(book: _Book) -> None:
    sheet = _page_of_text(book, HELP_SHEET, (_HELP_WIDTH,))
    styler = book.styler(sheet)
    sheet.row_dimensions[1].height = 28
    sheet.append([styler.cell("HƯỚNG DẪN", _Look(bold=True, size=16, color=_BLUE))])
    for row, paragraph in enumerate(HELP, 2):
        sheet.row_dimensions[row].height = lines_high(paragraph, _HELP_WIDTH) * LINE_HEIGHT + 6
        sheet.append([styler.cell(paragraph, _Look())])


def _page_of_text(book: _Book, name: str, widths: Sequence[float]) -> Any:
    """Make a sheet for text in openpyxl cells; columns with a negative width are hidden."""
    sheet = book.workbook.create_sheet(name)
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True
    _set_page(sheet, "portrait", 1)
    begin(sheet, widths)
    return sheet


_HEADER = _Look(align="center", bold=True, color="FFFFFF", fill=_BLUE, grid=True)
_MACHINE = _Look(format="@", size=8, color=_GREY, wrap=False)


def _write_sheet(book: _Book, plan: Sheet) -> None:
    sheet = book.workbook.create_sheet(plan.name)
    styler = book.styler(sheet)
    rows = [plan.cells(line) for line in plan.lines]
    filled = _filled(rows)
    widths = _widths(plan, filled)
    _set_up(sheet, widths)
    shown = zip(plan.columns, widths, strict=True)
    writer = begin(sheet, [column.width if width else -column.width for column, width in shown])
    writer.begin_rows()
    writer.write_xml(_headings(plan, widths, styler))
    used = [bool(is_filled or width) for is_filled, width in zip(filled, widths, strict=True)]
    speller = RowSpeller([styler.number(_look(column)) for column in plan.columns], widths, used)
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[first : first + _ROWS_AT_ONCE]
        writer.write_xml("".join(speller.row(row, cells) for row, cells in enumerate(some, _FIRST_ROW + first)))
        book.counter.step(len(some))
    for number, column in enumerate(plan.columns, 1):
        if column.choices:
            sheet.data_validations.append(_drop_down(column, number, len(plan.lines), book.lists))


def _headings(plan: Sheet, widths: Sequence[float], styler: _Styler) -> str:
    """The XML of the row of labels, as high as its longest label, and of the hidden row of machine names."""
    labels = [column.label for column in plan.columns]
    lines = max((lines_high(label, width) for label, width in zip(labels, widths, strict=True) if width), default=1)
    names = [column.name for column in plan.columns]
    return "".join(
        (
            heading(1, labels, styler.number(_HEADER), lines=lines),
            heading(2, names, styler.number(_MACHINE), hidden=True),
        )
    )


def _filled(rows: Sequence[Sequence[Cell]]) -> list[bool]:
    """For each column, whether it has any value."""
    return [cells.count(None) < len(rows) for cells in zip(*rows, strict=True)]


def _widths(plan: Sheet, filled: Sequence[bool]) -> list[float]:
    """The width of each column; 0 if it is hidden, or if it is empty and not to be filled in by the receiver."""
    return [
        0.0 if column.hidden or not (is_filled or column.unlocked) else column.width
        for column, is_filled in zip(plan.columns, filled, strict=True)
    ]


def _look(column: SheetColumn) -> _Look:
    fill = _YELLOW if column.unlocked else ""
    return _Look(column.format, column.align, fill=fill, grid=not column.hidden, unlocked=column.unlocked)


def _set_up(sheet: Any, widths: Sequence[float]) -> None:
    """Set frozen panes, print settings and protection of a sheet."""
    first = next(number for number, width in enumerate(widths, 1) if width)
    sheet.freeze_panes = f"{get_column_letter(first + 1)}{_FIRST_ROW}"
    sheet.print_title_rows = "1:1"
    sheet.print_title_cols = f"A:{get_column_letter(first)}"
    _set_page(sheet, "landscape", max(1, round(sum(widths) / _PAGE_WIDTH)))
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = False  # allowed, so that people can widen columns


def _set_page(sheet: Any, orientation: str, pages_wide: int) -> None:
    sheet.page_setup.orientation = orientation
    sheet.page_setup.paperSize = _A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth = pages_wide
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = 0.5
    sheet.page_margins.bottom = 0.8
    sheet.page_margins.footer = 0.4
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.right.text = "Trang &P/&N"


def _drop_down(column: SheetColumn, number: int, rows: int, lists: _Lists) -> DataValidation:
    letter = get_column_letter(number)
    validation = DataValidation(type="list", formula1=lists.reference(column.choices), allow_blank=True)
    validation.errorTitle, validation.error = "Ngoài danh mục", "Hãy chọn một mục trong danh sách."
    validation.showErrorMessage = True
    validation.add(f"{letter}{_FIRST_ROW}:{letter}{_FIRST_ROW + rows - 1}")
    return validation

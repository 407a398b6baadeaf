"""The plain workbook: openpyxl in write-only mode, every cell with its explicit type and style."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.custom import IntProperty, StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import ExcelWriter

from kcdesk.exchange.cells import MAX_SHEET_NAME, to_cell, to_xml
from kcdesk.exchange.cover import HELP, CoverLine, Style, cover
from kcdesk.exchange.manifest import Manifest
from kcdesk.exchange.properties import FORMAT_PROPERTY, PACKAGE_PROPERTY
from kcdesk.exchange.sheets import COVER_SHEET, HELP_SHEET, LISTS_SHEET, Column, Content, Line, Sheet
from kcdesk.formdef.types import Cell

Progress = Callable[[int, int], None]

_FONT = "Times New Roman"
_BLUE, _PALE_BLUE, _YELLOW, _GREY, _RED = "1F4E79", "DDEBF7", "FFF8DC", "808080", "C00000"
_HAIRLINE = Side(style="hair", color="A6A6A6")
_GRID = Border(left=_HAIRLINE, right=_HAIRLINE, top=_HAIRLINE, bottom=_HAIRLINE)
_UNLOCKED = Protection(locked=False)
_A4 = "9"
_PAGE_WIDTH = 150  # characters of body text on a landscape A4 page that can still be read
_FIRST_ROW = 3
_PROGRESS_EVERY = 50


@dataclass(frozen=True, slots=True)
class _Look:
    """How a cell looks; one prototype cell per look keeps styling off the hot path."""

    format: str = "General"
    align: str = "left"
    bold: bool = False
    size: int = 11
    color: str = "000000"
    fill: str = ""
    grid: bool = False
    unlocked: bool = False
    wrap: bool = True


@dataclass
class _Styler:
    """Makes cells; each look is built once."""

    sheet: Any
    looks: dict[_Look, Any] = field(default_factory=dict)

    def cell(self, value: Cell, look: _Look) -> WriteOnlyCell:
        shown = to_cell(value)
        text = isinstance(shown, str)
        cell = WriteOnlyCell(self.sheet, to_xml(shown) if isinstance(shown, str) else shown)
        if text:
            cell.data_type = "s"  # never a formula or an error value, whatever it begins with
        cell._style = self._style(look)
        return cell

    def _style(self, look: _Look) -> Any:
        if look not in self.looks:
            prototype = WriteOnlyCell(self.sheet)
            prototype.font = Font(name=_FONT, size=look.size, bold=look.bold, color=look.color)
            prototype.alignment = Alignment(horizontal=look.align, vertical="top", wrap_text=look.wrap)
            prototype.number_format = look.format
            if look.fill:
                prototype.fill = PatternFill("solid", start_color=look.fill)
            if look.grid:
                prototype.border = _GRID
            if look.unlocked:
                prototype.protection = _UNLOCKED
            self.looks[look] = copy(prototype._style)
        return self.looks[look]


_COVER_LOOKS: dict[Style, tuple[_Look, _Look]] = {
    "title": (_Look(bold=True, size=16, color=_BLUE, wrap=False), _Look()),
    "warning": (_Look(bold=True, size=14, color=_RED, wrap=False), _Look()),
    "heading": (_Look(bold=True, size=12, color=_BLUE, wrap=False), _Look()),
    "line": (_Look(color="404040"), _Look(format="@", bold=True)),
    "note": (_Look(color=_GREY, wrap=False), _Look()),
}


def write_workbook(
    file: BinaryIO, manifest: Manifest, key: str, content: Content, sheets: list[Sheet], progress: Progress
) -> None:
    """Write the workbook, not compressed, into `file`; `progress(done, total)` counts rows and may raise to stop."""
    workbook = Workbook(write_only=True)
    _describe(workbook, manifest)
    _write_cover(workbook, list(cover(manifest, key, content, sheets)))
    lists = _Lists()
    counter = _Counter(progress, sum(len(sheet.lines) for sheet in sheets))
    for sheet in sheets:
        _write_sheet(workbook, sheet, lists, counter)
    _write_help(workbook)
    lists.write(workbook)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        ExcelWriter(workbook, archive).save()


@dataclass
class _Counter:
    progress: Progress
    total: int
    done: int = 0

    def step(self) -> None:
        self.done += 1
        if self.done % _PROGRESS_EVERY == 0 or self.done == self.total:
            self.progress(self.done, self.total)


@dataclass
class _Lists:
    """The lists of choices, each once, in the columns of a hidden sheet."""

    columns: dict[tuple[str, ...], str] = field(default_factory=dict)

    def reference(self, choices: tuple[str, ...]) -> str:
        """The range that a drop-down list takes its entries from."""
        letter = self.columns.setdefault(choices, get_column_letter(len(self.columns) + 1))
        return f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(choices)}"

    def write(self, workbook: Workbook) -> None:
        if not self.columns:
            return
        sheet = workbook.create_sheet(LISTS_SHEET)
        sheet.sheet_state = "hidden"
        sheet.protection.sheet = True
        styler = _Styler(sheet)
        for row in range(max(map(len, self.columns))):
            entries = (choices[row] if row < len(choices) else None for choices in self.columns)
            sheet.append([entry and styler.cell(entry, _Look(format="@")) for entry in entries])


def _describe(workbook: Workbook, manifest: Manifest) -> None:
    """Properties that survive a save in Excel and in LibreOffice: by them an edited package is known again."""
    properties = workbook.properties
    properties.creator = manifest.sender.officer
    properties.title = f"Gói bàn giao khuyến công {manifest.sender.unit} {manifest.period} {manifest.type}"
    properties.created = properties.modified = datetime.fromisoformat(manifest.made_at).replace(tzinfo=None)
    workbook.custom_doc_props.append(StringProperty(name=PACKAGE_PROPERTY, value=manifest.package))
    workbook.custom_doc_props.append(IntProperty(name=FORMAT_PROPERTY, value=manifest.format))


def _write_cover(workbook: Workbook, lines: list[CoverLine]) -> None:
    sheet = workbook.create_sheet(COVER_SHEET)
    for letter, width in (("A", 52), ("B", 52), ("C", 24)):
        sheet.column_dimensions[letter].width = width
    sheet.column_dimensions["C"].hidden = True
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True
    _set_page(sheet, "portrait", 1)
    styler = _Styler(sheet)
    for line in lines:
        label, value = _COVER_LOOKS[line.style]
        if isinstance(line.value, int):
            value = _Look(format="#,##0", bold=True)
        cells = [styler.cell(line.label, label)]
        if line.value != "":
            cells += [styler.cell(line.value, value), styler.cell(line.name or None, _Look(color=_GREY))]
        sheet.append(cells)


def _write_help(workbook: Workbook) -> None:
    sheet = workbook.create_sheet(HELP_SHEET)
    sheet.column_dimensions["A"].width = 100
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True
    _set_page(sheet, "portrait", 1)
    styler = _Styler(sheet)
    sheet.append([styler.cell("HƯỚNG DẪN", _Look(bold=True, size=16, color=_BLUE))])
    for paragraph in HELP:
        sheet.append([styler.cell(paragraph, _Look())])


def _write_sheet(workbook: Workbook, plan: Sheet, lists: _Lists, counter: _Counter) -> None:
    sheet = workbook.create_sheet(plan.name[:MAX_SHEET_NAME])
    styler = _Styler(sheet)
    _set_columns(sheet, plan.columns)
    sheet.append([styler.cell(column.label, _HEADER) for column in plan.columns])
    sheet.append([styler.cell(column.name, _MACHINE) for column in plan.columns])
    looks = [_look(column) for column in plan.columns]
    for line in plan.lines:
        sheet.append(_row(styler, plan.columns, looks, line))
        counter.step()
    for number, column in enumerate(plan.columns, 1):
        if column.choices and plan.lines:
            sheet.data_validations.append(_drop_down(column, number, len(plan.lines), lists))


_HEADER = _Look(align="center", bold=True, color="FFFFFF", fill=_BLUE, grid=True)
_MACHINE = _Look(format="@", size=8, color=_GREY, wrap=False)


def _look(column: Column) -> _Look:
    fill = _YELLOW if column.unlocked else ""
    return _Look(column.format, column.align, fill=fill, grid=not column.hidden, unlocked=column.unlocked)


def _row(styler: _Styler, columns: Sequence[Column], looks: Iterable[_Look], line: Line) -> list[WriteOnlyCell]:
    return [styler.cell(column.cell(line), look) for column, look in zip(columns, looks, strict=True)]


def _set_columns(sheet: Any, columns: Sequence[Column]) -> None:
    first = next(number for number, column in enumerate(columns, 1) if not column.hidden)
    for number, column in enumerate(columns, 1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = column.width
        dimension.hidden = column.hidden
    sheet.row_dimensions[2].hidden = True
    sheet.freeze_panes = f"{get_column_letter(first + 1)}{_FIRST_ROW}"
    sheet.print_title_rows = "1:1"
    sheet.print_title_cols = f"A:{get_column_letter(first)}"
    width = sum(column.width for column in columns if not column.hidden)
    _set_page(sheet, "landscape", max(1, round(width / _PAGE_WIDTH)))
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = False  # allowed: people widen columns to read


def _set_page(sheet: Any, orientation: str, pages_wide: int) -> None:
    sheet.page_setup.orientation = orientation
    sheet.page_setup.paperSize = _A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth = pages_wide
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.right.text = "Trang &P/&N"


def _drop_down(column: Column, number: int, rows: int, lists: _Lists) -> DataValidation:
    letter = get_column_letter(number)
    validation = DataValidation(type="list", formula1=lists.reference(column.choices), allow_blank=True)
    validation.errorTitle, validation.error = "Ngoài danh mục", "Hãy chọn một mục trong danh sách."
    validation.showErrorMessage = True
    validation.add(f"{letter}{_FIRST_ROW}:{letter}{_FIRST_ROW + rows - 1}")
    return validation

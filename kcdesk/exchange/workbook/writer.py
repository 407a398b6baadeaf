"""Writing a plain workbook: openpyxl in write-only mode, every cell with an explicit type and style."""

from __future__ import annotations

import errno
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, BinaryIO

from lxml import etree
from openpyxl import Workbook
from openpyxl.packaging.custom import IntProperty, StringProperty
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from kcdesk import moments
from kcdesk.exchange import periods
from kcdesk.exchange.container.manifest import Manifest
from kcdesk.exchange.container.properties import FORMAT_PROPERTY, PACKAGE_PROPERTY
from kcdesk.exchange.workbook.cover import answers, cover, figures
from kcdesk.exchange.workbook.looks import (
    BLUE,
    GREY,
    HEAD,
    QUIET_HEAD,
    YELLOW,
    Look,
    PageText,
    Styler,
    lines_high,
    set_page,
)
from kcdesk.exchange.workbook.page_lines import HELP, PRACTICE_MARK, CoverLine, PageLine
from kcdesk.exchange.workbook.page_sheet import fill_page
from kcdesk.exchange.workbook.sheet_content import (
    ANSWERS_SHEET,
    COVER_SHEET,
    FIGURES_SHEET,
    HELP_SHEET,
    LISTS_SHEET,
    Content,
    Sheet,
    SheetColumn,
)
from kcdesk.exchange.workbook.xml_rows import RowSpeller, SpelledColumn, begin, heading, save
from kcdesk.formdef.types.base import Cell
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import replace

_WIDEST_PAGE = 260  # characters across a landscape A4 page that can still be read
_FIRST_ROW = 3
_ROWS_AT_ONCE = 50
_MACHINE = Look(format="@", size=8, color=GREY, wrap=False)


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
            sheet.append([entry and styler.cell(entry, Look(format="@")) for entry in entries])


@dataclass
class _Book:
    """A workbook that is being written: its looks, its lists of choices, its counter of rows, the text of its pages."""

    counter: _Counter
    text: PageText
    workbook: Workbook = field(default_factory=partial(Workbook, write_only=True))
    looks: dict[Look, Any] = field(default_factory=dict)
    numbers: dict[Look, int] = field(default_factory=dict)
    lists: _Lists = field(default_factory=_Lists)

    def styler(self, sheet: Any) -> Styler:
        """The maker of cells for a sheet."""
        return Styler(sheet, self.looks, self.numbers)

    def abandon(self) -> None:
        """Close the sheets of a workbook whose writing was stopped."""
        for sheet in self.workbook.worksheets:
            if not sheet.closed:
                with suppress(OSError, etree.LxmlError):
                    sheet.close()
                    sheet._writer.cleanup()


def write_workbook(
    file: BinaryIO, manifest: Manifest, key: str, content: Content, sheets: list[Sheet], progress: Progress
) -> None:
    """Write the workbook, not compressed, into `file`; `progress(done, total)` counts rows and may raise to stop."""
    book = _Book(_Counter(progress, sum(len(sheet.lines) for sheet in sheets)), _page_text(manifest))
    try:
        _describe(book.workbook, manifest)
        _write_page(book, COVER_SHEET, list(cover(manifest, key, content)), is_single=True)
        _write_page(book, ANSWERS_SHEET, list(answers(manifest, content)))
        for sheet in sheets:
            _write_sheet(book, sheet)
        _write_page(book, FIGURES_SHEET, list(figures(manifest, content)), color=GREY)
        guide = [CoverLine("title", "HƯỚNG DẪN"), *(CoverLine("text", paragraph) for paragraph in HELP)]
        _write_page(book, HELP_SHEET, guide, color=GREY)
        book.lists.write(book)
        save(book.workbook, file, zipfile.ZIP_STORED)
    except etree.SerialisationError as error:  # lxml gives the name of the system error: "IO_ENOSPC"
        code = getattr(errno, str(error).removeprefix("IO_"), errno.EIO)
        raise OSError(code, str(error)) from error
    finally:
        book.abandon()


def write_sheets(file: BinaryIO, lines: list[PageLine], sheets: list[Sheet], text: PageText) -> None:
    """Write a workbook of a cover and some sheets of rows, with their lists of choices, into `file`."""
    book = _Book(_Counter(ignore_progress, sum(len(sheet.lines) for sheet in sheets)), text)
    _write_page(book, COVER_SHEET, lines, is_single=True)
    for sheet in sheets:
        _write_sheet(book, sheet)
    book.lists.write(book)
    save(book.workbook, file)


def write_page(file: BinaryIO, name: str, lines: list[PageLine]) -> None:
    """Write a workbook with one page of labels and values into `file`."""
    book = _Book(_Counter(ignore_progress, 0), PageText())
    _write_page(book, name, lines)
    save(book.workbook, file)


def _write_page(
    book: _Book, name: str, lines: Sequence[PageLine], *, is_single: bool = False, color: str = BLUE
) -> None:
    """Write a sheet for people; none without lines."""
    if lines:
        sheet = book.workbook.create_sheet(name)
        sheet.sheet_properties.tabColor = color
        fill_page(sheet, book.styler(sheet), lines, is_single=is_single)


def _page_text(manifest: Manifest) -> PageText:
    """What the head of every printed list says beside its title."""
    return PageText(
        left=manifest.sender.name,
        right=f"{periods.name(manifest.period)}{f' – {PRACTICE_MARK}' if manifest.practice else ''}",
    )


def _describe(workbook: Workbook, manifest: Manifest) -> None:
    """Set properties that Excel and LibreOffice keep on saving: they identify an edited package."""
    properties = workbook.properties
    properties.creator = manifest.sender.officer
    period = periods.in_sentence(manifest.period)
    properties.title = f"Gói bàn giao khuyến công {manifest.sender.unit} {period} {manifest.type}"
    made_at = moments.in_utc(manifest.made_at)
    properties.created = properties.modified = made_at.replace(tzinfo=None)  # the format requires UTC
    workbook.custom_doc_props.append(StringProperty(name=PACKAGE_PROPERTY, value=manifest.package))
    workbook.custom_doc_props.append(IntProperty(name=FORMAT_PROPERTY, value=manifest.format))


def _write_sheet(book: _Book, plan: Sheet) -> None:
    """Write a sheet of rows, without the columns that have no value and that nobody is asked to fill in."""
    sheet = book.workbook.create_sheet(plan.name)
    styler = book.styler(sheet)
    rows = [plan.cells(line) for line in plan.lines]
    kept = _kept(plan, rows)
    columns = [column for _, column in kept]
    _set_up(book, sheet, plan, columns)
    writer = begin(sheet, [-column.width if column.hidden else column.width for column in columns])
    writer.begin_rows()
    writer.write_xml(_headings(plan, columns, styler))
    speller = RowSpeller([_spelled(place, column, styler) for place, column in kept])
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[first : first + _ROWS_AT_ONCE]
        writer.write_xml("".join(speller.row(row, cells) for row, cells in enumerate(some, _FIRST_ROW + first)))
        book.counter.step(len(some))
    for number, column in enumerate(columns, 1):
        if column.choices:
            sheet.data_validations.append(_drop_down(column, number, len(plan.lines), book.lists))


def _kept(plan: Sheet, rows: Sequence[Sequence[Cell]]) -> list[tuple[int, SheetColumn]]:
    """The columns that are written, with their places: keys, those to fill in, and those with any value.

    What is printed stands on the left; an empty column that only may be filled in is not printed.
    """
    kept: list[tuple[int, SheetColumn]] = []
    for place, (column, cells) in enumerate(zip(plan.columns, zip(*rows, strict=True), strict=True)):
        if cells.count(None) < len(rows) or column.key or column.asked:
            kept.append((place, column))
        elif column.unlocked:
            kept.append((place, replace(column, printed=False)))
    return sorted(kept, key=lambda item: not (item[1].printed or item[1].key))


def _headings(plan: Sheet, columns: Sequence[SheetColumn], styler: Styler) -> str:
    """The XML of the row of labels, as high as its longest label, and of the hidden row of machine names."""
    lines = max((lines_high(column.label, column.width) for column in columns if not column.hidden), default=1)
    head, quiet, machine = map(styler.number, (HEAD, QUIET_HEAD, _MACHINE))
    styles = [head if column.asked or (column.printed and not plan.table) else quiet for column in columns]
    return "".join(
        (
            heading(1, [column.label for column in columns], styles, lines=lines),
            heading(2, [column.name for column in columns], [machine] * len(columns), hidden=True),
        )
    )


def _spelled(place: int, column: SheetColumn, styler: Styler) -> SpelledColumn:
    width = 0 if column.hidden else column.width
    return SpelledColumn(place, styler.number(_look(column)), width, column.printed)


def _look(column: SheetColumn) -> Look:
    """The look of the cells of a column; what is not printed is quiet and keeps its row low."""
    return Look(
        column.format,
        column.align,
        color="000000" if column.printed or column.asked else "595959",
        fill=YELLOW if column.asked else "",
        grid=not column.hidden,
        unlocked=column.unlocked,
        wrap=column.printed,
    )


def _set_up(book: _Book, sheet: Any, plan: Sheet, columns: Sequence[SheetColumn]) -> None:
    """Set frozen panes, print settings and protection of a sheet."""
    visible = [number for number, column in enumerate(columns, 1) if not column.hidden]
    first = next(iter(visible), 1)
    sheet.freeze_panes = f"{get_column_letter(first + 1)}{_FIRST_ROW}"
    sheet.print_title_rows = "1:1"
    printed = [number for number in visible if columns[number - 1].printed]
    if printed and len(printed) < len(visible):
        sheet.print_area = f"A1:{get_column_letter(printed[-1])}{_FIRST_ROW + len(plan.lines) - 1}"
    width = sum(columns[number - 1].width for number in printed)
    set_page(
        sheet,
        PageText(plan.title or plan.name, book.text.left, book.text.right),
        pages_wide=max(1, round(width / _WIDEST_PAGE)),
    )
    sheet.sheet_properties.tabColor = GREY if plan.table else BLUE
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = False  # allowed, so that people can widen columns


def _drop_down(column: SheetColumn, number: int, rows: int, lists: _Lists) -> DataValidation:
    letter = get_column_letter(number)
    validation = DataValidation(type="list", formula1=lists.reference(column.choices), allow_blank=True)
    validation.errorTitle, validation.error = "Ngoài danh mục", "Hãy chọn một mục trong danh sách."
    validation.showErrorMessage = True
    validation.add(f"{letter}{_FIRST_ROW}:{letter}{_FIRST_ROW + rows - 1}")
    return validation

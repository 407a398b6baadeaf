"""The look of cells and pages of every workbook that this program writes: fonts, colours, widths, page set-up."""

from __future__ import annotations

import math
from copy import copy
from dataclasses import dataclass
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter

from kcdesk.exchange.workbook.cells import to_cell, to_xml
from kcdesk.formdef.types.base import Cell
from kcdesk.runtime.frozen import Value

FONT = "Times New Roman"
BLUE, PALE_BLUE, YELLOW, GREY, PALE_GREY, RED = "1F4E79", "DDEBF7", "FFF8DC", "808080", "F2F2F2", "C00000"
GOOD, BAD = "C6EFCE", "FFC7CE"  # backgrounds of accepted and refused cells
BODY_SIZE = 11
LINE_HEIGHT = 15.0  # points, for body text
MAX_HEIGHT = 409.0  # points: Excel's limit for a row
MONEY = "#,##0"
_A4 = "9"
_LETTERS = 1.15  # letters of wrapped text in one unit of a column's width, which is that of a digit
_MAX_PART = 55  # characters of a part of a page's head: Excel allows 255 for the three, with their codes
_HAIRLINE = Side(style="hair", color="A6A6A6")
_GRID = Border(left=_HAIRLINE, right=_HAIRLINE, top=_HAIRLINE, bottom=_HAIRLINE)
_UNLOCKED = Protection(locked=False)


class Look(Value):
    """The look of a cell; each look is made once in a workbook, which keeps writing fast."""

    format: str = "General"
    align: str = "left"
    bold: bool = False
    italic: bool = False
    size: int = BODY_SIZE
    color: str = "000000"
    fill: str = ""
    grid: bool = False
    unlocked: bool = False
    wrap: bool = True
    vertical: str = "top"


HEAD = Look(align="center", bold=True, color="FFFFFF", fill=BLUE, grid=True, vertical="center")
PALE_HEAD = Look(align="center", bold=True, fill=PALE_BLUE, grid=True, vertical="center")  # for paper
QUIET_HEAD = Look(align="center", color="595959", fill=PALE_GREY, grid=True, vertical="center")
TITLE = Look(bold=True, size=14, wrap=False)
PLAIN = Look(wrap=False)
BODY = Look(grid=True)


class Sum(str):
    """A formula of this program; every other text stays text even if it begins with «=»."""

    __slots__ = ()


@dataclass
class Styler:
    """Makes the cells of one sheet; the looks are shared by the sheets of a workbook."""

    sheet: Any
    looks: dict[Look, Any]
    numbers: dict[Look, int]

    def cell(self, value: Cell, look: Look) -> WriteOnlyCell:
        """Make a cell with a look, for a sheet that is only written."""
        cell = WriteOnlyCell(self.sheet)
        self.fill(cell, value, look)
        return cell

    def fill(self, cell: Any, value: Cell, look: Look) -> None:
        """Give a cell its value and look."""
        shown = value if isinstance(value, Sum) else to_cell(value)
        if isinstance(shown, str) and not isinstance(shown, Sum):
            cell.value = to_xml(shown)
            cell.data_type = "s"  # so that no text becomes a formula or an error value
        else:
            cell.value = str(shown) if isinstance(shown, Sum) else shown
        cell._style = self.style(look)

    def style(self, look: Look) -> Any:
        """The style object of openpyxl for a look."""
        if look not in self.looks:
            prototype = WriteOnlyCell(self.sheet)
            prototype.font = Font(name=FONT, size=look.size, bold=look.bold, italic=look.italic, color=look.color)
            prototype.alignment = Alignment(
                horizontal=look.align, vertical=look.vertical, wrap_text=look.wrap, indent=int(look.align == "right")
            )
            prototype.number_format = look.format
            if look.fill:
                prototype.fill = PatternFill("solid", start_color=look.fill)
            if look.grid:
                prototype.border = _GRID
            if look.unlocked:
                prototype.protection = _UNLOCKED
            self.looks[look] = copy(prototype._style)
        return self.looks[look]

    def number(self, look: Look) -> int:
        """The style number of a look in the file."""
        if look not in self.numbers:
            cell = WriteOnlyCell(self.sheet)
            cell._style = self.style(look)
            self.numbers[look] = int(cell.style_id)
        return self.numbers[look]


def styler(sheet: Any) -> Styler:
    """The maker of cells for the only sheet of a workbook."""
    return Styler(sheet, {}, {})


class PageText(Value):
    """What every printed page says: its title, its sender and period, a mark of practice data."""

    title: str = ""
    left: str = ""
    right: str = ""


def set_page(
    sheet: Any, text: PageText | None = None, *, is_landscape: bool = True, pages_wide: int = 1, pages_high: int = 0
) -> None:
    """Set A4, orientation, margins, head and foot of the printed pages; 0 pages high means as many as needed."""
    sheet.page_setup.orientation = "landscape" if is_landscape else "portrait"
    sheet.page_setup.paperSize = _A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages_wide, pages_high
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top = 0.85 if text else 0.5
    margins.bottom, margins.header, margins.footer = 0.7, 0.35, 0.35
    if text:
        _set_text(sheet.oddHeader.left, text.left)
        _set_text(sheet.oddHeader.center, text.title, bold=True)
        _set_text(sheet.oddHeader.right, text.right)
    _set_text(sheet.oddFooter.left, "&A", is_code=True)
    _set_text(sheet.oddFooter.right, "Trang &P/&N", is_code=True)


def _set_text(part: Any, text: str, *, bold: bool = False, is_code: bool = False) -> None:
    """Set a part of a page's head or foot; «&» begins a code there, so it is doubled in a text."""
    if not text:
        return
    part.text = text if is_code else _doubled(text)
    part.font = f"{FONT},Bold" if bold else f"{FONT},Regular"
    part.size = 13 if bold else 10


def _doubled(text: str) -> str:
    """A text for the head of a page, cut at a word, with «&» doubled."""
    doubled = text.replace("&", "&&")
    if len(doubled) <= _MAX_PART:
        return doubled
    return f"{doubled[: _MAX_PART - 1].rpartition(' ')[0].rstrip('&') or doubled[: _MAX_PART - 1].rstrip('&')}…"


def letter(column: int) -> str:
    """The letter of a column by its number, from 1."""
    return str(get_column_letter(column))


def set_widths(sheet: Any, widths: list[float]) -> None:
    """Set the widths of the columns, from the first on, in characters."""
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[letter(number)].width = width


def lines_high(value: Cell, width: float) -> int:
    """The number of lines that a value needs in a column of this width (characters)."""
    if not isinstance(value, str):
        return 1
    across = width * _LETTERS
    return sum(max(1, math.ceil(len(line) / across)) for line in value.split("\n"))


def row_height(lines: int, size: int = BODY_SIZE, space: float = 2) -> float:
    """The height in points of a row with so many lines of text; not every spreadsheet program computes it."""
    return min(MAX_HEIGHT, lines * size * LINE_HEIGHT / BODY_SIZE + space)

"""Reads .xlsx and .xlsm: values, results of formulas, errors, number formats, fonts, merged and hidden cells."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from lxml import etree
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel

from kcdesk import moments
from kcdesk.exchange.container.safe_zip import SafeArchive
from kcdesk.exchange.workbook.book_parts import BookParts, local_name, text_in
from kcdesk.sheets.book.counting import CellCount
from kcdesk.sheets.book.foreign_book import ERROR, FONT, FORMAT, FORMULA, MOMENT, MOST_HIDDEN
from kcdesk.sheets.values.marks import UNCOMPUTED

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PARTS = ("row", "mergeCell", "col", "autoFilter", "sheetPr")
_LINKS = "xl/externallinks/"
_GENERAL = "General"
_TRUE = ("1", "true", "on")
_MOST_MERGED = 50_000
_MOST_FORMATS = 4_000


def read_open_xml(content: bytes) -> dict[str, Any]:
    """The sheets of a workbook of Open XML, as plain values."""
    with SafeArchive(io.BytesIO(content)) as archive:
        archive.refuse_unsafe_parts()
        book = BookParts(archive)
        styles, count = _Styles(book, archive), CellCount()
        hidden = _hidden_sheets(book)
        sheets = [
            _sheet(book, sheet.part, styles, count) | {"name": sheet.name, "hidden": sheet.name in hidden}
            for sheet in book.sheets
        ]
        links = any(name.casefold().startswith(_LINKS) for name in archive.infos)
        named = {"formats": styles.formats, "fonts": styles.fonts}
        return {"sheets": [sheet | named for sheet in sheets], "links": links}


def _hidden_sheets(book: BookParts) -> set[str]:
    listed = book.root.iter("{*}sheet")
    return {element.get("name", "") for element in listed if element.get("state", "visible") != "visible"}


class _Styles:
    """What the number of a style means: number format, font, and whether a number in it is a day."""

    def __init__(self, book: BookParts, archive: SafeArchive) -> None:
        self.epoch = book.epoch
        self._formats = book.formats[:_MOST_FORMATS]
        self.formats = list(dict.fromkeys(self._formats))
        self._fonts = _font_names(book, archive)[:_MOST_FORMATS]
        self.fonts = list(dict.fromkeys(self._fonts))
        self._is_day = [is_date_format(written) and not is_timedelta_format(written) for written in self._formats]
        self.marks = [self._marks(place) for place in range(max(len(self._formats), len(self._fonts)))]

    def _marks(self, place: int) -> dict[str, int]:
        marks = {}
        if place < len(self._formats) and self._formats[place] != _GENERAL:
            marks[FORMAT] = self.formats.index(self._formats[place])
        if place < len(self._fonts) and self._fonts[place]:
            marks[FONT] = self.fonts.index(self._fonts[place])
        return marks

    def is_day(self, place: int) -> bool:
        """Whether a number in this style is a day."""
        return place < len(self._is_day) and self._is_day[place]


def _font_names(book: BookParts, archive: SafeArchive) -> list[str]:
    """The name of the font of each style of cells; "" for the usual ones, which say nothing of the letters."""
    if not book.styles_part:
        return []
    root = archive.xml(book.styles_part)
    fonts = next(root.iter("{*}fonts"), None)
    names = [] if fonts is None else [_font_name(font) for font in fonts]
    styles = next(root.iter("{*}cellXfs"), None)
    chosen = [] if styles is None else [xf.get("fontId", "0") for xf in styles.iter("{*}xf")]
    return [names[int(number)] if number.isdecimal() and int(number) < len(names) else "" for number in chosen]


def _font_name(font: etree._Element) -> str:
    name = next(font.iter("{*}name"), None)
    written = "" if name is None else name.get("val", "")
    return written if written.startswith((".", "VNI", "vni", "Vni", "VN", "Vn")) else ""


def _sheet(book: BookParts, part: str, styles: _Styles, count: CellCount) -> dict[str, Any]:
    count.begin_sheet()
    rows: list[tuple[int, list[Any]]] = []
    sheet: dict[str, Any] = {"rows": rows, "merged": [], "hidden_rows": [], "hidden_columns": [], "filtered": False}
    number = 0
    for element in book.elements(part, _PARTS):
        name = local_name(element)
        if name == "row":
            written = element.get("r", "")
            number = int(written) if written.isdecimal() and len(written) < 8 else number + 1
            cells = list(_cells(book, element, styles))
            if cells:
                count.add_row(cells)
                rows.append((number, cells))
            if cells and element.get("hidden", "") in _TRUE:
                sheet["hidden_rows"].append(number)
        else:
            _note_part(sheet, name, element, count)
    return sheet


def _note_part(sheet: dict[str, Any], name: str, element: etree._Element, count: CellCount) -> None:
    """Note what a part of the sheet other than a row says."""
    if name == "mergeCell" and len(sheet["merged"]) < _MOST_MERGED:
        if area := _area(element.get("ref", "")):
            count.add_merged(area[3] - area[1])
            sheet["merged"].append(area)
    elif name == "col" and element.get("hidden", "") in _TRUE and len(sheet["hidden_columns"]) < MOST_HIDDEN:
        first, last = int(element.get("min", "1")), int(element.get("max", "1"))
        sheet["hidden_columns"].extend(range(first, min(last, first + 500) + 1))
    elif (name == "autoFilter" and len(element)) or (name == "sheetPr" and element.get("filterMode", "") in _TRUE):
        sheet["filtered"] = True


def _area(written: str) -> tuple[int, int, int, int] | None:
    corners = [_REFERENCE.fullmatch(corner) for corner in written.replace("$", "").split(":")]
    if len(corners) != 2 or not all(corners):
        return None
    (top, left), (bottom, right) = [
        (int(corner[2]), column_index_from_string(corner[1])) for corner in corners if corner
    ]
    return (top, left, bottom, right)


def _cells(book: BookParts, row: etree._Element, styles: _Styles) -> Iterator[list[Any]]:
    column = 0
    for element in row:
        if local_name(element) != "c":
            continue
        reference = _REFERENCE.fullmatch(element.get("r", ""))
        column = column_index_from_string(reference[1]) if reference else column + 1
        style = element.get("s", "0")
        place = int(style) if style.isdecimal() and len(style) < 7 else 0
        value, more = _value(book, element, styles, place)
        if value is not None or more.get(ERROR):
            more = (styles.marks[place] if place < len(styles.marks) else {}) | more
            yield [column, value, more] if more else [column, value]


def _value(book: BookParts, cell: etree._Element, styles: _Styles, place: int) -> tuple[Any, dict[str, Any]]:
    content, more = _content(cell)
    if not content:
        return None, more if ERROR in more else {}
    kind = cell.get("t", "n")
    if kind == "n":
        return _number(content, styles, place, more)
    if kind == "s":
        return _written(book.shared_text(content) or ""), more
    if kind == "b":
        return content in _TRUE, more
    if kind == "e":
        return None, more | {ERROR: content[:20]}
    if kind == "d":
        return _moment(_iso(content), more)
    return _written(content), more


def _content(cell: etree._Element) -> tuple[str, dict[str, Any]]:
    """The content of a cell as it is written, and whether a formula made it or should have."""
    content, more, is_computed = "", dict[str, Any](), False
    for child in cell:
        name = local_name(child)
        if name == "v":
            content = child.text or ""
            is_computed = bool(content) or cell.get("t") == "str"  # a formula may give an empty text
        elif name == "is":
            content = text_in(child)
        elif name == "f":
            more[FORMULA] = 1
    return content, more | {ERROR: UNCOMPUTED} if FORMULA in more and not is_computed else more


def _written(text: str) -> str | None:
    """The text of a cell with its escapes undone («_x000D_»); None for one of spaces."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text if text.strip() else None


def _number(content: str, styles: _Styles, place: int, more: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    try:
        number: int | float = int(content) if content.lstrip("-").isdecimal() else float(content)
    except ValueError:
        return content, more
    if number != number or abs(number) > 1e300 or not styles.is_day(place):
        return (number if abs(number) < 1e300 else content), more
    try:
        return _moment(from_excel(number, styles.epoch), more)
    except (OverflowError, ValueError):
        return number, more


def _iso(content: str) -> Any:
    try:
        return moments.as_written(content)
    except ValueError:
        return content


def _moment(value: Any, more: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """A day or a time as the worker sends it."""
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, datetime | date | time):
        return value.isoformat(), {**more, MOMENT: type(value).__name__}
    return str(value), dict(more)

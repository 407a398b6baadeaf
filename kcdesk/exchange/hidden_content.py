"""What a workbook hides, or shows otherwise than this program writes it: rows, columns and sheets, colours and formats
of numbers, texts of lists, names, comments, pages for people.

An officer signs for what he sees. So a package whose sheets are not the bytes that this program would write is looked
through for everything that changes what is seen, beside the cells themselves (`compare`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from openpyxl.utils import get_column_letter

from kcdesk.exchange.container import parts
from kcdesk.exchange.container.safe_zip import BrokenArchiveError, SafeArchive, UnsafeArchiveError
from kcdesk.exchange.workbook.book_parts import BookParts, BookSheet, NotWorkbookError, local_name
from kcdesk.exchange.workbook.returned_cells import CellReader
from kcdesk.exchange.workbook.returned_rows import placed_cells, plain_rows, row_number
from kcdesk.runtime.frozen import Value

if TYPE_CHECKING:
    from lxml import etree

_NOT_SHOWN = (parts.OWN_FOLDER, "customXml/", "docProps/", "_rels/", "[Content_Types].xml")
_NARROW = 1.0  # letters: a narrower column, or a row of fewer points, shows nothing
_LOW = 4.0
_SMALL = 6  # points of the smallest letters that count as readable
_CONTRAST = 2.0  # of letters against their ground, by WCAG 2; white on white is 1
_TRUE = ("1", "true", "on")
_SPEAKING = ("prompt", "promptTitle", "error", "errorTitle")
_FORMULAS = ("formula1", "formula2", "formula", "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader")
_BLINDING = ("showZeros", "showFormulas", "rightToLeft", "showRowColHeaders", "topLeftCell")
_LEAST_SIZES = {"defaultColWidth": _NARROW, "defaultRowHeight": _LOW}  # of columns and rows without a size of their own
_COLUMNS = 16_384  # of a sheet, as in Excel
_MOST = 200  # differences that are named
_MOST_NAMED = 10  # rows or columns in a sentence
_KEPT = 3  # texts of a column that only programs read
_NAMES_ROW = 2  # the row of a data sheet with the names for the program, which is always hidden
_DIGITS = re.compile(r"\d+")
_MACHINE = re.compile(r"[a-z0-9_/@.-]*")  # what only programs read
_WORD = re.compile(r"\w+(?:[.,:/]\w+)*")
_MARKS = re.compile(r"(?<=\d)[.,](?=\d)")
_REPEATED_ROWS = "_xlnm.Print_Titles"
# What every version of the program writes beside its cells: the number of the page, lists to choose from.
_HARMLESS = re.compile(
    r"(odd|even|first)(Header|Footer) «&L&A&RTrang &P/&N»|formula1 «'Danh mục'!\$[A-Z]+\$\d+:\$[A-Z]+\$\d+»"
)
_PLAIN_FORMATS = frozenset(("General", "@", "0", "#,##0", "dd/mm/yyyy", "d/m/yyyy", "0%", "0.00", "#,##0.00"))

Kept = TypeVar("Kept")
Line = tuple[str, ...]  # the cells of a row that are filled


class _Style(Value):
    """The look of cells that changes what is read: the format of numbers, and why letters cannot be seen."""

    code: str
    unseen: str = ""


@dataclass(slots=True)
class _Sheet:
    """What a sheet hides, and the texts that stand beside its cells."""

    is_hidden: bool = False
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    beside: set[str] = field(default_factory=set)
    merged: set[str] = field(default_factory=set)
    styles: dict[_Style, str] = field(default_factory=dict)  # with the first cell that has it
    texts: dict[int, list[str]] = field(default_factory=dict)  # by column, from the third row on
    names: dict[int, str] = field(default_factory=dict)  # of the columns: the second row


def hidden_differences(
    received: SafeArchive,
    generated: SafeArchive,
    data_sheets: Mapping[str, frozenset[str]],
    is_excused: Callable[[Line], bool],
) -> list[str]:
    """List a sentence for everything that the received workbook hides or shows otherwise than the generated one.

    `data_sheets` are compared cell by cell elsewhere; they map to the machine names of their hidden columns. A workbook
    with other pages was made by another version of the program, whose pages for people may have other lines.
    `is_excused` says of a line of such a page whether other titles of records outside the package explain it.
    """
    try:
        return list(islice(_differences(received, generated, data_sheets, is_excused), _MOST))
    except (ValueError, OverflowError, BrokenArchiveError, UnsafeArchiveError, NotWorkbookError):
        return ["Bảng tính của gói có phần không đọc được."]


def page_lines(archive: SafeArchive, data_sheets: Collection[str]) -> list[Line]:
    """The lines of the pages for people of a workbook that this program has made."""
    book = BookParts(archive)
    pages = (sheet for sheet in book.sheets if sheet.name not in data_sheets)
    return [_line(row) for page in pages for row in plain_rows(book, page)]


def _differences(
    received: SafeArchive,
    generated: SafeArchive,
    data_sheets: Mapping[str, frozenset[str]],
    is_excused: Callable[[Line], bool],
) -> Iterator[str]:
    yield from _strange_parts(received, generated)
    theirs, ours = _Book(received), _Book(generated)
    for name in sorted(theirs.names - ours.names):
        if not name.startswith(_REPEATED_ROWS):
            yield f"Tên «{name}» được đặt thêm trong bảng tính."
    known = {sheet.name: sheet for sheet in ours.book.sheets}
    is_same_layout = known.keys() == {sheet.name for sheet in theirs.book.sheets}
    pages = _Pages(page_lines(generated, data_sheets), is_excused)
    looks = {name: ours.look(sheet) for name, sheet in known.items()}
    beside = {text for look in looks.values() for text in look.beside}
    for sheet in theirs.book.sheets:
        shown, made = theirs.look(sheet), looks.get(sheet.name)
        shown.beside -= beside
        yield from _differing(sheet.name, shown, made, data_sheets.get(sheet.name))
        if sheet.name not in data_sheets and any(shown.texts.values()) and not (made and made.is_hidden):
            lines = [_line(row) for row in plain_rows(theirs.book, sheet)]
            written = [_line(row) for row in plain_rows(ours.book, known[sheet.name])] if made else []
            yield from pages.strange_lines(sheet.name, lines, written, is_same_layout=is_same_layout)


def _strange_parts(received: SafeArchive, generated: SafeArchive) -> Iterator[str]:
    kinds = {_DIGITS.sub("", name) for name in generated.infos} | {"xl/sharedStrings.xml"}
    for name in received.infos:
        if not name.startswith(_NOT_SHOWN) and _DIGITS.sub("", name) not in kinds and not name.endswith(".rels"):
            yield f"Bảng tính có thêm phần «{name}» (ghi chú, hình vẽ hoặc liên kết)."


def _differing(name: str, theirs: _Sheet, ours: _Sheet | None, hidden_names: frozenset[str] | None) -> Iterator[str]:
    made = ours or _Sheet()
    is_filled = any(theirs.texts.values())
    if theirs.is_hidden and not made.is_hidden and is_filled:
        yield f"Trang «{name}» bị ẩn."
    if rows := sorted(theirs.rows - made.rows - {_NAMES_ROW}):
        yield f"Trang «{name}»: dòng {_listed(rows)} bị ẩn."
    if columns := [c for c in sorted(theirs.columns - made.columns) if _hides_content(theirs, c, hidden_names)]:
        yield f"Trang «{name}»: cột {_listed([get_column_letter(column) for column in columns])} bị ẩn."
    for text in sorted(theirs.beside):
        if not _HARMLESS.fullmatch(text):
            yield f"Trang «{name}» có thêm: {text}."
    if merged := sorted(theirs.merged - made.merged if ours else ()):
        yield f"Trang «{name}»: các ô {_listed(merged)} bị gộp."
    codes = {style.code for style in made.styles} | _PLAIN_FORMATS
    for style, place in theirs.styles.items():
        if style.code not in codes:
            yield f"Trang «{name}», từ ô {place}: số hiện theo cách riêng «{style.code}»."
        if style.unseen and style not in made.styles:
            yield f"Trang «{name}», từ ô {place}: {style.unseen}."


def _hides_content(sheet: _Sheet, column: int, hidden_names: frozenset[str] | None) -> bool:
    """Whether a hidden column keeps something from the reader: not names for the program, nor empty cells."""
    if hidden_names is not None and sheet.names.get(column) in hidden_names:
        return False
    return (
        not all(map(_MACHINE.fullmatch, sheet.texts.get(column, ())))
        if hidden_names is None
        else bool(sheet.texts.get(column))
    )


class _Pages:
    """The pages for people as this program writes them: their lines, numbers and words."""

    def __init__(self, lines: Sequence[Line], is_excused: Callable[[Line], bool]) -> None:
        self._is_excused = is_excused
        self._values: dict[str, set[str]] = {}
        for line in lines:
            for cell in line[1:]:
                self._values.setdefault(line[0], set()).update(_words(cell))
        self._numbers = {word for line in lines for cell in line for word in _words(cell) if word[0].isdecimal()}

    def strange_lines(
        self, page: str, shown: list[Line], written: list[Line], *, is_same_layout: bool
    ) -> Iterator[str]:
        """Yield a sentence for each line that says what the records and the manifest do not."""
        known = set(written)
        for line in shown:
            if not line or line in known:
                continue
            if not self._is_excused(line) and (is_same_layout or not self._is_explained(line)):
                yield f"Trang «{page}» ghi «{' | '.join(line)}», khác với dữ liệu trong gói."
        if is_same_layout and len(shown) < len(written):
            yield f"Trang «{page}» thiếu {len(written) - len(shown)} dòng."

    def _is_explained(self, line: Line) -> bool:
        """Whether a line of another version of the program says nothing but what is known here."""
        words = {word for cell in line[1:] if not _MACHINE.fullmatch(cell) for word in _words(cell)}
        if line[0] in self._values:
            return words <= self._values[line[0]] | self._numbers
        return {word for word in words if word[0].isdecimal()} <= self._numbers


def _words(text: str) -> set[str]:
    """The words and numbers of a text; a number without the marks between its digits."""
    return {_MARKS.sub("", word) for word in _WORD.findall(text)}


def _line(row: Sequence[object]) -> Line:
    return tuple(str(cell).strip() for cell in row if cell not in (None, ""))


class _Book:
    """A workbook with its styles and names."""

    def __init__(self, archive: SafeArchive) -> None:
        self.book = BookParts(archive)
        self._states = {
            element.get("name", ""): element.get("state", "visible") for element in self.book.root.iter("{*}sheet")
        }
        self.names = {
            f"{element.get('name', '')} = {element.text or ''}" for element in self.book.root.iter("{*}definedName")
        }
        self._styles = _styles(archive, self.book)
        self._cells = CellReader(self.book)

    def look(self, sheet: BookSheet) -> _Sheet:
        """What a sheet hides."""
        look = _Sheet(is_hidden=self._states.get(sheet.name, "visible") != "visible")
        number = 0
        for element in self.book.elements(sheet.part, _ELEMENTS):
            if local_name(element) == "row":
                number = row_number(element, number)
                self._note_row(look, number, element)
            else:
                self._note(look, element)
        return look

    def _note(self, look: _Sheet, element: etree._Element) -> None:
        name = local_name(element)
        if name == "col" and _is_narrow(element):
            look.columns.update(_columns(element))
        elif name == "sheetFormatPr":
            look.beside.update(_usual_sizes(element))
        elif name == "mergeCell":
            look.merged.add(element.get("ref", ""))
        elif name == "sheetView":
            look.beside.update(f"{key}={element.get(key)}" for key in _BLINDING if element.get(key) is not None)
        elif name == "dataValidation":
            look.beside.update(f"lời nhắc «{element.get(key)}»" for key in _SPEAKING if element.get(key))
        elif name in ("hyperlink", "cfRule", "ext", "legacyDrawing", "drawing", "picture"):
            look.beside.add(f"{name} {' '.join(map(str, sorted(element.attrib.values())))}".strip())
        elif name in _FORMULAS and element.text:
            look.beside.add(f"{name} «{element.text}»")

    def _note_row(self, look: _Sheet, number: int, element: etree._Element) -> None:
        height = element.get("ht")
        if element.get("hidden", "").lower() in _TRUE or (height is not None and float(height) < _LOW):
            look.rows.add(number)
        for column, cell in placed_cells(element):
            self._note_text(look, number, column, cell)
            style = _at(self._styles, cell.get("s"), None)
            if style is not None and style not in look.styles and len(cell):
                look.styles[style] = f"{get_column_letter(column)}{number}"

    def _note_text(self, look: _Sheet, row: int, column: int, cell: etree._Element) -> None:
        value, _ = self._cells.read(cell)
        text = "" if value is None else str(value)
        if text and row == _NAMES_ROW:
            look.names[column] = text
        elif text and row > _NAMES_ROW:
            kept = look.texts.setdefault(column, [])
            if len(kept) < _KEPT or not _MACHINE.fullmatch(text):
                kept.append(text)


_ELEMENTS = (
    *("row", "col", "sheetFormatPr", "mergeCell", "sheetView", "dataValidation", "hyperlink", "cfRule", "ext"),
    *("legacyDrawing", "drawing", "picture", *_FORMULAS),
)


def _is_narrow(element: etree._Element) -> bool:
    width = element.get("width")
    return element.get("hidden", "").lower() in _TRUE or (width is not None and float(width) < _NARROW)


def _columns(element: etree._Element) -> range:
    """The columns that an element speaks of; ValueError for one before the first."""
    first, last = int(element.get("min", "1")), int(element.get("max", "1"))
    if first < 1:
        raise ValueError("column")
    return range(first, min(last, _COLUMNS) + 1)


def _usual_sizes(element: etree._Element) -> Iterator[str]:
    """What hides the rows and columns that have no size of their own."""
    if element.get("zeroHeight", "").lower() in _TRUE:
        yield "mọi dòng chưa định dạng bị ẩn"
    for key, least in _LEAST_SIZES.items():
        if (size := element.get(key)) is not None and float(size) < least:
            yield f"{key}={size}"


def _styles(archive: SafeArchive, book: BookParts) -> Sequence[_Style]:
    part = book.styles_part
    if not part:
        return ()
    root = archive.xml(part)
    fonts = [_font(font) for group in root.iter("{*}fonts") for font in group]
    fills = [_ground(fill) for group in root.iter("{*}fills") for fill in group]
    listed = next(root.iter("{*}cellXfs"), None)
    styles = []
    for number, xf in enumerate(() if listed is None else listed):
        color, size = _at(fonts, xf.get("fontId"), ("000000", 11.0))
        ground = _at(fills, xf.get("fillId"), "FFFFFF")
        code = book.formats[number] if number < len(book.formats) else "General"
        styles.append(_Style(code, _unseen(color, size, ground)))
    return styles


def _at(values: Sequence[Kept], number: str | None, usual: Kept) -> Kept:
    place = int(number) if number and number.isdecimal() else 0
    return values[place] if place < len(values) else usual


def _font(font: etree._Element) -> tuple[str, float]:
    color, size = "000000", 11.0
    for child in font:
        if local_name(child) == "color":
            color = _rgb(child, "000000")
        elif local_name(child) == "sz":
            size = float(child.get("val", "11"))
    return color, size


def _ground(fill: etree._Element) -> str:
    pattern = next(fill.iter("{*}patternFill"), None)
    if pattern is None or pattern.get("patternType") in (None, "none"):
        return "FFFFFF"
    color = next(pattern.iter("{*}fgColor"), None)
    return "FFFFFF" if color is None else _rgb(color, "FFFFFF")


def _rgb(color: etree._Element, usual: str) -> str:
    """The colour as six hexadecimal digits; a colour of the theme or the system is taken as its usual one."""
    if rgb := color.get("rgb"):
        return rgb[-6:].upper() if re.fullmatch(r"[0-9A-Fa-f]{6,8}", rgb) else usual
    if color.get("theme") == "0" or color.get("indexed") in ("1", "9", "65"):
        return "FFFFFF"
    return usual


def _unseen(color: str, size: float, ground: str) -> str:
    if size < _SMALL:
        return f"chữ nhỏ {size:g} điểm nên không đọc được"
    lights = sorted((_light(color), _light(ground)))
    return "chữ cùng màu với nền nên không thấy" if (lights[1] + 0.05) / (lights[0] + 0.05) < _CONTRAST else ""


def _light(color: str) -> float:
    """The relative luminance of a colour (WCAG 2)."""
    parts_ = (int(color[start : start + 2], 16) / 255 for start in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts_)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _listed(values: list[int] | list[str]) -> str:
    shown = ", ".join(map(str, values[:_MOST_NAMED]))
    return f"{shown} …" if len(values) > _MOST_NAMED else shown

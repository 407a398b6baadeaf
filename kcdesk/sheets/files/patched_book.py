"""Colours cells of a workbook of Open XML and writes comments beside them; everything else stays byte for byte.

Only the part of the sheet, the styles, the comments of the sheet and what names them are written anew. openpyxl would
lose pictures, drawings and what it does not know.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Sequence

from lxml import etree
from openpyxl.utils import column_index_from_string

from kcdesk.exchange.container.safe_zip import SafeArchive, UnsafeArchiveError, parse_xml
from kcdesk.exchange.container.xml_parts import written
from kcdesk.exchange.workbook.book_parts import BookParts, local_name
from kcdesk.sheets.files.comment_parts import SheetComments
from kcdesk.sheets.files.marked_cells import MarkedCell

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_AFTER_DRAWING = ("legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst")
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def patched_book(content: bytes, sheet: str, cells: Sequence[MarkedCell]) -> bytes:
    """The workbook with coloured cells; errors are those of `SafeArchive` and `BookParts`."""
    with SafeArchive(io.BytesIO(content)) as archive:
        archive.refuse_unsafe_parts()
        book = BookParts(archive)
        part = next(each.part for each in book.sheets if each.name == sheet)
        root = _parsed(archive, part)
        changed: dict[str, bytes] = {}
        if book.styles_part:
            styles = archive.xml(book.styles_part)
            _colour(root, _Fills(styles), cells)
            changed[book.styles_part] = written(styles)
        comments = SheetComments(archive, part)
        if relation := comments.write(cells, changed):
            _refer_to_drawing(root, relation)
        changed[part] = written(root)
        return _rewritten(archive, content, changed)


def _parsed(archive: SafeArchive, part: str) -> etree._Element:
    if part not in archive:
        raise UnsafeArchiveError(part)
    return parse_xml(archive.read(part))


def _rewritten(archive: SafeArchive, content: bytes, changed: dict[str, bytes]) -> bytes:
    """The zip with other contents of some parts; the others are copied as they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            if info.filename in changed:
                target.writestr(info.filename, changed[info.filename])
            else:
                target.writestr(info, source.read(info.filename), compress_type=info.compress_type)
        for name in changed.keys() - set(archive.infos):
            target.writestr(name, changed[name])
    return buffer.getvalue()


class _Fills:
    """Styles with a coloured background, each made from the style that a cell has."""

    def __init__(self, styles: etree._Element) -> None:
        self._fills = next(styles.iter("{*}fills"))
        self._styles = next(styles.iter("{*}cellXfs"))
        self._made: dict[tuple[int, str], int] = {}
        self._fill_numbers: dict[str, int] = {}

    def style(self, former: int, colour: str) -> int:
        """The number of the style that is like a former one, on a coloured ground."""
        if (former, colour) not in self._made:
            known = [each for each in self._styles if local_name(each) == "xf"]
            style = copy.deepcopy(known[former] if former < len(known) else known[0])
            style.set("fillId", str(self._fill(colour)))
            style.set("applyFill", "1")
            self._styles.append(style)
            self._styles.set("count", str(len(known) + 1))
            self._made[former, colour] = len(known)
        return self._made[former, colour]

    def _fill(self, colour: str) -> int:
        if colour not in self._fill_numbers:
            namespace = self._fills.tag.rpartition("}")[0] + "}"
            fill = etree.SubElement(self._fills, f"{namespace}fill")
            pattern = etree.SubElement(fill, f"{namespace}patternFill", patternType="solid")
            etree.SubElement(pattern, f"{namespace}fgColor", rgb=f"FF{colour}")
            etree.SubElement(pattern, f"{namespace}bgColor", indexed="64")
            number = sum(local_name(each) == "fill" for each in self._fills) - 1
            self._fills.set("count", str(number + 1))
            self._fill_numbers[colour] = number
        return self._fill_numbers[colour]


def _colour(root: etree._Element, fills: _Fills, cells: Sequence[MarkedCell]) -> None:
    wanted = {cell.place: cell.colour for cell in sorted(cells, key=lambda each: each.is_refused)}
    rows = {int(match[2]) for place in wanted if (match := _REFERENCE.fullmatch(place))}
    number = 0
    for row in root.iter("{*}row"):
        named = row.get("r", "")
        number = int(named) if named.isdecimal() else number + 1
        if number in rows:
            _colour_row(row, number, fills, wanted)


def _colour_row(row: etree._Element, number: int, fills: _Fills, wanted: dict[str, str]) -> None:
    column, present = 0, dict[int, etree._Element]()
    for cell in row:
        reference = _REFERENCE.fullmatch(cell.get("r", ""))
        column = column_index_from_string(reference[1]) if reference else column + 1
        present[column] = cell
    for place, colour in wanted.items():
        match = _REFERENCE.fullmatch(place)
        if match is None or int(match[2]) != number:
            continue
        column = column_index_from_string(match[1])
        cell = present.get(column)
        if cell is None:
            cell = _new_cell(row, place, column, present)
        former = cell.get("s", row.get("s", "0"))
        cell.set("s", str(fills.style(int(former) if former.isdecimal() else 0, colour)))


def _new_cell(row: etree._Element, place: str, column: int, present: dict[int, etree._Element]) -> etree._Element:
    """A blank cell at its place among those of the row."""
    cell = etree.Element(f"{row.tag.rpartition('}')[0]}}}c", r=place)
    row.insert(sum(other < column for other in present), cell)
    present[column] = cell
    return cell


def _refer_to_drawing(root: etree._Element, relation: str) -> None:
    """Let the sheet name the drawing of its comments, at the place that the format demands."""
    namespace = root.tag.rpartition("}")[0] + "}"
    for element in root.findall(f"{namespace}legacyDrawing"):
        root.remove(element)
    drawing = etree.Element(f"{namespace}legacyDrawing", nsmap={"r": _RELATIONS})
    drawing.set(f"{{{_RELATIONS}}}id", relation)
    for place, element in enumerate(root):
        if local_name(element) in _AFTER_DRAWING:
            root.insert(place, drawing)
            return
    root.append(drawing)

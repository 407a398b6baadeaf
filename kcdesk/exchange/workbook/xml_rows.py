"""Rows as XML, given to openpyxl's writer: five times faster than one cell object for each cell.

A package has a sheet for every kind of record that it holds, and one for each of their tables. So columns and headings
are written as XML too, and a sheet that fits into memory uses no temporary file.

Every cell has an explicit type, so that no text becomes a formula or an error value.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import date
from functools import lru_cache
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from lxml import etree
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import SHEET_MAIN_NS

from kcdesk import moments
from kcdesk.exchange.workbook.cells import TOO_BIG, to_cell, to_xml
from kcdesk.exchange.workbook.looks import LINE_HEIGHT, MAX_HEIGHT, lines_high
from kcdesk.formdef.types.base import Cell
from kcdesk.runtime.frozen import Value
from kcdesk.temporary import private_files

_DAY_ZERO = date(1899, 12, 30).toordinal()
_IN_MEMORY = 1 << 20  # bytes of one sheet
_SHORT = 40  # letters up to which a spelled text is remembered


class RowWriter(WorksheetWriter):  # type: ignore[misc]  # openpyxl has no types
    """Openpyxl's writer of a sheet, which also accepts rows as XML.

    `columns` are widths; a negative width hides the column.
    """

    def __init__(self, sheet: Any, columns: Sequence[float] = ()) -> None:
        self._spool = private_files.spool(_IN_MEMORY)  # closed by `cleanup`, as openpyxl asks
        self._columns = columns
        self.merged: list[str] = []  # openpyxl's own set has no order, and a package must be made again byte for byte
        self._rows: AbstractContextManager[Any] | None = None
        super().__init__(sheet, out="")  # without openpyxl's own temporary file

    def get_stream(self) -> Iterator[Any]:
        """The coroutine to which openpyxl sends the elements of the sheet; writes to a stream that also takes rows."""
        with (
            etree.xmlfile(self._spool) as self._xml,
            self._xml.element("worksheet", xmlns=SHEET_MAIN_NS),
            suppress(GeneratorExit),
        ):
            while True:
                element = yield
                if element is True:
                    yield self._xml
                elif element is not None:
                    self._xml.write(element)

    def write_cols(self) -> None:
        """Write the columns, before the rows."""
        if not self._columns:
            super().write_cols()
            return
        columns = etree.Element("cols")
        for number, width in enumerate(self._columns, 1):
            hidden = {"hidden": "1"} if width < 0 else {}
            place = {"min": str(number), "max": str(number)}
            etree.SubElement(columns, "col", **hidden, width=f"{abs(width):.16g}", customWidth="1", **place)
        self.xf.send(columns)

    def write_merged_cells(self) -> None:
        """Write the merged cells, in their order."""
        if not self.merged:
            return
        merged = etree.Element("mergeCells", count=str(len(self.merged)))
        for reference in self.merged:
            etree.SubElement(merged, "mergeCell", ref=reference)
        self.xf.send(merged)

    def begin_rows(self) -> None:
        """Begin rows given as XML; without this call, openpyxl writes its own rows."""
        self._rows = self.xf.send(True).element("sheetData")
        self._rows.__enter__()
        self._xml.flush()

    def write_xml(self, rows: str) -> None:
        """Write rows given as XML, after `begin_rows`."""
        self._spool.write(rows.encode())

    def write_rows(self) -> None:
        """End the rows; called by openpyxl when the sheet is closed."""
        if self._rows is None:
            super().write_rows()
            return
        self._rows.__exit__(None, None, None)
        self.xf.send(None)

    def copy_into(self, archive: zipfile.ZipFile, name: str) -> None:
        """Write the closed sheet as a part of a workbook."""
        part = zipfile.ZipInfo(name, moments.now().timetuple()[:6])
        part.compress_type, part.file_size = archive.compression, self._spool.tell()
        self._spool.seek(0)
        with archive.open(part, "w") as target:
            shutil.copyfileobj(self._spool, target)

    def cleanup(self) -> None:
        """Release the memory or the temporary file."""
        self._spool.close()


class _BookWriter(ExcelWriter):  # type: ignore[misc]  # openpyxl has no types
    """Openpyxl's writer of a workbook, for sheets that have a `RowWriter`."""

    def write_worksheet(self, ws: Any) -> None:
        """Write one sheet into the archive; as openpyxl's own method, but from the spool."""
        ws._drawing = None
        if not ws.closed:
            ws.close()
        ws._rels = ws._writer._rels
        ws._writer.copy_into(self._archive, ws.path[1:])
        self.manifest.append(ws)
        ws._writer.cleanup()


def begin(sheet: Any, widths: Sequence[float] = ()) -> RowWriter:
    """Write the beginning of a sheet, before its rows; a negative width hides the column."""
    writer = sheet._writer = RowWriter(sheet, widths)
    writer.write_top()
    return writer


def save(workbook: Workbook, file: BinaryIO, compression: int = zipfile.ZIP_DEFLATED) -> None:
    """Write a workbook whose sheets all have a `RowWriter`."""
    with zipfile.ZipFile(file, "w", compression) as archive:
        _BookWriter(workbook, archive).save()


class SpelledColumn(Value):
    """A column of a sheet: the place of its values in a row, openpyxl's style number, its width, whether text wraps.

    A width of 0 hides the column; text that does not wrap does not raise its row.
    """

    place: int
    style: int
    width: float
    wraps: bool


class RowSpeller:
    """Writes the rows of one sheet as XML; only the columns that are given have cells."""

    def __init__(self, columns: Sequence[SpelledColumn]) -> None:
        self._columns = [
            (
                column.place,
                f'<c r="{get_column_letter(number)}',
                f'" s="{column.style}',
                column.width,
                column.width if column.wraps else 0,
            )
            for number, column in enumerate(columns, 1)
        ]

    def row(self, number: int, values: Sequence[Cell]) -> str:
        """One row, as high as its longest text, because LibreOffice does not set the height itself."""
        spelled = []
        high = 1
        for place, start, style, width, wrapped in self._columns:
            value = values[place]
            if value is None:
                if width:  # a hidden empty cell needs no border
                    spelled.append(f'{start}{number}{style}"/>')
                continue
            if type(value) is int and -TOO_BIG < value < TOO_BIG:  # half of all cells
                spelled.append(f'{start}{number}{style}" t="n"><v>{value}</v></c>')
                continue
            is_short = type(value) is str and len(value) <= _SHORT
            shown, content = _short_text(value) if is_short else _spelled(value)
            if wrapped and (len(shown) > wrapped or "\n" in shown):
                high = max(high, lines_high(shown, wrapped))
            spelled.append(f"{start}{number}{style}{content}")
        height = f' ht="{min(MAX_HEIGHT, high * LINE_HEIGHT):g}" customHeight="1"' if high > 1 else ""
        return f'<row r="{number}"{height}>{"".join(spelled)}</row>'


def heading(number: int, labels: Sequence[str], styles: Sequence[int], *, lines: int = 1, hidden: bool = False) -> str:
    """A row with a text in every column, each in its style, in ASCII as openpyxl writes it; `lines` is its height."""
    attributes = ' hidden="1"' if hidden else ""
    if lines > 1:
        attributes += f' ht="{min(MAX_HEIGHT, lines * LINE_HEIGHT):g}" customHeight="1"'
    shown = (to_cell(label) for label in labels)
    cells = "".join(
        f'<c r="{get_column_letter(place)}{number}" s="{style}" t="inlineStr"><is>{_text(str(text))}</is></c>'
        for place, (text, style) in enumerate(zip(shown, styles, strict=True), 1)
    )
    return f'<row r="{number}"{attributes}>{cells}</row>'.encode("ascii", "xmlcharrefreplace").decode()


def _spelled(value: Cell) -> tuple[str, str]:
    """The text that a cell shows ("" for a number), and its XML after the number of its style."""
    shown = to_cell(value)
    if not isinstance(shown, str):
        return "", f'" t="n"><v>{_number(shown)}</v></c>'
    return shown, f'" t="inlineStr"><is>{_text(shown)}</is></c>' if shown else '" t="inlineStr"/>'


_short_text = lru_cache(maxsize=10_000)(_spelled)  # many cells of a package are alike


def _text(shown: str) -> str:
    space = ' xml:space="preserve"' if shown[0].isspace() or shown[-1].isspace() else ""
    return f"<t{space}>{escape(to_xml(shown))}</t>"


def _number(shown: Cell) -> str:
    return str(shown.toordinal() - _DAY_ZERO) if isinstance(shown, date) else repr(shown)

"""Rows of many cells, spelled as XML and handed to openpyxl's writer: a cell object for each costs five times as much.

A package has a sheet for every kind of record, most of them without a row: columns and headings are spelled too, and a
sheet that fits into memory has no temporary file.

Every cell carries its type: text is never a formula or an error value, whatever it begins with.
"""

from __future__ import annotations

import math
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import date, datetime
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from lxml import etree
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import SHEET_MAIN_NS

from kcdesk.exchange.workbook.cells import to_cell, to_xml
from kcdesk.formdef.types.base import Cell

LINE_HEIGHT = 15.0  # points, at the body's size
MAX_HEIGHT = 409.0  # points: Excel's limit for a row
_DAY_ZERO = date(1899, 12, 30).toordinal()
_IN_MEMORY = 1 << 20  # bytes of one sheet


class RowWriter(WorksheetWriter):  # type: ignore[misc]  # openpyxl has no types
    """Openpyxl's writer of a sheet, which also takes rows that are XML already.

    `columns` are widths, negative ones of hidden columns.
    """

    def __init__(self, sheet: Any, columns: Sequence[float] = ()) -> None:
        self._spool = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by `cleanup`, as openpyxl asks
        self._columns = columns
        self._rows: AbstractContextManager[Any] | None = None
        super().__init__(sheet, out="")  # no file of openpyxl's own

    def get_stream(self) -> Iterator[Any]:
        """What openpyxl sends the elements of the sheet to; as its own, but into a stream that rows can go to."""
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
        """The columns, before the rows."""
        if not self._columns:
            super().write_cols()
            return
        columns = etree.Element("cols")
        for number, width in enumerate(self._columns, 1):
            hidden = {"hidden": "1"} if width < 0 else {}
            place = {"min": str(number), "max": str(number)}
            etree.SubElement(columns, "col", **hidden, width=f"{abs(width):.16g}", customWidth="1", **place)
        self.xf.send(columns)

    def begin_rows(self) -> None:
        """Rows follow that are XML already; without this, openpyxl writes its own."""
        self._rows = self.xf.send(True).element("sheetData")
        self._rows.__enter__()
        self._xml.flush()

    def write_xml(self, rows: str) -> None:
        """Rows, after `begin_rows`."""
        self._spool.write(rows.encode())

    def write_rows(self) -> None:
        """End the rows; openpyxl asks for this when the sheet is closed."""
        if self._rows is None:
            super().write_rows()
            return
        self._rows.__exit__(None, None, None)
        self.xf.send(None)

    def copy_into(self, archive: zipfile.ZipFile, name: str) -> None:
        """The closed sheet as a part of a workbook."""
        part = zipfile.ZipInfo(name, datetime.now().astimezone().timetuple()[:6])
        part.compress_type, part.file_size = archive.compression, self._spool.tell()
        self._spool.seek(0)
        with archive.open(part, "w") as target:
            shutil.copyfileobj(self._spool, target)

    def cleanup(self) -> None:
        """Let the memory or the temporary file go."""
        self._spool.close()


class _BookWriter(ExcelWriter):  # type: ignore[misc]  # openpyxl has no types
    """Openpyxl's writer of a workbook, for sheets that have a `RowWriter`."""

    def write_worksheet(self, ws: Any) -> None:
        """One sheet into the archive; as openpyxl's own, but from the spool."""
        ws._drawing = None
        if not ws.closed:
            ws.close()
        ws._rels = ws._writer._rels
        ws._writer.copy_into(self._archive, ws.path[1:])
        self.manifest.append(ws)
        ws._writer.cleanup()


def begin(sheet: Any, widths: Sequence[float] = ()) -> RowWriter:
    """Write what stands before the rows of a sheet; columns of a negative width are hidden."""
    writer = sheet._writer = RowWriter(sheet, widths)
    writer.write_top()
    return writer


def save(workbook: Workbook, file: BinaryIO, compression: int = zipfile.ZIP_DEFLATED) -> None:
    """Write a workbook of which every sheet has a `RowWriter`."""
    with zipfile.ZipFile(file, "w", compression) as archive:
        _BookWriter(workbook, archive).save()


class RowSpeller:
    """Spells the rows of one sheet.

    `styles` are openpyxl's style numbers, `widths` 0 for a hidden column; a column that is not `used` has nothing to
    show in any row: a form has some hundred fields, a dossier a few of them.
    """

    def __init__(self, styles: Sequence[int], widths: Sequence[float], used: Sequence[bool]) -> None:
        self._columns = [
            (place, f'<c r="{get_column_letter(place + 1)}', f'" s="{style}', width)
            for place, (style, width, is_used) in enumerate(zip(styles, widths, used, strict=True))
            if is_used
        ]

    def row(self, number: int, values: Sequence[Cell]) -> str:
        """One row, as high as its longest text: LibreOffice does not look for itself."""
        spelled = []
        high = 1
        for place, start, style, width in self._columns:
            value = values[place]
            if value is None:
                if width:  # a hidden cell that is empty needs no frame
                    spelled.append(f'{start}{number}{style}"/>')
                continue
            shown = to_cell(value)
            if isinstance(shown, str):
                if not shown:
                    spelled.append(f'{start}{number}{style}" t="inlineStr"/>')
                    continue
                if width and (len(shown) > width or "\n" in shown):
                    high = max(high, lines_high(shown, width))
                spelled.append(f'{start}{number}{style}" t="inlineStr"><is>{_text(shown)}</is></c>')
            else:
                spelled.append(f'{start}{number}{style}" t="n"><v>{_number(shown)}</v></c>')
        height = f' ht="{min(MAX_HEIGHT, high * LINE_HEIGHT):g}" customHeight="1"' if high > 1 else ""
        return f'<row r="{number}"{height}>{"".join(spelled)}</row>'


def heading(number: int, labels: Sequence[str], style: int, *, lines: int = 1, hidden: bool = False) -> str:
    """A row of one style that has a text in every column, spelled as openpyxl spells it, in ASCII; `lines` high."""
    attributes = ' hidden="1"' if hidden else ""
    if lines > 1:
        attributes += f' ht="{min(MAX_HEIGHT, lines * LINE_HEIGHT):g}" customHeight="1"'
    shown = (to_cell(label) for label in labels)
    cells = "".join(
        f'<c r="{get_column_letter(place)}{number}" s="{style}" t="inlineStr"><is>{_text(str(text))}</is></c>'
        for place, text in enumerate(shown, 1)
    )
    return f'<row r="{number}"{attributes}>{cells}</row>'.encode("ascii", "xmlcharrefreplace").decode()


def lines_high(value: Cell, width: float) -> int:
    """How many lines a value takes in a column."""
    if not isinstance(value, str):
        return 1
    return sum(max(1, math.ceil(len(line) / width)) for line in value.split("\n"))


def _text(shown: str) -> str:
    space = ' xml:space="preserve"' if shown[0].isspace() or shown[-1].isspace() else ""
    return f"<t{space}>{escape(to_xml(shown))}</t>"


def _number(shown: Cell) -> str:
    return str(shown.toordinal() - _DAY_ZERO) if isinstance(shown, date) else repr(shown)

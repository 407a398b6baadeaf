"""Rows of many cells, spelled as XML and handed to openpyxl's writer: a cell object for each costs five times as much.

Every cell carries its type: text is never a formula or an error value, whatever it begins with.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.xml.constants import SHEET_MAIN_NS

from kcdesk.exchange.workbook.cells import to_cell, to_xml
from kcdesk.formdef.types.base import Cell

LINE_HEIGHT = 15.0  # points, at the body's size
MAX_HEIGHT = 409.0  # points: Excel's limit for a row
_DAY_ZERO = date(1899, 12, 30).toordinal()


class RowWriter(WorksheetWriter):  # type: ignore[misc]
    """Openpyxl's writer of a sheet, which also takes rows that are XML already."""

    def get_stream(self) -> Iterator[Any]:
        """What openpyxl sends the elements of the sheet to; as its own, but into a stream that rows can go to."""
        with (
            Path(self.out).open("wb") as self._stream,
            etree.xmlfile(self._stream) as self._xml,
            self._xml.element("worksheet", xmlns=SHEET_MAIN_NS),
            suppress(GeneratorExit),
        ):
            while True:
                element = yield
                if element is True:
                    yield self._xml
                elif element is not None:
                    self._xml.write(element)

    def write_xml(self, rows: str) -> None:
        """Rows, after at least one that openpyxl has written."""
        self._xml.flush()
        self._stream.write(rows.encode())


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

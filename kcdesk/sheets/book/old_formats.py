"""Reads .xls and .xlsb by the library calamine, with what it leaves out: hidden rows and formats of old Excel."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine
from olefile import OleFileIO
from openpyxl.styles.numbers import BUILTIN_FORMATS

from kcdesk.sheets.book.book_formats import LOCKED, OLD_EXCEL, damaged
from kcdesk.sheets.book.counting import CellCount
from kcdesk.sheets.book.foreign_book import ERROR, FORMAT, MOMENT, MOST_HIDDEN

_HEAD = struct.Struct("<HH")
_BEGIN, _END, _BOUND, _ROW, _COLUMN = 0x0809, 0x000A, 0x0085, 0x0208, 0x007D
_FORMAT, _XF, _FILTERED = 0x041E, 0x00E0, 0x009B
_NUMBER, _RK, _MANY_RK = 0x0203, 0x027E, 0x00BD
_FORMULA, _TRUTH_OR_ERROR = 0x0006, 0x0205
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_LOCKED, _OTHER_BOOK, _THIS_BOOK = 0x002F, 0x01AE, b"\x01\x04"  # a password; where formulas take values from
_MOST_RECORDS = 3_000_000


def read_old(content: bytes, book_format: str) -> dict[str, Any]:
    """The sheets of an old or binary workbook, as plain values; UserError `sheet_locked`, `bad_sheet`."""
    stream = _stream(content) if book_format == OLD_EXCEL else b""
    if any(kind == _LOCKED for kind, _ in _globals_of(stream)):
        raise LOCKED
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        count = CellCount()
        sheets = [_sheet(book, meta, count) for meta in book.sheets_metadata if _has_cells(meta)]
    except python_calamine.PasswordError as error:
        raise LOCKED from error
    except python_calamine.CalamineError as error:
        if "assword" in str(error):
            raise LOCKED from error
        raise damaged() from error
    if stream:
        _add_hidden(stream, sheets)
    return {"sheets": sheets, "links": _has_links(stream)}


def _has_cells(meta: python_calamine.SheetMetadata) -> bool:
    return meta.typ == python_calamine.SheetTypeEnum.WorkSheet


def _sheet(
    book: python_calamine.CalamineWorkbook, meta: python_calamine.SheetMetadata, count: CellCount
) -> dict[str, Any]:
    count.begin_sheet()
    sheet = book.get_sheet_by_name(meta.name)
    rows: list[tuple[int, list[Any]]] = []
    if sheet.start is not None:
        top, left = sheet.start
        for number, values in enumerate(sheet.to_python(), top + 1):
            cells = [cell for at, value in enumerate(values, left + 1) if (cell := plain_cell(at, value))]
            if cells:
                count.add_row(cells)
                rows.append((number, cells))
    merged = [
        (top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in (sheet.merged_cell_ranges or ())
    ]
    for _, left, _, right in merged:
        count.add_merged(right - left)
    hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
    return {"name": meta.name, "rows": rows, "merged": merged, "hidden": hidden}


def plain_cell(column: int, value: Any) -> list[Any] | None:
    """A cell as the worker sends it; None for a blank one."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, str) and value.startswith("#") and value.rstrip("!?").isupper() and len(value) < 9:
        return [column, None, {ERROR: value}]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return [column, int(value)]
    if isinstance(value, timedelta):
        return [column, str(value)]
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, datetime | date | time):
        return [column, value.isoformat(), {MOMENT: type(value).__name__}]
    return [column, value]


def _stream(content: bytes) -> bytes:
    """The records of a workbook of Excel 97–2003; empty if its container cannot be read."""
    try:
        with OleFileIO(io.BytesIO(content)) as container:
            container.loadminifat()
            if any(map(_is_circular, (container.fat, container.minifat))):
                raise damaged()  # the other library would follow the sectors for ever
            name = next(name for name in ("Workbook", "Book") if container.exists(name))
            return bytes(container.openstream(name).read())
    except (OSError, StopIteration, struct.error, IndexError, ValueError):
        return b""


def _is_circular(following: Sequence[int]) -> bool:
    """Whether the sectors of a container, each with the one that follows it, lead back to where they began."""
    seen = bytearray(len(following))  # 1 in the present chain, 2 in one that has ended
    for first in range(len(following)):
        chain, sector = [], first
        while sector < len(following) and not seen[sector]:
            seen[sector] = 1
            chain.append(sector)
            sector = following[sector]
        if sector < len(following) and seen[sector] == 1:
            return True
        for passed in chain:
            seen[passed] = 2
    return False


def _globals_of(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """The records about the whole workbook, as far as they can be read."""
    try:
        yield from _records(stream, 0)
    except struct.error:
        return


def _has_links(stream: bytes) -> bool:
    """Whether formulas take values from other workbooks."""
    return any(kind == _OTHER_BOOK and body[2:4] != _THIS_BOOK for kind, body in _globals_of(stream))


def _add_hidden(stream: bytes, sheets: list[dict[str, Any]]) -> None:
    """Note hidden rows and columns, filters and number formats, by the records of Excel 97–2003."""
    by_name = {sheet["name"]: sheet for sheet in sheets}
    try:
        starts, formats = _globals(stream)
        for start, title in starts:
            if title in by_name:
                _note_sheet(stream, start, by_name[title], formats)
    except (struct.error, IndexError, ValueError):
        return  # what cannot be seen is not hidden: the values were read


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place to the end of its part."""
    place, depth = start, 0
    for _ in range(_MOST_RECORDS):
        kind, size = _HEAD.unpack_from(stream, place)
        body = stream[place + 4 : place + 4 + size]
        place += 4 + size
        depth += (kind == _BEGIN) - (kind == _END)
        yield kind, body
        if depth <= 0:
            return


def _globals(stream: bytes) -> tuple[list[tuple[int, str]], list[str]]:
    """Where each sheet begins, with its name, and the number format of each style."""
    starts, own, styles = [], dict[int, str](), []
    for kind, body in _records(stream, 0):
        if kind == _BOUND:
            is_wide = body[7] & 1
            raw = body[8 : 8 + body[6] * (2 if is_wide else 1)]
            starts.append((struct.unpack_from("<I", body)[0], raw.decode("utf-16-le" if is_wide else "latin-1")))
        elif kind == _FORMAT:
            number, length, is_wide = struct.unpack_from("<HHB", body)
            raw = body[5 : 5 + length * (2 if is_wide & 1 else 1)]
            own[number] = raw.decode("utf-16-le" if is_wide & 1 else "latin-1")
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
    return starts, [own.get(number) or str(BUILTIN_FORMATS.get(number, "General")) for number in styles]


def _note_sheet(stream: bytes, start: int, sheet: dict[str, Any], formats: list[str]) -> None:
    hidden, columns = list[int](), list[int]()
    styles: dict[tuple[int, int], int] = {}
    errors: dict[tuple[int, int], str] = {}
    for kind, body in _records(stream, start):
        if kind == _ROW and struct.unpack_from("<H", body, 12)[0] & 0x20:
            hidden.append(struct.unpack_from("<H", body)[0] + 1)
        elif kind == _COLUMN and struct.unpack_from("<H", body, 8)[0] & 1 and len(columns) < MOST_HIDDEN:
            first, last = struct.unpack_from("<HH", body)
            columns.extend(range(first + 1, min(last, first + 500) + 2))
        elif kind == _FILTERED:
            sheet["filtered"] = True
        elif kind in (_FORMULA, _TRUTH_OR_ERROR) and (error := _error(kind, body)):
            row, column = struct.unpack_from("<HH", body)
            errors[row + 1, column + 1] = error
        elif kind in (_NUMBER, _RK):
            row, column, style = struct.unpack_from("<HHH", body)
            styles[row + 1, column + 1] = style
        elif kind == _MANY_RK:
            row, column = struct.unpack_from("<HH", body)
            for at in range((len(body) - 6) // 6):
                styles[row + 1, column + 1 + at] = struct.unpack_from("<H", body, 4 + 6 * at)[0]
    _note_errors(sheet, errors)
    filled = {number for number, _ in sheet["rows"]}
    sheet["hidden_rows"] = [number for number in hidden if number in filled]
    sheet["hidden_columns"] = columns
    _note_formats(sheet, styles, formats)


def _error(kind: int, body: bytes) -> str:
    """The error that a cell holds, or that its formula gave; "" for a value."""
    if kind == _TRUTH_OR_ERROR:
        return _ERRORS.get(body[6], "#N/A") if body[7] else ""
    return _ERRORS.get(body[8], "#N/A") if body[6] == 2 and body[12:14] == b"\xff\xff" else ""


def _note_errors(sheet: dict[str, Any], errors: dict[tuple[int, int], str]) -> None:
    """Add the cells with errors, which the library leaves blank."""
    rows = dict(sheet["rows"])
    for (number, column), error in errors.items():
        cells = [cell for cell in rows.get(number, []) if cell[0] != column]
        rows[number] = sorted([*cells, [column, None, {ERROR: error}]], key=lambda cell: int(cell[0]))
    sheet["rows"] = sorted(rows.items())


def _note_formats(sheet: dict[str, Any], styles: dict[tuple[int, int], int], formats: list[str]) -> None:
    named = list(dict.fromkeys(formats))
    sheet["formats"] = named
    for number, cells in sheet["rows"]:
        for cell in cells:
            style = styles.get((number, cell[0]))
            if style is not None and style < len(formats) and formats[style] != "General":
                more = cell[2] if len(cell) > 2 else {}
                cell[2:] = [more | {FORMAT: named.index(formats[style])}]

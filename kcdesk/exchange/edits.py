"""Edits of a sent package that returns from Excel or LibreOffice: each changed cell is accepted or refused.

The sender has kept the records that it sent, so only the cells of the returned file are read.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties

from kcdesk import placing
from kcdesk.errors import UserError
from kcdesk.exchange.compare import HEAD_ROWS, MAX_COLUMNS, Difference, differences, machine_names
from kcdesk.exchange.container.entries import RecordEntry
from kcdesk.exchange.workbook.cells import sheet_names, to_cell
from kcdesk.exchange.workbook.sheets import FILES_SHEET, TITLE, Content
from kcdesk.exchange.workbook.titles import titles
from kcdesk.formdef import record_values
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.base import Cell, ReadCell, ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.values import Unreadable, is_blank
from kcdesk.store.handover.merging import written
from kcdesk.store.reader import Reader

_WRITTEN_BY_US = ("id", "record", "form", "state", "revision", "deleted", "path", "field", "sha256", "size", "mime")
_GOOD, _BAD = PatternFill("solid", start_color="C6EFCE"), PatternFill("solid", start_color="FFC7CE")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_AUTHOR = "kcdesk"
_RESULTS = "Kết quả xem"
_ERRORS = frozenset(("#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#N/A", "#NUM!", "#NULL!"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One changed cell; `value` is the value to store (None: emptied), `reason` why it is refused ("" if accepted)."""

    sheet: str
    record: str
    kind: str
    path: str
    shown: ReadCell
    was: Cell
    value: Any = None
    reason: str = ""


def edits(reader: Reader, workbook: BinaryIO, entries: Sequence[RecordEntry], receiver_level: str) -> list[Edit]:
    """The changes in the sheets of a package, compared with the records that were sent."""
    content = Content(reader.forms, entries, titles(reader, entries), receiver_level)
    sent = {entry.id: entry for entry in entries}
    candidates = (
        _edit(reader, sent, _with_own_name(reader, sent, difference), receiver_level)
        for difference in differences(workbook, content)
    )
    return [edit for edit in candidates if edit is not None]


def _with_own_name(reader: Reader, sent: dict[str, RecordEntry], difference: Difference) -> Difference:
    """The difference with the path that the version of the record uses; columns of a sheet have newest names."""
    entry = sent.get(difference.record)
    if entry is None or not difference.path:
        return difference
    form = reader.forms.by_reference(entry.form)
    return replace(difference, path=reader.forms.renames(form.id).own(form, difference.path))


def _edit(reader: Reader, sent: dict[str, RecordEntry], difference: Difference, receiver_level: str) -> Edit | None:
    value, reason = None, _whole_reason(difference)
    if not reason:
        try:
            record = reader.record(difference.record)
            value = _read(record, difference)
            if value == record_values.value_at(sent[difference.record].data, difference.path):
                return None  # the same value in another spelling: an amount with dots, a date as text
            reason = _reason(reader, record, sent[difference.record], difference.path, receiver_level)
        except UserError as error:
            reason = error.message
    return Edit(
        sheet=difference.sheet,
        record=difference.record,
        kind=difference.kind,
        path=difference.path,
        shown=difference.shown,
        was=difference.recorded,
        value=value,
        reason=reason,
    )


def _whole_reason(difference: Difference) -> str:
    """Why a row, a column, a sheet or a cell of the program cannot be changed in the workbook; "" for other cells."""
    column, shown = difference.path.rpartition("/")[2], difference.shown
    if not difference.path:
        return _row_reason(difference)
    if not difference.record:
        return f"Cột «{difference.recorded}» không còn trong trang này; các ô của cột trong kho giữ nguyên."
    if column.endswith(TITLE) or column in _WRITTEN_BY_US or difference.sheet.startswith(FILES_SHEET):
        return "Cột này do chương trình ghi, không sửa trong bảng tính."
    if isinstance(shown, str) and shown.startswith("="):
        return "Ô này là công thức; hãy chép rồi dán lại thành giá trị."
    return "Ô này báo lỗi công thức; hãy nhập lại giá trị." if shown in _ERRORS else ""


def _row_reason(difference: Difference) -> str:
    if difference.shown is None:
        if difference.record:
            return "Dòng này đã bị bỏ khỏi bảng; hồ sơ trong kho giữ nguyên."
        return "Trang này đã bị xoá, đổi tên hoặc mất dòng tên cột (dòng ẩn thứ hai); các hồ sơ trong kho giữ nguyên."
    if difference.recorded is not None:
        return "Dòng này có nhiều lần trong bảng nên không biết dòng nào đúng; hãy chỉ giữ một dòng."
    return "Dòng này không có trong gói đã gửi; hồ sơ mới hãy nhập trong chương trình."


def _read(record: Record, difference: Difference) -> Any:
    field = record.field(difference.path)
    if field.computed:
        raise ValueProblem("Ô này được tính tự động.")
    return type_of(field).from_cell(difference.shown, field, record.forms)


def _reason(reader: Reader, record: Record, sent: RecordEntry, path: str, receiver_level: str) -> str:
    """Why a readable value is refused; "" if it is accepted."""
    shape = reader.shapes.of(record.form.reference)
    owned = shape.is_owned(path)
    if owned and receiver_level != "province":
        return "Ô này do cấp tỉnh quyết định; chỉ nhận từ gói mang chữ ký của tỉnh."
    if record.deleted:
        return "Hồ sơ này đã bị xoá trong kho."
    if _stamp(reader, record.id, path) != _sent_stamp(reader, sent, path):
        return "Ô này đã được sửa trong kho sau khi gửi gói; hãy xem và sửa tay nếu cần."
    workflow = reader.forms.workflow(record.kind)
    if not record.is_editable(path, workflow, "province" if owned else reader.identity.unit.level):
        return f"Hồ sơ đang ở trạng thái «{workflow.state(record.state).label}» nên ô này không sửa được."
    return ""


def _stamp(reader: Reader, id_: str, path: str) -> str:
    state = reader.merging.state(reader.get(id_))
    shape = reader.shapes.of(state.form) if state else None
    return next((at for other, at, _ in written(state, shape) if other == path), "") if state and shape else ""


def _sent_stamp(reader: Reader, sent: RecordEntry, path: str) -> str:
    writes = written(sent.incoming().state, reader.shapes.of(sent.form))
    return next((at for other, at, _ in writes if other == path), "")


def write_checked(
    workbook: BinaryIO, checked: Sequence[Edit], path: Path, titles_of: Callable[[Edit], tuple[str, str]]
) -> None:
    """Write a copy of the workbook in which every changed cell is coloured and has a comment with the result.

    A first sheet lists all edits, also those of missing rows and columns, which have no cell. `titles_of` gives the
    title of the record and the label of the field.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of extensions that other programs write
        book = load_workbook(workbook)
    for sheet in book.worksheets:
        _colour(sheet, [edit for edit in checked if edit.sheet == sheet.title])
    _list(book, checked, titles_of)
    placing.place(path, fill=book.save, verify=lambda _: None)


def _colour(sheet: Any, checked: Sequence[Edit]) -> None:
    if not checked:
        return
    places = _CellFinder(sheet)
    for edit in checked:
        for cell in places.cells(edit):
            cell.fill = _BAD if edit.reason else _GOOD
            was = "" if is_blank(edit.was) else f" Trong gói đã gửi: {to_cell(edit.was)}."
            cell.comment = Comment((edit.reason or "Nhận được.") + was, _AUTHOR)


def _list(book: Any, checked: Sequence[Edit], titles_of: Callable[[Edit], tuple[str, str]]) -> None:
    """Add the first sheet: every edit and its result."""
    sheet = book.create_sheet(sheet_names([*book.sheetnames, _RESULTS])[-1], 0)
    sheet.append(["Trang", "Hồ sơ", "Ô", "Trong gói đã gửi", "Nay là", "Kết quả"])
    for edit in checked:
        shown = (edit.sheet, *titles_of(edit), edit.was, edit.shown, edit.reason or "Nhận được.")
        sheet.append(["" if value is None else _as_text(value) for value in shown])
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"  # a typed formula is shown as text, not calculated
            cell.fill = _BAD if edit.reason else _GOOD
            cell.alignment = _WRAPPED
    for letter, width in zip("ABCDEF", (22, 38, 34, 30, 30, 70), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.active = 0


def _as_text(value: ReadCell) -> str:
    return str(value if isinstance(value, time | timedelta | Unreadable) else to_cell(value))


class _CellFinder:
    """Finds the cells of a sheet by the machine names of columns and the ids of rows, in any order."""

    def __init__(self, sheet: Any) -> None:
        rows = sheet.iter_rows(max_col=MAX_COLUMNS)
        names = (machine_names([cell.value for cell in row]) for row in islice(rows, HEAD_ROWS))
        self._columns = {name: place for place, name in enumerate(next(filter(None, names), [])) if name}
        self._rows: dict[tuple[str, ...], list[Any]] = {}
        for row in rows if self._columns else ():
            key = tuple(str(row[self._columns[name]].value) for name in ("record", "id") if name in self._columns)
            self._rows.setdefault(key, []).append(row)

    def cells(self, edit: Edit) -> list[Any]:
        """The cells of an edit: for a whole row its first cell, for a missing row or column none."""
        parts = edit.path.split("/")
        id_ = parts[1] if len(parts) == 3 else str(edit.shown if not edit.path else edit.record)
        key = (edit.record, id_) if "record" in self._columns else (id_,)
        place = self._columns.get(parts[-1], 0) if edit.path else 0
        return [row[place] for row in self._rows.get(key, ())] if edit.record else []

"""A sent package that comes back from Excel or LibreOffice: each changed cell as a proposal, or refused and why.

What was sent is kept by the sender: nothing here relies on what the other program has left in the file but the cells.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
from kcdesk.exchange.container.entries import Entry
from kcdesk.exchange.workbook.cells import sheet_names, to_cell
from kcdesk.exchange.workbook.sheets import FILES_SHEET, TITLE, Content
from kcdesk.exchange.workbook.titles import titles
from kcdesk.formdef import record_values
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.base import Cell, ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.values import is_blank
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
    """One changed cell; `value` is what it would store (None: emptied), `reason` why it is refused ("" when not)."""

    sheet: str
    record: str
    kind: str
    path: str
    shown: Cell
    was: Cell
    value: Any = None
    reason: str = ""


def edits(reader: Reader, workbook: BinaryIO, entries: Sequence[Entry], receiver_level: str) -> list[Edit]:
    """What somebody changed in the sheets of a package against the records that were sent."""
    content = Content(reader.forms, entries, titles(reader, entries), receiver_level)
    sent = {entry.id: entry for entry in entries}
    found = (
        _edit(reader, sent, _in_own_words(reader, sent, difference), receiver_level)
        for difference in differences(workbook, content)
    )
    return [edit for edit in found if edit is not None]


def _in_own_words(reader: Reader, sent: dict[str, Entry], difference: Difference) -> Difference:
    """The path as the version of the record calls it: the columns of a sheet have the newest names."""
    entry = sent.get(difference.record)
    if entry is None or not difference.path:
        return difference
    form = reader.forms.by_reference(entry.form)
    return replace(difference, path=reader.forms.renames(form.id).own(form, difference.path))


def _edit(reader: Reader, sent: dict[str, Entry], difference: Difference, receiver_level: str) -> Edit | None:
    value, reason = None, _whole_reason(difference)
    if not reason:
        try:
            record = reader.record(difference.record)
            value = _read(record, difference)
            if value == record_values.read(sent[difference.record].data, difference.path):
                return None  # the same, written another way: an amount with dots, a date as text
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
    """Why a row, a column, a sheet or a cell that is not for people cannot be changed here; "" for any other cell."""
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


def _reason(reader: Reader, record: Record, sent: Entry, path: str, receiver_level: str) -> str:
    """Why a readable value cannot be taken in; "" when it can."""
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


def _sent_stamp(reader: Reader, sent: Entry, path: str) -> str:
    found = written(sent.incoming().state, reader.shapes.of(sent.form))
    return next((at for other, at, _ in found if other == path), "")


def write_checked(
    workbook: BinaryIO, found: Sequence[Edit], path: Path, named: Callable[[Edit], tuple[str, str]]
) -> None:
    """A copy of the sheets in which every changed cell is coloured and every refused one says why.

    What has no cell any more (a row or a column that is gone) is said on a sheet of its own with all the others, where
    `named` gives the title of the record and the label of the field.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's remarks on what other programs have left in the file
        book = load_workbook(workbook)
    for sheet in book.worksheets:
        _colour(sheet, [edit for edit in found if edit.sheet == sheet.title])
    _list(book, found, named)
    placing.place(path, fill=book.save, verify=lambda _: None)


def _colour(sheet: Any, found: Sequence[Edit]) -> None:
    if not found:
        return
    places = _Places(sheet)
    for edit in found:
        for cell in places.cells(edit):
            cell.fill = _BAD if edit.reason else _GOOD
            was = "" if is_blank(edit.was) else f" Trong gói đã gửi: {to_cell(edit.was)}."
            cell.comment = Comment((edit.reason or "Nhận được.") + was, _AUTHOR)


def _list(book: Any, found: Sequence[Edit], named: Callable[[Edit], tuple[str, str]]) -> None:
    """Every change and what became of it, as the first sheet."""
    sheet = book.create_sheet(sheet_names([*book.sheetnames, _RESULTS])[-1], 0)
    sheet.append(["Trang", "Hồ sơ", "Ô", "Trong gói đã gửi", "Nay là", "Kết quả"])
    for edit in found:
        shown = (edit.sheet, *named(edit), edit.was, edit.shown, edit.reason or "Nhận được.")
        sheet.append(["" if value is None else str(to_cell(value)) for value in shown])
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"  # a formula that was typed is shown, not reckoned
            cell.fill = _BAD if edit.reason else _GOOD
            cell.alignment = _WRAPPED
    for letter, width in zip("ABCDEF", (22, 38, 34, 30, 30, 70), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.active = 0


class _Places:
    """Where the cells of a sheet are: by the machine names of columns and the ids of rows, wherever they went."""

    def __init__(self, sheet: Any) -> None:
        rows = sheet.iter_rows(max_col=MAX_COLUMNS)
        names = (machine_names([cell.value for cell in row]) for row in islice(rows, HEAD_ROWS))
        self._columns = {name: place for place, name in enumerate(next(filter(None, names), [])) if name}
        self._rows: dict[tuple[str, ...], list[Any]] = {}
        for row in rows if self._columns else ():
            key = tuple(str(row[self._columns[name]].value) for name in ("record", "id") if name in self._columns)
            self._rows.setdefault(key, []).append(row)

    def cells(self, edit: Edit) -> list[Any]:
        """The cells of an edit; the first of each row for a whole one, none for what is gone."""
        parts = edit.path.split("/")
        id_ = parts[1] if len(parts) == 3 else str(edit.shown if not edit.path else edit.record)
        key = (edit.record, id_) if "record" in self._columns else (id_,)
        place = self._columns.get(parts[-1], 0) if edit.path else 0
        return [row[place] for row in self._rows.get(key, ())] if edit.record else []

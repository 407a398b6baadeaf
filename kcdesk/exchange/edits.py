"""A sent package that comes back from Excel or LibreOffice: each changed cell as a proposal, or refused and why.

What was sent is kept by the sender: nothing here relies on what the other program has left in the file but the cells.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from kcdesk.errors import UserError
from kcdesk.exchange import placing
from kcdesk.exchange.cells import to_cell
from kcdesk.exchange.compare import Difference, differences
from kcdesk.exchange.entries import Entry
from kcdesk.exchange.sheets import FILES_SHEET, TITLE, Content
from kcdesk.exchange.titles import titles
from kcdesk.formdef.record import Record
from kcdesk.formdef.types import Cell, ValueProblem, is_blank, type_of
from kcdesk.store import document
from kcdesk.store.merging import written
from kcdesk.store.reader import Reader

_WRITTEN_BY_US = ("id", "record", "form", "state", "revision", "deleted", "path", "field", "sha256", "size", "mime")
_GOOD, _BAD = PatternFill("solid", start_color="C6EFCE"), PatternFill("solid", start_color="FFC7CE")
_AUTHOR = "kcdesk"


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
    found = (_edit(reader, sent, difference, receiver_level) for difference in differences(workbook, content))
    return [edit for edit in found if edit is not None]


def _edit(reader: Reader, sent: dict[str, Entry], difference: Difference, receiver_level: str) -> Edit | None:
    value, reason = None, _whole_reason(difference)
    if not reason:
        try:
            record = reader.record(difference.record)
            value = _read(record, difference)
            if value == document.read(sent[difference.record].data, difference.path):
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
    """Why a row, a sheet or a cell that the program writes itself cannot be changed here; "" for any other cell."""
    column = difference.path.rpartition("/")[2]
    if not difference.path:
        if not difference.record and difference.shown is None:
            return "Trang này đã bị xoá hoặc đổi tên; các hồ sơ trong kho giữ nguyên."
        if difference.shown is None:
            return "Dòng này đã bị bỏ khỏi bảng; hồ sơ trong kho giữ nguyên."
        return "Dòng này không có trong gói đã gửi; hồ sơ mới hãy nhập trong chương trình."
    if column.endswith(TITLE) or column in _WRITTEN_BY_US or difference.sheet.startswith(FILES_SHEET):
        return "Cột này do chương trình ghi, không sửa trong bảng tính."
    return ""


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


def write_checked(workbook: BinaryIO, found: Iterable[Edit], path: Path) -> None:
    """A copy of the sheets in which every changed cell is coloured and every refused one says why."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's remarks on what other programs have left in the file
        book = load_workbook(workbook)
    for edit in found:
        if edit.sheet in book.sheetnames and (cell := _cell(book[edit.sheet], edit)) is not None:
            cell.fill = _BAD if edit.reason else _GOOD
            was = "" if is_blank(edit.was) else f" Trong gói đã gửi: {to_cell(edit.was)}."
            cell.comment = Comment((edit.reason or "Nhận được.") + was, _AUTHOR)
    placing.place(path, fill=lambda beside: book.save(beside), verify=lambda _: None)


def _cell(sheet: Any, edit: Edit) -> Any:
    """The cell of an edit: by the machine names of the second row and the ids of its row."""
    columns = {str(cell.value): cell.column for cell in sheet[2] if cell.value}
    parts = edit.path.split("/")
    wanted = {"record": edit.record, "id": parts[1]} if len(parts) == 3 else {"id": edit.record}
    for row in _rows(sheet):
        if all(name in columns and str(row[columns[name] - 1].value) == id_ for name, id_ in wanted.items()):
            return row[columns.get(parts[-1], 1) - 1]
    return None


def _rows(sheet: Any) -> Iterator[Any]:
    yield from sheet.iter_rows(min_row=3)

"""Edits of a sent package that returns from Excel or LibreOffice: each changed cell is accepted or refused.

The sender has kept the records that it sent, so only the cells of the returned file are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from kcdesk import placing
from kcdesk.errors import UserError
from kcdesk.exchange.compare import Difference, differences
from kcdesk.exchange.container.entries import RecordEntry
from kcdesk.exchange.results.checked_copy import CheckedCell, checked_copy
from kcdesk.exchange.swapped_rows import swapped_sentence
from kcdesk.exchange.workbook.cells import seen_text, to_cell
from kcdesk.exchange.workbook.returned_cells import opens_as_formula
from kcdesk.exchange.workbook.sheet_content import FILES_SHEET, TITLE, Content
from kcdesk.exchange.workbook.titles import titles
from kcdesk.formdef import record_values
from kcdesk.formdef.model import Field
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.base import Cell, ReadCell, ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.values import Lookups, is_blank
from kcdesk.runtime.frozen import Value, replace
from kcdesk.store.handover.merging import written
from kcdesk.store.reader import Reader

_WRITTEN_BY_US = ("id", "record", "form", "state", "revision", "deleted", "path", "field", "sha256", "size", "mime")
_NEXT = "Sửa các ô nền đỏ trong tệp gốc rồi gửi lại, hoặc sửa trong chương trình."
DOUBLED = "Dòng này có nhiều lần trong bảng nên không biết dòng nào đúng; hãy chỉ giữ một dòng."


class Edit(Value, kw_only=True):
    """One changed cell; `value` is the value to store (None: emptied), `reason` why it is refused ("" if accepted).

    `note` is what to know before accepting it, `places` are the addresses of its cells (F3), `heading` is what stands
    above its column.
    """

    sheet: str
    record: str
    kind: str
    path: str
    shown: ReadCell
    was: Cell
    value: Any = None
    reason: str = ""
    note: str = ""
    places: tuple[str, ...] = ()
    heading: str = ""


def edits(reader: Reader, workbook: BinaryIO, entries: Sequence[RecordEntry], receiver_level: str) -> list[Edit]:
    """The changes in the sheets of a package, compared with the records that were sent."""
    content = Content(reader.forms, entries, titles(reader, entries), receiver_level)
    sent = {entry.id: entry for entry in entries}
    candidates = (
        _edit(reader, sent, _with_own_name(reader, sent, difference), receiver_level)
        for difference in _each_sheet_once(differences(workbook, content))
    )
    return [edit for edit in candidates if edit is not None]


def _each_sheet_once(all_differences: Iterable[Difference]) -> Iterator[Difference]:
    """Leave out all rows but one of each sheet that the package did not have."""
    named: set[str] = set()
    for difference in all_differences:
        if difference.shown != difference.sheet:
            yield difference
        elif difference.sheet not in named:
            named.add(difference.sheet)
            yield replace(difference, record="")


def _with_own_name(reader: Reader, sent: dict[str, RecordEntry], difference: Difference) -> Difference:
    """The difference with the path that the version of the record uses; columns of a sheet have newest names."""
    entry = sent.get(difference.record)
    if entry is None or not difference.path:
        return difference
    form = reader.forms.by_reference(entry.form)
    return replace(difference, path=reader.forms.renames(form.id).own(form, difference.path))


def _edit(reader: Reader, sent: dict[str, RecordEntry], difference: Difference, receiver_level: str) -> Edit | None:
    value, reason = None, _whole_reason(reader, difference)
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
        note="" if reason else difference.note,
        places=difference.places,
        heading=difference.heading,
    )


def _whole_reason(reader: Reader, difference: Difference) -> str:
    """Why a row, a column, a sheet or a cell of the program cannot be changed in the workbook; "" for other cells."""
    column = difference.path.rpartition("/")[2]
    if not difference.path:
        return _row_reason(reader, difference)
    if not difference.record:
        return f"Cột «{difference.recorded}» không còn trong trang này; các ô của cột trong kho giữ nguyên."
    if column.endswith(TITLE) or column in _WRITTEN_BY_US or difference.sheet.startswith(FILES_SHEET):
        return "Cột này do chương trình ghi, không sửa trong bảng tính."
    return ""


def _row_reason(reader: Reader, difference: Difference) -> str:
    if difference.owner:
        return swapped_sentence(reader, difference.owner)
    if difference.shown == difference.sheet:
        return "Trang này không có trong gói đã gửi nên không được đọc; các hồ sơ trong kho giữ nguyên."
    if difference.shown is None:
        if difference.record:
            return "Dòng này đã bị bỏ khỏi bảng; hồ sơ trong kho giữ nguyên."
        return "Trang này đã bị xoá, đổi tên hoặc mất dòng tên cột (dòng ẩn thứ hai); các hồ sơ trong kho giữ nguyên."
    if difference.recorded is not None:
        return DOUBLED
    return "Dòng này không có trong gói đã gửi; hồ sơ mới hãy nhập trong chương trình."


def _read(record: Record, difference: Difference) -> Any:
    field = record.field(difference.path)
    if field.computed:
        raise ValueProblem("Ô này được tính tự động.")
    return value_in(difference.shown, difference.note, field, record.lookups)


def value_in(shown: ReadCell, note: str, field: Field, forms: Lookups | None) -> Any:
    """The value of a changed cell of any workbook, None if it was emptied; ValueProblem if it cannot be read.

    `note` is that of the cell: a merged cell without a value empties nothing.
    """
    if shown is None and note:
        raise ValueProblem("Ô này nằm trong một ô trộn không có giá trị; hãy bỏ trộn rồi điền riêng từng ô.")
    if opens_as_formula(shown):
        raise ValueProblem("Ô này là công thức; hãy chép rồi dán lại thành giá trị.")
    return type_of(field).from_cell(shown, field, forms)


def _reason(reader: Reader, record: Record, sent: RecordEntry, path: str, receiver_level: str) -> str:
    """Why a readable value is refused; "" if it is accepted."""
    shape = reader.shapes.of(record.form.reference)
    owned = shape.is_owned(path)
    owner = _owner(record, path)
    if owned and not reader.forms.levels.decides(receiver_level):
        decider = reader.forms.levels.of(owner).in_sentence
        return f"Ô này do {decider} quyết định; chỉ nhận từ gói mang chữ ký của {decider}."
    if record.deleted:
        return "Hồ sơ này đã bị xoá trong kho."
    if _stamp(reader, record.id, path) != _sent_stamp(reader, sent, path):
        return "Ô này đã được sửa trong kho sau khi gửi gói; hãy xem và sửa tay nếu cần."
    workflow = reader.forms.workflow(record.kind)
    if not record.is_editable(path, workflow, owner if owned else reader.identity.unit.level):
        return f"Hồ sơ đang ở trạng thái «{workflow.state(record.state).label}» nên ô này không sửa được."
    return ""


def _owner(record: Record, path: str) -> str:
    """The level that fills in a field, or the table that holds it."""
    fields = (record.field(path), record.field(path.partition("/")[0]))
    return next((field.owner for field in fields if field.is_decision), fields[0].owner)


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
    title of the record and the label of the field. Of a workbook that
    cannot be opened within the limits, only that list is written.
    """
    workbook.seek(0)
    refused = sum(bool(edit.reason) for edit in checked)
    sentence = f"{len(checked) - refused} ô nhận được (nền xanh), {refused} ô không nhận (nền đỏ, có lý do). {_NEXT}"
    cells = [_checked_cell(edit, titles_of(edit)) for edit in sorted(checked, key=lambda edit: not edit.reason)]
    placing.save(checked_copy(workbook.read(), sentence, cells), path)


def _checked_cell(edit: Edit, titles_of_cell: tuple[str, str]) -> CheckedCell:
    result = edit.reason or f"Nhận được. {edit.note}".rstrip()
    was = "" if is_blank(edit.was) else f" Trong gói đã gửi: {to_cell(edit.was)}."
    line = [seen_text(value) for value in (edit.sheet, *titles_of_cell, edit.was, edit.shown, result)]
    return CheckedCell(edit.sheet, edit.places, not edit.reason, result + was, line)

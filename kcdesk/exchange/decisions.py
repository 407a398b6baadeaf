"""The decision workbook: the dossiers of a package, each with cells that the province fills in.

Each row has hidden cells that every program keeps when it saves, sorts, cuts or pastes: the package, the record, and
the original value of each cell with its stamp (`base`).
"""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import load_workbook

from kcdesk import placing
from kcdesk.errors import UserError
from kcdesk.exchange.compare import MAX_COLUMNS
from kcdesk.exchange.container import lock
from kcdesk.exchange.container.entries import RecordEntry, sensitive_paths
from kcdesk.exchange.container.manifest import canonical
from kcdesk.exchange.edits import Edit
from kcdesk.exchange.verification import workbook_in
from kcdesk.exchange.workbook.cells import from_xml, sheet_names
from kcdesk.exchange.workbook.cover import CoverLine, type_name
from kcdesk.exchange.workbook.sheets import (
    COVER_SHEET,
    LISTS_SHEET,
    Content,
    Sheet,
    SheetColumn,
    SheetLine,
    field_columns,
)
from kcdesk.exchange.workbook.titles import titles
from kcdesk.exchange.workbook.writer import write_sheets
from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.types.base import ReadCell
from kcdesk.formdef.types.registry import type_of
from kcdesk.store.handover.package_ledger import PackageEntry
from kcdesk.store.reader import Reader
from kcdesk.store.stored_record import StoredRecord

_PACKAGE, _BASE = "package", "base"
_MARKS = (_PACKAGE, "id", _BASE)
_TWICE = "Hồ sơ này có hai dòng trong bảng."
_STRANGE = "Dòng này không có trong bảng đã lập."
_CHANGED = "Ô này đã được sửa trong kho sau khi lập bảng; hãy xem và sửa tay nếu cần."


@dataclass(frozen=True, slots=True)
class _Row:
    """One dossier of a returned workbook: its hidden cells, and its cells by the names of their fields."""

    sheet: str
    package: str
    record: str
    base: Mapping[str, Sequence[Any]]
    cells: Mapping[str, ReadCell]


def write_decision_workbook(
    path: Path, reader: Reader, package: PackageEntry, records: Sequence[StoredRecord], password: str
) -> int:
    """Write a decision workbook; returns the number of dossiers in it. UserError `nothing_to_decide`, KnownError."""
    entries = [
        RecordEntry.of(record, sensitive_paths(reader.forms.by_reference(record.form)))
        for record in records
        if any(field.owner == "province" for field in reader.forms.by_reference(record.form).fields)
    ]
    if not entries:
        raise UserError("Gói này không có hồ sơ nào để quyết định.", code="nothing_to_decide")
    content = Content(reader.forms, entries, titles(reader, entries))
    plain = io.BytesIO()
    write_sheets(plain, list(_cover(package, entries)), list(_sheets(content, package.id)))
    placing.place(
        path,
        fill=lambda file: _fill(file, plain, password),
        verify=lambda beside: _verify(beside, password, package.id),
    )
    return len(entries)


def package_of(path: Path, password: str) -> str:
    """The id of the package from which a decision workbook was made; "" if the file is none. UserError `locked`."""
    with workbook_in(path, password) as file:
        return next((row.package for row in _rows(file)), "") if file else ""


@contextmanager
def workbook(path: Path, password: str) -> Iterator[BinaryIO]:
    """Open the workbook, decrypted, for the `with` block."""
    with workbook_in(path, password) as file:
        assert file is not None
        yield file


def edits(reader: Reader, file: BinaryIO, package: str, carried: Collection[str]) -> list[Edit]:
    """Every cell that was filled in or changed; `reason` says why an edit is refused.

    `carried` are the ids of the records in the package.
    """
    result: list[Edit] = []
    done: set[str] = set()
    file.seek(0)
    for row in _rows(file):
        if row.package != package or row.record not in carried or row.record in done:
            reason = _TWICE if row.record in done else _STRANGE
            result.append(Edit(sheet=row.sheet, record="", kind="", path="", shown=row.record, was=None, reason=reason))
            continue
        done.add(row.record)
        result += _edits(reader, row)
    return result


def _edits(reader: Reader, row: _Row) -> Iterator[Edit]:
    stored = reader.get(row.record)
    for field in _owned(reader.forms.by_reference(stored.form)):
        if field.name not in row.cells:
            continue  # the column was removed: no decision
        shown = row.cells[field.name]
        stamp, was = row.base.get(field.name, ("", None))
        value, reason = None, ""
        try:
            value = type_of(field).from_cell(shown, field, reader.forms)
        except UserError as error:
            reason = error.message
        if not reason and value in (was, stored.data.get(field.name)):
            continue  # the cell was not changed, or the store has the same value by now
        reason = reason or _reason(reader, stored, field, str(stamp))
        yield Edit(
            sheet=row.sheet,
            record=stored.id,
            kind=stored.kind,
            path=field.name,
            shown=shown,
            was=None if was is None else type_of(field).cell(was, field, reader.forms),
            value=value,
            reason=reason,
        )


def _reason(reader: Reader, stored: StoredRecord, field: Field, stamp: str) -> str:
    """Why a readable value is refused; "" if it is accepted."""
    record = stored.record(reader.forms)
    workflow = reader.forms.workflow(stored.kind)
    if stored.deleted:
        return "Hồ sơ này đã bị xoá trong kho."
    if stored.stamps.get(field.name, "") != stamp:
        return _CHANGED
    if not record.is_editable(field.name, workflow, "province"):
        return f"Hồ sơ đang ở trạng thái «{workflow.state(record.state).label}» nên ô này không sửa được."
    return ""


# -- the sheets ----------------------------------------------------------------------------------------------------


def _cover(package: PackageEntry, entries: Sequence[RecordEntry]) -> Iterator[CoverLine]:
    yield CoverLine("title", "BẢNG QUYẾT ĐỊNH")
    yield CoverLine("line", "Từ gói", f"{type_name(package.type)}, kỳ {package.period}")
    yield CoverLine("line", "Mã gói", package.id, _PACKAGE)
    yield CoverLine("line", "Số hồ sơ", len(entries))
    yield CoverLine("note", "Điền các ô nền vàng, lưu lại bằng Excel hoặc LibreOffice rồi gửi lại đúng tệp này.")
    yield CoverLine("note", "Bảng không mang chữ ký: đơn vị nhận lại xem từng ô trước khi nhận vào kho.")


def _sheets(content: Content, package: str) -> Iterator[Sheet]:
    """One sheet for each kind: the title of a dossier, its money, then the cells to fill in."""
    groups = {kind: entries for kind, entries in content.by_kind.items() if entries}
    names = sheet_names([COVER_SHEET, LISTS_SHEET, *(content.newest(kind).plural for kind in groups)])[2:]
    for name, (kind, entries) in zip(names, groups.items(), strict=True):
        forms = [content.forms.by_reference(reference) for reference in {entry.form: None for entry in entries}]
        fields = [field for form in forms for field in (*_context(form), *_owned(form))]
        columns = (
            SheetColumn(name=_PACKAGE, label="Mã gói", cell=lambda _: package, hidden=True),
            SheetColumn(name="id", label="Mã hồ sơ", cell=lambda line: line.entry.id, hidden=True),
            SheetColumn(name=_BASE, label="Đã có", cell=_base, hidden=True),
            *field_columns(content, fields),
        )
        lines = [SheetLine(entry, entry.data, {f.name: f for f in content.form(entry).fields}) for entry in entries]
        yield Sheet(name=name, columns=columns, lines=tuple(lines), kind=kind)


def _context(form: Form) -> Iterator[Field]:
    """The fields that the province needs for a decision: title, beneficiaries, money."""
    named = [form.field(name) for name in form.title]
    for field in (*named, *(field for field in form.fields if field not in named)):
        shown = type_of(field)
        is_shown = field in named or shown.is_money or (shown.names_records and not shown.is_reference)
        if is_shown and not (field.owner == "province" or field.columns or field.sensitive):
            yield field


def _owned(form: Form) -> list[Field]:
    return [field for field in form.fields if field.owner == "province" and not (field.columns or field.computed)]


def _base(line: SheetLine) -> str:
    """The JSON of stamp and original value of the cells to fill in, by field."""
    owned = (field.name for field in line.fields.values() if field.owner == "province")
    known = {name: [line.entry.stamps[name], line.entry.data.get(name)] for name in owned if name in line.entry.stamps}
    return canonical(known).decode()


def _fill(file: BinaryIO, plain: io.BytesIO, password: str) -> None:
    plain.seek(0)
    if password:
        lock.lock(plain, password, file)
    else:
        file.write(plain.getvalue())


def _verify(path: Path, password: str, package: str) -> None:
    if package_of(path, password) != package:
        raise placing.unverified(path)


# -- reading a returned workbook -----------------------------------------------------------------------------------


def _rows(file: BinaryIO) -> Iterator[_Row]:
    """The rows of every sheet with our machine names in its second row, in any order of columns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of extensions that other programs write
        book = load_workbook(file, read_only=True)
    try:
        for name in book.sheetnames:
            yield from _rows_of(name, book[name].iter_rows(min_row=2, max_col=MAX_COLUMNS, values_only=True))
    finally:
        book.close()


def _rows_of(sheet: str, rows: Iterator[Sequence[Any]]) -> Iterator[_Row]:
    names = [str(name or "") for name in next(rows, ())]
    if not set(_MARKS) <= set(names):
        return
    for values in rows:
        cells = {name: from_xml(value) for name, value in zip(names, values, strict=False) if name}
        if cells.get("id"):
            yield _Row(sheet, str(cells[_PACKAGE] or ""), str(cells["id"]), _parsed(cells[_BASE]), cells)


def _parsed(base: ReadCell) -> Mapping[str, Sequence[Any]]:
    """Read the JSON of `_base`; {} if it was damaged, so that no edit matches and the store is not overwritten."""
    try:
        pairs = json.loads(str(base))
    except (ValueError, RecursionError):
        return {}
    valid = isinstance(pairs, dict) and all(isinstance(pair, list) and len(pair) == 2 for pair in pairs.values())
    return pairs if valid else {}

"""The decision workbook: the dossiers of a package, each with cells that the province fills in.

Each row has hidden cells that every program keeps when it saves, sorts, cuts or pastes: the package, the record, and
the original value of each cell with its stamp (`base`).
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from kcdesk import placing
from kcdesk.bounded import json_text
from kcdesk.errors import UserError
from kcdesk.exchange import periods
from kcdesk.exchange.container import lock
from kcdesk.exchange.container.entries import RecordEntry, sensitive_paths
from kcdesk.exchange.container.manifest import canonical
from kcdesk.exchange.container.safe_zip import SafeArchive
from kcdesk.exchange.edits import DOUBLED, Edit, value_in
from kcdesk.exchange.swapped_rows import Cells, SwappedRows, swapped_sentence, written_cell
from kcdesk.exchange.verification import workbook_in
from kcdesk.exchange.workbook.book_parts import BookParts
from kcdesk.exchange.workbook.cells import sheet_names
from kcdesk.exchange.workbook.looks import PageText
from kcdesk.exchange.workbook.page_lines import (
    CODE_LABEL,
    TITLES,
    CoverLine,
    CoverTable,
    PageLine,
    type_name,
)
from kcdesk.exchange.workbook.returned_cover import read_cover
from kcdesk.exchange.workbook.returned_rows import ReturnedRow, ReturnedSheet, returned_sheets
from kcdesk.exchange.workbook.sheet_content import (
    COVER_SHEET,
    LISTS_SHEET,
    Content,
    Sheet,
    SheetColumn,
    SheetLine,
)
from kcdesk.exchange.workbook.sheets import field_columns
from kcdesk.exchange.workbook.titles import titles
from kcdesk.exchange.workbook.writer import write_sheets
from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.types.base import ReadCell
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.values import Unreadable
from kcdesk.runtime.frozen import Value, replace
from kcdesk.store.handover.package_ledger import PackageEntry
from kcdesk.store.reader import Reader
from kcdesk.store.stored_record import StoredRecord

_PACKAGE, _BASE = "package", "base"
_MARKS = (_PACKAGE, "id", _BASE)
_MOST_NAMED = 30  # dossiers whose titles the first page gives
_STEPS = (
    "Mở từng trang; điền các ô nền vàng: kết quả, kinh phí, số và ngày quyết định, ý kiến.",
    "Lưu lại bằng Excel hoặc LibreOffice, không đổi tên trang, không sửa các cột đang ẩn.",
    "Gửi lại đúng tệp này cho đơn vị đã lập bảng. Bảng không mang chữ ký: nơi nhận xem từng ô trước khi nhận vào kho.",
)
_TWICE = "Hồ sơ này có hai dòng trong bảng."
_STRANGE = "Dòng này không có trong bảng đã lập."
_NO_NAMES = "Trang này mất dòng tên cột (dòng ẩn thứ hai) nên không đọc được; hãy điền lại vào bảng gốc."
_LOST_BASE = "Ô ẩn «Đã có» của dòng này đã hỏng nên không biết bảng được lập từ giá trị nào; hãy sửa tay trong kho."
_CHANGED = "Ô này đã được sửa trong kho sau khi lập bảng; hãy xem và sửa tay nếu cần."


class _Row(Value):
    """One dossier of a returned workbook: its hidden cells, and the row with its cells by the names of their fields.

    `base` is Unreadable if its hidden cell was damaged.
    """

    sheet: ReturnedSheet
    row: ReturnedRow
    package: str
    record: str
    base: Mapping[str, Sequence[Any]] | Unreadable

    @property
    def cells(self) -> Mapping[str, ReadCell]:
        """The cells that came back, without notes and places."""
        return self.row.cells


def write_decision_workbook(
    path: Path, reader: Reader, package: PackageEntry, records: Sequence[StoredRecord], password: str
) -> int:
    """Write a decision workbook; returns the number of dossiers in it. UserError `nothing_to_decide`, KnownError."""
    entries = [
        RecordEntry.of(record, sensitive_paths(reader.forms.by_reference(record.form)))
        for record in records
        if any(field.is_decision for field in reader.forms.by_reference(record.form).fields)
    ]
    if not entries:
        raise UserError("Gói này không có hồ sơ nào để quyết định.", code="nothing_to_decide")
    content = Content(reader.forms, entries, titles(reader, entries))
    plain = io.BytesIO()
    text = PageText(right=periods.name(package.period))
    write_sheets(plain, list(_cover(package, content)), list(_sheets(content, package.id)), text)
    placing.place(
        path,
        fill=lambda file: _fill(file, plain, password),
        verify=lambda beside: _verify(beside, password, package.id),
    )
    return len(entries)


def package_of(path: Path, password: str) -> str:
    """The id of the package from which a decision workbook was made; "" if the file is none. UserError `locked`."""
    with workbook_in(path, password) as file:
        return _package_in(file) if file else ""


def _package_in(file: BinaryIO) -> str:
    """The package of the first row; of a workbook that lost the names of its columns, the code on the cover."""
    if package := next((row.package for row in _rows(file)), ""):
        return package
    with SafeArchive(file) as archive:
        cover = read_cover(archive)
        has_rows = any(sheet.name not in (COVER_SHEET, LISTS_SHEET) for sheet in BookParts(archive).sheets)
    return cover.package if cover and cover.kind == "decisions" and has_rows else ""


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
    rows = list(_rows(file))
    if not rows:
        return [_whole(COVER_SHEET, "", _NO_NAMES)]
    by_record: dict[str, list[_Row]] = {}
    for row in rows:
        if row.package == package and row.record in carried:
            by_record.setdefault(row.record, []).append(row)
    swapped = _swapped(reader, {record: same[0] for record, same in by_record.items()})
    result: list[Edit] = []
    for row in rows:
        if reason := _row_reason(row, by_record.get(row.record, []) if row.package == package else []):
            result.append(_whole(row.sheet.name, row.record, reason, row.sheet.place(row.row)))
        elif changed := list(_edits(reader, row)):
            owner = swapped.owner(row.record)
            reason = swapped_sentence(reader, owner) if owner else ""
            result += [replace(edit, reason=reason, note="") for edit in changed] if reason else changed
    return result


def _row_reason(row: _Row, same: Sequence[_Row]) -> str:
    """Why a row cannot be read at all; `same` are the rows of its dossier, itself among them."""
    unreadable = row.cells.get("id")
    if isinstance(unreadable, Unreadable):
        return f"Cột ẩn «Mã hồ sơ» của dòng này không đọc được. {unreadable.reason}"
    if not same:
        return _STRANGE
    if any(other.cells != row.cells for other in same):
        return DOUBLED
    return "" if row is same[0] else _TWICE


def _whole(sheet: str, shown: str, reason: str, *places: str) -> Edit:
    """A row or a sheet that is refused as a whole."""
    return Edit(sheet=sheet, record="", kind="", path="", shown=shown, was=None, reason=reason, places=places)


def _swapped(reader: Reader, by_record: Mapping[str, _Row]) -> SwappedRows[str]:
    """Compare the cells of titles and money, which the province does not fill in, with those of the dossiers."""
    entries = {id_: RecordEntry.of(reader.get(id_), ()) for id_ in by_record}
    content = Content(reader.forms, list(entries.values()), titles(reader, list(entries.values())))
    columns = {
        form: field_columns(content, list(_context(reader.forms.by_reference(form))))
        for form in {entry.form for entry in entries.values()}
    }

    def shown(id_: str) -> Cells | None:
        row = by_record.get(id_)
        return (entries[id_].form, *(row.cells.get(c.name) for c in columns[entries[id_].form])) if row else None

    def written() -> dict[str, Cells]:
        return {
            id_: (entry.form, *(written_cell(column.cell(_line(content, entry))) for column in columns[entry.form]))
            for id_, entry in entries.items()
        }

    return SwappedRows(shown, written)


def _line(content: Content, entry: RecordEntry) -> SheetLine:
    return SheetLine(entry, entry.data, {field.name: field for field in content.form(entry).fields})


def _edits(reader: Reader, row: _Row) -> Iterator[Edit]:
    stored = reader.get(row.record)
    for field in _owned(reader.forms.by_reference(stored.form)):
        if field.name not in row.sheet.columns:
            continue  # the column was removed: no decision
        shown, note = row.cells.get(field.name), row.row.notes.get(field.name, "")
        stamp, was = _base_of(row, field.name)
        value, reason = None, ""
        try:
            value = value_in(shown, note, field, reader.forms)
        except UserError as error:
            reason = error.message
        if not reason and value in (was, stored.data.get(field.name)):
            continue  # the cell was not changed, or the store has the same value by now
        if shown is None and was is None:
            continue  # it was empty and lies in a merged cell without a value
        reason = reason or _reason(reader, stored, field, stamp)
        yield Edit(
            sheet=row.sheet.name,
            record=stored.id,
            kind=stored.kind,
            path=field.name,
            shown=shown,
            was=None if was is None else type_of(field).cell(was, field, reader.forms),
            value=value,
            reason=reason,
            note="" if reason else note,
            places=(row.sheet.place(row.row, field.name),),
        )


def _base_of(row: _Row, name: str) -> tuple[str | None, Any]:
    """The stamp and the original value of a cell; None for the stamp if the hidden cell was damaged."""
    if isinstance(row.base, Unreadable):
        return None, None
    stamp, was = row.base.get(name, ("", None))
    return str(stamp), was


def _reason(reader: Reader, stored: StoredRecord, field: Field, stamp: str | None) -> str:
    """Why a readable value is refused; "" if it is accepted."""
    record = stored.record(reader.forms)
    workflow = reader.forms.workflow(stored.kind)
    if stored.deleted:
        return "Hồ sơ này đã bị xoá trong kho."
    now = stored.stamps.get(field.name, "")
    if stamp is None and now:
        return _LOST_BASE
    if now != (stamp or ""):
        return _CHANGED
    if not record.is_editable(field.name, workflow, field.owner):
        return f"Hồ sơ đang ở trạng thái «{workflow.state(record.state).label}» nên ô này không sửa được."
    return ""


# -- the sheets ----------------------------------------------------------------------------------------------------


def _cover(package: PackageEntry, content: Content) -> Iterator[PageLine]:
    yield CoverLine("title", TITLES["decisions"])
    yield CoverLine("headline", f"{periods.name(package.period)} – {type_name(package.type)}")
    if sender := package.details.get("sender"):
        yield CoverLine("line", "Hồ sơ của", sender)
    yield CoverLine("line", "Số hồ sơ", len(content.entries))
    yield CoverLine("heading", "Cách làm")
    for number, sentence in enumerate(_STEPS, 1):
        yield CoverLine("note", f"{number}. {sentence}")
    yield CoverLine("heading", "Hồ sơ trong bảng")
    rows = [
        (number, content.title(entry.id), content.label(entry.kind))
        for number, entry in enumerate(content.entries[:_MOST_NAMED], 1)
    ]
    yield CoverTable((1, 4, 2), ("TT", "Hồ sơ", "Loại"), tuple(rows), is_numbered=True)
    if (more := len(content.entries) - len(rows)) > 0:
        yield CoverLine("note", f"… và {more} hồ sơ khác.")
    yield CoverLine("line", CODE_LABEL, package.id, _PACKAGE)


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
        lines = [_line(content, entry) for entry in entries]
        yield Sheet(name=name, columns=columns, lines=tuple(lines), kind=kind)


def _context(form: Form) -> Iterator[Field]:
    """The fields that the province needs for a decision: title, beneficiaries, money."""
    named = [form.field(name) for name in form.title]
    for field in (*named, *(field for field in form.fields if field not in named)):
        shown = type_of(field)
        is_shown = field in named or shown.is_money or (shown.names_records and not shown.is_reference)
        if is_shown and not (field.is_decision or field.columns or field.sensitive):
            yield field


def _owned(form: Form) -> list[Field]:
    return [field for field in form.fields if field.is_decision and not (field.columns or field.computed)]


def _base(line: SheetLine) -> str:
    """The JSON of stamp and original value of the cells to fill in, by field."""
    owned = (field.name for field in line.fields.values() if field.is_decision)
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
    """The rows of every sheet with our machine names, in any order of rows and columns."""
    for sheet in returned_sheets(file, _MARKS):
        for row in sheet.rows:
            package, record = (str(row.cells.get(name) or "") for name in (_PACKAGE, "id"))
            yield _Row(sheet, row, package, record, _parsed(row.cells.get(_BASE)))


def _parsed(base: ReadCell) -> Mapping[str, Sequence[Any]] | Unreadable:
    """Read the JSON of the hidden cell `base`."""
    try:
        pairs = json_text.parsed(str(base))
    except ValueError:
        return Unreadable(_LOST_BASE, str(base))
    valid = isinstance(pairs, dict) and all(isinstance(pair, list) and len(pair) == 2 for pair in pairs.values())
    return pairs if valid else Unreadable(_LOST_BASE, str(base))

"""The content of the sheets, from the forms: one sheet for each kind of record, for each table, and for the files.

The first row holds labels for people. The second row is hidden and holds machine names, by which a returned workbook is
read. A reference has two columns: a hidden one with the id, named as the field, and one with the title, named
`<name>.title`. The lists of records stand first; of these, the columns that are printed stand on the left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, tzinfo
from functools import partial
from typing import Any

from kcdesk import moments
from kcdesk.exchange.container.entries import RecordEntry, files_of
from kcdesk.exchange.workbook.cells import sheet_names
from kcdesk.exchange.workbook.sheet_content import (
    ANSWERS_SHEET,
    COVER_SHEET,
    FIGURES_SHEET,
    FILES_SHEET,
    HELP_SHEET,
    LISTS_SHEET,
    TITLE,
    UNKNOWN_TITLE,
    Content,
    Sheet,
    SheetColumn,
    SheetLine,
)
from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.regulations import package_pages
from kcdesk.formdef.types.base import Cell
from kcdesk.formdef.types.composite_types import row_order
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import replace

_WIDTHS = {
    "paragraph": 48.0,
    "money": 17.0,
    "date": 12.0,
    "year": 9.0,
    "time": 9.0,
    "integer": 12.0,
    "decimal": 12.0,
    "percent": 11.0,
    "yes_no": 10.0,
    "phone": 15.0,
    "tax_code": 16.0,
    "citizen_id": 15.0,
    "place": 34.0,
}
_TEXT_WIDTHS = {"short": 15.0, "half": 24.0, "full": 34.0}
_HEAD_LINES = 3  # lines of a label: a column is wide enough that its head is no higher


def sheets(content: Content) -> list[Sheet]:
    """Every sheet with rows: the lists of records, of the files, then the tables of the records.

    All kinds take part in the choice of names, so a sheet has the same name whatever else is sent.
    """
    planned: list[tuple[str, Callable[[str], Sheet] | None]] = []
    for kind, entries in content.by_kind.items():
        versions = _versions(content, kind, entries)
        build = partial(_records, content, kind, versions, entries) if entries else None
        planned.append((_sheet_label(versions), build))
        fields = [field for form in versions for field in content.fields(form).values()]
        filled = {name for entry in entries for name, value in content.values(entry).items() if value}
        for name in _names(field.name for field in fields if field.columns):
            if name in filled:
                label = f"{_sheet_label(versions)} - {_field(fields, name).heading}"
                planned.append((label, partial(_rows, content, kind, versions, entries, name)))
    files = [(entry, path, file) for entry in content.entries for path, file in files_of(entry, content.form(entry))]
    planned.append((FILES_SHEET, partial(_files, content, files) if files else None))
    reserved = (COVER_SHEET, HELP_SHEET, LISTS_SHEET, *(label for label, _ in planned), ANSWERS_SHEET, FIGURES_SHEET)
    names = sheet_names(reserved)[3:]
    made = [replace(build(name), title=label) for name, (label, build) in zip(names, planned, strict=False) if build]
    return sorted(made, key=partial(_rank, package_pages.of(content.forms)))  # sorting keeps the order of equals


def _rank(pages: package_pages.PackagePages, sheet: Sheet) -> int:
    """The place of a sheet: the dossiers of the first page, other records, files, tables of records."""
    if sheet.table:
        return 3
    return 2 if not sheet.kind else 0 if pages.dossier and pages.dossier.kind == sheet.kind else 1


def _sheet_label(versions: Sequence[Form]) -> str:
    return versions[0].plural or versions[0].label


def _versions(content: Content, kind: str, entries: Sequence[RecordEntry]) -> list[Form]:
    """The forms of the records, newest first; the newest known form if there are no records."""
    used = {entry.form for entry in entries}
    forms = content.forms.versions_of(kind)[::-1]
    return [form for form in forms if form.reference in used] or [*forms[:1]]


def _records(content: Content, kind: str, versions: list[Form], entries: Sequence[RecordEntry], name: str) -> Sheet:
    """The sheet of the records of one kind: what is printed, what the receiver fills in, then the order of the form."""
    named = versions[0].title
    by_version = {form.reference: content.fields(form) for form in versions}
    fields = [field for fields in by_version.values() for field in fields.values() if not field.columns]
    ordered = sorted(fields, key=lambda field: (field.name not in named, _place(field.name, named)))
    columns = [*_field_columns(content, ordered), *_state_columns(content, kind)]
    order = _printed(package_pages.of(content.forms).columns(versions[0]))
    shown = [column for name in order for column in columns if column.name == name]
    asked = [column for column in columns if column.asked and column not in shown]
    others = [column for column in columns if column not in shown and column not in asked]
    all_columns = [
        _key_column("id", "Mã hồ sơ", lambda line: line.entry.id),
        _key_column("form", "Mẫu", lambda line: line.entry.form),
        *shown,
        *_news_columns(content),
        *(replace(column, printed=False) for column in (*asked, *others)),
    ]
    lines = (SheetLine(entry, content.values(entry), by_version[entry.form]) for entry in entries)
    return Sheet(name=name, kind=kind, columns=tuple(all_columns), lines=tuple(lines))


def _printed(names: Sequence[str]) -> list[str]:
    """The machine names of the printed columns, in their order; a reference is printed by its title."""
    return [place for name in names for place in (name, f"{name}{TITLE}")]


def _key_column(name: str, label: str, cell: Callable[[SheetLine], Cell]) -> SheetColumn:
    """A hidden column by which a row is known."""
    return SheetColumn(name=name, label=label, cell=cell, hidden=True, key=True)


def _news_columns(content: Content) -> Iterator[SheetColumn]:
    """What the receiver is asked, and what has changed since the last package; the program writes both."""
    yield SheetColumn(
        name=f"request{TITLE}", label="Đề nghị", cell=lambda line: content.request(line.entry) or None, width=18
    )
    if content.summary.since:
        yield SheetColumn(
            name=f"since{TITLE}", label="So với gói trước", cell=lambda line: content.change(line.entry), width=26
        )


def _rows(
    content: Content, kind: str, versions: list[Form], entries: Sequence[RecordEntry], table: str, name: str
) -> Sheet:
    """The sheet of the rows of one table, of all records of a kind."""
    fields = {form.reference: content.fields(form).get(table) for form in versions}
    by_version = {reference: _by_name(field.columns) for reference, field in fields.items() if field}
    columns = [
        *_owner_columns(content),
        _key_column("id", "Mã dòng", lambda line: str(line.values["id"])),
        *_field_columns(content, [column for columns in by_version.values() for column in columns.values()]),
    ]
    lines = [
        SheetLine(entry, row, by_version[entry.form])
        for entry in entries
        for row in sorted(content.values(entry).get(table, ()), key=row_order)
    ]
    return Sheet(name=name, kind=kind, table=table, columns=tuple(columns), lines=tuple(lines))


def _files(content: Content, files: Sequence[tuple[RecordEntry, str, dict[str, Any]]], name: str) -> Sheet:
    """The sheet of attached files, each with its record and field."""
    columns = (
        *_owner_columns(content),
        _key_column("path", "Vị trí", lambda line: line.values["path"]),
        _key_column("id", "Mã tệp", lambda line: line.values["id"]),
        SheetColumn(name="field", label="Mục", cell=lambda line: line.values["field"], width=28),
        SheetColumn(name="name", label="Tên tệp", cell=lambda line: line.values["name"], width=34),
        SheetColumn(name="caption", label="Chú thích", cell=lambda line: line.values.get("caption"), width=34),
        SheetColumn(name="mime", label="Loại tệp", cell=lambda line: line.values.get("mime"), width=18),
        SheetColumn(
            name="size",
            label="Dung lượng (byte)",
            cell=lambda line: line.values.get("size"),
            format="#,##0",
            align="right",
        ),
        SheetColumn(
            name="sha256",
            label="Mã kiểm tra (SHA-256)",
            cell=lambda line: line.values["sha256"],
            width=34,
            printed=False,
        ),
    )
    lines = [
        SheetLine(entry, {**file, "path": path, "field": _path_label(content.form(entry), path)}, {})
        for entry, path, file in files
    ]
    return Sheet(name=name, columns=columns, lines=tuple(lines))


def _owner_columns(content: Content) -> tuple[SheetColumn, SheetColumn]:
    """The columns that identify the record of a row: the id for the program, the title for people."""
    return (
        _key_column("record", "Mã hồ sơ", lambda line: line.entry.id),
        SheetColumn(name=f"record{TITLE}", label="Hồ sơ", cell=lambda line: content.title(line.entry.id), width=34),
    )


def _state_columns(content: Content, kind: str) -> tuple[SheetColumn, SheetColumn, SheetColumn]:
    labels = {state.name: state.label for state in content.forms.workflow(kind).states}

    def state(line: SheetLine) -> Cell:
        name = line.entry.data.get("state")
        return labels.get(name, name) if isinstance(name, str) else None

    return (
        SheetColumn(name="state", label="Tình trạng", cell=state, width=18),
        SheetColumn(
            name="revision",
            label="Lần lập",
            cell=lambda line: line.entry.data.get("revision"),
            format="0",
            align="center",
            width=9,
        ),
        SheetColumn(
            name="deleted",
            label="Đã xoá ngày",
            cell=partial(_deleted, content.zone),
            former=partial(_deleted, UTC),
            format="dd/mm/yyyy",
            align="center",
            width=12,
        ),
    )


def _deleted(zone: tzinfo | None, line: SheetLine) -> Cell:
    return moments.day(line.entry.deleted, zone) if line.entry.deleted else None


def _field_columns(content: Content, fields: Sequence[Field]) -> Iterator[SheetColumn]:
    """The columns of the fields; among fields of the same name in several versions, the first is used."""
    for name in _names(field.name for field in fields):
        field = next(field for field in fields if field.name == name)
        if type_of(field).names_records:
            yield _column(content, field, hidden=True)
            yield _named(field, partial(_titles, content, name), width=30)
        elif type_of(field).holds_files:
            yield _named(field, partial(_file_names, name), width=24)
        else:
            yield _column(content, field)


def field_columns(content: Content, fields: Sequence[Field]) -> tuple[SheetColumn, ...]:
    """The columns of some fields, as in a package."""
    return tuple(_field_columns(content, fields))


def _named(field: Field, cell: Callable[[SheetLine], Cell], width: float) -> SheetColumn:
    """The column that shows in words a field whose value is for the program."""
    return SheetColumn(name=f"{field.name}{TITLE}", label=_label(field), cell=cell, width=width, field=field.name)


def _column(content: Content, field: Field, *, hidden: bool = False) -> SheetColumn:
    kind = type_of(field)
    choices = content.forms.choices(field) if kind.is_choice else ()
    unlocked = field.owner == content.receiver_level and not field.computed and not hidden
    return SheetColumn(
        name=field.name,
        label=_label(field),
        cell=partial(_field_cell, content, field.name),
        format=kind.cell_format,
        align=kind.align,
        width=max(_WIDTHS.get(field.type, _TEXT_WIDTHS[field.width]), len(_label(field)) / _HEAD_LINES),
        hidden=hidden,
        unlocked=unlocked,
        asked=unlocked and field.is_decision,
        choices=tuple(choice.label for choice in choices if not choice.retired),
        field=field.name,
    )


def _field_cell(content: Content, name: str, line: SheetLine) -> Cell:
    if name not in line.values or name not in line.fields:
        return None
    field = line.fields[name]
    lookups = content.lookups(line.entry) if field.rows_from else content.forms
    return type_of(field).cell(line.values[name], field, lookups)


def _titles(content: Content, name: str, line: SheetLine) -> Cell:
    value = line.values.get(name)
    ids = value if isinstance(value, list) else [value] if value else []
    return "; ".join(content.title(id_) or UNKNOWN_TITLE for id_ in ids) or None


def _file_names(name: str, line: SheetLine) -> Cell:
    files = line.values.get(name)
    return type_of(line.fields[name]).text(files, line.fields[name]) if files else None


def _path_label(form: Form, path: str) -> str:
    """The labels of the field and the column at `photos` or `machines/<row>/photos`."""
    parts = path.split("/")
    field = form.field(parts[0])
    return field.heading if len(parts) == 1 else f"{field.heading} - {field.column(parts[2]).heading}"


def _label(field: Field) -> str:
    return f"{field.heading} ({field.unit})" if field.unit else field.heading


def _field(fields: Sequence[Field], name: str) -> Field:
    return next(field for field in fields if field.name == name)


def _by_name(fields: Iterable[Field]) -> dict[str, Field]:
    return {field.name: field for field in fields}


def _names(names: Iterable[str]) -> list[str]:
    """The names without repetition, in the order of first appearance."""
    return list(dict.fromkeys(names))


def _place(name: str, order: Sequence[str]) -> int:
    return order.index(name) if name in order else 0

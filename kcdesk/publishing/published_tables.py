"""The tables of a publication: every reading view of the store, with what the forms say of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import OF_EVERY_RECORD, Field
from kcdesk.formdef.personal import is_personal
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, field, replace
from kcdesk.store.database import views
from kcdesk.store.reader import Reader

ColumnType = Literal["text", "integer", "real", "boolean", "date", "moment", "json"]

_LEFT_OUT = ("deleted",)  # always empty in a view; a publication marks deleted lines itself
_OF_RECORDS: Mapping[str, tuple[ColumnType, str]] = {
    "id": ("text", "Mã hồ sơ"),
    "parent": ("text", "Mã của hồ sơ mà hồ sơ này thuộc về"),
    "unit": ("text", "Mã đơn vị lập hồ sơ"),
    "form": ("text", "Mẫu nhập và phiên bản"),
    "created": ("moment", "Lập lúc"),
    "updated": ("moment", "Sửa lần cuối lúc"),
}
_OF_LINES: Mapping[str, tuple[ColumnType, str]] = {
    "id": ("text", "Mã dòng"),
    "position": ("real", "Thứ tự của dòng"),
}


class PublishedColumn(Value, kw_only=True):
    """One column; `target` is the kind of record that a reference names, `choices` the label of each value."""

    name: str
    type: ColumnType
    label: str
    unit: str = ""
    help: str = ""
    source: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    personal: bool = False

    @property
    def comment(self) -> str:
        """What a reader of the table has to know of the column, in one line."""
        label = f"{self.label} ({self.unit})" if self.unit else self.label
        values = "; ".join(f"{value} = {text}" for value, text in self.choices.items())
        parts = (label, self.help, f"Giá trị: {values}" if values else "", f"Căn cứ: {self.source}" * bool(self.source))
        return " ".join(f"{part.rstrip('.')}." for part in parts if part)


class PublishedTable(Value, kw_only=True):
    """One table; `record` is the column with the id of the record, `key` tells its lines apart."""

    name: str
    kind: str
    label: str
    record: str
    key: tuple[str, ...]
    columns: tuple[PublishedColumn, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)


def published_tables(reader: Reader, *, personal: bool) -> tuple[PublishedTable, ...]:
    """Every view of the store as a table; without the columns that may tell of a person, unless `personal`."""
    tables = _all_tables(reader)
    return tuple(tables if personal else map(_without_persons, tables))


def _without_persons(table: PublishedTable) -> PublishedTable:
    return replace(table, columns=tuple(column for column in table.columns if not column.personal))


def _all_tables(reader: Reader) -> Iterator[PublishedTable]:
    forms = reader.forms
    for kind in forms.kinds:
        yield _of_records(reader, kind)
        for item in views.kind_fields(forms, kind).values():
            if item.columns:
                yield _of_lines(reader, kind, item)
            elif type_of(item).is_list:
                yield _of_entries(reader, kind, item)


def _of_records(reader: Reader, kind: str) -> PublishedTable:
    forms, fields = reader.forms, views.kind_fields(reader.forms, kind)
    columns = [
        _column(forms, name, fields, _OF_RECORDS)
        for name in reader.publications.columns(kind)
        if name not in _LEFT_OUT or name in fields
    ]
    states = {state.name: state.label for state in forms.workflow(kind).states}
    columns = [replace(column, choices=states) if column.name == "state" else column for column in columns]
    columns = [_old_commune(column, fields) or column for column in columns]
    form = forms.current(kind)
    return PublishedTable(name=kind, kind=kind, label=form.label, record="id", key=("id",), columns=tuple(columns))


def _old_commune(column: PublishedColumn, fields: Mapping[str, Field]) -> PublishedColumn | None:
    """The description of a column with the commune before the reform; None for any other column."""
    place = next((item for name, item in fields.items() if views.old_commune(name) == column.name), None)
    if place is None or column.name in fields:
        return None
    return replace(column, label=f"{place.label}: mã của xã, phường trước ngày 01/7/2025", personal=is_personal(place))


def _of_lines(reader: Reader, kind: str, table: Field) -> PublishedTable:
    name, record = f"{kind}_{table.row or table.name}", f"{kind}_id"
    fields = {column.name: column for column in table.columns}
    known: dict[str, tuple[ColumnType, str]] = {record: ("text", "Mã hồ sơ"), **_OF_LINES}
    columns = [
        replace(column, target=kind if column.name == record else column.target)
        for column in (_column(reader.forms, name, fields, known) for name in reader.publications.columns(name))
    ]
    holds_persons = is_personal(table)
    return PublishedTable(
        name=name,
        kind=kind,
        label=f"{reader.forms.current(kind).label}: {table.label}",
        record=record,
        key=(record, "id"),
        columns=tuple(replace(column, personal=column.personal or holds_persons) for column in columns),
    )


def _of_entries(reader: Reader, kind: str, item: Field) -> PublishedTable:
    """The entries of a list, one in a line."""
    record, of_record = f"{kind}_id", PublishedColumn(name=f"{kind}_id", type="text", label="Mã hồ sơ", target=kind)
    entry = replace(_column(reader.forms, item.name, {item.name: item}, {}), name="value", type="text")
    return PublishedTable(
        name=views.list_view(kind, item.name),
        kind=kind,
        label=f"{reader.forms.current(kind).label}: {item.label}",
        record=record,
        key=(record, "value"),
        columns=(of_record, entry),
    )


def _column(
    forms: Forms, name: str, fields: Mapping[str, Field], known: Mapping[str, tuple[ColumnType, str]]
) -> PublishedColumn:
    if name in known and name not in fields:
        type_, label = known[name]
        return PublishedColumn(name=name, type=type_, label=label)
    item = fields.get(name) or OF_EVERY_RECORD.get(name) or Field(name=name, type="text", label=name)
    listed = forms.choices(item) if item.choices or item.choices_from else ()
    return PublishedColumn(
        name=name,
        type=_type(item),
        label=item.label,
        unit=item.unit or type_of(item).unit,
        help=item.help,
        source=item.source,
        choices={choice.value: choice.label for choice in listed},
        target=item.target,
        personal=is_personal(item) or type_of(item).holds_files,
    )


def _type(item: Field) -> ColumnType:
    """The type of a column; of a list, the JSON text that the view shows."""
    field_type = type_of(item)
    if field_type.is_yes_no:
        return "boolean"
    if field_type.is_date:
        return "date"
    if field_type.holds_files or field_type.is_list:
        return "json"
    return {"INTEGER": "integer", "REAL": "real", "TEXT": "text"}[field_type.sql]  # type: ignore[return-value]  # three of them

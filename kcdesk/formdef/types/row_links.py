"""Cells that name a row of another table of the same record: a budget line names its site.

A cell keeps the id of the row, so that a new name of the row is shown everywhere at once. A row that an officer removes
takes its id out of the cells that name it, in the same change; undo restores both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kcdesk.formdef.record_values import Data, Row, rows_of
from kcdesk.runtime.frozen import Value
from kcdesk.text import first_few, fold

if TYPE_CHECKING:
    from kcdesk.formdef.forms import Forms
    from kcdesk.formdef.model import Choice, Field, Form
    from kcdesk.formdef.places import Places

TYPE = "table_row"
_NAMED = 3  # names in a sentence
_WORDS = ("text", "paragraph", "unit")  # types whose values name a row for people


class RowLink(Value):
    """A column whose cells name rows of another table."""

    table: str
    column: str
    target: str  # the table of the named rows


def links_of(form: Form) -> tuple[RowLink, ...]:
    """The columns of a form that name rows of other tables."""
    return tuple(
        RowLink(table.name, column.name, column.rows_from)
        for table in form.tables
        for column in table.columns
        if column.type == TYPE
    )


def unlinked_sentence(form: Form, data: Mapping[str, Any], changes: Mapping[str, Any], target: str) -> str:
    """Say which rows no longer name a row of `target`, after changes of a record that now has `data`; "" for none."""
    lost = []
    for link in links_of(form):
        rows = {row["id"]: row for row in rows_of(data, link.table)} if link.target == target else {}
        emptied = [path.split("/")[1] for path in changes if _is_emptied(path, changes[path], link)]
        table = form.field(link.table)
        names = [name_of_row(table, rows[id_]) or table.row_label for id_ in emptied if id_ in rows]
        if names:
            lost.append(f"{len(names)} {table.row_label or 'dòng'} ({first_few(names, _NAMED, ', ')})")
    row_label = form.field(target).row_label or "dòng"
    return f"Nay chưa chọn {row_label}: {'; '.join(lost)}. Chọn lại, hoặc Ctrl+Z để lấy lại." if lost else ""


def _is_emptied(path: str, value: object, link: RowLink) -> bool:
    return value is None and path.startswith(f"{link.table}/") and path.endswith(f"/{link.column}")


def unlink_removed(form: Form, before: Mapping[str, Any], data: Data) -> None:
    """Empty the cells of `data` that name a row which `before` had and `data` no longer has."""
    for link in links_of(form):
        gone = _ids(before, link.target) - _ids(data, link.target)
        for row in rows_of(data, link.table) if gone else ():
            if row.get(link.column) in gone:
                del row[link.column]


def _ids(data: Mapping[str, Any], table: str) -> set[str]:
    return {row["id"] for row in rows_of(data, table)}


def name_of_row(table: Field, row: Mapping[str, Any]) -> str:
    """The text that names a row for people: its first required text, else its first text; "" if it has none."""
    for column in sorted(table.columns, key=lambda column: not column.required):
        value = row.get(column.name)
        if column.type in _WORDS and isinstance(value, str) and value.strip():
            return " ".join(value.split())
    return ""


def names_of_rows(table: Field, rows: list[Row]) -> dict[str, str]:
    """The name of each row by its id; rows of the same name, or without a name, are told apart by their number."""
    names = [name_of_row(table, row) for row in rows]
    times = Counter(map(fold, names))
    return {
        row["id"]: name
        if name and times[fold(name)] == 1
        else f"{name} (dòng {number})"
        if name
        else f"{table.row_label or 'dòng'} {number}".capitalize()
        for number, (row, name) in enumerate(zip(rows, names, strict=True), start=1)
    }


class RecordLookups:
    """The lookups of one record: the shared lists, and the rows that its cells may name."""

    def __init__(self, forms: Forms, form: Form, data: Mapping[str, Any]) -> None:
        self._forms, self._form, self._data = forms, form, data
        self._names: dict[str, Mapping[str, str]] = {}

    @property
    def places(self) -> Places:
        """The administrative units."""
        return self._forms.places

    def place_text(self, place: Mapping[str, str]) -> str:
        """A stored place as it is called now, with its former name."""
        return self._forms.place_text(place)

    def choices(self, field: Field) -> tuple[Choice, ...]:
        """The choices of a field, its own or those of a shared list."""
        return self._forms.choices(field)

    def row_names(self, table: str) -> Mapping[str, str]:
        """The names of the rows of a table by id, as they are now."""
        if table not in self._names:
            self._names[table] = names_of_rows(self._form.field(table), rows_of(self._data, table))
        return self._names[table]

"""The titles of the records of a package and of the records that they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kcdesk.errors import UserError
from kcdesk.exchange.container.entries import RecordEntry
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Form
from kcdesk.formdef.record_title import title_of
from kcdesk.formdef.types.registry import type_of
from kcdesk.store.reader import Reader


def titles(store: Reader, entries: Sequence[RecordEntry]) -> dict[str, str]:
    """The titles by record id: of `entries` from their own data, of others from the store ("" if unknown)."""
    by_id = {entry.id: _title(entry, store.forms) for entry in entries}
    references = {form: _references(store.forms.by_reference(form)) for form in {entry.form for entry in entries}}
    for entry in entries:
        for target in _targets(entry, references[entry.form]):
            if target not in by_id:
                by_id[target] = _stored_title(store, target)
    return by_id


def _references(form: Form) -> list[tuple[str, str]]:
    """The fields of a form that refer to records: ("field", "") or ("table", "column")."""
    fields = [(field.name, "") for field in form.fields if type_of(field).names_records]
    columns = ((table, column) for table in form.tables for column in table.columns)
    return fields + [(table.name, column.name) for table, column in columns if type_of(column).names_records]


def _targets(entry: RecordEntry, references: Iterable[tuple[str, str]]) -> set[str]:
    """The ids of all records that a record refers to, in its fields and its rows."""
    ids: set[str] = set()
    for name, column in references:
        values = [row.get(column) for row in entry.data.get(name, ())] if column else [entry.data.get(name)]
        for value in filter(None, values):
            ids.update(value if isinstance(value, list) else [value])
    return ids


def _stored_title(store: Reader, record: str) -> str:
    try:
        return store.get(record).title(store.forms)
    except UserError:
        return ""


def _title(entry: RecordEntry, forms: Forms) -> str:
    """The title of a record, from the data in the package."""
    return title_of(forms.by_reference(entry.form), entry.data, forms)

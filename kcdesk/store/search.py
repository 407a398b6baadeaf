"""The search index: folded words for typed text and facets for filters, both searched by one full-text query.

A facet is a single token: `live=proposal` (kind of a record), `gone=proposal` (kind of a deleted record),
`state=draft`, `beneficiaries=<id>`, `machines/serial_number=ab123`. Facets are folded: capitals and accents do not
count. A serial number has a second facet of its letters and digits alone. `was/tax_code=0101234567` is a former value,
and `was=name` stands for any former value of a field. `invoice=c26taa_123` is two parts of the identity of an invoice
that a record names (`formdef/types/invoice_identity`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from kcdesk import text
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import OF_EVERY_RECORD, Field, Form
from kcdesk.formdef.renames import Renames
from kcdesk.formdef.searched_fields import searched_fields
from kcdesk.formdef.types import invoice_identity
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.store.database.db import Connection
from kcdesk.store.former_values import FormerValue

_CODE_NAMES = ("_number", "code")  # endings of text fields that identify a thing: serial_number, registration_number
_LOOSE_NAMES = ("serial_number",)  # written in many ways, so that the letters and digits alone are searched too
_NOT_A_FACET = re.compile(r"[^\w-]+")
FORMER = "was"  # the facets of former values
INVOICE = "invoice"  # the facets of the invoices that a record names
_INVOICE_KEYS = "invoice#1"  # the way in which those are made: another one has every record indexed again
_MAX_FACETS = 60  # in one full-text query, whose depth SQLite limits
_MAX_WORDS = 8  # of a search text; more words do not narrow the result

TitleOf = Callable[[str], str]


@lru_cache(maxsize=20_000, typed=True)  # many records have the same years, choices and references
def facet(name: str, value: object) -> str:
    """The token for one value of a field; `name` may be `table/column`."""
    folded = text.fold(str(value).lower() if isinstance(value, bool) else str(value))
    return f"{name}={_NOT_A_FACET.sub('_', folded)}"


def has_facet(field: Field, name: str = "") -> bool:
    """Whether the index can filter by a field; `name` is its newest name, if it was renamed."""
    field_type = type_of(field)
    return field_type.is_filtered or (field_type.is_plain_text and (name or field.name).endswith(_CODE_NAMES))


def life(kind: str, deleted: bool) -> str:
    """The facet of the deleted records of a kind, or of those that are not deleted."""
    return facet("gone" if deleted else "live", kind)


def facets(form: Form, data: Mapping[str, Any], forms: Forms) -> list[str]:
    """The facets of the fields of a record and of the columns of its rows, by newest names."""
    paths = forms.once(("facets", form.reference), lambda: _facet_paths(form, forms.renames(form.id)))
    of_record: list[str] = []
    for name, value in data.items():
        path = paths.get(name)
        if path is None or value is None:
            continue
        if isinstance(path, str):
            of_record += _of_value(path, value)
        else:
            of_record += _of_rows(path, value)
    return of_record


def _facet_paths(form: Form, renames: Renames) -> dict[str, str | dict[str, str]]:
    """The newest name of every field that has facets; of a table those of its columns."""
    paths: dict[str, str | dict[str, str]] = {name: name for name in OF_EVERY_RECORD}
    for field in form.fields:
        paths.pop(field.name, None)
        if field.columns:
            newest = {column.name: renames.newest(f"{field.name}/{column.name}") for column in field.columns}
            paths[field.name] = {c.name: newest[c.name] for c in field.columns if has_facet(c, newest[c.name])}
        elif has_facet(field, renames.newest(field.name)):
            paths[field.name] = renames.newest(field.name)
    return paths


def _of_rows(columns: Mapping[str, str], rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in rows if columns else ():
        for name, path in columns.items():
            if row.get(name) is not None:
                yield from _of_value(path, row[name])


def _of_value(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = [part for part in value.values() if part]
    for single in value if isinstance(value, list) else [value]:
        yield facet(name, single)
        if name.endswith(_LOOSE_NAMES) and (bare := text.bare_code(str(single))):
            yield facet(name, bare)


def searched_names(form: Form) -> Iterator[str]:
    """The fields and columns whose words are searched in records of a form."""
    for field in searched_fields(form):
        yield from (f"{field.name}/{column.name}" for column in field.columns)
        yield field.name


def facet_names(form: Form, renames: Renames) -> Iterator[str]:
    """The fields and columns by which records of a form can be filtered, by newest names."""
    if invoice_identity.naming_columns(form.by_name):
        yield _INVOICE_KEYS
    for field in form.fields:
        for column in (field, *field.columns):
            path = renames.newest(field.name if column is field else f"{field.name}/{column.name}")
            if has_facet(column, path):
                yield path


def words(form: Form, data: dict[str, Any], forms: Forms, title_of: TitleOf) -> list[str]:
    """The folded words by which a record can be searched; a reference adds the title of the record that it names."""
    searched_words: list[str] = []
    searched = forms.once(("searched", form.reference), lambda: {field.name: field for field in searched_fields(form)})
    for name, value in data.items():
        field = form.by_name.get(name)
        if field is None:
            continue
        field_type = type_of(field)
        if field_type.names_records:
            for id_ in field_type.named_records(value):
                searched_words += text.index_words(title_of(id_))
        elif searched_field := searched.get(name):
            searched_words += text.index_words(field_type.search_text(value, searched_field, forms))
    return searched_words


def references(form: Form, data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Path and record id of every reference in a record."""
    for name, value in data.items():
        field = form.by_name.get(name)
        if field is None or value is None:
            continue
        if field.columns:
            yield from _named_in_rows(field, value)
        elif type_of(field).names_records:
            yield from ((name, id_) for id_ in type_of(field).named_records(value))


def _named_in_rows(table: Field, rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    columns = [column for column in table.columns if type_of(column).names_records]
    for row in rows if columns else ():
        for column in columns:
            path = f"{table.name}/{row['id']}/{column.name}"
            yield from ((path, id_) for id_ in type_of(column).named_records(row.get(column.name)))


class IndexEntry(Value, kw_only=True):
    """The data of a record that are indexed; its links lead to survivors, `kept` has them as they were written."""

    seq: int
    kind: str
    form: Form
    data: dict[str, Any]
    deleted: bool
    former: Sequence[FormerValue] = ()
    kept: Mapping[str, Any] | None = None  # if it names merged records


def put(connection: Connection, records: Iterable[IndexEntry], forms: Forms, title_of: TitleOf) -> None:
    """Index records, replacing their earlier entries."""
    connection.many(
        "INSERT OR REPLACE INTO record_search (rowid, words, facets) VALUES (?, ?, ?)",
        (
            (
                record.seq,
                " ".join(dict.fromkeys(_words(record, forms, title_of))),
                " ".join(dict.fromkeys(_facets(record, forms))),
            )
            for record in records
        ),
    )


def _facets(record: IndexEntry, forms: Forms) -> Iterator[str]:
    yield life(record.kind, record.deleted)
    for data in (record.data, record.kept or {}):
        yield from facets(record.form, data, forms)
    if invoice_identity.naming_columns(record.form.by_name):
        for _path, invoice in invoice_identity.identities(record.data):
            yield from (facet(INVOICE, key) for key in invoice.index_keys())
    for former in record.former:
        yield facet(FORMER, former.path)
        if has_facet(_own_field(record, forms, former.path), former.path):
            yield from _of_value(f"{FORMER}/{former.path}", former.value)


def _own_field(record: IndexEntry, forms: Forms, newest: str) -> Field:
    return record.form.field(forms.renames(record.kind).own(record.form, newest))


def _words(record: IndexEntry, forms: Forms, title_of: TitleOf) -> list[str]:
    """The words of a record, then those of its former values."""
    searched_words = words(record.form, record.data, forms, title_of)
    for former in record.former:
        field = _own_field(record, forms, former.path)
        if field.name in searched_names(record.form):
            searched_words += text.index_words(type_of(field).search_text(former.value, field, forms))
    return searched_words


def match(all_of: list[list[str]], search: str, *, whole_words: bool = False) -> str:
    """A full-text query: at least one facet of each group, and every word of `search` as the beginning of a word.

    With `whole_words` every word of `search` must be a whole word.
    """
    end = "" if whole_words else " *"
    groups = [" OR ".join(f'facets : "{facet}"' for facet in group) for group in all_of]
    typed = text.tokens(search)[:_MAX_WORDS]
    return " AND ".join([f"({group})" for group in groups] + [f'words : "{word}"{end}' for word in typed])


def has_words(search: str) -> bool:
    """Whether a search text has any words."""
    return bool(text.tokens(search))


def references_to(forms: Forms, kind: str) -> tuple[str, ...]:
    """The fields (`name`) and columns (`table/column`) that may name a record of `kind`, by newest names."""
    return forms.once(("references to", kind), lambda: _references_to(forms, kind))


def _references_to(forms: Forms, kind: str) -> tuple[str, ...]:
    paths = {
        forms.renames(form.id).newest(f"{field.name}/{column.name}" if column is not field else field.name)
        for form in forms.all
        for field in form.fields
        for column in (field, *field.columns)
        if type_of(column).names_records and column.target in ("", kind)
    }
    return tuple(sorted(paths))


def referring(connection: Connection, paths: Iterable[str], ids: Sequence[str]) -> list[int]:
    """The `seq` of every record, deleted ones too, that refers to one of these records at one of these paths."""
    named = [facet(path, id_) for path in paths for id_ in ids]
    seqs: dict[int, None] = {}
    for start in range(0, len(named), _MAX_FACETS):
        query = match([named[start : start + _MAX_FACETS]], "")
        rows = connection.all("SELECT rowid FROM record_search WHERE record_search MATCH ?", [query])
        seqs.update(dict.fromkeys(row[0] for row in rows))
    return list(seqs)

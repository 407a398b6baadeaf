"""The search index: folded words for people, facets for filters; both answered by one full-text query.

A facet is one token: `live=proposal` (the kind of a living record, `gone=` of a deleted one), `state=draft`,
`beneficiaries=<id>`, `machines/serial_number=ab123`. Facets compare folded: capitals and accents do not count; a serial
number has a second one of its letters and digits alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kcdesk import text
from kcdesk.formdef.loading.loader import Forms
from kcdesk.formdef.model import OF_EVERY_RECORD, Field, Form
from kcdesk.formdef.renames import Renames
from kcdesk.formdef.searched_fields import searched_fields
from kcdesk.formdef.types.registry import type_of
from kcdesk.store.database.db import Connection

_CODE_NAMES = ("_number", "code")  # texts that name one thing: serial_number, registration_number
_LOOSE_NAMES = ("serial_number",)  # of these, written in many ways, the letters and digits count too
_NOT_A_FACET = re.compile(r"[^\w-]+")
_ASKED_AT_ONCE = 60  # facets of one full-text query, whose depth SQLite limits
_MOST_WORDS = 8  # of a query; more narrow nothing down

TitleOf = Callable[[str], str]


@lru_cache(maxsize=20_000, typed=True)  # years, choices and references come again in many records
def facet(name: str, value: object) -> str:
    """The token that stands for one value of a field; `name` may be `table/column`."""
    folded = text.fold(str(value).lower() if isinstance(value, bool) else str(value))
    return f"{name}={_NOT_A_FACET.sub('_', folded)}"


def has_facet(field: Field, name: str = "") -> bool:
    """Whether a field can be filtered by through the index; `name` is its newest name, where it has another."""
    field_type = type_of(field)
    return field_type.is_filtered or (field_type.is_plain_text and (name or field.name).endswith(_CODE_NAMES))


def life(kind: str, deleted: bool) -> str:
    """The facet of the living, or of the deleted, records of a kind."""
    return facet("gone" if deleted else "live", kind)


def facets(form: Form, data: dict[str, Any], renames: Renames) -> Iterator[str]:
    """The facets of a record's fields and of the columns of its rows, by the newest names."""
    for name, value in data.items():
        field = form.by_name.get(name)
        if field is None:
            if name in OF_EVERY_RECORD:
                yield facet(name, value)
            continue
        if field.columns:
            yield from _of_rows(field, value, renames)
        elif value is not None and has_facet(field, newest := renames.newest(name)):
            yield from _of_value(newest, value)


def _of_rows(table: Field, rows: Iterable[dict[str, Any]], renames: Renames) -> Iterator[str]:
    paths = {column.name: renames.newest(f"{table.name}/{column.name}") for column in table.columns}
    columns = [column.name for column in table.columns if has_facet(column, paths[column.name])]
    for row in rows:
        for name in columns:
            if row.get(name) is not None:
                yield from _of_value(paths[name], row[name])


def _of_value(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = [part for part in value.values() if part]
    for single in value if isinstance(value, list) else [value]:
        yield facet(name, single)
        if name.endswith(_LOOSE_NAMES) and (bare := text.bare_code(str(single))):
            yield facet(name, bare)


def searched_names(form: Form) -> Iterator[str]:
    """The fields and columns by whose words records of a form are found."""
    for field in searched_fields(form):
        yield from (f"{field.name}/{column.name}" for column in field.columns)
        yield field.name


def facet_names(form: Form, renames: Renames) -> Iterator[str]:
    """The fields and columns by which records of a form can be filtered, by their newest names."""
    for field in form.fields:
        for column in (field, *field.columns):
            path = renames.newest(field.name if column is field else f"{field.name}/{column.name}")
            if has_facet(column, path):
                yield path


def words(form: Form, data: dict[str, Any], forms: Forms, title_of: TitleOf) -> Iterator[str]:
    """The folded words by which a record is found; a reference counts with the title of what it names."""
    searched = forms.once(("searched", form.reference), lambda: {field.name: field for field in searched_fields(form)})
    for name, value in data.items():
        field = form.by_name.get(name)
        if field is None:
            continue
        field_type = type_of(field)
        if field_type.names_records:
            for id_ in field_type.named_records(value):
                yield from text.tokens(title_of(id_))
        elif searched_field := searched.get(name):
            yield from text.tokens(field_type.search_text(value, searched_field, forms))


def references(form: Form, data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Path and record id of everything that a record refers to."""
    for field in form.fields:
        value = data.get(field.name)
        if value is None:
            continue
        if field.columns:
            yield from _named_in_rows(field, value)
        elif type_of(field).names_records:
            yield from ((field.name, id_) for id_ in type_of(field).named_records(value))


def _named_in_rows(table: Field, rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    columns = [column for column in table.columns if type_of(column).names_records]
    for row in rows if columns else ():
        for column in columns:
            path = f"{table.name}/{row['id']}/{column.name}"
            yield from ((path, id_) for id_ in type_of(column).named_records(row.get(column.name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the index is told of a record."""

    seq: int
    kind: str
    form: Form
    data: dict[str, Any]
    deleted: bool


def put(connection: Connection, records: Iterable[Found], forms: Forms, title_of: TitleOf) -> None:
    """Index records, in place of what the index held of them."""
    connection.many(
        "INSERT OR REPLACE INTO record_search (rowid, words, facets) VALUES (?, ?, ?)",
        (
            (
                record.seq,
                " ".join(dict.fromkeys(words(record.form, record.data, forms, title_of))),
                " ".join(dict.fromkeys(_facets(record, forms))),
            )
            for record in records
        ),
    )


def _facets(record: Found, forms: Forms) -> Iterator[str]:
    yield life(record.kind, record.deleted)
    yield from facets(record.form, record.data, forms.renames(record.kind))


def match(all_of: list[list[str]], search: str) -> str:
    """A full-text query: one facet of each group, and every word of `search` as the beginning of a word."""
    groups = [" OR ".join(f'facets : "{facet}"' for facet in group) for group in all_of]
    typed = text.tokens(search)[:_MOST_WORDS]
    return " AND ".join([f"({group})" for group in groups] + [f'words : "{word}" *' for word in typed])


def has_words(search: str) -> bool:
    """Whether there is anything to search for."""
    return bool(text.tokens(search))


def references_to(forms: Forms, kind: str) -> tuple[str, ...]:
    """The fields (`name`) and columns (`table/column`) that may name a record of `kind`, by their newest names."""
    paths = {
        forms.renames(form.id).newest(f"{field.name}/{column.name}" if column is not field else field.name)
        for form in forms.all
        for field in form.fields
        for column in (field, *field.columns)
        if type_of(column).names_records and column.target in ("", kind)
    }
    return tuple(sorted(paths))


def referring(connection: Connection, paths: Iterable[str], ids: Sequence[str]) -> list[int]:
    """The `seq` of every record, deleted ones too, that refers at one of these paths to one of these records."""
    named = [facet(path, id_) for path in paths for id_ in ids]
    found: dict[int, None] = {}
    for start in range(0, len(named), _ASKED_AT_ONCE):
        query = match([named[start : start + _ASKED_AT_ONCE]], "")
        rows = connection.all("SELECT rowid FROM record_search WHERE record_search MATCH ?", [query])
        found.update(dict.fromkeys(row[0] for row in rows))
    return list(found)

"""Conditions of a list on any field, on columns of tables and on fields of the records that are named, as SQL.

A path is `field`, `table.column`, or goes on through a reference: `beneficiary.name`, `sites.beneficiary.place`.
Every value is a parameter; only names that the forms know become a part of SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Literal

from kcdesk.errors import UserError
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import OF_EVERY_RECORD, Field
from kcdesk.formdef.searched_fields import searched_fields
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.store.database import views
from kcdesk.store.database.db import canonical

Operator = Literal["in", "not in", ">=", "<=", ">", "<", "between", "~", "!~", "filled", "empty"]
COLUMNS = ("id", "parent", "form", "unit")  # of the table of records; every kind has them
_OPPOSITES = {"not in": "in", "!~": "~", "empty": "filled"}


class Comparison(Value):
    """One comparison with stored values: `between` has two, `in` any number, `~` typed words, `filled` none."""

    operator: Operator
    values: tuple[Any, ...] = ()


class Comparisons(Value):
    """What must hold of one path of a record, all together."""

    parts: tuple[Comparison, ...]


class _Place(Value):
    """Where a path has come to: a kind of record, and the SQL of its JSON document."""

    kind: str
    alias: str  # of the table of records
    depth: int = 0


Sql = tuple[str, list[Any]]


class ComparisonWriter:
    """Writes comparisons as SQL conditions on the table `record`."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms

    def condition(self, kind: str, path: str, comparison: Comparison) -> Sql:
        """The condition with its parameters; UserError `unknown_field` for a path that the forms do not know."""
        opposite = _OPPOSITES.get(comparison.operator)
        wanted = Comparison(opposite, comparison.values) if opposite else comparison  # type: ignore[arg-type]  # of the table
        sql, values = self._at(_Place(kind, "record"), path, wanted)
        return (f"NOT coalesce({sql}, 0)", values) if opposite else (sql, values)

    def indexed_words(self, kind: str, path: str, comparison: Comparison) -> str:
        """The words that the search index can look up before SQL asks for the field; "" if it has not all of them."""
        if comparison.operator != "~":
            return ""
        name, _, rest = path.partition(".")
        field = field_at(self._forms, kind, name)
        in_table = field is not None and bool(field.columns) and "." not in rest
        if field is None or (rest and not in_table) or not self._is_indexed(kind, name, rest):
            return ""
        return " ".join(str(value) for value in comparison.values)

    def _is_indexed(self, kind: str, name: str, column: str) -> bool:
        newest = self._forms.renames(kind).newest
        for form in self._forms.versions_of(kind):
            named = {newest(field.name): field for field in searched_fields(form)}
            indexed = name in named and (not column or any(item.name == column for item in named[name].columns))
            own = next((field for field in form.fields if newest(field.name) == name), None)
            if own is not None and not indexed and not (type_of(own).names_records and not column):
                return False
        return True

    # -- along the path ------------------------------------------------------------------------------------------

    def _at(self, place: _Place, path: str, comparison: Comparison) -> Sql:
        name, _, rest = path.partition(".")
        if name in COLUMNS:
            return _of_value(f"{place.alias}.{name}", None, comparison)
        document = f"{place.alias}.data"
        field = field_at(self._forms, place.kind, name)
        names = self._forms.renames(place.kind).names(name)
        if field is not None and field.columns:
            return self._in_rows(place, document, names, field, rest, comparison)
        return self._of_field(place, document, names, field, rest, comparison)

    def _in_rows(
        self, place: _Place, document: str, names: Sequence[str], table: Field, rest: str, comparison: Comparison
    ) -> Sql:
        """Some row fulfils it; a table without a column is filled when it has a row."""
        line = f"line{place.depth}"
        rows = f"SELECT 1 FROM json_each({views.rows_in(document, names)}) AS {line}"
        if not rest:
            return f"EXISTS ({rows})", []
        name, _, further = rest.partition(".")
        column = next((column for column in table.columns if column.name == name), None)
        if column is None:
            raise unknown_field(f"{table.name}.{name}")
        own = self._forms.renames(place.kind).column_names(table.name, name)
        inner = _Place(place.kind, place.alias, place.depth + 1)
        sql, values = self._of_field(inner, f"{line}.value", own, column, further, comparison)
        return f"EXISTS ({rows} WHERE {sql})", values

    def _of_field(
        self, place: _Place, document: str, names: Sequence[str], field: Field | None, rest: str, comparison: Comparison
    ) -> Sql:
        if field is not None and type_of(field).names_records and (rest or comparison.operator == "~"):
            return self._of_named(place, document, names, field, rest, comparison)
        if rest:
            raise unknown_field(rest)
        return _of_value_in(self._forms, document, names, field, comparison)

    def _of_named(
        self, place: _Place, document: str, names: Sequence[str], field: Field, rest: str, comparison: Comparison
    ) -> Sql:
        """Some record that the field names fulfils it; without a further field its title does."""
        alias = f"named{place.depth}"
        inner = _Place(field.target, alias, place.depth + 1)
        sql, values = self._at(inner, rest, comparison) if rest else self._of_title(inner, comparison)
        fulfilling = f"SELECT {alias}.id FROM record AS {alias} WHERE {_living(inner)} AND {sql}"  # asked once for all
        if type_of(field).is_reference:
            return f"{views.link(self._forms, field, views.extracted(document, names))} IN ({fulfilling})", values
        entries = f"SELECT 1 FROM json_each({views.rows_in(document, names)}) AS entry"
        return f"EXISTS ({entries} WHERE {views.link(self._forms, field, 'entry.value')} IN ({fulfilling}))", values

    def _of_title(self, place: _Place, comparison: Comparison) -> Sql:
        form = self._forms.current(place.kind)
        texts = [
            f"coalesce({views.extracted(f'{place.alias}.data', self._forms.renames(place.kind).names(name))}, '')"
            for name in form.title
        ]
        title = " || ' ' || ".join(texts)
        return f"has_words({title}, ?)", list(comparison.values)


def _living(place: _Place) -> str:
    return f"{place.alias}.kind = '{place.kind}' AND {place.alias}.deleted IS NULL"


def field_at(forms: Forms, kind: str, name: str, column: str = "") -> Field | None:
    """The newest definition of a field, or of a column of a table; None for a field that every record has.

    UserError `unknown_field`.
    """
    if name in OF_EVERY_RECORD and not column:
        return None
    for form in reversed(forms.versions_of(kind)):
        with suppress(KeyError):
            field = form.field(name)
            return field.column(column) if column else field
    raise unknown_field(f"{name}/{column}" if column else name)


def unknown_field(name: str) -> UserError:
    """The refusal of a field that no form has."""
    return UserError(f"Không có trường «{name}».", code="unknown_field", field=name)


def _of_value_in(forms: Forms, document: str, names: Sequence[str], field: Field | None, comparison: Comparison) -> Sql:
    """The comparison of one field of a document; a list fulfils what one of its entries does."""
    if field is not None and type_of(field).is_place:
        parts = [views.extracted(document, names, part) for part in (".commune", ".old_commune")]
        written = [_of_value(part, field, comparison) for part in parts]
        return f"({' OR '.join(sql for sql, _ in written)})", [value for _, values in written for value in values]
    if field is not None and type_of(field).is_list and comparison.operator == "in":
        sql, values = _of_value(views.link(forms, field, "entry.value"), field, comparison)
        return f"EXISTS (SELECT 1 FROM json_each({views.rows_in(document, names)}) AS entry WHERE {sql})", values
    value = views.extracted(document, names)
    return _of_value(views.link(forms, field, value) if field is not None else value, field, comparison)


def _of_value(left: str, field: Field | None, comparison: Comparison) -> Sql:
    if comparison.operator == "filled":
        return f"{left} IS NOT NULL", []
    if comparison.operator == "~":
        return f"has_words({left}, ?)", list(comparison.values)
    is_real = field is not None and type_of(field).sql == "REAL"
    number = f"CAST({left} AS REAL)" if is_real else left
    values = [float(value) for value in comparison.values] if is_real else list(comparison.values)
    if comparison.operator == "in":
        return f"{number} IN (SELECT value FROM json_each(?))", [canonical(list(_plain(values)))]
    if comparison.operator == "between":
        return f"{number} BETWEEN ? AND ?", values
    return f"{number} {comparison.operator} ?", values


def _plain(values: Sequence[Any]) -> Iterator[Any]:
    """The values as json_extract gives them: true is 1."""
    return (int(value) if isinstance(value, bool) else value for value in values)

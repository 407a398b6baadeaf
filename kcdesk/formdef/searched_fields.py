"""The searched fields of a form: every text that is not sensitive, with the differences given in its `search`."""

from __future__ import annotations

from collections.abc import Iterator

from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import replace

LEFT_OUT = "-"  # prefix of a name in `search` that is not searched


def searched_fields(form: Form) -> tuple[Field, ...]:
    """The searched fields of a form, in its order; a table has only its searched columns."""
    return tuple(_searched(form))


def is_searched_by_itself(field: Field) -> bool:
    """Whether a field or column is searched by default: it is typed text and not sensitive."""
    return type_of(field).is_text and not field.sensitive and not field.computed


def _searched(form: Form) -> Iterator[Field]:
    for field in form.fields:
        if not field.columns:
            if _is_searched(form, field, field.name):
                yield field
        elif columns := tuple(column for column in field.columns if _is_column_searched(form, field, column)):
            yield field if columns == field.columns else replace(field, columns=columns)


def _is_searched(form: Form, field: Field, path: str) -> bool:
    if field.sensitive or f"{LEFT_OUT}{path}" in form.search:
        return False
    return path in form.search or is_searched_by_itself(field)


def _is_column_searched(form: Form, table: Field, column: Field) -> bool:
    """A table in `search` is searched in all its columns; a table left out, in none."""
    if table.sensitive or f"{LEFT_OUT}{table.name}" in form.search:
        return False
    named_whole = table.name in form.search and f"{LEFT_OUT}{table.name}.{column.name}" not in form.search
    return (named_whole and not column.sensitive) or _is_searched(form, column, f"{table.name}.{column.name}")

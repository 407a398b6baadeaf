"""Fields that a later version calls otherwise (`renamed_from`): which names of a kind stand for one field.

A record keeps the names of the version that it was filled with. Whatever spans versions asks by the newest name and
reads the value that stands under an earlier one. A name that was given up is never used again, so that each of them
leads to one field whatever version a record follows; the loader sees to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from kcdesk.formdef.model import Field, Form


class Renames:
    """The renamed fields of one kind, and the renamed columns of its tables. Paths: `cost`, `budget/cost`."""

    def __init__(self, versions: Iterable[Form]) -> None:
        self._newest: dict[str, str] = {}  # by each name that was given up
        self._columns: dict[str, dict[str, str]] = {}  # the same by the newest name of a table
        for form in sorted(versions, key=lambda form: form.version):
            _note(self._newest, form.fields)
        for form in sorted(versions, key=lambda form: form.version):
            for table in form.tables:
                _note(self._columns.setdefault(self._newest.get(table.name, table.name), {}), table.columns)
        self._columns = {table: renamed for table, renamed in self._columns.items() if renamed}

    def __bool__(self) -> bool:
        """Whether anything was renamed at all."""
        return bool(self._newest or self._columns)

    def newest(self, path: str) -> str:
        """The newest name of a field, or of `table/column`."""
        table, _, column = path.partition("/")
        table = self._newest.get(table, table)
        return f"{table}/{self._columns.get(table, {}).get(column, column)}" if column else table

    def names(self, name: str) -> tuple[str, ...]:
        """Every name of a field, the newest first."""
        return _names(self._newest, name)

    def column_names(self, table: str, name: str) -> tuple[str, ...]:
        """Every name of a column of a table, the newest first."""
        return _names(self._columns.get(self._newest.get(table, table), {}), name)

    def own(self, form: Form, path: str) -> str:
        """What a version calls the field at a path: `name`, `table/column`, or `table/<row id>/column` of a record.

        A name that it knows under no other name stays as it is.
        """
        if not self:
            return path
        name, *rest = path.split("/")
        own = next((other for other in self.names(name) if other in form.by_name), name)
        if not rest or own not in form.by_name:
            return "/".join((own, *rest))
        columns = {column.name for column in form.by_name[own].columns}
        last = next((other for other in self.column_names(name, rest[-1]) if other in columns), rest[-1])
        return "/".join((own, *rest[:-1], last))

    def in_newest_words(self, field: Field) -> Field:
        """A field of any version with the newest names of itself and of its columns."""
        names = {column.name: self.newest(f"{field.name}/{column.name}").partition("/")[2] for column in field.columns}
        columns = tuple(replace(column, name=names[column.name]) for column in field.columns)
        totals = tuple(names[name] for name in field.totals)
        return replace(field, name=self.newest(field.name), columns=columns, totals=totals)

    def in_newest(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values of a record by the newest names of fields and columns; the same object where none was renamed."""
        if not self:
            return data
        renamed = {self._newest.get(name, name): value for name, value in data.items()}
        for table, columns in self._columns.items():
            rows = renamed.get(table)
            if isinstance(rows, list):
                renamed[table] = [{columns.get(name, name): cell for name, cell in row.items()} for row in rows]
        return renamed


def _note(newest: dict[str, str], fields: Iterable[Field]) -> None:
    """Add what these fields were called before; what led to the old name leads to the new one from now on."""
    for field in fields:
        if field.renamed_from and field.renamed_from != field.name:
            newest.update({old: field.name for old, new in newest.items() if new == field.renamed_from})
            newest[field.renamed_from] = field.name


def _names(newest: Mapping[str, str], name: str) -> tuple[str, ...]:
    name = newest.get(name, name)
    return (name, *reversed([old for old, new in newest.items() if new == name]))

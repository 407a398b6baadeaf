"""Renamed fields (`renamed_from`): which names of a kind mean the same field.

A record keeps the names of its own version. Code that spans versions uses the newest name and reads the value under the
older name. A former name is never used again, so every name means one field in all versions; the loader checks this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kcdesk.formdef.model import Field, Form
from kcdesk.runtime.frozen import replace


class Renames:
    """The renamed fields of one kind, and the renamed columns of its tables. Paths: `cost`, `budget/cost`."""

    def __init__(self, versions: Iterable[Form]) -> None:
        self._newest: dict[str, str] = {}  # former name to newest name
        self._columns: dict[str, dict[str, str]] = {}  # newest name of a table to the same for its columns
        for form in sorted(versions, key=lambda form: form.version):
            _note(self._newest, form.fields)
        for form in sorted(versions, key=lambda form: form.version):
            for table in form.tables:
                _note(self._columns.setdefault(self._newest.get(table.name, table.name), {}), table.columns)
        self._columns = {table: renamed for table, renamed in self._columns.items() if renamed}

    def __bool__(self) -> bool:
        """Whether any field or column was renamed."""
        return bool(self._newest or self._columns)

    def newest(self, path: str) -> str:
        """The newest name of a field, or of `table/column`."""
        table, _, column = path.partition("/")
        table = self._newest.get(table, table)
        return f"{table}/{self._columns.get(table, {}).get(column, column)}" if column else table

    def names(self, name: str) -> tuple[str, ...]:
        """All names of a field, newest first."""
        return _names(self._newest, name)

    def column_names(self, table: str, name: str) -> tuple[str, ...]:
        """All names of a column of a table, newest first."""
        return _names(self._columns.get(self._newest.get(table, table), {}), name)

    def own(self, form: Form, path: str) -> str:
        """The path with the names of a version, for `name`, `table/column` or `table/<row id>/column`.

        A name that the version does not know under any name stays as it is.
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
        """A field of any version, with the newest names of the field and its columns."""
        names = {column.name: self.newest(f"{field.name}/{column.name}").partition("/")[2] for column in field.columns}
        columns = tuple(replace(column, name=names[column.name]) for column in field.columns)
        totals = tuple(names[name] for name in field.totals)
        return replace(field, name=self.newest(field.name), columns=columns, totals=totals)

    def in_newest(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values of a record by newest names of fields and columns; the same object if nothing was renamed."""
        if not self:
            return data
        renamed = {self._newest.get(name, name): value for name, value in data.items()}
        for table, columns in self._columns.items():
            rows = renamed.get(table)
            if isinstance(rows, list):
                renamed[table] = [{columns.get(name, name): cell for name, cell in row.items()} for row in rows]
        return renamed


def _note(newest: dict[str, str], fields: Iterable[Field]) -> None:
    """Add the former names of these fields; names that led to a former name now lead to the new name."""
    for field in fields:
        if field.renamed_from and field.renamed_from != field.name:
            newest.update({old: field.name for old, new in newest.items() if new == field.renamed_from})
            newest[field.renamed_from] = field.name


def _names(newest: Mapping[str, str], name: str) -> tuple[str, ...]:
    name = newest.get(name, name)
    return (name, *reversed([old for old, new in newest.items() if new == name]))

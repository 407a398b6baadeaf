"""The scope of a named rule: the record, or the row of a table, from which it takes its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.types.date_types import stored_date
from kcdesk.formdef.types.number_types import number_in
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.types.row_links import RecordLookups
from kcdesk.formdef.values import Stored, is_blank
from kcdesk.runtime.frozen import Value, replace

if TYPE_CHECKING:
    from kcdesk.formdef.forms import Forms


class Scope(Value):
    """A record, or one row of one of its tables."""

    form: Form
    data: Mapping[str, Any]
    forms: Forms | None = None
    table: str = ""
    row: Mapping[str, Any] | None = None
    row_number: int = 0

    def rows(self, table: str) -> Iterator[Scope]:
        """Yield a scope for each row of a table."""
        rows = self.data.get(table)
        for number, row in enumerate(rows if isinstance(rows, list) else (), start=1):
            if isinstance(row, dict):
                yield Scope(self.form, self.data, self.forms, table, row, number)

    def field(self, name: str) -> Field:
        """The definition of "field", "table.column" or, in a row, "column"."""
        table, _, column = name.rpartition(".")
        if table:
            return self.form.field(table).column(column)
        columns = self.form.field(self.table).columns if self.table else ()
        return next((item for item in columns if item.name == name), None) or self.form.field(name)

    def values(self, name: str) -> list[Any]:
        """The values: at most one, or for a column seen from outside its rows one for each row."""
        table, _, column = name.rpartition(".")
        if table and table != self.table:
            return [value for scope in self.rows(table) for value in scope.values(name)]
        in_row = self.row is not None and self.field(name) in self.form.field(self.table).columns
        value = (self.row or {}).get(column) if in_row else self.data.get(column)
        return [] if is_blank(value) else [value]

    def singles(self, name: str) -> list[Scope]:
        """The scopes in which the name is one value: this one, or the rows of a column seen from outside them."""
        table = name.rpartition(".")[0]
        return list(self.rows(table)) if table and table != self.table else [self]

    def number(self, name: str) -> Decimal | None:
        """The number of a field, or the total of a column; None if there is none."""
        counted = self.numbers(name)
        return sum(counted, Decimal(0)) if counted else None

    def numbers(self, name: str) -> list[Decimal]:
        """All numbers of a field or column."""
        numbers = (number_in(type_of(self.field(name)), value) for value in self.values(name))
        return [number for number in numbers if number is not None]

    def operand(self, name: str) -> Decimal | date | None:
        """The value for a computation: a date, or a number."""
        if self.field(name).type != "date":
            return self.number(name)
        return next((stored_date(value) for value in self.values(name)), None)

    def text(self, name: str) -> str:
        """The value as on the screen, without its unit."""
        field = replace(self.field(name), unit="")
        lookups = RecordLookups(self.forms, self.form, self.data) if self.forms else None
        return "; ".join(type_of(field).text(value, field, lookups) for value in self.values(name))

    def path(self, name: str) -> str:
        """The path of the value in the record."""
        table, _, column = name.rpartition(".")
        if self.row is not None and table == self.table:
            return f"{table}/{self.row.get('id', '')}/{column}"
        return table or column


class Spot(Value):
    """A visible field or cell: its path, label and value, and the values on which its conditions are evaluated."""

    path: str
    field: Field
    label: str
    value: Stored | None
    values: Mapping[str, Any]

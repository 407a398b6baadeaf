"""The tree of a computed field: what its definition names, read as `computing.compute` reads it."""

from __future__ import annotations

from collections.abc import Iterator

from kcdesk.formdef import computing, rules
from kcdesk.formdef.derivations.amounts import cell_of, unit_of
from kcdesk.formdef.derivations.nodes import Derivation, LegalBasis
from kcdesk.formdef.model import Field
from kcdesk.formdef.record import Record
from kcdesk.formdef.scope import Scope
from kcdesk.formdef.types.number_types import NumberType
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import replace


def is_number(field: Field) -> bool:
    """Whether a field holds an amount, a rate or another number that can be explained; a year is a date."""
    field_type = type_of(field)
    return isinstance(field_type, NumberType) and not field_type.is_year


def is_computed(field: Field) -> bool:
    """Whether the form computes the number of a field from other numbers."""
    return bool(field.computed) and bool(computing.COMPUTATIONS[field.computed].operation)


def computed_derivation(record: Record, path: str) -> Derivation:
    """The value of a computed field with the cells of the same record from which it is computed."""
    field, scope = record.field(path), scope_at(record, path)
    operation = computing.COMPUTATIONS[field.computed].operation
    parts = tuple(_part(record, place, name) for place, name in computing.places(field, scope))
    if len(parts) == 1 and parts[0].operation and operation in ("sum", "mean"):
        parts = parts[0].parts  # the rows of the only column
    return replace(
        labelled_cell(record, path),
        operation=operation,
        parts=parts,
        decimals=0 if type_of(field).groups_digits else None,
    )


def labelled_cell(record: Record, path: str) -> Derivation:
    """A cell of a record with its row in its label, and the rule that its form names."""
    field, cell = record.field(path), cell_of(record, path)
    scope = scope_at(record, path)
    label = field.label if scope.row is None else f"{rules.row_name(scope)}: {field.heading}"
    return replace(cell, label=label, rule=_rule(record, path, field), secret=field.sensitive)


def column_total(record: Record, name: str) -> Derivation | None:
    """The total of a column of numbers, named «table.column»; None if there is no such column."""
    table, _, column = name.partition(".")
    field = record.form.by_name.get(table)
    known = {entry.name: entry for entry in field.columns} if field else {}
    if column not in known or not is_number(known[column]):
        return None
    total = _part(record, Scope(record.form, record.data, record.forms), name)
    return replace(total, cell=None)


def scope_at(record: Record, path: str) -> Scope:
    """The record, or the row in which a path stands."""
    scope = Scope(record.form, record.data, record.forms)
    table, _, rest = path.partition("/")
    row_id = rest.partition("/")[0]
    return next((row for row in scope.rows(table) if (row.row or {}).get("id") == row_id), scope) if rest else scope


def number_paths(record: Record) -> Iterator[str]:
    """The paths of all filled numbers of a record that are seen, in the order of the paper."""
    for field in record.fields_visible():
        if is_number(field):
            yield from (field.name,) if record.value(field.name) is not None else ()
        for row in record.rows(field.name) if field.columns else ():
            cells = (column.name for column in field.columns if is_number(column) and column.name in row)
            yield from (f"{field.name}/{row['id']}/{cell}" for cell in cells)


def _part(record: Record, place: Scope, name: str) -> Derivation:
    cells = [labelled_cell(record, _path(single, name)) for single in place.singles(name)]
    if place.singles(name) == [place]:
        return cells[0]
    field = place.field(name)
    number = place.number(name)
    label = f"{record.field(name.partition('.')[0]).heading}: cộng cột {field.heading}"
    return Derivation(
        label=label, value=number, unit=unit_of(field), operation="sum", parts=tuple(cells), decimals=None
    )


def _path(place: Scope, name: str) -> str:
    """The path of a value in a scope; in a row, names of its columns come before those of the record."""
    column = name.rpartition(".")[2]
    in_row = place.row is not None and place.field(name) in place.form.field(place.table).columns
    return f"{place.table}/{(place.row or {}).get('id', '')}/{column}" if in_row else column


def _rule(record: Record, path: str, field: Field) -> LegalBasis | None:
    """The article that the field, else its table, else its section names."""
    table = record.field(path.partition("/")[0])
    for named in (field, table, record.form.section_of(table.name)):
        if named.source:
            return LegalBasis("", named.source, bool(getattr(named, "unverified", False)))
    return None

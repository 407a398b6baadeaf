"""Reads a cell of a foreign spreadsheet for a field of a form: a value, a question or a problem."""

from __future__ import annotations

from collections.abc import Mapping

from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.values import Lookups
from kcdesk.sheets.values.cells import ForeignCell, ForeignColumn, Reading


def read_cell(
    field: Field,
    cell: ForeignCell,
    column: ForeignColumn,
    row: Mapping[str, ForeignCell],
    lookups: Lookups | None = None,
) -> Reading:
    """Read a cell for a field; `row` holds the other cells of its row by heading, where a unit may stand."""
    del row
    if cell.error:
        return Reading(problem=f"Ô này báo lỗi {cell.error}; hãy sửa công thức rồi nạp lại.")
    value = column.letters.decoded(cell.value) if isinstance(cell.value, str) else cell.value
    try:
        return Reading(type_of(field).from_cell(value, field, lookups))
    except ValueProblem as problem:
        return Reading(problem=str(problem))

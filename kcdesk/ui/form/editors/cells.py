"""Table cells: the same inputs and types as fields, without labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from kcdesk import likeness
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.text import fold
from kcdesk.ui.form.editors.base import Surroundings
from kcdesk.ui.form.editors.inputs import DateInput, GroupedInput, LineInput
from kcdesk.ui.form.editors.search_input import SearchInput
from kcdesk.ui.form.editors.sources import ChoiceSource, OptionSource, PlaceSource, RecordSource, RowSource

_SOURCES: Mapping[str, Callable[[Field, Surroundings], OptionSource]] = {  # by the editor name of a type
    "choice": lambda column, around: ChoiceSource(column, around.forms),
    "yes_no": lambda column, around: ChoiceSource(column, around.forms),
    "place": lambda _column, around: PlaceSource(around.host),
    "table_row": lambda column, around: RowSource(column, around.record),
    "reference": lambda column, around: RecordSource(column, around.forms, around.host, around.record),
}


def source_of(column: Field, around: Surroundings) -> OptionSource | None:
    """Return the source of search options of a column; None for a column whose values are typed."""
    make = _SOURCES.get(type_of(column).editor)
    return make(column, around) if make else None


def cell_input(column: Field, around: Surroundings, parent: QWidget) -> LineInput:
    """Create the input of one cell."""
    source = source_of(column, around)
    if source is not None:
        line: LineInput = SearchInput(column, around.forms, source, parent)
    elif type_of(column).is_date:
        line = DateInput(column, around.forms, parent)
    else:
        grouped = type_of(column).groups_digits
        line = (GroupedInput if grouped else LineInput)(column, around.forms, parent)
    line.in_cell = True
    line.setAccessibleName(column.label)
    return line


def cell_text(stored: Any, column: Field, around: Surroundings) -> str:
    """Return the text of a cell, without its unit (the heading shows the unit)."""
    if stored is None:
        return ""
    source = source_of(column, around)
    if source is not None:
        return source.label(stored)
    field_type = type_of(column)
    if field_type.align == "right":
        return field_type.edit_text(stored, column)
    return field_type.text(stored, column, around.record().lookups or around.forms)


def read_cell(text: str, column: Field, around: Surroundings) -> Any:
    """Return the stored value of a pasted text; None for blank, raises ValueProblem when it cannot be read."""
    if not type_of(column).is_reference or not text.strip():
        return type_of(column).parse(text, column, around.record().lookups or around.forms)
    wanted, source = fold(text), RecordSource(column, around.forms, around.host, around.record)
    named = [option for option in source.search(text) if not option.new and fold(option.label) == wanted]
    if len(named) != 1:
        alike = likeness.nearest_words(text, source.candidates(text))
        raise ValueProblem(f"Chưa có “{text.strip()}” trong danh sách{alike}; hãy chọn một mục.")
    return named[0].value


def heading(column: Field) -> str:
    """Return the column's short name and its unit."""
    unit = column.unit or type_of(column).unit
    return f"{column.heading} ({unit})" if unit and unit not in column.heading else column.heading

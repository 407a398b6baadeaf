"""Reads the rows of a sheet by the match of its columns: values by target, questions, refusals, each with its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, field
from kcdesk.sheets.layout.headings import HeadedColumn
from kcdesk.sheets.layout.sheet_layout import LaidRow, SheetLayout
from kcdesk.sheets.matching.column_matching import SheetMatch
from kcdesk.sheets.matching.column_reader import CellReading, ColumnReader, FieldReading
from kcdesk.sheets.matching.column_words import column_words
from kcdesk.sheets.matching.targets import target_at
from kcdesk.sheets.values.amounts import names_units
from kcdesk.sheets.values.cells import ForeignCell
from kcdesk.text import fold

_LONG_LABEL = 6  # letters of a choice that may stand in the middle of a text


class RowValues(Value):
    """A row that was read: certain values and suggested ones by the path of their target, and its cells."""

    number: int
    values: Mapping[str, Any]
    suggested: Mapping[str, Any] = field(default_factory=dict)
    cells: Sequence[CellReading] = ()
    continues: bool = False
    letters: Mapping[str, str] = field(default_factory=dict)  # of the column of each target, by its path
    part: str = ""  # whose values it holds, if the row of the sheet means several records

    def place_of(self, path: str) -> str:
        """The address of the cell of a target; of the row if it has none."""
        return f"{self.letters.get(path, 'A')}{self.number}"


class RowReader:
    """Reads the rows of one sheet for one kind."""

    def __init__(
        self,
        forms: Forms,
        kind: str,
        layout: SheetLayout,
        matches: Mapping[int, SheetMatch],
        known: Mapping[str, Any] | None = None,
    ) -> None:
        """`matches`: by the first row of each heading; `known`: what holds for every row that says nothing else."""
        self._letters = {
            row: {each.target.path: each.column.letter for each in match.columns if each.target}
            for row, match in matches.items()
        }
        self._forms, self._kind, self._layout, self._matches = forms, kind, layout, matches
        self._words = column_words(forms).of_kind(kind)
        self._form = forms.current(kind)
        self._known = {**self._title_choices(), **(known or {})}
        self._readers: dict[int, list[ColumnReader]] = {}
        self._unit_columns: dict[int, list[HeadedColumn]] = {}
        self._defaults: dict[int, dict[str, Any]] = {}
        self._sections: dict[str, dict[str, Any]] = {}

    def row(self, row: LaidRow, *, whole: bool = False) -> RowValues:
        """Read one row; with `whole` also the cells about which there is nothing to say are among its cells."""
        start = row.block.rows[0]
        match, units = self._matches[start], self._units(row)
        values: dict[str, Any] = dict(self._given(match))
        values |= self._section_values(row.section)
        suggested: dict[str, Any] = {}
        remarks: dict[str, list[str]] = {}
        cells, is_filled = [], False
        for reader in self._of_block(start):
            if not (whole or reader.is_looked_at) or self._layout.words.is_blank(row.number, reader.column.number):
                continue
            cell = self._layout.words.cell(row.number, reader.column.number)
            is_filled = is_filled or reader.target is not None
            for read in reader.readings(cell, units):
                if whole or read.reading.question or read.reading.problem:
                    cells.append(self._cell(cell.place, row.number, reader, read))
                _note(read, cell, values, suggested)
                if read.reading.beside:
                    self._note_beside(reader, read, values, remarks)
        self._fill_known(values, is_filled)
        for path, sentences in remarks.items():
            values[path] = "; ".join(filter(None, (values.get(path), *sentences)))
        return RowValues(row.number, values, suggested, cells, row.continues, self._letters[start])

    def _cell(self, place: str, row: int, reader: ColumnReader, read: FieldReading) -> CellReading:
        shown = self._layout.words.spoken_text(row, reader.column.number)
        return CellReading(place, row, reader.column.heading, read.target, read.field, read.reading, shown)

    def _of_block(self, start: int) -> list[ColumnReader]:
        if start not in self._readers:
            match = self._matches[start]
            self._readers[start] = [
                ColumnReader(self._forms, self._kind, self._layout, match, each) for each in match.columns
            ]
        return self._readers[start]

    def _units(self, row: LaidRow) -> Mapping[str, ForeignCell]:
        """The cells of a row under «ĐVT», by their heading."""
        start = row.block.rows[0]
        if start not in self._unit_columns:
            columns = [each.column for each in self._matches[start].columns]
            self._unit_columns[start] = [column for column in columns if names_units(column.leaf)]
        return {column.leaf: self._layout.words.cell(row.number, column.number) for column in self._unit_columns[start]}

    def _note_beside(
        self, reader: ColumnReader, read: FieldReading, values: dict[str, Any], remarks: dict[str, list[str]]
    ) -> None:
        """Put what a cell says besides its value where it belongs; what another column says itself stays."""
        for name, path in reader.beside():
            value = read.reading.beside.get(name)
            target = target_at(self._forms, self._kind, path)
            if value is None or target is None:
                continue
            if name in _REMARKS:
                remarks.setdefault(path, []).append(_REMARKS[name](read.field, value))
            else:
                values.setdefault(path, value)

    def _given(self, match: SheetMatch) -> dict[str, Any]:
        """The values that somebody has given for all rows."""
        if id(match) not in self._defaults:
            values = {}
            for path, written in match.values.items():
                if target := target_at(self._forms, self._kind, path):
                    values[path] = (
                        written
                        if type_of(target.field).names_records
                        else type_of(target.field).parse(written, target.field, self._forms)
                    )
            self._defaults[id(match)] = values
        return self._defaults[id(match)]

    def _section_values(self, section: str) -> Mapping[str, Any]:
        """What the text of a section says of its rows: «Khuyến công quốc gia» is a programme."""
        if section not in self._sections:
            self._sections[section] = dict(self._section_choices(section)) if section else {}
        return self._sections[section]

    def _section_choices(self, section: str) -> Iterator[tuple[str, Any]]:
        for item in self._form.fields:
            if not type_of(item).is_choice or item.computed:
                continue
            labels = ((choice.value, fold(choice.label)) for choice in self._forms.choices(item))
            chosen = [value for value, label in labels if len(label) >= _LONG_LABEL and label in fold(section)]
            if len(chosen) == 1:
                yield item.name, chosen[0]
                continue
            try:
                value = type_of(item).parse(section, item, self._forms)
            except ValueProblem:
                continue
            yield item.name, value

    def _title_choices(self) -> dict[str, Any]:
        """What the title of the sheet says of all rows: «khuyến công địa phương» is a programme."""
        names, titles = self._words.from_title, " ".join(self._layout.titles)
        chosen = dict(self._section_choices(titles)) if names and titles else {}
        return {name: value for name, value in chosen.items() if name in names}

    def _fill_known(self, values: dict[str, Any], has_cells: bool) -> None:
        """Fill in what the title says, and what is known of all rows."""
        if not has_cells:
            return
        if self._words.year and self._layout.year:
            values.setdefault(self._words.year, self._layout.year)
        if self._words.period:
            self._fill_period(values, *self._words.period)
        for name, value in self._known.items():
            values.setdefault(name, value)

    def _fill_period(self, values: dict[str, Any], first: str, last: str) -> None:
        """Fill in the years of the title; a year alone is the first and the last one."""
        if first not in values and last not in values and self._layout.period:
            values[first], values[last] = self._layout.period
        elif first in values:
            values.setdefault(last, values[first])


def _note(read: FieldReading, cell: ForeignCell, values: dict[str, Any], suggested: dict[str, Any]) -> None:
    """Put a value where it belongs; one that is asked about takes the place of what section or title say.

    A text that says the same as its cell is that of the cell: a large sheet would keep all its texts twice.
    """
    reading = read.reading
    if read.target is None or reading.problem or reading.value is None:
        return
    is_of_cell = type(reading.value) is str and reading.value == cell.value
    (suggested if reading.question else values)[read.target.path] = cell.value if is_of_cell else reading.value
    if reading.question:
        values.pop(read.target.path, None)


# What a remark about a cell says, by what stands beside the value of the cell.
_REMARKS: Mapping[str, Callable[[Field, Any], str]] = {
    "second_phone": lambda field, value: f"{field.heading} khác: {type_of(field).text(value, field)}",
    "note": lambda field, value: f"{field.heading}: {value}",
}

"""Reads the rows of a sheet by the match of its columns: values by target, questions, refusals, each with its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.sheets.layout.headings import HeadedColumn
from kcdesk.sheets.layout.sheet_layout import LaidRow, SheetLayout
from kcdesk.sheets.matching.column_matching import MatchedColumn, SheetMatch
from kcdesk.sheets.matching.column_words import column_words
from kcdesk.sheets.matching.targets import Target, target_at
from kcdesk.sheets.matching.unmatched_columns import guessed_field
from kcdesk.sheets.values.amounts import names_units
from kcdesk.sheets.values.cells import ForeignCell, ForeignColumn, Reading
from kcdesk.sheets.values.days import are_days_swapped, month_first_of
from kcdesk.sheets.values.lettering import UNICODE
from kcdesk.sheets.values.reading import read_cell
from kcdesk.sheets.values.units import named_unit
from kcdesk.text import fold

_SAMPLE = 40  # rows by which a column is known
_LONG_LABEL = 6  # letters of a choice that may stand in the middle of a text


@dataclass(frozen=True, slots=True)
class CellReading:
    """A cell with what it was read as; no target: its column is left out."""

    place: str
    row: int
    heading: str
    target: Target | None
    field: Field  # of the target, or by which the cell of a column without one was read
    reading: Reading
    shown: str = ""  # the cell as it stands in the file

    @property
    def is_asked(self) -> bool:
        """Whether the value is only suggested."""
        return self.target is not None and bool(self.reading.question)

    @property
    def is_refused(self) -> bool:
        """Whether the cell cannot be read."""
        return self.target is not None and bool(self.reading.problem)

    @property
    def is_doubtful_left_out(self) -> bool:
        """Whether the cell of a column that means no field holds an amount, a number or a day that is unclear."""
        is_unclear = bool(self.reading.question or self.reading.problem)
        return self.target is None and is_unclear and not type_of(self.field).is_plain_text


@dataclass(frozen=True, slots=True)
class RowValues:
    """A row that was read: certain values and suggested ones by the path of their target, and its cells."""

    number: int
    values: Mapping[str, Any]
    suggested: Mapping[str, Any] = field(default_factory=dict)
    cells: Sequence[CellReading] = ()
    continues: bool = False
    letters: Mapping[str, str] = field(default_factory=dict)  # of the column of each target, by its path

    def place_of(self, path: str) -> str:
        """The address of the cell of a target; of the row if it has none."""
        return f"{self.letters.get(path, 'A')}{self.number}"


class RowReader:
    """Reads the rows of one sheet for one kind."""

    def __init__(
        self, forms: Forms, kind: str, layout: SheetLayout, matches: Mapping[int, SheetMatch], *, keeps_all: bool = True
    ) -> None:
        """`matches`: by the first row of each heading; `keeps_all`: also cells about which there is nothing to say."""
        self._keeps_all = keeps_all
        self._letters = {
            row: {each.target.path: each.column.letter for each in match.columns if each.target}
            for row, match in matches.items()
        }
        self._forms, self._kind, self._layout, self._matches = forms, kind, layout, matches
        self._words = column_words(forms).of_kind(kind)
        self._form = forms.current(kind)
        self._columns: dict[tuple[int, int], ForeignColumn] = {}
        self._guesses: dict[str, Field] = {}
        self._read_columns: dict[int, list[MatchedColumn]] = {}
        self._defaults: dict[int, dict[str, Any]] = {}
        self._sections: dict[str, dict[str, Any]] = {}

    def rows(self, laid: Sequence[LaidRow]) -> Iterator[RowValues]:
        """Read rows one by one."""
        return map(self.row, laid)

    def row(self, row: LaidRow) -> RowValues:
        """Read one row."""
        match = self._matches[row.block.rows[0]]
        units = {
            each.column.leaf: self._layout.words.cell(row.number, each.column.number)
            for each in match.columns
            if names_units(each.column.leaf)
        }
        values: dict[str, Any] = dict(self._given(match))
        values |= self._section_values(row.section)
        suggested: dict[str, Any] = {}
        cells, is_filled = [], False
        for each in self._columns_of(match):
            for cell in self._read(row, each, match, units):
                is_filled = is_filled or cell.target is not None
                if self._keeps_all or cell.reading.question or cell.reading.problem:
                    cells.append(cell)
                self._note(cell, values, suggested)
        self._fill_year(values, is_filled)
        letters = self._letters[row.block.rows[0]]
        return RowValues(row.number, values, suggested, cells, row.continues, letters)

    def _columns_of(self, match: SheetMatch) -> list[MatchedColumn]:
        """The columns whose cells are read: all, or those that mean a field or hold amounts, numbers or days."""
        if id(match) not in self._read_columns:
            self._read_columns[id(match)] = [
                each
                for each in match.columns
                if each.target or self._keeps_all or not type_of(self._guessed(each.column)).is_plain_text
            ]
        return self._read_columns[id(match)]

    def _note(self, cell: CellReading, values: dict[str, Any], suggested: dict[str, Any]) -> None:
        """Put what a cell says where it belongs; what another column says itself stays."""
        if cell.target is None or cell.is_refused or cell.reading.value is None:
            return
        (suggested if cell.is_asked else values)[cell.target.path] = cell.reading.value
        if cell.is_asked:
            values.pop(cell.target.path, None)  # the cell says something else than the section or the title
        prefix = f"{cell.target.outer.name}." if cell.target.is_linked and cell.target.outer else ""
        for name, path in self._beside(cell.target).items():
            if (value := cell.reading.beside.get(name)) is not None:
                values.setdefault(prefix + str(path), value)

    def _beside(self, target: Target) -> Mapping[str, object]:
        if target.is_linked and target.outer is not None:
            return column_words(self._forms).of_kind(target.outer.target).beside
        return self._words.beside

    def _read(
        self, row: LaidRow, each: MatchedColumn, match: SheetMatch, units: Mapping[str, ForeignCell]
    ) -> Iterator[CellReading]:
        """The readings of a cell: for its field, and for the fields that it fills too, where it does so surely."""
        words, column = self._layout.words, each.column
        cell = words.cell(row.number, column.number)
        if cell.value is None and not cell.error:
            return
        about = self._about(row, column, match)
        shown = words.spoken_text(row.number, column.number) if self._keeps_all else ""
        place = cell.place
        if each.target is None:
            guessed = self._guessed(column)
            reading = self._reading(guessed, cell, about, units)
            yield CellReading(place, row.number, column.heading, None, guessed, reading, shown)
            return
        reading = self._reading(each.target.field, cell, about, units)
        yield CellReading(place, row.number, column.heading, each.target, each.target.field, reading, shown)
        for path, target in self._also(each.target):
            if path not in self._letters[row.block.rows[0]]:
                more = self._reading(target.field, cell, about, units)
                if more.value is not None and not more.question and not more.problem:
                    yield CellReading(place, row.number, column.heading, target, target.field, more, shown)

    def _reading(
        self, item: Field, cell: ForeignCell, about: ForeignColumn, units: Mapping[str, ForeignCell]
    ) -> Reading:
        if type_of(item).names_records:  # of a record that is known by its title
            text = about.letters.decoded(str(cell.value)) if cell.value is not None else ""
            return Reading(" ".join(text.split()) or None)
        reading = read_cell(item, cell, about, units, self._forms)
        if reading.value is None or reading.problem:
            return reading
        wrong = type_of(item).refusal(reading.value, item, self._forms)
        if not wrong:
            return reading
        shown = type_of(item).text(reading.value, item, self._forms)
        return Reading(None, problem=f"Đọc được «{shown}»: {wrong}")

    def _guessed(self, column: HeadedColumn) -> Field:
        """The field by which a column is read that means none."""
        key = f"{column.letter} {column.heading}"
        if key not in self._guesses:
            numbers = [row.number for row in self._layout.rows][:_SAMPLE]
            texts = [text for number in numbers if (text := self._layout.words.text(number, column.number))]
            self._guesses[key] = guessed_field(column.heading, texts)
        return self._guesses[key]

    def _also(self, target: Target) -> Iterator[tuple[str, Target]]:
        """The targets that the same cell fills too."""
        if target.is_linked and target.outer is not None:
            linked = column_words(self._forms).of_kind(target.outer.target)
            paths = [f"{target.outer.name}.{name}" for name in linked.also_of(target.field.name)]
        else:
            paths = list(self._words.also_of(target.path))
        for path in paths:
            if other := target_at(self._forms, self._kind, path):
                yield path, other

    def _about(self, row: LaidRow, column: HeadedColumn, match: SheetMatch) -> ForeignColumn:
        """What is known of all cells of a column."""
        key = (row.block.rows[0], column.number)
        if key not in self._columns:
            unit = match.units.get(column.letter) or named_unit(column.heading) or self._layout.unit or 1
            letters = self._layout.words.letters.get(column.number, UNICODE)
            values = [self._layout.words.cell(each.number, column.number).value for each in self._layout.rows]
            self._columns[key] = ForeignColumn(
                column.heading, unit, letters, self._layout.year, month_first_of(values), are_days_swapped(values)
            )
        return self._columns[key]

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

    def _fill_year(self, values: dict[str, Any], has_cells: bool) -> None:
        if has_cells and self._words.year and self._layout.year:
            values.setdefault(self._words.year, self._layout.year)

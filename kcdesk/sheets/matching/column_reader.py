"""Reads the cells of one column of a sheet: for its field, and for the fields that the same cells fill too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.sheets.layout.sheet_layout import SheetLayout
from kcdesk.sheets.matching.column_matching import MatchedColumn, SheetMatch
from kcdesk.sheets.matching.column_words import column_words
from kcdesk.sheets.matching.kind_words import KindWords
from kcdesk.sheets.matching.targets import Target, target_at
from kcdesk.sheets.matching.unmatched_columns import guessed_field
from kcdesk.sheets.values.cells import ForeignCell, ForeignColumn, Reading, outside_limits
from kcdesk.sheets.values.days import are_days_swapped, month_first_of
from kcdesk.sheets.values.lettering import UNICODE
from kcdesk.sheets.values.reading import read_cell
from kcdesk.sheets.values.units import named_unit

_SAMPLE = 40  # rows by which a column is known
_KEPT = 500  # different values whose readings are kept: the cells of many columns repeat


class CellReading(Value):
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


class FieldReading(Value):
    """What a cell means for one field."""

    target: Target | None
    field: Field
    reading: Reading


class ColumnReader:
    """Reads the cells of one column below one heading."""

    def __init__(self, forms: Forms, kind: str, layout: SheetLayout, match: SheetMatch, each: MatchedColumn) -> None:
        self.target, self.column = each.target, each.column
        self._forms, self._kind, self._layout = forms, kind, layout
        self.field = each.target.field if each.target else self._guessed()
        self._about = self._known_of_column(match)
        self._more = [] if each.target is None else self._filled_too(each.target, match)
        self._kept: dict[tuple[object, ...], Sequence[FieldReading]] = {}

    @property
    def is_looked_at(self) -> bool:
        """Whether its cells may have to be told of: of a field, or amounts, numbers, days that no field takes."""
        return self.target is not None or not type_of(self.field).is_plain_text

    def readings(self, cell: ForeignCell, units: Mapping[str, ForeignCell]) -> Sequence[FieldReading]:
        """What a cell means for its field, and for the fields that it fills too, where it does so surely."""
        key = (type(cell.value), cell.value, cell.number_format, cell.error)
        if not units and (kept := self._kept.get(key)):
            return kept
        read = tuple(self._readings(cell, units))
        if not units and len(self._kept) < _KEPT:
            self._kept[key] = read
        return read

    def beside(self) -> Iterator[tuple[str, str]]:
        """What else a cell of this column may say, and the path of the target for it."""
        prefix = f"{self.target.outer.name}." if self.target and self.target.is_linked and self.target.outer else ""
        return ((name, f"{prefix}{path}") for name, path in self._words_of_target().beside.items())

    def _readings(self, cell: ForeignCell, units: Mapping[str, ForeignCell]) -> Iterator[FieldReading]:
        yield FieldReading(self.target, self.field, self._reading(self.field, cell, units))
        for target in self._more:
            more = self._reading(target.field, cell, units)
            if more.value is not None and not more.question and not more.problem:
                yield FieldReading(target, target.field, more)

    def _reading(self, item: Field, cell: ForeignCell, units: Mapping[str, ForeignCell]) -> Reading:
        if type_of(item).names_records:  # of a record that is known by its title
            text = self._about.letters.decoded(str(cell.value)) if cell.value is not None else ""
            return Reading(" ".join(text.split()) or None)
        reading = read_cell(item, cell, self._about, units, self._forms)
        if reading.value is None or reading.problem:
            return reading
        wrong = type_of(item).refusal(reading.value, item, self._forms)
        return outside_limits(reading.value, wrong) if wrong else reading

    def _guessed(self) -> Field:
        """The field by which a column is read that means none."""
        words, numbers = self._layout.words, [row.number for row in self._layout.rows][:_SAMPLE]
        texts = [text for number in numbers if (text := words.text(number, self.column.number))]
        return guessed_field(self.column.heading, texts)

    def _words_of_target(self) -> KindWords:
        linked = self.target.outer.target if self.target and self.target.is_linked and self.target.outer else ""
        return column_words(self._forms).of_kind(linked or self._kind)

    def _filled_too(self, target: Target, match: SheetMatch) -> list[Target]:
        """The targets that the same cells fill too, unless a column of their own does."""
        words = self._words_of_target()
        if target.is_linked and target.outer is not None:
            paths = [f"{target.outer.name}.{name}" for name in words.also_of(target.field.name)]
        else:
            paths = list(words.also_of(target.path))
        own = {each.path for each in match.targets}
        others = (target_at(self._forms, self._kind, path) for path in paths if path not in own)
        return [other for other in others if other is not None]

    def _known_of_column(self, match: SheetMatch) -> ForeignColumn:
        """What is known of all its cells."""
        column, layout = self.column, self._layout
        unit = match.units.get(column.letter) or named_unit(column.heading) or layout.unit or 1
        letters = layout.words.letters.get(column.number, UNICODE)
        month_first, is_swapped = None, False
        if type_of(self.field).is_date:
            values: list[Any] = [layout.words.cell(each.number, column.number).value for each in layout.rows]
            month_first, is_swapped = month_first_of(values), are_days_swapped(values)
        return ForeignColumn(column.heading, unit, letters, layout.year, month_first, is_swapped)

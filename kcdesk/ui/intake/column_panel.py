"""«Cột»: the columns of a spreadsheet with samples, and the field into which each of them goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from kcdesk.formdef.types.registry import type_of
from kcdesk.services.intake.map_files import ColumnMap
from kcdesk.services.intake.sheet_loading import LoadedSheet
from kcdesk.services.workspace import Workspace
from kcdesk.sheets.matching.targets import targets_of
from kcdesk.sheets.values.units import named_unit
from kcdesk.ui.intake.sheet_lines import COLUMN_HEADS, LEFT_OUT, sorted_targets
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.fitting.steady_choice import SteadyChoice
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, Theme

_UNITS = ((1, "đồng"), (1000, "nghìn đồng"), (10**6, "triệu đồng"), (10**9, "tỷ đồng"))
_TARGET_LETTERS = 44


class ColumnPanel(QWidget):
    """A table of columns; below it the choice for the current one. `changed` when a choice was made."""

    changed = Signal()

    def __init__(self, workspace: Workspace, kind: str, theme: Theme) -> None:
        super().__init__()
        self._workspace, self._kind = workspace, kind
        self._loaded: LoadedSheet | None = None
        self._chosen: dict[str, str] = {}  # by the letter of the column
        self._units: dict[str, int] = {}
        self.table = LinesTable("sheet.columns", COLUMN_HEADS, 1, theme)
        self.table.setAccessibleName("Các cột của bảng và trường nhận")
        self.target = SteadyChoice()
        self.target.setObjectName("sheet.target")
        self.target.setAccessibleName("Trường nhận của cột đang chọn")
        self.target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.target.setMinimumContentsLength(_TARGET_LETTERS)
        self.unit = SteadyChoice()
        self.unit.setObjectName("sheet.unit")
        self.unit.setAccessibleName("Đơn vị tiền của cột đang chọn")
        self._fill_choices()
        self.table.moved.connect(self._show_current)
        self.table.chosen.connect(lambda _letter: self.target.setFocus())
        self.target.activated.connect(lambda _place: self._choose())
        self.unit.activated.connect(lambda _place: self._choose_unit())
        self._lay_out()

    def show_sheet(self, loaded: LoadedSheet, lines: Sequence[TableLine]) -> None:
        """Show the columns of a sheet as they are matched now."""
        self._loaded = loaded
        self._chosen = {each.column.letter: each.target.path if each.target else "" for each in loaded.match.columns}
        self._units = dict(loaded.match.units)
        self.table.show_lines(lines)
        self._show_current(self.table.key())

    def changed_letters(self) -> set[str]:
        """The columns that were given another field or another unit than the sheet was read by."""
        if self._loaded is None:
            return set()
        match = self._loaded.match
        before = {each.column.letter: each.target.path if each.target else "" for each in match.columns}
        other = {letter for letter, path in self._chosen.items() if before.get(letter, "") != path}
        return other | {letter for letter, unit in self._units.items() if match.units.get(letter) != unit}

    def column_map(self, headings: Sequence[int] = ()) -> ColumnMap:
        """What was chosen, as a map of columns."""
        values: Mapping[str, str] = self._loaded.match.values if self._loaded else {}
        return ColumnMap(columns=self._chosen, units=self._units, values=values, headings=headings)

    def _fill_choices(self) -> None:
        self.target.addItem(LEFT_OUT, "")
        labels = {target.path: target.label for target in targets_of(self._workspace.forms, self._kind)}
        for path, label in sorted_targets(labels):
            self.target.addItem(label, path)
        for amount, label in _UNITS:
            self.unit.addItem(label, amount)

    def _lay_out(self) -> None:
        row = FlowRow(FIELD_GAP)
        words = QLabel("&Nhận cột này vào:")
        words.setBuddy(self.target)
        self._unit_words = QLabel("Đơn &vị:")
        self._unit_words.setBuddy(self.unit)
        for widget in (words, self.target, self._unit_words, self.unit):
            row.add(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, FIELD_GAP, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.table, 1)
        column.addWidget(row)

    def _show_current(self, letter: str) -> None:
        path = self._chosen.get(letter, "")
        with QSignalBlocker(self.target), QSignalBlocker(self.unit):
            self.target.setCurrentIndex(max(0, self.target.findData(path)))
            self.unit.setCurrentIndex(max(0, self.unit.findData(self._unit_of(letter))))
        self.target.setEnabled(bool(letter))
        is_money = self._is_money(letter)
        self.unit.setVisible(is_money)
        self._unit_words.setVisible(is_money)

    def _is_money(self, letter: str) -> bool:
        if self._loaded is None:
            return False
        targets = [each.target for each in self._loaded.match.columns if each.column.letter == letter]
        return any(target is not None and type_of(target.field).is_money for target in targets)

    def _unit_of(self, letter: str) -> int:
        if self._loaded is None:
            return 1
        heading = next((each.column.heading for each in self._loaded.match.columns if each.column.letter == letter), "")
        return self._units.get(letter) or named_unit(heading) or self._loaded.layout.unit or 1

    def _choose(self) -> None:
        letter, path = self.table.key(), self.target.currentData()
        if letter and self._chosen.get(letter) != path:
            for other in [other for other, taken in self._chosen.items() if path and taken == path]:
                self._chosen[other] = ""  # a field is filled by one column
            self._chosen[letter] = path
            self.changed.emit()

    def _choose_unit(self) -> None:
        if (letter := self.table.key()) and self._unit_of(letter) != self.unit.currentData():
            self._units[letter] = int(self.unit.currentData())
            self.changed.emit()

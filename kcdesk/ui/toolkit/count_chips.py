"""A row of chips, each with a count; the chosen chip filters the list below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QToolButton

from kcdesk.text import format_integer
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.theme import FIELD_GAP

CountedOption = tuple[str, str, int]  # name, label, number


class CountChips(FlowRow):
    """Shows options; `chosen(name)` when the officer picks one."""

    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__(FIELD_GAP)
        self.setObjectName(name)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}

    @property
    def value(self) -> str:
        """The name of the chosen option, "" before there is any."""
        return next((name for name, button in self._buttons.items() if button.isChecked()), "")

    def show_options(self, options: Sequence[CountedOption], value: str) -> None:
        """Show the options and choose one without emitting `chosen`; options with a count of 0 are disabled."""
        for name, label, number in options:
            button = self._buttons.get(name) or self._add(name)
            button.setText(f"{label}  {format_integer(number)}")
            button.setEnabled(bool(number) or name == value)
        self._mark(value)

    def _add(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"{self.objectName()}.{name}")
        button.setProperty("role", "chip")
        button.setCheckable(True)
        button.clicked.connect(lambda: self._pick(name))
        self._group.addButton(button)
        self.add(button)
        self._buttons[name] = button
        return button

    def _pick(self, name: str) -> None:
        self._mark(name)
        self.chosen.emit(name)

    def _mark(self, value: str) -> None:
        for name, button in self._buttons.items():
            button.setChecked(name == value)
            button.setProperty("active", "true" if name == value else "false")
            button.style().unpolish(button)
            button.style().polish(button)

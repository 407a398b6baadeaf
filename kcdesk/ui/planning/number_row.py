"""The six numbers of the first page; each opens the list that it counts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk.services.overview.head_numbers import HeadNumber
from kcdesk.text import format_integer
from kcdesk.ui.toolkit.qt import empty
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled


class NumberRow(QWidget):
    """Buttons side by side, the number with its words below.

    Signals:
        chosen: open the list of a number; carries the `HeadNumber`.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("overview.numbers")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(FIELD_GAP)
        self._shown: list[HeadNumber] = []

    def show_numbers(self, numbers: Sequence[HeadNumber]) -> None:
        """Replace the numbers."""
        if list(numbers) == self._shown:
            return
        self._shown = list(numbers)
        empty(self._row)
        for number in numbers:
            self._row.addWidget(self._cell(number), 1)

    def _cell(self, number: HeadNumber) -> QWidget:
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        button = QPushButton(format_integer(number.number))
        button.setObjectName(f"overview.number.{number.name}")
        button.setAccessibleName(f"{number.label}: {format_integer(number.number)}")
        button.clicked.connect(lambda: self.chosen.emit(number))
        column.addWidget(button)
        column.addWidget(labelled(number.label, "muted", number.tone if number.number else "", wrap=True))
        column.addStretch(1)
        return cell

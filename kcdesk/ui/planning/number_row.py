"""The six numbers of the first page, how long their dossiers have waited; each opens the list that it counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk.text import format_integer
from kcdesk.ui.toolkit.qt import empty
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

if TYPE_CHECKING:
    from kcdesk.services.overview.head_numbers import HeadNumber

_PER_ROW = 3


class NumberRow(QWidget):
    """Buttons in rows of three, each number with its words below.

    Signals:
        chosen: open the list of a number; carries the `HeadNumber`.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("overview.numbers")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(FIELD_GAP)
        self._shown: list[HeadNumber] = []

    @property
    def shown(self) -> Sequence[HeadNumber]:
        """Return the numbers as they are shown."""
        return self._shown

    def show_numbers(self, numbers: Sequence[HeadNumber]) -> None:
        """Replace the numbers."""
        if list(numbers) == self._shown:
            return
        self._shown = list(numbers)
        empty(self._grid)
        for place, number in enumerate(numbers):
            self._grid.addWidget(self._cell(number), *divmod(place, _PER_ROW))
            self._grid.setColumnStretch(place % _PER_ROW, 1)

    def _cell(self, number: HeadNumber) -> QWidget:
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        button = QPushButton(format_integer(number.number))
        button.setObjectName(f"overview.number.{number.name}")
        words = ", ".join(filter(None, (f"{number.label}: {format_integer(number.number)}", number.waits)))
        button.setAccessibleName(words)
        button.clicked.connect(lambda: self.chosen.emit(number))
        column.addWidget(button)
        column.addWidget(labelled(number.label, "muted", number.tone if number.number else "", wrap=True))
        if number.waits:
            column.addWidget(labelled(number.waits, "help", wrap=True))
        column.addStretch(1)
        return cell

"""Lines of wrapped text to choose from: a sentence each, or a heading that cannot be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFont
from PySide6.QtWidgets import QListWidgetItem

from kcdesk.runtime.frozen import Value
from kcdesk.ui.toolkit.wrapped_list import WrappedList

_HEIGHT = 120  # pixels; less is asked for, more is taken if there is room
_TARGET = Qt.ItemDataRole.UserRole
_CHOOSABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_PLAIN = Qt.ItemFlag.ItemIsEnabled


class ChoiceLine(Value):
    """One line; without a `target` it cannot be chosen. `colour` is a brush, None for that of the list."""

    text: str
    target: Any = None
    strong: bool = False
    colour: QBrush | None = None


class ChoiceList(WrappedList):
    """Enter or a click chooses a line; `chosen` carries its target."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[ChoiceLine] = []  # the lines in the list; those that stay are not made again
        self.setSpacing(4)
        self.itemActivated.connect(self._choose)
        self.itemClicked.connect(self._choose)

    def show_choices(self, lines: Sequence[ChoiceLine], empty: str = "") -> None:
        """Show lines, or a grey sentence when there is none."""
        wanted = list(lines) or [ChoiceLine(empty)]
        if wanted == self._shown:
            return
        self._shown = wanted
        self.keep_lines(len(wanted))
        for row, line in enumerate(wanted):
            self._show(self.item(row), line, is_empty=not lines)
        self.setCurrentRow(-1)

    def _show(self, item: QListWidgetItem, line: ChoiceLine, *, is_empty: bool) -> None:
        item.setText(line.text)
        item.setData(_TARGET, line.target)
        item.setData(Qt.ItemDataRole.ForegroundRole, line.colour)
        font = QFont()  # only bold: the size is that of the list
        font.setBold(line.strong)
        item.setFont(font)
        readable = _CHOOSABLE if line.target is not None or not line.strong else _PLAIN
        item.setFlags(Qt.ItemFlag.NoItemFlags if is_empty else readable)

    def sizeHint(self) -> QSize:
        """Return a small height: the list takes the room that is left."""
        return QSize(self.width(), _HEIGHT)

    def _choose(self, item: QListWidgetItem) -> None:
        target = item.data(_TARGET)
        if target is not None:
            self.chosen.emit(target)

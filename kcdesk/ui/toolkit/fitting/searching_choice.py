"""A long list of choices that is searched by typing a part of a name."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit

from kcdesk.text import fold
from kcdesk.ui.toolkit.fitting.steady_choice import SteadyChoice
from kcdesk.ui.toolkit.qt import Index

_FOLDED = Qt.ItemDataRole.UserRole + 1
# The box has the frame; with that of a line too, the text would stand too low.
_INSIDE = "QLineEdit, QLineEdit:focus { border: none; padding: 0; min-height: 0; background: transparent; }"


class SearchingChoice(SteadyChoice):
    """Entries found by any part of their name, typed without accents: «toan» finds «Dự toán kinh phí».

    Its list is short, whatever the number of entries. What fits no entry is put back when the box is left.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        line = _Line(self)
        line.setPlaceholderText("Gõ vài chữ để tìm")
        line.setStyleSheet(_INSIDE)
        self.setLineEdit(line)
        self._completer = _AccentBlind(self)
        self.setCompleter(self._completer)
        line.editingFinished.connect(self.settle)
        self.activated.connect(self.settle)

    def offer(self, label: str, data: str) -> None:
        """Add an entry."""
        self.addItem(label, data)
        place = self.count() - 1
        self.setItemData(place, fold(label), _FOLDED)
        self.setItemData(place, label, Qt.ItemDataRole.ToolTipRole)

    def settle(self) -> None:
        """Choose the entry for what was typed: the same name, else the first with it; show the name from its start."""
        if self.currentText() != self.itemText(self.currentIndex()):
            self.setCurrentIndex(self._place_of(fold(self.currentText()).strip()))
            self.setEditText(self.itemText(self.currentIndex()))
        if line := self.lineEdit():
            line.setCursorPosition(0)

    def _place_of(self, typed: str) -> int:
        """The place of the entry that fits typed text without accents; the present one if none does."""
        names = [str(self.itemData(place, _FOLDED)) for place in range(self.count())]
        fitting = [place for place, name in enumerate(names) if typed and typed in name]
        return min(fitting, key=lambda place: (names[place] != typed, place), default=self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter settles what was typed first: it is not yet the answer of the dialog."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self.currentText() != self.itemText(self.currentIndex()):
            if (offered := self._completer.popup()) is not None:
                offered.hide()
            self.settle()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Settle what was typed when the box is left."""
        self.settle()
        super().focusOutEvent(event)


class _Line(QLineEdit):
    """The line of the box: a click marks the chosen name, so that typing replaces it."""

    def __init__(self, box: QComboBox) -> None:
        super().__init__(box)
        self._box = box

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Mark the whole name, unless a part was marked or text is being typed."""
        super().mouseReleaseEvent(event)
        if not self.hasSelectedText() and self.text() == self._box.itemText(self._box.currentIndex()):
            self.selectAll()


class _AccentBlind(QCompleter):
    """Completes the entries of a combo box that contain the typed text, ignoring accents."""

    def __init__(self, box: QComboBox) -> None:
        super().__init__(box.model(), box)
        self.setCompletionRole(_FOLDED)
        self.setFilterMode(Qt.MatchFlag.MatchContains)

    def splitPath(self, path: str) -> list[str]:
        """Return the typed text without accents, for the comparison."""
        return [fold(path)]

    def pathFromIndex(self, index: Index) -> str:
        """Return the name as it is written, for the input."""
        return str(index.data())

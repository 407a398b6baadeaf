"""The search box of a page (Ctrl+F), also used by the search over everything (Ctrl+K)."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton

from kcdesk.ui.toolkit.icons import set_icon

PAUSE = 120  # milliseconds after the last key before the search runs


class SearchBox(QLineEdit):
    """A search box that emits `searched(text)` shortly after the last key; Esc clears it, a second Esc emits `left`."""

    searched = Signal(str)
    left = Signal()

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.setClearButtonEnabled(True)
        self.setPlaceholderText(hint)
        self._glass = QAction(self)
        set_icon(self._glass, "search")
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._name_parts(hint or "Tìm trong danh sách")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.search_now)
        self.textEdited.connect(lambda: self._pause.start())
        self.textChanged.connect(lambda text: self._pause.start() if not text else None)
        self._searched_text = ""

    def _name_parts(self, name: str) -> None:
        """Give the box and its buttons the names that a screen reader says; a hint is no name."""
        self.setAccessibleName(name)
        for button in self.findChildren(QToolButton):
            is_glass = button.defaultAction() is self._glass
            button.setAccessibleName("Tìm" if is_glass else "Xoá chữ đang tìm")

    def show_text(self, text: str) -> None:
        """Set the text without searching."""
        self._searched_text = text
        self.setText(text)
        self._pause.stop()

    def search_now(self) -> None:
        """Search at once, without waiting for the pause."""
        self._pause.stop()
        if self.text() != self._searched_text:
            self._searched_text = self.text()
            self.searched.emit(self._searched_text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Down search at once and move to the results; Esc clears the box, then leaves it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.search_now()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self._escape()
        else:
            super().keyPressEvent(event)

    def _escape(self) -> None:
        if self.text():
            self.clear()
            self.search_now()
        else:
            self.left.emit()

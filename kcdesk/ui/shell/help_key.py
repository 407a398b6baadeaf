"""F1: shows the help of the window in front, also while a menu or a list is open over it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget


class HelpKey(QShortcut):
    """The key of one window; `show` shows its help.

    A menu or an open list takes all keys of its window except those of the whole application, and then the keys of
    several windows answer at once; so whichever is asked passes the question on to the window in front.
    """

    def __init__(self, window: QWidget, show: Callable[[], object]) -> None:
        super().__init__(QKeySequence(Qt.Key.Key_F1), window)
        self._show = show
        self.setContext(Qt.ShortcutContext.ApplicationShortcut)
        self.activated.connect(self._answer)
        self.activatedAmbiguously.connect(self._answer)

    def show_help(self) -> None:
        """Show the help of its window."""
        self._show()

    def _answer(self) -> None:
        front = QApplication.activeModalWidget() or QApplication.activeWindow()
        while popup := QApplication.activePopupWidget():
            popup.close()
            if popup is QApplication.activePopupWidget():
                break  # it does not let itself be closed
        while front is not None and (key := front.findChild(HelpKey)) is None:
            above = front.parentWidget()  # a small window such as that of the help itself belongs to another one
            front = above.window() if above is not None else None
        (key if front is not None and key is not None else self).show_help()

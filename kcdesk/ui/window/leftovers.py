"""Pages that were left for good: deleted as soon as no dialog waits above them.

A dialog is waited for inside a method of the page that opened it. If something else leaves that page meanwhile (a long
task that ends, a change that deletes its record), the method goes on after the dialog and needs its widgets still.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from kcdesk.ui.shell.dialog import anybody_waits
from kcdesk.ui.shell.page import Page
from kcdesk.ui.shell.worker import leave_for_good

_LOOK = 200  # milliseconds between two looks whether the dialog has ended


class Leftovers(QObject):
    """Deletes pages of a window; those that a waiting dialog may still need a little later."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._pages: list[Page] = []
        self._timer = QTimer(self, interval=_LOOK)
        self._timer.timeout.connect(self._look)

    def add(self, page: Page) -> None:
        """Delete a page that is never shown again; answers of long tasks no longer reach it."""
        leave_for_good(page)
        page.hide()
        if not anybody_waits():
            page.deleteLater()
            return
        page.setParent(self._window)
        self._pages.append(page)
        self._timer.start()

    def drop_half_built(self, stack: QStackedWidget) -> None:
        """Delete pages whose constructor failed: their parent is the stack, but they were never added to it."""
        for page in stack.findChildren(Page, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if stack.indexOf(page) < 0:
                page.deleteLater()

    def _look(self) -> None:
        if not anybody_waits():
            self._timer.stop()
            for page in self._pages:
                page.deleteLater()
            self._pages.clear()

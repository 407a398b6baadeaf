"""Builds the rest of a form's page once its beginning is on the screen.

It is built in the pauses of the window, a few milliseconds at a time; before the officer's next key, click or turn of
the wheel it is built at once, so that nobody ever uses a form of which a part is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from kcdesk.ui.form.form_page import FormPage

_SLICE = 8  # milliseconds of building between two looks at what waits
_INPUT = (
    *(QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick),
    *(QEvent.Type.Wheel, QEvent.Type.TouchBegin, QEvent.Type.TabletPress),
)


class FoundWhole:
    """A widget that is built in parts: whoever looks for one of them is given the whole. Stands before Qt's class."""

    complete: Callable[[], None]  # builds what is missing

    def findChild(self, *wanted: Any, **options: Any) -> Any:
        """Return a part of the whole."""
        self.complete()
        return super().findChild(*wanted, **options)  # type: ignore[misc]  # of Qt's class

    def findChildren(self, *wanted: Any, **options: Any) -> list[Any]:
        """Return parts of the whole."""
        self.complete()
        parts: list[Any] = super().findChildren(*wanted, **options)  # type: ignore[misc]  # of Qt's class
        return parts


class LateBuilding(QObject):
    """Follows one page at a time, while its form is seen and `in_use` says that there is a store to ask."""

    def __init__(self, view: QWidget, in_use: Callable[[], bool], grown: Callable[[], None]) -> None:
        """Follow the form `view`; `grown` is called when the page has got parts."""
        super().__init__(view)
        self._view, self._in_use, self._grown = view, in_use, grown
        self._page: FormPage | None = None
        self._window: QObject | None = None  # the one whose keys and clicks are watched
        self._pause = QTimer(self, singleShot=True, interval=0)
        self._pause.timeout.connect(self._build_on)

    def begin(self, page: FormPage) -> None:
        """Build what this page still lacks, beginning with the next pause."""
        self._page = page
        if page.is_whole:
            self._end()
            return
        self._pause.start()
        window = self._view.window().windowHandle()  # keys and clicks reach it before any widget
        if window is not self._window and window is not None:
            window.installEventFilter(self)
            self._window = window

    def complete(self) -> None:
        """Build what is missing now."""
        if self._page is not None and not self._page.is_settled and self._in_use():
            self._page.build_rest()
            self._end()
            self._grown()

    def _build_on(self) -> None:
        page, spent = self._page, QElapsedTimer()
        spent.start()
        if page is None or not self._view.isVisible() or not self._in_use():
            self._end()  # it goes on when the form is seen again
            return
        while not page.is_settled and spent.elapsed() < _SLICE:
            page.build_next()
        if page.is_whole:
            self._end()
            self._grown()
        else:
            self._pause.start()

    def _end(self) -> None:
        self._pause.stop()
        if self._window is not None and isValid(self._window):
            self._window.removeEventFilter(self)
        self._window = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Complete the page before what the officer does reaches it."""
        if watched is self._window and event.type() in _INPUT and self._view.isVisible():
            self.complete()
        return False

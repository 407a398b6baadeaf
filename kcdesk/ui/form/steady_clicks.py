"""Clicks on a page that moves: a click counts on the button that was pressed, and the page waits for the hand.

A press gives the keyboard to the pressed field. The field that loses it may then get a message or lose its hint, and
the page would scroll to the field reached: the button would no longer be below the mouse when it is released.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from kcdesk.ui.toolkit.qt import soon

_PAUSE = 300  # milliseconds before the page follows a click, so that the second one of a double click meets the same


class SteadyClicks(QObject):
    """Follows the presses on the fields of the page of a view; `follow` scrolls to the field with the keyboard."""

    def __init__(self, view: QWidget, follow: Callable[[], None]) -> None:
        super().__init__(view)
        self._follow = follow
        self._button: QAbstractButton | None = None
        self._pressed_at: QPointF | None = None  # where the upper left corner of the button was, on the screen
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._after_click)

    def reach(self, focused: QWidget) -> None:
        """Let the page follow the keyboard to `focused`: at once, after a click when the hand has let go."""
        if QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._follow()
            soon(self, self._follow)  # a message or a part of the field may only now get its room
            return
        self._pause.start()
        self._forget()
        if isinstance(focused, QAbstractButton):
            self._button = focused
            focused.installEventFilter(self)

    def _after_click(self) -> None:
        if QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._follow()
        else:
            self._pause.start()

    def _forget(self) -> None:
        if self._button is not None:
            self._button.removeEventFilter(self)
        self._button = self._pressed_at = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give the release to the button at the place where it was pressed, though it has moved since."""
        button, pressed_at = self._button, self._pressed_at
        if watched is not button or button is None or not isinstance(event, QMouseEvent):
            return super().eventFilter(watched, event)
        corner = event.globalPosition() - event.position()  # as the event was aimed: the button may have moved since
        if event.type() == QEvent.Type.MouseButtonPress:
            self._pressed_at = corner
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._forget()
            if pressed_at is not None and corner != pressed_at:
                QCoreApplication.sendEvent(button, _moved(event, corner - pressed_at))
                return True
        return False


def _moved(event: QMouseEvent, by: QPointF) -> QMouseEvent:
    """Return the same event at another place of its widget."""
    inside, on_screen = event.position() + by, event.globalPosition() + by
    return QMouseEvent(event.type(), inside, on_screen, event.button(), event.buttons(), event.modifiers())

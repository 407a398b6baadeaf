"""Where the keyboard is: always at something that is seen, so that the next key does something."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget
from shiboken6 import isValid

from kcdesk.ui.shell.page import Page
from kcdesk.ui.toolkit.qt import application

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class KeyboardKeeper(QObject):
    """Gives the keyboard to the page in front when what had it is hidden, disabled or deleted.

    Qt passes it on to the next widget of the window, which may be «Hoàn tác» in a message or the navigation.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._page: Page | None = None
        self._passed_to: QWidget | None = None  # by Qt, out of the page
        self._last: QWidget | None = None  # what had the keyboard in this window, perhaps before a dialog took it
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._keep)
        application().focusChanged.connect(self._follow)

    def stand_by(self, page: Page) -> None:
        """Watch over a page that has come to the front, or has shown a change."""
        self._page = page
        self._soon.start()

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        if self._page is None:
            return
        left, is_passed_on = self._last or old, False
        if new is not None and new.window() is self._window:
            self._last = new
            is_passed_on = left is not None and self._is_gone(left) and not self._page.isAncestorOf(new)
        self._passed_to = new if is_passed_on else None  # a later change is the officer's, as by Ctrl+F
        if new is None or not new.isVisible() or is_passed_on:
            self._soon.start()

    def _is_gone(self, widget: QWidget) -> bool:
        """Whether a widget of this window can no longer have the keyboard."""
        return isValid(widget) and widget.window() is self._window and not (widget.isVisible() and widget.isEnabled())

    def _keep(self) -> None:
        """Do nothing while another window, a dialog or a menu has the keyboard."""
        page, passed_to, self._passed_to = self._page, self._passed_to, None
        if page is None or not self._window.isActiveWindow() or QApplication.activePopupWidget() is not None:
            return
        focused = self._window.focusWidget()
        is_lost = focused is None or not focused.isVisible() or not focused.isEnabled()
        if is_lost or focused is passed_to:
            (_first_stop(page) or page).setFocus(Qt.FocusReason.OtherFocusReason)


def press_button(focused: QWidget | None, event: QKeyEvent) -> bool:
    """Press the button that has the keyboard on Enter, as the space bar does; return whether there was one.

    Qt does that only in dialogs. Of a field with Enter of its own nothing comes here.
    """
    is_enter = event.key() in _ENTER and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if not is_enter or not isinstance(focused, QPushButton | QToolButton):
        return False
    if isinstance(focused, QToolButton) and focused.menu() is not None:
        focused.showMenu()
    else:
        focused.click()
    return True


def _first_stop(page: Page) -> QWidget | None:
    """Return the first widget of a page that Tab stops at and that is seen."""
    stops = (w for w in page.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and not w.focusProxy())
    return next((widget for widget in stops if widget.isVisible() and widget.isEnabled()), None)

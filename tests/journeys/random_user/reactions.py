"""Whether a control answers: a button does something, Tab leaves a field, Esc leaves a dialog."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from tests.journeys.random_user import acts
from tests.journeys.random_user.acts import Act
from tests.journeys.random_user.controls import BUTTON, Control, bring_into_sight, front
from tests.journeys.random_user.desk import Desk
from tests.journeys.random_user.invariants import Finding

_ESCAPES = 4  # times that Esc may be needed: a list, a text, a question, the dialog


class Reactions:
    """Looks before an act and after it; buttons are judged the first time that they are pressed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._judged: set[tuple[str, str, str]] = set()
        self._escapes: tuple[QWidget | None, int] = (None, 0)
        self._look: tuple[int, QWidget | None, QImage] | None = None
        self._typed: tuple[QWidget | None, str] = (None, "")

    def before(self, act: Act, control: Control | None) -> None:
        """Remember what is seen before the act."""
        self._look = None
        focused = QApplication.focusWidget()
        self._typed = focused, _text(focused)
        if control is None or control.role != BUTTON or act.verb not in (acts.PRESS, acts.SPACE) or act.hasty:
            return
        button = control.widget
        if control.wide_key() in self._judged or not isinstance(button, QAbstractButton):
            return
        if button.isCheckable() or button.menu() if hasattr(button, "menu") else button.isCheckable():
            return
        self._judged.add(control.wide_key())
        bring_into_sight(button)
        if button.focusPolicy() & Qt.FocusPolicy.ClickFocus:
            button.setFocus(Qt.FocusReason.MouseFocusReason)
        QApplication.processEvents()
        if isValid(button):
            self._look = self._desk.effects, front(), _picture(button.window())

    def after(self, act: Act, window: QWidget) -> Iterator[Finding]:
        """Compare."""
        if self._look is not None:
            effects, before, picture = self._look
            now = front()
            if effects == self._desk.effects and now is before and now is not None and _picture(now) == picture:
                yield Finding(f"nút không làm gì: {act.place} «{act.name}»", str(act))
        if act.role == acts.KEYBOARD and act.text == "Tab":
            yield from self._after_tab(act)
        yield from self._after_escape(act, window)

    def _after_tab(self, act: Act) -> Iterator[Finding]:
        focused, text = self._typed
        if focused is None or not isValid(focused) or not focused.isVisible():
            return
        if isinstance(focused, QPlainTextEdit | QTextEdit) and _text(focused) != text:
            yield Finding(f"Tab gõ vào ô: {act.place}", focused.accessibleName())
        stays = QApplication.focusWidget() is focused and QApplication.activePopupWidget() is None
        if stays and not isinstance(focused, QAbstractItemView) and _stops(focused.window()) > 1:
            yield Finding(f"Tab không rời: {act.place} {focused.accessibleName()}", str(act))

    def _after_escape(self, act: Act, window: QWidget) -> Iterator[Finding]:
        if not isValid(window) or not isinstance(window, QDialog):
            return
        if act.role != acts.KEYBOARD or act.text != "Esc" or front() is not window:
            self._escapes = (None, 0)
            return
        times = self._escapes[1] + 1 if self._escapes[0] is window else 1
        self._escapes = window, times
        if times == _ESCAPES:
            yield Finding(f"Esc không rời: {act.place}", str(act))


def _picture(window: QWidget) -> QImage:
    return window.grab().toImage()


def _text(widget: QWidget | None) -> str:
    return widget.toPlainText() if isinstance(widget, QPlainTextEdit | QTextEdit) else ""


def _stops(window: QWidget) -> int:
    """How many widgets of a window Tab can stop at."""
    return sum(
        widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        for widget in window.findChildren(QWidget)
    )

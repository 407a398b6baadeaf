"""A few answers side by side, of which at most one is chosen: radio buttons, or the buttons of a checklist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import monotonic

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QButtonGroup, QWidget

from kcdesk.ui.form.editors.inputs import STAYING
from kcdesk.ui.toolkit.fitting.wrapped_boxes import WrappedRadioButton

_CLEARING = (Qt.Key.Key_Delete, Qt.Key.Key_0)
_FORWARD = (Qt.Key.Key_Right, Qt.Key.Key_Down)
_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Options(QWidget):
    """Answers of which at most one is chosen; Tab reaches them as one stop.

    The space bar and digits choose; a second click, Delete or 0 clears the answer. Arrows only move the focus, so that
    none is given or changed by accident, as one that was meant to scroll would. The owner lays the buttons out.

    Signals:
        chosen: the officer has chosen or cleared an answer; `value()` returns it.
        entered: Enter was pressed.
        left: the focus has gone elsewhere.
    """

    chosen = Signal()
    entered = Signal()
    left = Signal()

    def __init__(self, values: Sequence[object], buttons: Sequence[QAbstractButton]) -> None:
        super().__init__()
        self._values = tuple(values)
        self.buttons = tuple(buttons)
        self._editable = True
        self._closed: Mapping[str, str] = {}  # answers that are not offered now, each with the reason
        self._shown: object | None = None
        self._answered_at = 0.0
        self._group = QButtonGroup(self)
        for button in self.buttons:
            button.setParent(self)
            button.setCheckable(True)
            button.setAutoExclusive(False)
            button.installEventFilter(self)
            button.clicked.connect(self._clicked)
            self._group.addButton(button)
        self.show_value(None)

    def value(self) -> object | None:
        """Return the chosen value, None for none."""
        checked = self._group.checkedButton()
        return None if checked is None else self._values[self.buttons.index(checked)]

    def show_value(self, value: object | None) -> None:
        """Show a value as chosen, None for none."""
        self._shown = value
        known = value is not None and value in self._values
        button = self.buttons[self._values.index(value)] if known else None
        self._group.setExclusive(False)
        for other in self.buttons:
            other.setChecked(other is button)
        self._group.setExclusive(True)
        self._set_stop(button or self._first_open())

    def _clicked(self) -> None:
        """Clear the answer on a click on the chosen button; ignore the second click of a double click."""
        hasty = monotonic() - self._answered_at < QApplication.doubleClickInterval() / 1000
        again = self.value() == self._shown
        if again and hasty:
            return
        self._answered_at = monotonic()
        self.choose(None if again else self.value())

    def _first_open(self) -> QAbstractButton:
        pairs = zip(self._values, self.buttons, strict=True)
        return next((button for value, button in pairs if not self._is_closed(value)), self.buttons[0])

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid changes; read-only options do not take the focus."""
        if editable != self._editable:
            self._editable = editable
            self._enable()

    def close_answers(self, closed: Mapping[str, str]) -> None:
        """Do not offer these values, each with the reason."""
        if closed != self._closed:
            self._closed = dict(closed)
            for value, button in zip(self._values, self.buttons, strict=True):
                button.setToolTip(self._closed.get(str(value), ""))
            self._enable()

    def _enable(self) -> None:
        for value, button in zip(self._values, self.buttons, strict=True):
            button.setEnabled(self._editable and not self._is_closed(value))

    def _is_closed(self, value: object) -> bool:
        return bool(self._closed) and str(value) in self._closed

    def choose(self, value: object | None) -> None:
        """Choose a value as a click would."""
        self.show_value(value)
        self.chosen.emit()

    def focus_button(self) -> QAbstractButton:
        """Return the button that Tab reaches."""
        return self._stop

    def _set_stop(self, stop: QAbstractButton) -> None:
        self._stop = stop
        for button in self.buttons:
            policy = Qt.FocusPolicy.StrongFocus if button is stop else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(policy)
        self.setFocusProxy(stop)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle the buttons' keys and their loss of focus for the whole group."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            # The space bar chooses; on the chosen answer it must not take it back.
            again = event.key() == Qt.Key.Key_Space and watched is self._group.checkedButton()
            return again or self._pressed(event)
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in STAYING:
            self.left.emit()
        return super().eventFilter(watched, event)

    def _pressed(self, event: QKeyEvent) -> bool:
        key, count = event.key(), len(self.buttons)
        if key in _ENTER:
            self.entered.emit()
        elif not self._editable or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        elif key in _CLEARING:
            self._by_keyboard(None)
        elif Qt.Key.Key_1 <= key < Qt.Key.Key_1 + min(count, 9):
            self._choose_open(self._values[key - Qt.Key.Key_1])
        elif key in _FORWARD or key in _BACK:
            self._move(1 if key in _FORWARD else -1)
        else:
            return False
        return True

    def _move(self, step: int) -> None:
        """Go to the next answer that is offered, without choosing it."""
        place = self.buttons.index(self._stop)
        places = [(place + step * distance) % len(self.buttons) for distance in range(1, len(self.buttons) + 1)]
        there = next((there for there in places if not self._is_closed(self._values[there])), place)
        self._set_stop(self.buttons[there])
        self._stop.setFocus(Qt.FocusReason.TabFocusReason)  # which shows the frame that says where the keyboard is

    def _choose_open(self, value: object) -> None:
        if not self._is_closed(value):
            self._by_keyboard(value)

    def _by_keyboard(self, value: object | None) -> None:
        self.choose(value)
        self._stop.setFocus(Qt.FocusReason.OtherFocusReason)


def radio_options(values: Sequence[object], labels: Sequence[str]) -> Options:
    """Return radio buttons; the caller lays them out."""
    return Options(values, [WrappedRadioButton(label) for label in labels])

"""A few answers side by side, one of them chosen or none: radio buttons, or the buttons of a checklist."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QButtonGroup, QRadioButton, QWidget

from kcdesk.ui.form.editors.inputs import STAYING

_CLEARING = (Qt.Key.Key_Delete, Qt.Key.Key_0)
_FORWARD = (Qt.Key.Key_Right, Qt.Key.Key_Down)
_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Options(QWidget):
    """Answers of which at most one holds; the keyboard reaches them as one stop.

    Arrows move and choose, digits choose by number; a second click, Delete or 0 takes the answer back. The owner
    lays the buttons out.

    Signals:
        chosen: somebody has chosen or taken back; the value is in `value()`.
        entered: Enter was pressed.
        left: the keyboard has gone elsewhere.
    """

    chosen = Signal()
    entered = Signal()
    left = Signal()

    def __init__(self, values: Sequence[object], buttons: Sequence[QAbstractButton]) -> None:
        super().__init__()
        self._values = tuple(values)
        self.buttons = tuple(buttons)
        self._editable = True
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
        """The chosen value."""
        checked = self._group.checkedButton()
        return None if checked is None else self._values[self.buttons.index(checked)]

    def show_value(self, value: object | None) -> None:
        """Show one value as chosen, None for none."""
        self._shown = value
        known = value is not None and value in self._values
        button = self.buttons[self._values.index(value)] if known else None
        self._group.setExclusive(False)
        for other in self.buttons:
            other.setChecked(other is button)
        self._group.setExclusive(True)
        self._set_stop(button or self.buttons[0])

    def _clicked(self) -> None:
        """A click on the chosen answer takes it back; the second half of a double click does not."""
        hasty = monotonic() - self._answered_at < QApplication.doubleClickInterval() / 1000
        again = self.value() == self._shown
        if again and hasty:
            return
        self._answered_at = monotonic()
        self.choose(None if again else self.value())

    def set_editable(self, editable: bool) -> None:
        """What cannot be changed is not reached by the keyboard."""
        if editable != self._editable:
            self._editable = editable
            for button in self.buttons:
                button.setEnabled(editable)

    def choose(self, value: object | None) -> None:
        """Choose as a click would."""
        self.show_value(value)
        self.chosen.emit()

    def focus_button(self) -> QAbstractButton:
        """The button that the Tab key reaches."""
        return self._stop

    def _set_stop(self, stop: QAbstractButton) -> None:
        self._stop = stop
        for button in self.buttons:
            policy = Qt.FocusPolicy.StrongFocus if button is stop else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(policy)
        self.setFocusProxy(stop)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The buttons' keys and their loss of focus are the group's."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            return self._pressed(event)
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
            self._by_keyboard(self._values[key - Qt.Key.Key_1])
        elif key in _FORWARD or key in _BACK:
            self._by_keyboard(self._values[self._neighbour(1 if key in _FORWARD else -1)])
        else:
            return False
        return True

    def _neighbour(self, step: int) -> int:
        """Where an arrow leads; the first arrow takes the answer that has the keyboard."""
        place = self.buttons.index(self._stop)
        return place if self.value() is None else (place + step) % len(self.buttons)

    def _by_keyboard(self, value: object | None) -> None:
        self.choose(value)
        self._stop.setFocus(Qt.FocusReason.OtherFocusReason)


def radio_options(values: Sequence[object], labels: Sequence[str]) -> Options:
    """Radio buttons; whoever owns them lays them out."""
    return Options(values, [QRadioButton(label) for label in labels])

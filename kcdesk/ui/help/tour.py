"""The tour: a bubble that points at one control after the other, led by the keyboard, left at any time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QPushButton, QVBoxLayout, QWidget

from kcdesk.handbook import TourStop
from kcdesk.ui.toolkit.qt import soon
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_WIDTH = 360  # pixels of the bubble
_GAP = 8  # pixels between the control and the bubble
_KEYS = "← → đổi chỗ, Esc thôi."


class Tour(QFrame):
    """The bubble over `window`; `go` shows a stop's page before the bubble points at a control there."""

    def __init__(self, window: QMainWindow, stops: Sequence[TourStop], go: Callable[[TourStop], object]) -> None:
        super().__init__(window)
        self._window, self._stops, self._go = window, stops, go
        self._place = 0
        self.setObjectName("tour")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.frame = QFrame(window)  # around the control that is spoken of
        self.frame.setProperty("role", "pointer")
        self.frame.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.where = labelled(role="muted")
        self.title = labelled(role="section", wrap=True)
        self.text = labelled(wrap=True)
        self.leave_button = _button("Thôi", self.leave)
        self.before_button = _button("Quay lại", lambda: self.turn(-1))
        self.next_button = _button("Tiếp tục", lambda: self.turn(1))
        self.next_button.setProperty("role", "main")
        self._lay_out()
        window.installEventFilter(self)
        self.show_stop(0)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(FIELD_GAP)
        buttons.addWidget(self.leave_button)
        buttons.addStretch(1)
        buttons.addWidget(self.before_button)
        buttons.addWidget(self.next_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        for widget in (self.where, self.title, self.text, labelled(_KEYS, "help")):
            column.addWidget(widget)
        column.addLayout(buttons)

    def turn(self, by: int) -> None:
        """Go to the next (1) or previous (-1) stop; after the last one the tour ends."""
        if self._place + by >= len(self._stops):
            self.leave()
        elif self._place + by >= 0:
            self.show_stop(self._place + by)

    def show_stop(self, place: int) -> None:
        """Show a stop: its page, then the bubble beside its control."""
        self._place, stop = place, self._stops[place]
        self._go(stop)
        self.where.setText(f"Dạo thử {place + 1} / {len(self._stops)}")
        self.title.setText(stop.title)
        self.text.setText(stop.text)
        self.before_button.setEnabled(place > 0)
        self.next_button.setText("Tiếp tục" if place + 1 < len(self._stops) else "Xong")
        self.show()
        self._point()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        soon(self, self._point)  # when the page has its places

    def target(self) -> QWidget | None:
        """Return the control that the bubble points at; None when it is not shown."""
        named = self._window.findChildren(QWidget, self._stops[self._place].at)
        return next((widget for widget in named if widget.isVisible()), None)

    def leave(self) -> None:
        """End the tour; the window stays as it is."""
        self._window.removeEventFilter(self)
        self.frame.hide()
        self.hide()
        self.frame.deleteLater()
        self.deleteLater()

    def _point(self) -> None:
        """Put the frame around the control and the bubble beside it, inside the window."""
        target, room = self.target(), self._window.rect()
        self.setFixedWidth(min(scaled(_WIDTH), room.width() - 2 * _GAP))
        self.adjustSize()
        around = QRect(room.center(), room.center())
        if target is not None:
            target.installEventFilter(self)  # a part of the page may grow when its figures are there
            around = QRect(target.mapTo(self._window, QPoint(0, 0)), target.size()).intersected(room)
        self.frame.setVisible(target is not None)
        self.frame.setGeometry(around.adjusted(-3, -3, 3, 3).intersected(room))
        self.move(self._free_place(around, room))
        self.frame.raise_()
        self.raise_()

    def _free_place(self, around: QRect, room: QRect) -> QPoint:
        """Return a place at the right of the control, else at its left, below or above it; else over it."""
        width, height = self.width(), self.height()
        top = max(_GAP, min(around.top(), room.bottom() - height - _GAP))
        left = max(_GAP, min(around.left(), room.right() - width - _GAP))
        places = (
            QPoint(around.right() + _GAP, top),
            QPoint(around.left() - width - _GAP, top),
            QPoint(left, around.bottom() + _GAP),
            QPoint(left, around.top() - height - _GAP),
        )
        inside = (place for place in places if room.contains(QRect(place, self.size())))
        return next(inside, QPoint(left, top))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Next on → and Enter, back on ←, leave on Esc."""
        turns = {Qt.Key.Key_Right: 1, Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1, Qt.Key.Key_Left: -1}
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif by := turns.get(Qt.Key(event.key())):
            self.turn(by)
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the control when it or the window gets another size, or it another place."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.isVisible():
            soon(self, self._point)
        return super().eventFilter(watched, event)


def _button(text: str, run: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(f"tour.{text}")
    button.clicked.connect(lambda _on=False: run())
    return button

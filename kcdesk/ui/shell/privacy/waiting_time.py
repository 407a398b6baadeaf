"""The wait after wrong passphrases, counted down on the button that would try again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QPushButton, QWidget

TRY_AGAIN = ("wrong_passphrase", "wrong_code", "too_many_tries", "clock_back")
_SECOND = 1000  # milliseconds


class WaitingTime(QObject):
    """Disables a button while `waits()` gives seconds, and shows them on it."""

    def __init__(self, owner: QWidget, waits: Callable[[], int], button: QPushButton) -> None:
        super().__init__(owner)
        self._waits, self._button, self._label = waits, button, button.text()
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND)
        self._timer.timeout.connect(self._count)
        self.begin()

    def begin(self) -> None:
        """Begin to count if one has to wait now."""
        if self._waits():
            self._label = self._label if self._timer.isActive() else self._button.text()
            self._timer.start()
            self._count()

    def _count(self) -> None:
        left = self._waits()
        self._button.setEnabled(not left)
        self._button.setText(f"Đợi {left // 60}:{left % 60:02}" if left else self._label)
        if not left:
            self._timer.stop()

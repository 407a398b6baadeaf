"""A button whose meaning changes with its text: the second click of a double click is not a second decision."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

PAUSE = 600  # milliseconds; slower than any double click, faster than an officer who has read the new text


class DecisionButton(QPushButton):
    """Emits `decided` instead of `clicked`.

    A click that comes within PAUSE of the last one and would do something else than that one is swallowed. What it
    would do is its text, and the `subject` where several things in a row have the same button.
    """

    decided = Signal()
    pause = PAUSE  # tests that press one step after the other set it to 0

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.subject = ""
        self._last: tuple[float, str, str] | None = None
        self.clicked.connect(self._decide)

    def _decide(self) -> None:
        meaning = (self.text(), self.subject)
        if self._last is not None and self._last[1:] != meaning and self._age() < self.pause:
            return
        self._last = (monotonic(), *meaning)
        self.decided.emit()
        if self._last[1:] != (self.text(), self.subject):  # the pause begins when the new meaning is shown
            self._last = (monotonic(), *meaning)

    def _age(self) -> float:
        """Return the milliseconds since the last decision."""
        return (monotonic() - self._last[0]) * 1000 if self._last is not None else float("inf")

"""A button whose meaning changes with its text: the second click of a double click is not a second decision."""

from __future__ import annotations

from collections.abc import Callable, Hashable
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
        self._guard = DecisionGuard(lambda: self.pause)
        self.clicked.connect(lambda: self._guard.decide(self._meaning, self.decided.emit))

    def _meaning(self) -> Hashable:
        return self.text(), self.subject


class DecisionGuard:
    """Keeps two decisions in the same place apart, also where each has its own button."""

    def __init__(self, pause: Callable[[], int] = lambda: DecisionButton.pause) -> None:
        self._pause = pause
        self._last: tuple[float, Hashable] | None = None

    def decide(self, meaning: Callable[[], Hashable], act: Callable[[], object]) -> None:
        """Act, unless a click came just before and meant something else; the pause begins when the act is done."""
        now = meaning()
        if self._last is not None and self._last[1] != now and self._age() < self._pause():
            return
        self._last = (monotonic(), now)
        act()
        if meaning() != now:  # the pause begins when the new meaning is shown
            self._last = (monotonic(), now)

    def _age(self) -> float:
        """Return the milliseconds since the last decision."""
        return (monotonic() - self._last[0]) * 1000 if self._last is not None else float("inf")

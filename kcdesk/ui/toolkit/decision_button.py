"""Buttons: one whose meaning changes with its text takes the second click of a double click for no second decision."""

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


def decision_button(label: str, name: str, act: Callable[[], object]) -> DecisionButton:
    """Return a named button that changes its meaning; in a dialog Enter presses it only where it has the keyboard."""
    button = DecisionButton(label)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.decided.connect(lambda: act())
    return button


def push_button(label: str, name: str, act: Callable[[], object]) -> QPushButton:
    """Return a named button that always means the same, else as `decision_button`."""
    button = QPushButton(label)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: act())
    return button

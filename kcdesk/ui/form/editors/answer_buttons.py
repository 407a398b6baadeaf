"""The large answer buttons of a checklist item, and their letter keys."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QToolButton, QVBoxLayout

from kcdesk.formdef.model import Choice
from kcdesk.text import fold
from kcdesk.ui.form.editors.options import Options
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import FIELD_GAP, ROW_HEIGHT

_LETTERS = {"d": "pass", "k": "fail", "a": "not_applicable"}
_ICONS = {"pass": ("check", QPalette.ColorRole.Link), "fail": ("x", QPalette.ColorRole.BrightText)}
_BURST = 0.04  # seconds between keys of one burst
_BESIDE = 56  # pixels of a button besides its label: the answer mark and the padding


class Burst:
    """Tells letters inserted by a Vietnamese input method from letters that the officer types.

    An input method corrects a letter with a burst of keys within milliseconds; the burst counts as one key.
    """

    def __init__(self) -> None:
        self._last = 0.0

    def continues(self) -> bool:
        """Return whether this letter belongs to the same burst as the letter before."""
        before, self._last = self._last, monotonic()
        return self._last - before < _BURST

    def handled(self) -> None:
        """Extend the burst after a letter was handled: keys queued meanwhile on a slow laptop still belong to it."""
        self._last = monotonic()


class Answers(Options):
    """The large answer buttons of one item.

    Digits and the letters Đ, K, A choose an answer, 0 and Delete clear it, Up and Down go to other items.

    Signals:
        keyed: an answer was given or cleared by the keyboard.
        moved: go to another item, +1 below or -1 above.
        lettered: a letter was typed that chooses no answer.
    """

    keyed = Signal()
    moved = Signal(int)
    lettered = Signal(str)

    def __init__(self, choices: Sequence[Choice], item: str, burst: Burst) -> None:
        super().__init__([c.value for c in choices], [_answer_button(c.label, item) for c in choices])
        self._burst = burst
        line, whole = FlowRow(FIELD_GAP // 2), QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(line)
        for button in self.buttons:
            line.add(button)

    def show_value(self, value: object | None) -> None:
        """Show the answer by its mark and its colour."""
        super().show_value(value)
        for own, button in zip(self._values, self.buttons, strict=True):
            _show_active(button, own == value, _ICONS.get(str(own)))

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key does here; return whether it does anything."""
        return self._pressed(event)

    def _pressed(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif self._editable and (letter := _letter(event)):
            if not self._burst.continues():
                self._do_by_letter(letter)
                self._burst.handled()
        else:
            return super()._pressed(event)
        return True

    def _do_by_letter(self, letter: str) -> None:
        answer = _LETTERS.get(letter)
        if answer in self._values:
            self._by_keyboard(answer)
        else:
            self.lettered.emit(letter)

    def _by_keyboard(self, value: object | None) -> None:
        super()._by_keyboard(value)
        self.keyed.emit()


def _letter(event: QKeyEvent) -> str:
    held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    letter = fold(event.text())
    return letter if letter.isalpha() and not held else ""


class _AnswerButton(QToolButton):
    """A button with the same width with and without its mark, so that nothing moves when it is pressed."""

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text()) + _BESIDE
        return QSize(width, max(scaled(ROW_HEIGHT), super().sizeHint().height()))


def _answer_button(label: str, item: str) -> QToolButton:
    button = _AnswerButton()
    button.setText(label)
    button.setProperty("role", "chip")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setAccessibleName(f"{label}: {item}")
    return button


def _show_active(button: QAbstractButton, active: bool, icon: tuple[str, QPalette.ColorRole] | None) -> None:
    if button.property("active") == active:
        return
    button.setProperty("active", active)
    if active and icon:
        set_icon(button, *icon)
    else:
        button.setIcon(QIcon())
    button.style().unpolish(button)
    button.style().polish(button)

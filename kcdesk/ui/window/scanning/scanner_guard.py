"""Codes that a reader types as a keyboard: known by what they say, wherever the keyboard is; nothing is overwritten.

A reader sends the line of a citizen card, or the code of a paper of this program, as keys with an Enter. From the
beginning of such a line on its keys go to no field; what the beginning did is taken back. How fast the keys come does
not matter: nobody types twelve digits and a bar, or KCDESK1/, for anything else.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from shiboken6 import isValid

from kcdesk.runtime.frozen import Value
from kcdesk.ui.toolkit.drop_targets import TAKES_CODES
from kcdesk.ui.toolkit.qt import application

WAIT = 3000  # milliseconds after the last key before a line without Enter counts as ended
_CARD = re.compile(r"\d{12}\|\Z", re.ASCII)
_PAPER = re.compile(r"KCDESK1/\Z", re.IGNORECASE)
_LONGEST_BEGINNING = 13
_LONGEST = 700  # letters of a line; more is no code
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Escape)
_SHIFTS = (Qt.Key.Key_Shift, Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock)
_TextInput = QLineEdit | QPlainTextEdit | QTextEdit


class _Before(Value):
    """What a key met: where the keyboard was, its text and cursor, and how many acts the store had."""

    letter: str
    widget: QWidget
    text: str
    cursor: int
    acts: int


class ScannerGuard(QObject):
    """Watches the field with the keyboard. `acts` counts the acts of the store, `undo_acts` takes back the last ones.

    `take_code` gets a whole line; it returns whether it was a code, else the line is typed into the field after all.
    """

    def __init__(
        self,
        window: QWidget,
        acts: Callable[[], int],
        undo_acts: Callable[[int], object],
        take_code: Callable[[str], bool],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._acts, self._undo_acts, self._take_code = acts, undo_acts, take_code
        self._watched: QWidget | None = None
        self._typed: deque[_Before] = deque(maxlen=_LONGEST_BEGINNING)
        self._line = ""  # what was caught so far; "" while nothing is caught
        self._pause = QTimer(self, singleShot=True, interval=WAIT)
        self._pause.timeout.connect(self._end)
        application().focusChanged.connect(self._follow)

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Listen to the widget with the keyboard only: a filter of every event would slow down all."""
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = new if self._is_of_window(new) else None
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def _is_of_window(self, widget: QWidget | None) -> bool:
        """Whether a field is in this window or in a dialog above it: another window may be of another store."""
        while widget is not None and widget is not self._window:
            widget = widget.parentWidget()
        return widget is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note what letters meet, and keep those of a caught line from the field."""
        if watched is not self._watched or watched.property(TAKES_CODES):
            return False
        if isinstance(event, QInputMethodEvent):
            return self._letters(event.commitString()) if event.commitString() else False
        if event.type() == QEvent.Type.ShortcutOverride and self._line:
            event.accept()  # no key of a caught line is a command
            return True
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or event.key() in _SHIFTS:
            return False
        if self._line and event.key() in _ENDS:
            self._end()
            return True
        return self._letters(event.text())

    def _letters(self, letters: str) -> bool:
        """Take letters that were typed; return whether the field must not get them."""
        if self._line:
            self._line += letters
            self._pause.start()
            if len(self._line) > _LONGEST:
                self._end()
            return True
        for letter in letters:
            self._note(letter)
        beginning = "".join(before.letter for before in self._typed)
        caught = _CARD.search(beginning) or _PAPER.search(beginning)
        if caught is None:
            return False
        first = self._typed[caught.start()]
        self._line = beginning[caught.start() :]
        self._typed.clear()
        self._pause.start()
        self._take_back(first)
        return True

    def _note(self, letter: str) -> None:
        widget = self._watched
        if widget is None or not letter or not (letter.isdigit() or letter in "|/" or letter.upper() in "KCDES"):
            self._typed.clear()
            return
        text, cursor = _content(widget)
        self._typed.append(_Before(letter, widget, text, cursor, self._acts()))

    def _take_back(self, first: _Before) -> None:
        """Let everything be as before the first letter of the line: the text, an opened cell, what was saved."""
        focused = QApplication.focusWidget()
        if focused is not None and focused is not first.widget and isinstance(first.widget, QAbstractItemView):
            QApplication.sendEvent(
                focused, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
            )
        if isValid(first.widget):
            _put(first.widget, first.text, first.cursor)
        if (number := self._acts() - first.acts) > 0:
            self._undo_acts(number)

    def _end(self) -> None:
        self._pause.stop()
        line, self._line = self._line.strip(), ""
        if line and not self._take_code(line):
            _type(self._watched, line)


def _content(widget: QWidget) -> tuple[str, int]:
    if isinstance(widget, QLineEdit):
        return widget.text(), widget.cursorPosition()
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return widget.toPlainText(), widget.textCursor().position()
    return "", 0


def _put(widget: QWidget, text: str, cursor: int) -> None:
    """Show a text again; a field learns of it as of typing, so that it is saved in place of what was typed since."""
    if not isinstance(widget, _TextInput) or widget.isReadOnly() or _content(widget)[0] == text:
        return
    if isinstance(widget, QLineEdit):
        widget.selectAll()
        widget.insert(text)
        widget.setCursorPosition(cursor)
        widget.textEdited.emit(text)
        return
    whole = QTextCursor(widget.document())
    whole.select(QTextCursor.SelectionType.Document)
    whole.insertText(text)
    whole.setPosition(cursor)
    widget.setTextCursor(whole)


def _type(widget: QWidget | None, text: str) -> None:
    """Type into a field what was kept from it by mistake."""
    if widget is None or not isValid(widget) or not isinstance(widget, _TextInput) or widget.isReadOnly():
        return
    if isinstance(widget, QLineEdit):
        widget.insert(text)
        widget.textEdited.emit(widget.text())
    else:
        widget.insertPlainText(text)

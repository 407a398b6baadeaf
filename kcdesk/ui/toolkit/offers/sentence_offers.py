"""A list of usual sentences below a text that is being typed; nothing is taken that was not chosen.

The keyboard stays in the text: Down and Up choose, Enter takes, Esc closes, Delete offers the chosen sentence no more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QPlainTextEdit

from kcdesk.text import all_begin, fold, tokens
from kcdesk.ui.toolkit.qt import soon
from kcdesk.ui.toolkit.sizes import scaled

MOST = 8  # sentences in the list
_LEAST_TYPED = 2  # letters after which the list opens
_WIDTH = 360  # pixels that the list has at least
_GAP = 2
_BEGINNING = re.compile(r".*(?:[.;!?]\s+|\n)", re.DOTALL)  # what stands before the sentence that is being typed
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
NAME = "Câu thường dùng"
TIP = "↓ chọn · Enter lấy câu · Delete không gợi ý câu này nữa · Esc đóng"

Text = QLineEdit | QPlainTextEdit


def fitting_sentences(sentences: Sequence[str], typed: str) -> list[str]:
    """The sentences that have words beginning with all typed words, accents or none; all of them if nothing is typed.

    Those that begin as typed come first.
    """
    words, beginning = tokens(typed), fold(typed)
    fitting = [sentence for sentence in sentences if all_begin(words, tokens(sentence)) and fold(sentence) != beginning]
    return sorted(fitting, key=lambda sentence: not fold(sentence).startswith(beginning))[:MOST]


class SentenceOffers(QObject):
    """Offers sentences in one text input. They are asked for once each time that the keyboard comes to it."""

    def __init__(
        self, text: Text, sentences: Callable[[], Sequence[str]], forget: Callable[[str], None] | None = None
    ) -> None:
        super().__init__(text)
        self._text, self._sentences, self._forget = text, sentences, forget
        self._asked: Sequence[str] | None = None
        self._list: SentenceList | None = None  # made when it is needed
        text.installEventFilter(self)

    @property
    def shown(self) -> list[str]:
        """The sentences in the list; none while it is closed."""
        return self._list.sentences() if self._list is not None and self._list.isVisible() else []

    def follow(self) -> None:
        """Show what fits the sentence that is being typed, or close the list."""
        typed = self._typed()
        is_asked = len(typed.strip()) >= _LEAST_TYPED and self._text.hasFocus() and not self._text.isReadOnly()
        self._show(fitting_sentences(self._known(), typed) if is_asked else [])

    def close(self) -> None:
        """Close the list; what is typed stays."""
        if self._list is not None:
            self._list.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the list have its keys while it is open; close it when the text is left, moved or hidden."""
        kind = event.type()
        if kind == QEvent.Type.FocusIn:
            self._asked = None
        elif kind in (QEvent.Type.FocusOut, QEvent.Type.Hide, QEvent.Type.Move, QEvent.Type.Wheel):
            self.close()
        elif kind == QEvent.Type.InputMethod:
            soon(self, self.follow)
        elif kind in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride) and isinstance(event, QKeyEvent):
            return self._key(event, is_press=kind == QEvent.Type.KeyPress)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent, *, is_press: bool) -> bool:
        """Do what a key means to the list; return whether it was meant for it."""
        act = self._act_of(event)
        if act is None:
            if is_press and event.text():
                soon(self, self.follow)  # when the text has taken the key
            return False
        event.accept()
        if is_press:
            act()
        return True

    def _act_of(self, event: QKeyEvent) -> Callable[[], None] | None:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not self.shown or self._list is None:
            is_asked = key == Qt.Key.Key_Down and not modifiers and not self._typed().strip()
            return self._open_all if is_asked and not self._text.isReadOnly() and self._known() else None
        if modifiers:
            return None
        chosen = self._list.chosen()
        acts: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Down: lambda: self._step(1),
            Qt.Key.Key_Up: lambda: self._step(-1),
            Qt.Key.Key_Escape: self.close,
        }
        if chosen:
            acts |= dict.fromkeys(_ENTER, lambda: self._take(chosen))
            acts |= {Qt.Key.Key_Delete: lambda: self._drop(chosen)} if self._forget is not None else {}
        elif key in (*_ENTER, Qt.Key.Key_Tab):
            self.close()
        return acts.get(key)

    def _step(self, step: int) -> None:
        if self._list is not None:
            self._list.step(step)

    def _open_all(self) -> None:
        self._show(list(self._known())[:MOST])

    def _known(self) -> Sequence[str]:
        if self._asked is None:
            self._asked = self._sentences()
        return self._asked

    def _take(self, sentence: str) -> None:
        """Replace the sentence that is being typed, as typing would: Ctrl+Z brings it back."""
        typed = self._typed()
        self.close()
        if isinstance(self._text, QLineEdit):
            self._text.setSelection(self._text.cursorPosition() - len(typed), len(typed))
            self._text.insert(sentence)
        else:
            cursor = self._text.textCursor()
            cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(typed))
            cursor.insertText(sentence)
            self._text.setTextCursor(cursor)

    def _drop(self, sentence: str) -> None:
        if self._forget is not None:
            self._forget(sentence)
        self._asked = None
        self._show([shown for shown in self.shown if shown != sentence])

    def _typed(self) -> str:
        """Return what stands between the beginning of the sentence and the cursor."""
        if isinstance(self._text, QLineEdit):
            before = self._text.text()[: self._text.cursorPosition()]
        else:
            cursor = self._text.textCursor()
            before = cursor.block().text()[: cursor.positionInBlock()]
        beginning = _BEGINNING.match(before)  # to search would begin again at every letter of a long text
        return before[beginning.end() :] if beginning else before

    def _show(self, sentences: Sequence[str]) -> None:
        if not sentences:
            self.close()
            return
        if self._list is None:
            self._list = SentenceList(self._text)
            self._list.itemClicked.connect(lambda item: self._take(item.text()))
        self._text.installEventFilter(self)  # the last one installed is asked first: also before the cell of a table
        self._list.show_sentences(sentences, self._below())

    def _below(self) -> QRect:
        """Return the line below which the list stands, on the screen."""
        text = self._text
        line = text.rect() if isinstance(text, QLineEdit) else text.cursorRect()
        corner = text.mapToGlobal(QPoint(0, line.top()))
        return QRect(corner.x(), corner.y(), text.width(), line.height())


class SentenceList(QListWidget):
    """The list itself: a window of its own that never takes the keyboard."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.setWindowFlags(Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.Box)
        self.setObjectName("sentence_offers")
        self.setAccessibleName(NAME)
        self.setToolTip(TIP)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sentences(self) -> list[str]:
        """Return the sentences that it shows."""
        return [self.item(row).text() for row in range(self.count())]

    def chosen(self) -> str:
        """Return the chosen sentence; "" while none is."""
        row = self.currentRow()
        return self.item(row).text() if row >= 0 else ""

    def step(self, step: int) -> None:
        """Choose the next sentence or the one before; before the first, none."""
        self.setCurrentRow(max(min(self.currentRow() + step, self.count() - 1), -1))

    def show_sentences(self, sentences: Sequence[str], line: QRect) -> None:
        """Show sentences, none of them chosen, below a line of the screen, or above it where there is no room."""
        self.clear()
        for sentence in sentences:
            item = QListWidgetItem(sentence)
            item.setToolTip(f"{sentence}\n{TIP}")
            self.addItem(item)
        self.setCurrentRow(-1)
        height = self.sizeHintForRow(0) * self.count() + 2 * self.frameWidth()
        room = self.screen().availableGeometry()
        width = min(max(line.width(), scaled(_WIDTH)), room.width())
        left = max(min(line.left(), room.right() - width), room.left())
        below = line.bottom() + _GAP
        top = below if below + height <= room.bottom() else line.top() - height - _GAP
        self.setGeometry(left, top, width, height)
        self.show()

"""The editor of a text with several lines."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QSizeF, Signal
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from kcdesk.formdef.types.registry import type_of
from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.form.editors.inputs import STAYING
from kcdesk.ui.form.editors.text_undo import belongs_to_window
from kcdesk.ui.toolkit.theme import set_read_only, set_tone

_LEAST, _MOST = 3, 16  # lines shown
_FRAME = 12  # pixels: border and padding of the style, top and bottom together


class ParagraphInput(QPlainTextEdit):
    """A plain-text input that grows with its content; Enter starts a new line, Tab goes to the next field.

    Signals:
        left: the input was left.
    """

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow(QSizeF(0, 0))

    def _grow(self, size: QSizeF) -> None:
        lines = min(max(int(size.height()), _LEAST), _MOST)
        margins = 2 * int(self.document().documentMargin())
        height = lines * self.fontMetrics().lineSpacing() + margins + _FRAME
        if height != self.height():
            self.setFixedHeight(height)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with larger letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._grow(self.document().documentLayout().documentSize())

    def event(self, event: QEvent) -> bool:
        """Pass Ctrl+Z to the window when no typed text is left to undo."""
        text = self.document()
        if belongs_to_window(event, can_undo=text.isUndoAvailable(), can_redo=text.isRedoAvailable()):
            event.ignore()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Emit that the field was left."""
        super().focusOutEvent(event)
        if event.reason() not in STAYING:
            self.left.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page with the wheel unless this text has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ParagraphEditor(Editor):
    """A text with several lines."""

    input: ParagraphInput

    def make_input(self) -> ParagraphInput:
        """Create the text input and connect its signals."""
        text = ParagraphInput(self)
        text.textChanged.connect(self._typed)
        text.left.connect(self.finished)
        self.around.offer_sentences(text, lambda: self.path)
        self._showing = False
        return text

    def _typed(self) -> None:
        if not self._showing:
            self.changed.emit()

    def value(self) -> Any:
        """Return the typed text, cleaned."""
        typed = self.input.toPlainText()
        return type_of(self.field).parse(typed, self.field, self.around.forms) if typed.strip() else None

    def show_value(self, stored: Any) -> None:
        """Show a text; the cursor stays when the text is the same."""
        text = stored or ""
        if text != self.input.toPlainText():
            self._showing = True
            self.input.setPlainText(text)
            self._showing = False

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid changes; read-only text can still be copied."""
        if self.input.isReadOnly() == editable:
            set_read_only(self.input, not editable)
            set_tone(self.input, str(self.input.property("tone") or ""))  # update the style of a read-only input

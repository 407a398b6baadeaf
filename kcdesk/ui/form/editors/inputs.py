"""One-line inputs, used alike in fields and in the cells of tables.

An input shows a stored value with `show_value` and gives back what was typed with `stored`, which is None for an empty
one and raises ValueProblem for what cannot be read. The field's type alone converts.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QWidget

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.ui.form.editors.calendar import Calendar
from kcdesk.ui.form.editors.text_undo import belongs_to_window
from kcdesk.ui.toolkit.icons import set_icon

# Leaving for a menu, a list of the same field or another window is not leaving the field.
STAYING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason)
_UNIT_GAP = 8


class LineInput(QLineEdit):
    """A line of text with the unit inside, read by the field's type.

    Signals:
        left: the input was left, or Enter was pressed in it.
        entered: Enter was pressed; the next field is wanted.
        focused: the input was entered (True) or left (False).
        tabbed: in a cell, Tab (True) or Shift+Tab (False) was pressed; the table moves.
    """

    left = Signal()
    entered = Signal()
    focused = Signal(bool)
    tabbed = Signal(bool)

    def __init__(self, field: Field, forms: Forms, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.forms = forms
        self.in_cell = False
        self._hint = ""
        self._unit = _unit(field)
        if self._unit:
            self.setTextMargins(0, 0, self.fontMetrics().horizontalAdvance(self._unit) + _UNIT_GAP, 0)
        if type_of(field).align == "right":
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.returnPressed.connect(self.left)
        self.returnPressed.connect(self.entered)

    def stored(self) -> object | None:
        """The value as it is stored; None when nothing is typed."""
        typed = self.text()
        return type_of(self.field).parse(typed, self.field, self.forms) if typed.strip() else None

    def show_value(self, stored: object | None) -> None:
        """Show a stored value."""
        shown = "" if stored is None else type_of(self.field).edit_text(stored, self.field)
        if shown != self.text():
            self.setText(shown)
            self.setCursorPosition(0)  # a long name shows its beginning
        self.setModified(False)

    def show_typed(self, text: str) -> None:
        """Show text as somebody typed it, readable or not."""
        self.setText(text)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z reaches the window once there is nothing typed here to take back."""
        if belongs_to_window(event, can_undo=self.isUndoAvailable(), can_redo=self.isRedoAvailable()):
            event.ignore()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """In a cell the table decides what is next."""
        if not self.in_cell:
            return super().focusNextPrevChild(forward)
        self.tabbed.emit(forward)
        return True

    def set_hint(self, text: str) -> None:
        """What an empty input says while something may be typed."""
        self._hint = text
        self.setPlaceholderText("" if self.isReadOnly() else text)

    def setReadOnly(self, read_only: bool) -> None:
        """An input that cannot be changed asks for nothing."""
        super().setReadOnly(read_only)
        self.setPlaceholderText("" if read_only else self._hint)

    def minimumSizeHint(self) -> QSize:
        """Small: the line that the field stands on decides the width."""
        return QSize(48, super().minimumSizeHint().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the field is being edited."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the field was left, unless only its own list has opened."""
        super().focusOutEvent(event)
        if event.reason() not in STAYING:
            self.focused.emit(False)
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the unit after the number."""
        super().paintEvent(event)
        if not self._unit:
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        area = QRect(0, 0, self.width() - _UNIT_GAP, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._unit)


def _unit(field: Field) -> str:
    """The field's own unit, else the one that its type always has."""
    return field.unit or type_of(field).unit


class GroupedInput(LineInput):
    """A whole number whose thousands are grouped while it is typed; "1,25 tỷ" and the like stay as typed."""

    def __init__(self, field: Field, forms: Forms, parent: QWidget | None = None) -> None:
        super().__init__(field, forms, parent)
        self.textEdited.connect(self._group)

    def _group(self, typed: str) -> None:
        digits = typed.replace(".", "").replace(" ", "")
        if not (digits.isascii() and digits.isdecimal()):
            return
        after = sum(character.isdecimal() for character in typed[self.cursorPosition() :])
        grouped = f"{int(digits):,}".replace(",", ".")
        if grouped == typed:
            return
        self.setText(grouped)
        self.setModified(True)
        self.setCursorPosition(_position_before(grouped, after))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Backspace and Delete beside a dot take the digit, not the dot that would come back at once."""
        position, text = self.cursorPosition(), self.text()
        if not self.hasSelectedText() and not event.modifiers():
            if event.key() == Qt.Key.Key_Backspace and text[position - 1 : position] == ".":
                self.setCursorPosition(position - 1)
            elif event.key() == Qt.Key.Key_Delete and text[position : position + 1] == ".":
                self.setCursorPosition(position + 1)
        super().keyPressEvent(event)


def _position_before(text: str, digits: int) -> int:
    """The place in `text` that has so many digits after it."""
    position = len(text)
    while digits:
        position -= 1
        digits -= text[position].isdecimal()
    return position


class DateInput(LineInput):
    """A date typed in any usual way, or picked from a calendar (Alt+Down)."""

    def __init__(self, field: Field, forms: Forms, parent: QWidget | None = None) -> None:
        super().__init__(field, forms, parent)
        self.set_hint("ngày/tháng/năm")
        self.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._pick = QAction("Chọn ngày trong lịch (Alt+↓)", self)
        set_icon(self._pick, "calendar", QPalette.ColorRole.PlaceholderText)
        self._pick.triggered.connect(self.open_calendar)
        self.addAction(self._pick, QLineEdit.ActionPosition.TrailingPosition)

    def setReadOnly(self, read_only: bool) -> None:
        """Without the calendar when nothing may be changed."""
        super().setReadOnly(read_only)
        self._pick.setVisible(not read_only)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Down opens the calendar."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
        else:
            super().keyPressEvent(event)

    def open_calendar(self) -> None:
        """Show the calendar under the field, on the day that is typed or on today."""
        if self.isReadOnly():
            return
        calendar = Calendar(self)
        calendar.picked.connect(self._take)
        calendar.open_under(self, self.text())

    def _take(self, day: str) -> None:
        self.show_value(day)
        self.setModified(True)
        self.textEdited.emit(self.text())
        self.left.emit()

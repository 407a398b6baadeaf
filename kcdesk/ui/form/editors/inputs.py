"""One-line inputs, used both in fields and in table cells.

An input shows a stored value with `show_value` and returns the typed value with `stored`, which is None for an empty
input and raises ValueProblem for text that cannot be read. Only the field's type converts values.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.text import format_integer
from kcdesk.ui.form.editors.calendar import CalendarPopup
from kcdesk.ui.form.editors.text_undo import belongs_to_window
from kcdesk.ui.toolkit.amount_words import AmountWords
from kcdesk.ui.toolkit.icons import set_icon

# The focus may go to a menu, the field's own list or another window without the field counting as left.
STAYING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason)
_UNIT_GAP = 8
WHY = ("Vì sao có số này?", "F7")  # in a menu: the label and the key that does the same


class LineInput(QLineEdit):
    """A one-line text input with the unit inside, read by the field's type.

    Signals:
        left: the input was left, or Enter was pressed in it.
        entered: Enter was pressed; go to the next field.
        focused: the input got the focus (True) or lost it (False).
        tabbed: Tab (True) or Shift+Tab (False) was pressed in a cell; the table moves.
        why_wanted: the officer asks why a number stands here; only an input with `explains` offers it.
    """

    why_wanted = Signal()
    left = Signal()
    entered = Signal()
    focused = Signal(bool)
    tabbed = Signal(bool)

    def __init__(self, field: Field, forms: Forms, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.forms = forms
        self.in_cell = False
        self.explains = False
        self._hint = ""
        self._unit = _unit(field)
        self._leave_room()
        if type_of(field).align == "right":
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.returnPressed.connect(self.left)
        self.returnPressed.connect(self.entered)

    def _leave_room(self) -> None:
        """Leave room at the right for the unit."""
        if self._unit:
            self.setTextMargins(0, 0, self.fontMetrics().horizontalAdvance(self._unit) + _UNIT_GAP, 0)

    def changeEvent(self, event: QEvent) -> None:
        """Leave more room for a unit in larger letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._leave_room()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Add to the usual menu of a line the question why a number stands here."""
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.explains:
            menu.addSeparator()
            menu.addAction("\t".join(WHY), self.why_wanted.emit)
        menu.popup(event.globalPos())

    def stored(self) -> object | None:
        """Return the value as it would be stored; None when nothing is typed."""
        typed = self.text()
        return type_of(self.field).parse(typed, self.field, self.forms) if typed.strip() else None

    def show_value(self, stored: object | None) -> None:
        """Show a stored value."""
        shown = "" if stored is None else type_of(self.field).edit_text(stored, self.field)
        if shown != self.text():
            self.setText(shown)
            self.setCursorPosition(0)  # show the beginning of a long name
        self.setModified(False)

    def show_typed(self, text: str) -> None:
        """Show text as it was typed, readable or not."""
        self.setText(text)

    def event(self, event: QEvent) -> bool:
        """Pass Ctrl+Z to the window when no typed text is left to undo."""
        if belongs_to_window(event, can_undo=self.isUndoAvailable(), can_redo=self.isRedoAvailable()):
            event.ignore()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Let the table decide where Tab goes from a cell; Qt also asks when a cell that has the keyboard is hidden."""
        if not self.in_cell or self.isHidden():
            return super().focusNextPrevChild(forward)
        self.tabbed.emit(forward)
        return True

    def set_hint(self, text: str) -> None:
        """Set the placeholder text, shown while the input is editable."""
        self._hint = text
        self.setPlaceholderText("" if self.isReadOnly() else text)

    def setReadOnly(self, read_only: bool) -> None:
        """Make the input read-only; a read-only input shows no placeholder."""
        super().setReadOnly(read_only)
        self.setPlaceholderText("" if read_only else self._hint)

    def minimumSizeHint(self) -> QSize:
        """Return a small size: the line of the field decides the width."""
        return QSize(48, super().minimumSizeHint().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Emit `focused(True)`."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Emit that the field was left, unless only its own list has opened."""
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
    """Return the field's own unit, else the unit of its type."""
    return field.unit or type_of(field).unit


class GroupedInput(LineInput):
    """A whole number whose thousands are grouped while its digits are typed; amounts also show themselves in words.

    Only dots that the input has set itself are moved. A typed or pasted dot has a meaning ("1.25 tỷ"), so from then on
    the text stays as it is typed, without dots of the input, until it is read.
    """

    def __init__(self, field: Field, forms: Forms, parent: QWidget | None = None) -> None:
        super().__init__(field, forms, parent)
        self._shaped = ""  # the text as the input has set it, with dots of its own
        self._own_dots = False  # whether only digits are typed or removed, in a text without dots of the officer
        self.textEdited.connect(self._group)
        if type_of(field).is_money:
            self.words = AmountWords(self)

    def show_value(self, stored: object | None) -> None:
        """Show a stored value, grouped."""
        super().show_value(stored)
        self._shaped = self.text()

    def _group(self, typed: str) -> None:
        digits = typed.replace(".", "") if self._own_dots else typed
        if not _is_digits(digits):
            return
        grouped = digits if digits.startswith("0") else format_integer(int(digits))
        after = sum(character.isdecimal() for character in typed[self.cursorPosition() :])
        self._shaped = grouped
        if grouped != typed:
            self.setText(grouped)
            self.setModified(True)
            self.setCursorPosition(_position_before(grouped, after))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Note whether the key types or removes digits; Backspace and Delete beside a dot of the input skip it."""
        if not self.isReadOnly():
            removes = _removes(event)
            self._own_dots = self._has_own_dots() if removes else self._is_own_after(_typed_by(event))
        if self._own_dots and not self.hasSelectedText() and not event.modifiers():
            self._skip_dot(event.key())
        super().keyPressEvent(event)
        self._own_dots = False

    def _has_own_dots(self) -> bool:
        return self.text() == self._shaped or _is_digits(self.text())

    def _is_own_after(self, typed: str) -> bool:
        """Whether all dots are the input's own when this is typed; before anything but digits it takes them back."""
        own = self._has_own_dots()
        if own and any(letter >= " " and not _is_digits(letter) for letter in typed):
            self._take_back_dots()
        return own and _is_digits(typed)

    def _take_back_dots(self) -> None:
        """Show the digits as they were typed, without what is selected: what is typed now gives them their meaning."""
        chosen = self.hasSelectedText()
        start = self.selectionStart() if chosen else self.cursorPosition()
        end = self.selectionEnd() if chosen else start
        before, after = (part.replace(".", "") for part in (self.text()[:start], self.text()[end:]))
        if before + after != self.text():
            self.setText(before + after)
            self.setModified(True)
            self.setCursorPosition(len(before))

    def _skip_dot(self, key: int) -> None:
        position, text = self.cursorPosition(), self.text()
        if key == Qt.Key.Key_Backspace and text[position - 1 : position] == ".":
            self.setCursorPosition(position - 1)
        elif key == Qt.Key.Key_Delete and text[position : position + 1] == ".":
            self.setCursorPosition(position + 1)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Note whether an input method types digits."""
        self._own_dots = self._is_own_after(event.commitString())
        super().inputMethodEvent(event)
        self._own_dots = False


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _removes(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) or event.matches(QKeySequence.StandardKey.Cut)


def _typed_by(event: QKeyEvent) -> str:
    return QGuiApplication.clipboard().text() if event.matches(QKeySequence.StandardKey.Paste) else event.text()


def _position_before(text: str, digits: int) -> int:
    """Return the position in `text` with this number of digits after it."""
    position = len(text)
    while digits:
        position -= 1
        digits -= text[position].isdecimal()
    return position


class DateInput(LineInput):
    """A date, typed in any usual format or chosen from a calendar (Alt+Down)."""

    def __init__(self, field: Field, forms: Forms, parent: QWidget | None = None) -> None:
        super().__init__(field, forms, parent)
        self.set_hint("ngày/tháng/năm")
        self.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._pick = QAction("Chọn ngày trong lịch (Alt+↓)", self)
        set_icon(self._pick, "calendar", QPalette.ColorRole.PlaceholderText)
        self._pick.triggered.connect(self.open_calendar)
        self.addAction(self._pick, QLineEdit.ActionPosition.TrailingPosition)

    def setReadOnly(self, read_only: bool) -> None:
        """Make the input read-only; the calendar button is then hidden."""
        super().setReadOnly(read_only)
        self._pick.setVisible(not read_only)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the calendar on Alt+Down."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
        else:
            super().keyPressEvent(event)

    def open_calendar(self) -> None:
        """Show the calendar below the field, at the typed day or today."""
        if self.isReadOnly():
            return
        calendar = CalendarPopup(self)
        calendar.picked.connect(self._take)
        calendar.open_under(self, self.text())

    def _take(self, day: str) -> None:
        self.show_value(day)
        self.setModified(True)
        self.textEdited.emit(self.text())
        self.left.emit()

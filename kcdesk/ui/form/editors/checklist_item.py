"""One item of a checklist: its text, its answer, and optional parts: form of the paper, finding, note, photos."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from kcdesk.formdef.model import Choice, Field
from kcdesk.text import fold
from kcdesk.ui.form.editors.answer_buttons import Answers, Burst
from kcdesk.ui.form.editors.base import Surroundings
from kcdesk.ui.form.editors.inputs import LineInput
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.theme import FIELD_GAP, hairline, labelled, set_read_only

RESULT, FINDING, GROUP, NOTE = "result", "finding", "group", "note"
PAPER_FORM, EARLIER = "paper_form", "earlier_finding"
FAIL = "fail"
_NUMBER_WIDTH = 32
_PAPER_KEYS = {"original": "C", "valid_copy": "S", "missing": "T"}
_NOTE_KEY, _PHOTO_KEY = "G", "H"
ItemValues = dict[str, Any]


class ItemHost(Protocol):
    """What an item needs from the checklist that contains it."""

    field: Field
    around: Surroundings
    editable: bool
    burst: Burst  # shared by all items: a burst of keys may continue in the next item

    def objectName(self) -> str:
        """Return the name of the checklist widget, the prefix of the names of its items."""

    def has_column(self, name: str) -> bool:
        """Return whether the form has this column."""

    def choices_at(self, row_id: str, column: str) -> Sequence[Choice]:
        """Return the choices of a cell; none when the column does not apply to the item."""

    def put(self, row: ItemRow, column: str, value: object) -> None:
        """Write one cell of an item at once."""

    def takes_photos(self) -> bool:
        """Return whether the record has a field for photos."""

    def add_photos(self, row: ItemRow) -> None:
        """Let the officer choose photos of an item."""


class ItemRow(QWidget):
    """One item: its number and text, its answer, and a menu of optional parts.

    Signals:
        typed: something was typed in the finding or the note that is not saved yet.
        left: the finding or the note was left; save it now.
        entered: Enter was pressed in the finding or the note; go to the next item.
    """

    typed = Signal()
    left = Signal()
    entered = Signal()

    def __init__(self, number: int, row: ItemValues, checklist: ItemHost, choices: Sequence[Choice]) -> None:
        super().__init__()
        self.id = row["id"]
        self.group = row.get(GROUP, "")
        self.unread = ""
        self.lines: dict[str, LineInput] = {}
        self._checklist = checklist
        self._item = row.get("item", "")
        self._has_note = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, FIELD_GAP // 2)
        self._column.addWidget(hairline())
        self.answers = Answers(choices, self._item, checklist.burst)
        self.answers.lettered.connect(self._do_by_letter)
        self._column.addLayout(self._first_line(number, row))
        self._column.addWidget(
            self._indented("earlier", "help", f"Lần trước: {row[EARLIER]}" if EARLIER in row else "")
        )
        self._summary = self._indented("summary", "muted", "")
        self._problem = self._indented("problem", "problem", "")
        self._column.addWidget(self._summary)
        self._column.addWidget(self._problem)
        self.setFocusProxy(self.answers)

    def _first_line(self, number: int, row: ItemValues) -> QHBoxLayout:
        self.more = QToolButton()
        self.more.setProperty("role", "more")
        set_icon(self.more, "ellipsis")
        self.more.setAccessibleName(f"Bản chính hay bản sao, ghi chú, ảnh: {self._item}")
        self.more.setToolTip("Bản chính hay bản sao, ghi chú, ảnh")
        self.more.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        self.more.setMenu(menu)
        line = QHBoxLayout()
        line.setContentsMargins(0, FIELD_GAP // 2, 0, 0)
        line.setSpacing(FIELD_GAP)
        line.addWidget(_number(number))
        self.words = _Words(row)
        self.words.moved.connect(self.answers.moved)
        self.words.entered.connect(self.answers.entered)
        self.words.answer_wanted.connect(lambda: self.answers.focus_button().setFocus(Qt.FocusReason.TabFocusReason))
        line.addWidget(self.words, 1)
        line.addWidget(self.answers, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.more, 0, Qt.AlignmentFlag.AlignVCenter)
        return line

    def _indented(self, name: str, role: str, text: str) -> QLabel:
        label = labelled(text, role, wrap=True)
        label.setParent(self)  # a label shown without a parent would be a window of its own and take the focus
        label.setObjectName(f"{self._checklist.objectName()}/{self.id}.{name}")
        label.setContentsMargins(_NUMBER_WIDTH + FIELD_GAP, 0, 0, 0)
        label.setVisible(bool(text))
        return label

    # -- showing ---------------------------------------------------------------------------------------------------

    @property
    def finding(self) -> LineInput | None:
        """Return the input of the finding; None while the answer needs no finding."""
        return self.lines.get(FINDING)

    def reach(self) -> None:
        """Focus the item: its answer buttons when unanswered, else its text, where no key changes the answer."""
        answered = self.answers.value() is not None
        target = self.words if answered and self._checklist.editable else self.answers.focus_button()
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_row(self, row: ItemValues, photos: int) -> None:
        """Show what is stored, and the number of photos of this item."""
        self.answers.show_value(row.get(RESULT))
        self._show_line(row, FINDING, row.get(RESULT) == FAIL or bool(row.get(FINDING)))
        self._show_line(row, NOTE, self._has_note or bool(row.get(NOTE)))
        forms = {choice.value: choice.label for choice in self._paper_forms()}
        parts = [forms.get(row.get(PAPER_FORM, ""), ""), f"{photos} ảnh" if photos else ""]
        self._summary.setText(" · ".join(filter(None, parts)))
        self._summary.setVisible(any(parts))

    def show_import(self, done: int, total: int) -> None:
        """Show beside the item how many of its photos have been imported."""
        self._summary.setText(f"Đang thêm ảnh {done}/{total}" if total else "Đang thêm ảnh")
        self._summary.show()

    def _show_line(self, row: ItemValues, column: str, wanted: bool) -> None:
        if wanted and column not in self.lines and self._checklist.has_column(column):
            self.lines[column] = self._make_line(column)
        if line := self.lines.get(column):
            line.setVisible(wanted)
            if not line.isModified() and not self.unread:
                line.show_value(row.get(column))

    def _make_line(self, column: str) -> LineInput:
        field = self._checklist.field.column(column)
        line = LineInput(field, self._checklist.around.forms)
        line.setObjectName(f"{self._checklist.objectName()}/{self.id}/{column}")
        line.setAccessibleName(f"{field.label}: {self._item}")
        line.set_hint(field.label)
        set_read_only(line, not self._checklist.editable)
        line.textEdited.connect(lambda _text: self.typed.emit())
        line.left.connect(self.left)
        line.entered.connect(self.entered)
        frame = QHBoxLayout()
        frame.setContentsMargins(_NUMBER_WIDTH + FIELD_GAP, 0, 0, 0)
        frame.addWidget(line)
        self._column.insertLayout(self._column.indexOf(self._summary), frame)
        QWidget.setTabOrder(self.answers.buttons[-1], line)
        return line

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid changes of answer, finding and note."""
        self.answers.set_editable(editable)
        self.more.setEnabled(editable)
        for line in self.lines.values():
            set_read_only(line, not editable)

    def set_problem(self, text: str) -> None:
        """Show what is wrong with the answer or the finding."""
        self._problem.setText(text)
        self._problem.setVisible(bool(text))

    # -- optional parts --------------------------------------------------------------------------------------------

    def _paper_forms(self) -> Sequence[Choice]:
        return self._checklist.choices_at(self.id, PAPER_FORM)

    def _acts(self) -> Iterator[tuple[str, str, Callable[[], None]]]:
        """Yield letter, label and callback of each menu entry."""
        for choice in self._paper_forms():
            put = partial(self._checklist.put, self, PAPER_FORM, choice.value)
            yield _PAPER_KEYS.get(choice.value, ""), choice.label, put
        if self._checklist.has_column(NOTE):
            yield _NOTE_KEY, "Ghi chú", self._begin_note
        if self._checklist.takes_photos():
            yield _PHOTO_KEY, "Thêm ảnh…", lambda: self._checklist.add_photos(self)

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for letter, label, act in self._acts():
            menu.addAction(f"{label}\t{letter}").triggered.connect(lambda _on=False, act=act: act())

    def _do_by_letter(self, letter: str) -> None:
        for own, _label, act in self._acts():
            if fold(own) == letter:
                act()

    def _begin_note(self) -> None:
        self._has_note = True
        self._show_line({}, NOTE, wanted=True) if NOTE not in self.lines else self.lines[NOTE].show()
        self.lines[NOTE].setFocus(Qt.FocusReason.OtherFocusReason)


def _number(number: int) -> QWidget:
    label = labelled(f"{number}.", "muted")
    label.setFixedWidth(_NUMBER_WIDTH)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label


class _Words(QLabel):
    """The text of an item. An answered item gets the focus here, so that a digit does not change its answer.

    Signals:
        moved: go to another item, +1 below or -1 above.
        entered: Enter was pressed.
        answer_wanted: focus the answer of this item, to change it.
    """

    moved = Signal(int)
    entered = Signal()
    answer_wanted = Signal()

    def __init__(self, row: ItemValues) -> None:
        super().__init__(row.get("item", ""))
        self.setProperty("role", "words")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setToolTip(row.get("source", ""))
        self.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab stops at the answers

    def keyPressEvent(self, event: QKeyEvent) -> None:
        acts: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Up: lambda: self.moved.emit(-1),
            Qt.Key.Key_Down: lambda: self.moved.emit(1),
            Qt.Key.Key_Return: self.entered.emit,
            Qt.Key.Key_Enter: self.entered.emit,
            Qt.Key.Key_Left: self.answer_wanted.emit,
            Qt.Key.Key_Right: self.answer_wanted.emit,
            Qt.Key.Key_Space: self.answer_wanted.emit,
        }
        act = acts.get(event.key())
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

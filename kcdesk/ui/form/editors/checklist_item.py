"""One item of a checklist: its text, its answer, and optional parts: form of the paper, finding, note, photos."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from kcdesk.formdef.model import Choice, Field
from kcdesk.text import fold
from kcdesk.ui.form.editors.answer_buttons import Answers, Burst
from kcdesk.ui.form.editors.base import Surroundings
from kcdesk.ui.form.editors.inputs import LineInput
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.fitting.wrapped_boxes import WrappedCheckBox
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.qt import empty_menu, soon
from kcdesk.ui.toolkit.sizes import keep_size, scaled
from kcdesk.ui.toolkit.theme import FIELD_GAP, hairline, labelled, set_read_only

RESULT, FINDING, GROUP, NOTE = "result", "finding", "group", "note"
PAPER_FORM, EARLIER = "paper_form", "earlier_finding"
FAIL = "fail"
_NUMBER_WIDTH = 32
_LEAST_WORDS = 200  # pixels of the text of an item beside its answers
_BAR = 4  # pixels of the bar at the left of the current item
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

    def has_remedies(self) -> bool:
        """Return whether the record has a table for what must be put right."""

    def is_demanded(self, row_id: str) -> bool:
        """Return whether a remedy stands for an item."""

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
        demanded: the officer wants the finding among what must be put right, or no longer.
    """

    typed = Signal()
    left = Signal()
    entered = Signal()
    demanded = Signal(bool)

    def __init__(self, number: int, row: ItemValues, checklist: ItemHost, choices: Sequence[Choice]) -> None:
        super().__init__()
        self.id = row["id"]
        self.number = number
        self.is_current = False  # whether the keys answer this item
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
        self.remedy_box: QCheckBox | None = None  # created for the first failed answer
        self.photo_button: QPushButton | None = None  # created when a failed answer needs a photo
        self._photo_need: QWidget | None = None  # the line with that button
        self._summary = self._indented("summary", "muted", "")
        self._problem = self._indented("problem", "problem", "")
        self._column.addWidget(self._summary)
        self._column.addWidget(self._problem)
        self.setFocusProxy(self.answers)

    def _first_line(self, number: int, row: ItemValues) -> QBoxLayout:
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
        words, buttons = QHBoxLayout(), QHBoxLayout()
        words.addWidget(_number(number))
        words.addWidget(_words(row), 1)
        buttons.addWidget(self.answers, 0, Qt.AlignmentFlag.AlignVCenter)
        buttons.addWidget(self.more, 0, Qt.AlignmentFlag.AlignVCenter)
        self._first = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._first.setContentsMargins(0, FIELD_GAP // 2, 0, 0)
        self._first.setSpacing(FIELD_GAP)
        self._first.addLayout(words, 1)
        self._first.addLayout(buttons)
        return self._first

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the answers below the words where both side by side would be too narrow."""
        super().resizeEvent(event)
        is_wide = self.width() - self.answers.sizeHint().width() >= scaled(_LEAST_WORDS)
        direction = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        if direction != self._first.direction():  # but not while the layout around is at work
            soon(self, lambda: self._first.setDirection(direction))

    def _indented(self, name: str, role: str, text: str) -> QLabel:
        label = labelled(text, role, wrap=True)
        label.setParent(self)  # a label shown without a parent would be a window of its own and take the focus
        label.setObjectName(f"{self._checklist.objectName()}/{self.id}.{name}")
        label.setContentsMargins(scaled(_NUMBER_WIDTH) + FIELD_GAP, 0, 0, 0)
        label.setVisible(bool(text))
        return label

    # -- showing ---------------------------------------------------------------------------------------------------

    @property
    def finding(self) -> LineInput | None:
        """Return the input of the finding; None while the answer needs no finding."""
        return self.lines.get(FINDING)

    def reach(self) -> None:
        """Focus the item: from now on its keys answer this one."""
        self.answers.focus_button().setFocus(Qt.FocusReason.OtherFocusReason)

    def set_current(self, current: bool) -> None:
        """Mark the item that the keys answer, by a tint and a bar at its left."""
        if current != self.is_current:
            self.is_current = current
            self.setAccessibleDescription(f"Đang trả lời câu {self.number}" if current else "")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tint and the bar of the current item."""
        super().paintEvent(event)
        if self.is_current:
            painter, palette = QPainter(self), self.palette()
            painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Highlight))
            painter.fillRect(0, 0, _BAR, self.height(), palette.color(QPalette.ColorRole.Accent))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Turn to the item on a click beside its buttons."""
        if self._checklist.editable:
            self.reach()
        super().mousePressEvent(event)

    def show_row(self, row: ItemValues, photos: int, *, needs_photo: bool = False) -> None:
        """Show what is stored, the number of photos of this item, and a button for the photo that it still needs."""
        self.answers.show_value(row.get(RESULT))
        self._show_line(row, FINDING, row.get(RESULT) == FAIL or bool(row.get(FINDING)))
        self._show_line(row, NOTE, self._has_note or bool(row.get(NOTE)))
        self._show_remedy(row)
        self._show_need(needs_photo=needs_photo)
        forms = {choice.value: choice.label for choice in self._paper_forms()}
        parts = [forms.get(row.get(PAPER_FORM, ""), ""), f"{photos} ảnh" if photos else ""]
        self._summary.setText(" · ".join(filter(None, parts)))
        self._summary.setVisible(any(parts))

    def _show_remedy(self, row: ItemValues) -> None:
        """Offer the finding of a failed item as a remedy: ticked while nothing is typed, then as it is stored."""
        failed = row.get(RESULT) == FAIL and self._checklist.has_remedies() and self.finding is not None
        if failed and self.remedy_box is None:
            self.remedy_box = self._make_remedy_box()
        if self.remedy_box is not None:
            self.remedy_box.setVisible(failed)
            if row.get(FINDING) or not failed:
                self.remedy_box.setChecked(not failed or self._checklist.is_demanded(self.id))

    def _show_need(self, *, needs_photo: bool) -> None:
        if needs_photo and self.photo_button is None:
            self.photo_button = self._make_photo_button()
        if self._photo_need is not None:
            self._photo_need.setVisible(needs_photo)

    def _make_photo_button(self) -> QPushButton:
        button = push_button(
            "Đính kèm ảnh…", f"{self._checklist.objectName()}/{self.id}.photo", lambda: self._checklist.add_photos(self)
        )
        set_icon(button, "camera")
        button.setAccessibleName(f"Đính kèm ảnh: {self._item}")
        button.setToolTip(f"Đính kèm ảnh của câu này ({_PHOTO_KEY})")
        button.setEnabled(self._checklist.editable)
        self._photo_need = QWidget(self)
        frame = QHBoxLayout(self._photo_need)
        frame.setContentsMargins(scaled(_NUMBER_WIDTH) + FIELD_GAP, 0, 0, 0)
        frame.addWidget(button)
        frame.addWidget(labelled("Không đạt thì cần ảnh chụp tại chỗ.", "muted"), 1)
        self._column.insertWidget(self._column.indexOf(self._summary), self._photo_need)
        return button

    def _make_remedy_box(self) -> QCheckBox:
        box = WrappedCheckBox("Đưa vào nội dung phải khắc phục")
        box.setObjectName(f"{self._checklist.objectName()}/{self.id}.remedy")
        box.setAccessibleName(f"Đưa vào nội dung phải khắc phục: {self._item}")
        box.setToolTip("Nhận xét được ghi thành một dòng ở phần «Kết luận», bảng nội dung phải khắc phục")
        box.setChecked(True)
        box.setEnabled(self._checklist.editable)
        box.clicked.connect(self.demanded)
        frame = QHBoxLayout()
        frame.setContentsMargins(scaled(_NUMBER_WIDTH) + FIELD_GAP, 0, 0, 0)
        frame.addWidget(box)
        self._column.insertLayout(self._column.indexOf(self._summary), frame)
        QWidget.setTabOrder(self.lines[FINDING], box)
        return box

    @property
    def wants_remedy(self) -> bool:
        """Return whether the finding shall stand among what must be put right."""
        return self.remedy_box is not None and not self.remedy_box.isHidden() and self.remedy_box.isChecked()

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
        path = f"{self._checklist.field.name}/{self.id}/{column}"
        self._checklist.around.offer_sentences(line, lambda: path)
        frame = QHBoxLayout()
        frame.setContentsMargins(scaled(_NUMBER_WIDTH) + FIELD_GAP, 0, 0, 0)
        frame.addWidget(line)
        self._column.insertLayout(self._column.indexOf(self._summary), frame)
        QWidget.setTabOrder(self.answers.buttons[-1], line)
        return line

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid changes of answer, finding and note."""
        self.answers.set_editable(editable)
        self.more.setEnabled(editable)
        for part in (self.remedy_box, self.photo_button):
            if part is not None:
                part.setEnabled(editable)
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
        empty_menu(menu)
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


def _words(row: ItemValues) -> QLabel:
    label = labelled(row.get("item", ""), wrap=True)
    label.setToolTip(row.get("source", ""))
    label.setAlignment(Qt.AlignmentFlag.AlignVCenter)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return label


def _number(number: int) -> QWidget:
    label = labelled(f"{number}.", "muted")
    keep_size(label, fixed_width=_NUMBER_WIDTH)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label

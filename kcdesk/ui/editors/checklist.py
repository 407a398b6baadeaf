"""The editor of a checklist: one item after the other, answered by one key each, empty until somebody answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from time import monotonic
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from kcdesk.formdef.model import Choice
from kcdesk.formdef.types import ValueProblem
from kcdesk.text import fold
from kcdesk.ui.editors.base import Editor
from kcdesk.ui.editors.inputs import LineInput
from kcdesk.ui.editors.options import Options
from kcdesk.ui.icons import set_icon
from kcdesk.ui.theme import FIELD_GAP, GROUP_GAP, ROW_HEIGHT, hairline, labelled

RESULT, FINDING, GROUP = "result", "finding", "group"
FAIL = "fail"
EMPTY = "Chưa có danh mục kiểm tra. Danh mục hiện ra khi đã chọn đề án."
KEYS = "Phím 1 Đạt · 2 Không đạt · 3 Không áp dụng · 0 bỏ trả lời"
_LETTERS = {"d": "pass", "k": "fail", "a": "not_applicable"}
_ICONS = {"pass": ("check", QPalette.ColorRole.Link), "fail": ("x", QPalette.ColorRole.BrightText)}
_BURST = 0.04  # seconds
_BESIDE = 56  # pixels of a button beside its label: the mark of the answer and the padding
_NUMBER_WIDTH = 32
_ABOVE = 7  # pixels above the words, so that they stand level with the answers
Row = dict[str, Any]


class Burst:
    """Tells the letters that a Vietnamese typing program adds from those that a hand types.

    Such a program corrects a letter by a burst of keys within milliseconds; the burst is one key.
    """

    def __init__(self) -> None:
        self._last = 0.0

    def goes_on(self) -> bool:
        """Whether this letter belongs to the one before it."""
        before, self._last = self._last, monotonic()
        return self._last - before < _BURST


class Answers(Options):
    """The big buttons of one item.

    Digits and the letters Đ, K, A answer, 0 and Delete take back, Up and Down go to other items; Left and Right only
    move, so that nothing is answered in passing.

    Signals:
        keyed: an answer was given or taken back by the keyboard.
        moved: another item is wanted, +1 below or -1 above.
    """

    keyed = Signal()
    moved = Signal(int)

    def __init__(self, choices: Sequence[Choice], item: str, burst: Burst) -> None:
        super().__init__([c.value for c in choices], [_answer_button(c.label, item) for c in choices])
        self._burst = burst
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(FIELD_GAP // 2)
        for button in self.buttons:
            line.addWidget(button)

    def show_value(self, value: object | None) -> None:
        """Show the answer, with its mark as well as its colour."""
        super().show_value(value)
        for own, button in zip(self._values, self.buttons, strict=True):
            _show_active(button, own == value, _ICONS.get(str(own)))

    def _pressed(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._move(1 if event.key() == Qt.Key.Key_Right else -1)
        elif self._editable and (answer := self._by_letter(event)):
            if not self._burst.goes_on():
                self._by_keyboard(answer)
        else:
            return super()._pressed(event)
        return True

    def _by_letter(self, event: QKeyEvent) -> str:
        answer = _LETTERS.get(fold(event.text()), "")
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        return answer if plain and answer in self._values else ""

    def _move(self, step: int) -> None:
        place = (self.buttons.index(self._stop) + step) % len(self.buttons)
        self._set_stop(self.buttons[place])
        self._stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def _by_keyboard(self, value: object | None) -> None:
        super()._by_keyboard(value)
        self.keyed.emit()


class _AnswerButton(QToolButton):
    """As wide with its mark as without, so that nothing moves when it is pressed."""

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text()) + _BESIDE
        return QSize(width, max(ROW_HEIGHT, super().sizeHint().height()))


def _answer_button(label: str, item: str) -> QToolButton:
    button = _AnswerButton()
    button.setText(label)
    button.setProperty("role", "chip")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setAccessibleName(f"{label}: {item}")
    return button


def _show_active(button: QToolButton, active: bool, icon: tuple[str, QPalette.ColorRole] | None) -> None:
    if button.property("active") == active:
        return
    button.setProperty("active", active)
    if active and icon:
        set_icon(button, *icon)
    else:
        button.setIcon(QIcon())
    button.style().unpolish(button)
    button.style().polish(button)


class ItemRow(QWidget):
    """One item: its number and words, its answer, and what was found where it fails."""

    def __init__(self, number: int, row: Row, editor: ChecklistEditor, choices: Sequence[Choice]) -> None:
        super().__init__()
        self.id = row["id"]
        self.group = row.get(GROUP, "")
        self.finding: LineInput | None = None
        self.unread = ""
        self._editor = editor
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, FIELD_GAP // 2)
        self._column.addWidget(hairline())
        self.answers = Answers(choices, row.get("item", ""), editor.burst)
        line = QHBoxLayout()
        line.setSpacing(FIELD_GAP)
        line.addWidget(_number(number), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(_words(row), 1)
        line.addWidget(self.answers, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(line)
        self._problem = labelled("", "problem", wrap=True)
        self._problem.setContentsMargins(_NUMBER_WIDTH + FIELD_GAP, 0, 0, 0)
        self._problem.hide()
        self._column.addWidget(self._problem)
        self.setFocusProxy(self.answers)

    def show_row(self, row: Row) -> None:
        """Show the stored answer and finding."""
        self.answers.show_value(row.get(RESULT))
        wanted = row.get(RESULT) == FAIL or bool(row.get(FINDING))
        if wanted and self.finding is None:
            self.finding = self._make_finding()
        if self.finding is not None:
            self.finding.setVisible(wanted)
            if not self.finding.isModified() and not self.unread:
                self.finding.show_value(row.get(FINDING))

    def _make_finding(self) -> LineInput:
        field = self._editor.field.column(FINDING)
        line = LineInput(field, self._editor.around.forms)
        line.setObjectName(f"{self._editor.objectName()}/{self.id}/{FINDING}")
        line.setAccessibleName(f"{field.label}: {self.answers.buttons[0].accessibleName().partition(': ')[2]}")
        line.set_hint(field.label)
        line.setReadOnly(not self._editor.editable)
        line.textEdited.connect(lambda: self._editor.changed.emit())
        line.left.connect(lambda: self._editor.finished.emit())
        line.entered.connect(lambda: self._editor.go_on(self))
        frame = QHBoxLayout()
        frame.setContentsMargins(_NUMBER_WIDTH + FIELD_GAP, 0, 0, 0)
        frame.addWidget(line)
        self._column.insertLayout(2, frame)
        QWidget.setTabOrder(self.answers.buttons[-1], line)
        return line

    def set_editable(self, editable: bool) -> None:
        """Whether answer and finding can be changed."""
        self.answers.set_editable(editable)
        if self.finding is not None:
            self.finding.setReadOnly(not editable)

    def set_problem(self, text: str) -> None:
        """What is wrong with the answer or the finding."""
        self._problem.setText(text)
        self._problem.setVisible(bool(text))


def _number(number: int) -> QWidget:
    label = labelled(f"{number}.", "muted")
    label.setFixedWidth(_NUMBER_WIDTH)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    label.setContentsMargins(0, _ABOVE, 0, 0)
    return label


def _words(row: Row) -> QWidget:
    label = labelled(row.get("item", ""), wrap=True)
    label.setToolTip(row.get("source", ""))
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    label.setContentsMargins(0, _ABOVE, 0, 0)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return label


class ChecklistEditor(Editor):
    """All items by group, and how many are answered."""

    wide = True

    def make_input(self) -> QWidget:
        """The heading; the items come with the record."""
        self.editable = True
        self.burst = Burst()
        self.rows: list[ItemRow] = []
        self._shown: list[tuple] = []
        frame = QWidget()
        self._column = QVBoxLayout(frame)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        head = QHBoxLayout()
        self.progress = labelled("", "strong")
        self._keys = labelled(KEYS, "help")
        head.addWidget(self.progress)
        head.addSpacing(GROUP_GAP)
        head.addWidget(self._keys, 1)
        self._column.addLayout(head)
        self._body: QWidget | None = None
        self._titles: dict[str, QWidget] = {}
        self._group = ""  # the only group that is shown; empty: all
        return frame

    def value(self) -> Any:
        """The stored rows: answers are written at once, findings by `keep`."""
        return self.around.record().value(self.path)

    def refresh(self) -> None:
        """Show the record's answers again; a finding that is being typed stays."""
        self.show_value(self.value())

    def show_value(self, stored: Any) -> None:
        """Show the answers; the items are built anew only when there are others."""
        rows = stored or []
        asked = [(row["id"], row.get("item"), row.get(GROUP)) for row in rows]
        if asked != self._shown or self._body is None:
            self._shown = asked
            self._build(rows)
        for widget, row in zip(self.rows, rows, strict=True):
            widget.show_row(row)
        self._keys.setText(KEYS if rows else EMPTY)
        self.show_group(self._group)

    def show_group(self, group: str) -> None:
        """Show the items of one group, of all for "", and how many of them are answered."""
        self._group = group
        for name, title in self._titles.items():
            title.setVisible(group in ("", name))
        for row in self.rows:
            row.setVisible(group in ("", row.group))
        shown = [row for row in self.rows if group in ("", row.group)]
        answered = sum(row.answers.value() is not None for row in shown)
        self.progress.setText(f"{answered}/{len(shown)}" if shown else "")
        self.progress.setAccessibleName(f"Đã trả lời {answered} trên {len(shown)}")

    def _build(self, rows: list[Row]) -> None:
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        results = self.around.forms.choices(self.field.column(RESULT))
        groups = {c.value: c.label for c in self.around.forms.choices(self.field.column(GROUP))}
        self.rows, self._titles, group = [], {}, None
        for number, row in enumerate(rows, start=1):
            if row.get(GROUP) != group:
                group = row.get(GROUP)
                self._titles[group or ""] = _group_title(groups.get(group, ""))
                column.addWidget(self._titles[group or ""])
            column.addWidget(self._item(number, row, results))
        self._column.addWidget(self._body)
        if self.rows:
            self.input.setFocusProxy(self.rows[0])

    def _item(self, number: int, row: Row, results: Sequence[Choice]) -> ItemRow:
        item = ItemRow(number, row, self, results)
        item.setObjectName(f"{self.objectName()}/{row['id']}")
        item.set_editable(self.editable)
        item.answers.chosen.connect(lambda: self._answer(item))
        for button in item.answers.buttons:
            button.clicked.connect(lambda: self._clicked(item))
        item.answers.keyed.connect(lambda: self._go_to_unanswered(item))
        item.answers.entered.connect(lambda: self.go_on(item))
        item.answers.moved.connect(lambda step: self._go(item, step))
        self.rows.append(item)
        return item

    def keep(self, *, leaving: bool) -> dict[str, Any]:
        """Write the findings that are being typed."""
        changes: dict[str, Any] = {}
        for row in self.rows:
            if row.finding is not None and row.finding.isModified():
                changes |= self._keep_finding(row, leaving)
        return changes

    def _keep_finding(self, row: ItemRow, leaving: bool) -> dict[str, Any]:
        record, path = self.around.record(), f"{self.path}/{row.id}/{FINDING}"
        try:
            value = row.finding.stored()
        except ValueProblem as problem:
            row.set_problem(problem.message if leaving else "")
            return {}
        if leaving:
            row.finding.setModified(False)
        return {} if value == record.value(path) else record.set(path, value)

    def _answer(self, row: ItemRow) -> None:
        record = self.around.record()
        changes = self.keep(leaving=True)
        changes |= record.set(f"{self.path}/{row.id}/{RESULT}", row.answers.value())
        self.show_value(record.value(self.path))
        self.wrote.emit(changes)

    def _clicked(self, row: ItemRow) -> None:
        """A hand on the mouse writes next what is wrong."""
        if row.answers.value() == FAIL:
            row.finding.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to_unanswered(self, row: ItemRow) -> None:
        """After an answer the next open item below is next, then the first one left above."""
        if row.answers.value() is None:
            return
        place = self.rows.index(row)
        for item in (*self.rows[place + 1 :], *self.rows[:place]):
            if item.answers.value() is None:
                self._turn_to(item)
                return

    def _go(self, row: ItemRow, step: int) -> None:
        place = self.rows.index(row) + step
        if 0 <= place < len(self.rows):
            self._turn_to(self.rows[place])

    def _turn_to(self, row: ItemRow) -> None:
        """Give an item the keyboard, of whatever group it is."""
        if row.isHidden():
            self.elsewhere.emit(f"{self.path}/{row.id}")
        row.answers.focus_button().setFocus(Qt.FocusReason.TabFocusReason)

    def go_on(self, row: ItemRow) -> None:
        """Enter: to the next item, after the last one to the next field."""
        if row is self.rows[-1]:
            self.next_wanted.emit()
        else:
            self._go(row, 1)

    def focus(self) -> None:
        """Go to the first item that is not answered."""
        if not self.rows:
            return
        shown = [row for row in self.rows if not row.isHidden()] or self.rows
        item = next((row for row in shown if row.answers.value() is None), shown[0])
        item.answers.focus_button().setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_row(self, row_id: str, column: str) -> None:
        """Go to one item, or to its finding."""
        for row in self.rows:
            if row.id == row_id:
                wanted = row.finding if column == FINDING and row.finding else row.answers.focus_button()
                wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_editable(self, editable: bool) -> None:
        """A closed checklist can be read, not answered."""
        self.editable = editable
        self._keys.setVisible(editable or not self.rows)
        for row in self.rows:
            row.set_editable(editable)

    def set_row_problems(self, problems: dict[tuple[str, str], str]) -> None:
        """What is wrong, by row and column."""
        told: dict[str, list[str]] = defaultdict(list)
        for (row_id, column), text in problems.items():
            label = self.field.column(column).label if column else ""
            told[row_id].append(label + text[text.rfind(f"{label}: ") + len(label) :] if label in text else text)
        for row in self.rows:
            row.set_problem(" ".join(told[row.id]))

    def mark(self, wrong: bool) -> None:
        """The sentences at the items are enough."""


def _group_title(label: str) -> QWidget:
    title = labelled(label, "label")
    title.setContentsMargins(0, GROUP_GAP, 0, FIELD_GAP // 2)
    return title

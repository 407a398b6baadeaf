"""«Cần xem»: amounts that differ, and values that two offices wrote without knowing of each other's, side by side."""

from __future__ import annotations

import difflib
import html
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from kcdesk.services.handover.packages import conflicts, foreign_records
from kcdesk.services.handover.packages.conflicts import Question, Side
from kcdesk.services.proposals import support_differences
from kcdesk.services.records.changing import Changes
from kcdesk.ui.handover.receiving.difference_lines import DifferenceLines
from kcdesk.ui.handover.receiving.foreign_lines import ForeignLines
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.kept_views import keep_splitter
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.decision_button import DecisionGuard
from kcdesk.ui.toolkit.fitting.up_down_scroll import UpDownScroll
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

_EMPTY = "(trống)"
_DONE = "Không còn chỗ nào cần quyết định."
_MARK_UP_TO = 4000  # characters; longer texts are shown without marks
_LIST_WIDTH = 400  # pixels


class ConflictsPage(Page):
    """The open questions on the left, the sides of the current question on the right; keys 1, 2 … and 0."""

    help_topic = "conflicts"
    title = "Cần xem"

    def __init__(self, context: Context, record: str = "") -> None:
        super().__init__(context)
        self._record = record
        self._questions: dict[str, Question] = {}
        self.summary = labelled(role="muted", wrap=True)
        self.table = LinesTable("conflicts.list", ("Hồ sơ", "Mục"), 0, context.theme)
        self.table.setAccessibleName("Những chỗ cần quyết định")
        self.table.moved.connect(self._show_question)
        self.table.chosen.connect(lambda _key: self.open_current())
        self.sides = SidesView()
        self.sides.decided.connect(self.decide)
        self.sides.put_off.connect(self.put_off)
        self.differences = DifferenceLines()
        self.differences.chosen.connect(self.open_requested)
        self.foreign = ForeignLines()
        self.foreign.accepted.connect(self.accept_foreign)
        self.foreign.refused.connect(self.refuse_foreign)
        self._keys()
        self._lay_out()

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand | None:
        """Return opening the dossier of the question."""
        return PageCommand("Mở hồ sơ", self.open_current) if self.current() else None

    def on_show(self) -> None:
        """Read the questions and focus them."""
        self._load()
        self._focus()

    def refresh(self, _changes: Changes, _initiator: object) -> None:
        """Update after a decision or a new package."""
        if self.isVisible():
            had_questions = bool(self._questions)
            self._load()
            if self._questions and not had_questions:  # a decision was undone: the keys answer again
                self.table.setFocus()

    # -- actions of the officer ------------------------------------------------------------------------------------

    def current(self) -> Question | None:
        """Return the current question."""
        return self._questions.get(self.table.key())

    def decide(self, stamp: str) -> None:
        """Decide the question: "" keeps the value in use, a stamp takes that value; then go to the next question."""
        question = self.current()
        if question is None:
            return
        workspace = self.context.workspace
        if self.context.act(lambda: conflicts.decide(workspace, question.record, question.path, stamp)) is not None:
            done = "Đã dùng bản khác" if stamp else "Đã giữ bản đang dùng"
            self.context.messages.notice(f"{done} cho «{question.label}».", partial(undoing.undo, self.context))

    def put_off(self) -> None:
        """Leave the question open and go to the next."""
        row = self.table.currentIndex().row() + 1
        if row < self.table.lines_model.rowCount():
            self.table.selectRow(row)
        self.context.messages.notice("Để sau: chỗ này vẫn nằm trong «Cần xem».")

    def accept_foreign(self, key: str) -> None:
        """Take in a record that a unit has sent for another one."""
        if self.context.act(lambda: foreign_records.accept(self.context.workspace, key)) is not None:
            self._load()
            self.context.messages.notice("Đã nhận hồ sơ này.", partial(undoing.undo, self.context))

    def refuse_foreign(self, key: str) -> None:
        """Forget such a record."""
        if self.context.messages.guarded(lambda: foreign_records.refuse(self.context.workspace, key)) is not None:
            self._load()
            self.context.messages.notice("Không nhận hồ sơ này; lịch sử có ghi.")

    def open_current(self) -> None:
        """Open the dossier of the question."""
        question = self.current()
        if question is not None:
            self.open_requested.emit(question.record)

    # -- inside --------------------------------------------------------------------------------------------------

    def _focus(self) -> None:
        """Give the keyboard to the questions, else to what else waits; where nothing does, it stays where it is."""
        waiting = (part for part in (self.table, self.foreign, self.differences) if part.isVisible())
        first = next(waiting, None)
        if first is not None:
            first.setFocus()

    def _keys(self) -> None:
        for number in range(1, 10):
            shortcut = QShortcut(QKeySequence(str(number)), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda number=number: self.sides.press(number))
        later = QShortcut(QKeySequence("0"), self)
        later.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        later.activated.connect(self.put_off)

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.table)
        split.addWidget(self.sides)
        split.setSizes([_LIST_WIDTH, 2 * _LIST_WIDTH])
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        self._split = split
        keep_splitter(split, self.context.settings, "conflicts.splitter")
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.differences)
        column.addWidget(self.foreign, 1)
        column.addWidget(self.summary)
        column.addWidget(split, 1)
        column.addStretch(0)

    def _load(self) -> None:
        differing = [] if self._record else support_differences.every_difference(self.context.workspace)
        self.differences.show_differences(differing)
        foreign = [] if self._record else foreign_records.waiting(self.context.workspace)
        self.foreign.show_records(foreign)
        questions = conflicts.pile(self.context.workspace, self._record)
        self._questions = {f"{question.record} {question.path}": question for question in questions}
        count = wording.number(len(questions), "chỗ hai nơi ghi khác nhau mà chưa thấy của nhau")
        self.summary.setText(
            f"{count}. Chưa quyết định thì bản đang dùng vẫn dùng, bản kia vẫn giữ." if questions else _DONE
        )
        self.summary.setVisible(bool(questions or not (differing or foreign)))
        self._split.setVisible(bool(questions))
        self.table.show_lines([TableLine(key, (q.title, q.label)) for key, q in self._questions.items()])
        self.title_changed.emit()

    def _show_question(self, key: str) -> None:
        question = self._questions.get(key)
        if question is not None:
            self.sides.show_question(question)
        self.title_changed.emit()


class SidesView(UpDownScroll):
    """The value in use and the other values, each with its author, office and time.

    Signals:
        decided: use the value with this stamp; "" keeps the one in use.
        put_off: leave the question open.
    """

    decided = Signal(str)
    put_off = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("conflicts.sides")
        self._buttons: list[QPushButton] = []
        self._asked: tuple[str, str] = ("", "")  # record and path of the question
        self._guard = DecisionGuard()

    def show_question(self, question: Question) -> None:
        """Show a question."""
        self._buttons = []
        self._asked = question.record, question.path
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(GROUP_GAP, 0, 0, FIELD_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(labelled(question.title, "strong", wrap=True))
        column.addWidget(labelled(f"{question.kind_label} · {question.label}", "section", wrap=True))
        pair = QHBoxLayout()
        pair.setSpacing(GROUP_GAP)
        pair.addWidget(self._shown(question), 1)
        pair.addWidget(self._other(question, question.waiting[0]), 1)
        column.addLayout(pair)
        for side in question.waiting[1:]:
            column.addWidget(self._other(question, side))
        later = QPushButton("0   Để sau")
        later.setObjectName("conflicts.later")
        later.setProperty("role", "quiet")
        later.clicked.connect(self.put_off)
        column.addWidget(later, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.setWidget(content)

    def press(self, number: int) -> None:
        """Press the button of a side; 1 is the value in use."""
        if number <= len(self._buttons):
            self._buttons[number - 1].click()

    def _shown(self, question: Question) -> QFrame:
        other = question.waiting[0].text
        return self._card("Đang dùng", question.shown, other, "Giữ bản này", "", "Mặc định: bản sửa sau cùng")

    def _other(self, question: Question, side: Side) -> QFrame:
        return self._card("Bản khác", side, question.shown.text, "Dùng bản này", side.stamp, question.obstacle)

    def _card(self, heading: str, side: Side, other: str, act: str, stamp: str, note: str) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP // 2)
        column.addWidget(labelled(heading, "strong"))
        column.addWidget(labelled(_author(side), "muted", wrap=True))
        column.addSpacing(FIELD_GAP)
        column.addWidget(_value(side.text, other))
        column.addStretch(1)
        if note:
            column.addWidget(labelled(note, "help", wrap=True))
        number = len(self._buttons) + 1
        button = QPushButton(f"{number}   {act}")
        button.setObjectName(f"conflicts.take.{number}")
        button.setEnabled(not (stamp and note))
        button.clicked.connect(lambda: self._guard.decide(lambda: self._asked, lambda: self.decided.emit(stamp)))
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._buttons.append(button)
        return card


def _author(side: Side) -> str:
    author = (side.officer, side.unit, wording.moment(side.at))
    return "\n".join(part for part in author if part) or "(không rõ ai ghi)"


def _value(text: str, other: str) -> QLabel:
    """Return a label in which words missing on the other side are marked."""
    label = labelled(text or _EMPTY, wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if text and other and len(text) + len(other) <= _MARK_UP_TO:
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setText(marked(text, other))
    return label


def marked(text: str, other: str) -> str:
    """Return the text as HTML, with the words that differ from `other` bold and underlined."""
    ours, theirs = text.split(" "), other.split(" ")
    parts: list[str] = []
    for what, start, end, _, _ in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if start < end:
            words = _escaped(ours[start:end])
            parts.append(words if what == "equal" else f"<b><u>{words}</u></b>")
    return " ".join(parts)


def _escaped(parts: Sequence[str]) -> str:
    return html.escape(" ".join(parts)).replace("\n", "<br>")

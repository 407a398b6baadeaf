"""A form in which rules are typed: deadlines, advances, conditions of support; made into a signed file of rules."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kcdesk.errors import UserError
from kcdesk.services.rulebook.drafts.rule_entries import EntryField, RuleEntry, RuleSubject, entry_files
from kcdesk.ui.settings.entering.entries_dialog import EntriesDialog
from kcdesk.ui.settings.entering.signing_dialog import Sign
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.fitting.steady_choice import SteadyChoice
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled, set_tone

_SIZE = (1000, 660)
_LINES = 72  # pixels of a field of several lines


class RuleEntryDialog(EntriesDialog[RuleEntry]):
    """Collects entries of a subject; what is wrong stands below its field."""

    help_topic = "entered_rules"

    def __init__(self, context: Context, subject: RuleSubject, sign: Sign, parent: QWidget | None = None) -> None:
        super().__init__(context, "rule_entry", sign, parent, heading="Các quy định sẽ ký", remove="Bỏ mục đang chọn")
        self.setWindowTitle(f"Nhập quy định: {subject.label.lower()}")
        self.begin_size(*_SIZE)
        self._subject = subject
        self._kept: dict[str, str] = {}  # source and days, which stay for the next entry
        self.target = QComboBox()
        self.target.setObjectName("rule_entry.target")
        self.target.setAccessibleName("Quy định")
        for key, label in subject.targets(context.workspace):
            self.target.addItem(label, key)
        self.target.activated.connect(lambda _place: self.show_target())
        self.inputs: dict[str, QLineEdit | QPlainTextEdit | QComboBox] = {}
        self._marks: dict[str, QLabel] = {}  # what is wrong, below each field
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.add_button = push_button("Thêm vào danh sách", "rule_entry.add", self.add)
        self._lay_out(subject.about, self._form())
        self.show_target()

    def show_target(self) -> None:
        """Show the fields of the chosen rule, filled with what is in force."""
        workspace, target = self._context.workspace, self._target()
        self._kept |= {name: text for name, text in self._typed().items() if name in _LASTING and text}
        started = self._subject.started(workspace, target) | self._kept
        self.present = labelled(self._subject.present(workspace, target) or "chưa có quy định nào", "muted", wrap=True)
        form, content = QFormLayout(), QWidget()
        form.setSpacing(FIELD_GAP)
        form.setContentsMargins(0, 0, FIELD_GAP, 0)
        content.setLayout(form)
        form.addRow("Đang áp dụng", self.present)
        self.inputs, self._marks = {}, {}
        for field in self._subject.fields(workspace, target):
            box = _input(field, started.get(field.name, ""))
            self.inputs[field.name] = box
            mark = self._marks[field.name] = labelled(role="problem", wrap=True)
            mark.setObjectName(f"rule_entry.problem.{field.name}")
            mark.hide()
            form.addRow(labelled(field.label, wrap=True), box)
            form.addRow(mark)
        self._area.setWidget(content)
        boxes = [self.target, *self.inputs.values(), self.add_button]
        for before, after in pairwise(boxes):  # the fields are younger than the buttons below them
            self.setTabOrder(before, after)

    # -- inside --------------------------------------------------------------------------------------------------

    def _form(self) -> QVBoxLayout:
        head = QFormLayout()
        head.setSpacing(FIELD_GAP)
        head.addRow("Quy định", self.target)
        form = QVBoxLayout()
        form.addLayout(head)
        form.addWidget(self._area, 1)
        form.addWidget(self.problem)
        form.addWidget(self.add_button)
        return form

    def _files_of(self, entries: Sequence[RuleEntry]) -> dict[str, str]:
        return entry_files(self._context.workspace, self._subject, entries)

    def _note(self) -> str:
        return f"{self._subject.label}: {' | '.join(map(self._described, self._entries))}"

    def _described(self, entry: RuleEntry) -> str:
        return self._subject.described(self._context.workspace, entry)

    def _begin_next(self) -> None:
        self.show_target()

    def _typed_entry(self) -> RuleEntry:
        return RuleEntry(self._target(), self._typed())

    def _target(self) -> str:
        return str(self.target.currentData())

    def _typed(self) -> dict[str, str]:
        return {name: _text(box) for name, box in self.inputs.items()}

    def _is_typed(self) -> bool:
        """Whether the form says something else than what it begins with."""
        started = self._subject.started(self._context.workspace, self._target()) | self._kept
        return any(text != started.get(name, "") for name, text in self._typed().items())

    def _refuse(self, error: UserError) -> None:
        beside = self._marks.get(error.field, self.problem)
        for mark in {*self._marks.values(), self.problem} - {beside}:
            mark.setVisible(mark is self.problem)
            mark.setText("")
        show_refusal(beside, error)
        set_tone(beside, "wrong")
        beside.show()
        box = self.inputs.get(error.field)
        if box is not None:
            box.setFocus()
            self._area.ensureWidgetVisible(box)
            if isinstance(box, QLineEdit):
                box.selectAll()


_LASTING = ("document", "article", "first", "last", "scope")


def _input(field: EntryField, started: str) -> QLineEdit | QPlainTextEdit | QComboBox:
    box: QLineEdit | QPlainTextEdit | QComboBox
    if field.choices:
        box = SteadyChoice()
        for value, label in field.choices:
            box.addItem(label, value)
        box.setCurrentIndex(max(0, box.findData(started)))
    elif field.lines:
        box = QPlainTextEdit(started)
        box.setTabChangesFocus(True)
        box.setPlaceholderText(field.hint)
        keep_size(box, least_height=_LINES, most_height=_LINES)
    else:
        box = QLineEdit(started)
        box.setPlaceholderText(field.hint)
    box.setObjectName(f"rule_entry.{field.name}")
    box.setAccessibleName(field.label)
    return box


def _text(box: QLineEdit | QPlainTextEdit | QComboBox) -> str:
    if isinstance(box, QComboBox):
        return str(box.currentData() or "")
    return box.toPlainText() if isinstance(box, QPlainTextEdit) else box.text()

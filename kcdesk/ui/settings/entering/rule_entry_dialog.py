"""A form in which rules are typed: deadlines, advances, conditions of support; made into a signed file of rules."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kcdesk.errors import KcdeskError, UserError
from kcdesk.services.rulebook.drafts.rule_entries import EntryField, RuleEntry, RuleSubject, entry_files
from kcdesk.ui.settings.entering.rules_preview import RulesPreviewDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled, set_tone
from kcdesk.ui.toolkit.wrapped_list import WrappedList

_SIZE = (1000, 660)
_LINES = 72  # pixels of a field of several lines


class RuleEntryDialog(Dialog):
    """Collects entries of a subject and hands the files, checked, to `sign`; stays open until they are written."""

    help_topic = "entered_rules"

    def __init__(
        self,
        context: Context,
        subject: RuleSubject,
        sign: Callable[[dict[str, str], str], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("rule_entry")
        self.setWindowTitle(f"Nhập quy định: {subject.label.lower()}")
        self.begin_size(*_SIZE)
        self._context, self._subject, self._sign = context, subject, sign
        self._entries: list[RuleEntry] = []
        self._kept: dict[str, str] = {}  # source and days, which stay for the next entry
        self.target = QComboBox()
        self.target.setObjectName("rule_entry.target")
        self.target.setAccessibleName("Quy định")
        for key, label in subject.targets(context.workspace):
            self.target.addItem(label, key)
        self.target.activated.connect(lambda _place: self.show_target())
        self.present = labelled(role="muted", wrap=True)
        self.inputs: dict[str, QLineEdit | QPlainTextEdit | QComboBox] = {}
        self._marks: dict[str, QLabel] = {}  # what is wrong, below each field
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.problem = labelled(role="problem", wrap=True)
        self.problem.setObjectName("rule_entry.problem")
        self.entered = WrappedList()
        self.entered.setObjectName("rule_entry.entered")
        self.entered.setAccessibleName("Các quy định sẽ ký")
        self.remove_button = push_button("Bỏ mục đang chọn", "rule_entry.remove", self.remove)
        self.remove_button.setEnabled(False)
        self.entered.currentRowChanged.connect(lambda row: self.remove_button.setEnabled(row >= 0))
        keep_size(self.entered, least_width=260)
        self.add_button = push_button("Thêm vào danh sách", "rule_entry.add", self.add)
        self._lay_out()
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

    def add(self) -> bool:
        """Add the typed entry to the list; False, with what is wrong beside its field, when it cannot be added."""
        entry = RuleEntry(self._target(), self._typed())
        try:
            entry_files(self._context.workspace, self._subject, [*self._entries, entry])
        except UserError as error:
            self._refuse(error)
            return False
        self._entries.append(entry)
        self.entered.addItem(self._subject.described(self._context.workspace, entry))
        self.problem.setText("")
        self.show_target()
        return True

    def remove(self) -> None:
        """Take the selected entry out of the list again."""
        row = self.entered.currentRow()
        if row >= 0:
            self.entered.takeItem(row)
            del self._entries[row]

    def preview(self) -> None:
        """Show the lines that would be signed, and the dossiers with another answer."""
        if (not self._entries or self._is_typed()) and not self.add():
            return
        files = self._files()
        if files is not None:
            RulesPreviewDialog(self._context, files, self.summary(), self).open()

    def finish(self) -> None:
        """Check everything, sign and accept; an entry that is typed but not added is added first."""
        if (not self._entries or self._is_typed()) and not self.add():
            return
        try:
            files = entry_files(self._context.workspace, self._subject, self._entries)
            is_written = self._sign(files, self.summary())
        except KcdeskError as error:
            show_refusal(self.problem, error)
            return
        if is_written:
            self.accept()

    def summary(self) -> str:
        """Return what is entered in one sentence, as the note of the file."""
        labels = (self._subject.described(self._context.workspace, entry) for entry in self._entries)
        return f"{self._subject.label}: {' | '.join(labels)}"

    # -- inside --------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = QFormLayout()
        head.setSpacing(FIELD_GAP)
        head.addRow("Quy định", self.target)
        left = QVBoxLayout()
        left.addLayout(head)
        left.addWidget(self._area, 1)
        left.addWidget(self.problem)
        left.addWidget(self.add_button)
        right = QVBoxLayout()
        right.addWidget(labelled("Các quy định sẽ ký", "section"))
        right.addWidget(self.entered, 1)
        right.addWidget(self.remove_button)
        columns = QHBoxLayout()
        columns.setSpacing(GROUP_GAP)
        columns.addLayout(left, 3)
        columns.addLayout(right, 2)
        sign = push_button("Ký và ghi tệp…", "rule_entry.sign", self.finish)
        sign.setProperty("role", "main")
        buttons = QHBoxLayout()
        buttons.addWidget(push_button("Xem trước…", "rule_entry.preview", self.preview))
        buttons.addStretch(1)
        buttons.addWidget(push_button("Thôi", "rule_entry.cancel", self.reject))
        buttons.addWidget(sign)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        whole.setSpacing(GROUP_GAP)
        whole.addWidget(labelled(self._subject.about, "help", wrap=True))
        whole.addLayout(columns, 1)
        whole.addLayout(buttons)

    def _files(self) -> dict[str, str] | None:
        try:
            return entry_files(self._context.workspace, self._subject, self._entries)
        except UserError as error:
            self._refuse(error)
            return None

    def _target(self) -> str:
        return str(self.target.currentData())

    def _typed(self) -> dict[str, str]:
        return {name: _text(box) for name, box in self.inputs.items()}

    def _is_typed(self) -> bool:
        """Whether the form says something else than what it begins with."""
        started = self._subject.started(self._context.workspace, self._target()) | self._kept
        return any(text != started.get(name, "") for name, text in self._typed().items())

    def _refuse(self, error: UserError) -> None:
        for mark in self._marks.values():
            mark.hide()
        beside = self._marks.get(error.field, self.problem)
        self.problem.setText("")
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
        box = QComboBox()
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

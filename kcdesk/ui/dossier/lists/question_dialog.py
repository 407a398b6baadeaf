"""Asking a list: conditions on any field, on columns of tables and on fields of the records that are named."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kcdesk.errors import UserError
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.questions import grammar
from kcdesk.services.questions.grammar import Condition, FieldPath
from kcdesk.services.workspace import Workspace
from kcdesk.ui.dossier.lists.list_parts import narrow
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled
from kcdesk.ui.toolkit.wrapped_list import WrappedList

_PATH = Qt.ItemDataRole.UserRole
_SIZE = (560, 620)  # pixels
_HINT = "Ngày: 5/3/2026. Trong khoảng: 1/1/2024 đến 30/6/2024. Nhiều giá trị: A; B. Chữ: gõ không dấu cũng được."


class QuestionDialog(Dialog):
    """Lists the conditions; `conditions()` are those to ask after «Lọc»."""

    help_topic = "lists"

    def __init__(
        self, workspace: Workspace, kind: str, conditions: Sequence[Condition], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._kind = workspace, kind
        self._conditions = list(conditions)
        self._paths = list(grammar.paths(workspace, kind))
        self.setWindowTitle("Lọc theo điều kiện")
        self.begin_size(*_SIZE)
        self.asked = WrappedList()
        self.asked.setObjectName("question.asked")
        self.asked.setAccessibleName("Các điều kiện")
        self.remove = _button("Bỏ điều kiện đang chọn", self._remove)
        self.search = QLineEdit()
        self.search.setObjectName("question.search")
        self.search.setPlaceholderText("Tìm ô để lọc")
        self.search.setAccessibleName("Tìm ô để lọc")
        self.search.textChanged.connect(self._narrow)
        self.fields = QListWidget()
        self.fields.setObjectName("question.fields")
        self.fields.setAccessibleName("Các ô lọc được")
        self.operator, self.value = QComboBox(), QComboBox()
        self.operator.setObjectName("question.operator")
        self.operator.setAccessibleName("Phép so sánh")
        self.value.setObjectName("question.value")
        self.value.setAccessibleName("Giá trị")
        self.value.setEditable(True)
        self.value.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.add = _button("Thêm điều kiện", self._add)
        self.problem = labelled("", "problem", wrap=True)
        self._buttons = QDialogButtonBox()
        main = self._buttons.addButton("Lọc", QDialogButtonBox.ButtonRole.AcceptRole)
        main.setProperty("role", "main")
        self._buttons.addButton("Thôi", QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self._finish)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self._list_fields()
        self.fields.currentItemChanged.connect(lambda *_items: self._offer())
        self.operator.currentIndexChanged.connect(lambda _place: self._offer_values())
        self._show()
        self._offer()
        self.search.setFocus()

    def conditions(self) -> list[Condition]:
        """Return the conditions in their order."""
        return list(self._conditions)

    def choose(self, path: str, operator: str, value: str) -> None:
        """Put a condition into the inputs, as an officer chooses it."""
        rows = [row for row in range(self.fields.count()) if self.fields.item(row).data(_PATH) == path]
        self.fields.setCurrentRow(rows[0])
        self.operator.setCurrentIndex(self.operator.findData(operator))
        self.value.setEditText(value)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.operator)
        row.addWidget(self.value, 1)
        row.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.asked, 1)
        column.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.search)
        column.addWidget(self.fields, 2)
        column.addLayout(row)
        column.addWidget(labelled(_HINT, "muted", wrap=True))
        column.addWidget(self.problem)
        column.addWidget(self._buttons)

    def _list_fields(self) -> None:
        for path in self._paths:
            item = QListWidgetItem(path.label, self.fields)
            item.setData(_PATH, path.path)
        self.fields.setCurrentRow(0)

    def _narrow(self, typed: str) -> None:
        fitting = narrow(self.fields, typed)
        if fitting and self.fields.currentRow() not in fitting:
            self.fields.setCurrentRow(fitting[0])

    def _path(self) -> FieldPath:
        return self._paths[max(self.fields.currentRow(), 0)]

    def _offer(self) -> None:
        """Offer the operators of the chosen field, and its values if they are a list."""
        self.operator.clear()
        for operator in grammar.operators(self._path()):
            self.operator.addItem(grammar.WORDS[operator], operator)
        self._offer_values()

    def _offer_values(self) -> None:
        self.value.clear()
        self.value.addItems(self._labels())
        self.value.setEditText("")
        self.value.setEnabled(self.operator.currentData() not in grammar.WITHOUT_VALUE)

    def _labels(self) -> list[str]:
        path = self._path()
        if path.path.rpartition(".")[2] == "state":
            return [state.label for state in self._workspace.forms.workflow(path.kind).states]
        if path.field is None:
            return []
        if type_of(path.field).is_yes_no:
            return ["Có", "Không"]
        return [choice.label for choice in self._workspace.forms.choices(path.field)]

    def _add(self) -> bool:
        """Add the condition in the inputs; return whether it can be asked."""
        typed = self.value.currentText().strip()
        try:
            made = grammar.condition(self._workspace, self._path(), self.operator.currentData(), typed)
        except UserError as error:
            show_refusal(self.problem, error)
            return False
        self._conditions.append(made)
        self.problem.setText("")
        self.value.setEditText("")
        self._show()
        return True

    def _remove(self) -> None:
        if 0 <= self.asked.currentRow() < len(self._conditions):
            del self._conditions[self.asked.currentRow()]
            self._show()

    def _show(self) -> None:
        self.asked.clear()
        self.asked.addItems([grammar.in_words(self._workspace, each) for each in self._conditions])
        self.asked.setCurrentRow(len(self._conditions) - 1)
        self.remove.setEnabled(bool(self._conditions))

    def _finish(self) -> None:
        """Close; a value that was typed and not added yet counts."""
        if not self.value.currentText().strip() or self._add():
            self.accept()


def _button(label: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(label)
    button.setAutoDefault(False)
    button.clicked.connect(lambda _checked=False: act())
    return button

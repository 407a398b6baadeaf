"""The small dialogs: a few fields asked at once (place and reason, day and reason), lines to be ticked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QListWidgetItem, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.runtime.frozen import Value
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.shell.questions import OfficerQuestion
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled
from kcdesk.ui.toolkit.wrapped_list import WrappedList

_LINES = 260  # pixels of a list
_SHOWN_CHOICE = 46  # letters of a choice box, so that long titles do not widen the dialog


Check = Callable[[Mapping[str, str]], str]
T = TypeVar("T")


class AskedField(Value):
    """A field of a small dialog; `choices` are pairs of a value and a label, a field without them is a line of text."""

    name: str
    label: str
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    required: bool = True


def refusal(read: Callable[[str], object], typed: str) -> str:
    """Return what a reader of typed values says against a text; "" if it reads it."""
    try:
        read(typed)
    except ValueError as error:
        return str(error)
    return ""


class FieldsQuestion(OfficerQuestion):
    """Asks for a few short answers; Enter in any of them does it, Tab goes on.

    `check` says what is wrong with the answers, asked once all are given; `warn` says what is unusual but
    allowed, asked from the first answer on. Their sentences stand in red.
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[AskedField],
        act_label: str,
        keep_label: str,
        parent: QWidget | None = None,
        *,
        detail: str = "",
        check: Check = lambda _answers: "",
        warn: Check = lambda _answers: "",
    ) -> None:
        super().__init__(title, act_label, keep_label, parent)
        self.setObjectName("fields")
        self._fields, self._check, self._warn = fields, check, warn
        self._use_case: Callable[[Mapping[str, str]], object] = lambda _answers: None
        self._inputs = {field.name: self._input(field) for field in fields}
        self._problem = labelled("", "problem", wrap=True)
        self._problem.setObjectName("fields.problem")
        self.lay_out(*([labelled(detail, wrap=True)] if detail else []), self._form(), self._problem)
        self.act.setDefault(True)
        self._allow()
        self._first_empty().setFocus()

    def answers(self) -> dict[str, str]:
        """Return what is typed or chosen, by the name of the field."""
        return {name: _text(widget) for name, widget in self._inputs.items()}

    def begin_at(self, name: str) -> None:
        """Give the keyboard to a field that is answered already, instead of to the first empty one."""
        self._inputs[name].setFocus()

    def perform(self, use_case: Callable[[Mapping[str, str]], T]) -> T | None:
        """Ask until the use case takes the answers, and return its result; None if the officer keeps things.

        A refusal is shown below what was typed, so that nothing has to be typed again.
        """
        results: list[T] = []
        self._use_case = lambda answers: results.append(use_case(answers))
        return results[0] if self.exec() else None

    def accept(self) -> None:
        """Run the use case; close unless it refuses."""
        try:
            self._use_case(self.answers())
        except KcdeskError as error:
            show_refusal(self._problem, error)
            self._problem.show()
        else:
            super().accept()

    def _form(self) -> QWidget:
        holder = QWidget()
        form = QFormLayout(holder)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(FIELD_GAP)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for field in self._fields:
            words = labelled(field.label)
            words.setBuddy(self._inputs[field.name])
            form.addRow(words, self._inputs[field.name])
        return holder

    def _input(self, field: AskedField) -> QLineEdit | QComboBox:
        widget: QLineEdit | QComboBox
        if field.choices:
            widget = QComboBox()
            widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            widget.setMinimumContentsLength(_SHOWN_CHOICE)
            for value, label in field.choices:
                widget.addItem(label, value)
            widget.setCurrentIndex(max(0, widget.findData(field.value)))
            widget.currentIndexChanged.connect(lambda _index: self._allow())
        else:
            widget = QLineEdit(field.value)
            widget.setPlaceholderText(field.hint)
            widget.textChanged.connect(lambda _text: self._allow())
        widget.setObjectName(f"fields.{field.name}")
        widget.setAccessibleName(field.label)
        return widget

    def _first_empty(self) -> QWidget:
        empty = (self._inputs[field.name] for field in self._fields if not _text(self._inputs[field.name]))
        return next(empty, self._inputs[self._fields[0].name])

    def _allow(self) -> None:
        answers = self.answers()
        missing = any(field.required and not answers[field.name] for field in self._fields)
        problem = "" if missing else self._check(answers)
        shown = problem or self._warn(answers)
        self._problem.setText(shown)
        self._problem.setVisible(bool(shown))
        self.act.setEnabled(not missing and not problem)


class TickQuestion(OfficerQuestion):
    """Asks which of several lines an act is for; all are ticked at first, the space bar changes the current one."""

    def __init__(
        self,
        title: str,
        label: str,
        lines: Sequence[tuple[str, str]],
        act_label: str,
        keep_label: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, act_label, keep_label, parent)
        self.setObjectName("ticks")
        self.list = WrappedList()
        self.list.setObjectName("ticks.list")
        self.list.setAccessibleName(label)
        keep_size(self.list, least_height=_LINES)
        for key, text in lines:
            item = QListWidgetItem(text, self.list)
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setCheckState(Qt.CheckState.Checked)
        self.list.itemChanged.connect(lambda _item: self._allow())
        self.lay_out(labelled(label, "label", wrap=True), self.list)
        self.act.setDefault(True)
        self.list.setFocus()

    def chosen(self) -> list[str]:
        """Return the keys of the ticked lines, from top to bottom."""
        items = (self.list.item(row) for row in range(self.list.count()))
        ticked = (item for item in items if item.checkState() == Qt.CheckState.Checked)
        return [str(item.data(Qt.ItemDataRole.UserRole)) for item in ticked]

    def _allow(self) -> None:
        self.act.setEnabled(bool(self.chosen()))


def _text(widget: QLineEdit | QComboBox) -> str:
    if isinstance(widget, QComboBox):
        return str(widget.currentData())
    return widget.text().strip()

"""The small questions: a choice between two buttons, a text, one of several lines. Buttons are verbs, without icons."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.secret_field import SecretField
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_WIDTH = 480  # pixels
_LINES = 84  # pixels: three lines of a reason

TextKind = Literal["lines", "line", "secret"]  # a reason, a short answer, a password


class OfficerQuestion(Dialog):
    """A sentence, perhaps an input, and two buttons; accepted means that the officer chose to act."""

    def __init__(self, title: str, act_label: str, keep_label: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("question")
        self.setWindowTitle(title)
        keep_size(self, least_width=_WIDTH)
        self.act = QPushButton(act_label)
        self.act.setObjectName("question.act")
        self.act.setProperty("role", "main")
        self.act.clicked.connect(self.accept)
        self.keep = QPushButton(keep_label)
        self.keep.setObjectName("question.keep")
        self.keep.clicked.connect(self.reject)

    def lay_out(self, *widgets: QWidget) -> None:
        """Arrange the widgets from top to bottom and the buttons below them; empty labels are left out."""
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        for widget in widgets:
            column.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.keep)
        buttons.addWidget(self.act)
        column.addSpacing(FIELD_GAP)
        column.addStretch(0)  # room that a sentence has left stays below, and moves nothing
        column.addLayout(buttons)


class ChoiceQuestion(OfficerQuestion):
    """Whether to act; with `keep_first`, Enter keeps things as they are."""

    def __init__(
        self,
        question: str,
        detail: str,
        act_label: str,
        keep_label: str,
        parent: QWidget | None = None,
        *,
        keep_first: bool = True,
    ) -> None:
        super().__init__("Cần chọn", act_label, keep_label, parent)
        self.lay_out(labelled(question, "strong", wrap=True), labelled(detail, wrap=True))
        first = self.keep if keep_first else self.act
        first.setDefault(True)
        first.setFocus()


class TextQuestion(OfficerQuestion):
    """Asks for a text: a reason in several lines, or a password; `detail` says what will happen.

    Tab leaves the text; the act can be chosen when something is typed.
    """

    def __init__(
        self,
        title: str,
        label: str,
        act_label: str,
        keep_label: str,
        parent: QWidget | None = None,
        *,
        kind: TextKind = "lines",
        detail: str = "",
        problem: str = "",
    ) -> None:
        super().__init__(title, act_label, keep_label, parent)
        name = labelled(label, "label", wrap=True)
        self.input = _input(kind)
        self.input.setAccessibleName(label)
        self.input.textChanged.connect(lambda *_text: self._allow())
        name.setBuddy(self.input)
        problem_label = labelled(problem, "problem", wrap=True)
        problem_label.setObjectName("question.problem")
        shown = [labelled(detail, "muted", wrap=True)] if detail else []
        keys = [labelled("Tab sang nút, Ctrl+Enter làm ngay.", "help")] if kind == "lines" else []
        below = [problem_label] if problem else keys
        self.lay_out(*shown, name, self.input, *below)
        self._allow()
        self.input.setFocus()

    def text(self) -> str:
        """Return what is typed, without blanks around it."""
        typed = self.input.text() if isinstance(self.input, QLineEdit) else self.input.toPlainText()
        return typed.strip()

    def _allow(self) -> None:
        self.act.setEnabled(bool(self.text()))


def _input(kind: TextKind) -> QLineEdit | QPlainTextEdit:
    if kind == "secret":
        return SecretField("question.secret")
    if kind == "line":
        line = QLineEdit()
        line.setObjectName("question.text")
        return line
    lines = QPlainTextEdit()
    lines.setObjectName("question.text")
    lines.setTabChangesFocus(True)
    keep_size(lines, fixed_height=_LINES)
    return lines

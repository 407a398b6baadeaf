"""The base of dialogs that come before a file is written: a form, a check for missing answers, two buttons."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from kcdesk.ui.handover.password_pair import PasswordPair
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_problem
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled


class FileQuestion(Dialog):
    """Can be accepted once nothing is missing; `password_pair` asks for the password of the file.

    `name` is the prefix of the object names. A subclass fills `form` and then calls `lay_out`, so that Tab goes from
    the fields to the buttons.
    """

    help_topic = "packages"

    def __init__(self, title: str, name: str, *, unlocked: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.password_pair = PasswordPair(name, unlocked=unlocked)
        self.form = QFormLayout()
        self.form.setSpacing(FIELD_GAP)
        self._problem = labelled(role="problem", wrap=True)

    def lay_out(self, width: int, main_name: str, sentence: str = "") -> None:
        """Arrange sentence, form and buttons; `main_name` is the object name of the main button."""
        keep_size(self, least_width=width)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        if sentence:
            column.addWidget(labelled(sentence, wrap=True))
        column.addLayout(self.form)
        column.addWidget(self._problem)
        column.addLayout(self._buttons(main_name))
        self._problem.hide()
        for line in self.findChildren(QLineEdit):
            line.textChanged.connect(lambda _text: self._problem.hide())  # it is being put right
        self.password_pair.none.toggled.connect(lambda _on: self._problem.hide())

    def _buttons(self, main_name: str) -> QHBoxLayout:
        keep = QPushButton("Thôi")
        keep.clicked.connect(self.reject)
        go_on = QPushButton("Chọn nơi lưu…")
        go_on.setObjectName(main_name)
        go_on.setProperty("role", "main")
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(keep)
        row.addWidget(go_on)
        return row

    def missing(self) -> str:
        """Return what is missing or wrong, "" for nothing."""
        return self.password_pair.problem()

    def go_on(self) -> bool:
        """Ask what comes after the form; False keeps the dialog open."""
        return True

    def accept(self) -> None:
        """Accept the dialog, or show what is missing."""
        problem = self.missing()
        if problem:
            show_problem(self._problem, problem, "")
        self._problem.setVisible(bool(problem))
        if not problem and self.go_on():
            super().accept()

    def password(self) -> str:
        """Return the chosen password, "" for none."""
        return self.password_pair.value()

"""What is asked before a file goes on a stick: a form, what is missing in it, and the way on to the place."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk.ui.toolkit.password_pair import PasswordPair
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled


class FileQuestion(QDialog):
    """Can be accepted once nothing is missing; `password_pair` asks under which password the file is locked.

    `name` is the beginning of the object names. Who asks fills `form` and then calls `lay_out`: Tab goes from the
    fields to the buttons.
    """

    def __init__(self, title: str, name: str, *, unlocked: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.password_pair = PasswordPair(name, unlocked=unlocked)
        self.form = QFormLayout()
        self.form.setSpacing(FIELD_GAP)
        self._problem = labelled(role="problem", wrap=True)

    def lay_out(self, width: int, main_name: str, says: str = "") -> None:
        """Put sentence, form and buttons below each other; the one that goes on is called `main_name`."""
        self.setMinimumWidth(width)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        if says:
            column.addWidget(labelled(says, wrap=True))
        column.addLayout(self.form)
        column.addWidget(self._problem)
        column.addLayout(self._buttons(main_name))
        self._problem.hide()

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
        """What is missing or wrong, "" for nothing."""
        return self.password_pair.problem()

    def go_on(self) -> bool:
        """Ask what comes after the form; False keeps the dialog open."""
        return True

    def accept(self) -> None:
        """Close, or say what is missing."""
        problem = self.missing()
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        if not problem and self.go_on():
            super().accept()

    def password(self) -> str:
        """The password that was chosen, "" for none."""
        return self.password_pair.value()

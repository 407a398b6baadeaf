"""Asks under which password a receipt goes on the stick."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk.ui.toolkit.password_pair import PasswordPair
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_WIDTH = 480


class PasswordDialog(QDialog):
    """Accepted means: `password()` is what was chosen, "" for none."""

    def __init__(self, title: str, says: str, *, unlocked: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("password")
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        self._pair = PasswordPair("password", unlocked=unlocked)
        self._problem = labelled(role="problem", wrap=True)
        self._problem.hide()
        form = QFormLayout()
        form.setSpacing(FIELD_GAP)
        self._pair.add_to(form)
        keep = QPushButton("Thôi")
        keep.clicked.connect(self.reject)
        go = QPushButton("Chọn nơi lưu…")
        go.setObjectName("password.go")
        go.setProperty("role", "main")
        go.setDefault(True)
        go.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(keep)
        buttons.addWidget(go)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        column.addWidget(labelled(says, wrap=True))
        column.addLayout(form)
        column.addWidget(self._problem)
        column.addLayout(buttons)

    def accept(self) -> None:
        """Close, or say what is missing."""
        problem = self._pair.problem()
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        if not problem:
            super().accept()

    def password(self) -> str:
        """What was chosen."""
        return self._pair.value()

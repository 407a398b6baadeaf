"""Asks for the password of a receipt."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kcdesk.ui.handover.file_question import FileQuestion

_WIDTH = 480


class PasswordDialog(FileQuestion):
    """Accepted means: `password()` is the chosen password, "" for none."""

    def __init__(self, title: str, sentence: str, *, unlocked: bool, parent: QWidget | None = None) -> None:
        super().__init__(title, "password", unlocked=unlocked, parent=parent)
        self.setObjectName("password")
        self.password_pair.add_to(self.form)
        self.lay_out(_WIDTH, "password.go", sentence)

"""Asks under which password a receipt goes on the stick."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kcdesk.ui.handover.file_question import FileQuestion

_WIDTH = 480


class PasswordDialog(FileQuestion):
    """Accepted means: `password()` is what was chosen, "" for none."""

    def __init__(self, title: str, says: str, *, unlocked: bool, parent: QWidget | None = None) -> None:
        super().__init__(title, "password", unlocked=unlocked, parent=parent)
        self.setObjectName("password")
        self.password_pair.add_to(self.form)
        self.lay_out(_WIDTH, "password.go", says)

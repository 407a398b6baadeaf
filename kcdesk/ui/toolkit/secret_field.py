"""A line for a passphrase, with an eye that shows it."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from kcdesk.ui.toolkit.icons import set_icon


class SecretField(QLineEdit):
    """Hidden unless the officer asks to see it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = QAction("Hiện chữ đang gõ", self)
        self._eye.setCheckable(True)
        set_icon(self._eye, "eye")
        self._eye.toggled.connect(self.reveal)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)

    def reveal(self, shown: bool) -> None:
        """Show or hide what is typed."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

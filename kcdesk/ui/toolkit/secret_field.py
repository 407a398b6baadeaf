"""An input for a passphrase, with an eye button that shows it."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from kcdesk.ui.toolkit.icons import set_icon


class SecretField(QLineEdit):
    """An input that hides its text until the officer asks to see it."""

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
        """Show or hide the typed text."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

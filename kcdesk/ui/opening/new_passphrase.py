"""Inputs for a new passphrase: typed twice, with a rating of its strength."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kcdesk.services.maintenance.secret_strength import strength_of
from kcdesk.ui.toolkit.secret_field import SecretField
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled, set_tone


class NewPassphrase(QWidget):
    """Two inputs; `name` is the prefix of their object names, `label` stands above the first.

    `known` is what others know of the owner; a password made of it is easily guessed.
    """

    def __init__(self, name: str, label: str = "Mật khẩu") -> None:
        super().__init__()
        self.known: tuple[str, ...] = ()
        self._named = label.lower()
        self.first = SecretField(f"{name}.passphrase")
        self.again = SecretField(f"{name}.again")
        self.strength = labelled(strength_of("").sentence, "help", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for text, field in ((label, self.first), (f"Gõ lại {self._named}", self.again)):
            heading = labelled(text, "label")
            heading.setBuddy(field)
            column.addWidget(heading)
            column.addWidget(field)
            if field is self.first:
                column.addWidget(self.strength)
                column.addSpacing(FIELD_GAP)
        self.first.textChanged.connect(self._judge)

    def text(self) -> str:
        """Return the text of the first input."""
        return self.first.text()

    def problem(self) -> tuple[str, QWidget] | None:
        """Return what is wrong and at which input: nothing typed, easily guessed, two different texts; else None."""
        strength = strength_of(self.first.text(), *self.known)
        if not self.first.text():
            return f"Chưa nhập {self._named}. {strength.sentence}", self.first
        if not strength.is_enough:
            return strength.sentence, self.first
        if self.first.text() != self.again.text():
            return "Hai lần gõ mật khẩu chưa giống nhau.", self.again
        return None

    def _judge(self, text: str) -> None:
        strength = strength_of(text, *self.known)
        self.strength.setText(strength.sentence)
        set_tone(self.strength, strength.tone)

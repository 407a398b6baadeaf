"""Inputs for a new passphrase: typed twice, with a rating of its strength."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kcdesk.services.maintenance.opening import MINIMUM_PASSPHRASE
from kcdesk.ui.toolkit.secret_field import SecretField
from kcdesk.ui.toolkit.secret_strength import strength_of
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled, set_tone


class NewPassphrase(QWidget):
    """Two inputs; `name` is the prefix of their object names, `label` stands above the first."""

    def __init__(self, name: str, label: str = "Mật khẩu") -> None:
        super().__init__()
        self.first = SecretField(f"{name}.passphrase")
        self.again = SecretField(f"{name}.again")
        self.strength = labelled(passphrase_hint("")[0], "help", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for text, field in ((label, self.first), (f"Gõ lại {label.lower()}", self.again)):
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
        """Return what is wrong and at which input: too short, or the two texts differ; None when nothing is."""
        if len(self.first.text()) < MINIMUM_PASSPHRASE:
            return f"Mật khẩu cần ít nhất {MINIMUM_PASSPHRASE} ký tự.", self.first
        if self.first.text() != self.again.text():
            return "Hai lần gõ mật khẩu chưa giống nhau.", self.again
        return None

    def _judge(self, text: str) -> None:
        sentence, tone = passphrase_hint(text)
        self.strength.setText(sentence)
        set_tone(self.strength, tone)


def passphrase_hint(text: str) -> tuple[str, str]:
    """Return the strength of a passphrase of the store in words, and its tone."""
    return strength_of(text, MINIMUM_PASSPHRASE)

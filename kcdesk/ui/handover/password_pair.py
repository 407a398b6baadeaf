"""The password of a file that is carried to another office: typed twice, or deliberately none."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QFormLayout

from kcdesk.services.maintenance.secret_strength import SecretStrength, strength_of
from kcdesk.ui.toolkit.secret_field import SecretField
from kcdesk.ui.toolkit.theme import labelled, set_tone

_PURPOSE = "Không phải mật khẩu mở kho. Đọc cho nơi nhận qua điện thoại, không gửi cùng tệp."


class PasswordPair:
    """Two password fields and a check box for a form layout; `name` is the prefix of their object names."""

    def __init__(self, name: str, *, unlocked: bool) -> None:
        self.strength = labelled("", "help", wrap=True)
        self.first = SecretField(f"{name}.password")
        self.again = SecretField(f"{name}.password_again")
        self.none = QCheckBox("Không đặt mật khẩu")
        self.none.setObjectName(f"{name}.no_password")
        self.none.toggled.connect(self.first.setDisabled)
        self.none.toggled.connect(self.again.setDisabled)
        self.none.setChecked(unlocked)
        self.first.textChanged.connect(lambda _text: self._judge())
        self.none.toggled.connect(lambda _on: self._judge())
        self._judge()

    def add_to(self, form: QFormLayout) -> None:
        """Add the fields to a form layout."""
        form.addRow("Mật khẩu của tệp", self.first)
        form.addRow("", self.strength)
        form.addRow("Nhập lại", self.again)
        form.addRow("", self.none)

    def problem(self) -> str:
        """Return what is wrong with the input, "" when nothing is."""
        if self.none.isChecked():
            return ""
        if not self.first.text():
            return "Hãy đặt mật khẩu; người nhận cần mật khẩu này để mở tệp."
        strength = strength_of(self.first.text())
        if not strength.is_enough:
            return strength.sentence
        if self.first.text() != self.again.text():
            return "Hai lần nhập mật khẩu không giống nhau."
        return ""

    def _judge(self) -> None:
        """Say how strong the password is; at first, what it is for and how it reaches the receiver."""
        typed = "" if self.none.isChecked() else self.first.text()
        strength = strength_of(typed) if typed else SecretStrength(_PURPOSE, "", is_enough=False)
        self.strength.setText(strength.sentence)
        set_tone(self.strength, strength.tone)

    def value(self) -> str:
        """The password, "" for none."""
        return "" if self.none.isChecked() else self.first.text()

"""The password of a file that is carried to another office: typed twice, or deliberately none."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QFormLayout

from kcdesk.ui.toolkit.secret_field import SecretField


class PasswordPair:
    """Two password fields and a check box for a form layout; `name` is the prefix of their object names."""

    def __init__(self, name: str, *, unlocked: bool) -> None:
        self.first = SecretField(f"{name}.password")
        self.again = SecretField(f"{name}.password_again")
        self.none = QCheckBox("Không đặt mật khẩu")
        self.none.setObjectName(f"{name}.no_password")
        self.none.toggled.connect(self.first.setDisabled)
        self.none.toggled.connect(self.again.setDisabled)
        self.none.setChecked(unlocked)

    def add_to(self, form: QFormLayout) -> None:
        """Add the fields to a form layout."""
        form.addRow("Mật khẩu", self.first)
        form.addRow("Nhập lại", self.again)
        form.addRow("", self.none)

    def problem(self) -> str:
        """Return what is wrong with the input, "" when nothing is."""
        if self.none.isChecked():
            return ""
        if not self.first.text():
            return "Hãy đặt mật khẩu; người nhận cần mật khẩu này để mở tệp."
        if self.first.text() != self.again.text():
            return "Hai lần nhập mật khẩu không giống nhau."
        return ""

    def value(self) -> str:
        """The password, "" for none."""
        return "" if self.none.isChecked() else self.first.text()

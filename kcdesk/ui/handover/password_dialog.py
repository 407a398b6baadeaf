"""Ask for passwords: of a receipt that is written, of a package that is opened."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kcdesk.ui.handover.file_question import FileQuestion
from kcdesk.ui.shell.messages import Messages

_WIDTH = 480


class PasswordDialog(FileQuestion):
    """Accepted means: `password()` is the chosen password, "" for none."""

    def __init__(self, title: str, sentence: str, *, unlocked: bool, parent: QWidget | None = None) -> None:
        super().__init__(title, "password", unlocked=unlocked, parent=parent)
        self.setObjectName("password")
        self.password_pair.add_to(self.form)
        self.lay_out(_WIDTH, "password.go", sentence)


def ask_package_password(messages: Messages, label: str, *, tried: bool) -> str:
    """Ask for the password of a locked package; `tried`: the one typed before was wrong, which is said beside it."""
    return messages.ask_text(
        "Gói có mật khẩu",
        label,
        "Mở",
        "Thôi",
        kind="secret",
        detail="Là mật khẩu mà nơi gửi đã đặt cho gói, không phải mật khẩu mở kho.",
        problem="Mật khẩu chưa đúng. Hãy gõ lại, hoặc hỏi lại nơi gửi." if tried else "",
    )

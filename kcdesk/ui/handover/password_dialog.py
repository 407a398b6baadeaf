"""Ask for passwords: of a receipt that is written, of a package that is opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from kcdesk.services.maintenance import salvaging
from kcdesk.ui.handover.file_question import FileQuestion
from kcdesk.ui.shell.messages import Messages

_WIDTH = 480
_OF_SENDER = "Là mật khẩu mà nơi gửi đã đặt cho gói, không phải mật khẩu mở kho."
_OF_DAMAGED_STORE = (
    "Gói này được lưu từ kho hỏng: mật khẩu của gói là mật khẩu, hoặc mã khôi phục, đã dùng để mở kho lúc lưu."
)


class PasswordDialog(FileQuestion):
    """Accepted means: `password()` is the chosen password, "" for none."""

    def __init__(self, title: str, sentence: str, *, unlocked: bool, parent: QWidget | None = None) -> None:
        super().__init__(title, "password", unlocked=unlocked, parent=parent)
        self.setObjectName("password")
        self.password_pair.add_to(self.form)
        self.lay_out(_WIDTH, "password.go", sentence)


def ask_package_password(messages: Messages, package: Path | None, *, tried: bool) -> str:
    """Ask for the password of a locked package, None for several; `tried`: the last one was wrong, which is said."""
    is_own = package is not None and salvaging.is_saved_package(package)
    return messages.ask_text(
        "Gói có mật khẩu",
        f"Mật khẩu của {package.name}" if package else "Mật khẩu chung của các gói",
        "Mở",
        "Thôi",
        kind="secret",
        detail=_OF_DAMAGED_STORE if is_own else _OF_SENDER,
        problem=f"Mật khẩu chưa đúng. Hãy gõ lại{'' if is_own else ', hoặc hỏi lại nơi gửi'}." if tried else "",
    )

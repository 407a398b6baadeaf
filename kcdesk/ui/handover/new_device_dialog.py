"""Explains, step by step, how a new laptop of the same unit replaces a broken one."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import GROUP_GAP, labelled

_WIDTH = 660
_STEPS = (
    "1. Còn bản sao lưu: trên máy mới, ở lần mở đầu tiên chọn dựng lại từ bản sao lưu (hoặc Cài đặt, «Khôi phục từ bản "
    "sao lưu»). Mã máy được đổi ngay trong lúc khôi phục.",
    "2. Chỉ còn gói: ở lần mở đầu tiên chọn dựng lại từ gói đã kết xuất, rồi nhận gói đó, hoặc gói đầy đủ tỉnh gửi "
    "lại. Máy mới có khoá ký riêng; dấu khoá của máy cũ có trong tệp nhận diện cũ, hoặc hỏi tỉnh qua điện thoại.",
    "3. Đã chép nguyên thư mục kho từ máy cũ sang: chọn «Đổi mã máy», để việc của hai máy không bị lẫn.",
    "4. Máy mới có khoá riêng thì xuất tệp nhận diện, đưa lên tỉnh và đọc 30 chữ số qua điện thoại; đề nghị tỉnh huỷ "
    "tin cậy khoá của máy cũ. Hồ sơ tỉnh đã nhận vẫn giữ nguyên.",
)


class NewDeviceDialog(Dialog):
    """After `exec`, `wanted` is "package", "identity", "device" or "" for nothing."""

    help_topic = "new_device"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("new_device")
        self.wanted = ""
        self.setWindowTitle("Thay máy hỏng")
        keep_size(self, least_width=_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        for step in _STEPS:
            column.addWidget(labelled(step, wrap=True))
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        close = QPushButton("Đóng")
        close.clicked.connect(self.reject)
        row.addWidget(close)
        row.addStretch(1)
        for label, wanted, role in (
            ("Đổi mã máy", "device", ""),
            ("Xuất tệp nhận diện…", "identity", ""),
            ("Nhận gói cuối của máy cũ…", "package", "main"),
        ):
            button = QPushButton(label)
            button.setObjectName(f"new_device.{wanted}")
            button.setProperty("role", role)
            button.clicked.connect(lambda _checked=False, wanted=wanted: self._want(wanted))
            row.addWidget(button)
        return row

    def _want(self, wanted: str) -> None:
        self.wanted = wanted
        self.accept()

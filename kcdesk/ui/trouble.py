"""A store that cannot be opened: one window that says why and what to do; nothing is written."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout

from kcdesk.errors import KcdeskError
from kcdesk.ui.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

_WIDTH = 520


class TroubleDialog(QDialog):
    """Accepted means "Thử lại"."""

    def __init__(self, error: KcdeskError, folder: Path) -> None:
        super().__init__()
        self.setObjectName("trouble")
        self.setWindowTitle("Chưa mở được kho dữ liệu")
        self.setFixedWidth(_WIDTH)
        self.message = labelled(error.message, "section", wrap=True)
        self.hint = labelled(error.hint, wrap=True)
        again = QPushButton("Thử lại")
        again.setProperty("role", "main")
        again.setDefault(True)
        again.clicked.connect(self.accept)
        close = QPushButton("Đóng chương trình")
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        buttons.addWidget(again)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.message)
        column.addWidget(self.hint)
        column.addWidget(labelled(f"Thư mục: {folder}. Chưa có gì bị thay đổi.", "help", wrap=True))
        column.addSpacing(FIELD_GAP)
        column.addLayout(buttons)

"""A dialog for a store that cannot be opened: shows why and what to do; nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from kcdesk import handbook
from kcdesk.errors import KcdeskError
from kcdesk.ui.opening.restore_dialog import RestoreDialog
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

if TYPE_CHECKING:
    from kcdesk.services.maintenance.restoring import PreparedRestore

_WIDTH = 560
_UNCHANGED = "Chưa có gì bị thay đổi"  # the refusals of some stores say it themselves
_HEALED_BY_A_BACKUP = (
    *("damaged_store", "foreign_store", "stripped_store", "store_remains"),
    *("key_missing", "key_damaged", "foreign_key"),
)


class TroubleDialog(Dialog):
    """Accepted means "Thử lại"; `prepared` is the backup that shall replace a damaged store, if one was chosen."""

    def __init__(self, error: KcdeskError, folder: Path) -> None:
        super().__init__()
        self.setObjectName("trouble")
        self.help_topic = handbook.topic_of(error)
        self.setWindowTitle("Chưa mở được kho dữ liệu")
        keep_size(self, least_width=_WIDTH)
        self.message = labelled(error.message, "section", wrap=True)
        self.hint = labelled(error.hint, wrap=True)
        again = QPushButton("Thử lại")
        again.setProperty("role", "main")
        again.setDefault(True)
        again.clicked.connect(self.accept)
        close = QPushButton("Đóng chương trình")
        close.clicked.connect(self.reject)
        guide = QPushButton("Xem hướng dẫn (F1)")
        guide.setProperty("role", "quiet")
        guide.clicked.connect(self.show_help)
        self._folder = folder
        self.prepared: PreparedRestore | None = None
        self.restore_button = QPushButton("Khôi phục từ bản sao lưu…")
        self.restore_button.setObjectName("trouble.restore")
        self.restore_button.clicked.connect(self.restore)
        self.restore_button.setVisible(error.code in _HEALED_BY_A_BACKUP)
        buttons = QHBoxLayout()
        buttons.addWidget(self.restore_button)
        buttons.addStretch(1)
        buttons.addWidget(guide)
        buttons.addWidget(close)
        buttons.addWidget(again)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.message)
        column.addWidget(self.hint)
        unchanged = "" if _UNCHANGED.lower() in error.sentence().lower() else f" {_UNCHANGED}."
        column.addWidget(labelled(f"Thư mục: {folder}.{unchanged}", "help", wrap=True))
        column.addSpacing(FIELD_GAP)
        column.addLayout(buttons)

    def restore(self) -> None:
        """Choose a backup that shall replace the store that cannot be opened."""
        dialog = RestoreDialog(self._folder, None, parent=self)
        if dialog.exec():
            self.prepared = dialog.prepared
            self.reject()

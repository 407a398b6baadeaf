"""The files enclosed with a receipt: letters, decisions, rules; each can be opened and saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk.foreign_files.file_names import safe_name, shown_name
from kcdesk.services.attachments import content
from kcdesk.services.handover.receipts import received
from kcdesk.services.handover.receipts.received import ReceivedReceipt
from kcdesk.text import format_integer
from kcdesk.ui.papers.attached.attachment_dialog import show_attachment
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_WIDTH = 560
_KILOBYTE = 1024


class EnclosedDialog(Dialog):
    """Lists the enclosed files of one received receipt."""

    help_topic = "intake"

    def __init__(self, context: Context, receipt: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("enclosed")
        self.setWindowTitle("Tệp kèm theo biên nhận")
        keep_size(self, least_width=_WIDTH)
        self._context = context
        self._answered: ReceivedReceipt = received.read_receipt(context.workspace, receipt)
        grid = QGridLayout()
        grid.setHorizontalSpacing(FIELD_GAP)
        grid.setVerticalSpacing(FIELD_GAP)
        grid.setColumnStretch(0, 1)
        for row, file in enumerate(self._answered.enclosed):
            grid.addWidget(labelled(shown_name(file["name"]), wrap=True), row, 0)
            grid.addWidget(labelled(_size(file["size"]), "muted"), row, 1)
            grid.addWidget(_button("Mở", f"enclosed.open.{row}", partial(self.open_file, file)), row, 2)
            grid.addWidget(_button("Lưu…", f"enclosed.save.{row}", partial(self.save, file)), row, 3)
        close = _button("Đóng", "enclosed.close", self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        column.addWidget(labelled(f"{self._answered.sender} gửi kèm:", "strong", wrap=True))
        column.addLayout(grid)
        column.addLayout(buttons)

    def open_file(self, file: dict[str, Any]) -> None:
        """Show a file inside the program."""
        show_attachment(self._context, file, self)

    def save(self, file: dict[str, Any]) -> None:
        """Save a file where the officer chooses."""
        path = self._context.messages.save_file(
            "Lưu tệp kèm theo", safe_name(file["name"]), "Mọi tệp (*)", purpose="attachments"
        )
        if path is None:
            return
        workspace, receipt = self._context.workspace, self._answered.receipt
        if self._context.messages.guarded(lambda: received.save_enclosed(workspace, receipt, file["name"], path)):
            self._context.messages.notice(f"Đã lưu {path.name}. Đã kiểm tra, có thể rút thẻ nhớ.")
            if warning := content.warning_of(workspace, file):
                self._context.messages.problem(warning)


def label(number: int) -> str:
    """Return the text of the button that opens this dialog."""
    return f"Tệp kèm theo ({number})…"


def _size(size: int) -> str:
    return f"{format_integer(max(1, round(size / _KILOBYTE)))} KB"


def _button(label: str, name: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(label)
    button.setObjectName(name)
    button.clicked.connect(lambda: act())
    return button

"""A copy on the chosen stick when the program is closed, if the stick is there and something has changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout

from kcdesk.services.maintenance import outside_copies
from kcdesk.text import format_integer
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.decision_button import decision_button
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import GROUP_GAP, labelled

if TYPE_CHECKING:
    from kcdesk.errors import KcdeskError
    from kcdesk.services.maintenance.backup_copies import Copy
    from kcdesk.ui.shell.context import Context

_WIDTH = 460


class ClosingCopyDialog(Dialog):
    """Shows that the copy is being written, and lets the officer leave it; a refusal stays until it is read."""

    help_topic = "backups"

    def __init__(self, context: Context, stick: Path) -> None:
        super().__init__()
        self.setObjectName("closing_copy")
        self.setWindowTitle("Sao lưu khi đóng")
        keep_size(self, least_width=_WIDTH)
        self._context = context
        self.line = labelled(f"Đang sao lưu ra {stick}…", "strong", wrap=True)
        self.note = labelled("Bỏ qua thì bản sao trước trên thẻ nhớ vẫn còn nguyên.", "help", wrap=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.skip = decision_button("Bỏ qua", "closing_copy.skip", self.reject)
        self.skip.setProperty("role", "main")
        row = QHBoxLayout()
        row.addWidget(self.note, 1)
        row.addWidget(self.skip)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        column.addWidget(self.line)
        column.addWidget(self.bar)
        column.addLayout(row)
        self._job = context.worker.run(
            lambda progress: outside_copies.copy_to(context.workspace, stick, "close", progress),
            text="Sao lưu ra thẻ nhớ",
            done=self._made,
            failed=self._refused,
            owner=self,
            silent=True,
        )

    def reject(self) -> None:
        """Leave the copy, or close the sentence that was read."""
        self._job.stop()
        super().reject()

    def _made(self, copy: Copy) -> None:
        outside_copies.note_outside(self._context.workspace, copy.folder)
        self.line.setText(f"Đã sao lưu: mở được, {format_integer(copy.records)} hồ sơ.")
        self.accept()

    def _refused(self, error: KcdeskError) -> None:
        self.bar.hide()
        self.line.setText(f"Chưa sao lưu được ra thẻ nhớ. {error.message}")
        self.note.setText(error.hint)
        self.skip.setText("Đóng chương trình")
        self.adjustSize()


def copy_at_close(context: Context) -> None:
    """Make the copy, unless the window closes only to open again; nothing is asked, and nothing stops the closing."""
    if context.restoring is not None or context.reopening:
        return
    stick = outside_copies.present(context.workspace)
    if stick is not None and outside_copies.is_behind(context.workspace, stick):
        ClosingCopyDialog(context, stick).exec()

"""Asks what to do with a store of which pages are damaged: save what can be read, restore a backup, or only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout

from kcdesk.errors import KcdeskError
from kcdesk.services.maintenance import salvaging
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_integer
from kcdesk.ui.opening.restore_dialog import RestoreDialog
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.shell.messages import Messages
from kcdesk.ui.shell.worker import BackgroundWorker
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

if TYPE_CHECKING:
    from kcdesk.progress import Progress
    from kcdesk.services.maintenance.restoring import PreparedRestore
    from kcdesk.services.maintenance.salvaging import SavedStore

_WIDTH = 640
_MOST_SHOWN = 6


class DamagedStoreDialog(Dialog):
    """Accepted means: open the store to read it. `prepared` is the backup to restore, `saved` what was saved before."""

    help_topic = "restore"

    def __init__(self, workspace: Workspace, password: str = "", messages: Messages | None = None) -> None:
        super().__init__()
        self.setObjectName("damaged")
        self.setWindowTitle("Kho dữ liệu có chỗ hỏng")
        keep_size(self, least_width=_WIDTH)
        self.prepared: PreparedRestore | None = None
        self.saved: SavedStore | None = None
        self._workspace, self._password = workspace, password
        self._messages, self._worker = messages or Messages(), BackgroundWorker(self)
        self.message = labelled(salvaging.trouble(workspace), wrap=True)
        self.outcome = labelled("", wrap=True)
        self.problem = labelled(role="problem", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.save_button = push_button("Lưu những gì đọc được…", "damaged.save", self.save)
        self.restore_button = push_button("Khôi phục từ bản sao lưu…", "damaged.restore", self.restore)
        self.read_button = push_button("Mở để đọc", "damaged.read", self.accept)
        self.save_button.setProperty("role", "main")
        self._lay_out()

    def save(self) -> None:
        """Save what can be read into a folder of the officer's choice, best on a stick."""
        folder = self._messages.choose_folder("Nơi lưu những gì đọc được", purpose="backups")
        if folder is None:
            return
        self._wait(True)
        workspace, password = self._workspace, self._password

        def run(progress: Progress) -> SavedStore:
            with workspace.alongside() as beside:
                return salvaging.save_readable(beside, folder, password, progress)

        job = self._worker.run(run, text="Lưu", done=self._show_saved, failed=self._refused, owner=self)
        job.progressed.connect(self._show_progress)

    def restore(self) -> None:
        """Choose the backup that shall replace the damaged store."""
        dialog = RestoreDialog(self._workspace.store.folder, None, self._messages, parent=self)
        if dialog.exec():
            self.prepared = dialog.prepared
            self.accept()

    def reject(self) -> None:
        """Close the program's store; what runs is stopped."""
        self._worker.close()
        super().reject()

    def _show_progress(self, done: int, total: int, _text: str) -> None:
        if total:
            self.bar.setRange(0, total)
            self.bar.setValue(done)

    def _show_saved(self, saved: SavedStore) -> None:
        self._wait(False)
        self.saved = saved
        lost = "; ".join(saved.lost[:_MOST_SHOWN]) if saved.lost else "không mất gì"
        text = f"Đã lưu {format_integer(saved.records)} hồ sơ vào {saved.folder}. Không đọc được: {lost}."
        then = " Sau khi khôi phục, gói đã lưu được mở ra để nhận lại." if saved.package else ""
        secret = " Mật khẩu của gói là mật khẩu vừa mở kho." if saved.package and self._password else ""
        self.outcome.setText(f"{text}{then}{secret}")
        self.outcome.show()
        self.restore_button.setFocus()
        self.adjustSize()

    def _refused(self, error: KcdeskError) -> None:
        self._wait(False)
        show_refusal(self.problem, error)
        self.problem.show()
        self.adjustSize()

    def _wait(self, waiting: bool) -> None:
        self.bar.setRange(0, 0)
        self.bar.setVisible(waiting)
        for button in (self.save_button, self.restore_button, self.read_button):
            button.setEnabled(not waiting)
        if waiting:
            self.problem.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        for widget in (self.message, self.bar, self.outcome, self.problem):
            column.addWidget(widget)
        for widget in (self.bar, self.outcome, self.problem):
            widget.hide()
        close = QPushButton("Đóng")
        close.setObjectName("damaged.close")
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        for button in (self.save_button, self.restore_button, self.read_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)

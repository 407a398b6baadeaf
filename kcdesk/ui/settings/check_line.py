"""The line of the settings about the full check: when it was made last, what it showed, begin it, stop it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk.services.maintenance import full_check
from kcdesk.services.maintenance.full_check import CheckResult
from kcdesk.text import format_integer
from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

_MOST_SHOWN = 5


class CheckLine(QWidget):
    """Follows the check of the window; it goes on when the page is left."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._check = context, context.store_check
        self._wants_answer = False  # the officer has asked: the answer is shown as a message too
        self.state = labelled(wrap=True)
        self.begin_button = push_button("Kiểm tra kho", "settings.check", self.begin)
        self.stop_button: QPushButton = push_button("Dừng", "settings.check_stop", self.stop)
        row = QHBoxLayout()
        row.setSpacing(FIELD_GAP)
        row.addWidget(self.begin_button)
        row.addWidget(self.stop_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.state)
        column.addLayout(row)
        self._check.progressed.connect(self._show_progress)
        self._check.ended.connect(self._show_end)
        self.show_state()

    def begin(self) -> None:
        """Check the whole store now."""
        self._wants_answer = True
        self._check.begin()
        self.show_state()

    def stop(self) -> None:
        """Ask the check to stop, which it does at its next page or record."""
        self._check.stop()
        self.stop_button.setEnabled(False)
        self.state.setText("Đang dừng…")

    def show_state(self) -> None:
        """Show the last result, or that a check is running."""
        running = self._check.is_running
        self.begin_button.setEnabled(not running)
        self.stop_button.setVisible(running)
        self.stop_button.setEnabled(True)
        result = full_check.last(self._context.workspace)
        if running:
            self.state.setText("Đang đọc toàn bộ kho; vẫn làm việc khác được.")
        elif result is None:
            self.state.setText("Chưa kiểm tra lần nào; chương trình tự kiểm tra mỗi tuần.")
        else:
            shown = "\n".join((result.sentence(), *result.problems[1:_MOST_SHOWN]))
            self.state.setText(f"{wording.moment(result.at)}: {shown}")

    def _show_progress(self, done: int, total: int) -> None:
        if not self.stop_button.isEnabled():
            return  # it is stopping
        what = f"hồ sơ {format_integer(done)} / {format_integer(total)}" if total else "từng trang dữ liệu"
        self.state.setText(f"Đang đọc toàn bộ kho ({what}); vẫn làm việc khác được.")

    def _show_end(self, result: CheckResult | None) -> None:
        wanted, self._wants_answer = self._wants_answer, False
        self.show_state()
        if result is not None and result.is_sound and wanted:
            self._context.messages.notice(result.sentence())

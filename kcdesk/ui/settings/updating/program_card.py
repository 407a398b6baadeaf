"""The card of the program itself: its version, an update from a file, the version before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kcdesk import __version__, given_files
from kcdesk.services.updating import program_updates
from kcdesk.services.updating.program_updates import InstalledUpdate, ProgramUpdates
from kcdesk.text import format_date
from kcdesk.ui.shell import blocking_task
from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

_FILES = f"Tệp cập nhật (*{given_files.UPDATE})"


class ProgramVersions(QWidget):
    """Shows the version; updates the program from a signed file after a copy of the store, or goes back."""

    def __init__(
        self, context: Context, updates: Callable[[], ProgramUpdates] = program_updates.updates_of_this_program
    ) -> None:
        super().__init__()
        self.context, self._updates = context, updates
        self.update_button = push_button("Cập nhật từ tệp…", "settings.update", self.choose)
        self.back_button = push_button("Trở về bản trước…", "settings.update_back", self.go_back)
        buttons = FlowRow(FIELD_GAP)
        buttons.add(self.update_button)
        buttons.add(self.back_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(labelled(f"kcdesk {__version__}"))
        column.addWidget(buttons)

    def choose(self) -> None:
        """Choose a file, show what it brings, install it when the officer agrees."""
        path = self.context.messages.open_file("Cập nhật từ tệp", _FILES, purpose="update")
        if path is not None:
            self.take_in(path)

    def take_in(self, path: Path) -> None:
        """Show what an update brings; install it when the officer agrees."""
        messages = self.context.messages
        updates = messages.guarded(self._updates)
        preview = messages.guarded(lambda: updates.preview(path)) if updates else None
        if updates is None or preview is None:
            return
        notes = "\n".join(f"• {note}" for note in preview.notes)
        agreed = messages.ask(
            f"Cập nhật kcdesk từ bản {preview.present} lên bản {preview.version}?",
            f"Phát hành ngày {format_date(preview.released)}; chữ ký đúng của nơi phát hành.\n{notes}\n"
            "Kho được sao lưu và kiểm tra trước; bản đang dùng được giữ lại để trở về.",
            "Cập nhật",
            "Để sau",
        )
        if agreed:
            blocking_task.run(
                self.context,
                self,
                lambda workspace, progress: updates.install(path, workspace, progress),
                text=f"Đang cập nhật lên bản {preview.version}",
                done=self._offer_restart,
                failed=messages.error,
            )

    def go_back(self) -> None:
        """Go back to the version before when the officer agrees."""
        messages = self.context.messages
        updates = messages.guarded(self._updates)
        former = messages.guarded(updates.former) if updates else None
        if updates is None or former is None:
            return
        question = f"Trở về bản {former.version} của chương trình?"
        agreed = messages.ask(question, program_updates.going_back_text(former), "Trở về", "Giữ bản này")
        if agreed and messages.guarded(updates.go_back) is not None:
            self.context.messages.offer(
                f"Từ lần mở sau chạy bản {former.version}.", "Đóng và mở lại", self.context.start_again
            )

    def _offer_restart(self, done: InstalledUpdate) -> None:
        self.context.messages.offer(
            f"Đã cập nhật lên bản {done.preview.version}; hãy đóng và mở lại chương trình.",
            "Đóng và mở lại",
            self.context.start_again,
        )

"""«Bản sao của mật khẩu cũ»: which copies an earlier passphrase still opens, a new copy outside, removing the old."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QListWidget, QWidget

from kcdesk.services.maintenance import backup_copies, passphrases
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.outside_backup import back_up_outside
from kcdesk.ui.toolkit.decision_button import decision_button
from kcdesk.ui.toolkit.fitting.dialog_column import stand_in_column
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import labelled

if TYPE_CHECKING:
    from kcdesk.ui.shell.context import Context

_WIDTH = 600
_WHY = (
    "Sau khi đổi mật khẩu, kho chỉ mở bằng khoá mới. Bản sao lưu làm trước đó vẫn mở bằng mật khẩu và mã khôi phục của "
    "lúc sao lưu: nếu mật khẩu cũ đã lộ, hãy sao lưu một bản mới ra ngoài rồi xoá những bản dưới đây."
)


class OldCopiesDialog(Dialog):
    """Lists the copies beside the store, and those of a stick that is looked through."""

    help_topic = "passwords"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("old_copies")
        self.setWindowTitle("Bản sao của mật khẩu cũ")
        keep_size(self, least_width=_WIDTH)
        self._context = context
        self._elsewhere: list[Path] = []
        self.list = QListWidget()
        self.list.setAccessibleName("Các bản sao lưu của khoá cũ")
        self.result_line = labelled(wrap=True)
        self.outside = decision_button("Sao lưu ra nơi khác…", "old_copies.outside", lambda: back_up_outside(context))
        self.look = decision_button("Tìm trên thẻ nhớ…", "old_copies.look", self._look_elsewhere)
        self.remove = decision_button("Xoá những bản này", "old_copies.remove", self._remove)
        close = decision_button("Đóng", "old_copies.close", self.accept)
        parts = (labelled(_WHY, wrap=True), self.list, self.result_line)
        stand_in_column(self, parts, (self.outside, self.look, self.remove), close)
        self._show()

    def _copies(self) -> list[Path]:
        return self._context.workspace.store.old_key_copies(self._elsewhere)

    def _show(self) -> None:
        copies = self._copies()
        self.list.clear()
        self.list.addItems([str(copy) for copy in copies] or ["Không có bản nào."])
        self.remove.setEnabled(bool(copies))

    def _look_elsewhere(self) -> None:
        folder = self._context.messages.choose_folder("Chọn thẻ nhớ hoặc thư mục cần tìm", purpose="backups")
        if folder:
            before = len(self._copies())
            self._elsewhere += backup_copies.within(folder, self._context.workspace.store.folder)
            self._show()
            more = len(self._copies()) - before
            what = f"Thấy thêm {more} bản của khoá cũ" if more else "Không thấy thêm bản nào của khoá cũ"
            self.result_line.setText(f"{what} trong {folder}.")

    def _remove(self) -> None:
        copies = self._copies()
        question = f"Xoá {len(copies)} bản sao lưu của khoá cũ?"
        text = "Một bản mới bằng khoá hiện nay được làm trước, cạnh kho. Những bản đã xoá không lấy lại được."
        if not self._context.messages.ask(question, text, "Xoá các bản cũ", "Giữ lại"):
            return
        removed = self._context.attempt(lambda: passphrases.remove_old_copies(self._context.workspace, copies))
        if removed is not None:
            self.result_line.setText(f"Đã sao lưu một bản mới và xoá {removed} bản cũ.")
        self._show()

"""«Khoá khôi phục của tỉnh» at the province: offering it, the units that consented, opening a store that is lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QWidget

from kcdesk.services.maintenance import recovery_key
from kcdesk.text import slug
from kcdesk.ui.opening.recovery_key.given_key_dialog import PAGES
from kcdesk.ui.opening.recovery_key.passphrase_question import proven
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.decision_button import decision_button
from kcdesk.ui.toolkit.fitting.dialog_column import stand_in_column
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import labelled

if TYPE_CHECKING:
    from kcdesk.services.maintenance.recovery_key import HeldConsent
    from kcdesk.ui.shell.context import Context

CARRIED = "Tệp mở kho (*.json)"
_WIDTH = 640
_ABOUT = (
    "Đơn vị nào muốn thì gửi khoá kho ở đây, để khi họ quên cả mật khẩu lẫn mã khôi phục, tỉnh mở giúp. Xuất tệp khoá, "
    "đưa cho đơn vị, đọc 30 chữ số qua điện thoại; rồi nhận tệp đồng ý của họ."
)
_TELL = "Mã mở kho, chỉ đọc qua điện thoại cho đúng người, không để cùng tệp và chỉ hiện lần này:"


class HeldKeysDialog(Dialog):
    """What the province does with its recovery key."""

    help_topic = "province_key"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("held_keys")
        self.setWindowTitle("Khoá khôi phục của tỉnh")
        keep_size(self, least_width=_WIDTH)
        self._context = context
        self.digits = labelled("", "strong", wrap=True)
        self.digits.setObjectName("held_keys.digits")
        self.list = QListWidget()
        self.list.setAccessibleName("Đơn vị đã đồng ý gửi khoá kho")
        self.result_line = labelled("", wrap=True)
        self.result_line.setObjectName("held_keys.result")
        self.result_line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.offer = decision_button("Xuất tệp khoá…", "held_keys.offer", self._offer)
        self.take = decision_button("Nhận tệp đồng ý…", "held_keys.take", self._take)
        self.answer = decision_button("Mở giúp một kho…", "held_keys.answer", self._answer)
        close = decision_button("Đóng", "held_keys.close", self.accept)
        parts = (labelled(_ABOUT, wrap=True), self.digits, self.list, self.result_line)
        stand_in_column(self, parts, (self.offer, self.take, self.answer), close)
        self._show()

    def _show(self) -> None:
        workspace = self._context.workspace
        digits, held = recovery_key.own_fingerprint(workspace), recovery_key.held_consents(workspace)
        self.digits.setText(f"Dấu khoá khôi phục: {digits}" if digits else "Chưa có khoá khôi phục.")
        self.list.clear()
        self.list.addItems([_line(each) for each in held] or ["Chưa có đơn vị nào gửi khoá."])
        self.answer.setEnabled(bool(held))

    def _offer(self) -> None:
        messages, workspace = self._context.messages, self._context.workspace
        name = f"KhoaKhoiPhuc_{slug(workspace.identity.unit.code).upper()}.xlsx"
        path = messages.save_file("Lưu tệp khoá khôi phục", name, PAGES, purpose="packages")
        if path and messages.guarded(lambda: recovery_key.offer(workspace, path)):
            self._show()
            self.result_line.setText(f"Đã ghi {path.name}. Đọc 30 chữ số trên cho đơn vị qua điện thoại.")

    def _take(self) -> None:
        messages, workspace = self._context.messages, self._context.workspace
        path = messages.open_file("Chọn tệp đồng ý của đơn vị", PAGES, purpose="packages")
        held = path and messages.guarded(lambda: recovery_key.take_consent(workspace, path))
        if held:
            self._show()
            self.result_line.setText(f"Đã ghi nhận: {_line(held)}.")

    def _answer(self) -> None:
        """Look whose store it is, say why and the passphrase again, write the answer and show the code."""
        messages, workspace = self._context.messages, self._context.workspace
        source = messages.open_file("Chọn tệp nhờ mở của đơn vị", CARRIED, purpose="packages")
        held = source and messages.guarded(lambda: recovery_key.requested(workspace, source))
        if source is None or not held:
            return
        reason = messages.ask_text(
            "Mở giúp kho của đơn vị",
            f"Kho của {_line(held)}. Vì sao mở, đã gọi lại cho ai?",
            "Đi tiếp",
            "Không mở",
            detail="Gọi lại cho lãnh đạo đơn vị theo số đã biết: người cầm máy có thể không phải là chủ. Lý do ghi vào "
            "lịch sử.",
        )
        if reason and proven(messages, workspace, "Mở giúp kho của đơn vị", "Mở giúp"):
            self._write_answer(source, held, reason)

    def _write_answer(self, source: Path, held: HeldConsent, reason: str) -> None:
        messages, workspace = self._context.messages, self._context.workspace
        name = f"MoKho_{slug(held.unit).upper()}.json"
        path = messages.save_file("Lưu tệp trả cho đơn vị", name, CARRIED, purpose="packages")
        code = path and messages.guarded(lambda: recovery_key.answer(workspace, source, path, reason))
        if path and code:
            self.result_line.setText(f"Đã ghi {path.name}. {_TELL}\n{code}")


def _line(held: HeldConsent) -> str:
    return f"{held.name} ({held.unit}), {held.officer} ký, từ {wording.day(held.since)}"

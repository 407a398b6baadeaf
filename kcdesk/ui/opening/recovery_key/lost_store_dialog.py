"""Both secrets of a store are lost: write the file that asks the province, then open it with the answer and a code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.services.maintenance import recovery_key
from kcdesk.ui.opening.recovery_key.held_keys_dialog import CARRIED
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.shell.messages import Messages
from kcdesk.ui.toolkit.decision_button import decision_button
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

_WIDTH = 560
_FIRST = "1. Ghi tệp nhờ mở ra thẻ nhớ, đưa cho tỉnh nơi đã gửi khoá. Tệp này không mở được gì nếu không có tỉnh."
_THEN = "2. Khi tỉnh trả tệp: chọn tệp ấy, gõ mã tỉnh đọc qua điện thoại, rồi đặt mật khẩu mới."


class LostStoreDialog(Dialog):
    """Accepted means: the typed code (`code.text()`) opens the store now."""

    help_topic = "province_key"

    def __init__(self, folder: Path, messages: Messages | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lost_store")
        self.setWindowTitle("Nhờ tỉnh mở kho")
        keep_size(self, least_width=_WIDTH)
        self._folder, self._messages = folder, messages or Messages()
        self._answer: Path | None = None
        self.ask = decision_button("Ghi tệp nhờ mở…", "lost_store.ask", self._ask)
        self.choose = decision_button("Chọn tệp tỉnh trả…", "lost_store.choose", self._choose)
        self.chosen = labelled("", "muted", wrap=True)
        self.code = QLineEdit()
        self.code.setObjectName("lost_store.code")
        self.problem = labelled("", "problem", wrap=True)
        self.problem.setObjectName("lost_store.problem")
        self.go = decision_button("Mở kho", "lost_store.go", self._open)
        self.go.setProperty("role", "main")
        self.go.setEnabled(False)
        self._lay_out()

    def _lay_out(self) -> None:
        heading = labelled("Mã tỉnh đọc qua điện thoại: 8 nhóm, mỗi nhóm 4 ký tự", "label", wrap=True)
        heading.setBuddy(self.code)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(decision_button("Đóng", "lost_store.close", self.reject))
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        lines: tuple[QWidget, ...] = (labelled(_FIRST, wrap=True), self.ask, labelled(_THEN, wrap=True), self.choose)
        for widget in (*lines, self.chosen, heading, self.code, self.problem):
            column.addWidget(widget)
        column.addLayout(buttons)

    def _ask(self) -> None:
        path = self._messages.save_file("Lưu tệp nhờ tỉnh mở kho", "NhoMoKho.json", CARRIED, purpose="packages")
        if path is not None:
            self._done(
                lambda: recovery_key.write_request(self._folder, path), f"Đã ghi {path.name}: đưa tệp này cho tỉnh."
            )

    def _choose(self) -> None:
        self._answer = self._messages.open_file("Chọn tệp tỉnh trả", CARRIED, purpose="packages")
        self.chosen.setText(self._answer.name if self._answer else "")
        self.go.setEnabled(self._answer is not None)
        self.code.setFocus()

    def _open(self) -> None:
        answer = self._answer
        if answer is not None and self._done(lambda: recovery_key.take_answer(self._folder, answer, self.code.text())):
            self.accept()

    def _done(self, act: Callable[[], None], done: str = "") -> bool:
        """Do it and say so; a refusal stands in red. Whether it was done."""
        try:
            act()
        except KcdeskError as error:
            show_refusal(self.problem, error, error.sentence())
            return False
        self.problem.setText("")
        self.chosen.setText(done)
        return True

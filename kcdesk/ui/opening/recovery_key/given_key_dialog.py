"""«Khoá khôi phục của tỉnh» at a unit: whether its key lies at the province, agreeing to that, ending it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from kcdesk.services.maintenance import passphrases, recovery_key
from kcdesk.text import slug
from kcdesk.ui.handover.fingerprint_dialog import FingerprintDialog, FingerprintWords
from kcdesk.ui.opening.recovery_key.passphrase_question import proven
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.decision_button import decision_button
from kcdesk.ui.toolkit.fitting.dialog_column import stand_in_column
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import labelled

if TYPE_CHECKING:
    from kcdesk.ui.shell.context import Context

PAGES = "Tệp khoá khôi phục (*.xlsx)"
_WIDTH = 600
_ABOUT = (
    "Tuỳ đơn vị: gửi khoá kho ở tỉnh thì khi quên cả mật khẩu lẫn mã khôi phục, tỉnh mở giúp được. Tỉnh không đọc "
    "được kho từ xa; muốn mở phải có chính kho này. Mở giúp xong, kho được mã hoá lại bằng khoá mới "
    "và khoá không còn ở tỉnh."
)
_NOT_GIVEN = "Kho này chưa gửi khoá ở đâu: mất cả mật khẩu lẫn mã khôi phục thì không ai mở được."
_WORDS = FingerprintWords(
    title="Đối chiếu khoá khôi phục qua điện thoại",
    act="30 chữ số trùng nhau, đi tiếp",
    what_to_do="Gọi cho tỉnh bằng số điện thoại đã biết từ trước, không dùng số ghi trong tệp. Hai bên đọc cho nhau "
    "nghe 30 chữ số; ở tỉnh, các chữ số này nằm trong «Cài đặt» → «Khoá khôi phục của tỉnh…».",
    why="Ai có khoá này mà lấy được máy thì mở được kho. Nếu có một chữ số khác nhau: chọn «Để sau».",
)


class GivenKeyDialog(Dialog):
    """Accepted means: the consent is to be ended, by a change of the passphrase."""

    help_topic = "province_key"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("given_key")
        self.setWindowTitle("Khoá khôi phục của tỉnh")
        keep_size(self, least_width=_WIDTH)
        self._context = context
        self.state = labelled("", "strong", wrap=True)
        self.state.setObjectName("given_key.state")
        self.give = decision_button("Chọn tệp khoá của tỉnh…", "given_key.give", self._give)
        self.end = decision_button("Thôi gửi, đổi mật khẩu…", "given_key.end", self.accept)
        close = decision_button("Đóng", "given_key.close", self.reject)
        parts = (labelled(_ABOUT, wrap=True), self.state)
        stand_in_column(self, parts, (self.give, self.end), close)
        self._show()

    def _show(self) -> None:
        given = recovery_key.given_consent(self._context.workspace)
        self.end.setVisible(given is not None)
        self.state.setText(
            f"Đã gửi khoá ở {given.name} ({given.unit}) từ {wording.day(given.since)}; dấu khoá: {given.fingerprint}."
            if given
            else _NOT_GIVEN
        )

    def _give(self) -> None:
        """Choose the offer, compare its digits, say the passphrase again, and write the consent."""
        messages, workspace = self._context.messages, self._context.workspace
        source = messages.open_file("Chọn tệp khoá khôi phục của tỉnh", PAGES, purpose="packages")
        read = source and messages.guarded(lambda: recovery_key.read_offer(workspace, source))
        if source is None or not read:
            return
        if not FingerprintDialog(read.name, read.unit, read.fingerprint, parent=self, words=_WORDS).exec():
            return
        if not proven(messages, workspace, "Đồng ý gửi khoá kho ở tỉnh", "Đồng ý gửi khoá"):
            return
        name = f"DongY_{slug(workspace.identity.unit.code).upper()}.xlsx"
        path = messages.save_file("Lưu tệp đồng ý để đưa lên tỉnh", name, PAGES, purpose="packages")
        if path is None:
            return
        if messages.guarded(lambda: recovery_key.consent(workspace, source, read.fingerprint, path)):
            self._show()
            messages.notice(f"Đã ghi {path.name}: đưa tệp này lên tỉnh. {passphrases.OLD_COPIES}")

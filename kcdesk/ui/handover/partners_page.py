"""«Đơn vị đã biết»: this unit's own key, the keys of others, and replacing a key or a laptop."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from kcdesk.errors import KcdeskError
from kcdesk.services.handover.trust import partners
from kcdesk.text import slug
from kcdesk.ui.handover.fingerprint_dialog import digits, is_own_laptop
from kcdesk.ui.handover.new_device_dialog import NewDeviceDialog
from kcdesk.ui.handover.receiving.open_file import FileOpener
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.qt import empty
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

IDENTITIES = "Tệp nhận diện (*.xlsx)"
_COLUMNS = ("Đơn vị", "Mã", "Cấp", "Dấu khoá ký", "Tin cậy từ", "Tình trạng")
_DIGITS_WIDTH = 340  # pixels
_ABOUT = (
    "Lần đầu, hai đơn vị trao cho nhau tệp nhận diện rồi đọc cho nhau nghe 30 chữ số này qua điện thoại. Từ đó mỗi bên "
    "biết chắc gói nào do bên kia lập và chưa ai sửa."
)


class PartnersPage(Page):
    """The units to which this unit sends and from which it receives."""

    help_topic = "partners"
    title = "Đơn vị đã biết"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._intake = FileOpener(self)
        self._known: dict[str, dict[str, Any]] = {}
        self._own = QVBoxLayout()
        self._unit = labelled(role="section", wrap=True)
        self.table = LinesTable("partners.list", _COLUMNS, 0, context.theme)
        self.table.setAccessibleName("Khoá của các đơn vị")
        self.table.moved.connect(lambda _key: self._show_choice())
        self.empty = labelled("Chưa biết đơn vị nào. Chọn «Nhận tệp nhận diện…» để bắt đầu.", "muted", wrap=True)
        self.withdraw_button = push_button("Huỷ tin cậy…", "partners.withdraw", self.withdraw)
        delete = QAction("Huỷ tin cậy…\tDelete", self.table)
        delete.setShortcut(QKeySequence("Del"))
        delete.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        delete.triggered.connect(self.withdraw)
        self.table.addAction(delete)
        self._lay_out()

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand:
        """Return reading the identity workbook of another unit."""
        return PageCommand("Nhận tệp nhận diện…", self.meet)

    def on_show(self) -> None:
        """Update the page."""
        self._load()
        self.table.setFocus()

    # -- actions of the officer ------------------------------------------------------------------------------------

    def meet(self) -> None:
        """Read another unit's identity workbook and compare its key."""
        path = self.context.messages.open_file("Chọn tệp nhận diện của đơn vị khác", IDENTITIES, purpose="packages")
        if path is None:
            return
        try:
            card = partners.read_identity(path)
        except KcdeskError as error:
            self.context.messages.error(error, self.meet)
            return
        if self._intake.meet(path, card):
            self._load()

    def write_identity(self) -> None:
        """Write this unit's own identity workbook."""
        self._write(renew=False)

    def renew(self) -> None:
        """Create a new key, and write the identity workbook that the old key signs."""
        detail = (
            "Khoá mới có hiệu lực ngay. Tệp nhận diện mới phải đưa đến mọi đơn vị đã biết khoá cũ; trước đó họ chưa "
            "nhận được gói mới của đơn vị này."
        )
        if self.context.messages.ask("Thay khoá ký của đơn vị này?", detail, "Thay khoá", "Giữ khoá cũ"):
            self._write(renew=True)

    def vouch(self) -> None:
        """Vouch for another laptop of this unit: write its identity workbook again, signed by this laptop too."""
        messages, workspace = self.context.messages, self.context.workspace
        source = messages.open_file("Chọn tệp nhận diện của máy kia", IDENTITIES, purpose="packages")
        if source is None or not is_own_laptop(messages):
            return
        name = f"{source.stem}_ChungNhan.xlsx"
        path = messages.save_file("Lưu tệp nhận diện đã chứng nhận", name, IDENTITIES, purpose="packages")
        if path is None:
            return
        written = messages.guarded(lambda: partners.write_identity(workspace, path, beside=source))
        if written is not None:
            self._load()
            messages.notice(f"Đã ghi {path.name}: đưa tệp này đến những nơi đã biết khoá của máy này.")

    def replace_laptop(self) -> None:
        """Explain what to do when another laptop of this unit is broken."""
        dialog = NewDeviceDialog(self)
        dialog.exec()
        if dialog.wanted == "package":
            self._intake.choose()
        elif dialog.wanted == "identity":
            self.write_identity()
        elif dialog.wanted == "device":
            self.renew_device()

    def renew_device(self) -> None:
        """Give this store a new device name: it came from a backup or a copy and continues as another laptop."""
        detail = "Từ nay thay đổi ở đây mang mã máy khác. Kho được sao lưu trước; hồ sơ không đổi."
        if not self.context.messages.ask("Đổi mã máy của kho này?", detail, "Đổi mã máy", "Giữ mã cũ"):
            return
        try:
            partners.renew_device(self.context.workspace)
        except KcdeskError as error:
            self.context.messages.error(error, self.renew_device)
            return
        self.context.messages.notice("Đã đổi mã máy của kho này.")

    def withdraw(self) -> None:
        """Stop trusting the selected key."""
        partner = self._chosen()
        if partner is None or partner["ended"]:
            return
        reason = self.context.messages.ask_text(
            f"Huỷ tin cậy khoá của {partner['name']}",
            "Lý do (mất máy, lộ khoá, đã thay khoá …). Hồ sơ đã nhận vẫn giữ nguyên.",
            "Huỷ tin cậy",
            "Giữ lại",
        )
        if not reason:
            return
        try:
            partners.withdraw(self.context.workspace, partner["fingerprint"], reason)
        except KcdeskError as error:
            self.context.messages.error(error)
            return
        self._load()
        self.context.messages.notice(f"Từ nay không nhận gói ký bằng khoá đó của {partner['name']}.")

    # -- inside --------------------------------------------------------------------------------------------------

    def _write(self, *, renew: bool) -> None:
        own = partners.own_identity(self.context.workspace)
        name = f"NhanDien_{slug(own['unit']).upper()}.xlsx"
        path = self.context.messages.save_file("Lưu tệp nhận diện", name, IDENTITIES, purpose="packages")
        if path is None:
            return
        try:
            partners.write_identity(self.context.workspace, path, renew=renew)
        except KcdeskError as error:
            self.context.messages.error(error, lambda: self._write(renew=renew))
            return
        self._load()
        self.context.messages.notice(f"Đã ghi {path.name}. Đã kiểm tra, có thể rút thẻ nhớ.")

    def _lay_out(self) -> None:
        card = QFrame()
        card.setObjectName("partners.card")
        card.setProperty("role", "card")
        card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)  # without a list below it too
        row = QHBoxLayout(card)
        row.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        row.setSpacing(GROUP_GAP)
        left = QVBoxLayout()
        left.setSpacing(FIELD_GAP)
        left.addWidget(self._unit)
        left.addWidget(labelled(_ABOUT, "help", wrap=True))
        left.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(FIELD_GAP)
        for label, name, act in (
            ("Xuất tệp nhận diện…", "partners.identity", self.write_identity),
            ("Thay khoá mới…", "partners.renew", self.renew),
            ("Chứng nhận máy cùng đơn vị…", "partners.vouch", self.vouch),
            ("Thay máy hỏng…", "partners.device", self.replace_laptop),
        ):
            buttons.addWidget(push_button(label, name, act))
        buttons.addStretch(1)
        left.addLayout(buttons)
        row.addLayout(left, 1)
        row.addLayout(self._own)
        heading = QHBoxLayout()
        heading.addWidget(labelled("Khoá của các đơn vị khác", "section"), 1)
        heading.addWidget(self.withdraw_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(card)
        column.addLayout(heading)
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)
        column.addStretch(0)

    def _load(self) -> None:
        own = partners.own_identity(self.context.workspace)
        self._unit.setText(f"{own['name']} ({own['unit']})")
        empty(self._own)
        mark = digits(own["fingerprint"])
        mark.setObjectName("partners.own")
        mark.setAccessibleName(f"Dấu khoá ký: {own['fingerprint']}")
        keep_size(mark, fixed_width=_DIGITS_WIDTH)
        self._own.addWidget(mark)
        known = partners.known_partners(self.context.workspace)
        self._known = {f"{partner['fingerprint']} {partner['ended']}": partner for partner in known}
        self.table.show_lines([_line(key, partner) for key, partner in self._known.items()])
        self.table.setVisible(bool(known))
        self.empty.setVisible(not known)
        self._show_choice()

    def _chosen(self) -> dict[str, Any] | None:
        return self._known.get(self.table.key())

    def _show_choice(self) -> None:
        partner = self._chosen()
        self.withdraw_button.setEnabled(partner is not None and not partner["ended"])


def _line(key: str, partner: dict[str, Any]) -> TableLine:
    ended = f"Đã huỷ {wording.day(partner['ended'])}: {partner['reason']}" if partner["ended"] else "Đang tin cậy"
    cells = (
        partner["name"],
        partner["unit"],
        partner["level_label"],
        partner["fingerprint"],
        wording.day(partner["trusted"]),
        ended,
    )
    return TableLine(key, cells, {5: "wrong" if partner["ended"] else "good"})

"""«Sửa tên, chức vụ, đơn vị»: what papers, packages and the history say of this officer and this unit from now on."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.services.staff import own_details
from kcdesk.services.staff.own_details import OwnDetails
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

_WIDTH = 560
_FIELDS = (
    ("officer", "Họ và tên cán bộ"),
    ("title", "Chức vụ"),
    ("phone", "Điện thoại của cán bộ"),
    ("unit", "Tên đơn vị"),
    ("address", "Địa chỉ đơn vị"),
    ("unit_phone", "Điện thoại của đơn vị"),
    ("above", "Cơ quan cấp trên"),
)
_WHAT_CHANGES = (
    "Có hiệu lực từ bây giờ: giấy tờ lập sau này, gói bàn giao, tên người sửa trong lịch sử; cơ quan cấp trên in ở góc "
    "trái văn bản. Giấy của hồ sơ đã chốt giữ tên lúc chốt.\nMã đơn vị, khoá và dãy 30 số không đổi: nơi đã tin cậy "
    "đơn vị vẫn nhận gói như trước, và thấy tên mới ở gói sau. Gói đang gửi tới tên cũ vẫn nhận được."
)


class OwnDetailsDialog(Dialog):
    """Accepted means that the details are changed."""

    help_topic = "settings"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("own_details")
        self.setWindowTitle("Tên, chức vụ, đơn vị")
        keep_size(self, least_width=_WIDTH)
        self._context = context
        now = own_details.details_of(context.workspace)
        self.inputs = {name: _line(name, label, getattr(now, name)) for name, label in _FIELDS}
        self.problem = labelled(role="problem", wrap=True)
        self.problem.hide()
        keep = QPushButton("Giữ như cũ")
        keep.clicked.connect(self.reject)
        self.go = QPushButton("Dùng từ bây giờ")
        self.go.setObjectName("own_details.go")
        self.go.setProperty("role", "main")
        self.go.clicked.connect(self._change)
        self._lay_out(keep)

    def _lay_out(self, keep: QPushButton) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(GROUP_GAP)
        form.setVerticalSpacing(FIELD_GAP)
        for name, label in _FIELDS:
            caption = labelled(label, "label")
            caption.setBuddy(self.inputs[name])
            form.addRow(caption, self.inputs[name])
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(keep)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        column.addLayout(form)
        column.addWidget(labelled(_WHAT_CHANGES, "help", wrap=True))
        column.addWidget(self.problem)
        column.addLayout(buttons)

    def _change(self) -> None:
        wanted = OwnDetails(**{name: line.text() for name, line in self.inputs.items()})
        try:
            kept = own_details.change(self._context.workspace, wanted)
        except KcdeskError as error:
            show_refusal(self.problem, error)
            self.problem.show()
            self.inputs.get(getattr(error, "field", ""), self.inputs["officer"]).setFocus()
            return
        self.accept()
        if kept:
            self._context.messages.problem("Đã đổi tên, nhưng còn chỗ giữ tên cũ.", " ".join(kept))
        else:
            self._context.messages.notice("Đã đổi. Giấy tờ và gói từ nay ghi như vừa sửa.")


def _line(name: str, label: str, text: str) -> QLineEdit:
    line = QLineEdit(text)
    line.setObjectName(f"own_details.{name}")
    line.setAccessibleName(label)
    return line

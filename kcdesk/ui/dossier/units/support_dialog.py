"""«Đã được hỗ trợ?»: every unit that fits what is typed, with its support; none is chosen by the program."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from kcdesk.services.rules import earlier_support
from kcdesk.services.rules.earlier_support import EarlierSupport
from kcdesk.text import format_integer
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_SIZE = (980, 560)  # pixels
_PAUSE = 250  # milliseconds without a key before the store is asked
_HEADS = ("Năm", "Đơn vị", "Vì sao khớp", "Nội dung", "Số tiền (đồng)", "Tình trạng")


class SupportDialog(Dialog):
    """Asks while typing, at first for `about`; `chosen` is the proposal to open, "" for none."""

    help_topic = "beneficiary"

    def __init__(self, context: Context, parent: QWidget | None = None, about: str = "") -> None:
        super().__init__(parent)
        self.setObjectName("support")
        self.setWindowTitle("Đã được hỗ trợ?")
        self.begin_size(*_SIZE)
        self._context, self.chosen = context, ""
        self.typed = QLineEdit()
        self.typed.setObjectName("support.typed")
        self.typed.setAccessibleName("Tên, chủ hoặc số")
        self.typed.setPlaceholderText("Tên (cả tên cũ, một phần tên), chủ, mã số thuế, căn cước, điện thoại, số máy")
        self.lines = LinesTable("support.lines", list(_HEADS), 1, context.theme, right=(4,))
        self.lines.setAccessibleName("Các lần hỗ trợ")
        self.lines.chosen.connect(self._choose)
        self.note = labelled("", wrap=True)
        self._typing = QTimer(self, singleShot=True, interval=_PAUSE)
        self._typing.timeout.connect(self.show_support)
        self.typed.textEdited.connect(lambda _text: self._typing.start())
        self._buttons = QDialogButtonBox()
        self.show_button = self._buttons.addButton("Mở đề án", QDialogButtonBox.ButtonRole.AcceptRole)
        self.show_button.setProperty("role", "main")
        self._buttons.addButton("Đóng", QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(lambda: self._choose(self.lines.key()))
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.typed)
        column.addWidget(self.note)
        column.addWidget(self.lines, 1)
        column.addWidget(self._buttons)
        self.typed.setText(about)
        self.typed.selectAll()
        self.show_support()

    def show_support(self) -> None:
        """Ask the store for what is typed."""
        typed, workspace = self.typed.text().strip(), self._context.workspace
        answer = earlier_support.answer_to(workspace, typed)
        self.lines.show_lines([_line(entry) for entry in answer.supports])
        self.show_button.setEnabled(bool(answer.supports))
        nothing = earlier_support.none_in_words(workspace, typed) if typed and not answer.supports else ""
        units = len({entry.beneficiary for entry in answer.supports})
        several = f"{units} đơn vị khớp: hãy xem từng đơn vị, chương trình không chọn thay." if units > 1 else ""
        self.note.setText(nothing or " ".join(filter(None, (several, answer.note))))

    def _choose(self, key: str) -> None:
        if key:
            self.chosen = key
            self.accept()


def _line(entry: EarlierSupport) -> TableLine:
    money = "" if entry.amount is None else format_integer(entry.amount)
    granted = "được duyệt" if entry.granted else "đề nghị"
    content = entry.content or entry.title
    cells = (str(entry.year or ""), entry.name, entry.reason, content, money, f"{entry.state} ({granted})")
    return TableLine(entry.proposal, cells)

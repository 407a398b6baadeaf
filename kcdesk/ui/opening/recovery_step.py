"""The recovery code: shown only this time, printed as a paper, and asked back once from that paper."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton

from kcdesk.services.maintenance import passphrases
from kcdesk.ui.opening.wizard_steps import MissingAnswer, WizardStep
from kcdesk.ui.shell.dialog import is_accepted
from kcdesk.ui.toolkit.fitting.wrapped_boxes import WrappedCheckBox
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

_ASKED = 2  # groups of the code that are asked back


class RecoveryStep(WizardStep):
    """The recovery code, which is shown only this time; `kept` tells whether it was typed back and confirmed."""

    title = "Mã khôi phục"
    next_label = "Bắt đầu làm việc"
    kept = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.column.addWidget(
            labelled(
                "Nếu quên mật khẩu, chỉ mã này mở được kho. Mã không được lưu trong máy và chỉ hiện một lần: "
                "hãy in hoặc chép ra giấy, cất nơi an toàn, không để cùng máy tính.",
                wrap=True,
            )
        )
        self.code = labelled()
        self.code.setObjectName("wizard.code")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.code.setFont(_code_font())
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.asked = labelled("", "label", wrap=True)
        self.asked_back = QLineEdit()
        self.asked_back.setObjectName("wizard.asked_back")
        self.asked.setBuddy(self.asked_back)
        self.wrong = labelled("", "problem", wrap=True)
        self.wrong.setObjectName("wizard.wrong_groups")
        self.confirmed = WrappedCheckBox("Đã in hoặc chép mã này và cất ngoài máy tính")
        self.confirmed.setObjectName("wizard.confirmed")
        self.fields = {"asked_back": self.asked_back, "confirmed": self.confirmed}
        self.column.addSpacing(FIELD_GAP)
        self.column.addWidget(self.code)
        self.column.addSpacing(FIELD_GAP)
        self.column.addLayout(self._buttons())
        self.column.addSpacing(FIELD_GAP)
        for widget in (self.asked, self.asked_back, self.wrong, self.confirmed):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self._whole = self._paper = ""
        self._places: list[int] = []
        self.asked_back.textChanged.connect(self._tell)
        self.confirmed.toggled.connect(self._tell)

    def show_code(self, code: str, paper: str) -> None:
        """Show the code in two lines of four groups, and ask two of them back; `paper` is what is printed (HTML)."""
        groups = code.split("-")
        half = (len(groups) + 1) // 2
        self._whole, self._paper = code, paper
        self.code.setText("\n".join("-".join(part) for part in (groups[:half], groups[half:]) if part))
        self._places = sorted(secrets.SystemRandom().sample(range(len(groups)), _ASKED))
        first, second = (place + 1 for place in self._places)
        self.asked.setText(f"Gõ lại nhóm thứ {first} và nhóm thứ {second}, đọc từ bản giấy:")

    def is_kept(self) -> bool:
        """Whether the groups were typed back rightly and the box is ticked."""
        return self._agrees() and self.confirmed.isChecked()

    def _wanted(self) -> str:
        groups = self._whole.split("-")
        return "".join(groups[place] for place in self._places)

    def _agrees(self) -> bool:
        wanted = self._wanted()
        return bool(wanted) and passphrases.is_same_code(self.asked_back.text(), wanted)

    def problem(self) -> MissingAnswer | None:
        """Return what is missing: the groups must be typed back and the box ticked."""
        return None if self.is_kept() else ("Hãy gõ lại hai nhóm của mã rồi đánh dấu đã cất.", self.asked_back)

    def remind(self) -> None:
        """Say why the code cannot be left yet."""
        self.wrong.setText("Mã cũ đã hết hiệu lực: hãy gõ lại hai nhóm của mã mới rồi đánh dấu đã cất.")
        self.asked_back.setFocus()

    def _tell(self) -> None:
        """Say that the groups are wrong once they are typed in full, or the box is ticked: the button only waits."""
        is_full = len("".join(filter(str.isalnum, self.asked_back.text()))) >= len(self._wanted())
        is_wrong = not self._agrees() and (is_full or self.confirmed.isChecked())
        self.wrong.setText("Hai nhóm chưa đúng với mã ở trên; hãy đọc lại bản giấy." if is_wrong else "")
        self.kept.emit(self.is_kept())

    def _buttons(self) -> QHBoxLayout:
        self.print_button = _tool("In mã…", "printer", self._print)
        self.copy_button = _tool("Chép", "copy", self._copy)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.print_button)
        row.addWidget(self.copy_button)
        row.addStretch(1)
        return row

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._whole)

    def _print(self) -> None:
        printer = QPrinter()
        if is_accepted(QPrintDialog(printer, self)):
            paper = QTextDocument()
            paper.setHtml(self._paper)
            paper.print_(printer)


def _tool(label: str, icon_name: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(label)
    button.setAutoDefault(False)
    set_icon(button, icon_name)
    button.clicked.connect(act)
    return button


def _code_font() -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSize(16)
    return font

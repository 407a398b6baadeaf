"""Comparing a key by telephone: the thirty digits in groups to read out, and the officer's confirmation."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kcdesk.runtime.frozen import Value
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.messages import Messages
from kcdesk.ui.toolkit.fitting.wrapped_boxes import WrappedCheckBox
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_WIDTH = 520
_COLUMNS = 3  # groups per line
_DIGITS = 16  # points: read from the screen during a telephone call
_WHAT_TO_DO = (
    "Gọi cho cán bộ của đơn vị này bằng số điện thoại đã biết từ trước, không dùng số ghi trong tệp. Hai bên đọc "
    "cho nhau nghe 30 chữ số; ở nơi gửi, các chữ số này nằm trong «Bàn giao» → «Đơn vị đã biết»."
)
_WHY = "Chỉ cần làm một lần cho mỗi khoá. Nếu có một chữ số khác nhau thì gói không do đơn vị đó lập: chọn «Để sau»."


class FingerprintWords(Value):
    """What the dialog says; by itself it is about the key by which a unit signs."""

    title: str = "Đối chiếu dấu khoá ký qua điện thoại"
    act: str = "Tin cậy đơn vị này"
    what_to_do: str = _WHAT_TO_DO
    why: str = _WHY


class FingerprintDialog(Dialog):
    """Accepted means: the digits were read out and are equal on both sides. `phone` is the number on record, if any."""

    help_topic = "fingerprint"

    def __init__(
        self,
        name: str,
        unit: str,
        fingerprint: str,
        phone: str = "",
        parent: QWidget | None = None,
        words: FingerprintWords | None = None,
    ) -> None:
        super().__init__(parent)
        words = words or FingerprintWords()
        self.setObjectName("fingerprint")
        self.setWindowTitle(words.title)
        keep_size(self, least_width=_WIDTH)
        self.compared = WrappedCheckBox("Đã đối chiếu qua điện thoại: 30 chữ số ở hai nơi trùng nhau")
        self.compared.setObjectName("fingerprint.compared")
        self.trust = QPushButton(words.act)
        self.trust.setObjectName("fingerprint.trust")
        self.trust.setProperty("role", "main")
        self.trust.setEnabled(False)
        self.trust.clicked.connect(self.accept)
        self.compared.toggled.connect(self.trust.setEnabled)
        keep = QPushButton("Để sau")
        keep.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(keep)
        buttons.addWidget(self.trust)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        column.addWidget(labelled(f"{name} ({unit})", "section", wrap=True))
        column.addWidget(labelled(words.what_to_do, wrap=True))
        column.addWidget(self._phone(phone))
        column.addWidget(digits(fingerprint))
        column.addWidget(self.compared)
        column.addWidget(labelled(words.why, "help", wrap=True))
        column.addLayout(buttons)

    @staticmethod
    def _phone(phone: str) -> QLabel:
        label = labelled(_CALL.format(phone) if phone else _NO_PHONE, "strong" if phone else "muted", wrap=True)
        label.setObjectName("fingerprint.phone")
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label


def is_own_laptop(messages: Messages) -> bool:
    """Ask whether a key that claims to be of this unit is that of another of its laptops."""
    return messages.ask(
        "Đây có đúng là một máy khác của chính đơn vị này?",
        "Tệp này tự nhận là của đơn vị này nhưng ký bằng khoá khác. Tin cậy rồi thì máy đó sửa được mọi hồ sơ của đơn "
        "vị. Chỉ tin cậy máy mà đơn vị đang giữ, hoặc máy cũ đã hỏng của đơn vị.",
        "Đúng, máy của đơn vị này",
        "Không phải, hoặc chưa rõ",
    )


_CALL = "Số điện thoại ở «Đơn vị, cơ quan» của kho này: {}"
_NO_PHONE = "«Đơn vị, cơ quan» của kho này chưa ghi số điện thoại của đơn vị."


def digits(fingerprint: str) -> QFrame:
    """Return a widget with the groups of digits, large, three per line."""
    card = QFrame()
    card.setProperty("role", "card")
    grid = QGridLayout(card)
    grid.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
    grid.setSpacing(FIELD_GAP)
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSize(_DIGITS)
    font.setWeight(QFont.Weight.DemiBold)
    for place, group in enumerate(fingerprint.split()):
        label = labelled(group)
        label.setFont(font)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(label, place // _COLUMNS, place % _COLUMNS)
    return card

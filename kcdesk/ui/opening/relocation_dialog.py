"""Asks what a store is that was last opened on another machine or in another folder."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QDialog, QDialogButtonBox, QRadioButton, QVBoxLayout, QWidget

from kcdesk.services.maintenance import relocation
from kcdesk.services.maintenance.relocation import Answer, Doubt
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.fitting.wrapped_boxes import WrappedRadioButton
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_WIDTH = 620
_SAFE: Answer = "copied"  # what the store counts as if the officer closes the question
_EXPLANATIONS: dict[Answer, str] = {
    "moved": "Nơi cũ không dùng nữa. Mã máy giữ nguyên.",
    "copied": "Nơi cũ vẫn dùng. Máy này nhận mã máy riêng, để việc của hai máy không bị lẫn.",
    "restored": "Bản cũ được chép lại vì máy hoặc kho trước bị hỏng. Máy này nhận mã máy mới.",
}


class RelocationDialog(Dialog):
    """After `exec`, `answer` is what the officer chose."""

    help_topic = "moved_store"

    def __init__(self, suspicion: Doubt, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("place")
        self.setWindowTitle("Kho dữ liệu ở nơi khác lần trước")
        keep_size(self, least_width=_WIDTH)
        self._buttons: dict[Answer, QRadioButton] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(labelled(f"{relocation.REASONS[suspicion]} Kho này là gì?", wrap=True))
        for answer in relocation.possible_answers(suspicion):
            column.addWidget(self._choice(answer))
            column.addWidget(labelled(_EXPLANATIONS[answer], "muted", wrap=True))
        column.addWidget(labelled("Chưa chắc thì chọn «Là bản sao…»: cách này luôn an toàn.", wrap=True))
        buttons = QDialogButtonBox()
        agree = buttons.addButton("Tiếp tục", QDialogButtonBox.ButtonRole.AcceptRole)  # a standard one has Qt's icon
        agree.setObjectName("place.go")
        agree.setProperty("role", "main")
        buttons.accepted.connect(self.accept)
        column.addWidget(buttons)
        self._buttons[_SAFE].setChecked(True)
        self._buttons[_SAFE].setFocus()

    @property
    def answer(self) -> Answer:
        """The chosen answer; the safe one if the question was closed."""
        if self.result() != QDialog.DialogCode.Accepted:
            return _SAFE
        return next(answer for answer, button in self._buttons.items() if button.isChecked())

    def _choice(self, answer: Answer) -> QRadioButton:
        button = WrappedRadioButton(relocation.ANSWERS[answer])
        button.setObjectName(f"place.{answer}")
        button.setAccessibleDescription(_EXPLANATIONS[answer])
        self._group.addButton(button)
        self._buttons[answer] = button
        return button

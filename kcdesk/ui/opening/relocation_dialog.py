"""Asks what a store is that was last opened on another machine or in another folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QDialog, QDialogButtonBox, QRadioButton, QVBoxLayout, QWidget

from kcdesk.services.maintenance import relocation, restoring
from kcdesk.services.maintenance.relocation import Answer
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.fitting.wrapped_boxes import WrappedRadioButton
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

if TYPE_CHECKING:
    from kcdesk.services.maintenance.relocation import Doubt
    from kcdesk.services.maintenance.restoring import PreparedRestore
    from kcdesk.services.workspace import Workspace

_WIDTH = 620
_SAFE: Answer = "copied"  # what the store counts as if the officer closes the question
_GOING_ON = "Không có bản nào mới hơn, hoặc bản này vừa được chép lại đúng ý. Việc này được ghi vào lịch sử."
_EXPLANATIONS: dict[Answer, str] = {
    "moved": "Nơi cũ không dùng nữa. Mã máy giữ nguyên.",
    "copied": "Nơi cũ vẫn dùng. Máy này nhận mã máy riêng, để việc của hai máy không bị lẫn.",
    "restored": "Bản cũ được chép lại vì máy hoặc kho trước bị hỏng. Máy này nhận mã máy mới.",
}


class RelocationDialog(Dialog):
    """After `exec`, `answer` is what the officer chose; `prepared` is the backup to restore instead, if any."""

    help_topic = "moved_store"

    def __init__(self, suspicion: Doubt, parent: QWidget | None = None, workspace: Workspace | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("place")
        is_elsewhere = suspicion == "elsewhere"
        loss = workspace.store.loss if workspace else None
        self.setWindowTitle(relocation.heading(suspicion, loss))
        keep_size(self, least_width=_WIDTH)
        self.prepared: PreparedRestore | None = None
        self._workspace, self._suspicion = workspace, suspicion
        self._buttons: dict[Answer, QRadioButton] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        reason = relocation.reason(suspicion, loss)
        column.addWidget(labelled(f"{reason} Kho này là gì?" if is_elsewhere else reason, wrap=True))
        for answer in relocation.possible_answers(suspicion):
            column.addWidget(self._choice(answer))
            column.addWidget(labelled(self._explanation(answer), "muted", wrap=True))
        column.addWidget(labelled("Chưa chắc thì chọn «Là bản sao…»: cách này luôn an toàn.", wrap=True))
        buttons = QDialogButtonBox()
        if not is_elsewhere and workspace is not None:
            restore = buttons.addButton("Khôi phục từ bản sao lưu…", QDialogButtonBox.ButtonRole.ActionRole)
            restore.setObjectName("place.restore")
            restore.clicked.connect(self._restore)
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

    def _restore(self) -> None:
        """Choose the backup that shall replace what was put in the place of the store."""
        from kcdesk.ui.opening.restore_dialog import RestoreDialog  # only a store that lacks something needs it

        assert self._workspace is not None
        dialog = RestoreDialog(self._workspace.store.folder, restoring.store_summary(self._workspace), parent=self)
        if dialog.exec():
            self.prepared = dialog.prepared
            self.reject()

    def _explanation(self, answer: Answer) -> str:
        goes_on = answer == "restored" and self._suspicion != "elsewhere"
        return _GOING_ON if goes_on else _EXPLANATIONS[answer]

    def _choice(self, answer: Answer) -> QRadioButton:
        button = WrappedRadioButton(relocation.answer_label(answer, self._suspicion))
        button.setObjectName(f"place.{answer}")
        button.setAccessibleDescription(self._explanation(answer))
        self._group.addButton(button)
        self._buttons[answer] = button
        return button

"""The wizard of the first start: unit, officer, practice or real store with a passphrase, then the recovery code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.services.handover.trust import lost_laptop
from kcdesk.services.maintenance import opening, passphrases, restoring
from kcdesk.ui.handover.package_names import PACKAGES
from kcdesk.ui.handover.password_dialog import ask_package_password
from kcdesk.ui.opening import wizard_steps
from kcdesk.ui.opening.recovery_step import RecoveryStep
from kcdesk.ui.opening.restore_dialog import RestoreDialog
from kcdesk.ui.opening.unlock import ask_after_code
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.shell.messages import Messages
from kcdesk.ui.toolkit.decision_button import DecisionButton
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, SECTION_GAP, labelled

if TYPE_CHECKING:
    from kcdesk.services.workspace import Workspace

_SIZE = (620, 560)


class Wizard(Dialog):
    """Creates the store in `folder`; `workspace` is the open store after the officer has finished."""

    help_topic = "first_start"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._made: Workspace | None = None
        self.workspace: Workspace | None = None
        self.package: Path | None = None  # the last package of the laptop that this one replaces
        self.messages = Messages()
        self.setWindowTitle("Bắt đầu dùng kcdesk")
        self.begin_size(*_SIZE)
        self.unit = wizard_steps.UnitStep()
        self.unit.restore_requested.connect(self.restore)
        self.unit.package_requested.connect(self.replace_laptop)
        self.officer = wizard_steps.OfficerStep()
        self.protection = wizard_steps.ProtectionStep(folder)
        self.recovery = RecoveryStep()
        self._steps = (self.unit, self.officer, self.protection, self.recovery)
        self.stack = QStackedWidget()
        for step in self._steps:
            self.stack.addWidget(step)
        self.where = labelled(role="muted")
        self.title = labelled(role="page_title")
        self.problem = labelled(role="problem", wrap=True)
        self.back = QPushButton("Quay lại")
        self.next = DecisionButton()
        self.next.setObjectName("wizard.next")
        self.next.setProperty("role", "main")
        self.next.setDefault(True)
        self._wire()
        self._lay_out()
        self._show(0)

    def reject(self) -> None:
        """Ask before typed answers are lost; once the store is created, the recovery code must be kept first."""
        if self._made is not None:
            self.problem.setText("Hãy cất mã khôi phục rồi đánh dấu vào ô xác nhận.")
        elif not self._is_touched() or self.messages.ask(
            "Thôi chưa lập kho dữ liệu?",
            "Những gì vừa điền ở đây sẽ mất. Lần mở chương trình sau sẽ hỏi lại từ đầu.",
            "Đóng chương trình",
            "Điền tiếp",
        ):
            super().reject()

    def _is_touched(self) -> bool:
        """Return whether anything was typed."""
        return any(line.text() for line in self.stack.findChildren(QLineEdit))

    def restore(self) -> None:
        """Restore the backup of a broken laptop as the store of this one."""
        dialog = RestoreDialog(self._folder, None, self.messages, self)
        if not dialog.exec() or dialog.prepared is None:
            return
        try:
            self.workspace, _ = restoring.restore(dialog.prepared, consent=True)
        except KcdeskError as error:
            self._show_refusal(error)
            return
        self.workspace = ask_after_code(self.workspace, dialog.prepared.secret)
        self.accept()

    def replace_laptop(self) -> None:
        """Replace a broken laptop that has no backup: fill in the unit from its last package; it is previewed later."""
        path = self.messages.open_file("Chọn gói cuối cùng mà máy cũ đã kết xuất", PACKAGES, purpose="packages")
        sender = path and self._read_sender(path)
        if sender:
            self.package = path
            self.unit.fill(sender)
            self.officer.fill(sender)
            self.problem.clear()
            self.next.setFocus()

    def _read_sender(self, path: Path, password: str = "") -> dict[str, str] | None:
        try:
            return lost_laptop.maker_of(path, password)
        except KcdeskError as error:
            if error.code != "locked":
                self._refuse(error, None)
                return None
        typed = ask_package_password(self.messages, path, tried=bool(password))
        return self._read_sender(path, typed) if typed else None

    def _wire(self) -> None:
        self.back.setAutoDefault(False)
        self.back.clicked.connect(lambda: self._show(self.stack.currentIndex() - 1))
        self.next.decided.connect(self._go_on)
        for line in self.stack.findChildren(QLineEdit):
            line.textEdited.connect(self.problem.clear)  # the sentence goes while its fault is being mended
        for chooser in self.stack.findChildren(QComboBox):
            chooser.activated.connect(self.problem.clear)
        self.protection.practice.toggled.connect(self.problem.clear)
        self.recovery.kept.connect(self.next.setEnabled)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        buttons.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(SECTION_GAP + FIELD_GAP, PAGE_MARGIN, SECTION_GAP + FIELD_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.where)
        column.addWidget(self.title)
        column.addWidget(self.stack, 1)
        column.addWidget(self.problem)
        column.addLayout(buttons)
        QWidget.setTabOrder(self.next, self.back)  # on from the last field, not back

    def _show(self, place: int) -> None:
        step = self._steps[place]
        unit = self.unit.answers()
        self.protection.belong_to(unit["unit"], unit["code"], self.officer.answers()["officer"])
        self.stack.setCurrentWidget(step)
        self.where.setText(f"Bước {place + 1} / {len(self._steps) - 1}" if step is not self.recovery else "")
        self.title.setText(step.title)
        self.problem.clear()
        self.back.setVisible(place > 0 and step is not self.recovery)
        self.next.setText(step.next_label)
        self.next.subject = step.title
        self.next.setEnabled(step is not self.recovery or self.recovery.is_kept())
        step.first_field.setFocus()

    def _go_on(self) -> None:
        step = self._steps[self.stack.currentIndex()]
        missing = step.problem()
        if missing is not None:
            self._refuse(*missing)
        elif step is self.protection:
            self._create()
        elif step is self.recovery:
            self._finish()
        else:
            self._show(self.stack.currentIndex() + 1)

    def _create(self) -> None:
        answers = opening.NewStore(**self.unit.answers(), **self.officer.answers(), **self.protection.answers())
        try:
            self._made, code = opening.create_workspace(self._folder, answers)
        except KcdeskError as error:
            self._show_refusal(error)
            return
        if code:
            self.recovery.show_code(code, passphrases.code_paper(self._made, code))
            self._show(self._steps.index(self.recovery))
        else:
            self._finish()

    def _finish(self) -> None:
        self.workspace = self._made
        self.accept()

    def _show_refusal(self, error: KcdeskError) -> None:
        """Go to the step with the refused answer."""
        for place, step in enumerate(self._steps):
            if error.field in step.fields:
                self._show(place)
                self._refuse(error, step.fields[error.field])
                return
        self._refuse(error, None)

    def _refuse(self, reason: KcdeskError | str, field: QWidget | None) -> None:
        if isinstance(reason, str):
            self.problem.setText(reason)
        else:
            show_refusal(self.problem, reason)
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

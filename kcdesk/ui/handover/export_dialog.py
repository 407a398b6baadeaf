"""Asks for the content of a package, its receiver and its password."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from kcdesk.services.handover.packages import sending
from kcdesk.services.handover.trust import partners
from kcdesk.ui.handover.file_question import FileQuestion
from kcdesk.ui.handover.period_box import PeriodBox
from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit.fitting.wrapped_boxes import WrappedCheckBox, WrappedRadioButton

_WIDTH = 520


class ExportDialog(FileQuestion):
    """Asks for the order of a package; for real data, a password is asked for by default."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        plan = sending.plan(context.workspace)
        super().__init__("Kết xuất gói bàn giao", "export", unlocked=plan.practice, parent=parent)
        self._context, self._plan = context, plan
        self._receiver = self._receivers()
        self._period = PeriodBox("export.period", context.workspace.today(), plan.period)
        self._changed = WrappedRadioButton("Những hồ sơ thay đổi từ biên nhận gần nhất")
        self._full = WrappedRadioButton("Toàn bộ hồ sơ")
        self._sensitive = WrappedCheckBox("Kèm cả dữ liệu cá nhân nhạy cảm")
        self._sensitive.setObjectName("export.sensitive")
        self._purpose = QLineEdit()
        self._purpose.setObjectName("export.purpose")
        self._purpose.setPlaceholderText("Vì sao gửi kèm; được ghi vào sổ")
        self._purpose.setEnabled(False)
        self._sensitive.toggled.connect(self._purpose.setEnabled)
        self._path: Path | None = None
        self._fill_form()
        self.lay_out(_WIDTH, "export.make")
        self._set_defaults()

    def _fill_form(self) -> None:
        self.form.addRow("Nơi nhận", self._receiver)
        self.form.addRow("Kỳ báo cáo", self._period)
        self.form.addRow("Nội dung", self._changed)
        self.form.addRow("", self._full)
        self.password_pair.add_to(self.form)
        self.form.addRow("", self._sensitive)
        self.form.addRow("Mục đích", self._purpose)

    def _set_defaults(self) -> None:
        first = not self._plan.last_at
        self._full.setChecked(first)
        self._changed.setChecked(not first)
        self._changed.setEnabled(not first)

    def missing(self) -> str:
        """Return a problem of the receiver, of the purpose of sensitive values, then of the password."""
        if not self._receiver.currentText().strip():
            return "Hãy ghi nơi nhận gói."
        if self._sensitive.isChecked() and not self._purpose.text().strip():
            return "Hãy ghi vì sao gửi kèm dữ liệu nhạy cảm; mục đích được ghi vào sổ."
        return super().missing()

    def go_on(self) -> bool:
        """Ask for the file; False, and the dialog stays open, when none was chosen."""
        period, receiver = self._period.chosen(), self._receiver.currentText().strip()
        name = sending.file_name(self._context.workspace, period, receiver)
        self._path = self._context.messages.save_file(
            "Lưu gói bàn giao", name, "Gói bàn giao (*.xlsx)", purpose="packages"
        )
        return self._path is not None

    def order(self) -> sending.HandoverOrder:
        """Return the order as answered."""
        assert self._path is not None, "asked before the dialog was accepted"
        return sending.HandoverOrder(
            path=self._path,
            receiver=self._receiver.currentText().strip(),
            period=self._period.chosen(),
            full=self._full.isChecked(),
            password=self.password(),
            include_sensitive=self._sensitive.isChecked(),
            purpose=self._purpose.text(),
        )

    def _receivers(self) -> QComboBox:
        """Return the choice of receivers: the unit above, other units with a known key; another name can be typed."""
        box = QComboBox()
        box.setObjectName("export.receiver")
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        known = [
            partner["name"] for partner in partners.known_partners(self._context.workspace) if not partner["ended"]
        ]
        box.addItems(list(dict.fromkeys([self._plan.receiver, *known])))
        return box

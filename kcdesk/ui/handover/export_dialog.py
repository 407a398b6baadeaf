"""What a package shall hold, for whom, and under which password."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from kcdesk.services.handover.packages import sending
from kcdesk.services.handover.trust import partners
from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit.password_pair import PasswordPair
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_WIDTH = 520


class ExportDialog(QDialog):
    """Asks; `order()` is what was answered. Locked with a password by default for a real hand-off."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._plan = sending.plan(context.workspace)
        self.setWindowTitle("Kết xuất gói bàn giao")
        self.setMinimumWidth(_WIDTH)
        self._receiver = self._receivers()
        self._period = self._line("export.period", self._plan.period)
        self._changed = QRadioButton("Những hồ sơ thay đổi từ biên nhận gần nhất")
        self._full = QRadioButton("Toàn bộ hồ sơ")
        self._password = PasswordPair("export", unlocked=self._plan.practice)
        self._sensitive = QCheckBox("Kèm cả dữ liệu cá nhân nhạy cảm")
        self._sensitive.setObjectName("export.sensitive")
        self._problem = labelled(role="problem", wrap=True)
        self._path: Path | None = None
        self._lay_out()
        self._set_defaults()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(FIELD_GAP)
        form.addRow("Nơi nhận", self._receiver)
        form.addRow("Kỳ báo cáo", self._period)
        form.addRow("Nội dung", self._changed)
        form.addRow("", self._full)
        self._password.add_to(form)
        form.addRow("", self._sensitive)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        column.addLayout(form)
        column.addWidget(self._problem)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        keep = QPushButton("Thôi")
        keep.clicked.connect(self.reject)
        make = QPushButton("Chọn nơi lưu…")
        make.setObjectName("export.make")
        make.setProperty("role", "main")
        make.setDefault(True)
        make.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(keep)
        row.addWidget(make)
        return row

    def _set_defaults(self) -> None:
        first = not self._plan.last_at
        self._full.setChecked(first)
        self._changed.setChecked(not first)
        self._changed.setEnabled(not first)
        self._problem.hide()

    def accept(self) -> None:
        """Close with an order, or say what is missing."""
        problem = self._find_problem()
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        if problem:
            return
        name = sending.file_name(
            self._context.workspace, self._period.text().strip(), self._receiver.currentText().strip()
        )
        self._path = self._context.messages.save_file("Lưu gói bàn giao", name, "Gói bàn giao (*.xlsx)")
        if self._path is not None:
            super().accept()

    def order(self) -> sending.Order:
        """What the officer asked for."""
        assert self._path is not None, "asked before the dialog was accepted"
        return sending.Order(
            path=self._path,
            receiver=self._receiver.currentText().strip(),
            period=self._period.text().strip(),
            full=self._full.isChecked(),
            password=self._password.value(),
            include_sensitive=self._sensitive.isChecked(),
        )

    def _find_problem(self) -> str:
        if not self._receiver.currentText().strip():
            return "Hãy ghi nơi nhận gói."
        return self._password.problem()

    def _receivers(self) -> QComboBox:
        """The unit above, and every other unit whose key is known; another name can be typed."""
        box = QComboBox()
        box.setObjectName("export.receiver")
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        known = [partner["name"] for partner in partners.known(self._context.workspace) if not partner["ended"]]
        box.addItems(list(dict.fromkeys([self._plan.receiver, *known])))
        return box

    def _line(self, name: str, text: str) -> QLineEdit:
        line = QLineEdit(text)
        line.setObjectName(name)
        return line

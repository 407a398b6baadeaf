"""What a package shall hold, for whom, and under which password."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from kcdesk.services import handoff
from kcdesk.ui.context import Context
from kcdesk.ui.theme import FIELD_GAP, GROUP_GAP, labelled

_WIDTH = 520


class ExportDialog(QDialog):
    """Asks; `order()` is what was answered. Locked with a password by default for a real hand-off."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._plan = handoff.plan(context.workspace)
        self.setWindowTitle("Kết xuất gói bàn giao")
        self.setMinimumWidth(_WIDTH)
        self._receiver = self._line("export.receiver", self._plan.receiver)
        self._period = self._line("export.period", self._plan.period)
        self._changed = QRadioButton("Những hồ sơ thay đổi từ biên nhận gần nhất")
        self._full = QRadioButton("Toàn bộ hồ sơ")
        self._password = self._secret("export.password")
        self._again = self._secret("export.password_again")
        self._no_password = QCheckBox("Không đặt mật khẩu")
        self._no_password.setObjectName("export.no_password")
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
        form.addRow("Mật khẩu", self._password)
        form.addRow("Nhập lại", self._again)
        form.addRow("", self._no_password)
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
        self._no_password.toggled.connect(self._password.setDisabled)
        self._no_password.toggled.connect(self._again.setDisabled)
        self._no_password.setChecked(self._plan.practice)
        self._problem.hide()

    def accept(self) -> None:
        """Close with an order, or say what is missing."""
        problem = self._find_problem()
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        if problem:
            return
        name = handoff.file_name(self._context.workspace, self._period.text().strip(), self._receiver.text().strip())
        self._path = self._context.messages.save_file("Lưu gói bàn giao", name, "Gói bàn giao (*.xlsx)")
        if self._path is not None:
            super().accept()

    def order(self) -> handoff.Order:
        """What the officer asked for."""
        assert self._path is not None, "asked before the dialog was accepted"
        return handoff.Order(
            path=self._path,
            receiver=self._receiver.text().strip(),
            period=self._period.text().strip(),
            full=self._full.isChecked(),
            password="" if self._no_password.isChecked() else self._password.text(),
            include_sensitive=self._sensitive.isChecked(),
        )

    def _find_problem(self) -> str:
        if not self._receiver.text().strip():
            return "Hãy ghi nơi nhận gói."
        if self._no_password.isChecked():
            return ""
        if not self._password.text():
            return "Hãy đặt mật khẩu cho gói; người nhận cần mật khẩu này để mở trong Excel."
        if self._password.text() != self._again.text():
            return "Hai lần nhập mật khẩu không giống nhau."
        return ""

    def _line(self, name: str, text: str) -> QLineEdit:
        line = QLineEdit(text)
        line.setObjectName(name)
        return line

    def _secret(self, name: str) -> QLineEdit:
        line = self._line(name, "")
        line.setEchoMode(QLineEdit.EchoMode.Password)
        return line

"""Returning a dossier: the fields to correct, each with its reason, and a general reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kcdesk import text
from kcdesk.formdef.record import Record
from kcdesk.services.lifecycle import return_requests
from kcdesk.services.lifecycle.return_requests import Remark
from kcdesk.services.phrases import offering
from kcdesk.services.workspace import Workspace
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.fitting.searching_choice import SearchingChoice
from kcdesk.ui.toolkit.offers.sentence_offers import SentenceOffers
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_FIRST_LINES = 3


class ReturnDialog(Dialog):
    """Asks for a general reason and for any number of fields; lines without a reason are ignored."""

    help_topic = "returned"

    def __init__(self, title: str, workspace: Workspace, record: Record, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._record = workspace, record
        self.setWindowTitle(title)
        self.begin_size(720, 380)
        self._fields = [(field.label, field.name) for field in record.fields_visible() if not field.computed]
        self._lines: list[tuple[QComboBox, QLineEdit]] = []
        self._reason = QLineEdit()
        self._reason.setObjectName("return.reason")
        self._reason.setAccessibleName("Lý do chung")
        self._offer(self._reason)
        self._day = QLineEdit()
        self._day.setObjectName("return.day")
        self._day.setAccessibleName("Hạn bổ sung")
        self._day.setPlaceholderText("ngày/tháng/năm; in trong công văn bổ sung")
        self._day.setText(text.format_date(return_requests.usual_day(workspace)))
        self._wrong_day = labelled(role="problem", wrap=True)
        self._wrong_day.setObjectName("return.wrong_day")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(FIELD_GAP)
        more = QPushButton("Thêm ô")
        more.setObjectName("return.more")
        more.setAutoDefault(False)
        more.clicked.connect(self.add_line)
        self._buttons = QDialogButtonBox()
        self._send = self._buttons.addButton(title, QDialogButtonBox.ButtonRole.AcceptRole)
        self._send.setProperty("role", "main")
        self._buttons.addButton("Giữ nguyên", QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._reason.textChanged.connect(self._allow)
        self._day.textChanged.connect(self._allow)
        self._lay_out(more)
        for _ in range(_FIRST_LINES):
            self.add_line()
        self._allow()
        self._reason.setFocus()

    def _lay_out(self, more: QPushButton) -> None:
        general = QFormLayout()
        general.addRow("Lý do chung", self._reason)
        general.addRow("Hạn bổ sung", self._day)
        general.addRow(self._wrong_day)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addLayout(general)
        column.addWidget(labelled("Các ô cần bổ sung, mỗi ô một lý do; dòng để trống được bỏ qua.", "muted"))
        column.addLayout(self._rows)
        column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        column.addWidget(self._buttons)

    def add_line(self) -> None:
        """Add a line for another field."""
        field, reason = SearchingChoice(), QLineEdit()
        number = len(self._lines) + 1
        field.setObjectName(f"return.field.{number}")
        field.setAccessibleName(f"Ô {number}")
        keep_size(field, fixed_width=280)
        for label, name in self._fields:
            field.offer(label, name)
        reason.setObjectName(f"return.why.{number}")
        reason.setAccessibleName(f"Lý do {number}")
        reason.setPlaceholderText("Nội dung cần bổ sung")
        self._offer(reason)
        row = QHBoxLayout()
        row.addWidget(field)
        row.addWidget(reason, 1)
        self._rows.addLayout(row)
        self._lines.append((field, reason))

    def _offer(self, line: QLineEdit) -> None:
        """Offer in a line the reasons with which dossiers were sent back before."""
        SentenceOffers(line, lambda: offering.offered_reasons(self._workspace, self._record))

    def reason(self) -> str:
        """Return the general reason; with the day where that has no field of its own."""
        given = self._reason.text().strip()
        is_apart = return_requests.keeps_day(self._record) or not given
        return given if is_apart else return_requests.with_answer_day(given, self._answer_day())

    def remarks(self) -> list[Remark]:
        """Return the fields that have a reason."""
        return [(str(field.currentData()), why.text().strip()) for field, why in self._lines if why.text().strip()]

    def answers(self) -> dict[str, Any]:
        """Return what the step takes: the reason, the remarks, the day by which they are answered."""
        return {"reason": self.reason(), "remarked": self.remarks(), "answer_by": self._answer_day()}

    def _allow(self) -> None:
        wrong = return_requests.typed_day(self._workspace, self._day.text())[1]
        self._wrong_day.setText(wrong)
        self._wrong_day.setVisible(bool(wrong))
        self._send.setEnabled(bool(self.reason()) and not wrong)

    def _answer_day(self) -> date | None:
        return return_requests.typed_day(self._workspace, self._day.text())[0]

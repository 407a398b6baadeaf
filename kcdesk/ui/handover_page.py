"""Bàn giao: what waits to be handed over, the ledger of packages, and looking at one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from kcdesk import text
from kcdesk.errors import KcdeskError
from kcdesk.services import handoff
from kcdesk.ui.context import Context
from kcdesk.ui.page import Command, Page
from kcdesk.ui.theme import GROUP_GAP, PAGE_MARGIN, ROW_HEIGHT, labelled

_COLUMNS = ("Thời điểm", "Gói", "Kỳ", "Loại", "Nơi nhận", "Số hồ sơ", "Tệp")
PACKAGES = "Gói bàn giao (*.xlsx)"


class HandoverPage(Page):
    """The page of packages; making one and looking at one run in the worker."""

    title = "Bàn giao"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._waiting = labelled(role="section", wrap=True)
        self._advice = labelled(role="muted", wrap=True)
        self._empty = labelled("Chưa kết xuất gói nào. Ctrl+E để kết xuất gói đầu tiên.", "muted")
        self._table = _ledger_table()
        self._lay_out()

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        inside.addWidget(self._waiting)
        inside.addWidget(self._advice)
        buttons = QHBoxLayout()
        look = QPushButton("Kiểm tra một gói…")
        look.setObjectName("handover.inspect")
        look.clicked.connect(self.inspect)
        buttons.addWidget(look)
        buttons.addStretch(1)
        inside.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, PAGE_MARGIN)
        column.setSpacing(GROUP_GAP)
        column.addWidget(card)
        column.addWidget(labelled("Sổ bàn giao", "section"))
        column.addWidget(self._empty)
        column.addWidget(self._table, 1)
        column.addStretch(0)

    def main_action(self) -> Command:
        """Make a package."""
        return Command("Kết xuất gói…", self.export)

    def commands(self) -> dict[str, Command]:
        """Making a package has its own shortcut."""
        return {"export": self.main_action()}

    def on_show(self) -> None:
        """Show what has changed since the page was last in front."""
        self._show()

    def refresh(self, changes: object, initiator: object) -> None:
        """Records have changed: more may wait."""
        del changes, initiator
        if self.isVisible():
            self._show()

    def export(self) -> None:
        """Ask what the package shall hold and make it in the background."""
        from kcdesk.ui.export_dialog import ExportDialog

        dialog = ExportDialog(self.context, self)
        if dialog.exec():
            self._make(dialog.order())

    def inspect(self) -> None:
        """Look at a package without taking anything in."""
        path = self.context.messages.open_file("Chọn gói cần kiểm tra", PACKAGES)
        if path is None:
            return
        try:
            found = handoff.inspect(self.context.workspace, path, "")
            if found["status"] == "locked":
                password = self.context.messages.ask_text(
                    "Gói có mật khẩu", "Mật khẩu của gói", "Mở", "Thôi", secret=True
                )
                found = handoff.inspect(self.context.workspace, path, password)
        except KcdeskError as error:
            self.context.messages.error(error, self.inspect)
            return
        self.context.messages.notice(f"{path.name}: {handoff.describe(found)}")

    def _make(self, order: handoff.Order) -> None:
        workspace = self.context.workspace
        self.context.worker.run(
            handoff.prepare(workspace, order),
            text=f"Kết xuất {order.path.name}",
            done=self._made,
            failed=lambda error: self.context.messages.error(error, lambda: self._make(order)),
        )

    def _made(self, package: object) -> None:
        name = Path(handoff.finish(self.context.workspace, package)["file"]).name
        self._show()
        self.context.messages.notice(f"Đã kết xuất {name}: đã ghi, đọc lại và kiểm tra đúng.")

    def _show(self) -> None:
        plan = handoff.plan(self.context.workspace)
        self._waiting.setText(_waiting_text(plan))
        self._advice.setText(_advice(plan))
        lines = handoff.ledger(self.context.workspace)
        self._empty.setVisible(not lines)
        self._table.setVisible(bool(lines))
        self._table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            for column, cell in enumerate(_cells(line)):
                self._table.setItem(row, column, QTableWidgetItem(cell))


def _ledger_table() -> QTableWidget:
    table = QTableWidget(0, len(_COLUMNS))
    table.setObjectName("handover.ledger")
    table.setHorizontalHeaderLabels(list(_COLUMNS))
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setStretchLastSection(True)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
    return table


def _cells(line: handoff.LedgerLine) -> tuple[str, ...]:
    at = datetime.fromisoformat(line.at).astimezone()
    return (
        f"{text.format_date(at.date())} {at:%H:%M}",
        line.package[:8],
        line.period,
        handoff.type_label(line.type),
        line.receiver,
        text.format_integer(line.records),
        line.file,
    )


def _waiting_text(plan: handoff.Plan) -> str:
    if not plan.records:
        return "Không có hồ sơ nào chờ bàn giao."
    parts = ", ".join(f"{number} {label.lower()}" for label, number in plan.counts)
    return f"{text.format_integer(plan.records)} hồ sơ chờ bàn giao: {parts}."


def _advice(plan: handoff.Plan) -> str:
    if plan.practice:
        return "Đây là kho thực hành: gói được đánh dấu và chỉ kho thực hành mới nhận."
    if plan.last_at:
        day = datetime.fromisoformat(plan.last_at).astimezone().date()
        return f"Gói gần nhất gửi {plan.receiver}: {text.format_date(day)}."
    return f"Gói đầu tiên gửi {plan.receiver} sẽ là gói Chính thức, chứa toàn bộ hồ sơ."

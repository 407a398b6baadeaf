"""«Bàn giao»: what waits to be sent and to be answered, sending and receiving packages, the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from kcdesk import moments, text
from kcdesk.services.handover.packages import conflicts, handover_record, sending, waiting_records
from kcdesk.services.handover.receipts import drafts
from kcdesk.services.records.changing import Changes
from kcdesk.ui.handover.export_dialog import ExportDialog
from kcdesk.ui.handover.ledger import Ledger
from kcdesk.ui.handover.partners_page import PartnersPage
from kcdesk.ui.handover.receipt_page import ReceiptPage
from kcdesk.ui.handover.receiving.batch_page import BatchPage
from kcdesk.ui.handover.receiving.enclosed_dialog import EnclosedDialog
from kcdesk.ui.handover.receiving.open_file import FileOpener
from kcdesk.ui.handover.receiving.undo_intake import undo_intake
from kcdesk.ui.handover.waiting_receipts_page import OutboxPage
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.shell import blocking_task
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.fitting.page_scroll import PageScroll
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled


class HandoverPage(Page):
    """The page of packages; long tasks run in the worker."""

    help_topic = "handoff"
    title = "Bàn giao"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.intake = FileOpener(self)
        self._waiting = labelled(role="section", wrap=True)
        self._advice = labelled(role="muted", wrap=True)
        self._buttons = {name: _button(name) for name in ("intake", "folder", "receipts", "conflicts", "partners")}
        self._sent = ""
        self.written = _Written()
        self.written.paper.clicked.connect(lambda: self.print_record(self._sent))
        self.ledger = Ledger(context)
        self.written.turned.connect(self._offer_paper_once)
        self._connect()
        self._lay_out()

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand:
        """Return making a package below the province, receiving a package in the province."""
        if self._collects:
            return PageCommand("Nhận gói…", self.take_in)
        return PageCommand("Kết xuất gói…", self.export)

    def commands(self) -> dict[str, PageCommand]:
        """Return the commands for packages and partners; making and receiving packages have their own shortcuts."""
        return {
            "export": PageCommand("Kết xuất gói…", self.export),
            "intake": PageCommand("Nhận gói…", self.take_in),
            "folder": PageCommand("Nhận cả thư mục…", self.collect),
            "partners": PageCommand("Đơn vị đã biết", self.show_partners),
        }

    def on_show(self) -> None:
        """Show what has changed since the page was last shown."""
        self._show()
        self.ledger.table.setFocus()

    def on_leave(self) -> None:
        """Hide the message about the last package."""
        self.written.put_away()

    def refresh(self, changes: Changes, initiator: object) -> None:
        """Update: after a change, more records may wait."""
        del changes, initiator
        if self.isVisible():
            self._show()

    # -- actions of the officer ------------------------------------------------------------------------------------

    def export(self) -> None:
        """Ask for the order of a package and make it in the background."""
        dialog = ExportDialog(self.context, self)
        if dialog.exec():
            self._make(dialog.order())

    def take_in(self) -> None:
        """Choose a file and preview it."""
        self.intake.choose()

    def take_in_files(self, paths: Sequence[Path], listed: str = "") -> None:
        """Preview files dropped on the window: one file, or a folder; a list of records of the kind `listed`."""
        if len(paths) == 1 and paths[0].is_dir():
            self.collect_from(paths[0])
        elif len(paths) == 1:
            self.intake.open(paths[0], listed=listed)
        elif len({path.parent for path in paths}) == 1:
            self.collect_from(paths[0].parent)

    def collect(self) -> None:
        """Choose a folder and preview every package in it."""
        folder = self.context.messages.choose_folder("Chọn thư mục chứa các gói", purpose="packages")
        if folder is not None:
            self.collect_from(folder)

    def collect_from(self, folder: Path) -> None:
        """Preview every package in a folder."""
        self.page_requested.emit(lambda context: BatchPage(context, folder))

    def show_receipts(self) -> None:
        """Show the packages that need a receipt."""
        self.page_requested.emit(OutboxPage)

    def show_partners(self) -> None:
        """Show the known units and their keys."""
        self.page_requested.emit(PartnersPage)

    def print_record(self, package: str) -> None:
        """Show the hand-over record of a package, which both sides sign."""
        self.record_dialog(package).exec()

    def record_dialog(self, package: str) -> QDialog:
        """Return the print preview of a hand-over record."""
        workspace = self.context.workspace
        write = lambda path: handover_record.print_handover(workspace, package, path)  # noqa: E731 - one short act
        return SheetDialog(self.context, handover_record.LAYOUT, write, "Biên bản giao nhận gói", self)

    def show_enclosed(self, receipt: str) -> None:
        """Show the files enclosed with a receipt."""
        EnclosedDialog(self.context, receipt, self).exec()

    def undo(self, package: str) -> None:
        """Undo the receiving of a package."""
        undo_intake(self.context, self, package, self._show)

    def answer(self, package: str) -> None:
        """Open the decisions about the dossiers of a package."""
        self.page_requested.emit(lambda context: ReceiptPage(context, package))

    # -- inside --------------------------------------------------------------------------------------------------

    @property
    def _collects(self) -> bool:
        return self.context.workspace.collects

    def _connect(self) -> None:
        acts: dict[str, Callable[[], None]] = {
            "intake": self.take_in,
            "folder": self.collect,
            "receipts": self.show_receipts,
            "conflicts": lambda: self.go_requested.emit("conflicts"),
            "partners": self.show_partners,
        }
        for name, act in acts.items():
            self._buttons[name].clicked.connect(lambda _checked=False, act=act: act())
        self.ledger.undo_requested.connect(self.undo)
        self.ledger.answer_requested.connect(self.answer)
        self.ledger.paper_requested.connect(self.print_record)
        self.ledger.enclosed_requested.connect(self.show_enclosed)

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        inside.setSpacing(FIELD_GAP)
        inside.addWidget(self._waiting)
        inside.addWidget(self._advice)
        row = FlowRow()
        for button in self._buttons.values():
            row.add(button)
        inside.addWidget(row)
        page = PageScroll()
        page.column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        page.column.setSpacing(GROUP_GAP)
        page.column.addWidget(card)
        page.column.addWidget(self.written)
        page.column.addWidget(self.ledger, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)

    def _offer_paper_once(self, shown: bool) -> None:
        """Offer the paper of the package just written in its message only, not in the ledger too."""
        self.ledger.spare_paper(self._sent if shown else "")

    def _make(self, order: sending.HandoverOrder) -> None:
        blocking_task.watch(
            self.context,
            self,
            sending.prepare(self.context.workspace, order),
            text=f"Kết xuất {order.path.name}: ghi, đọc lại và so sánh",
            stopping="Dừng thì chưa có gói nào được ghi.",
            done=self._made,
            failed=lambda error: self.context.messages.error(error, lambda: self._make(order)),
        )

    def _made(self, package: sending.Package) -> None:
        made = sending.finish(self.context.workspace, package)
        path = Path(made["file"])
        self._sent = made["package"]
        self._show()
        self.written.show_package(path, sum(made["counts"].values()))
        self.context.messages.notice(f"Đã kết xuất {path.name}. Đã kiểm tra, có thể rút thẻ nhớ.")

    def _show(self) -> None:
        workspace = self.context.workspace
        plan = sending.plan(workspace)
        received = drafts.outbox(workspace)
        owed = sum(line.is_open for line in received)
        self._waiting.setText(_owed_text(len(received), owed) if self._collects else _waiting_text(plan))
        self._advice.setText(_advice(plan, self._collects))
        pile = conflicts.count(workspace) + waiting_records.number_waiting(workspace)
        self._buttons["receipts"].setText(f"Biên nhận cần viết ({owed})" if owed else "Biên nhận")
        self._buttons["conflicts"].setText(f"Cần xem ({pile})")
        self._buttons["conflicts"].setVisible(bool(pile))
        self.ledger.load()


class _Written(QFrame):
    """A message after a package was written: which, where, and the paper that goes with it.

    `turned`: the message is shown now, or no longer.
    """

    turned = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("handover.written")
        self.setProperty("role", "card")
        self._headline = labelled(role="strong", tone="good", wrap=True)
        self._where = labelled(role="muted", wrap=True)
        self.paper = QPushButton("In biên bản giao nhận…")
        self.paper.setObjectName("handover.paper")
        close = QPushButton("Đóng")
        close.setProperty("role", "quiet")
        close.clicked.connect(self.put_away)
        row = QHBoxLayout(self)
        row.setContentsMargins(GROUP_GAP, FIELD_GAP, GROUP_GAP, FIELD_GAP)
        row.setSpacing(FIELD_GAP)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self._headline)
        lines.addWidget(self._where)
        row.addLayout(lines, 1)
        row.addWidget(self.paper)
        row.addWidget(close)
        self.hide()

    def show_package(self, path: Path, number: int) -> None:
        """Show which package was written."""
        self._headline.setText("Đã kiểm tra, có thể rút thẻ nhớ.")
        self._where.setText(f"{path.name}, {wording.number(number, 'hồ sơ')}, tại {path.parent}")
        self.show()
        self.turned.emit(True)

    def put_away(self) -> None:
        """Hide the message."""
        self.hide()
        self.turned.emit(False)


_LABELS = {"intake": "Nhận gói…", "folder": "Nhận cả thư mục…", "partners": "Đơn vị đã biết"}


def _button(name: str) -> QPushButton:
    button = QPushButton(_LABELS.get(name, ""))
    button.setObjectName(f"handover.{name}")
    return button


def _waiting_text(plan: sending.PackagePlan) -> str:
    if not plan.records:
        return "Không có hồ sơ nào chờ bàn giao."
    parts = ", ".join(f"{number} {label.lower()}" for label, number in plan.counts)
    return f"{text.format_integer(plan.records)} hồ sơ chờ bàn giao: {parts}."


def _owed_text(received: int, owed: int) -> str:
    if not received:
        return "Chưa nhận gói nào."
    return f"{wording.number(owed, 'gói đã nhận chưa có biên nhận')}." if owed else "Mọi gói đã nhận đều có biên nhận."


def _advice(plan: sending.PackagePlan, is_province: bool) -> str:
    if plan.practice:
        return "Đây là kho thực hành: gói được đánh dấu và chỉ kho thực hành mới nhận."
    if plan.last_at:
        day = moments.day(plan.last_at)
        return f"Gói gần nhất gửi {plan.receiver}: {text.format_date(day)}."
    if is_province:
        return "Gói của cấp dưới: kéo tệp hoặc thư mục thả vào cửa sổ, hoặc chọn «Nhận gói…» (Ctrl+I)."
    return f"Gói đầu tiên gửi {plan.receiver} sẽ là gói Chính thức, chứa toàn bộ hồ sơ."

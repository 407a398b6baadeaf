"""«Biên nhận»: every received package by unit, and whether it has a receipt."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout

from kcdesk.errors import KcdeskError, UserError
from kcdesk.progress import Progress
from kcdesk.services.handover.collecting import periods
from kcdesk.services.handover.receipts import drafts
from kcdesk.services.handover.receipts.drafts import OutboxEntry
from kcdesk.services.records.changing import Changes
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_integer
from kcdesk.ui.handover.package_names import package_type
from kcdesk.ui.handover.password_dialog import PasswordDialog
from kcdesk.ui.handover.receipt_page import ReceiptPage, may_leave_undecided
from kcdesk.ui.shell import blocking_task
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.count_chips import CountChips
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

_COLUMNS = ("Đơn vị", "Kỳ", "Loại", "Nhận lúc", "Số hồ sơ", "Biên nhận")
_LABELS = (("open", "Chưa trả lời"), ("done", "Đã trả lời"), ("all", "Tất cả"))


class OutboxPage(Page):
    """Enter opens the decisions of a package; all missing receipts can be written into one folder."""

    help_topic = "receipts"
    title = "Biên nhận"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.packages: list[OutboxEntry] = []
        self.chips = CountChips("outbox.show")
        self.chips.chosen.connect(lambda _name: self._show_rows())
        self.table = LinesTable("outbox.list", _COLUMNS, 0, context.theme, right=(4,))
        self.table.setAccessibleName("Gói đã nhận")
        self.table.chosen.connect(self._open)
        self.empty = labelled("", "muted", wrap=True)
        self._lay_out()

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand | None:
        """Return writing all missing receipts."""
        return PageCommand("Viết mọi biên nhận còn thiếu…", self.write_all) if self._open_ones() else None

    def on_show(self) -> None:
        """Update the page."""
        self._load()
        self.table.setFocus()

    # -- actions of the officer ------------------------------------------------------------------------------------

    def write_all(self) -> None:
        """Write all missing receipts into a folder; packages with incomplete decisions are left out."""
        packages = self._open_ones()
        if not may_leave_undecided(self.context, [waiting.package for waiting in packages]):
            return
        sentence = f"{len(packages)} biên nhận, mỗi gói một tệp, cùng một mật khẩu."
        practice = self.context.workspace.identity.practice
        dialog = PasswordDialog("Viết mọi biên nhận còn thiếu", sentence, unlocked=practice, parent=self)
        if not dialog.exec():
            return
        folder = self.context.messages.choose_folder("Chọn thư mục hoặc thẻ nhớ", purpose="packages")
        if folder is not None:
            self._write(packages, folder, dialog.password())

    # -- inside --------------------------------------------------------------------------------------------------

    def _write(self, packages: list[OutboxEntry], folder: Path, password: str) -> None:
        def act(workspace: Workspace, progress: Progress) -> tuple[list[Changes], list[str]]:
            return _write_each(workspace, packages, folder, password, progress)

        def written(result: tuple[list[Changes], list[str]]) -> None:
            changes, refused = result
            for change in changes:
                self.context.announce(change)
            self._load()
            done = f"Đã viết {len(packages) - len(refused)} biên nhận. Đã kiểm tra, có thể rút thẻ nhớ."
            if refused:
                self.context.messages.problem(f"{done} Còn {len(refused)} gói chưa viết được:", refused[0])
            else:
                self.context.messages.notice(done)

        def failed(error: KcdeskError) -> None:
            self._load()
            self.context.messages.error(error, lambda: self._write(self._open_ones(), folder, password))

        blocking_task.run(self.context, self, act, text="Viết biên nhận", done=written, failed=failed)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.chips)
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)
        column.addStretch(0)

    def _open_ones(self) -> list[OutboxEntry]:
        return [line for line in self.packages if line.is_open]

    def _load(self) -> None:
        self.packages = drafts.outbox(self.context.workspace)
        open_ = len(self._open_ones())
        numbers = {"open": open_, "done": len(self.packages) - open_, "all": len(self.packages)}
        shown = self.chips.value or ("open" if open_ else "all")
        self.chips.show_options([(name, label, numbers[name]) for name, label in _LABELS], shown)
        self._show_rows()
        self.title_changed.emit()

    def _show_rows(self) -> None:
        wanted = self.chips.value
        lines = [_line(line) for line in self.packages if wanted == "all" or line.is_open == (wanted == "open")]
        self.table.show_lines(lines)
        self.table.setVisible(bool(lines))
        self.empty.setText("Mọi gói đã nhận đều có biên nhận." if self.packages else "Chưa có gói nào cần trả lời.")
        self.empty.setVisible(not lines)

    def _open(self, package: str) -> None:
        self.page_requested.emit(lambda context: ReceiptPage(context, package))


def _line(waiting: OutboxEntry) -> TableLine:
    answer = f"{wording.moment(waiting.receipt_at)} · {waiting.receipt_file}" if waiting.receipt else "Chưa trả lời"
    if waiting.passed_down:
        answer = f"{waiting.passed_down} trả lời của cấp trên chưa báo đơn vị"
    type_ = package_type(waiting.type)
    cells = (
        waiting.name,
        periods.name(waiting.period),
        type_,
        wording.moment(waiting.at),
        format_integer(waiting.records),
        answer,
    )
    return TableLine(waiting.package, cells, {5: "waiting" if waiting.is_open else "good"})


def _write_each(
    workspace: Workspace, packages: list[OutboxEntry], folder: Path, password: str, progress: Progress
) -> tuple[list[Changes], list[str]]:
    """Write each receipt separately; return the changes and a sentence for each that could not be written."""
    changes, refused = [], []
    for done, waiting in enumerate(packages):
        progress(done, len(packages), f"Viết biên nhận cho {waiting.name}")
        try:
            path = folder / drafts.receipt_file_name(workspace, waiting)
            changes.append(drafts.write_receipt(workspace, waiting.package, path, password)[1])
        except UserError as error:
            refused.append(f"{waiting.name}: {error.message}")
    return changes, refused

"""A folder of packages: what each file is, receiving the acceptable ones, and which units are late for a period."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QTabWidget, QVBoxLayout, QWidget

from kcdesk import text
from kcdesk.progress import Progress
from kcdesk.services.handover.packages import batch_receiving, late_units
from kcdesk.services.handover.packages.batch_receiving import FileResult, FileVerdict, UnitHandover
from kcdesk.services.workspace import Workspace
from kcdesk.ui.handover.package_names import package_type
from kcdesk.ui.handover.password_dialog import ask_package_password
from kcdesk.ui.handover.receiving.open_file import FileOpener
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.shell import blocking_task
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.shell.worker import Stopped
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

_FILES = ("Kết quả", "Đơn vị", "Kỳ", "Loại", "Tệp", "Có gì")
_UNITS = ("Tình trạng", "Đơn vị", "Mã", "Kỳ gần nhất", "Nhận lúc", "Số hồ sơ", "Thiếu gói số")
_PERIOD_WIDTH = 140


class BatchPage(Page):
    """The files of a folder and, on a second tab, the units with their last packages."""

    title = "Nhận cả thư mục"

    def __init__(self, context: Context, folder: Path) -> None:
        super().__init__(context)
        self.folder = folder
        self._intake = FileOpener(self)
        self._password = ""
        self._verdicts: list[FileVerdict] = []
        self._results: list[FileResult] = []
        self.headline = labelled(role="section", wrap=True)
        self.files = LinesTable("collecting.files", _FILES, 5, context.theme)
        self.files.setAccessibleName("Các tệp trong thư mục")
        self.files.chosen.connect(self._open)
        self.unlock_button = QPushButton("Nhập mật khẩu chung…")
        self.unlock_button.setObjectName("collecting.password")
        self.unlock_button.clicked.connect(self.unlock)
        self.summary = UnitsSummary(context)
        self._lay_out()
        self.look()

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand | None:
        """Return receiving all acceptable packages."""
        number = sum(verdict.acceptable for verdict in self._verdicts)
        if self._results or not number:
            return None
        return PageCommand(f"Nhận {number} gói", self.take_in)

    def commands(self) -> dict[str, PageCommand]:
        """Return printing the reminders."""
        return {"print": PageCommand("In danh sách nhắc…", self.summary.print)}

    def on_show(self) -> None:
        """Show packages that were received one by one meanwhile."""
        self.summary.load()
        self.files.setFocus()

    # -- actions of the officer ------------------------------------------------------------------------------------

    def look(self) -> None:
        """Check every file in the background."""
        folder, password, workspace = self.folder, self._password, self.context.workspace
        self.headline.setText("Đang xem các tệp …")

        def act(progress: Progress) -> list[FileVerdict]:
            with workspace.alongside() as alongside:
                return batch_receiving.preview_folder(alongside, folder, password, progress=progress)

        self.context.worker.run(
            act, text=f"Xem {folder.name}", done=self._show_verdicts, failed=self.context.messages.error, owner=self
        )

    def unlock(self) -> None:
        """Ask for one password for all locked files."""
        tried = bool(self._password)
        password = ask_package_password(self.context.messages, "Mật khẩu chung của các gói", tried=tried)
        if password:
            self._password = password
            self.look()

    def take_in(self) -> None:
        """Receive the acceptable files one by one; «Dừng» stops between two files."""
        verdicts, password = self._verdicts, self._password

        def act(workspace: Workspace, progress: Progress) -> list[FileResult]:
            stopping = _Stopping(progress)
            return batch_receiving.receive_folder(
                workspace, verdicts, password, progress=stopping.progress, cancelled=lambda: stopping.wished
            )

        blocking_task.run(
            self.context, self, act, text="Nhận các gói", done=self._took, failed=self.context.messages.error
        )

    # -- inside --------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        files = QWidget()
        inside = QVBoxLayout(files)
        inside.setContentsMargins(0, FIELD_GAP, 0, 0)
        head = QHBoxLayout()
        head.addWidget(labelled(str(self.folder), "muted"), 1)
        head.addWidget(self.unlock_button)
        inside.addLayout(head)
        inside.addWidget(self.files, 1)
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.addTab(files, "Từng tệp")
        tabs.addTab(self.summary, "Theo đơn vị")
        self.tabs = tabs
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.headline)
        column.addWidget(tabs, 1)

    def _show_verdicts(self, verdicts: list[FileVerdict]) -> None:
        self._verdicts, self._results = verdicts, []
        good = sum(verdict.acceptable for verdict in verdicts)
        already = sum(bool(verdict.preview and verdict.preview.already) for verdict in verdicts)
        rest = len(verdicts) - good - already
        parts = [f"{good} gói nhận được"]
        parts += [f"{already} đã nhận từ trước"] if already else []
        parts += [f"{rest} cần xem lại"] if rest else []
        self.headline.setText(
            f"{len(verdicts)} tệp: {', '.join(parts)}." if verdicts else "Thư mục này không có gói nào."
        )
        self.files.show_lines([_verdict_line(verdict) for verdict in verdicts])
        self.unlock_button.setVisible(any(verdict.code == "locked" for verdict in verdicts))
        self.summary.load()
        self.title_changed.emit()

    def _took(self, results: list[FileResult]) -> None:
        self._results = results
        for result in results:
            if result.received is not None and result.received.applied:
                self.context.announce(result.received.changes)
        taken = sum(result.received is not None for result in results)
        self.headline.setText(
            f"Đã nhận {taken} trong {len(results)} tệp. Mỗi gói hoàn tác riêng được trong sổ bàn giao."
        )
        self.files.show_lines([_result_line(result) for result in results])
        self.summary.load()
        self.title_changed.emit()
        self.context.messages.notice(f"Đã nhận {taken} gói.")

    def _open(self, name: str) -> None:
        """Preview one file row by row (Enter)."""
        self._intake.open(self.folder / name, self._password)


class UnitsSummary(QWidget):
    """Which units have sent a package for a period and which are late, with a printable list."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.period = QLineEdit(_last_month(context.workspace))
        self.period.setObjectName("collecting.period")
        self.period.setAccessibleName("Kỳ báo cáo")
        self.period.setFixedWidth(_PERIOD_WIDTH)
        self.period.editingFinished.connect(self.load)
        self.headline = labelled(role="muted")
        self.print_button = QPushButton("In danh sách nhắc…")
        self.print_button.setObjectName("collecting.print")
        self.print_button.clicked.connect(self.print)
        self.table = LinesTable("collecting.units", _UNITS, 1, context.theme, right=(5,))
        self.table.setAccessibleName("Các đơn vị")
        head = QHBoxLayout()
        head.setSpacing(FIELD_GAP)
        head.addWidget(labelled("Kỳ"))
        head.addWidget(self.period)
        head.addWidget(self.headline, 1)
        head.addWidget(self.print_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, FIELD_GAP, 0, 0)
        column.addLayout(head)
        column.addWidget(self.table, 1)

    def load(self) -> None:
        """Read the units' packages again."""
        units = batch_receiving.period_handovers(self._context.workspace, self.period.text().strip())
        count, late = len(units), sum(handed.late for handed in units)
        summary = f"{late} trong {count} đơn vị chưa bàn giao." if late else f"{count} đơn vị, không ai quá hạn."
        self.headline.setText(summary if units else "Chưa biết đơn vị cấp dưới nào.")
        self.print_button.setEnabled(bool(units))
        self.table.show_lines([_unit_line(handed) for handed in units])

    def print(self) -> None:
        """Show the print preview of the reminders."""
        self.dialog().exec()

    def dialog(self) -> QDialog:
        """Return the print preview of the reminders."""
        workspace, period = self._context.workspace, self.period.text().strip()
        write = lambda path: late_units.print_late(workspace, period, path)  # noqa: E731 - one short act
        return SheetDialog(self._context, late_units.LAYOUT, write, f"Nhắc bàn giao kỳ {text.slug(period)}", self)


class LateUnitsPage(Page):
    """The units and their last packages, without a folder to receive from."""

    title = "Đơn vị chưa gửi gói"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.summary = UnitsSummary(context)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.addWidget(self.summary)

    def commands(self) -> dict[str, PageCommand]:
        """Return printing the reminders."""
        return {"print": PageCommand("In danh sách nhắc…", self.summary.print)}

    def on_show(self) -> None:
        """Read the units again and take the focus."""
        self.summary.load()
        self.summary.table.setFocus()


class _Stopping:
    """Records a press of «Dừng» instead of raising it: files received before the stop are reported."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.wished = False

    def progress(self, done: int, total: int, text: str = "", /) -> None:
        """Report the progress; note whether the officer wants to stop."""
        try:
            self._progress(done, total, text)
        except Stopped:
            self.wished = True


_REFUSED = {"locked": ("Có mật khẩu", "waiting"), "unknown_sender": ("Cần đối chiếu", "waiting")}


def _verdict_line(verdict: FileVerdict) -> TableLine:
    preview = verdict.preview
    label, tone = ("Nhận được", "good") if verdict.acceptable else _REFUSED.get(verdict.code, ("Không nhận", "wrong"))
    what = " ".join(part for part in (verdict.obstacle, verdict.hint) if part)
    if preview and preview.already:
        label, tone = "Đã nhận", "neutral"
    if preview and not what:
        rows = preview.rows
        counts = [f"{rows[name]} {label}" for name, label in _ROWS if rows[name]]
        what = "; ".join([", ".join(counts), *preview.notes] if not preview.already else preview.notes)
    return _line(verdict, label, tone, what)


_ROWS = (
    ("new", "mới"),
    ("changed", "thay đổi"),
    ("conflict", "cần xem"),
    ("refused", "không nhận"),
    ("same", "như cũ"),
)


def _result_line(result: FileResult) -> TableLine:
    if result.received is not None:
        return _line(result.verdict, "Đã nhận", "good", result.sentence)
    tone = "wrong" if result.verdict.obstacle else "neutral"
    return _line(result.verdict, "Chưa nhận" if result.verdict.obstacle else "Đã có", tone, result.sentence)


def _line(verdict: FileVerdict, label: str, tone: str, what: str) -> TableLine:
    preview = verdict.preview
    sender = (preview.sender_name or preview.sender) if preview else ""
    period, type_ = (preview.period, package_type(preview.type)) if preview else ("", "")
    return TableLine(verdict.file.name, (label, sender, period, type_, verdict.file.name, what), {0: tone})


def _unit_line(handed: UnitHandover) -> TableLine:
    missing = ", ".join(map(str, handed.missing))
    tone = "good" if handed.covered else "wrong" if handed.late else "neutral"
    cells = (
        late_units.state_text(handed), handed.name, handed.unit, handed.period or "Chưa lần nào",
        wording.moment(handed.at),
        text.format_integer(handed.records) if handed.at else "", missing,
    )  # fmt: skip
    return TableLine(handed.unit, cells, {0: tone, 6: "wrong"})


def _last_month(workspace: Workspace) -> str:
    """Return the last complete month as YYYY-MM, the period asked for now."""
    last = workspace.today().replace(day=1) - timedelta(days=1)
    return f"{last:%Y-%m}"

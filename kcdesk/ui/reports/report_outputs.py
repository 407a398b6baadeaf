"""What leaves the page of reports: papers, workbook, files, picture, clipboard, evidence; written in the background."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from kcdesk.progress import Progress
from kcdesk.services.derivations import report_annex
from kcdesk.services.reporting import paper, report_files
from kcdesk.services.reporting.figures import scope_of
from kcdesk.services.reporting.report_answer import ReportAnswer
from kcdesk.services.reporting.running import Wanted
from kcdesk.text import file_name
from kcdesk.ui.reports.report_paper_dialog import ReportPaperDialog
from kcdesk.ui.shell.context import Context

_KINDS = {  # of files: label in the menu, filter of the file dialog
    "pdf": ("PDF để in, ký…", "Tệp PDF (*.pdf)"),
    "docx": ("Word…", "Tệp Word (*.docx)"),
    "xlsx": ("Excel…", "Bảng tính Excel (*.xlsx)"),
    "csv": ("CSV…", "Tệp CSV (*.csv)"),
    "png": ("Hình biểu đồ…", "Hình PNG (*.png)"),
}


class ShownReport(Protocol):
    """What the outputs need of the page."""

    context: Context

    def answer(self) -> ReportAnswer | None:
        """Return the answer that is shown; None while there is none."""

    def copy_table(self) -> None:
        """Copy the whole table."""


class ReportOutputs:
    """Writes the answer that is shown; dialogs and menus belong to `host`."""

    def __init__(self, page: ShownReport, host: QWidget) -> None:
        self._page, self._host = page, host

    def menu(self) -> QMenu:
        """Return the menu «Xuất…»; what the present answer does not have is grey."""
        menu, answer = QMenu(self._host), self._page.answer()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("Xuất báo cáo")
        menu.addAction("Xem và in…\tCtrl+P", self.preview)
        for kind, (label, _filter) in _KINDS.items():
            action = menu.addAction(label)
            action.triggered.connect(lambda _checked=False, kind=kind: self.save(kind))
            if kind == "png" and answer is not None and not answer.charts:
                action.setEnabled(False)
                action.setText("Hình biểu đồ (báo cáo này không có)")
        menu.addAction("Chép cả bảng", self._page.copy_table)
        menu.addSeparator()
        menu.addAction("Phụ lục: vì sao có các số này…", self.preview_evidence)
        if answer is None:
            for action in menu.actions():
                action.setEnabled(False)
        return menu

    def name(self, suffix: str = "") -> str:
        """Return the proposed name of a file: title and period of the report."""
        answer = self._page.answer()
        assert answer is not None, "there is a report to be written"
        return f"{file_name(f'{answer.table.title} {scope_of(answer.table)}')[:120].rstrip()}{suffix}"

    def save(self, kind: str) -> None:
        """Ask for a file and write the report to it; a notice opens the file or its folder."""
        context, answer = self._page.context, self._page.answer()
        if answer is None:
            return
        path = context.messages.save_file("Xuất báo cáo", self.name(f".{kind}"), _KINDS[kind][1], purpose="lists")
        if path is not None:
            self._write(answer, kind, path)

    def _write(self, answer: ReportAnswer, kind: str, path: Path) -> None:
        table, unit, context = answer.table, answer.asked.unit, self._page.context

        def write(progress: Progress) -> object:
            progress(0, 0)
            with context.workspace.alongside() as workspace:
                return report_files.write_files(workspace, table, {kind: path}, unit)

        context.worker.run(
            write,
            text=f"Đang ghi {path.name}",
            done=lambda _made: context.messages.written(path),
            failed=context.messages.error,
            owner=self._host,
        )

    # -- papers ----------------------------------------------------------------------------------------------------

    def preview(self) -> None:
        """Show the print preview."""
        if (dialog := self.preview_dialog()) is not None:
            dialog.exec()

    def preview_dialog(self) -> ReportPaperDialog | None:
        """Return the print preview of the report; None while there is none."""
        answer = self._page.answer()
        if answer is None:
            return None
        table, unit = answer.table, answer.asked.unit
        return ReportPaperDialog(
            self._page.context,
            paper.LAYOUT,
            self.name(),
            lambda workspace, path, _progress: paper.print_report(workspace, table, path, unit),
            lambda workspace, path, _progress: paper.write_report_docx(workspace, table, path, unit),
            self._host,
        )

    def preview_evidence(self) -> None:
        """Show the annex of evidence of all figures."""
        if (dialog := self.evidence_dialog()) is not None:
            dialog.exec()

    def evidence_dialog(self) -> ReportPaperDialog | None:
        """Return the preview of the annex of evidence of all figures; None while there is no answer."""
        answer = self._page.answer()
        if answer is None:
            return None
        wanted = answer.asked.wanted
        return ReportPaperDialog(
            self._page.context,
            report_annex.LAYOUT,
            f"Phụ lục {self.name()}",
            lambda workspace, path, progress: report_annex.print_all(workspace, wanted, path, progress),
            parent=self._host,
        )


def evidence_writer(context: Context, wanted: Wanted, row: str, column: str) -> Callable[[Path], object]:
    """Return what writes the annex of evidence of one figure into a file."""
    return lambda path: report_annex.print_figure(context.workspace, wanted, row, column, path)

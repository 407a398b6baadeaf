"""«Báo cáo»: the reports at the left; at the right the chosen one with its choices, figures, notes and charts."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QSplitter, QVBoxLayout, QWidget

from kcdesk.services.records.changing import Changes
from kcdesk.services.reporting import choices_offered
from kcdesk.services.reporting.report_answer import ReportAnswer
from kcdesk.text import format_integer
from kcdesk.ui.dossier.beginning import begin_record
from kcdesk.ui.papers.month_dialog import MonthDialog
from kcdesk.ui.reports.behind_figures import AskedFigure, BehindFigures
from kcdesk.ui.reports.report_list import ReportList
from kcdesk.ui.reports.report_outputs import ReportOutputs
from kcdesk.ui.reports.report_view import ReportView
from kcdesk.ui.reports.summary_dialog import SummaryDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.kept_views import keep_splitter, keep_view, kept_view
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit.fitting.page_scroll import PageScroll
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import GROUP_GAP, PAGE_MARGIN

_VIEW = "reports"
_LIST_WIDTH, _LIST_LEAST = 236, 160  # pixels


class ReportsPage(Page):
    """Every report; its choices of the last time come back."""

    help_topic = "reports"
    title = "Báo cáo"
    search_hint = "Tìm báo cáo (Ctrl+F)"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._stale = True
        self._typed = ""
        self.list = ReportList()
        self.view = ReportView(context)
        self.outputs = ReportOutputs(self, self)
        self.behind = BehindFigures(self)
        self._parts = QSplitter(Qt.Orientation.Horizontal)
        self._parts.setChildrenCollapsible(False)
        self._parts.addWidget(self._left())
        self._parts.addWidget(self._scrolled())
        self._parts.setStretchFactor(1, 1)
        self._parts.setSizes([_LIST_WIDTH, 4 * _LIST_WIDTH])
        keep_size(self.list, least_width=_LIST_LEAST)
        keep_splitter(self._parts, context.settings, "reports.list")
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.addWidget(self._parts, 1)
        self._wire()
        kept = kept_view(context.settings, _VIEW).get("report")
        reports = choices_offered.listed(context.workspace)
        self.list.show_reports(reports, kept if isinstance(kept, str) else "")

    def _scrolled(self) -> QWidget:
        """Return the report in an area that scrolls where choices, refusal and figures have no room together."""
        page = PageScroll()
        page.column.setContentsMargins(0, 0, 0, 0)
        page.column.addWidget(self.view)
        return page

    def _left(self) -> QWidget:
        """Return the list, and below it the way to the reports in words."""
        words = QPushButton("Báo cáo tổng hợp…")
        words.setObjectName("reports.summary")
        words.clicked.connect(lambda _checked=False: self.summary_dialog().open())
        month = QPushButton("Báo cáo tháng…")
        month.setObjectName("reports.month")
        month.setToolTip("Báo cáo tháng của các hợp đồng khuyến công quốc gia")
        month.clicked.connect(lambda _checked=False: self.month_dialog().open())
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 1)
        column.addWidget(words)
        column.addWidget(month)
        return left

    def _wire(self) -> None:
        table = self.view.table
        self.list.chosen.connect(self._choose)
        self.list.entered.connect(table.setFocus)
        table.figure_chosen.connect(self.show_records)
        table.why_wanted.connect(self.explain)
        table.copied.connect(
            lambda rows: self.context.messages.notice(f"Đã chép {format_integer(rows)} dòng; dán được vào Excel, Word.")
        )
        table.selectionModel().currentChanged.connect(lambda *_indexes: self.title_changed.emit())
        self.view.answered.connect(self.title_changed)
        self.behind.questions.busy_changed.connect(self.view.busy.setVisible)
        self.view.begin_wanted.connect(lambda kind: begin_record(self, kind))

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand:
        """Return the outputs."""
        return PageCommand("Xuất…", self.pop_up_outputs, "PDF, Word, Excel, CSV, hình, phụ lục")

    def commands(self) -> Mapping[str, PageCommand]:
        """Return printing while there is a report, explaining while a figure is chosen."""
        offered = {
            "summary": PageCommand("Báo cáo tổng hợp…", lambda: self.summary_dialog().open()),
            "month": PageCommand("Báo cáo tháng…", lambda: self.month_dialog().open()),
        }
        if self.answer() is not None:
            offered["print"] = PageCommand("Xem và in…", self.outputs.preview)
            offered["copy_table"] = PageCommand("Chép cả bảng", self.copy_table)
            offered["evidence"] = PageCommand("Phụ lục: vì sao có các số này…", self.outputs.preview_evidence)
        if self.view.table.place() is not None:
            offered["why"] = PageCommand("Vì sao có số này?", self.view.table.ask_why)
            offered["behind"] = PageCommand("Hồ sơ đứng sau số này", lambda: self.show_records(*self._place()))
        return offered

    def search(self, text: str) -> None:
        """Show only the reports that have the typed words in their title or figures."""
        self._typed = text
        self.list.narrow(text)

    def search_text(self) -> str:
        """Return the typed words."""
        return self._typed

    def on_show(self) -> None:
        """Ask again if something has changed; the keyboard is in the table, at first in the list."""
        if self._stale:
            self._begin()
        (self.view.table if self.answer() is not None else self.list).setFocus()

    def refresh(self, changes: Changes, initiator: object) -> None:
        """Mark the figures as outdated: any change may affect them."""
        del changes, initiator
        self._stale = True
        if self.isVisible():
            self._begin()

    # -- acts ------------------------------------------------------------------------------------------------------

    def answer(self) -> ReportAnswer | None:
        """Return the answer that is shown; None while there is none."""
        return self.view.answer

    def show_part(self, name: str) -> None:
        """Show a report by its name, also while the list is narrowed."""
        self.search("")
        self.list.choose(name)
        self.title_changed.emit()

    def summary_dialog(self) -> SummaryDialog:
        """Return the dialog of the reports in words."""
        return SummaryDialog(self.context, self)

    def month_dialog(self) -> MonthDialog:
        """Return the monthly report on the national contracts."""
        return MonthDialog(self.context, None, self)

    def copy_table(self) -> None:
        """Copy the whole table."""
        self.view.table.copy_all()

    def pop_up_outputs(self) -> None:
        """Show the menu of the outputs at the upper right, below its button."""
        menu = self.outputs.menu()
        menu.popup(self.mapToGlobal(QPoint(self.width() - menu.sizeHint().width() - PAGE_MARGIN, 0)))

    def show_records(self, row: str, column: str) -> None:
        """Show the records behind a figure."""
        if (figure := self.figure(row, column)) is not None:
            self.behind.show_records(figure)

    def explain(self, row: str, column: str) -> None:
        """Show why a figure stands there."""
        if (figure := self.figure(row, column)) is not None:
            self.behind.explain(figure)

    def figure(self, row: str, column: str) -> AskedFigure | None:
        """Return a figure of the answer that is shown; None while there is none."""
        answer = self.answer()
        if answer is None:
            return None
        return AskedFigure(self.view.table.figures.words(row, column), answer.asked, row, column)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Show the chosen report, or ask again for the one that is shown."""
        self._stale = False
        if self.view.name:
            self.view.ask()
        else:
            self.view.show_report(self.list.name())

    def _choose(self, name: str) -> None:
        keep_view(self.context.settings, _VIEW, {"report": name})
        self.view.show_report(name)

    def _place(self) -> tuple[str, str]:
        place = self.view.table.place()
        assert place is not None, "the command is only offered for a figure"
        return place

"""The records behind a figure of the overview, in the dialog of the reports."""

from __future__ import annotations

from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.services.derivations import report_figures
from kcdesk.services.overview.year_money import YearFigure
from kcdesk.services.reporting import figure_records
from kcdesk.services.reporting.figure_records import FigureRecords
from kcdesk.services.reporting.figures import MoneyUnit
from kcdesk.services.reporting.report_answer import AskedReport
from kcdesk.ui.dossier.list_page import ListPage
from kcdesk.ui.papers.derivation_dialog import DerivationDialog
from kcdesk.ui.planning.quiet_questions import QuietQuestions
from kcdesk.ui.reports.behind_dialog import BehindDialog
from kcdesk.ui.reports.report_outputs import evidence_writer
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page


class MoneyRecords:
    """Asks for the records behind figures of one page and shows them."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._questions = QuietQuestions(page.context, page)
        self._questions.refused.connect(page.context.messages.error)

    def show(self, figure: YearFigure, unit: MoneyUnit) -> None:
        """Find the records behind a figure, then show them."""
        asked = AskedReport(wanted=figure.wanted, unit=unit)
        self._questions.ask(
            (
                lambda workspace: figure_records.figure_records(workspace, asked, figure.row, figure.column),
                lambda behind: self.dialog(figure, behind).open(),
            )
        )

    def dialog(self, figure: YearFigure, behind: FigureRecords) -> BehindDialog:
        """Return the dialog of the records behind a figure."""
        dialog = BehindDialog(self._page.context, figure.label, behind, self._page)
        dialog.record_chosen.connect(self._page.open_requested)
        dialog.list_wanted.connect(lambda kind: self._show_list(kind, figure, behind))
        dialog.why_wanted.connect(lambda: self._explain(figure))
        return dialog

    def _show_list(self, kind: str, figure: YearFigure, behind: FigureRecords) -> None:
        def narrowed(context: Context) -> Page:
            page = ListPage(context, kind, keeps_view=False)
            page.show_records(behind.ids[kind], f"đứng sau số «{figure.label}»")
            return page

        self._page.page_requested.emit(narrowed)

    def _explain(self, figure: YearFigure) -> None:
        self._questions.ask(
            (
                lambda workspace: report_figures.why_figure(workspace, figure.wanted, figure.row, figure.column),
                lambda tree: self._why_dialog(figure, tree).open(),
            )
        )

    def _why_dialog(self, figure: YearFigure, tree: Derivation) -> DerivationDialog:
        writer = evidence_writer(self._page.context, figure.wanted, figure.row, figure.column)
        dialog = DerivationDialog(self._page.context, tree, writer, self._page)
        dialog.cell_chosen.connect(lambda record, _path: self._page.open_requested.emit(record))
        return dialog

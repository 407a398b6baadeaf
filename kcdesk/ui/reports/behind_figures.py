"""What stands behind the figures of a page: their records, the list of these, why a figure is what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kcdesk.runtime.frozen import Value
from kcdesk.services.derivations import report_figures
from kcdesk.services.reporting import comparison, figure_records
from kcdesk.ui.dossier import list_page
from kcdesk.ui.papers import derivation_dialog
from kcdesk.ui.reports import behind_dialog, report_outputs
from kcdesk.ui.reports.latest_questions import LatestQuestions

if TYPE_CHECKING:
    from kcdesk.formdef.derivations.nodes import Derivation
    from kcdesk.services.reporting.figure_records import FigureRecords
    from kcdesk.services.reporting.report_answer import AskedReport
    from kcdesk.ui.papers.derivation_dialog import DerivationDialog
    from kcdesk.ui.reports.behind_dialog import BehindDialog
    from kcdesk.ui.shell.context import Context
    from kcdesk.ui.shell.page import Page


class AskedFigure(Value):
    """A figure that a page shows: `words` name it, the rest is where its report gives it."""

    words: str
    asked: AskedReport
    row: str
    column: str


class BehindFigures:
    """Asks in the background what stands behind a figure of one page, and shows it in dialogs over that page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.questions = LatestQuestions(page.context, page)

    def show_records(self, figure: AskedFigure) -> None:
        """Show the records behind a figure."""
        if self._is_change(figure):
            return
        self.questions.ask(
            lambda workspace: figure_records.figure_records(workspace, figure.asked, figure.row, figure.column),
            text="Đang tìm hồ sơ đứng sau một số",
            done=lambda behind: self.records_dialog(figure, behind).open(),
            failed=self._page.context.messages.error,
        )

    def records_dialog(self, figure: AskedFigure, behind: FigureRecords) -> BehindDialog:
        """Return the dialog of the records behind a figure."""
        dialog = behind_dialog.BehindDialog(self._page.context, figure.words, behind, self._page)
        dialog.record_chosen.connect(self._page.open_requested)
        dialog.list_wanted.connect(lambda kind: self._show_list(kind, figure, behind))
        dialog.why_wanted.connect(lambda: self.explain(figure))
        return dialog

    def explain(self, figure: AskedFigure) -> None:
        """Show why a figure stands there."""
        if self._is_change(figure):
            return
        wanted, column = comparison.asked_before(figure.asked.wanted, figure.column)

        def why_dialog(tree: Derivation) -> DerivationDialog:
            context = self._page.context
            writer = report_outputs.evidence_writer(context, wanted, figure.row, column)
            dialog = derivation_dialog.DerivationDialog(context, tree, writer, self._page)
            dialog.cell_chosen.connect(lambda record, _path: self._page.open_requested.emit(record))
            return dialog

        self.questions.ask(
            lambda workspace: report_figures.why_figure(workspace, wanted, figure.row, column),
            text="Đang tìm vì sao có một số",
            done=lambda tree: why_dialog(tree).open(),
            failed=self._page.context.messages.error,
        )

    def _is_change(self, figure: AskedFigure) -> bool:
        """Tell that a change is made of two figures, each with records of its own."""
        if figure.column.endswith(comparison.CHANGE):
            self._page.context.messages.notice("Số tăng, giảm tính từ hai số bên trái: hãy mở từng số.")
            return True
        return False

    def _show_list(self, kind: str, figure: AskedFigure, behind: FigureRecords) -> None:
        def narrowed(context: Context) -> Page:
            page = list_page.ListPage(context, kind, keeps_view=False)
            page.show_records(behind.ids[kind], f"đứng sau số «{figure.words}»")
            return page

        self._page.page_requested.emit(narrowed)

"""The paper behind a deadline: of its dossier, of a month of contracts, or the report of a period in words."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kcdesk.services.deadlines.listing import Due
from kcdesk.services.overview import monthly_progress
from kcdesk.services.papers import printing
from kcdesk.services.reporting import summary_paper
from kcdesk.ui.papers.month_dialog import MonthDialog
from kcdesk.ui.papers.preview_dialog import PreviewDialog
from kcdesk.ui.reports.summary_dialog import SummaryDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog


def open_paper(context: Context, due: Due, parent: QWidget) -> None:
    """Show the paper of a deadline."""
    paper_dialog(context, due, parent).exec()


def paper_dialog(context: Context, due: Due, parent: QWidget) -> Dialog:
    """Return the dialog with the paper of a deadline; call only for one that has a paper."""
    paper = due.papers[0]
    if paper in monthly_progress.LAYOUTS:
        return MonthDialog(context, due.rule_day, parent, paper)
    if paper == summary_paper.LAYOUT:
        return SummaryDialog(context, parent)
    offered = {offered.name for offered in printing.papers_of(context.workspace, due.id)}
    return PreviewDialog(context, due.id, parent, next((name for name in due.papers if name in offered), ""))

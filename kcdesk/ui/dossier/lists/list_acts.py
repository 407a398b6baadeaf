"""What a list page does with its rows at once: groups with sums, named views, a step for all marked, pasted tables."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QTableView, QWidget

from kcdesk.services.records import pasted_records
from kcdesk.ui.dossier.list_tools import ListTools
from kcdesk.ui.dossier.lists.groups_dialog import GroupsDialog
from kcdesk.ui.dossier.lists.list_questions import ListQuestions
from kcdesk.ui.dossier.lists.paste_dialog import PasteDialog
from kcdesk.ui.dossier.lists.step_menu import StepMenu
from kcdesk.ui.dossier.record_model import RecordModel
from kcdesk.ui.shell.context import Context


class ActingPage(Protocol):
    """What a list page lends to its acts."""

    kind: str
    context: Context
    model: RecordModel
    tools: ListTools
    questions: ListQuestions
    views_button: QPushButton

    @property
    def table(self) -> QTableView:
        """Return the rows."""

    def current_id(self) -> str:
        """Return the id of the selected record."""


class ListActs:
    """Acts on one list page; dialogs belong to its window."""

    def __init__(self, page: ActingPage, window: QWidget) -> None:
        self._page, self._window = page, window

    def group(self) -> None:
        """Show the list in groups with sums; a chosen group narrows the list to its records."""
        page, query = self._page, self._page.model.query
        dialog = GroupsDialog(page.context, page.kind, query.search, page.model.narrowed_where(), self._window)
        if dialog.exec() and dialog.chosen:
            page.questions.narrow(dialog.chosen)

    def offer_views(self) -> None:
        """Show the menu of the named views above its button."""
        button, menu = self._page.views_button, self._page.questions.menu()
        menu.exec(button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
        menu.deleteLater()

    def offer_steps(self) -> None:
        """Show below the current row the steps that the marked records have; without marks, those of its record."""
        page = self._page
        ids = [row.id for row in page.tools.marked()] or [page.current_id()]
        if any(ids):
            row = page.table.visualRect(page.table.currentIndex())
            place = row.bottomLeft() if page.table.viewport().rect().intersects(row) else QPoint()
            StepMenu(page.context, ids, self._window).pop_up(page.table.viewport().mapToGlobal(place))

    def paste(self) -> None:
        """Make records of the table in the clipboard, after showing what it says."""
        page, text = self._page, QGuiApplication.clipboard().text()
        if not text.strip():
            page.context.messages.notice("Chưa chép bảng nào trong Excel.")
            return
        workspace, messages = page.context.workspace, page.context.messages
        table = messages.guarded(lambda: pasted_records.from_text(workspace, page.kind, text))
        if table is not None and PasteDialog(page.context, table, self._window).exec():
            made = page.context.act(lambda: pasted_records.write_all(workspace, table))
            if made is not None:
                messages.notice(f"Đã lập {len(table.rows)} hồ sơ.")

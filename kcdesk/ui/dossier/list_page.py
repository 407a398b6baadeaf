"""A list page: filter chips, a table read page by page, and a message when it is empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from kcdesk.runtime.frozen import replace
from kcdesk.services.overview import monthly_progress
from kcdesk.services.papers import printing
from kcdesk.services.questions.saved_views import SavedView
from kcdesk.services.records import copies
from kcdesk.services.records.changing import Changes
from kcdesk.text import format_integer
from kcdesk.ui.dossier.beginning import begin_record
from kcdesk.ui.dossier.filter_chips import FilterChips
from kcdesk.ui.dossier.list_tools import ListTools, chosen_columns
from kcdesk.ui.dossier.lists.list_acts import ListActs
from kcdesk.ui.dossier.lists.list_parts import EmptyState, quiet_button, record_table
from kcdesk.ui.dossier.lists.list_questions import ListLook, ListQuestions
from kcdesk.ui.dossier.record_model import ID_ROLE, RecordListQuery, RecordModel, first_query
from kcdesk.ui.dossier.units.unit_acts import UnitActs
from kcdesk.ui.intake import sheet_opening
from kcdesk.ui.papers.month_dialog import MonthDialog
from kcdesk.ui.papers.preview_dialog import PreviewDialog
from kcdesk.ui.papers.several_dialog import SeveralDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.deletion import delete_asked, delete_several_asked
from kcdesk.ui.shell.kept_views import keep_view, kept_view
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.shell.worker import Job
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.qt import soon
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

_STEPS = "Chuyển bước…"


class ListPage(Page):
    """All records of one kind; Enter opens the selected one. `keeps_view`: filter, order and place come back later."""

    def __init__(self, context: Context, kind: str, *, keeps_view: bool = True) -> None:
        super().__init__(context)
        self._keeps_view = keeps_view
        self.kind = self.help_topic = self.listed_kind = kind
        self.form = context.workspace.forms.current(kind, context.workspace.today())
        self.title = self.form.plural
        self.search_hint = f"Tìm {self.form.plural.lower()} (Ctrl+F)"
        self.model = RecordModel(context.workspace, context.theme, self.form, chosen_columns(context, kind))
        self.chips = FilterChips(context.workspace, self.form)
        self.chips.changed.connect(self._filter)
        self.questions = ListQuestions(context, kind, self._look)
        self.questions.changed.connect(self._filter)
        self.questions.view_chosen.connect(self._show_view)
        self.table = record_table(self.model)
        self.tools = ListTools(context, self.model, self.table)
        self.acts = ListActs(self, self)
        marked_ids = lambda: self.tools.chosen_ids(self.current_id())  # noqa: E731 - asked at each act
        self.units = UnitActs(self, self.kind, marked_ids, self.copy, self.tools.go_to)
        self.empty = EmptyState()
        self.count = labelled(role="muted")
        self.marks = labelled(role="strong")  # the sums of what is marked
        self.marks.setVisible(False)
        self.question_button = quiet_button("Lọc thêm…", "Lọc theo điều kiện trên ô bất kỳ", self.questions.ask)
        self.groups_button = quiet_button("Nhóm, cộng…", "Nhóm danh sách đang thấy và cộng số tiền", self.acts.group)
        self.views_button = quiet_button(
            "Cách xem…", "Xem theo cách đã lưu, hoặc lưu cách đang xem", self.acts.offer_views
        )
        self.columns_button = quiet_button("Cột…", "Chọn các cột của danh sách", self.choose_columns)
        self.export_button = quiet_button(
            "Xuất Excel…", "Ghi danh sách đang thấy, hoặc các dòng đang chọn", self.export
        )
        self._stale = True
        self._sized = False
        self._first_row, self._first_scroll = "", 0  # where the officer was in the last session
        if keeps_view:
            self._return_to_view()
        self._wire()
        self._lay_out()

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand:
        """ "Lập đề án"."""
        return PageCommand(self.form.new_label, self.begin_new)

    def commands(self) -> Mapping[str, PageCommand]:
        """Return a new record; printing and deleting when a row is selected."""
        offered = {"new": self.main_action()}
        if self.current_id():
            if printing.papers(self.context.workspace, self.kind):
                offered["print"] = PageCommand("Xem và in…", self.preview)
            offered["take_step"] = PageCommand(_STEPS, self.acts.offer_steps)
            offered["delete"] = PageCommand("Xoá hồ sơ…", self.delete)
        offered |= self.units.commands()
        offered["load_sheet"] = sheet_opening.command(self, kind=self.kind)
        if monthly_progress.is_reported_monthly(self.context.workspace, self.kind):
            offered["month"] = PageCommand("Báo cáo tháng…", lambda: self.month_dialog().open())
        return offered

    def month_dialog(self) -> MonthDialog:
        """Return the monthly report on the records of the list."""
        return MonthDialog(self.context, None, self)

    def search(self, text: str) -> None:
        """Show only records that contain `text`, ignoring accents."""
        self._show(replace(self.model.query, search=text))

    def show_matches(self, kind: str, search: str, where: Mapping[str, Any]) -> None:
        """Show only these records; the chips say what is filtered."""
        assert kind == self.kind, "each list shows one kind"
        self.chips.choose(where)
        self.questions.forget()
        self._show(replace(self.model.query, search=search, where=dict(where)))

    def show_records(self, ids: Sequence[str], words: str) -> None:
        """Show only these records, with a chip that says why."""
        self.chips.give(ids, words)
        self._filter()

    def search_text(self) -> str:
        """Return the search text."""
        return self.model.query.search

    def on_show(self) -> None:
        """Show changes and focus the table, at the same row as before."""
        if self._stale:
            self._reload()
        (self.table if self.model.rowCount() else self.empty.button).setFocus()

    def refresh(self, changes: Changes, initiator: object) -> None:
        """Read again: at once when visible, else when shown next."""
        del changes
        self._stale = initiator is not self
        if self._stale and self.isVisible():
            self._reload()

    def on_leave(self) -> None:
        """Keep filter, order and place, and the column widths set by the officer."""
        if self._keeps_view and not self._stale:
            self._keep_view()
        if self.table.by_hand:
            state = self.table.horizontalHeader().saveState().toBase64()
            self.context.settings.columns[self.kind] = state.toStdString()

    # -- actions of the officer ------------------------------------------------------------------------------------

    def begin_new(self) -> None:
        """Create a draft and open it; one that belongs to another record is asked for that first."""
        begin_record(self, self.kind)

    def current_id(self) -> str:
        """Return the id of the selected record, "" for none."""
        return self.table.currentIndex().data(ID_ROLE) or ""

    def open_current(self) -> None:
        """Open the selected record in place."""
        if self.current_id():
            self.open_requested.emit(self.current_id())

    def copy(self) -> None:
        """Make a new record from the selected one and open it."""
        made = self.context.act(lambda: copies.copy(self.context.workspace, self.current_id()), self)
        if made is not None:
            self._stale = True
            self.open_requested.emit(made.items[0].id)

    def delete(self) -> None:
        """Ask whether to delete the selected record, or the marked ones."""
        if len(marked := self.tools.marked()) > 1:
            delete_several_asked(self.context, marked)
        elif self.current_id():
            delete_asked(self.context, self.current_id())

    def preview(self) -> None:
        """Show the print preview of the selected record's papers, or of one paper of all marked records."""
        if self.current_id():
            self.preview_dialog().exec()

    def preview_dialog(self) -> PreviewDialog:
        """Return the print preview of the selected record, or of the marked ones together."""
        if len(marked := self.tools.marked()) > 1:
            return SeveralDialog(self.context, [row.id for row in marked], self)
        return PreviewDialog(self.context, self.current_id(), self)

    def cancel(self) -> None:
        """Mark only the current row again (Esc)."""
        self.tools.mark_only_current()

    def export(self) -> Job | None:
        """Write the marked rows, or the list as it is filtered, to a workbook."""
        return self.tools.export(self._filtered_in_words())

    def choose_columns(self) -> None:
        """Let the officer choose the columns."""
        dialog = self.tools.columns_dialog()
        if dialog.exec():
            self.show_columns(dialog.names())

    def show_columns(self, names: Sequence[str]) -> None:
        """Show these columns, now and later."""
        self.tools.keep_columns(names)
        self.table.set_title_column(self.model.title_column)
        self._sized = False
        self._settle(None)

    def _filtered_in_words(self) -> str:
        """Return the filter and the search as a line for the workbook; "" for the whole list."""
        searched = f"Tìm «{self.model.query.search}»" if self.model.query.search else ""
        return "; ".join(filter(None, (*self.chips.in_words(), *self.questions.in_words(), searched)))

    def clear_filters(self) -> None:
        """Clear all filters."""
        self.chips.clear()
        self.questions.forget()
        self._show(replace(self.model.query, search="", where={}))
        self.title_changed.emit()

    # -- inside --------------------------------------------------------------------------------------------------

    def _return_to_view(self) -> None:
        """Take the order, the filter and the place of the last session, as far as they still make sense."""
        view, query = kept_view(self.context.settings, self._view_name), self.model.query
        sortable = {column.name for column in self.model.columns if column.sortable}
        if view.get("order") in sortable:
            query = replace(query, order=view["order"], descending=bool(view.get("descending")))
        where = view.get("where")
        possible = self.chips.still_possible(where) if isinstance(where, dict) else {}
        self.chips.choose(possible)
        self.model.query = replace(query, where=possible)
        row, scroll = view.get("row"), view.get("scroll")
        self._first_row = row if isinstance(row, str) else ""
        self._first_scroll = scroll if isinstance(scroll, int) else 0

    def _keep_view(self) -> None:
        query, own = self.model.query, first_query(self.form)
        view: dict[str, Any] = {"row": self.current_id(), "scroll": self.table.verticalScrollBar().value()}
        if (query.order, query.descending) != (own.order, own.descending):
            view |= {"order": query.order, "descending": query.descending}
        view |= {"where": self.chips.where()}
        keep_view(self.context.settings, self._view_name, {name: value for name, value in view.items() if value})

    @property
    def _view_name(self) -> str:
        return f"list.{self.kind}"

    def _wire(self) -> None:
        self.table.activated.connect(lambda _index: self.open_current())
        self.table.selectionModel().currentRowChanged.connect(lambda *_rows: self.title_changed.emit())
        self.table.selectionModel().selectionChanged.connect(lambda *_ranges: self._sum_up())
        header = self.table.horizontalHeader()
        header.setSortIndicator(self._shown_order(), self._direction())
        header.sortIndicatorChanged.connect(self._sort)
        printable = printing.papers(self.context.workspace, self.kind)
        to_print = [("Xem và in…", "Ctrl+P", "", self.preview)] if printable else []  # the key is the menu's
        for label, shown, key, act in (
            ("Mở", "Enter", "", self.open_current),  # the table itself says that a row is opened
            *((command.label, "", "", command.run) for command in self.units.of_rows()),
            ("Chọn tất cả", "Ctrl+A", "Ctrl+A", self.tools.mark_all),
            ("Chép các dòng đang chọn", "Ctrl+C", "Ctrl+C", self.tools.copy),
            ("Dán từ Excel thành hồ sơ…", "Ctrl+V", "Ctrl+V", self.acts.paste),
            (_STEPS, "", "", self.acts.offer_steps),
            *to_print,
            (sheet_opening.LABEL, "", "", sheet_opening.command(self, kind=self.kind).run),
            ("Xuất Excel…", "", "", self.export),
            ("Chọn cột…", "", "", self.choose_columns),
            ("Xoá hồ sơ…", "Delete", "Del", self.delete),
        ):
            action = QAction(f"{label}\t{shown}" if shown else label, self.table)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(act)
            self.table.addAction(action)
        self.empty.button.decided.connect(self._do_what_helps)

    def _lay_out(self) -> None:
        self.top = QHBoxLayout()
        self.top.addWidget(self.chips, 1)
        self.top.addWidget(self.count)
        foot = FlowRow()
        foot.add(self.marks)
        for button in (self.question_button, self.groups_button, self.views_button):
            foot.add_right(button)
        foot.add_right(self.columns_button)
        foot.add_right(self.export_button)
        self._body = QStackedWidget()
        self._body.addWidget(self.table)
        self._body.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addLayout(self.top)
        column.addWidget(self.questions)
        column.addWidget(self._body, 1)
        column.addWidget(foot)

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        if (column, order) == (self._shown_order(), self._direction()):
            return
        self.model.sort(column, order)
        self._settle(None)

    def _filter(self) -> None:
        self._show(replace(self.model.query, where=self.questions.where(self.chips.where())))

    def _look(self) -> ListLook:
        query, columns = self.model.query, tuple(column.name for column in self.model.columns)
        return ListLook(self.chips.where(), query.search, query.order, query.descending, columns)

    def _show_view(self, view: SavedView) -> None:
        """Show the list as a named view says."""
        self.chips.choose(view.chosen)
        if view.columns:
            self.show_columns(view.columns)
        where = self.questions.where(self.chips.where())
        order = view.order or self.model.query.order
        self._show(RecordListQuery(view.search, where, order, view.descending))

    def _show(self, query: RecordListQuery) -> None:
        self.model.show(query)
        self._settle(None)

    def _reload(self) -> None:
        kept, place = self.current_id() or self._first_row, self.table.currentIndex().row()
        scrolled = self.table.verticalScrollBar().value() or self._first_scroll
        self._first_row, self._first_scroll = "", 0
        self.model.reload()
        row = self.model.row_of(kept) if kept else -1
        self._settle(row if row >= 0 else min(place, self.model.rowCount() - 1))
        soon(self.table, lambda: self.table.verticalScrollBar().setValue(scrolled))  # when it has rows
        self._stale = False

    def _settle(self, place: int | None) -> None:
        """After reading: select a row, show the table or the empty state, count a moment later."""
        place = 0 if place is None or place < 0 else place
        if self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(place, 0))
            self._size_columns()
            self.table.fit_rows()
            self._body.setCurrentWidget(self.table)
        else:
            self._explain_emptiness()
            self._body.setCurrentWidget(self.empty)
        self._sum_up()  # Qt does not say that the marked rows went with a list that was read again
        soon(self, self._show_count)
        self.title_changed.emit()

    def _show_count(self) -> None:
        if not self.isVisible():
            return
        number = self.model.total()
        self.count.setText(f"{format_integer(number)} hồ sơ" if number else "")

    def _sum_up(self) -> None:
        """Show how many rows are marked, with the sums of their amounts, below the list."""
        summary = self.tools.summary()
        self.marks.setText(summary)
        self.marks.setVisible(bool(summary))

    @property
    def _narrowed(self) -> bool:
        return bool(self.model.query.search or self.model.query.where)

    def _explain_emptiness(self) -> None:
        if self._narrowed:
            self.empty.show_text("Không có hồ sơ nào khớp với điều đang tìm và lọc.", "Bỏ tìm và lọc")
        else:
            self.empty.show_text(self.form.empty_text, self.form.new_label)

    def _do_what_helps(self) -> None:
        if self._narrowed:
            self.clear_filters()
        else:
            self.begin_new()

    def _size_columns(self) -> None:
        """Set the widths once: the saved ones, else what the first rows need; the title gets the rest."""
        if self._sized:
            return
        self._sized = True
        header = self.table.horizontalHeader()
        kept = self.context.settings.columns.get(self.kind, "")
        if not kept or not header.restoreState(QByteArray.fromBase64(kept.encode())):
            self.table.fit_columns()
        else:
            self.table.by_hand = True
        header.setSortIndicator(self._shown_order(), self._direction())

    def _shown_order(self) -> int:
        names = [column.name for column in self.model.columns]
        return names.index(self.model.query.order) if self.model.query.order in names else -1

    def _direction(self) -> Qt.SortOrder:
        return Qt.SortOrder.DescendingOrder if self.model.query.descending else Qt.SortOrder.AscendingOrder

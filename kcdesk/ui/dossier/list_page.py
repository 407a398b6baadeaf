"""A list page: filter chips, a table read page by page, and a message when it is empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kcdesk.services.records import changing
from kcdesk.services.records.changing import Changes
from kcdesk.text import format_integer
from kcdesk.ui.dossier.filter_chips import FilterChips
from kcdesk.ui.dossier.record_model import ID_ROLE, RecordListQuery, RecordModel
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit.tables import TitledTable
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled


class ListPage(Page):
    """All records of one kind; Enter opens the selected one."""

    def __init__(self, context: Context, kind: str) -> None:
        super().__init__(context)
        self.kind = kind
        self.form = context.workspace.forms.current(kind, context.workspace.today())
        self.title = self.form.plural
        self.search_hint = f"Tìm {self.form.plural.lower()} (Ctrl+F)"
        self.model = RecordModel(context.workspace, context.theme, self.form)
        self.chips = FilterChips(context.workspace, self.form)
        self.chips.changed.connect(self._filter)
        self.table = _table(self.model)
        self.empty = EmptyState()
        self.count = labelled(role="muted")
        self._stale = True
        self._sized = False
        self._wire()
        self._lay_out()

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand:
        """ "Lập đề án"."""
        return PageCommand(self.form.new_label, self.begin_new)

    def commands(self) -> Mapping[str, PageCommand]:
        """Return a new record, and deleting when a row is selected."""
        offered = {"new": self.main_action()}
        if self.current_id():
            offered["delete"] = PageCommand("Xoá hồ sơ", self.delete)
        return offered

    def search(self, text: str) -> None:
        """Show only records that contain `text`, ignoring accents."""
        self._show(replace(self.model.query, search=text))

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
        """Save the column widths set by the officer."""
        if self.table.by_hand:
            state = self.table.horizontalHeader().saveState().toBase64()
            self.context.settings.columns[self.kind] = state.toStdString()

    # -- actions of the officer ------------------------------------------------------------------------------------

    def begin_new(self) -> None:
        """Create a draft and open it."""
        made = self.context.act(lambda: changing.add(self.context.workspace, self.kind, {}), self)
        if made is not None:
            self._stale = True
            self.open_requested.emit(made.items[0].id)

    def current_id(self) -> str:
        """Return the id of the selected record, "" for none."""
        return self.table.currentIndex().data(ID_ROLE) or ""

    def open_current(self) -> None:
        """Open the selected record in place."""
        if self.current_id():
            self.open_requested.emit(self.current_id())

    def delete(self) -> None:
        """Delete the selected record at once and offer undo."""
        index = self.table.currentIndex()
        if not index.isValid():
            return
        row = self.model.row_at(index.row())
        workspace = self.context.workspace
        if self.context.act(lambda: changing.delete(workspace, row.id)) is not None:
            self.context.messages.notice(
                f"Đã xoá «{row.title}».", undo=lambda: self.context.act(lambda: changing.undo(workspace))
            )

    def clear_filters(self) -> None:
        """Clear all filters."""
        self.chips.clear()
        self._show(replace(self.model.query, search="", where={}))
        self.title_changed.emit()

    # -- inside --------------------------------------------------------------------------------------------------

    def _wire(self) -> None:
        self.table.activated.connect(lambda _index: self.open_current())
        self.table.selectionModel().currentRowChanged.connect(lambda *_rows: self.title_changed.emit())
        header = self.table.horizontalHeader()
        header.setSortIndicator(self._shown_order(), self._direction())
        header.sortIndicatorChanged.connect(self._sort)
        for label, key, act in (("Mở", "Return", self.open_current), ("Xoá hồ sơ", "Del", self.delete)):
            action = QAction(label, self.table)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(act)
            self.table.addAction(action)
        self.empty.button.clicked.connect(self._do_what_helps)

    def _lay_out(self) -> None:
        self.top = QHBoxLayout()
        self.top.addWidget(self.chips, 1)
        self.top.addWidget(self.count)
        self._body = QStackedWidget()
        self._body.addWidget(self.table)
        self._body.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addLayout(self.top)
        column.addWidget(self._body, 1)

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        if (column, order) == (self._shown_order(), self._direction()):
            return
        self.model.sort(column, order)
        self._settle(None)

    def _filter(self) -> None:
        self._show(replace(self.model.query, where=self.chips.where()))

    def _show(self, query: RecordListQuery) -> None:
        self.model.show(query)
        self._settle(None)

    def _reload(self) -> None:
        kept, place = self.current_id(), self.table.currentIndex().row()
        scrolled = self.table.verticalScrollBar().value()
        self.model.reload()
        row = self.model.row_of(kept) if kept else -1
        self._settle(row if row >= 0 else min(place, self.model.rowCount() - 1))
        self.table.verticalScrollBar().setValue(scrolled)
        self._stale = False

    def _settle(self, place: int | None) -> None:
        """After reading: select a row, show the table or the empty state, count a moment later."""
        place = 0 if place is None or place < 0 else place
        if self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(place, 0))
            self._size_columns()
            self._body.setCurrentWidget(self.table)
        else:
            self._explain_emptiness()
            self._body.setCurrentWidget(self.empty)
        QTimer.singleShot(0, self, self._show_count)
        self.title_changed.emit()

    def _show_count(self) -> None:
        if not self.isVisible():
            return
        number = self.model.total()
        self.count.setText(f"{format_integer(number)} hồ sơ" if number else "")

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


class EmptyState(QWidget):
    """The message of an empty list and a button with the next action."""

    def __init__(self) -> None:
        super().__init__()
        self.message: QLabel = labelled(role="muted", wrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QPushButton()
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(self.message)
        column.addSpacing(FIELD_GAP)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_text(self, text: str, act_label: str) -> None:
        """Show a message and the label of the button."""
        self.message.setText(text)
        self.button.setText(act_label)


def _table(model: RecordModel) -> TitledTable:
    table = TitledTable(model.title_column)
    table.setObjectName(f"list.{model.form.id}")
    table.setModel(model)
    table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    header = table.horizontalHeader()
    header.setSectionsClickable(True)
    header.setSortIndicatorShown(True)
    return table

"""The grid of a table field: typing, moving, pasting and deleting by keyboard as in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QSizePolicy,
    QTableView,
    QWidget,
)

from kcdesk.ui.form.editors.base import PathValues
from kcdesk.ui.form.editors.inputs import WHY
from kcdesk.ui.form.form_scroll import show_in_page
from kcdesk.ui.form.table_model import RowsModel
from kcdesk.ui.form.tables.column_widths import HEADING_PADDING, ColumnWidths
from kcdesk.ui.form.tables.frozen_column import FrozenColumn
from kcdesk.ui.form.tables.table_cells import ENTER, CellDelegate
from kcdesk.ui.form.tables.table_clipboard import copied, pasted
from kcdesk.ui.form.tables.table_menu import row_menu
from kcdesk.ui.toolkit.qt import Index
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import ROW_HEIGHT

MOST_ROWS = 14  # rows visible without scrolling inside the table
Control = Qt.KeyboardModifier.ControlModifier
Alt = Qt.KeyboardModifier.AltModifier


class RowsView(QTableView):
    """The grid; as high as its rows, so that the page scrolls and not the table.

    Signals:
        wrote: the record has changed.
        left_behind: Enter in an untouched last row; go to the next field.
        suggestions_wanted: Ctrl+Shift+G; add the usual rows.
        entered, left: the table got or lost the focus.
        why_wanted: why does the number of the current cell stand there?
        widths_set: the officer has set the width of a column; carries all such widths by column name.
    """

    wrote = Signal(dict)
    left_behind = Signal()
    suggestions_wanted = Signal()
    entered_table = Signal()
    left_table = Signal()
    widths_set = Signal(dict)
    why_wanted = Signal()

    def __init__(self, model: RowsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self._rows = model
        self._heading_height = scaled(ROW_HEIGHT)
        self.cells = CellDelegate(model, self)
        self.setItemDelegate(self.cells)
        self.frozen = FrozenColumn(self, CellDelegate(model, self))
        self.cells.wrote.connect(self.wrote)
        self.cells.moved_on.connect(self._move_on)
        self.cells.range_pasted.connect(self._paste_over)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.widths = ColumnWidths(model)
        self.most_rows = MOST_ROWS
        self._arranging = False  # whether the program itself sets widths
        self._set_headers()
        for changed in (model.dataChanged, model.modelReset, model.rowsRemoved):
            changed.connect(self._give_room)
        model.dataChanged.connect(self._fit_rows)
        model.modelReset.connect(self.fit)
        model.rowsInserted.connect(self.fit)
        model.rowsRemoved.connect(self.fit)

    def _set_headers(self) -> None:
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.AnyKeyPressed | triggers.EditKeyPressed)
        self.verticalHeader().setMinimumSectionSize(scaled(ROW_HEIGHT))
        self.verticalHeader().setDefaultSectionSize(scaled(ROW_HEIGHT))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().sectionResized.connect(self._set_by_hand)
        self.horizontalHeader().sectionHandleDoubleClicked.connect(self._free_width)
        self.setCornerButtonEnabled(False)

    # -- size ------------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Make rows as high as their texts and the table as high as its rows."""
        if self.isVisible():
            self.resizeRowsToContents()
        self._fit_height()

    def _fit_rows(self, first: Index, last: Index) -> None:
        """Make changed rows as high as their texts and the table as high as its rows."""
        if self.isVisible():
            for row in range(first.row(), last.row() + 1):
                self.resizeRowToContents(row)
        self._fit_height()

    def _fit_height(self) -> None:
        height = self._height()
        if height != self.height():
            self.setFixedHeight(height)

    def _give_room(self) -> None:
        """Update the widths when a number needs more room, or an optional column is used for the first time."""
        if self.widths.unused != self.widths.now_unused() or self._widths() != self._shown_widths():
            self.show_columns()

    def _shown_widths(self) -> dict[int, int]:
        shown = (place for place in range(len(self._rows.columns)) if not self.isColumnHidden(place))
        return {place: self.columnWidth(place) for place in shown}

    def _height(self) -> int:
        rows = [self.rowHeight(row) for row in range(self._rows.rowCount())]
        bar = 0 if self.fits_in_width() else self.horizontalScrollBar().sizeHint().height()
        fits = len(rows) <= self.most_rows
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(policy)
        return self._heading_height + sum(rows[: self.most_rows]) + 2 * self.frameWidth() + bar

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the remaining width among the text columns."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.show_columns()

    def changeEvent(self, event: QEvent) -> None:
        """Fit rows and columns to other letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.verticalHeader().setMinimumSectionSize(scaled(ROW_HEIGHT))
            self.verticalHeader().setDefaultSectionSize(scaled(ROW_HEIGHT))
            self.show_columns()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the heights: they are known only when the table is visible."""
        super().showEvent(event)
        self.fit()

    def fits_in_width(self) -> bool:
        """Return whether every column is in sight."""
        return self.horizontalHeader().length() <= self.viewport().width()

    def show_columns(self) -> None:
        """Set the width of every column that applies to the record, and the height of the heading."""
        self.widths.look_again()
        self._arranging = True
        for place, column in enumerate(self._rows.columns):
            self.setColumnHidden(place, column.name in self._rows.hidden)
        for place, width in self._widths().items():
            self.setColumnWidth(place, width)
        self._arranging = False
        self._fit_heading()
        self.fit()
        self.frozen.arrange()

    def _widths(self) -> dict[int, int]:
        return self.widths.within(self.viewport().width(), self.horizontalHeader().font())

    def _set_by_hand(self, place: int, _before: int, width: int) -> None:
        """Keep the width that the officer has set."""
        if not self._arranging and width:
            self.widths.by_hand[self._rows.columns[place].name] = width
            self.widths_set.emit(dict(self.widths.by_hand))
            self._fit_heading()
            self.fit()

    def _free_width(self, place: int) -> None:
        """Let a column have its own width again after a double click on its border."""
        self.widths.by_hand.pop(self._rows.columns[place].name, None)
        self.widths_set.emit(dict(self.widths.by_hand))
        self.show_columns()

    def _fit_heading(self) -> None:
        metrics, flag = self.horizontalHeader().fontMetrics(), Qt.TextFlag.TextWordWrap
        texts = {place: self._rows.heading(self._rows.columns[place]) for place in self._shown_widths()}
        heights = [
            metrics.boundingRect(0, 0, width - scaled(HEADING_PADDING), 1000, flag, texts[place]).height()
            for place, width in self._shown_widths().items()
        ]
        self._heading_height = max(heights, default=0) + scaled(HEADING_PADDING)
        self.horizontalHeader().setFixedHeight(self._heading_height)

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a cell in sight, beside the frozen column."""
        super().scrollTo(index, hint)
        bar = self.horizontalScrollBar()
        hidden = self.frozen.covered() - self.visualRect(index).left()
        if hidden > 0 and index.column() != self.frozen.column:
            bar.setValue(bar.value() - hidden)

    # -- moving ----------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Enter at the first cell with Tab, at the last with Shift+Tab."""
        super().focusInEvent(event)
        self.entered_table.emit()
        if event.reason() == Qt.FocusReason.TabFocusReason or not self.currentIndex().isValid():
            self._go_to(self._next(None, 1))
        elif event.reason() == Qt.FocusReason.BacktabFocusReason:
            self._go_to(self._next(None, -1))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Emit `left` when the focus leaves the table, also from a cell."""
        super().focusOutEvent(event)
        if self.state() != QAbstractItemView.State.EditingState:
            self.left_table.emit()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go from cell to cell with Tab, and out of the table at its ends or when it is hidden."""
        following = None if self.isHidden() else self._next(self.currentIndex(), 1 if forward else -1)
        if following is None or (forward and self._rows.is_new(self.currentIndex().row())):
            return super().focusNextPrevChild(forward)
        self._go_to(following)
        return True

    def _move_on(self, direction: int) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if direction:
            if not self.focusNextPrevChild(direction > 0):
                self.left_behind.emit()
        else:
            self.go_on()

    def go_on(self) -> None:
        """Go to the next cell, from the last one to a new row, from an untouched new row to the next field (Enter)."""
        following = self._next(self.currentIndex(), 1)
        if self._rows.is_new(self.currentIndex().row()) or following is None:
            self.left_behind.emit()
        else:
            self._go_to(following)

    def go_to_new(self) -> None:
        """Begin a row."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._go_to(self._next(self._rows.index(len(self._rows.rows), 0), 1, same=True))

    def go_to(self, row_id: str, column: str) -> None:
        """Go to a cell of a row; to its first cell when no column is given."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        names = [field.name for field in self._rows.columns]
        for row, stored in enumerate(self._rows.rows):
            if stored["id"] == row_id:
                self._go_to(self._rows.index(row, names.index(column) if column in names else 0))

    def _next(self, index: QModelIndex | None, step: int, *, same: bool = False) -> QModelIndex | None:
        """Return the next editable cell, row by row."""
        columns = len(self._rows.columns)
        count = columns * self._rows.rowCount()
        if index is None or not index.isValid():
            place = 0 if step > 0 else count - 1
        else:
            place = index.row() * columns + index.column() + (0 if same else step)
        while 0 <= place < count:
            candidate = self._rows.index(place // columns, place % columns)
            if self._rows.can_edit(candidate):
                return candidate
            place += step
        return None

    def _go_to(self, index: QModelIndex | None) -> None:
        if index is not None:
            self.setCurrentIndex(index)
            self.scrollTo(index)
            show_in_page(self, self.visualRect(index))

    # -- keys ------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle spreadsheet keys; other keys begin typing in the cell."""
        action = self._action(event)
        if action is None:
            super().keyPressEvent(event)
        else:
            action()
            event.accept()

    def _action(self, event: QKeyEvent) -> Callable[[], None] | None:
        key, held = event.key(), event.modifiers()
        if key in ENTER:
            return None if held & Control else self.go_on  # Ctrl+Enter is the main action of the page
        if key == Qt.Key.Key_Delete:
            return self.remove_row if held & Control else self.clear_cells
        if held & Control and held & Qt.KeyboardModifier.ShiftModifier and key == Qt.Key.Key_G:
            return self.suggestions_wanted.emit
        if held & Control and key == Qt.Key.Key_V:
            return self.paste
        if held & Control and key in (Qt.Key.Key_C, Qt.Key.Key_Insert):
            return self.copy
        if held & Control and key == Qt.Key.Key_D:
            return self.fill_down
        if key == Qt.Key.Key_Escape and len(self.selectedIndexes()) > 1:
            return lambda: self.setCurrentIndex(self.currentIndex())
        if held & Alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return lambda: self._move_row(-1 if key == Qt.Key.Key_Up else 1)
        return None

    def _announce(self, changes: PathValues) -> None:
        if changes:
            self.wrote.emit(changes)

    def remove_row(self) -> None:
        """Remove the row of the current cell."""
        index = self.currentIndex()
        if self._rows.editable and index.isValid() and index.row() < len(self._rows.rows):
            self._announce(self._rows.remove(index.row()))
            self._go_to(self._rows.index(min(index.row(), self._rows.rowCount() - 1), index.column()))

    def clear_cells(self) -> None:
        """Clear the selected cells."""
        changes: PathValues = {}
        for index in self.selectedIndexes():
            if self._rows.can_edit(index) and not self._rows.is_new(index.row()):
                changes |= self._rows.write(index, None)
        self._announce(changes)

    def paste(self) -> None:
        """Paste cells copied in a spreadsheet, starting at the current cell."""
        index = self.currentIndex()
        lines = pasted(QGuiApplication.clipboard().text())
        if self._rows.editable and index.isValid() and not self._rows.is_total(index.row()) and lines:
            row, column = index.row(), index.column()
            self._announce(self._rows.paste(index, lines))
            self._go_to(self._rows.index(row, column))

    def _paste_over(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.paste()

    def copy(self) -> None:
        """Copy the selected cells in the format of a spreadsheet."""
        text = copied(self._rows, ((index.row(), index.column()) for index in self.selectedIndexes()))
        if text:
            QGuiApplication.clipboard().setText(text)

    def insert_row(self) -> None:
        """Insert an empty row above the current one."""
        index = self.currentIndex()
        if self._rows.editable and index.isValid():
            self._announce(self._rows.insert(index.row()))
            self._go_to(self._next(self._rows.index(index.row(), 0), 1, same=True))

    def fill_down(self) -> None:
        """Write the first selected cell of each column into those below it; a single cell takes the one above it."""
        self._announce(self._rows.fill_down([(index.row(), index.column()) for index in self.selectedIndexes()]))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with rows, at the mouse or, by the menu key, at the current cell."""
        at_cell = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu().popup(at_cell if event.reason() == QContextMenuEvent.Reason.Keyboard else event.globalPos())

    def menu(self) -> QMenu:
        """Return the menu of the rows; in a closed table it only copies and explains."""
        return row_menu(
            self,
            (
                ("Chèn dòng", "", self.insert_row),
                ("Xoá dòng", "Ctrl+Delete", self.remove_row),
                ("Chép", "Ctrl+C", self.copy),
                ("Dán từ Excel", "Ctrl+V", self.paste),
                ("Điền xuống", "Ctrl+D", self.fill_down),
                (*WHY, self.why_wanted.emit),
            ),
            reading=() if self._rows.editable else ("Chép", WHY[0]),
        )

    def _move_row(self, step: int) -> None:
        index = self.currentIndex()
        movable = self._rows.editable and 0 <= index.row() < len(self._rows.rows)
        if changes := self._rows.move(index.row(), step) if movable else {}:
            self._announce(changes)
            self._go_to(self._rows.index(index.row() + step, index.column()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page with the wheel unless the table has the focus."""
        if self.hasFocus() and self.verticalScrollBar().maximum():
            super().wheelEvent(event)
        else:
            event.ignore()

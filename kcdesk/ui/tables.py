"""How every table to be read looks and behaves: whole rows, 32 px, no grid, the keyboard leaves it with Tab."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QTableView

from kcdesk.ui.theme import ROW_HEIGHT

NARROWEST, WIDEST = 56, 200  # pixels of a column before the officer sets it
_SQUEEZED = 96  # what a column of words may be narrowed to so that the title has room; never below its heading
_TITLE = 240  # least width of the column that names a record
_TITLE_SHARE = 0.34  # of the table, as long as other columns can give way
_BREATH = 16
KEEPS_WIDTH_ROLE = Qt.ItemDataRole.UserRole  # of a heading: its column is read whole or not at all


def dress(table: QTableView) -> None:
    """Give a table for reading the common look."""
    table.setProperty("role", "list")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setTextElideMode(Qt.TextElideMode.ElideRight)  # the beginning is read; the rest is in the tool tip
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setShowGrid(False)
    rows = table.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(ROW_HEIGHT)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setTextElideMode(Qt.TextElideMode.ElideRight)
    header.setMinimumSectionSize(NARROWEST)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class _TonedCells(QStyledItemDelegate):
    """Draws a chosen row in the colours of its cells, so that a state keeps its meaning."""

    def initStyleOption(self, option, index) -> None:
        super().initStyleOption(option, index)
        ink = option.palette.brush(QPalette.ColorRole.Text)
        option.palette.setBrush(QPalette.ColorRole.HighlightedText, ink)
        option.state &= ~QStyle.StateFlag.State_HasFocus  # the whole row is chosen, no cell of it


class TitledTable(QTableView):
    """A table whose title column takes the room that the others leave."""

    def __init__(self, title_column: int, least: int = _TITLE) -> None:
        super().__init__()
        self._title = title_column
        self._least = least  # pixels of the title column
        dress(self)
        self.setItemDelegate(_TonedCells(self))
        self.horizontalHeader().sectionResized.connect(self._make_room)

    def fit_columns(self) -> None:
        """Give each column what its first rows need; columns of words give way to the title."""
        header = self.horizontalHeader()
        widths = {
            column: max(NARROWEST, min(self._needed(column), WIDEST))
            for column in range(header.count())
            if column != self._title and not self.isColumnHidden(column)
        }
        room = self.viewport().width()
        title = max(self._least, round(room * _TITLE_SHARE))
        for column in sorted(widths, key=widths.__getitem__, reverse=True):
            excess = sum(widths.values()) + title - room
            if excess > 0 and self._holds_words(column):
                least = max(_SQUEEZED, header.sectionSizeHint(column))
                widths[column] = max(min(least, widths[column]), widths[column] - excess)
        for column, width in widths.items():
            header.resizeSection(column, width)

    def _needed(self, column: int) -> int:
        return max(self.sizeHintForColumn(column) + _BREATH, self.horizontalHeader().sectionSizeHint(column))

    def _holds_words(self, column: int) -> bool:
        if self.model().headerData(column, Qt.Orientation.Horizontal, KEEPS_WIDTH_ROLE):
            return False
        alignment = self.model().headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        return alignment is None or bool(Qt.AlignmentFlag(alignment) & Qt.AlignmentFlag.AlignLeft)

    def _make_room(self, column: int) -> None:
        if column == self._title:
            return
        header = self.horizontalHeader()
        others = sum(header.sectionSize(other) for other in range(header.count()) if other != self._title)
        header.resizeSection(self._title, max(self._least, self.viewport().width() - others))

    def resizeEvent(self, event) -> None:
        """The title column follows the width of the table."""
        super().resizeEvent(event)
        self._make_room(-1)

"""The first column of a wide table, which stays in sight while the others scroll sideways."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QFrame, QHeaderView, QTableView


class FrozenColumn(QTableView):
    """Lies over the left edge of a table that is scrolled, and shows the same rows; a click goes to the real cell."""

    def __init__(self, table: QTableView, delegate: QAbstractItemDelegate) -> None:
        super().__init__(table)
        self._table = table
        self.setObjectName(f"{table.objectName()}.frozen")
        self.setModel(table.model())
        self.setSelectionModel(table.selectionModel())
        delegate.setParent(self)
        self.setItemDelegate(delegate)  # its own: a shared one would tell both views about each other's cells
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        table.horizontalScrollBar().valueChanged.connect(self.arrange)
        table.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.hide()

    @property
    def column(self) -> int:
        """The first column that is shown."""
        header = self._table.horizontalHeader()
        shown = (place for place in range(header.count()) if not self._table.isColumnHidden(place))
        return next(shown, 0)

    def arrange(self) -> None:
        """Cover the left edge of the table, as soon as it is scrolled sideways."""
        scrolled = self._table.horizontalScrollBar().value() > 0 and self._table.horizontalHeader().count() > 1
        if scrolled:
            self._take_sizes()
            self.raise_()
        self.setVisible(scrolled)

    def _take_sizes(self) -> None:
        first, table = self.column, self._table
        for place in range(table.horizontalHeader().count()):
            self.setColumnHidden(place, place != first)
        self.setColumnWidth(first, table.columnWidth(first))
        self.horizontalHeader().setFixedHeight(table.horizontalHeader().height())
        for row in range(self.model().rowCount()):
            self.setRowHeight(row, table.rowHeight(row))
        left = table.frameWidth() + table.verticalHeader().width()
        height = table.viewport().height() + table.horizontalHeader().height()
        self.setGeometry(left, table.frameWidth(), table.columnWidth(first), height)
        self.verticalScrollBar().setValue(table.verticalScrollBar().value())

    def covered(self) -> int:
        """Return how many pixels of the table lie under this column."""
        return self.width() if not self.isHidden() else 0

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the cell in the table itself, where it can be typed in."""
        index = self.indexAt(event.position().toPoint())
        self._table.setFocus(Qt.FocusReason.MouseFocusReason)
        if index.isValid():
            self._table.setCurrentIndex(index)
            self._table.scrollTo(index)

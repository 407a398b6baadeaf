"""A table of lines that are given all at once: texts, a tone per cell, and a key that identifies the line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QFont, QKeySequence, QShowEvent

from kcdesk.runtime.frozen import Value, field
from kcdesk.ui.toolkit.qt import Index
from kcdesk.ui.toolkit.tables import KEEPS_WIDTH_ROLE, TitledTable
from kcdesk.ui.toolkit.theme import Theme

KEY_ROLE = Qt.ItemDataRole.UserRole
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

LineText = str | Callable[[], str]  # a function: slow to compute, called when the cell is drawn


class TableLine(Value):
    """One row of the table; `tones` are the meanings of cells by column, `tips` longer texts by column.

    `strong`: the row divides the others; it is drawn bold.
    """

    key: str
    cells: Sequence[LineText]
    tones: Mapping[int, str] = field(default_factory=dict)
    tips: Mapping[int, str] = field(default_factory=dict)
    strong: bool = False


class LinesModel(QAbstractTableModel):
    """The lines, in the given order."""

    def __init__(
        self, columns: Sequence[str], theme: Theme, right: Collection[int], whole: Collection[int] = ()
    ) -> None:
        super().__init__()
        self._columns = columns
        self._theme = theme
        self._right = right
        self._whole = whole
        self.lines: Sequence[TableLine] = ()

    def show(self, lines: Sequence[TableLine]) -> None:
        """Replace all lines."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def replace(self, line: TableLine) -> None:
        """Replace the line that has the same key."""
        row = next((row for row, old in enumerate(self.lines) if old.key == line.key), -1)
        if row >= 0:
            self.lines = [*self.lines[:row], line, *self.lines[row + 1 :]]
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns) - 1))

    def rename_column(self, column: int, label: str) -> None:
        """Give a column another label."""
        self._columns = [*self._columns[:column], label, *self._columns[column + 1 :]]
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, column, column)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text, the full text as a tool tip, the alignment, the colour of the tone, or the key."""
        if not index.isValid():
            return None
        line, column = self.lines[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(line.cells[column]).replace("\n", " ")
            case Qt.ItemDataRole.ToolTipRole:
                return line.tips.get(column) or _text(line.cells[column])
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if column in self._right else _LEFT
            case Qt.ItemDataRole.FontRole if line.strong:
                font = QFont()
                font.setBold(True)
                return font
            case Qt.ItemDataRole.ForegroundRole if column in line.tones:
                return self._theme.colours.tone(line.tones[column])
            case _:
                return line.key if role == KEY_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the column labels, aligned as the cells are."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section]
        if role == KEEPS_WIDTH_ROLE:
            return section in self._whole
        return (_RIGHT if section in self._right else _LEFT) if role == Qt.ItemDataRole.TextAlignmentRole else None


class LinesTable(TitledTable):
    """A table of lines; the column `title` takes the width that the other columns leave, `whole` ones are never cut.

    Signals:
        chosen: Enter or a double click on a line; carries its key.
        moved: another line became current; carries its key, "" for none.
    """

    chosen = Signal(str)
    moved = Signal(str)

    def __init__(
        self,
        name: str,
        columns: Sequence[str],
        title: int,
        theme: Theme,
        right: Collection[int] = (),
        whole: Collection[int] = (),
    ) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self.lines_model = LinesModel(columns, theme, right, whole)
        self.setModel(self.lines_model)
        theme.changed.connect(self.viewport().update)
        self.doubleClicked.connect(lambda _index: self._choose())
        self.selectionModel().currentRowChanged.connect(lambda *_rows: self.moved.emit(self.key()))
        enter = QAction("Mở\tEnter", self)
        enter.setShortcuts([QKeySequence("Return"), QKeySequence("Enter")])
        enter.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        enter.triggered.connect(self._choose)
        self.addAction(enter)

    def show_lines(self, lines: Sequence[TableLine]) -> None:
        """Replace all lines; the current line stays current when its key is still there."""
        kept, place = self.key(), self.currentIndex().row()
        self.lines_model.show(lines)
        self._span_strong_lines()
        if lines:
            keys = [line.key for line in lines]
            row = keys.index(kept) if kept in keys else min(max(place, 0), len(lines) - 1)
            self.setCurrentIndex(self.lines_model.index(row, 0))
            self.fit_columns()
        else:
            self.moved.emit("")

    def _span_strong_lines(self) -> None:
        """Give the title of a dividing line the room of all columns behind it."""
        self.clearSpans()
        last = self.lines_model.columnCount()
        for row, line in enumerate(self.lines_model.lines):
            if line.strong:
                self.setSpan(row, self._title, 1, last - self._title)

    def replace_line(self, line: TableLine) -> None:
        """Replace the line that has the same key; the current line and the scroll position stay."""
        self.lines_model.replace(line)
        self.fit_columns()

    def key(self) -> str:
        """Return the key of the current line, "" when there is none."""
        return self.currentIndex().data(KEY_ROLE) or ""

    def go_to(self, key: str) -> None:
        """Make the line with this key current, if there is one."""
        keys = [line.key for line in self.lines_model.lines]
        if key in keys:
            self.setCurrentIndex(self.lines_model.index(keys.index(key), 0))

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the columns: their widths are known only when the table is visible."""
        super().showEvent(event)
        self.fit_columns()

    def _choose(self) -> None:
        if self.key():
            self.chosen.emit(self.key())


def _text(cell: LineText) -> str:
    return cell() if callable(cell) else cell

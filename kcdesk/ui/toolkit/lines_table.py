"""A table of lines that were read at once: texts, tones by column, and a key for what a line stands for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShowEvent

from kcdesk.ui.toolkit.qt import Index
from kcdesk.ui.toolkit.tables import TitledTable
from kcdesk.ui.toolkit.theme import Theme

KEY_ROLE = Qt.ItemDataRole.UserRole
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

LineText = str | Callable[[], str]  # a text that is dear to find is found when it comes into sight


@dataclass(frozen=True, slots=True)
class TableLine:
    """One row; `tones` are the meanings of cells by column, `tips` longer texts by column."""

    key: str
    cells: Sequence[LineText]
    tones: Mapping[int, str] = field(default_factory=dict)
    tips: Mapping[int, str] = field(default_factory=dict)


class LinesModel(QAbstractTableModel):
    """The lines in the order in which they were given."""

    def __init__(self, columns: Sequence[str], theme: Theme, right: Collection[int]) -> None:
        super().__init__()
        self._columns = columns
        self._theme = theme
        self._right = right
        self.lines: Sequence[TableLine] = ()

    def show(self, lines: Sequence[TableLine]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def replace(self, line: TableLine) -> None:
        """Show one line otherwise than before."""
        row = next((row for row, old in enumerate(self.lines) if old.key == line.key), -1)
        if row >= 0:
            self.lines = [*self.lines[:row], line, *self.lines[row + 1 :]]
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many lines there are."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, the whole of it as a tool tip, alignment, the colour of a meaning, the key."""
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
            case Qt.ItemDataRole.ForegroundRole if column in line.tones:
                return self._theme.colours.tone(line.tones[column])
            case _:
                return line.key if role == KEY_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The labels above the columns, aligned as the cells are."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section]
        return (_RIGHT if section in self._right else _LEFT) if role == Qt.ItemDataRole.TextAlignmentRole else None


class LinesTable(TitledTable):
    """Shows lines; the column `title` takes the room that the others leave.

    Signals:
        chosen: the key of the line on which Enter or a double click fell.
        moved: the key of the line that has become the current one, "" for none.
    """

    chosen = Signal(str)
    moved = Signal(str)

    def __init__(
        self, name: str, columns: Sequence[str], title: int, theme: Theme, right: Collection[int] = ()
    ) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self.lines_model = LinesModel(columns, theme, right)
        self.setModel(self.lines_model)
        theme.changed.connect(self.viewport().update)
        self.doubleClicked.connect(lambda _index: self._choose())
        self.selectionModel().currentRowChanged.connect(lambda *_rows: self.moved.emit(self.key()))
        enter = QAction("Mở", self)
        enter.setShortcuts([QKeySequence("Return"), QKeySequence("Enter")])
        enter.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        enter.triggered.connect(self._choose)
        self.addAction(enter)

    def show_lines(self, lines: Sequence[TableLine]) -> None:
        """Show other lines and stay on the one with the same key."""
        kept, place = self.key(), self.currentIndex().row()
        self.lines_model.show(lines)
        if lines:
            keys = [line.key for line in lines]
            row = keys.index(kept) if kept in keys else min(max(place, 0), len(lines) - 1)
            self.setCurrentIndex(self.lines_model.index(row, 0))
            self.fit_columns()
        else:
            self.moved.emit("")

    def replace_line(self, line: TableLine) -> None:
        """Show the line of that key otherwise, without moving anything."""
        self.lines_model.replace(line)
        self.fit_columns()

    def key(self) -> str:
        """What the current line stands for, "" when there is none."""
        return self.currentIndex().data(KEY_ROLE) or ""

    def go_to(self, key: str) -> None:
        """Make the line of that key the current one, where there is one."""
        keys = [line.key for line in self.lines_model.lines]
        if key in keys:
            self.setCurrentIndex(self.lines_model.index(keys.index(key), 0))

    def showEvent(self, event: QShowEvent) -> None:
        """The widths are known once the table is in sight."""
        super().showEvent(event)
        self.fit_columns()

    def _choose(self) -> None:
        if self.key():
            self.chosen.emit(self.key())


def _text(cell: LineText) -> str:
    return cell() if callable(cell) else cell

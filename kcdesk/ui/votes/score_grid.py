"""The points of one product as a grid of judges and criteria: typed, confirmed with Enter, pasted from Excel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from kcdesk import text
from kcdesk.services.votes.boards import Board, BoardLine, ScoreCell
from kcdesk.ui.toolkit.qt import Index
from kcdesk.ui.toolkit.sizes import keep_size, scaled
from kcdesk.ui.toolkit.theme import ROW_HEIGHT, Theme

_Role = Qt.ItemDataRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_HEADING_HEIGHT = 72  # pixels: a heading may take three lines
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ON = (QAbstractItemDelegate.EndEditHint.SubmitModelCache, QAbstractItemDelegate.EndEditHint.EditNextItem)


class ScoreModel(QAbstractTableModel):
    """The points of one product; `typed` emits what the officer has typed, "" for cleared."""

    typed = Signal(object)  # {(judge, criterion): text}; declared as object because Qt would not copy the tuples

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[Board, BoardLine] | None = None
        self.held: dict[ScoreCell, str] = {}  # texts that could not be stored, as typed

    def show(self, board: Board, line: BoardLine | None) -> None:
        """Show the points of a product."""
        same = self._shown is not None and line is not None and self._line.id == line.id
        if not same:
            self.held = {}
        shape = (self.rowCount(), self.columnCount())
        shown = (board, line) if line is not None else None
        if same and shape == (len(board.judges), len(board.criteria) + 1):
            self._shown = shown
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
            return
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    @property
    def _board(self) -> Board:
        """Return the board of the product shown."""
        assert self._shown is not None, "there are no cells before a product is shown"
        return self._shown[0]

    @property
    def _line(self) -> BoardLine:
        """Return the product shown."""
        assert self._shown is not None, "there are no cells before a product is shown"
        return self._shown[1]

    @property
    def is_open(self) -> bool:
        """Return whether points may still be changed."""
        return self._shown is not None and self._line.is_open

    def cell(self, index: Index) -> ScoreCell:
        """Return judge and criterion."""
        return self._board.judges[index.row()], self._board.criteria[index.column()].name

    def is_points(self, index: Index) -> bool:
        """Return whether the cell can be edited; the last column is the total."""
        return index.isValid() and index.column() < self.columnCount() - 1

    def is_held(self, index: Index) -> bool:
        """Return whether the cell shows a text that could not be stored."""
        return self.is_points(index) and self.cell(index) in self.held

    def first_empty(self) -> QModelIndex:
        """Return the first cell without points, else the first cell."""
        for row in range(self.rowCount()):
            for column in range(self.columnCount() - 1):
                if self.cell(self.index(row, column)) not in self._line.points:
                    return self.index(row, column)
        return self.index(0, 0)

    # -- Qt model interface ----------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of judges."""
        return 0 if parent.isValid() or self._shown is None else len(self._board.judges)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of criteria, plus the total."""
        return 0 if parent.isValid() or self._shown is None else len(self._board.criteria) + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return flags: points can be edited until they are closed."""
        shown = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return shown | Qt.ItemFlag.ItemIsEditable if self.is_open and self.is_points(index) else shown

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        """Return judges on the left, criteria with their maximum points above."""
        if orientation == Qt.Orientation.Vertical:
            return self._board.judges[section] if role in (_Role.DisplayRole, _Role.ToolTipRole) else None
        is_total = section == self.columnCount() - 1
        if role == _Role.DisplayRole:
            return "Tổng" if is_total else self._board.criteria[section].heading
        if role == _Role.ToolTipRole and not is_total:
            return self._board.criteria[section].label
        return int(_RIGHT) | int(Qt.TextFlag.TextWordWrap) if role == _Role.TextAlignmentRole else None

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:
        """Return points in Vietnamese notation; texts that could not be stored have the colour of a problem."""
        if role == _Role.TextAlignmentRole:
            return _RIGHT
        if role == _Role.ForegroundRole and self.is_held(index):
            return QColor(self._theme.colours.tone("wrong"))
        if role not in (_Role.DisplayRole, _Role.EditRole):
            return None
        if not self.is_points(index):
            total = self._line.totals.get(self._board.judges[index.row()], "")
            return text.format_decimal(total) if total else ""
        cell = self.cell(index)
        points = self._line.points.get(cell, "")
        return self.held.get(cell) or (text.format_decimal(points) if points else "")

    def setData(self, index: Index, value: Any, role: int = _Role.EditRole) -> bool:
        """Emit the typed text; the page stores it or holds it as a problem."""
        written = str(value).strip()
        if role == _Role.EditRole and self.is_open and written != self.data(index):
            self.typed.emit({self.cell(index): written})
        return True


class _PointsDelegate(QStyledItemDelegate):
    """Draws a text that could not be stored in its colour in the selected cell too, where it is typed."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Give a selected text the colour of the cell."""
        super().initStyleOption(option, index)
        colour = index.data(_Role.ForegroundRole)
        if colour is not None:
            option.palette.setColor(QPalette.ColorRole.HighlightedText, colour)
            option.font.setBold(True)


class ScoreGrid(QTableView):
    """The grid; `finished` is emitted by Enter in the last cell: go to the next product."""

    finished = Signal()

    def __init__(self, model: ScoreModel) -> None:
        super().__init__()
        self.setObjectName("vote.scores")
        self.setAccessibleName("Điểm của các giám khảo")
        self.setModel(model)
        self._scores = model
        self.setItemDelegate(_PointsDelegate(self))
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AnyKeyPressed | triggers.EditKeyPressed | triggers.DoubleClicked)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setDefaultSectionSize(scaled(ROW_HEIGHT))
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        keep_size(self.verticalHeader(), most_width=220)
        self.setCornerButtonEnabled(False)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(_RIGHT)
        keep_size(header, fixed_height=_HEADING_HEIGHT)

    def begin(self) -> None:
        """Go to the first cell without points and open it."""
        if self._scores.rowCount():
            self.setCurrentIndex(self._scores.first_empty())
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Go to the next cell on Enter and Tab, to the previous one on Shift+Tab."""
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        if hint in _ON and not self._scores.is_held(self.currentIndex()):
            self.go_on()
        elif hint == QAbstractItemDelegate.EndEditHint.EditPreviousItem:
            self._step(-1)

    def go_on(self) -> None:
        """Go to the next cell, from the last one to the next product."""
        if not self._step(1):
            self.finished.emit()

    def _step(self, by: int) -> bool:
        model, index = self.model(), self.currentIndex()
        across = model.columnCount() - 1
        place = index.row() * across + index.column() + by
        if not 0 <= place < across * model.rowCount():
            return False
        self.setCurrentIndex(model.index(place // across, place % across))
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle spreadsheet keys; other keys begin typing."""
        key, control = event.key(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key in _ENTER and self.state() == QAbstractItemView.State.EditingState:
            event.accept()  # the open cell receives the key too and goes on after storing its text
        elif key in _ENTER and not control and self._scores.is_held(self.currentIndex()):
            self.edit(self.currentIndex())  # it is corrected first: the next product would hide the reason
        elif key in _ENTER and not control:
            self.go_on()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._emit_typed({self._scores.cell(index): "" for index in self._chosen()})
        elif control and key == Qt.Key.Key_V:
            self.paste()
        else:
            super().keyPressEvent(event)

    def paste(self) -> None:
        """Paste cells copied in a spreadsheet, starting at the current cell."""
        start, model = self.currentIndex(), self._scores
        cells: dict[ScoreCell, str] = {}
        for down, line in enumerate(QGuiApplication.clipboard().text().rstrip("\r\n").splitlines()):
            for across, written in enumerate(line.split("\t")):
                index = model.index(start.row() + down, start.column() + across)
                if model.is_points(index):
                    cells[model.cell(index)] = written.strip()
        self._emit_typed(cells)

    def _chosen(self) -> list[QModelIndex]:
        return [index for index in self.selectedIndexes() if self._scores.is_points(index)]

    def _emit_typed(self, cells: Mapping[ScoreCell, str]) -> None:
        if cells and self._scores.is_open:
            self._scores.typed.emit(dict(cells))

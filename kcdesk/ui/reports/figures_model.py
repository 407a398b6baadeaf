"""The table of a report for the view: labels at the left, figures as the officer reads them, what each means."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QFont

from kcdesk.services.reporting import copied_table
from kcdesk.services.reporting.figures import head_of, head_of_rows, shown, unit_of
from kcdesk.services.reporting.report_answer import ReportAnswer
from kcdesk.ui.toolkit.qt import Index
from kcdesk.ui.toolkit.theme import Theme

LABELS = copied_table.LABELS  # the name of the first column
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_Role = Qt.ItemDataRole


class FiguresModel(QAbstractTableModel):
    """The rows and columns of one answer; empty until there is one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.answer: ReportAnswer | None = None

    def show(self, answer: ReportAnswer | None) -> None:
        """Show another answer, or nothing."""
        self.beginResetModel()
        self.answer = answer
        self.endResetModel()

    def names(self) -> list[str]:
        """Return the names of the columns, LABELS first."""
        return [LABELS, *(column.name for column in self.answer.printed.columns)] if self.answer is not None else []

    def key(self, row: int) -> str:
        """Return the key of a row as services ask for it."""
        assert self.answer is not None, "a row belongs to an answer"
        table = self.answer.printed
        return table.key_of(table.lines[row])

    def place(self, index: Index) -> tuple[str, str] | None:
        """Return row and column of a figure; None for a label or nothing."""
        if self.answer is None or not index.isValid() or index.column() == 0:
            return None
        return self.key(index.row()), self.names()[index.column()]

    def words(self, row: str, column: str) -> str:
        """Return what a figure is: «Kế hoạch – Khuyến công quốc gia: 1,2 tỷ đồng»."""
        assert self.answer is not None, "a figure belongs to an answer"
        table, unit = self.answer.printed, self.answer.asked.unit
        line = next(line for line in table.lines if table.key_of(line) == row)
        figure = table.column(column)
        written = f"{shown(line.values[column], figure, unit)} {unit_of(figure, unit)}".rstrip()
        return f"{figure.heading} – {line.label}: {written}"

    # -- Qt --------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of rows, with that of totals."""
        return 0 if parent.isValid() or self.answer is None else len(self.answer.printed.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of columns, with that of labels."""
        return 0 if parent.isValid() else len(self.names())

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:
        """Return the text of a cell, its alignment, bold for totals, grey for a row without figures, its tool tip."""
        if self.answer is None or not index.isValid():
            return None
        row = self.answer.printed.lines[index.row()]
        match role:
            case _Role.DisplayRole:
                return self._text(index)
            case _Role.TextAlignmentRole:
                return _RIGHT if index.column() else _LEFT
            case _Role.FontRole if row is self.answer.printed.total:
                font = QFont()
                font.setBold(True)
                return font
            case _Role.ForegroundRole if row.is_empty:
                return self._theme.colours.tone("neutral")
            case _Role.ToolTipRole:
                place = self.place(index)
                return self.words(*place) if place is not None else self._text(index)
            case _:
                return None

    def _text(self, index: Index) -> str:
        assert self.answer is not None, "a cell belongs to an answer"
        table = self.answer.printed
        row = table.lines[index.row()]
        if index.column() == 0:
            return table.label_of(row)
        column = table.columns[index.column() - 1]
        return shown(row.values[column.name], column, self.answer.asked.unit)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        """Return the heads with their units; as a tool tip what a figure counts, and on which basis."""
        if self.answer is None or orientation != Qt.Orientation.Horizontal or section >= self.columnCount():
            return None
        if role == _Role.TextAlignmentRole:
            return int(_RIGHT if section else _LEFT) | int(Qt.TextFlag.TextWordWrap)
        table = self.answer.printed
        if role == _Role.DisplayRole:
            return head_of(table.columns[section - 1], self.answer.asked.unit) if section else head_of_rows(table)
        if role == _Role.ToolTipRole and section:
            column = table.columns[section - 1]
            basis = f"Căn cứ: {self.answer.bases[column.name]}"
            lines = (column.label, column.definition, basis, "F1: đọc trong ngăn hướng dẫn")
            return "\n".join(filter(None, lines))
        return None

"""Lists with check boxes: the box is in the first column, which also holds the id of the line's record."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QTableView

ID = Qt.ItemDataRole.UserRole  # of the first column


def toggle(table: QTableView) -> None:
    """Tick or untick the current line (space bar)."""
    model = table.model()
    assert isinstance(model, QStandardItemModel), "only such a model has boxes"
    item = model.item(table.currentIndex().row(), 0)
    if item is not None:
        ticked = item.checkState() == Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)


def ticked(model: QStandardItemModel) -> list[str]:
    """Return the ids of the ticked lines, from top to bottom."""
    items = (model.item(row, 0) for row in range(model.rowCount()))
    return [item.data(ID) for item in items if item.checkState() == Qt.CheckState.Checked]

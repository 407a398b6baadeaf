"""Choosing the columns of a list: ticked ones are shown, from top to bottom as from left to right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kcdesk.ui.dossier.lists.list_parts import narrow
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_NAME = Qt.ItemDataRole.UserRole
_KEYS = "Phím cách chọn hoặc bỏ chọn; Alt+↑↓ chuyển cột sang trái, sang phải."
_SIZE = (460, 560)  # pixels


class ColumnsDialog(Dialog):
    """Lists every possible column by its label; `names` are the ticked ones after «Hiện các cột này»."""

    help_topic = "lists"

    def __init__(
        self,
        labels: dict[str, str],
        shown: Sequence[str],
        first: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Các cột của danh sách")
        self.begin_size(*_SIZE)
        self._labels = labels
        self._first = tuple(first)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Tìm cột")
        self.search.setAccessibleName("Tìm cột")
        self.list = _ColumnList()
        self.search.textChanged.connect(lambda typed: narrow(self.list, typed))
        self.list.setObjectName("columns.list")
        self.list.setAccessibleName("Các cột")
        self.list.itemChanged.connect(lambda _item: self._allow())
        self.list.model().rowsInserted.connect(lambda *_rows: self._allow())  # a column was moved
        self._again = QPushButton("Như ban đầu")
        self._again.setObjectName("columns.first")
        self._again.setAutoDefault(False)
        self._again.clicked.connect(lambda: self._fill(self._first))
        self._buttons = QDialogButtonBox()
        self._accept = self._buttons.addButton("Hiện các cột này", QDialogButtonBox.ButtonRole.AcceptRole)
        self._accept.setProperty("role", "main")
        self._accept.setDefault(True)
        self._buttons.addButton("Giữ như cũ", QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self._fill(shown)
        self.list.setFocus()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self._again)
        foot.addWidget(self._buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(labelled(_KEYS, "muted", wrap=True))
        column.addLayout(foot)

    def names(self) -> tuple[str, ...]:
        """Return the ticked columns in their order."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(item.data(_NAME) for item in items if item.checkState() == Qt.CheckState.Checked)

    def _fill(self, shown: Sequence[str]) -> None:
        """List the shown columns first, in their order, then the others."""
        self.list.clear()
        for name in dict.fromkeys([*shown, *self._labels]):
            item = QListWidgetItem(self._labels[name], self.list)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setData(_NAME, name)
            item.setCheckState(Qt.CheckState.Checked if name in shown else Qt.CheckState.Unchecked)
        self.list.setCurrentRow(0)
        narrow(self.list, self.search.text())
        self._allow()

    def _allow(self) -> None:
        names = self.names()
        self._accept.setEnabled(bool(names))
        self._again.setEnabled(names != self._first)


class _ColumnList(QListWidget):
    """A list whose current line moves up and down with Alt+↑↓."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the current line; every other key as in any list."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if by and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move(by)
        else:
            super().keyPressEvent(event)

    def _move(self, by: int) -> None:
        row = self.currentRow()
        if 0 <= row + by < self.count():
            item = self.takeItem(row)
            self.insertItem(row + by, item)
            self.setCurrentRow(row + by)

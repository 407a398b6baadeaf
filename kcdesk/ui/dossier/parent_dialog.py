"""«Của đề án nào?»: the record to which a new one belongs is chosen first; nothing is written before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from kcdesk.services.records import parents, reading
from kcdesk.text import lower_first
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled
from kcdesk.ui.toolkit.wrapped_list import WrappedList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kcdesk.formdef.model import State
    from kcdesk.services.records.reading import ListRow
    from kcdesk.services.workspace import Workspace

_ID = Qt.ItemDataRole.UserRole
_SIZE = (620, 460)
_PAUSE = 150  # milliseconds without a key before the list is searched
_SHOWN = 60
_NOT_NOW = "ở bước này thường không lập"


class ParentDialog(Dialog):
    """A list to search in; after `exec`, `chosen` is the id of the record, "" when the officer cancelled.

    `wants_new` tells that there is none yet and the officer wants to make one.
    """

    help_topic = "parent"

    def __init__(self, workspace: Workspace, kind: str, parent_kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._made, self._kind = workspace, kind, parent_kind
        self.chosen, self.wants_new = "", False
        self.setObjectName("parent_dialog")
        made, above = (workspace.forms.current(name, workspace.today()) for name in (kind, parent_kind))
        what = lower_first(made.field(made.parent).label)
        self.setWindowTitle(f"Của {what} nào?")
        self.begin_size(*_SIZE)
        self.question = labelled(f"{made.new_label}: của {what} nào?", "strong", wrap=True)
        self.search = QLineEdit()
        self.search.setObjectName("parent_dialog.search")
        self.search.setPlaceholderText("Gõ vài chữ trong tên, số quyết định, xã; ↑ ↓ để chọn, Enter để lập")
        self.search.setAccessibleName(f"Tìm {what}")
        self.lines = WrappedList()
        self.lines.setParent(self)
        self.lines.setObjectName("parent_dialog.lines")
        self.lines.setAccessibleName(what)
        self.empty = labelled("", "muted", wrap=True)
        self.make = QPushButton(above.new_label)
        self.make.setAutoDefault(False)
        self.choose = QPushButton(made.new_label)
        self._typing = QTimer(self, singleShot=True, interval=_PAUSE)
        self._lay_out()
        self._connect()
        self.show_matches()
        self.search.setFocus()

    def _lay_out(self) -> None:
        self.choose.setProperty("role", "main")
        self.choose.setDefault(True)
        keep = QPushButton("Thôi")
        keep.setAutoDefault(False)
        keep.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self.make)
        buttons.addStretch(1)
        buttons.addWidget(keep)
        buttons.addWidget(self.choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        for widget in (self.question, self.search, self.empty):
            column.addWidget(widget)
        column.addWidget(self.lines, 1)
        column.addStretch(0)  # where there is no list, its words stay together
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.search.textEdited.connect(lambda _text: self._typing.start())
        self._typing.timeout.connect(self.show_matches)
        self.lines.itemActivated.connect(lambda _item: self._take())
        self.choose.clicked.connect(self._take)
        self.make.clicked.connect(self._begin_parent)

    def show_matches(self) -> None:
        """List what contains the typed words: those whose turn it is first, and final ones before drafts."""
        self._typing.stop()
        states = self._workspace.forms.workflow(self._kind).states
        timely = [state for state in states if self._is_time(state.name)]
        late = [state for state in states if state not in timely]
        rows = [row for part in (timely, late) for row in self._in_states(part)]
        self.lines.clear()
        for row in rows:
            item = QListWidgetItem(_text(row, "" if self._is_time(row.state) else _NOT_NOW))
            item.setData(_ID, row.id)
            self.lines.addItem(item)
        self.lines.setCurrentRow(0 if rows else -1)
        self.lines.setVisible(bool(rows))
        typed = self.search.text().strip()
        nothing = f"Không có hồ sơ nào chứa «{typed}». Hãy thử ít chữ hơn." if typed else "Chưa có hồ sơ nào để chọn."
        self.empty.setText("" if rows else nothing)
        self.empty.setVisible(not rows)
        self.choose.setEnabled(bool(rows))

    def _is_time(self, state: str) -> bool:
        return parents.is_time_for(self._workspace, self._made, self._kind, state)

    def _in_states(self, states: Sequence[State]) -> list[ListRow]:
        rows = self._matches([state.name for state in states if not state.editable])
        return rows + self._matches([state.name for state in states if state.editable])

    def _matches(self, states: list[str]) -> list[ListRow]:
        where = {"state": states}
        words = self.search.text()
        return reading.list_page(self._workspace, self._kind, words, where, limit=_SHOWN, descending=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move in the list with the arrows while the search box has the keyboard."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.search.hasFocus():
            by = 1 if event.key() == Qt.Key.Key_Down else -1
            self.lines.setCurrentRow(max(0, min(self.lines.count() - 1, self.lines.currentRow() + by)))
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        if self._typing.isActive():
            self.show_matches()
        item = self.lines.currentItem()
        if item is not None:
            self.chosen = item.data(_ID)
            self.accept()

    def _begin_parent(self) -> None:
        self.wants_new = True
        self.accept()


def _text(row: ListRow, remark: str) -> str:
    """The title, and below it what tells two of the same title apart: code, year, state; `remark` stands last."""
    facts = [row.cells.get(name, "") for name in ("code", "year", "level")]
    return "\n".join((row.title, " · ".join(filter(None, (*facts, row.state_label, remark)))))

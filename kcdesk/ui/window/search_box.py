"""The page's search box (Ctrl+F) and the search over all records (Ctrl+K)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QToolButton, QVBoxLayout, QWidget

from kcdesk.services.records import reading
from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.theme import FIELD_GAP, ROW_HEIGHT, labelled

PAUSE = 120  # milliseconds after the last key before the search runs
_ROWS_PER_KIND = 5
_WIDTH = 640
_HEIGHT = 420
_ID = Qt.ItemDataRole.UserRole


class SearchBox(QLineEdit):
    """A search box that emits `searched(text)` shortly after the last key; Esc clears it, a second Esc emits `left`."""

    searched = Signal(str)
    left = Signal()

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.setClearButtonEnabled(True)
        self.setPlaceholderText(hint)
        self._glass = QAction(self)
        set_icon(self._glass, "search")
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._name_parts(hint or "Tìm trong danh sách")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.search_now)
        self.textEdited.connect(lambda: self._pause.start())
        self.textChanged.connect(lambda text: self._pause.start() if not text else None)
        self._searched_text = ""

    def _name_parts(self, name: str) -> None:
        """Give the box and its buttons the names that a screen reader says; a hint is no name."""
        self.setAccessibleName(name)
        for button in self.findChildren(QToolButton):
            is_glass = button.defaultAction() is self._glass
            button.setAccessibleName("Tìm" if is_glass else "Xoá chữ đang tìm")

    def show_text(self, text: str) -> None:
        """Set the text without searching."""
        self._searched_text = text
        self.setText(text)
        self._pause.stop()

    def search_now(self) -> None:
        """Search at once, without waiting for the pause."""
        self._pause.stop()
        if self.text() != self._searched_text:
            self._searched_text = self.text()
            self.searched.emit(self._searched_text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Down search at once and move to the results; Esc clears the box, then leaves it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.search_now()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self._escape()
        else:
            super().keyPressEvent(event)

    def _escape(self) -> None:
        if self.text():
            self.clear()
            self.search_now()
        else:
            self.left.emit()


class GlobalSearch(QFrame):
    """A popup over the window that searches every kind; Enter opens the selected record."""

    chosen = Signal(str)

    def __init__(self, window: QWidget, context: Context) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self._window = window
        self.setObjectName("popup")
        self._context = context
        self.box = SearchBox("Tìm trong mọi hồ sơ: tên, mã số thuế, số văn bản, địa danh")
        self.box.searched.connect(self._search)
        self.box.installEventFilter(self)
        self._model = QStandardItemModel(self)
        self.results = QListView()
        self.results.setModel(self._model)
        self.results.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.results.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.clicked.connect(lambda _index: self._choose())
        self._summary = labelled(role="help", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(FIELD_GAP, FIELD_GAP, FIELD_GAP, FIELD_GAP)
        column.addWidget(self.box)
        column.addWidget(self.results, 1)
        column.addWidget(self._summary)

    def pop_up(self) -> None:
        """Show an empty popup over the upper middle of the window."""
        window = self._window
        width = min(_WIDTH, window.width() - 48)
        self.resize(width, min(_HEIGHT, window.height() - 120))
        self.move(window.mapToGlobal(QPoint((window.width() - width) // 2, 64)))
        self.box.show_text("")
        self._search("")
        self.show()
        self.box.setFocus()

    def _search(self, text: str) -> None:
        self._model.clear()
        matches = reading.global_search(self._context.workspace, text, _ROWS_PER_KIND) if text.strip() else []
        kind = ""
        for row in matches:
            if row.stored.kind != kind:
                kind = row.stored.kind
                self._model.appendRow(self._heading(kind))
            self._model.appendRow(_result(row))
        self._summary.setText(self._sentence(text, len(matches)))
        self._step(1)

    def _heading(self, kind: str) -> QStandardItem:
        workspace = self._context.workspace
        item = QStandardItem(workspace.forms.current(kind, workspace.today()).plural)
        item.setEnabled(False)
        item.setSizeHint(QSize(0, ROW_HEIGHT))
        return item

    def sentence(self) -> str:
        """Return the text below the results."""
        return self._summary.text()

    @staticmethod
    def _sentence(text: str, matches: int) -> str:
        if not text.strip():
            return "Gõ không dấu cũng tìm được. ↑ ↓ để chọn, Enter để mở, Esc để đóng."
        return "" if matches else f"Không có hồ sơ nào chứa «{text.strip()}». Hãy thử ít chữ hơn."

    def _step(self, by: int) -> None:
        """Move the selection up or down, skipping headings."""
        row = self.results.currentIndex().row() + by
        while 0 <= row < self._model.rowCount():
            if self._model.item(row).isEnabled():
                self.results.setCurrentIndex(self._model.index(row, 0))
                return
            row += by

    def _choose(self) -> None:
        id_ = self.results.currentIndex().data(_ID)
        if id_:
            self.hide()
            self.chosen.emit(id_)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Use arrow keys, Enter and Esc in the box to control the list."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.box.search_now()
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.box.search_now()
            self._choose()
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return super().eventFilter(watched, event)
        return True


def _result(row: reading.ListRow) -> QStandardItem:
    title = f"{row.title} ({row.former})" if row.former else row.title
    item = QStandardItem(f"{title}   ·   {row.state_label}")
    item.setData(row.id, _ID)
    item.setToolTip(title)
    item.setSizeHint(QSize(0, ROW_HEIGHT))
    return item

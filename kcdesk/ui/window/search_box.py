"""The one search box of the page (Ctrl+F) and the search over everything (Ctrl+K)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from kcdesk.services.records import reading
from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.theme import FIELD_GAP, ROW_HEIGHT, labelled

PAUSE = 120  # milliseconds without a key before the search runs
_ROWS_PER_KIND = 5
_WIDTH = 640
_HEIGHT = 420
_ID = Qt.ItemDataRole.UserRole


class SearchBox(QLineEdit):
    """A line that says `searched(text)` a moment after the last key; Esc empties it, then gives it up."""

    searched = Signal(str)
    left = Signal()

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.setClearButtonEnabled(True)
        self.setPlaceholderText(hint)
        self._glass = QAction(self)
        set_icon(self._glass, "search")
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.search_now)
        self.textEdited.connect(lambda: self._pause.start())
        self.textChanged.connect(lambda text: self._pause.start() if not text else None)
        self._sought = ""

    def show_text(self, text: str) -> None:
        """Put `text` in the box without searching."""
        self._sought = text
        self.setText(text)
        self._pause.stop()

    def search_now(self) -> None:
        """Search without waiting for the pause."""
        self._pause.stop()
        if self.text() != self._sought:
            self._sought = self.text()
            self.searched.emit(self._sought)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter searches at once and goes to the results, as Down does; Esc empties, then leaves."""
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
    """A box over the window that searches every kind; Enter opens the chosen record."""

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
        self._says = labelled(role="help", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(FIELD_GAP, FIELD_GAP, FIELD_GAP, FIELD_GAP)
        column.addWidget(self.box)
        column.addWidget(self.results, 1)
        column.addWidget(self._says)

    def pop_up(self) -> None:
        """Show an empty box over the upper middle of the window."""
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
        found = reading.global_search(self._context.workspace, text, _ROWS_PER_KIND) if text.strip() else []
        kind = ""
        for row in found:
            if row.stored.kind != kind:
                kind = row.stored.kind
                self._model.appendRow(self._heading(kind))
            self._model.appendRow(_result(row))
        self._says.setText(self._sentence(text, len(found)))
        self._step(1)

    def _heading(self, kind: str) -> QStandardItem:
        workspace = self._context.workspace
        item = QStandardItem(workspace.forms.current(kind, workspace.today()).plural)
        item.setEnabled(False)
        item.setSizeHint(QSize(0, ROW_HEIGHT))
        return item

    def sentence(self) -> str:
        """What is said below the results."""
        return self._says.text()

    @staticmethod
    def _sentence(text: str, found: int) -> str:
        if not text.strip():
            return "Gõ không dấu cũng tìm được. ↑ ↓ để chọn, Enter để mở, Esc để đóng."
        return "" if found else f"Không có hồ sơ nào chứa «{text.strip()}». Hãy thử ít chữ hơn."

    def _step(self, by: int) -> None:
        """Move the choice up or down, over the headings."""
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
        """Arrow keys, Enter and Esc in the box steer the list."""
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


def _result(row: reading.Row) -> QStandardItem:
    item = QStandardItem(f"{row.title}   ·   {row.state_label}")
    item.setData(row.id, _ID)
    item.setToolTip(row.title)
    item.setSizeHint(QSize(0, ROW_HEIGHT))
    return item

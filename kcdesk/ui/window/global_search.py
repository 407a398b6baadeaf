"""The search over everything (Ctrl+K): actions, records of every kind, and what other sources find."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QListView, QVBoxLayout, QWidget

from kcdesk.ui.toolkit.qt import soon
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled
from kcdesk.ui.window.search_box import SearchBox
from kcdesk.ui.window.search_hits import HIT, HitDelegate, HitGroup, HitSource, SearchHit

_WIDTH = 720
_HEIGHT = 480
_HINT = "Tìm việc, hồ sơ, người, hướng dẫn: gõ vài chữ, thứ tự nào cũng được"
_HELP = "Gõ không dấu cũng tìm được. ↑ ↓ để chọn, Enter để mở, Esc để đóng."


class GlobalSearch(QFrame):
    """A popup over the window; Enter does what the selected hit says: opens a record, runs an action."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self._window = window
        self._sources: list[HitSource] = []
        self.setObjectName("popup")
        self.box = SearchBox(_HINT)
        self.box.searched.connect(self._search)
        self.box.installEventFilter(self)
        self._model = QStandardItemModel(self)
        self.results = QListView()
        self.results.setAccessibleName("Kết quả tìm")
        self.results.setModel(self._model)
        self.results.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.clicked.connect(lambda _index: self.choose())
        self._delegate = HitDelegate(self)
        self.results.setItemDelegate(self._delegate)
        self._summary = labelled(role="help", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(FIELD_GAP, FIELD_GAP, FIELD_GAP, FIELD_GAP)
        column.addWidget(self.box)
        column.addWidget(self.results, 1)
        column.addWidget(self._summary)

    def add_sources(self, *sources: HitSource) -> None:
        """Ask these sources too: each gets the typed text and returns groups of hits, which their ranks order."""
        self._sources += sources

    def pop_up(self) -> None:
        """Show an empty popup over the upper middle of the window."""
        window = self._window
        width = min(scaled(_WIDTH), window.width() - 48)
        self.resize(width, min(scaled(_HEIGHT), window.height() - 120))
        self.move(window.mapToGlobal(QPoint((window.width() - width) // 2, 64)))
        self.box.show_text("")
        self._search("")
        self.show()
        self.box.setFocus()

    def hits(self) -> list[SearchHit]:
        """Return the hits from top to bottom."""
        results = (self._model.item(row).data(HIT) for row in range(self._model.rowCount()))
        return [hit for hit in results if isinstance(hit, SearchHit)]

    def sentence(self) -> str:
        """Return the text below the results."""
        return self._summary.text()

    def choose(self) -> None:
        """Close the popup and do what the selected hit says."""
        hit = self.results.currentIndex().data(HIT)
        if isinstance(hit, SearchHit):
            self.hide()
            soon(self._window, hit.run)  # a hit may close the window

    def _search(self, text: str) -> None:
        self._model.clear()
        self._delegate.typed = text
        results = [group for source in self._sources for group in source(text)] if text.strip() else []
        for group in sorted(results, key=lambda group: -group.rank):
            self._add(group)
        self._summary.setText(_sentence(text, results))
        self.results.setCurrentIndex(self._model.index(-1, 0))
        self._step(1)

    def _add(self, group: HitGroup) -> None:
        heading = QStandardItem(group.label)
        heading.setEnabled(False)
        self._model.appendRow(heading)
        for hit in (*group.hits, *([group.more] if group.more else [])):
            item = QStandardItem(hit.title)
            item.setData(hit, HIT)
            item.setAccessibleText(hit.spoken)
            item.setToolTip(hit.spoken)
            self._model.appendRow(item)

    def _step(self, by: int) -> None:
        """Move the selection up or down, skipping headings."""
        row = self.results.currentIndex().row() + by
        while 0 <= row < self._model.rowCount():
            if self._model.item(row).isEnabled():
                self.results.setCurrentIndex(self._model.index(row, 0))
                return
            row += by

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
            self.choose()
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return super().eventFilter(watched, event)
        return True


def _sentence(text: str, results: Sequence[HitGroup]) -> str:
    if not text.strip() or results:
        return _HELP
    return f"Không có gì chứa «{text.strip()}». Hãy thử ít chữ hơn."

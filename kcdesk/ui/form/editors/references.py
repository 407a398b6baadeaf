"""The editor of several references: a list of the chosen records, a search box below it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from kcdesk.formdef.types.base import ValueProblem
from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.form.editors.search_input import SearchInput
from kcdesk.ui.form.editors.sources import RecordSource
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.theme import set_read_only

_GAP = 4


class ReferencesEditor(Editor):
    """Other records, each with a link and a remove button; the box below adds one."""

    def make_input(self) -> QWidget:
        """Create the list and the search box."""
        self._chosen: list[str] = []
        self._added = False
        frame = QWidget()
        self._column = QVBoxLayout(frame)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_GAP)
        source = RecordSource(self.field, self.around.forms, self.around.host, self.around.record)
        self.search = SearchInput(self.field, self.around.forms, source)
        self.search.setAccessibleName(self.field.label)
        self.search.left.connect(self._take)
        self.search.textEdited.connect(self._typed)
        self.search.entered.connect(self._enter)
        self.search.create_wanted.connect(self._create)
        self._column.addWidget(self.search)
        self._rows: list[_Chosen] = []
        frame.setFocusProxy(self.search)
        return frame

    def value(self) -> Any:
        """Return the chosen ids; raises ValueProblem while the box holds a text that is not chosen."""
        if self.search.text().strip():
            self.search.stored()
        return list(self._chosen) or None

    def show_value(self, stored: Any) -> None:
        """Show the chosen records."""
        if list(stored or []) != self._chosen or not stored:
            self._chosen = list(stored or [])
            self._show_rows()

    def set_value(self, stored: Any) -> None:
        """Show the chosen records and clear the box."""
        self.search.show_value(None)
        super().set_value(stored)

    def typed_text(self) -> str:
        """Return the text of the box."""
        return self.search.text()

    def show_typed(self, text: str) -> None:
        """Show text in the box."""
        self.search.show_typed(text)

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid changes; read-only references can be read and opened."""
        set_read_only(self.search, not editable)
        self.search.setVisible(editable)
        for row in self._rows:
            row.out.setVisible(editable)

    def mark(self, wrong: bool) -> None:
        """Mark the box as wrong or right."""
        self.search.setProperty("tone", "wrong" if wrong else "")
        self.search.style().polish(self.search)

    def _typed(self) -> None:
        self._added = False
        self.changed.emit()

    def _take(self) -> None:
        try:
            record_id = self.search.stored()
        except ValueProblem:
            self.finished.emit()
            return
        if record_id is not None:
            self._add(str(record_id))
        self.finished.emit()

    def _add(self, record_id: str) -> None:
        self.search.show_value(None)
        if record_id not in self._chosen:
            self._chosen.append(record_id)
            self._added = True
            self._show_rows()
        self.changed.emit()

    def _enter(self) -> None:
        """Stay for another reference after a choice; go to the next field from an untouched box (Enter)."""
        if self._added:
            self._added = False
        elif not self.search.text():
            self.next_wanted.emit()

    def _create(self, text: str) -> None:
        record_id = self.around.host.create_record(self.field.target, text)
        if record_id is not None:
            self._add(record_id)
            self.finished.emit()

    def remove(self, record_id: str) -> None:
        """Remove a reference."""
        self._chosen.remove(record_id)
        self._show_rows()
        self.changed.emit()
        self.finished.emit()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_rows(self) -> None:
        for row in self._rows:
            row.deleteLater()
        self._rows = [self._row(record_id) for record_id in self._chosen]
        for place, row in enumerate(self._rows):
            self._column.insertWidget(place, row)

    def _row(self, record_id: str) -> _Chosen:
        row = _Chosen(self.around.host.title_of(record_id))
        row.opener.clicked.connect(lambda: self.around.host.open_record(record_id))
        row.out.clicked.connect(lambda: self.remove(record_id))
        return row


class _Chosen(QWidget):
    """One chosen record: its link and its remove button."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.opener = QPushButton(title)
        self.opener.setProperty("role", "quiet")
        self.opener.setToolTip("Mở hồ sơ này")
        self.out = QToolButton()
        set_icon(self.out, "x")
        self.out.setToolTip("Bỏ khỏi danh sách")
        self.out.setAccessibleName(f"Bỏ {title}")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.opener)
        line.addStretch()
        line.addWidget(self.out)

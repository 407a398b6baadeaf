"""The rows of a wide table as cards, one at a time: each column is a field with its label.

The editors of a card are those of the form; their paths are cells of the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.ui.form.editors.base import CellKey, Editor, Surroundings, Unread
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_ACROSS = 3  # fields per line


class RowCards(QWidget):
    """One card, with buttons to the others.

    Signals:
        changed, finished, wrote: as of every editor.
        left_behind: Enter in the last field of the last card; go to the next field of the form.
    """

    changed = Signal()
    finished = Signal()
    wrote = Signal(dict)
    left_behind = Signal()

    def __init__(self, field: Field, around: Surroundings, held: Unread) -> None:
        super().__init__()
        self.field = field
        self._around = around
        self._held = held  # texts of cells on other cards, and in the grid, that cannot be read
        self._row_id = ""
        self._editable = True
        self._problems: Mapping[CellKey, str] = {}
        self._row_label = field.row_label or "dòng"
        self.title = labelled("", "strong", wrap=True)  # a name may have 200 letters
        self.before = _arrow("chevron-left", f"{self._row_label} trước", lambda: self._turn(-1))
        self.after = _arrow("chevron-right", f"{self._row_label} sau", lambda: self._turn(1))
        self.add_button = _button(f"Thêm {self._row_label}", "plus", self.add)
        self.remove_button = _button("Xoá", "trash-2", self.remove)
        self.remove_button.setToolTip(f"Xoá {self._row_label} này")
        self.card = QWidget()
        self._editors = self._make_editors()
        self._lay_out()

    def _make_editors(self) -> dict[str, Editor]:
        make_editor = self._around.make_editor
        shown = (column for column in self.field.columns if not column.is_inner)
        editors = {column.name: make_editor(column, self._around, self.card) for column in shown}
        for editor in editors.values():
            editor.changed.connect(self.changed)
            editor.finished.connect(self.finished)
            editor.next_wanted.connect(lambda e=editor: self._go_on(e))
        return editors

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        for widget in (self.before, self.title, self.remove_button, self.after, self.add_button):
            head.addWidget(widget, 1 if widget is self.title else 0)
        self._grid = QGridLayout(self.card)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GROUP_GAP)
        self._grid.setVerticalSpacing(FIELD_GAP)
        for place in range(_ACROSS):
            self._grid.setColumnStretch(place, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.card)

    # -- showing ---------------------------------------------------------------------------------------------------

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of the record."""
        return self._around.record().rows(self.field.name)

    def refresh(self) -> None:
        """Show the current row again, or another one if it was removed; typed text stays."""
        ids = [row["id"] for row in self.rows]
        if self._row_id not in ids:
            self.show_row(ids[0] if ids else "")
            return
        for editor in self._editors.values():
            editor.refresh()
        self._set_states()

    def show_row(self, row_id: str) -> None:
        """Show the card of a row; none for ""."""
        self._row_id = row_id
        self.card.setVisible(bool(row_id))
        record = self._around.record()
        for name, editor in self._editors.items():
            editor.path = f"{self.field.name}/{row_id}/{name}"
            editor.setObjectName(f"{self._around.kind}.{editor.path}")
            editor.set_value(record.value(editor.path) if row_id else None)
            if (row_id, name) in self._held:
                editor.show_unread({editor.path: self._held[row_id, name][0]})
        if row_id:
            self._set_states()
        self._name()

    def _set_states(self) -> None:
        record = self._around.record()
        shown = []
        for name, editor in self._editors.items():
            path = editor.path
            editor.set_state(
                self._editable and self._around.editable(path), record.is_required(path), record.is_visible(path)
            )
            editor.set_problem(self._problems.get((self._row_id, name), ""))
            if not editor.isHidden():
                shown.append(editor)
        self._place(shown)
        self._name()

    def _place(self, editors: list[Editor]) -> None:
        line = place = 0
        for editor in editors:
            span = _ACROSS if type_of(editor.field).is_paragraph else 1
            if place + span > _ACROSS:
                line, place = line + 1, 0
            self._grid.addWidget(editor, line, place, 1, span, Qt.AlignmentFlag.AlignTop)
            place += span

    def _name(self) -> None:
        rows = self.rows
        place = self._index()
        named = next(
            (column.name for column in self.field.columns if column.required and type_of(column).is_plain_text), ""
        )
        name = rows[place].get(named, "") if rows else ""
        label = self._row_label[:1].upper() + self._row_label[1:]
        numbered = f"{label} {place + 1}/{len(rows)}: {name or '(chưa đặt tên)'}"
        self.title.setText(numbered if rows else f"Chưa có {self._row_label} nào.")
        self.before.setEnabled(place > 0)
        self.after.setEnabled(place + 1 < len(rows))
        self.remove_button.setEnabled(bool(rows))

    def _index(self) -> int:
        return next((place for place, row in enumerate(self.rows) if row["id"] == self._row_id), 0)

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid changes; a closed table can be read."""
        self._editable = editable
        self.add_button.setVisible(editable)
        self.remove_button.setVisible(editable)
        if self._row_id:
            self._set_states()

    def set_problems(self, problems: Mapping[CellKey, str]) -> None:
        """Show problems by row and column."""
        self._problems = problems
        for name, editor in self._editors.items():
            editor.set_problem(problems.get((self._row_id, name), ""))

    # -- saving and moving -----------------------------------------------------------------------------------------

    def keep(self, *, leaving: bool) -> dict[str, Any]:
        """Save what is typed; computed fields of the card are updated."""
        changes: dict[str, Any] = {}
        for name, editor in self._editors.items() if self._row_id else ():
            changes |= editor.keep(leaving=leaving)
            self._hold(name, editor)
        if changes:
            self.refresh()
        return changes

    def _hold(self, name: str, editor: Editor) -> None:
        """Keep text that cannot be read for the grid, and for the time when another card is shown."""
        self._held.pop((self._row_id, name), None)
        if editor.unread:
            self._held[self._row_id, name] = (editor.typed_text(), editor.unread)

    def unread(self) -> dict[CellKey, str]:
        """Return the texts on this card that cannot be read, by row and column."""
        texts = {name: text for name, editor in self._editors.items() for text in editor.unread_texts().values()}
        return {(self._row_id, name): text for name, text in texts.items()} if self._row_id else {}

    def add(self) -> None:
        """Add a row and show its card."""
        self.finished.emit()
        row_id, changes = self._around.record().add_row(self.field.name)
        self.wrote.emit(changes)
        self.show_row(row_id)
        self.focus()

    def remove(self) -> None:
        """Remove the row of the card; undo restores it."""
        self.finished.emit()
        changes = self._around.record().remove_row(self.field.name, self._row_id)
        self.wrote.emit(changes)
        self.refresh()

    def focus(self) -> None:
        """Focus the first required empty field of the card, else its first field."""
        editors = self._reachable()
        record = self._around.record()
        wanting = [e for e in editors if record.is_required(e.path) and record.value(e.path) is None]
        if not self._row_id:
            self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif editors:
            (wanting or editors)[0].focus()

    def go_to(self, row_id: str, column: str) -> None:
        """Go to a field of a card."""
        if row_id != self._row_id:
            self.finished.emit()
            self.show_row(row_id)
        editor = self._editors.get(column)
        if editor is not None and not editor.isHidden():
            editor.focus()
        else:
            self.focus()

    def focused_path(self) -> str:
        """Return the path of the focused field, else of the row."""
        focused = next((editor.path for editor in self._editors.values() if editor.has_focus()), "")
        return focused or "/".join(filter(None, (self.field.name, self._row_id)))

    def _turn(self, by: int) -> None:
        rows = self.rows
        place = self._index() + by
        if 0 <= place < len(rows):
            self.finished.emit()
            self.show_row(rows[place]["id"])
            self.focus()

    def _go_on(self, editor: Editor) -> None:
        """Go to the next field, from the last one to the next card, from the last card to the form's next field."""
        editors = self._reachable()
        place = editors.index(editor) + 1 if editor in editors else 0
        if place < len(editors):
            editors[place].focus()
        elif self.after.isEnabled():
            self._turn(1)
        else:
            self.left_behind.emit()

    def _reachable(self) -> list[Editor]:
        return [e for e in self._editors.values() if not e.isHidden() and self._around.editable(e.path)]


def _button(text: str, icon: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    set_icon(button, icon)
    button.clicked.connect(lambda _on=False: act())
    return button


def _arrow(icon: str, words: str, act: Callable[[], None]) -> QPushButton:
    button = _button("", icon, act)
    button.setAccessibleName(words)
    button.setToolTip(words[:1].upper() + words[1:])
    return button

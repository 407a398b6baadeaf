"""The editor of a table field: the grid, its help text, and its problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.types.row_links import unlinked_sentence
from kcdesk.ui.form.editors.base import CellKey, Editor
from kcdesk.ui.form.row_cards import RowCards
from kcdesk.ui.form.table_model import RowsModel
from kcdesk.ui.form.table_view import MOST_ROWS, RowsView
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.theme import labelled

_SHOWN = 5  # problems listed below the table
KEYS = "Gõ vào dòng cuối để thêm; Enter sang ô sau; dán được từ Excel; Ctrl+Delete xoá dòng; Alt+↑↓ chuyển dòng."


class TableEditor(Editor):
    """Rows edited in place."""

    wide = True

    def make_input(self) -> QWidget:
        """Create the grid and the two buttons below it."""
        self.model = RowsModel(self.field, self.around, self)
        self.view = RowsView(self.model)
        self.view.setObjectName(f"{self.around.kind}.{self.field.name}.rows")
        self.view.setAccessibleName(self.field.label)
        self.view.wrote.connect(self._wrote)
        self.view.suggestions_wanted.connect(self.suggest)
        self.view.left_behind.connect(self.next_wanted)
        self.view.why_wanted.connect(lambda: self.around.host.explain(self.focused_path()))
        self.view.cells.typed.connect(self.changed)
        self.view.entered_table.connect(lambda: self._note_keys())
        self.view.left_table.connect(lambda: self._note_keys(entered=False))
        self._widths_name = f"{self.around.kind}.{self.field.name}"
        self.view.widths.by_hand.update(self.around.host.column_widths(self._widths_name))
        self.view.widths_set.connect(lambda widths: self.around.host.keep_widths(self._widths_name, widths))
        self._row_problems: list[str] = []
        self._place = (-1, -1)  # row and column that the keyboard had before the rows were shown anew
        self.model.modelAboutToBeReset.connect(self._note_place)
        self.model.modelReset.connect(self._go_back)
        frame = QWidget()
        self._whole = QVBoxLayout(frame)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._grid = QWidget()
        grid = QVBoxLayout(self._grid)
        grid.setContentsMargins(0, 0, 0, 0)
        if self.model.unit:
            grid.addWidget(labelled(f"Đơn vị: {self.model.unit}", "help"), 0, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.view)
        self._whole.addWidget(self._grid)
        self._whole.addWidget(self._make_buttons())
        self.cards: RowCards | None = None
        self._carded = False  # whether cards are shown instead of the grid
        self._on_site = self._enlarged = False  # in field mode, or alone in the window: there is no more room
        frame.setFocusProxy(self.view)
        return frame

    def show_cards(self, carded: bool, *, on_site: bool = False) -> None:
        """Show the rows as cards, one at a time, or all in the grid; on site it has the width of the window anyway."""
        self._on_site = on_site
        if carded and self.cards is None:
            self.cards = self._make_cards()
        self._carded = carded
        self._grid.setVisible(not carded)
        self._show_buttons()
        if self.cards is not None:
            self.cards.setVisible(carded)
            self.cards.set_editable(self.model.editable)
            self.cards.refresh()
        self.input.setFocusProxy(None if carded else self.view)  # type: ignore[arg-type]  # Qt takes None, stubs do not

    def _make_cards(self) -> RowCards:
        cards = RowCards(self.field, self.around, self.model.unread)
        cards.changed.connect(self.changed)
        cards.finished.connect(self.finished)
        cards.wrote.connect(self._wrote_on_card)
        cards.left_behind.connect(self.next_wanted)
        self._whole.insertWidget(0, cards)
        return cards

    @property
    def _shown_cards(self) -> RowCards | None:
        """Return the cards while they are shown instead of the grid."""
        return self.cards if self._carded else None

    def _wrote_on_card(self, changes: dict[str, Any]) -> None:
        self.model.reload()
        self._wrote(changes)

    def _make_buttons(self) -> FlowRow:
        row_label = self.field.row_label or "dòng"
        self.add_button = _quiet(f"Thêm {row_label}", "plus")
        self.add_button.clicked.connect(self.view.go_to_new)
        self.remove_button = _quiet(f"Xoá {row_label}", "trash-2")
        self.remove_button.setToolTip("Xoá dòng đang chọn (Ctrl+Delete)")
        self.remove_button.clicked.connect(self.view.remove_row)
        self._offer = self.around.host.table_offer(self.around.kind, self.field.name)
        self.suggest_button = _quiet(self._offer.label if self._offer else "", "list-checks")
        self.suggest_button.setToolTip(f"{self._offer.tip} (Ctrl+Shift+G)" if self._offer else "")
        self.suggest_button.clicked.connect(self.suggest)
        self.view.selectionModel().currentChanged.connect(lambda *_cells: self._offer_removal())
        for changed in (self.model.modelReset, self.model.rowsRemoved, self.model.rowsInserted):
            changed.connect(self._offer_removal)
        self._offer_removal()
        if self._offer is None:
            self.suggest_button.hide()  # a button shown without a parent would be a window
        line = FlowRow()
        for button in (self.add_button, self.remove_button, self.suggest_button):
            line.add(button)
        self.room_button = QPushButton("Mở rộng (F11)")
        self.room_button.setProperty("role", "quiet")
        self.room_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.room_button.setToolTip("Cho bảng cả cửa sổ; Esc hoặc F11 để thu lại")
        self.room_button.clicked.connect(self.room_wanted)
        line.add_right(self.room_button)
        return line

    def is_comfortable(self) -> bool:
        """Return whether every column is in sight and as wide as it is easy to read."""
        wanted = self.view.widths.comfortable(self.view.horizontalHeader().font())
        return sum(wanted.values()) <= self.view.viewport().width()

    def set_enlarged(self, enlarged: bool) -> None:
        """Show that the table has the whole window, or that it is back in its form with its usual height."""
        self._enlarged = enlarged
        self._show_buttons()
        if self.label.parent() is self:  # else it is the title of the section
            self.label.setVisible(not enlarged)
        if not enlarged:
            self.show_rows(0)

    def show_rows(self, count: int) -> None:
        """Be as high as this many rows at most, before the table scrolls in itself; at least as in the form."""
        self.view.most_rows = max(MOST_ROWS, count)
        self.view.fit()

    def _note_place(self) -> None:
        index = self.view.currentIndex()
        self._place = (index.row(), index.column()) if self.view.hasFocus() else (-1, -1)

    def _go_back(self) -> None:
        """Leave the keyboard at its place, or in the last row: without a cell no key would do anything."""
        row, column = self._place
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(min(row, len(self.model.rows)), column))

    def focus_again(self) -> None:
        """Give the keyboard back to the cell that had it."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer_removal(self) -> None:
        """Let the button be pressed while there is a row that it would remove."""
        index = self.view.currentIndex()
        self.remove_button.setEnabled(0 <= index.row() < len(self.model.rows))

    def suggest(self) -> None:
        """Fill in what is offered for the table, as one change, and say what was filled in."""
        if self._offer is None or not self.model.editable:
            return
        kept = self.keep(leaving=True)
        try:
            changes, sentence = self.around.host.fill_table(self.around.record(), self.path)
        except KcdeskError as error:
            changes, sentence = {}, str(error)
        self.note("suggested", sentence)
        if kept | changes:
            self.show_value(None)
            self.view.fit()
            self._wrote(kept | changes)

    def value(self) -> Any:
        """Return the stored rows; every cell is written when it is left."""
        return self.around.record().value(self.path)

    def refresh(self) -> None:
        """Show the record's rows again; a cell being typed in stays."""
        self.show_value(None)

    def show_value(self, _stored: Any) -> None:
        """Show the record's rows, without columns that do not apply to it or that only the program reads."""
        self.model.reload()
        self._hide_columns()
        if cards := self._shown_cards:
            cards.refresh()

    def set_state(self, enabled: bool, required: bool, visible: bool) -> None:
        """Set the state as for every field; also update the visible columns."""
        super().set_state(enabled, required, visible)
        self._hide_columns()
        self.model.show_renamed_rows()

    def _hide_columns(self) -> None:
        record = self.around.record()
        hidden = frozenset(
            column.name
            for column in self.model.columns
            if column.is_inner or (column.visible_when and not record.is_visible(f"{self.path}//{column.name}"))
        )
        if hidden != self.model.hidden:
            self.model.hidden = hidden
            self.view.show_columns()

    def keep(self, *, leaving: bool) -> dict[str, Any]:
        """Save the cell being typed in; text that cannot be read is reported when the cell is left."""
        changes = self.view.cells.keep(leaving=leaving)
        if cards := self._shown_cards:
            changes |= cards.keep(leaving=leaving)
            self.model.reload()
        return changes

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid changes; a closed table can be read and copied."""
        self.model.set_editable(editable)
        if cards := self._shown_cards:
            cards.set_editable(editable)
        self._show_buttons()
        self._note_keys(entered=self.has_focus())

    def _note_keys(self, *, entered: bool = True) -> None:
        """Say which keys change rows, while the table has the keyboard and they can be changed."""
        self.note("keys", KEYS if entered and self.model.editable else "")

    def _show_buttons(self) -> None:
        """Show what can be done with rows; cards have their own buttons for single rows."""
        editable = self.model.editable
        self.add_button.setVisible(editable and not self._carded)
        self.remove_button.setVisible(editable and not self._carded)
        self.suggest_button.setVisible(editable and self._offer is not None)
        self.room_button.setVisible(not (self._carded or self._on_site or self._enlarged))

    def set_row_problems(self, problems: dict[CellKey, str]) -> None:
        """Show problems by row and column: marked in the cells, listed below."""
        self.model.set_problems(problems)
        if cards := self._shown_cards:
            cards.set_problems(problems)
        self._update_note()

    def problem(self) -> str:
        """Return the problems of the table as a whole and of its rows."""
        shown = self._row_problems[:_SHOWN]
        more = len(self._row_problems) - len(shown)
        return "\n".join(filter(None, (self._problem, *shown, f"… và {more} điểm khác." if more > 0 else "")))

    def unread_count(self) -> int:
        """Return the number of cells whose text cannot be stored."""
        return len(self.model.unread)

    def unread_texts(self) -> dict[str, str]:
        """Return the texts of all cells that cannot be read, also of the open one."""
        held = {cell: text for cell, (text, _reason) in self.model.unread.items()} | self.view.cells.unread()
        if cards := self._shown_cards:
            held |= cards.unread()
        return {f"{self.path}/{row_id}/{column}": text for (row_id, column), text in held.items()}

    def show_unread(self, texts: Mapping[str, str]) -> dict[str, Any]:
        """Show the texts of cells that could not be read when they were typed."""
        cells = {_cell_key(path): text for path, text in texts.items() if path.startswith(f"{self.path}/")}
        changes = self.model.show_unread(cells)
        self._update_note()
        return changes

    def _may_keep_writing(self) -> bool:
        """Return whether a cell cannot be read and its column keeps such texts."""
        return bool(self._keepable())

    def _keepable(self) -> list[CellKey]:
        """Return the cells whose text may be kept as on paper; the one at the cursor first."""
        cells = [cell for cell in self.model.unread if type_of(self.field.column(cell[1])).keeps_writing]
        return sorted(cells, key=lambda cell: f"{self.path}/{'/'.join(cell)}" != self.focused_path())

    def _go_to_unread(self) -> None:
        """Focus the cell that cannot be read."""
        self.focus_row(*self._keepable()[0])

    def keep_as_written(self) -> None:
        """Keep the text of a cell as it stands on paper, although it is wrong."""
        row_id, name = self._keepable()[0]
        text, _reason = self.model.unread[row_id, name]
        kept = type_of(self.field.column(name)).written(text)
        self.model.unread.pop((row_id, name))
        changes = self.around.record().set(f"{self.path}/{row_id}/{name}", kept)
        self.model.reload()
        self._wrote(changes)

    def _wrote(self, changes: dict[str, Any]) -> None:
        record = self.around.record()
        if sentence := unlinked_sentence(record.form, record.data, changes, self.field.name):
            self.note("unlinked", sentence)
        elif changes:
            self.note("unlinked", "")
        self._update_note()
        self.wrote.emit(changes)

    def _update_note(self) -> None:
        self._row_problems = self.model.problems()
        self._show_problem()

    def mark(self, wrong: bool) -> None:
        """Do nothing: cells are marked one by one."""

    def focus(self) -> None:
        """Focus the first cell."""
        if cards := self._shown_cards:
            cards.focus()
            return
        self.view.setFocus(Qt.FocusReason.TabFocusReason)

    def focused_path(self) -> str:
        """Return the path of the focused cell; the table's path in the empty row."""
        if cards := self._shown_cards:
            return cards.focused_path()
        index = self.view.currentIndex()
        if not 0 <= index.row() < len(self.model.rows):
            return self.path
        return f"{self.path}/{self.model.rows[index.row()]['id']}/{self.model.columns[index.column()].name}"

    def focus_row(self, row_id: str, column: str) -> None:
        """Go to a cell."""
        if cards := self._shown_cards:
            cards.go_to(row_id, column)
            return
        self.view.go_to(row_id, column)


def _cell_key(path: str) -> CellKey:
    _table, row_id, column = path.split("/", 2)
    return row_id, column


def _quiet(text: str, icon: str) -> QPushButton:
    """Return a button that Tab skips: the keyboard has shortcuts for it."""
    button = QPushButton(text)
    button.setProperty("role", "quiet")
    button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    set_icon(button, icon)
    return button

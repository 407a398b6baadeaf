"""The room of the tables on a page: a wide one folds the contents away, F11 gives it the whole window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.form.form_section import FieldRun
from kcdesk.ui.form.form_view import FormView
from kcdesk.ui.form.table_editor import TableEditor
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.qt import soon
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, ROW_HEIGHT, labelled

_PAUSE = 300  # milliseconds before the page moves, so that the second click of a double click meets the same cell
_BESIDE_ROWS = 220  # pixels of an enlarged table that are not its rows: headings, buttons, messages


class TableRoom(QWidget):
    """Fills the page with one table; hidden until a table is enlarged.

    Signals:
        turned: a table was enlarged, or is back in its form.
    """

    turned = Signal()

    def __init__(self, form: FormView, desk: QWidget, fold: Callable[[bool], None]) -> None:
        super().__init__()
        self.setObjectName("enlarged_table")
        self._form, self._desk, self._fold = form, desk, fold
        self._at: TableEditor | None = None  # the table that has the keyboard, or had it last
        self._enlarged: TableEditor | None = None
        self._home: QWidget | None = None  # where the enlarged table stands in the form
        self._wide = self._folded = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._make_room)
        form.editor_reached.connect(self._reach)
        form.room_wanted.connect(self.enlarge)
        form.seeking.connect(self._leave_for)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        self._title = labelled("", "section")
        self.back_button = QPushButton("Thu lại (F11)")
        self.back_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        set_icon(self.back_button, "arrow-left")
        self.back_button.clicked.connect(self.shrink)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self.back_button)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self._place = QVBoxLayout(inside)
        self._place.setContentsMargins(0, 0, GROUP_GAP, 0)
        self._place.addStretch()
        self._scroll.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, FIELD_GAP, PAGE_MARGIN, FIELD_GAP)
        column.addLayout(top)
        column.addWidget(self._scroll, 1)

    # -- the folded contents ---------------------------------------------------------------------------------------

    def _reach(self, editor: Editor) -> None:
        self._at = editor if isinstance(editor, TableEditor) else self._at
        self._wide = isinstance(editor, TableEditor)
        self._pause.start()

    def _make_room(self) -> None:
        """Fold the contents for a table that is cut, until another field has the keyboard."""
        folded = self._wide and self._at is not None and (self._folded or not self._at.is_comfortable())
        if folded != self._folded:
            self._folded = folded
            self._fold(folded)
            soon(self, self._form.show_focused)  # once the form has its new width

    # -- the whole window ------------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Return whether a table has the whole window."""
        return self._enlarged is not None

    def toggle(self) -> None:
        """Enlarge the table that has the keyboard, else the first one in sight; or put it back (F11)."""
        if self.is_open:
            self.shrink()
        elif table := self._at or self._in_sight():
            self.enlarge(table)

    def _in_sight(self) -> TableEditor | None:
        editors = (self._form.editor(name) for name in self._form.names())
        tables = [editor for editor in editors if isinstance(editor, TableEditor) and not editor.isHidden()]
        return next((table for table in tables if not table.visibleRegion().isEmpty()), next(iter(tables), None))

    def enlarge(self, table: TableEditor) -> None:
        """Give a table the whole window, with its messages and buttons; another one goes back before."""
        if table is self._enlarged or (self._desk.isHidden() and not self.is_open):  # in field mode there is no desk
            return
        self.shrink()
        self._form.flush()
        self._enlarged, self._home = table, table.parentWidget()
        self._title.setText(table.field.label)
        self._place.insertWidget(0, table)
        self._desk.hide()
        self.show()
        table.set_enlarged(True)
        self._share_rows()
        table.focus_again()
        self.turned.emit()

    def shrink(self) -> bool:
        """Put the table back into its form, with the keyboard in the same cell; return whether there was one."""
        table, self._enlarged = self._enlarged, None
        if table is None:
            return False
        self._form.flush()
        table.set_enlarged(False)
        self.hide()
        self._desk.show()
        if isinstance(self._home, FieldRun):
            self._home.take_back(table)
        self._form.bring(table)
        table.focus_again()
        self.turned.emit()
        return True

    def _leave_for(self, path: str) -> None:
        if self._enlarged is not None and path.partition("/")[0] != self._enlarged.path:
            self.shrink()

    def _share_rows(self) -> None:
        if self._enlarged is not None:
            self._enlarged.show_rows((self.height() - scaled(_BESIDE_ROWS)) // scaled(ROW_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many rows as the window is high."""
        super().resizeEvent(event)
        self._share_rows()

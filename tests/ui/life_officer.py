"""An officer who leads one dossier after the other through the window: its keys, its editors, its buttons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from kcdesk.demo import sample_lives as life
from kcdesk.formdef.model import Field
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.form.editors.checklist import ChecklistEditor
from kcdesk.ui.form.table_editor import TableEditor
from tests.ui.form_support import type_text


class LifeOfficer:
    """Works in one window; `page` is the dossier in front."""

    def __init__(self, window) -> None:
        self.window = window
        self.forms = window.context.workspace.forms

    @property
    def page(self):
        """The page in front."""
        return self.window.page

    @property
    def record(self) -> Record:
        """The dossier in front, as the store has it."""
        return self.window.context.workspace.store.record(self.page.record_id)

    # -- keys ------------------------------------------------------------------------------------------------------

    def press(self, keys: str) -> None:
        """A key or a shortcut where the keyboard is."""
        pressed = QKeySequence(keys)[0]
        target = QApplication.focusWidget() or self.window
        QTest.keyClick(target, pressed.key(), pressed.keyboardModifiers())

    def new(self, kind: str) -> None:
        """Ctrl+N on the list of a kind; what an event loop does on its own is done first.

        Pages that were closed go; off screen a list that has closed gives the keyboard to nobody.
        """
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)
        self.window.go(kind)
        self.press("Ctrl+N")
        assert self.record.kind == kind

    def type(self, path: str, text: str) -> None:
        """Letter by letter into a field, left by Enter."""
        self.page.focus_field(path)
        assert self.page.place()["field"] == path
        type_text(text)
        self.press("Return")

    # -- answers ---------------------------------------------------------------------------------------------------

    def answer(self, values: Mapping[str, Any], *, typed: Iterable[str] = ()) -> None:
        """Answer fields in the paper's order; those in `typed` letter by letter, tables by pasting, items by a key."""
        form = self.record.form
        for field in form.fields:
            if field.name in values:
                self._answer(field, values[field.name], by_letters=field.name in typed)
        self.page.on_leave()  # what is typed is kept at the latest then
        said = self.record.data
        missing = [name for name in values if values[name] not in ("", [], None) and name not in said]
        assert not missing, f"{form.id} has not kept {missing}"

    def _answer(self, field: Field, value: Any, *, by_letters: bool) -> None:
        editor = self.editor(field.name)
        if isinstance(editor, ChecklistEditor):
            self._tick(editor)
        elif isinstance(editor, TableEditor):
            self._paste(editor, value)
        elif by_letters:
            self.type(field.name, type_of(field).text(self._stored(field, value), field, self.forms))
        else:
            editor.set_value(self._stored(field, value))
            editor.changed.emit()

    def editor(self, name: str) -> Editor:
        """The editor of a field of the dossier in front, by its name; an answer before may have called for it."""
        found = self._find(name)
        if found is None:
            self.page.on_leave()
            found = self._find(name)
        assert found is not None, f"{name} is not asked"
        return found

    def _find(self, name: str) -> Editor | None:
        return self.page.findChild(Editor, f"{self.page.record.kind}.{name}")

    def _stored(self, field: Field, value: Any) -> Any:
        return type_of(field).parse(value, field, self.forms)

    def _tick(self, editor: ChecklistEditor) -> None:
        """1 on every item; each answer leads to the next."""
        self.page.focus_field(editor.path)
        for _ in editor.rows:
            self.press("1")

    def _paste(self, editor: TableEditor, rows: list[Mapping[str, Any]]) -> None:
        """All rows at once, as they are copied from a spreadsheet."""
        if not rows:
            return
        shown = [column for column in editor.field.columns if column.name not in editor.model.hidden]
        lines = [[self._cell(column, row.get(column.name)) for column in shown] for row in rows]
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))
        editor.view.setFocus(Qt.FocusReason.OtherFocusReason)
        editor.view.setCurrentIndex(editor.model.index(0, 0))
        self.press("Ctrl+V")
        told = editor.model.problems()
        assert told == [], told

    def _cell(self, column: Field, value: Any) -> str:
        if value is None or column.computed:
            return ""
        return type_of(column).text(type_of(column).parse(value, column, self.forms), column, self.forms)

    def answer_the_rest(self) -> None:
        """What the form still asks for: fields, and cells of rows that are there."""
        record = self.record
        for path, value in life.rest(self.forms, record.kind, record.data).items():
            name, _, rest = path.partition("/")
            self._answer(record.field(name), value, by_letters=False) if not rest else self.type(path, str(value))
        self.page.on_leave()

    # -- steps and other dossiers ----------------------------------------------------------------------------------

    def take(self, *labels: str) -> None:
        """Steps by their words: by the button where one is the next, else from the menu beside it."""
        header = self.window.header
        for label in labels:
            if header.main.text() == label:
                QTest.mouseClick(header.main, Qt.MouseButton.LeftButton)
            else:
                next(act for act in header.steps.menu().actions() if act.text().partition(" – ")[0] == label).trigger()
            said = self.window.context.messages.said
            assert said[-1].startswith(f"{label}: "), said[-3:]

    def begin(self, kind: str) -> None:
        """A dossier of a kind by its button on «Liên quan»."""
        self.press("Ctrl+L")
        button = self.page.findChild(QPushButton, f"create.{kind}")
        assert button.isVisible()
        button.click()
        assert self.record.kind == kind

    def open_related(self, title: str) -> None:
        """A dossier that belongs to the one in front, by the beginning of its line on «Liên quan»."""
        self.press("Ctrl+L")
        next(button for button in self.page.findChildren(QPushButton) if button.toolTip().startswith(title)).click()
        assert self.record.title().startswith(title)

    def back(self) -> None:
        """Alt+←."""
        above = self.page
        self.press("Alt+Left")
        assert self.page is not above

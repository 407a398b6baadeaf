"""The form of a record: sections and fields in the order of the paper, saved while the officer types.

What is typed is written into the record and emitted by `edited` within SAVE_DELAY of the first unsaved key, and at
once when a field is left or a choice is made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from kcdesk.errors import Problem
from kcdesk.formdef.model import Workflow
from kcdesk.formdef.record import Record
from kcdesk.ui.form import reached_section
from kcdesk.ui.form.editors.base import Editor, PathValues, Surroundings
from kcdesk.ui.form.editors.registry import make_editor
from kcdesk.ui.form.editors.sources import FormHost
from kcdesk.ui.form.field_problems import grouped
from kcdesk.ui.form.field_rights import FieldRights
from kcdesk.ui.form.form_page import FormPage, field_states
from kcdesk.ui.form.form_scroll import FormScroll
from kcdesk.ui.form.form_section import SectionView
from kcdesk.ui.form.late_building import FoundWhole, LateBuilding
from kcdesk.ui.form.steady_clicks import SteadyClicks
from kcdesk.ui.toolkit.qt import application, soon

__all__ = ["SAVE_DELAY", "FormHost", "FormView"]

SAVE_DELAY = 400  # milliseconds; even on a slow disk everything is saved within one second


class FormView(FoundWhole, FormScroll):
    """Shows one record at a time; the widgets are reused while records of the same form follow each other.

    What is in sight is built first (`FormPage`), the rest a moment later or when it is asked for (`LateBuilding`).

    Signals:
        edited: the record has changed; carries {path: stored value, or None for emptied}.
        sections_changed: `sections()` has other sections or other counts than when this was said last.
        unread_changed: typed texts that cannot be read have come or gone; carries all of them by path.
        section_reached: the officer is in another section, by a jump, the wheel or the keyboard; carries its id.
        editor_reached: the editor that has the keyboard now; room_wanted: a table that wants the whole window.
        seeking: the field at this path is about to get the focus; an owner that shows the form in parts shows its part.
    """

    edited = Signal(dict)
    sections_changed = Signal()
    unread_changed = Signal(dict)
    section_reached = Signal(str)
    seeking = Signal(str)
    editor_reached = Signal(object)
    room_wanted = Signal(object)

    def __init__(self, host: FormHost, in_use: Callable[[], bool] = lambda: True) -> None:
        super().__init__()
        self._host = host
        self._record: Record | None = None
        self._rights: FieldRights | None = None
        self._strict = False  # whether missing values are shown too, because the officer has asked
        self._others: list[Problem] = []  # problems from outside the record
        self._page: FormPage | None = None
        self._counted: list[tuple[str, str, int]] = []  # the sections as they were announced last
        self._only: Collection[str] | None = None
        self._unsaved: dict[Editor, None] = {}
        self._unread: dict[str, str] = {}  # typed texts that cannot be read, by path
        self._last: Editor | None = None  # the editor that had the keyboard last
        self._chosen = ""  # the section to which the officer went, by a jump or by the keyboard
        self._timer = QTimer(self, singleShot=True, interval=SAVE_DELAY)
        self._timer.timeout.connect(self.keep_typed)
        self._late = LateBuilding(self, in_use, self._fit)
        self._clicks = SteadyClicks(self, self.show_focused)
        application().focusChanged.connect(self._follow_focus)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    # -- the record ------------------------------------------------------------------------------------------------

    @property
    def record(self) -> Record:
        """The record shown; AttributeError before the first."""
        if self._record is None:
            raise AttributeError("record")
        return self._record

    def set_record(self, record: Record, workflow: Workflow, level: str, *, is_own: bool = True) -> None:
        """Show a record to an officer of that level; if it is the same record, typed text stays."""
        other = self._record is None or self._record.id != record.id
        if other and self._record is not None:
            self.flush()
        self._record = record
        self._rights = FieldRights(workflow, level, is_own=is_own, closed=self._host.closed_fields(record))
        known = self._page if self._page is not None and self._page.is_for(record, level) else None
        page = known or self._new_page(self._rights)
        if other:
            self._strict, self._others, self._unread = False, [], {}
            self.verticalScrollBar().setValue(0)
        for editor in list(page.editors.values()):
            is_closed = not self.may_edit(editor.path)
            anew = other or (is_closed and not editor.wide)  # «25/11» in a field that is closed now was never left
            editor.set_value(record.value(editor.path)) if anew else editor.refresh()
            if other or is_closed:  # what was said while it was typed
                editor.forget_notes("hint", "excess")
        self._set_states()
        self._show_problems()
        self._build_in_sight(page)
        if self.isVisible():  # then no window waits to be shown
            self.complete()

    def refresh(self, paths: list[str]) -> None:
        """Show the record's values at these paths, except where the officer is typing."""
        for name in dict.fromkeys(path.partition("/")[0] for path in paths):
            if name in self._built:
                self._built[name].refresh()
        self._set_states()
        self._show_problems()
        self._note_unread()  # those of a row that is gone went with it

    def flush(self) -> None:
        """Save everything that has been typed, as one change."""
        QGuiApplication.inputMethod().commit()
        self._timer.stop()
        typed, self._unsaved = list(self._unsaved), {}
        changes = {path: value for editor in typed for path, value in editor.keep(leaving=True).items()}
        if typed:
            self._announce(typed[-1], changes, leaving=True)
        for editor in typed[:-1]:
            self._hint(editor)

    def abandon(self) -> None:
        """Forget what is being typed and save nothing more: the record is deleted, or the store closed."""
        self._timer.stop()
        self._unsaved.clear()
        if self._page is not None:
            self._page.abandon()

    def names(self) -> list[str]:
        """The fields that have an editor, in the paper's order."""
        self.complete()
        return list(self._built)

    def editor(self, path: str) -> Editor:
        """Return the editor of a field; KeyError when there is none or the field does not apply to the record."""
        name = path.partition("/")[0]
        if name not in self._built:
            self.complete()
        return self._built[name]

    # -- building --------------------------------------------------------------------------------------------------

    @property
    def _built(self) -> Mapping[str, Editor]:
        """The editors that are there, by name of their field."""
        return self._page.editors if self._page is not None else {}

    @property
    def _sections(self) -> Sequence[SectionView]:
        """The sections that are there, the last one perhaps in part."""
        return self._page.sections if self._page is not None else ()

    def _new_page(self, rights: FieldRights) -> FormPage:
        """Make an empty page for the record; its fields are built when they are needed."""
        record = self.record
        assert record.forms is not None, "what is shown knows its forms"
        self.abandon()
        self._last = None
        around = Surroundings(record.kind, record.forms, self._host, lambda: self.record, self.may_edit, make_editor)
        self._page = FormPage(around, field_states(record, rights, self._only), self._connect, self.viewport())
        self.setWidget(self._page)
        return self._page

    def _build_in_sight(self, page: FormPage) -> None:
        """Build the sections that are in sight; the others follow when nothing waits."""
        if page.build_sections(self.viewport().height()):
            self._fit()
        self._late.begin(page)

    def complete(self) -> None:
        """Build now what is not built yet, and give it its place."""
        self._late.complete()

    def _fit(self) -> None:
        """Give a page that has grown its height, so that one can scroll to each of its fields."""
        if self._page is not None and self.isVisible():
            self._page.fit()
            QApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))

    def showEvent(self, event: QShowEvent) -> None:
        """Build what is in sight: only now the form knows its height."""
        super().showEvent(event)
        if self._page is not None:
            self._build_in_sight(self._page)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Let Tab find every field."""
        self.complete()
        return super().focusNextPrevChild(forward)

    def _connect(self, editor: Editor) -> None:
        editor.changed.connect(lambda: self._typed(editor))
        editor.finished.connect(lambda: self._keep(editor, leaving=True))
        editor.next_wanted.connect(lambda: self._go_on(editor))
        editor.elsewhere.connect(self.seeking)
        editor.room_wanted.connect(lambda: self.room_wanted.emit(editor))
        editor.wrote.connect(lambda changes: self._announce(editor, changes, leaving=True))

    # -- saving ----------------------------------------------------------------------------------------------------

    def _typed(self, editor: Editor) -> None:
        self._unsaved[editor] = None
        if not self._timer.isActive():
            self._timer.start()

    def keep_typed(self) -> None:
        """Keep what has been typed while the officer goes on typing; the timer calls this too."""
        for editor in list(self._unsaved):
            self._keep(editor, leaving=False)

    def _keep(self, editor: Editor, *, leaving: bool) -> None:
        self._unsaved.pop(editor, None)
        if not self._unsaved:
            self._timer.stop()
        self._announce(editor, editor.keep(leaving=leaving), leaving=leaving)

    def _announce(self, editor: Editor, changes: PathValues, *, leaving: bool) -> None:
        if changes:
            names = {path.partition("/")[0] for path in changes} - {editor.path}
            others = [self._built[name] for name in names if name in self._built]
            for other in others:
                other.refresh()
            self._others = [problem for problem in self._others if problem.field not in changes]
            self._set_states()
            self.edited.emit(changes)
            for changed in (editor, *(other for other in others if other.field.computed)):
                self._hint(changed)
        self._show_problems(typing=None if leaving else editor)
        self._note_unread()
        soon(self, self.show_focused)

    def show_unread(self, texts: Mapping[str, str]) -> None:
        """Show texts that were typed earlier and could not be read; what can be read now is saved."""
        if texts:
            self.complete()
        self._unread = dict(texts)
        for name, editor in self._built.items():
            if self.may_edit(name) and (changes := editor.show_unread(texts)):
                self._announce(editor, changes, leaving=True)
        self._show_problems()

    def _note_unread(self) -> None:
        elsewhere = {path: text for path, text in self._unread.items() if path.partition("/")[0] not in self._built}
        shown = {path: text for editor in self._built.values() for path, text in editor.unread_texts().items()}
        if self._unread != elsewhere | shown:
            self._unread = elsewhere | shown
            self.unread_changed.emit(self._unread)

    def _hint(self, editor: Editor) -> None:
        """Show notes about the value just typed, or computed from it."""
        record, path = self.record, editor.path
        value = None if editor.wide else record.value(path)
        for role, note in (("hint", self._host.hint), ("excess", self._host.excess)):
            editor.note(role, "" if value is None else note(record.kind, record.id, path, value))

    # -- permissions and states ------------------------------------------------------------------------------------

    def may_edit(self, path: str) -> bool:
        """Return whether this officer may change the field or cell now."""
        return self._rights is not None and self._rights.may_edit(self.record, path)

    @property
    def is_open(self) -> bool:
        """Return whether the record as a whole is still filled in."""
        return self._rights is None or self._rights.is_open(self.record)

    def _set_states(self) -> None:
        if self._page is not None and self._rights is not None:
            self._page.show_states(field_states(self.record, self._rights, self._only))

    # -- problems --------------------------------------------------------------------------------------------------

    def show_problems(self, problems: list[Problem]) -> None:
        """Show the problems; from now on also missing values, until another record is shown."""
        own = self.record.problems(final=True)
        self._strict = bool(problems)
        self._others = [problem for problem in problems if problem not in own]
        self._show_problems()

    def _show_problems(self, typing: Editor | None = None) -> None:
        by_field = grouped(self.record, self.record.problems(final=self._strict), self._others)
        if self._page is not None:
            self._page.show_problems(by_field, typing)
        before, self._counted = self._counted, self.sections()
        if self._counted != before:
            self.sections_changed.emit()

    def sections(self) -> list[tuple[str, str, int]]:
        """Return the sections that apply to the record: id, label, number of problems."""
        return self._page.counts() if self._page is not None else []

    # -- moving ----------------------------------------------------------------------------------------------------

    def show_only(self, section_ids: Collection[str] | None) -> None:
        """Show only these sections, from the top; None shows all that apply to the record."""
        self._only = section_ids
        self.complete()
        self._set_states()
        self.verticalScrollBar().setValue(0)

    def focused_path(self) -> str:
        """Return the path of the field, row or cell that has the focus; "" for none."""
        return next((editor.focused_path() for editor in self._built.values() if editor.has_focus()), "")

    def last_path(self) -> str:
        """Return the path of the field, row or cell that had the focus last; "" for none."""
        return self._last.focused_path() if self._last is not None else ""

    def focus_path(self, path: str, *, replacing: bool = False) -> None:
        """Scroll to a field or table cell and focus it; `replacing` lets typing replace what stands there."""
        name, _, rest = path.partition("/")
        if name and name not in self._built:
            self.complete()
        editor = self._built.get(name)
        if editor is None or editor.isHidden():
            return
        self._seek(editor, path)
        row_id, _, column = rest.partition("/")
        if row_id:
            editor.focus_row(row_id, column)
        else:
            (editor.jump if replacing else editor.focus)()

    def _seek(self, editor: Editor, path: str) -> None:
        """Bring an editor into sight that is about to get the focus."""
        self.seeking.emit(path)
        if self._page is not None:
            self._page.lay_out()
        if editor.visibleRegion().boundingRect() != editor.rect():
            self.complete()  # one can scroll no further than the page is high
        self.bring(editor)

    def scroll_to(self, value: int) -> None:
        """Scroll as far as before, as soon as the page has its height."""
        if value:
            self.complete()
        super().scroll_to(value)

    def scroll_to_section(self, section_id: str) -> None:
        """Scroll so that the title of a section is at the top."""
        self.complete()
        for section in self._sections:
            if section.section.id == section_id:
                self._chosen = section_id
                self.scroll_to_part(section)
                self.section_reached.emit(section_id)

    def _scrolled(self, value: int) -> None:
        self.complete()
        end, page, chosen = self.verticalScrollBar().maximum(), self.viewport(), self._chosen
        self.section_reached.emit(reached_section.at_scroll(self._sections, page, value, end, chosen, self._last))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Focus the first field to fill in; a closed record is read from the top, and the keys scroll."""
        super().focusInEvent(event)
        if path := self.first_path():
            self.editor(path).focus()

    def first_path(self) -> str:
        """Return the first field to fill in, where the keyboard begins; "" for none."""
        paths = self._page.open_fields() if self._page is not None and self.is_open else []
        return reached_section.first_to_fill(self.record, paths)

    def _go_on(self, editor: Editor) -> None:
        """Go to the next field of the paper (Enter)."""
        self.complete()
        order = list(self._built)
        following = order[order.index(editor.path) + 1 :]
        reachable = (self._built[name] for name in following if self.may_edit(name))
        next_editor = next((other for other in reachable if not other.isHidden()), None)
        if next_editor is not None:
            self._seek(next_editor, next_editor.path)
            next_editor.focus()

    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Scroll to whatever gets the focus, with its label and its messages."""
        self._last = next((editor for editor in self._built.values() if new and editor.isAncestorOf(new)), self._last)
        if new is None or self._page is None or not self._page.isAncestorOf(new):
            return  # an enlarged table stands outside the page
        if self._last is not None:
            self.editor_reached.emit(self._last)
        self._clicks.reach(new)

    def show_focused(self) -> None:
        """Scroll until the field with the keyboard is in sight, and name its section."""
        focused = application().focusWidget()
        if focused is not None and self._page is not None and self._page.isAncestorOf(focused):
            self._chosen = reached_section.of_editor(self._sections, self._last)
            self.show_whole(self._last.seen_with(focused) if self._last is not None else focused, focused)
            self.section_reached.emit(self._chosen)

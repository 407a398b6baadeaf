"""The form of a record: sections and fields in the order of the paper, saved while the officer types.

What is typed is written into the record and emitted by `edited` within SAVE_DELAY of the first unsaved key, and at
once when a field is left or a choice is made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kcdesk.errors import Problem
from kcdesk.formdef.model import Field, Form, Workflow
from kcdesk.formdef.record import Record
from kcdesk.ui.form import reached_section
from kcdesk.ui.form.editors.base import Editor, PathValues, Surroundings
from kcdesk.ui.form.editors.registry import make_editor
from kcdesk.ui.form.editors.sources import FormHost
from kcdesk.ui.form.field_problems import doubts, grouped, required_note, show_at
from kcdesk.ui.form.field_rights import PROVINCE, FieldRights, is_theirs
from kcdesk.ui.form.form_scroll import FormScroll
from kcdesk.ui.form.form_section import SectionView
from kcdesk.ui.form.steady_clicks import SteadyClicks
from kcdesk.ui.form.tab_order import chain
from kcdesk.ui.toolkit.qt import application, soon
from kcdesk.ui.toolkit.theme import GROUP_GAP, SECTION_GAP, labelled

__all__ = ["SAVE_DELAY", "FormHost", "FormView"]

SAVE_DELAY = 400  # milliseconds; even on a slow disk everything is saved within one second


class FormView(FormScroll):
    """Shows one record at a time; the widgets are reused while records of the same form follow each other.

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

    def __init__(self, host: FormHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._record: Record | None = None
        self._form: Form | None = None
        self._rights: FieldRights | None = None
        self._built_for = ""  # the level of the officer
        self._strict = False  # whether missing values are shown too, because the officer has asked
        self._others: list[Problem] = []  # problems from outside the record
        self._editors: dict[str, Editor] = {}
        self._sections: list[SectionView] = []
        self._counted: list[tuple[str, str, int]] = []  # the sections as they were announced last
        self._only: Collection[str] | None = None
        self._unsaved: dict[Editor, None] = {}
        self._unread: dict[str, str] = {}  # typed texts that cannot be read, by path
        self._last: Editor | None = None  # the editor that had the keyboard last
        self._chosen = ""  # the section to which the officer went, by a jump or by the keyboard
        self._timer = QTimer(self, singleShot=True, interval=SAVE_DELAY)
        self._timer.timeout.connect(self.keep_typed)
        self._page = QWidget()
        self.setWidget(self._page)
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
        if self._form is not record.form or self._built_for != level:
            self._build(record, level)
        if other:
            self._strict, self._others, self._unread = False, [], {}
            self.verticalScrollBar().setValue(0)
        for editor in self._editors.values():
            is_closed = not self.may_edit(editor.path)
            anew = other or (is_closed and not editor.wide)  # «25/11» in a field that is closed now was never left
            editor.set_value(record.value(editor.path)) if anew else editor.refresh()
            if other or is_closed:  # what was said while it was typed
                editor.forget_notes("hint", "excess")
        self._set_states()
        self._show_problems()

    def refresh(self, paths: list[str]) -> None:
        """Show the record's values at these paths, except where the officer is typing."""
        for name in dict.fromkeys(path.partition("/")[0] for path in paths):
            if name in self._editors:
                self._editors[name].refresh()
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
        for editor in self._editors.values():
            editor.blockSignals(True)

    def names(self) -> list[str]:
        """The fields that have an editor, in the paper's order."""
        return list(self._editors)

    def editor(self, path: str) -> Editor:
        """Return the editor of a field; KeyError when there is none or the field does not apply to the record."""
        return self._editors[path.partition("/")[0]]

    # -- building --------------------------------------------------------------------------------------------------

    def _build(self, record: Record, level: str) -> None:
        """Create titles and places of all fields; the editors are created when their fields become visible."""
        self._form, self._built_for = record.form, level
        self._unsaved.clear()
        self._editors, self._last = {}, None
        assert record.forms is not None, "a record that is shown knows the definitions of its kind"
        self._around = Surroundings(
            record.kind, record.forms, self._host, lambda: self.record, self.may_edit, make_editor
        )
        self._page = QWidget(self.viewport())
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(0, 0, GROUP_GAP, SECTION_GAP)
        self._column.setSpacing(SECTION_GAP)
        self._required = labelled(required_note(record), "help")
        self._column.addWidget(self._required)
        self._sections = [SectionView(section, record, self._page) for section in record.form.sections]
        for section in self._sections:
            self._column.addWidget(section)
        self._unverified = labelled("", "help", wrap=True)
        self._column.addWidget(self._unverified)
        self._column.addStretch()
        self._make_editors({field.name for field in record.fields_visible()})
        self.setWidget(self._page)

    def _make_editors(self, visible: Collection[str]) -> None:
        """Create the missing editors of the fields that apply to the record, in the order of the paper."""
        made = dict(self._editors)
        for section in self._sections:
            for field in section.section.fields:
                if field.name in visible and field.name not in made:
                    made[field.name] = self._make(field, section)
        if len(made) > len(self._editors):
            late = bool(self._editors)
            self._editors = {field.name: made[field.name] for field in self.record.form.fields if field.name in made}
            if late:
                chain(self._editors.values())

    def _make(self, field: Field, section: SectionView) -> Editor:
        editor = self._connected(make_editor(field, self._around, section.parent_of(field)))
        if field.label == section.section.label and field is section.section.fields[0]:
            editor.take_title(section.title)
        editor.set_value(self.record.value(field.name))
        if is_theirs([field], self._built_for) and not is_theirs(section.section.fields, self._built_for):
            editor.note("owner", PROVINCE)
        return editor

    def _connected(self, editor: Editor) -> Editor:
        editor.changed.connect(lambda: self._typed(editor))
        editor.finished.connect(lambda: self._keep(editor, leaving=True))
        editor.next_wanted.connect(lambda: self._go_on(editor))
        editor.elsewhere.connect(self.seeking)
        editor.room_wanted.connect(lambda: self.room_wanted.emit(editor))
        editor.wrote.connect(lambda changes: self._announce(editor, changes, leaving=True))
        return editor

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
            others = [self._editors[name] for name in names if name in self._editors]
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
        self._unread = dict(texts)
        for name, editor in self._editors.items():
            if self.may_edit(name) and (changes := editor.show_unread(texts)):
                self._announce(editor, changes, leaving=True)
        self._show_problems()

    def _note_unread(self) -> None:
        elsewhere = {path: text for path, text in self._unread.items() if path.partition("/")[0] not in self._editors}
        shown = {path: text for editor in self._editors.values() for path, text in editor.unread_texts().items()}
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
        """Show the fields that now apply to the record, without moving the focus."""
        visible = {field.name for field in self.record.fields_visible()}
        self._make_editors(visible)
        required = {field.name for field in self.record.fields_required() if self.may_edit(field.name)}
        for name, editor in self._editors.items():
            editor.set_state(self.may_edit(name), name in required, name in visible)
        if self._rights is not None:
            self._rights.show(self._sections, self._editors)
        for section in self._sections:
            section.arrange(self._editors, in_view=self._only is None or section.section.id in self._only)
        self._required.setVisible(bool(required) and self._only is None)
        self._unverified.setText(doubts(self.record) if self._only is None else "")
        self._unverified.setVisible(bool(self._unverified.text()))

    # -- problems --------------------------------------------------------------------------------------------------

    def show_problems(self, problems: list[Problem]) -> None:
        """Show the problems; from now on also missing values, until another record is shown."""
        own = self.record.problems(final=True)
        self._strict = bool(problems)
        self._others = [problem for problem in problems if problem not in own]
        self._show_problems()

    def _show_problems(self, typing: Editor | None = None) -> None:
        """Show each problem at its field; a field being typed in gets no new problem before it is left."""
        by_field = grouped(self.record, self.record.problems(final=self._strict), self._others)
        for name, editor in self._editors.items():
            if editor is not typing or not by_field[name]:
                show_at(editor, by_field[name])
            editor.note_kept()
        self._count(Counter({name: sum(not gap.advice for gap in problems) for name, problems in by_field.items()}))

    def _count(self, problems: Counter[str]) -> None:
        for section in self._sections:
            names = [field.name for field in section.section.fields if field.name in self._editors]
            unread = {name: self._editors[name].unread_count() for name in names if not self._editors[name].isHidden()}
            section.show_count(sum(max(unread.get(name, 0), problems[name]) for name in names))
        before, self._counted = self._counted, self.sections()
        if self._counted != before:
            self.sections_changed.emit()

    def sections(self) -> list[tuple[str, str, int]]:
        """Return the sections that apply to the record: id, label, number of problems."""
        return [(s.section.id, s.section.label, s.problem_count) for s in self._sections if s.concerns]

    # -- moving ----------------------------------------------------------------------------------------------------

    def show_only(self, section_ids: Collection[str] | None) -> None:
        """Show only these sections, from the top; None shows all that apply to the record."""
        self._only = section_ids
        self._set_states()
        self.verticalScrollBar().setValue(0)

    def focused_path(self) -> str:
        """Return the path of the field, row or cell that has the focus; "" for none."""
        return next((editor.focused_path() for editor in self._editors.values() if editor.has_focus()), "")

    def last_path(self) -> str:
        """Return the path of the field, row or cell that had the focus last; "" for none."""
        return self._last.focused_path() if self._last is not None else ""

    def focus_path(self, path: str, *, replacing: bool = False) -> None:
        """Scroll to a field or table cell and focus it; `replacing` lets typing replace what stands there."""
        name, _, rest = path.partition("/")
        editor = self._editors.get(name)
        if editor is None or editor.isHidden():
            return
        self.seeking.emit(path)
        self._column.activate()
        self.bring(editor)
        row_id, _, column = rest.partition("/")
        if row_id:
            editor.focus_row(row_id, column)
        else:
            (editor.jump if replacing else editor.focus)()

    def scroll_to_section(self, section_id: str) -> None:
        """Scroll so that the title of a section is at the top."""
        for section in self._sections:
            if section.section.id == section_id:
                self._chosen = section_id
                self.scroll_to_part(section)
                self.section_reached.emit(section_id)

    def _scrolled(self, value: int) -> None:
        end = self.verticalScrollBar().maximum()
        self.section_reached.emit(reached_section.at_scroll(self._sections, self._page, value, end, self._chosen))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Focus the first field to fill in; a closed record is read from the top, and the keys scroll."""
        super().focusInEvent(event)
        if path := self.first_path():
            self._editors[path].focus()

    def first_path(self) -> str:
        """Return the first field to fill in, where the keyboard begins; "" for none."""
        paths = [editor.path for editor in self._reachable() if editor.isVisibleTo(self._page)]
        return reached_section.first_to_fill(self.record, paths) if self.is_open else ""

    def _reachable(self) -> list[Editor]:
        return [e for name, e in self._editors.items() if not e.isHidden() and self.may_edit(name)]

    def _go_on(self, editor: Editor) -> None:
        """Go to the next field of the paper (Enter)."""
        order = list(self._editors)
        following = order[order.index(editor.path) + 1 :]
        reachable = {e.path: e for e in self._reachable()}
        next_editor = next((reachable[name] for name in following if name in reachable), None)
        if next_editor is not None:
            self.seeking.emit(next_editor.path)
            self._column.activate()
            self.bring(next_editor)
            next_editor.focus()

    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Scroll to whatever gets the focus, with its label and its messages."""
        self._last = next((editor for editor in self._editors.values() if new and editor.isAncestorOf(new)), self._last)
        if new is None or not self._page.isAncestorOf(new):  # an enlarged table stands outside the page
            return
        if self._last is not None:
            self.editor_reached.emit(self._last)
        self._clicks.reach(new)

    def show_focused(self) -> None:
        """Scroll until the field with the keyboard is in sight, and name its section."""
        focused = application().focusWidget()
        if focused is not None and self._page.isAncestorOf(focused):
            self._chosen = reached_section.of_editor(self._sections, self._last)
            self.show_whole(self._last.seen_with(focused) if self._last is not None else focused, focused)
            self.section_reached.emit(self._chosen)

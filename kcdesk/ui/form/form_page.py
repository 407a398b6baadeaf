"""The page of a form: its sections and editors, built from the top of the paper down.

Most of a dossier lies below what the window shows. The page builds as far as it is asked, editor by editor, so that the
first fields stand on the screen before the last ones exist. What was shown last (which fields apply, their problems) is
kept, so that a field that is built later looks as if it had been there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kcdesk.errors import Problem
from kcdesk.formdef.model import Field, Section
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.ui.form.editors.base import Editor, Surroundings
from kcdesk.ui.form.editors.registry import make_editor
from kcdesk.ui.form.field_problems import doubts, required_note, show_at
from kcdesk.ui.form.field_rights import PROVINCE, FieldRights, is_theirs
from kcdesk.ui.form.form_section import SectionView
from kcdesk.ui.form.tab_order import chain
from kcdesk.ui.toolkit.theme import GROUP_GAP, SECTION_GAP, labelled


class FieldStates(Value):
    """Which fields apply to the record, must be filled in and may be changed; `only` names the sections in view."""

    visible: Collection[str]
    required: Collection[str]
    rights: FieldRights
    only: Collection[str] | None

    def concerns(self, section: Section) -> bool:
        """Return whether any field of a section applies to the record."""
        return any(field.name in self.visible for field in section.fields)

    def shows(self, section: Section) -> bool:
        """Return whether a section that applies to the record is in view."""
        return self.only is None or section.id in self.only


def field_states(record: Record, rights: FieldRights, only: Collection[str] | None) -> FieldStates:
    """Return what a form shows of the fields of a record as it is now."""
    visible = {field.name for field in record.fields_visible()}
    required = {field.name for field in record.fields_required() if rights.may_edit(record, field.name)}
    return FieldStates(visible, required, rights, only)


class FormPage(QWidget):
    """Sections below each other, for records of one form and an officer of one level.

    `editors` has those that are built, by name in the order of the paper; `connect` is given each of them once.
    """

    def __init__(self, around: Surroundings, states: FieldStates, connect: Callable[[Editor], None], parent: QWidget):
        super().__init__(parent)
        self._around, self._states, self._connect = around, states, connect
        self.form = around.record().form
        self.level = states.rights.level
        self.editors: dict[str, Editor] = {}
        self.sections: list[SectionView] = []  # those that are built, the last one perhaps in part
        self._problems: Mapping[str, list[Problem]] = defaultdict(list)
        self._counts: Counter[str] = Counter()  # problems by section
        self._required = labelled(required_note(around.record()), "help")
        self._unverified = labelled("", "help", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, GROUP_GAP, SECTION_GAP)
        self._column.setSpacing(SECTION_GAP)
        self._column.addWidget(self._required)
        self._column.addWidget(self._unverified)
        self._column.addStretch()
        self._building = self._build()
        self.is_whole = self._is_building = self._in_sight = False

    def is_for(self, record: Record, level: str) -> bool:
        """Return whether the page can show a record to an officer of that level."""
        return record.form is self.form and level == self.level

    def lay_out(self) -> None:
        """Give every field its place now."""
        self._column.activate()

    def fit(self) -> None:
        """Measure every section anew: one that came while the page was at work may have got too little room."""
        for section in self.sections:
            section.updateGeometry()
        self.lay_out()

    # -- building --------------------------------------------------------------------------------------------------

    def build_next(self) -> bool:
        """Build the next part, a few milliseconds of work; return whether a section has got its last one."""
        if self._is_building:  # what is built may move the keyboard, which asks for the whole form
            return False
        self._is_building = True
        try:
            return next(self._building, False)
        finally:
            self._is_building = False

    def build_sections(self, height: int) -> bool:
        """Build whole sections until the page is so high, in pixels; return whether anything was built."""
        before, self._in_sight = len(self.sections), True
        while not self.is_settled and sum(section.room for section in self.sections) < height:
            while not self.build_next() and not self.is_settled:
                pass
        self._in_sight = False
        return len(self.sections) > before

    def build_rest(self) -> None:
        """Build everything that is not built yet."""
        while not self.is_settled:
            self.build_next()

    @property
    def is_settled(self) -> bool:
        """Whether nothing can be built now: all is there, or a part is being built."""
        return self.is_whole or self._is_building

    def abandon(self) -> None:
        """Build nothing more, and say nothing more of what is typed."""
        self._building, self.is_whole = iter(()), True
        for editor in self.editors.values():
            editor.blockSignals(True)

    def _build(self) -> Iterator[bool]:
        """Build part by part; each yield tells whether a section has got its last one."""
        try:
            yield from self._build_sections()
        finally:
            self.is_whole = True  # also after an error: nobody waits for what cannot be built

    def _build_sections(self) -> Iterator[bool]:
        waiting = []  # they are laid out only once
        for section in self.form.sections:
            view = SectionView(section, self._around.record(), self)
            view.hide()
            self.sections.append(view)
            self._column.insertWidget(len(self.sections), view)  # below the first line
            yield False
            for field in section.fields:
                if field.name in self._states.visible and field.name not in self.editors:
                    self._add(self._make(field, view))
                    yield False
            if self._in_sight:
                self._show_section(view)
            else:
                waiting.append(view)
            yield True
        for view in waiting:
            self._show_section(view)

    def _add(self, editor: Editor) -> None:
        before = next(reversed(self.editors.values()), editor)
        self.editors[editor.path] = editor
        self._show_state(editor)
        self._show_problems(editor)
        chain((before, editor))  # one that comes late stands last in the window, after what is beside the form

    def _make(self, field: Field, section: SectionView) -> Editor:
        editor = make_editor(field, self._around, section.parent_of(field))
        self._connect(editor)
        if field.label == section.section.label and field is section.section.fields[0]:
            editor.take_title(section.title)
        editor.set_value(self._around.record().value(field.name))
        if is_theirs([field], self.level) and not is_theirs(section.section.fields, self.level):
            editor.note("owner", PROVINCE)
        return editor

    def _make_late(self) -> None:
        """Create the editors of fields that apply only now, in the order of the paper."""
        late = [
            (field, section)
            for section in self.sections
            for field in section.section.fields
            if field.name in self._states.visible and field.name not in self.editors
        ]
        if not late:
            return
        self.build_rest()
        made = {field.name: self._make(field, section) for field, section in late if field.name not in self.editors}
        known = {**self.editors, **made}
        self.editors = {field.name: known[field.name] for field in self.form.fields if field.name in known}
        chain(self.editors.values())

    # -- showing ---------------------------------------------------------------------------------------------------

    def show_states(self, states: FieldStates) -> None:
        """Show the fields that now apply to the record, without moving the focus."""
        self._states = states
        self._make_late()
        for editor in list(self.editors.values()):
            self._show_state(editor)
        for section in list(self.sections):
            self._show_section(section)
        record = self._around.record()
        self._required.setVisible(bool(states.required) and states.only is None)
        self._unverified.setText(doubts(record) if states.only is None else "")
        self._unverified.setVisible(bool(self._unverified.text()))

    def _show_state(self, editor: Editor) -> None:
        states, name = self._states, editor.path
        may_edit = states.rights.may_edit(self._around.record(), name)
        editor.set_state(may_edit, name in states.required, name in states.visible)
        states.rights.close_answers(editor)

    def _show_section(self, section: SectionView) -> None:
        section.show_note(self._states.rights.note_of(section.section))
        section.arrange(self.editors, in_view=self._states.shows(section.section))
        section.show_count(self._counts[section.section.id])

    def show_problems(self, problems: Mapping[str, list[Problem]], typing: Editor | None) -> None:
        """Show each problem at its field; a field being typed in gets no new problem before it is left."""
        self._problems = problems
        for editor in list(self.editors.values()):
            self._show_problems(editor, typed=editor is typing)
        self._count()

    def _show_problems(self, editor: Editor, *, typed: bool = False) -> None:
        problems = self._problems.get(editor.path, [])
        if not typed or not problems:
            show_at(editor, problems)
        editor.note_kept()

    def _count(self) -> None:
        wrong = {name: sum(not gap.advice for gap in problems) for name, problems in self._problems.items()}
        unread = {name: 0 if editor.isHidden() else editor.unread_count() for name, editor in self.editors.items()}
        for section in self.form.sections:
            names = [field.name for field in section.fields if field.name in {*self._states.visible, *self.editors}]
            self._counts[section.id] = sum(max(unread.get(name, 0), wrong.get(name, 0)) for name in names)
        for view in self.sections:
            view.show_count(self._counts[view.section.id])

    def counts(self) -> list[tuple[str, str, int]]:
        """Return the sections that apply to the record, built or not: id, label, number of problems."""
        concerned = [section for section in self.form.sections if self._states.concerns(section)]
        return [(section.id, section.label, self._counts[section.id]) for section in concerned]

    def open_fields(self) -> list[str]:
        """Return the fields in view that the officer may change now, built or not, in the order of the paper."""
        states, record = self._states, self._around.record()
        shown = [field for section in self.form.sections if states.shows(section) for field in section.fields]
        return [f.name for f in shown if f.name in states.visible and states.rights.may_edit(record, f.name)]

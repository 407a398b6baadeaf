"""The base class of all editors: a label, an input, and below it notes and problems when there are any."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kcdesk import moments
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.governing_days import dossier_day
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.ui.form.editors.sources import FormHost
from kcdesk.ui.toolkit.offers.sentence_offers import SentenceOffers, Text
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import labelled, set_tone

_GAP = 4  # pixels between a label and its input
_MARK = " *"
_KEEP_TIP = "Lưu đúng chữ ghi trên giấy; danh sách và giấy tờ in ra có ghi «ghi theo giấy»"


CellKey = tuple[str, str]  # id of a row, name of a column
Unread = dict[CellKey, tuple[str, str]]  # typed text of a cell, and why it cannot be read
PathValues = dict[str, Any]  # current stored values by path; None for an emptied field


class Surroundings(Value):
    """What editors need from the form view: the definitions, the page around it, and the record being shown."""

    kind: str
    forms: Forms
    host: FormHost
    record: Callable[[], Record]
    editable: Callable[[str], bool]  # whether the value at a path may be changed now
    make_editor: Callable[[Field, Surroundings, QWidget | None], Editor]  # makes a column's editor (the registry)

    def offer_sentences(self, text: Text, path: Callable[[], str]) -> SentenceOffers:
        """Offer in a text input what is usual at the path that it edits."""
        return SentenceOffers(
            text,
            lambda: self.host.sentences(self.record(), path()),
            lambda sentence: self.host.forget_sentence(self.record(), path(), sentence),
        )

    @property
    def day(self) -> date:
        """The day whose rules apply to the record that is shown."""
        return dossier_day(self.record(), moments.today())


class Editor(QWidget):
    """One field: its label above, its input, and grey help, hints or a problem below.

    Signals:
        changed: something was typed that is not saved yet.
        finished: the field was left or a choice was made; save it now.
        next_wanted: Enter was pressed; go to the next field.
        wrote: a table has changed the record itself; carries {path: stored value or None}.
        room_wanted: a table wants the whole window.
        elsewhere: a row that is not visible is about to get the focus; carries its path.
    """

    changed = Signal()
    finished = Signal()
    next_wanted = Signal()
    wrote = Signal(dict)
    room_wanted = Signal()
    elsewhere = Signal(str)

    wide = False  # whether the editor may be wider than the column of fields
    max_input_width = 0  # pixels; 0 means as wide as the line allows

    def __init__(self, field: Field, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.around = around
        self.path = field.name
        self.unread = ""  # why the typed text cannot be stored; "" if it can
        self.touched = False  # whether something is typed that is not in the record yet
        self._problem = ""
        self._required = False
        self._notes: dict[str, QLabel] = {}
        self._repair: RepairLine | None = None  # created when it is needed
        self.setObjectName(f"{around.kind}.{field.name}")
        self.setAccessibleName(field.label)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Tab stops at the input, but Qt moves no other kind in its order
        self.label = labelled(field.label, "label", wrap=True)
        self.label.setParent(self)
        self.label.setToolTip(around.forms.basis(field.source, unverified=field.unverified, on=around.day))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(_GAP)
        self.column.addWidget(self.label)
        self.input = self.make_input()
        self._place_input()
        self.changed.connect(self._touch)
        self.note("help", field.help)

    def _touch(self) -> None:
        self.touched = True

    def _place_input(self) -> None:
        self.input.setAccessibleName(self.field.label)
        self.input.setAccessibleDescription(self.field.help)
        if self.max_input_width:
            keep_size(self.input, most_width=self.max_input_width)
        self.label.setBuddy(self.input)
        self.setFocusProxy(self.input)
        self.column.addWidget(self.input)

    # -- to be implemented by each editor --------------------------------------------------------------------------

    def make_input(self) -> QWidget:
        """Create the input and connect its signals; called once."""
        raise NotImplementedError

    def value(self) -> Any:
        """Return the value as it would be stored, None for empty; raises ValueProblem when the text cannot be read."""
        raise NotImplementedError

    def show_value(self, stored: Any) -> None:
        """Show a stored value, None for empty."""
        raise NotImplementedError

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid changes; reading and copying stay possible."""
        raise NotImplementedError

    def close_answers(self, closed: Mapping[str, str]) -> None:
        """Do not offer these values now, each with the reason; only editors that show all answers can."""

    # -- common to all editors ---------------------------------------------------------------------------------------

    def set_value(self, stored: Any) -> None:
        """Show a stored value, replacing what is typed."""
        self.unread = ""
        self.touched = False
        self._show_problem()
        self.show_value(stored)

    def keep(self, *, leaving: bool) -> dict[str, Any]:
        """Write what is typed into the record; return all changed paths with their stored values.

        Text that cannot be read stays as typed; the problem is shown when the field is left.
        """
        record = self.around.record()
        if not self.touched:
            if leaving:
                self.show_value(record.value(self.path))
            return {}
        try:
            value = self.value()
        except ValueProblem as problem:
            self.unread = problem.message if leaving or self.unread else ""
            self._show_problem()
            return {}
        self.unread = ""
        self.touched = False
        self._show_problem()
        if leaving:
            self.show_value(value)
        return {} if value == record.value(self.path) else record.set(self.path, value)

    def refresh(self) -> None:
        """Show the record's value again, unless the field holds typed text that is not saved yet."""
        stored = self.around.record().value(self.path)
        if not self.touched and not self._has_value(stored):
            self.set_value(stored)

    def _has_value(self, stored: Any) -> bool:
        """Return whether the input already has this value, perhaps written differently."""
        try:
            return self.value() == stored and not self.unread
        except ValueProblem:
            return False

    def set_problem(self, text: str) -> None:
        """Show below the field what is wrong with its stored value; "" removes the message."""
        self._problem = text
        self._show_problem()

    def problem(self) -> str:
        """Return the problem shown, "" for none."""
        return self.unread or self._problem

    def unread_count(self) -> int:
        """Return the number of typed values that cannot be stored."""
        return int(bool(self.unread))

    def typed_text(self) -> str:
        """Return the text in the input as it was typed; "" for an editor that cannot hold unreadable text."""
        return ""

    def show_typed(self, text: str) -> None:
        """Show text as it was typed, readable or not."""

    def unread_texts(self) -> dict[str, str]:
        """Return the typed texts that are not stored because they cannot be read, by path."""
        if not self.touched:
            return {}
        try:
            self.value()
        except ValueProblem:
            return {self.path: self.typed_text()}
        return {}

    def show_unread(self, texts: Mapping[str, str]) -> PathValues:
        """Show texts that were typed earlier and could not be read; what can be read now is written into the record."""
        if self.path not in texts:
            return {}
        self.show_typed(texts[self.path])
        self.touched = True
        return self.keep(leaving=True)

    def _show_problem(self) -> None:
        text = self.problem()
        if text == self.note_text("problem"):
            return
        self.note("problem", text)
        self.mark(bool(text))
        self._offer_repair()
        self.input.setAccessibleDescription(text or self.field.help)

    def _offer_repair(self) -> None:
        """Offer to correct unreadable text, and to keep a code as it stands on paper."""
        offered = self._may_keep_writing()
        if self._repair is None and offered:
            self._repair = RepairLine(self._go_to_unread, self.keep_as_written)
            self.column.addWidget(self._repair)
        if self._repair is not None:
            self._repair.setVisible(offered)

    def _may_keep_writing(self) -> bool:
        """Return whether there is unreadable text that may be kept as it stands on paper."""
        return bool(self.unread) and type_of(self.field).keeps_writing

    def _go_to_unread(self) -> None:
        """Focus the text that cannot be read."""
        self.focus()

    def note_kept(self) -> None:
        """Say below the input what is wrong with a value that is kept as it stands on paper."""
        field_type = type_of(self.field)
        if field_type.keeps_writing:
            value = self.around.record().value(self.path)
            is_kept = value is not None and bool(field_type.mark(value, self.field, self.around.forms))
            self.note("written", f"Giữ như trên giấy. {field_type.wrong(value, self.field)}" if is_kept else "")

    def keep_as_written(self) -> None:
        """Keep the typed text as it stands on paper, although it is wrong."""
        record = self.around.record()
        try:
            kept = type_of(self.field).written(self.typed_text())
        except ValueProblem as problem:
            self.unread = problem.message
            self._show_problem()
            return
        self.set_value(kept)
        self.wrote.emit(record.set(self.path, kept))

    def mark(self, wrong: bool) -> None:
        """Style the input as wrong or as correct."""
        set_tone(self.input, "wrong" if wrong else "")

    def set_state(self, enabled: bool, required: bool, visible: bool) -> None:
        """Set whether the field can be changed, is required, is visible."""
        self.set_editable(enabled)
        if required != self._required:
            self._required = required
            self.label.setText(self.field.label + _MARK if required else self.field.label)
        if visible == self.isHidden():
            self.setVisible(visible)

    def take_title(self, title: QLabel) -> None:
        """Use the section title as label when the two texts are the same."""
        self.label.hide()
        self.label = title
        title.setBuddy(self.input)

    def note(self, role: str, text: str) -> None:
        """Show a line below the input: help, hint, words, owner or problem; an empty text removes it."""
        label = self._notes.get(role)
        if label is None:
            if not text:
                return
            label = self._notes[role] = _note_label(role)
            self.column.addWidget(label)
        label.setText(text)
        label.setVisible(bool(text))

    def forget_notes(self, *roles: str) -> None:
        """Remove the lines below the input in these roles."""
        for role in roles:
            self.note(role, "")

    def note_text(self, role: str) -> str:
        """What stands below the input in that role; "" for nothing."""
        label = self._notes.get(role)
        return label.text() if label else ""

    def focus(self) -> None:
        """Give the input the focus."""
        self.input.setFocus(Qt.FocusReason.OtherFocusReason)

    def jump(self) -> None:
        """Give the input the focus after the officer chose this field: typing replaces what stands there."""
        self.focus()

    def focus_row(self, _row_id: str, _column: str) -> None:
        """Focus one row; an editor without rows focuses its input."""
        self.focus()

    def set_row_problems(self, problems: dict[CellKey, str]) -> None:
        """Show problems by row and column; an editor without rows ignores them."""

    def focused_path(self) -> str:
        """Return the path of what has the focus: the field, or a row or cell in it."""
        return self.path

    def seen_with(self, _focused: QWidget) -> QWidget:
        """Return what must be in sight while this part of the editor has the focus: label, input and its messages."""
        return self

    @property
    def help_topic(self) -> str:
        """The topic of the help for what has the focus: the field, or the column of a table."""
        name, *cell = self.focused_path().split("/")
        return ".".join((self.around.kind, name, *cell[1:2]))

    def has_focus(self) -> bool:
        """Return whether the focus is in this field."""
        focused = self.window().focusWidget()
        return focused is not None and (focused is self.input or self.isAncestorOf(focused))


class RepairLine(QWidget):
    """Two buttons below text that cannot be read: correct it, or keep it as it stands on paper."""

    def __init__(self, correct: Callable[[], None], keep: Callable[[], None]) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        for text, tip, act in (("Sửa", "Trở lại ô này", correct), ("Giữ như trên giấy", _KEEP_TIP, keep)):
            button = QPushButton(text)
            button.setProperty("role", "quiet")
            button.setToolTip(tip)
            button.clicked.connect(lambda _on=False, act=act: act())
            line.addWidget(button)
        line.addStretch()


def _note_label(role: str) -> QLabel:
    """Return a label for notes: problems and excess amounts in red, hints in amber, everything else in grey."""
    if role in ("hint", "written", "advised"):
        return labelled("", "help", "waiting", wrap=True)
    return labelled("", "problem" if role in ("problem", "excess") else "help", wrap=True)

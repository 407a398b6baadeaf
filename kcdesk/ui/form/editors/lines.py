"""Editors of one line: texts, codes, numbers, money, dates, and values found by searching."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QLineEdit

from kcdesk.formdef.types.registry import type_of
from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.form.editors.inputs import DateInput, GroupedInput, LineInput
from kcdesk.ui.form.editors.search_input import SearchInput
from kcdesk.ui.form.editors.sources import ChoiceSource, LinkedRowSource, PlaceSource, RecordSource, RowSource
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.qt import soon
from kcdesk.ui.toolkit.theme import set_read_only


class LineEditor(Editor):
    """A line whose text is read by the field's type."""

    input: LineInput

    def make_input(self) -> LineInput:
        """Create the line and connect its signals."""
        line = self.make_line()
        line.textEdited.connect(self.changed)
        line.left.connect(self.finished)
        line.entered.connect(self.next_wanted)
        if type_of(self.field).is_plain_text:
            self.around.offer_sentences(line, lambda: self.path)
        return line

    def make_line(self) -> LineInput:
        """Create the kind of line that this editor uses."""
        return LineInput(self.field, self.around.forms, self)

    def value(self) -> Any:
        """Return the typed value, read by the type."""
        return self.input.stored()

    def show_value(self, stored: Any) -> None:
        """Show a value; the cursor stays when the text is the same."""
        self.input.show_value(stored)

    def jump(self) -> None:
        """Give the line the focus with its text selected, as Tab does."""
        self.focus()
        self.input.selectAll()

    def typed_text(self) -> str:
        """Return the text of the line."""
        return self.input.text()

    def show_typed(self, text: str) -> None:
        """Show text in the line."""
        self.input.show_typed(text)

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid changes; read-only text can still be copied."""
        if self.input.isReadOnly() == editable:
            set_read_only(self.input, not editable)


class CodeEditor(LineEditor):
    """A short code: telephone, tax code, citizen id."""

    max_input_width = 240


class NumberEditor(LineEditor):
    """A number or an amount with its unit."""

    max_input_width = 240

    def make_line(self) -> LineInput:
        """Create a line; whole numbers get grouped thousands."""
        grouped = type_of(self.field).groups_digits
        line = (GroupedInput if grouped else LineInput)(self.field, self.around.forms, self)
        line.explains = True
        line.why_wanted.connect(lambda: self.around.host.explain(self.path))
        return line


class YearEditor(LineEditor):
    """A year or a time of day."""

    max_input_width = 120


class DateEditor(LineEditor):
    """A date, typed or chosen from a calendar."""

    max_input_width = 176

    def make_line(self) -> LineInput:
        """Create the line with its calendar."""
        return DateInput(self.field, self.around.forms, self)


class FoundEditor(LineEditor):
    """A value found by searching; its name stands below in full where the line cuts it."""

    input: SearchInput

    def make_input(self) -> LineInput:
        """Create the search box, which says when its room has changed."""
        line = super().make_input()
        assert isinstance(line, SearchInput), "only searched values have names of any length"
        line.resized.connect(lambda: soon(self, self._show_whole))  # not while layouts are at work
        return line

    def show_value(self, stored: Any) -> None:
        """Show the value, its name in full below if the line has no room for it."""
        super().show_value(stored)
        self._show_whole()

    def _show_whole(self) -> None:
        if self.isVisible():  # before that the line has no width yet
            self.note("words", self.input.text() if self.input.cuts_value() else "")


class SearchEditor(FoundEditor):
    """A choice from a long list."""

    def make_line(self) -> LineInput:
        """Create the search box."""
        return SearchInput(self.field, self.around.forms, ChoiceSource(self.field, self.around.forms), self)


class RowEditor(FoundEditor):
    """A row of another table of the record."""

    def make_line(self) -> LineInput:
        """Create the search box."""
        return SearchInput(self.field, self.around.forms, RowSource(self.field, self.around.record), self)


class RowNameEditor(FoundEditor):
    """The name of a row of a linked record, chosen or typed."""

    def make_line(self) -> LineInput:
        """Create the search box."""
        source = LinkedRowSource(self.field, self.around.record, self.around.host)
        line = SearchInput(self.field, self.around.forms, source, self)
        line.set_hint("Chọn hoặc gõ")
        return line


class PlaceEditor(FoundEditor):
    """An administrative unit, found by its current or former name."""

    def make_line(self) -> LineInput:
        """Create the search box."""
        return SearchInput(self.field, self.around.forms, PlaceSource(self.around.host), self)


class ReferenceEditor(FoundEditor):
    """Another record, found by any of its words; a missing record can be created from here."""

    def make_line(self) -> LineInput:
        """Create the search box."""
        self._source = RecordSource(self.field, self.around.forms, self.around.host, self.around.record)
        line = SearchInput(self.field, self.around.forms, self._source, self)
        line.create_wanted.connect(self._create)
        self._opener = QAction("Mở hồ sơ này", line)
        set_icon(self._opener, "external-link", QPalette.ColorRole.PlaceholderText)
        self._opener.triggered.connect(self._open)
        line.addAction(self._opener, QLineEdit.ActionPosition.TrailingPosition)
        return line

    def show_value(self, stored: Any) -> None:
        """Show the title, and a link to the record when there is one."""
        super().show_value(stored)
        self._opener.setVisible(stored is not None)
        self._propose()

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid changes."""
        super().set_editable(editable)
        self._propose()

    def _propose(self) -> None:
        """Say how the field can be filled in when the list of records does not have the one that is wanted yet."""
        wanted = not self.input.isReadOnly() and not self.input.text()
        name = self._source.proposed if wanted else ""
        self.note("proposed", f"Chưa có «{name}» trong sổ: bấm ↓ để thêm và chọn." if name else "")

    def _open(self) -> None:
        record_id = self.around.record().value(self.path)
        if record_id is not None:  # the chosen value may not be saved yet
            self.around.host.open_record(record_id)

    def _create(self, text: str) -> None:
        record_id = self.around.host.create_record(self.field.target, text)
        if record_id is not None:
            self.input.show_value(record_id)
            self.changed.emit()
            self.finished.emit()

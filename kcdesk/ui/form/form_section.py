"""One section of a form: its title with the number of problems, and its fields arranged in lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from kcdesk import moments
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field, Section
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.governing_days import dossier_day
from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.form.editors.registry import editor_class
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import FIELD_GAP, FORM_WIDTH, GROUP_GAP, SECTION_GAP, labelled

_COLUMNS = 4
_SPANS = {"short": 1, "half": 2, "full": _COLUMNS}
_TIGHT_SPANS = {"short": 2, "half": _COLUMNS, "full": _COLUMNS}
_TIGHT = 440  # pixels of a column of fields, below which fields do not share a line
_LINE_GAP = FIELD_GAP + FIELD_GAP // 2
Editors = Mapping[str, Editor]


class SectionView(QWidget):
    """Title, help and fields of one section; its owner creates the editors when they are first needed."""

    def __init__(self, section: Section, record: Record, parent: QWidget) -> None:
        super().__init__(parent)
        assert record.forms is not None, "what is shown knows its forms"
        self.section = section
        self.title = labelled(section.label, "section", wrap=True)
        self.title.setToolTip(record.basis(section.source, on=dossier_day(record, moments.today())))
        self._count = labelled("", "problem")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_LINE_GAP)
        self._column.addLayout(self._title_line())
        if section.help:
            self._column.addWidget(labelled(section.help, "help", wrap=True))
        self._note = labelled("", "help", wrap=True)
        self._note.setObjectName(f"note.{section.id}")
        self._note.hide()
        self._column.addWidget(self._note)
        self._runs = [FieldRun(fields, wide, self) for wide, fields in _runs(section.fields, record.forms)]
        for run in self._runs:
            self._column.addWidget(run)

    def _title_line(self) -> QHBoxLayout:
        self._line = QHBoxLayout()
        self._line.setSpacing(GROUP_GAP)
        self._line.addWidget(self.title, 1)
        self._line.addWidget(self._count, 0, Qt.AlignmentFlag.AlignBottom)
        return self._line

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the title as wide as the fields."""
        super().resizeEvent(event)
        _keep_narrow(self._line, event.size().width())

    def parent_of(self, field: Field) -> FieldRun:
        """Return the parent widget for the editor of a field."""
        return next(run for run in self._runs if field in run.fields)

    def arrange(self, editors: Editors, *, in_view: bool) -> None:
        """Arrange the visible fields; hidden ones leave no gap. With `in_view` False the whole section is hidden."""
        shown = [run.arrange(editors) for run in self._runs]
        self.setVisible(any(shown) and in_view)

    @property
    def room(self) -> int:
        """The pixels that the section takes of the height of the page, as far as is known before it is laid out."""
        return 0 if self.isHidden() else self.sizeHint().height() + SECTION_GAP

    def show_note(self, text: str) -> None:
        """Show below the title why its fields cannot be filled in here; "" for nothing."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def show_count(self, count: int) -> None:
        """Show the number of problems in the section."""
        self._count.setText(f"{count} điểm cần xem" if count else "")


class FieldRun(QWidget):
    """Consecutive fields within one column, or one wide field."""

    def __init__(self, fields: tuple[Field, ...], wide: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.fields = fields
        self._wide = wide
        self._spans = _SPANS
        self._editors: Editors = {}
        self._places: list[tuple[Editor, int, int, int]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(0)  # each editor brings its own margin, so that all columns have the same width
        self._grid.setVerticalSpacing(_LINE_GAP)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)

    def arrange(self, editors: Editors) -> bool:
        """Place the visible fields, moving only what has to move; return whether there are any."""
        self._editors = editors
        known = (editors[field.name] for field in self.fields if field.name in editors)
        places = list(_places((editor for editor in known if not editor.isHidden()), self._spans))
        if places != self._places:
            self._place(places)
        self.setVisible(bool(places))
        return bool(places)

    def _place(self, places: list[tuple[Editor, int, int, int]]) -> None:
        for editor, *_ in self._places:
            self._grid.removeWidget(editor)
        self._places = places
        for editor, line, column, span in places:
            editor.setMinimumWidth(1)
            editor.column.setContentsMargins(*_gaps(column, span))
            self._grid.addWidget(editor, line, column, 1, span, Qt.AlignmentFlag.AlignTop)

    def take_back(self, editor: Editor) -> None:
        """Place an editor again that was shown elsewhere meanwhile."""
        for known, line, column, span in self._places:
            if known is editor:
                self._grid.addWidget(editor, line, column, 1, span, Qt.AlignmentFlag.AlignTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Limit the width of ordinary fields so that lines stay easy to read; in a narrow column none share a line."""
        super().resizeEvent(event)
        spans = _TIGHT_SPANS if event.size().width() < scaled(_TIGHT) else _SPANS
        if spans is not self._spans:
            self._spans = spans
            self.arrange(self._editors)
        if not self._wide:
            _keep_narrow(self._grid, event.size().width())


def _gaps(column: int, span: int) -> tuple[int, int, int, int]:
    """Return the margins of a field that leave GROUP_GAP between neighbours and make equal spans equally wide."""
    share = GROUP_GAP // _COLUMNS
    return share * column, 0, share * (_COLUMNS - column - span), 0


def _keep_narrow(layout: QLayout, width: int) -> None:
    beyond = max(0, width - scaled(FORM_WIDTH))
    if layout.contentsMargins().right() != beyond:
        layout.setContentsMargins(0, 0, beyond, 0)


def _runs(fields: Iterable[Field], forms: Forms) -> Iterable[tuple[bool, tuple[Field, ...]]]:
    """Yield groups of consecutive normal fields, and each wide field alone."""
    for wide, group in groupby(fields, key=lambda field: editor_class(field, forms).wide):
        neighbours = tuple(group)
        yield from [(True, (field,)) for field in neighbours] if wide else [(False, neighbours)]


def _places(editors: Iterable[Editor], spans: Mapping[str, int]) -> Iterable[tuple[Editor, int, int, int]]:
    """Yield editor, line, column and span: short fields share a line while they fit."""
    line = column = 0
    for editor in editors:
        span = spans[editor.field.width]
        if column + span > _COLUMNS:
            line, column = line + 1, 0
        yield editor, line, column, span
        column += span

"""Chooses the editor of a field."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.ui.form.editors.base import Editor, Surroundings
from kcdesk.ui.form.editors.checklist import ChecklistEditor
from kcdesk.ui.form.editors.choice import ChoicesEditor, OptionEditor, few
from kcdesk.ui.form.editors.files import FilesEditor
from kcdesk.ui.form.editors.lines import (
    CodeEditor,
    DateEditor,
    LineEditor,
    NumberEditor,
    PlaceEditor,
    ReferenceEditor,
    RowEditor,
    RowNameEditor,
    SearchEditor,
    YearEditor,
)
from kcdesk.ui.form.editors.paragraph import ParagraphEditor
from kcdesk.ui.form.editors.photos import PhotosEditor
from kcdesk.ui.form.editors.references import ReferencesEditor
from kcdesk.ui.form.table_editor import TableEditor

EDITORS: Mapping[str, type[Editor]] = {
    "text": LineEditor,
    "unit": LineEditor,
    "code": CodeEditor,
    "paragraph": ParagraphEditor,
    "number": NumberEditor,
    "money": NumberEditor,
    "year": YearEditor,
    "date": DateEditor,
    "time": YearEditor,
    "choice": SearchEditor,
    "yes_no": OptionEditor,
    "choices": ChoicesEditor,
    "place": PlaceEditor,
    "reference": ReferenceEditor,
    "references": ReferencesEditor,
    "table_row": RowEditor,
    "row_name": RowNameEditor,
    "files": FilesEditor,
    "table": TableEditor,
    "checklist": ChecklistEditor,
}


def make_editor(field: Field, around: Surroundings, parent: QWidget | None = None) -> Editor:
    """Create the editor of a field."""
    return editor_class(field, around.forms)(field, around, parent)


def editor_class(field: Field, forms: Forms) -> type[Editor]:
    """Return the editor class for the field's type; few choices are shown in full, photos as a grid."""
    field_type = type_of(field)
    if field_type.is_choice and few(forms.choices(field)):
        return OptionEditor
    if field.photos:
        return PhotosEditor
    return EDITORS[field_type.editor]

"""What an officer may change in the record that a form shows, and what the form says about the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kcdesk.formdef.model import Field, Section, Workflow
from kcdesk.formdef.record import Record

if TYPE_CHECKING:
    from kcdesk.services.workspace import ClosedFields
    from kcdesk.ui.form.editors.base import Editor

PROVINCE = "Do cấp tỉnh ghi, ở đây chỉ xem."


class FieldRights:
    """Says which fields of one record an officer of a level may change now."""

    def __init__(self, workflow: Workflow, level: str, *, is_own: bool, closed: ClosedFields) -> None:
        self._workflow, self.level = workflow, level
        self._is_own = is_own  # whether the officer's unit made the record
        self._closed = closed

    def may_edit(self, record: Record, path: str) -> bool:
        """Return whether this officer may change the field or cell now."""
        is_closed = path.partition("/")[0] in self._closed.fields
        return not is_closed and record.is_editable(path, self._workflow, self.level, is_own=self._is_own)

    def is_open(self, record: Record) -> bool:
        """Return whether the record as a whole is still filled in."""
        return self._workflow.state(record.state).editable

    def close_answers(self, editor: Editor) -> None:
        """Disable the answers of a field that are closed now."""
        editor.close_answers(self._closed.choices.get(editor.path, {}))

    def note_of(self, section: Section) -> str:
        """Return why the fields of a section, or one of them, are closed, to be said once; "" for nothing."""
        if is_theirs(section.fields, self.level):
            return PROVINCE
        return next((self._closed.fields[f.name] for f in section.fields if f.name in self._closed.fields), "")


def is_theirs(fields: Iterable[Field], level: str) -> bool:
    """Return whether offices of another level, which decide, fill in all these fields."""
    return all(field.is_decision and field.owner != level for field in fields)

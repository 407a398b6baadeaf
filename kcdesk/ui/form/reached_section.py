"""In which section of a form the officer is, for the table of contents."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from kcdesk.formdef.model import Field
from kcdesk.formdef.record import Record
from kcdesk.ui.form.form_section import SectionView
from kcdesk.ui.toolkit.theme import SECTION_GAP


def at_scroll(sections: Sequence[SectionView], page: QWidget, value: int, *, at_end: bool) -> str:
    """Return the id of the section at the top; at the end of the form, the last one, which never gets there."""
    shown = [section for section in sections if section.isVisibleTo(page)]
    above = [section for section in shown if section.y() <= value + SECTION_GAP]
    if not shown:
        return ""
    return (shown if at_end and value else above or shown[:1])[-1].section.id


def of_field(sections: Sequence[SectionView], field: Field | None) -> str:
    """Return the id of the section that holds a field, "" for none."""
    return next((section.section.id for section in sections if field in section.section.fields), "")


def first_to_fill(record: Record, paths: Sequence[str]) -> str:
    """The first of these fields that is empty and must be filled, else that is empty in the first section, else any.

    "" for none.
    """
    needed = {field.name for field in record.fields_required()}
    first = {field.name for field in record.form.sections[0].fields}
    empty = [path for path in paths if record.value(path) in (None, [])]
    wanted = [path for path in empty if path in needed] or [path for path in empty if path in first] or paths
    return next(iter(wanted), "")

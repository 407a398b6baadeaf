"""In which section of a form the officer is, for the table of contents."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from kcdesk.formdef.record import Record
from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.form.form_section import SectionView
from kcdesk.ui.toolkit.qt import application
from kcdesk.ui.toolkit.theme import SECTION_GAP


def at_scroll(
    sections: Sequence[SectionView], page: QWidget, value: int, end: int, chosen: str, last: Editor | None
) -> str:
    """Return the id of the section in which the officer types, else at the top of a page at `value` of `end` pixels.

    What is typed in counts while the field with the keyboard, of the editor `last`, is seen.
    At the end of the form several are in sight that never get there: the one that was `chosen`, by a jump or by the
    keyboard, else the last.
    """
    if typed_in := _in_sight(sections, page, last):
        return typed_in
    shown = [section for section in sections if section.isVisibleTo(page)]
    if not shown:
        return ""
    above = [section for section in shown if section.y() <= value + SECTION_GAP] or shown[:1]
    if value < end or not value:
        return above[-1].section.id
    in_sight = [section.section.id for section in shown[len(above) - 1 :]]
    return chosen if chosen in in_sight else in_sight[-1]


def of_editor(sections: Sequence[SectionView], editor: Editor | None) -> str:
    """Return the id of the section that holds the field of an editor, "" for none."""
    field = editor.field if editor is not None else None
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


def _in_sight(sections: Sequence[SectionView], page: QWidget, last: Editor | None) -> str:
    focused = application().focusWidget()
    is_seen = focused is not None and page.isAncestorOf(focused) and not focused.visibleRegion().isEmpty()
    return of_editor(sections, last) if is_seen else ""

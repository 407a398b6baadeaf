"""Ctrl+Z and Ctrl+Y in a text: first what was typed in it, then, when nothing of that is left, the record's changes."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence


def belongs_to_window(event: QEvent, *, can_undo: bool, can_redo: bool) -> bool:
    """Whether the text must leave a key to the window: it asks for an undo or redo that the text itself does not have.

    Qt's own inputs claim both keys always, so that the window's «Hoàn tác» would never be reached from a field.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    undo, redo = event.matches(QKeySequence.StandardKey.Undo), event.matches(QKeySequence.StandardKey.Redo)
    return (undo and not can_undo) or (redo and not can_redo)

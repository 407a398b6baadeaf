"""Ctrl+Z and Ctrl+Y in a text input: first the typed text, then, when none is left to undo, the record's changes."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence


def belongs_to_window(event: QEvent, *, can_undo: bool, can_redo: bool) -> bool:
    """Return whether the input must leave an undo or redo key to the window, having nothing to undo or redo itself.

    Qt's own inputs always claim both keys, so the window's «Hoàn tác» could never be reached from a field.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    undo, redo = event.matches(QKeySequence.StandardKey.Undo), event.matches(QKeySequence.StandardKey.Redo)
    return (undo and not can_undo) or (redo and not can_redo)

"""Helpers for Qt: the application object, index types, clearing a layout."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QApplication, QLayout

from kcdesk.ui.toolkit.vietnamese import speak_vietnamese

Index = QModelIndex | QPersistentModelIndex  # the index types that Qt passes to methods of models and delegates


def application(arguments: Sequence[str] | None = None) -> QApplication:
    """Return the running application; create it from `arguments` if there is none.

    Raises RuntimeError when there is none and `arguments` is None.
    """
    running = QApplication.instance()
    if running is None and arguments is not None:
        running = QApplication(arguments)
    if not isinstance(running, QApplication):
        raise RuntimeError("the application has not been made")
    speak_vietnamese(running)
    return running


def empty(layout: QLayout) -> None:
    """Remove every widget from a layout; each is hidden now and deleted later by Qt."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()

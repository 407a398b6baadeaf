"""What Qt's own types leave open: the one application, indexes of both sorts, layouts that are emptied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QApplication, QLayout

Index = QModelIndex | QPersistentModelIndex  # what Qt hands to the methods of models and delegates


def application(arguments: Sequence[str] | None = None) -> QApplication:
    """The running application, made of `arguments` where there is none yet; without them RuntimeError before."""
    running = QApplication.instance()
    if running is None and arguments is not None:
        running = QApplication(arguments)
    if not isinstance(running, QApplication):
        raise RuntimeError("the application has not been made")
    return running


def empty(layout: QLayout) -> None:
    """Take every widget out of a layout; each is hidden now and deleted soon."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()

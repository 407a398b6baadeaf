"""The context menu of a table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

MenuLine = tuple[str, str, Callable[[], None]]  # label, key that does the same, act


def row_menu(parent: QWidget, lines: Iterable[MenuLine], reading: Collection[str] = ()) -> QMenu:
    """Return a menu that is gone when it is closed; with `reading`, only these lines can be chosen."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for label, keys, run in lines:
        action = menu.addAction(f"{label}\t{keys}" if keys else label)
        action.setEnabled(not reading or label in reading)
        action.triggered.connect(lambda _checked=False, run=run: run())
    return menu

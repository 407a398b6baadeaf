"""The order in which Tab goes through a form."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kcdesk.ui.form.editors.base import Editor


def chain(editors: Iterable[Editor]) -> None:
    """Restore the Tab order of the paper after editors were created in another order."""
    tab = Qt.FocusPolicy.TabFocus
    inside = [w for editor in editors for w in editor.findChildren(QWidget) if w.window() is editor.window()]
    stops = [w for w in inside if w.focusPolicy() & tab == tab]  # popups are windows of their own
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)

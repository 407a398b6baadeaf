"""A menu that is filled again and again keeps nothing of what it had."""

import gc

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from kcdesk.ui.toolkit.qt import empty_menu
from tests.ui.form_support import rest


def actions() -> int:
    """Count the actions that Python knows."""
    rest()
    gc.collect()
    return sum(isinstance(thing, QAction) for thing in gc.get_objects())


def test_emptied_actions_are_forgotten(qtbot):
    menu = QMenu()
    qtbot.addWidget(menu)
    before = actions()
    for _ in range(3):
        empty_menu(menu)
        menu.addAction("Mở").triggered.connect(lambda: None)
    assert len(menu.actions()) == 1
    assert actions() - before == 1

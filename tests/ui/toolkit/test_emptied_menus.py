"""A menu that is filled again and again keeps nothing of what it had."""

import weakref

from PySide6.QtWidgets import QMenu

from kcdesk.ui.toolkit.qt import empty_menu
from tests.ui.form_support import rest


def test_emptied_actions_are_forgotten(qtbot):
    menu = QMenu()
    qtbot.addWidget(menu)
    known = []
    for _ in range(3):
        empty_menu(menu)
        act = menu.addAction("Mở")
        act.triggered.connect(lambda: None)
        known.append(weakref.ref(act))
    del act
    rest()
    assert len(menu.actions()) == 1
    assert [act() is None for act in known] == [True, True, False]

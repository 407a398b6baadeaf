"""Items that Qt makes and deletes itself are never held in Python: a stale one is taken for the next object there."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QAbstractItemModel
from PySide6.QtWidgets import QListWidget, QTreeWidget

from kcdesk.services.records.changing import Changes
from kcdesk.services.workspace import Workspace
from kcdesk.ui.dossier.registers_page import RegistersPage

UI = Path(__file__).parents[3] / "kcdesk" / "ui"
# Calls that give Python an item that Qt has made.
OF_QT = {"horizontalHeaderItem", "verticalHeaderItem", "headerItem", "invisibleRootItem", "itemAt", "itemFromIndex"}
# Calls that make one widget in Python the owner of another: it is taken for deleted, with its parts, when that one is.
OWNERS = {"nextInFocusChain", "previousInFocusChain"}


def _calls(path: Path, names: set[str]) -> list[str]:
    tree = ast.parse(path.read_text("utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call.attr for call in calls if isinstance(call, ast.Attribute) and call.attr in names]


def test_no_item_of_qt_is_asked_for():
    assert [path.name for path in UI.rglob("*.py") if _calls(path, OF_QT)] == []


def test_nobody_walks_the_chain_of_the_keyboard():
    assert [path.name for path in UI.rglob("*.py") if _calls(path, OWNERS)] == []


def _items() -> Counter[str]:
    """How many items Python knows, by their class."""
    names = (type(wrapper).__name__ for wrapper in shiboken6.getAllValidWrappers())
    return Counter(name for name in names if name.endswith("Item"))


def _lists(page) -> int:
    return sum(len(page.findChildren(kind)) for kind in (QAbstractItemModel, QListWidget, QTreeWidget))


@pytest.fixture
def window(open_window, played):
    workspace: Workspace = played[0]
    return open_window(workspace)


def test_reading_a_page_again_leaves_no_more_items_than_before(window):
    """Whatever page: what is read anew replaces what was there."""
    workspace = window.context.workspace
    changes, seen = Changes("Sửa"), 0
    for name in _names(window):
        window.go(name)
        for kind in _registers(window.page):
            if kind:
                window.page.show_register(kind)
            seen += _lists(window.page)
            window.page.refresh(changes, None)
            before = _items()
            for _ in range(3):
                window.page.refresh(changes, None)
                window.page.on_show()
            assert _items() - before == Counter(), (name, kind)
    assert seen
    assert workspace.store.check() == []


def _names(window) -> list[str]:
    return [entry.name for entry in window.navigation.entries if not entry.when_waiting]


def _registers(page) -> list[str]:
    return list(page.kinds) if isinstance(page, RegistersPage) else [""]

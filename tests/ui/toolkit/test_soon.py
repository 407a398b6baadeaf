"""What is done soon: in its turn, not for an owner that is gone, and by no other means."""

from __future__ import annotations

import re
import weakref
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

import kcdesk.ui
from kcdesk.ui.toolkit.qt import soon

UI = Path(kcdesk.ui.__file__).parent
_AT_ONCE = re.compile(r"singleShot\(\s*0\b")


class _Owner(QObject):
    """Notes what it did."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []


def test_acts_are_done_in_their_order_when_what_waits_is_handled(qapp: QApplication) -> None:
    owner = _Owner()
    for name in ("một", "hai"):
        soon(owner, lambda name=name: owner.done.append(name))
    assert owner.done == []
    qapp.processEvents()
    assert owner.done == ["một", "hai"]


def test_an_owner_that_is_gone_is_asked_nothing_and_kept_by_nothing(qapp: QApplication) -> None:
    owner, done = _Owner(), list[str]()
    soon(owner, lambda kept=owner: done.append(str(kept)))
    gone = weakref.ref(owner)
    shiboken6.delete(owner)
    del owner
    qapp.processEvents()
    assert gone() is None
    assert done == []


def test_no_page_uses_the_timer_of_qt_that_keeps_its_owner() -> None:
    users = [path.name for path in UI.rglob("*.py") if _AT_ONCE.search(path.read_text(encoding="utf-8"))]
    assert users == []

"""An officer at the keyboard of the real window, over a real practice store, off screen."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget

from kcdesk.app import build_window
from kcdesk.services import setup
from kcdesk.settings import Settings
from tests.ui.conftest import ScriptedMessages, practice_answers, theme
from tests.ui.form_support import type_text

__all__ = ["theme"]


class Officer:
    """Types and presses keys; looks for widgets by the path of their field."""

    def __init__(self, window, messages):
        self.window = window
        self.messages = messages

    @property
    def page(self):
        """The page in front."""
        return self.window.page

    @property
    def record(self):
        """The record of the dossier in front, as the store has it now."""
        return self.window.context.workspace.store.record(self.page.record_id)

    def press(self, keys: str) -> None:
        """Press a shortcut or a key ("Ctrl+N", "Return") where the keyboard is."""
        pressed = QKeySequence(keys)[0]
        target = QApplication.focusWidget() or self.window
        QTest.keyClick(target, pressed.key(), pressed.keyboardModifiers())
        QApplication.processEvents()

    def type(self, text: str) -> None:
        """Type where the keyboard is."""
        type_text(text)
        QApplication.processEvents()

    def paste(self, text: str) -> None:
        """Paste what was copied in a spreadsheet."""
        QGuiApplication.clipboard().setText(text)
        self.press("Ctrl+V")

    def go_to(self, path: str) -> None:
        """Bring a field into sight and give it the keyboard, as a line of «Còn thiếu» does."""
        self.page.focus_field(path)
        QApplication.processEvents()

    def fill(self, path: str, text: str, leave: str = "Tab") -> None:
        """Go to a field, type, and leave it."""
        self.go_to(path)
        self.type(text)
        self.press(leave)

    def choose(self, path: str, label: str = "") -> None:
        """Tick an answer of a field that shows them all, the first one without a label, with the space bar."""
        self.go_to(path)
        if label:
            editor = self.window.findChild(QWidget, f"{self.record.kind}.{path}")
            buttons = editor.findChildren(QAbstractButton)
            next(button for button in buttons if button.text().startswith(label)).setFocus()
        self.press("Space")

    def begin(self, kind: str) -> None:
        """Begin a dossier of a kind from the one in front: Ctrl+L, Tab to its button, the space bar."""
        self.press("Ctrl+L")
        for _ in range(len(self.page.findChildren(QPushButton))):
            if QApplication.focusWidget().objectName() == f"create.{kind}":
                break
            self.press("Tab")
        self.press("Space")


@pytest.fixture
def messages(theme):
    """The message door with an officer of known answers."""
    del theme
    return ScriptedMessages()


@pytest.fixture
def officer(qtbot, tmp_path, theme, messages):
    """An officer before an empty practice store."""
    workspace, _ = setup.create_workspace(tmp_path / "store", practice_answers())
    workspace.today = lambda: date(2026, 11, 22)
    window = build_window(workspace, Settings(), theme, messages)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield Officer(window, messages)
    window.close()
    window.context.worker.close()
    workspace.close()

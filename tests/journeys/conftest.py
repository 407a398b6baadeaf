"""An officer at the keyboard of the real window, over a real practice store, off screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QPushButton, QWidget

from kcdesk.app import build_window
from kcdesk.services.maintenance import opening
from kcdesk.settings import FILE_NAME, Settings, SettingsFile
from kcdesk.ui.window.last_place import LastPlace
from tests.ui.conftest import ScriptedMessages, practice_answers, theme
from tests.ui.form_support import type_text

__all__ = ["theme"]
_EXEC = QDialog.exec  # other tests refuse dialogs that wait


def pytest_addoption(parser):
    """How many generated values go through every door: 40 in every run, as many as wanted with `--values N`."""
    parser.addoption("--values", type=int, default=40, help="how many generated values are tried (default 40)")


@pytest.fixture
def number_of_values(request):
    """How many generated values go through every door."""
    return request.config.getoption("--values", default=40)


class Officer:
    """Types and presses keys; looks for widgets by the path of their field."""

    def __init__(self, window, messages, qtbot):
        self.window = window
        self.messages = messages
        self._qtbot = qtbot

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
        QTest.keyClick(QApplication.focusWidget() or self.window, *self.keys(keys))
        QApplication.processEvents()

    def keys(self, keys: str) -> tuple[Qt.Key, Qt.KeyboardModifier]:
        """A key and what is held with it."""
        pressed = QKeySequence(keys)[0]
        return pressed.key(), pressed.keyboardModifiers()

    def focused_path(self) -> str:
        """The field, row or cell that has the keyboard."""
        return self.page.place()["field"]

    def answer(self, path: str, text: str) -> None:
        """Type into the field that has the keyboard, which is this one, and go on by Tab."""
        assert self.focused_path() == path
        self.type(text)
        self.press("Tab")

    def turn_to(self, step: str) -> None:
        """In field mode, press Ctrl+PageDown until this step is shown."""
        for _ in range(20):
            if self.page.place()["step"] == step:
                return
            self.press("Ctrl+PgDown")
        raise AssertionError(f"there is no step {step}")

    def wait_for_worker(self) -> None:
        """Until the long act under way has ended."""
        self._qtbot.waitUntil(lambda: not self.window.context.worker.busy, timeout=20_000)
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

    def click(self, path: str) -> None:
        """Click into a field of the form that is in sight, or into a cell of a table or card."""
        named = self.window.findChildren(QWidget, f"{self.record.kind}.{path}")
        seen = next((widget for widget in named if widget.isVisible()), None)
        if seen is not None:
            QTest.mouseClick(seen.focusProxy() or seen, Qt.MouseButton.LeftButton)
        else:
            self._click_cell(*path.split("/"))
        QApplication.processEvents()

    def _click_cell(self, table: str, row_id: str, column: str) -> None:
        named = self.window.findChildren(QWidget, f"{self.record.kind}.{table}.rows")
        view = next(widget for widget in named if widget.isVisible())  # field mode has the same table as the desk
        rows = [row["id"] for row in self.record.rows(table)]
        names = [field.name for field in self.record.form.field(table).columns]
        cell = view.model().index(rows.index(row_id), names.index(column))
        view.scrollTo(cell)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(cell).center())

    def press_button(self, above: QWidget, name: str) -> None:
        """Click a button by its name."""
        QTest.mouseClick(above.findChild(QAbstractButton, name), Qt.MouseButton.LeftButton)
        QApplication.processEvents()

    def in_dialog(self, keys: str, work: Callable[[QDialog], None]) -> None:
        """Press the keys that open a dialog, and work in it; it is closed afterwards."""
        failed: list[BaseException] = []

        def begin() -> None:
            dialog = QApplication.activeModalWidget()
            try:
                self._activate(dialog)
                work(dialog)
            except BaseException as error:  # else the dialog would stay open for ever
                failed.append(error)
            dialog.close()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(QDialog, "exec", _EXEC)
            QTimer.singleShot(0, begin)
            self.press(keys)
        self._activate(self.window)
        if failed:
            raise failed[0]

    def _activate(self, window: QWidget) -> None:
        """Off screen no window manager gives the keyboard to a new window, and back to the one before."""
        window.activateWindow()
        self._qtbot.waitUntil(window.isActiveWindow)

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


def _strays(front: QWindow | None, window: QWidget) -> list[str]:
    """What has the keyboard now and is neither the program's window nor a dialog or list over it."""
    owner = next(
        (widget for widget in QApplication.topLevelWidgets() if front and widget.windowHandle() is front), None
    )
    is_known = (
        owner is None or owner is window or isinstance(owner, QDialog) or owner.windowType() == Qt.WindowType.Popup
    )
    return [] if is_known else [f"{type(owner).__name__} {owner.objectName()}"]


@contextmanager
def at_the_window(qtbot, workspace, theme, messages, file: SettingsFile | None = None) -> Iterator[Officer]:
    """An officer before the program; with a settings file, which remembers the place after a power cut."""
    workspace.today = lambda: date(2026, 11, 22)
    window = build_window(workspace, file.values if file else Settings(), theme, messages)
    place = LastPlace(window, file.save) if file else None
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    if place is not None:
        place.offer()
    strays = []
    follow = QApplication.instance().focusWindowChanged.connect(lambda front: strays.extend(_strays(front, window)))
    yield Officer(window, messages, qtbot)
    QApplication.instance().disconnect(follow)
    assert strays == [], "something was a window of its own for a moment and took the keyboard with it"
    if place is not None:
        place.forget()
        file.save()
    window.close()
    window.deleteLater()
    window.context.worker.close()
    workspace.close()


@pytest.fixture
def officer(qtbot, tmp_path, theme, messages):
    """An officer before an empty practice store."""
    workspace, _ = opening.create_workspace(tmp_path / "store", practice_answers())
    with at_the_window(qtbot, workspace, theme, messages) as officer:
        yield officer


@pytest.fixture
def sit_down(qtbot, tmp_path, theme, messages):
    """Open the program over the store of this test, as often as it takes; the officer answers the question with yes."""

    @contextmanager
    def open_again() -> Iterator[Officer]:
        folder: Path = tmp_path / "store"
        messages.answers.append(True)
        workspace, file = opening.open_workspace(folder), SettingsFile(folder / FILE_NAME)
        with at_the_window(qtbot, workspace, theme, messages, file) as officer:
            yield officer
        messages.answers.clear()

    return open_again

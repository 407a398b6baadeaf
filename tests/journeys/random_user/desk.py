"""The desk of the random user: a copy of a rich practice store, the real program over it, and what the system answers.

Only what is not ours is answered here: the file pickers and the print dialog of the system, and programs that would be
opened for a file or a folder.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from PIL import Image
from PySide6.QtCore import QEvent, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QMessageBox

from kcdesk import log
from kcdesk.app import Start
from kcdesk.demo import journey
from kcdesk.services.workspace import Workspace
from kcdesk.ui.toolkit.decision_button import DecisionButton
from kcdesk.ui.toolkit.qt import application
from kcdesk.ui.toolkit.theme import Theme
from kcdesk.ui.window.main_window import MainWindow
from tests.journeys.random_user.given_time import GivenTime
from tests.journeys.random_user.settling import settle
from tests.store_files import at_home_anywhere

LEVELS = ("unit", "province")
SIZE = (1366, 768)
_EXEC = QDialog.exec, QMenu.exec  # kept before tests refuse dialogs that wait

Chooser = Callable[[str], "Path | None"]  # given what is asked, the file or folder chosen; None for «Huỷ»


def prepare(folder: Path) -> Path:
    """Play the practice journey of both levels once, with a tray of files of every kind; return the folder."""
    with _replaced(GivenTime(hours=0).changes()):
        played = journey.play(folder, more_visits=True, answered=True)
    for store in (played.store, played.province):
        at_home_anywhere(store)
    tray = folder / "tray"
    tray.mkdir()
    for path in folder.glob("*.xlsx"):
        shutil.copy(path, tray)
    shutil.copy(played.minutes, tray / "ban-ky.pdf")
    for number, colour in enumerate(("red", "green", "blue")):
        Image.new("RGB", (640, 480), colour).save(tray / f"anh-{number}.jpg")
    (tray / "rac.xlsx").write_bytes(b"PK\x03\x04 rac")
    (tray / "trong.txt").write_bytes(b"")
    (tray / "thu-muc").mkdir()
    shutil.copy(folder / "package.xlsx", tray / "thu-muc")
    return folder


class Watch(logging.Handler):
    """Hears what goes wrong out of sight: warnings of the log and of Qt, and errors that nobody handles."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a warning of the log."""
        self.heard.append(record.getMessage())

    def qt_message(self, kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        """Keep a warning of Qt."""
        is_said_off_screen = text.startswith("This plugin does not support")
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not is_said_off_screen:
            self.heard.append(f"Qt: {text}")

    def unraisable(self, caught: Any) -> None:
        """Keep an error that Python could raise nowhere."""
        self.heard.append(f"unraisable: {caught.exc_value!r} in {caught.object!r}")

    def uncaught(self, kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        """Keep an error that came while the program's own catcher was not there."""
        self.heard.append(f"{kind.__name__}: {error}")


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Listen while the block runs."""
    logger = logging.getLogger(log.ROOT)
    logger.addHandler(watch)
    hooks = sys.unraisablehook, sys.excepthook
    sys.unraisablehook, sys.excepthook = watch.unraisable, watch.uncaught
    before = qInstallMessageHandler(watch.qt_message)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
        sys.unraisablehook, sys.excepthook = hooks
        logger.removeHandler(watch)


@contextmanager
def _replaced(changes: list[tuple[Any, str, Any]]) -> Iterator[None]:
    before = [(owner, name, owner.__dict__.get(name)) for owner, name, _ in changes]
    for owner, name, value in changes:
        setattr(owner, name, value)
    try:
        yield
    finally:
        for owner, name, value in before:
            setattr(owner, name, value) if value is not None else delattr(owner, name)


@contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """A home of its own: a store that was copied from the same template would be taken for an older copy."""
    before = {name: os.environ.get(name) for name in _HOMES}
    os.environ.update(dict.fromkeys(_HOMES, str(folder)))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


_HOMES = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA")


class Desk:
    """One sitting over a store of its own."""

    def __init__(self, prepared: Path, level: str, folder: Path) -> None:
        self.time = GivenTime()
        self.folder = folder / "store"
        shutil.copytree(prepared / ("store" if level == "unit" else "province"), self.folder)
        self.tray = Path(shutil.copytree(prepared / "tray", folder / "tray"))
        self.saved = folder / "saved"
        self.saved.mkdir()
        self.watch = Watch()
        self.choose: Chooser = lambda _asked: None
        self.toasts: list[str] = []
        self.effects = 0  # how often something was said, written, copied or opened elsewhere
        self.strangers = list(QApplication.topLevelWidgets())  # of whoever used the application before
        self.start: Start | None = None
        self.window: MainWindow | None = None

    @contextmanager
    def sitting(self) -> Iterator[Desk]:
        """Open the program; close it at the end, whatever has happened."""
        home = self.folder.parent / "home"
        home.mkdir()
        changes = [*self._of_the_system(), *self.time.changes()]
        with watched(self.watch), _replaced(changes), at_home(home):
            try:
                self.open()
                with _typing_at_any_speed():  # asks the application, which the first desk of a process makes
                    yield self
            finally:
                self.close()

    @property
    def workspace(self) -> Workspace:
        """The open store."""
        assert self.window is not None, "the program is closed"
        return self.window.context.workspace

    def open(self) -> None:
        """Start the program over the store; `window` stays None when the officer did not unlock it."""
        self.start = Start([])
        self._show(self.start.open(self.folder))

    def reopen(self) -> None:
        """What `app.run_window` does when the window has been closed: restore a backup, or end; then start again."""
        assert self.start is not None
        assert self.window is not None
        closed, self.window = self.window, None
        restored = self.start.open_restored(closed, self.folder)
        if restored is None:
            self.start.close()
            self.start = None
            self.open()
        else:
            self._show(restored)

    def close(self) -> None:
        """End the program and delete its window."""
        if self.window is not None:
            self.window.context.worker.close()
            self.window.close()
        if self.start is not None:
            self.start.close()
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget not in self.strangers:
                widget.deleteLater()
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.start = self.window = None
        Theme(application(), "light").deleteLater()  # the look that every other test expects

    def _show(self, window: MainWindow | None) -> None:
        self.window = window
        if window is None or self.start is None:
            return
        window.context.messages.shown.connect(lambda notice: self._say(notice.text))
        window.context.changed.connect(lambda *_changes: self._note_effect())
        window.resize(*SIZE)
        window.show()
        window.activateWindow()
        self.start.begin()

    def _say(self, text: str) -> None:
        self.toasts.append(text)
        self._note_effect()

    def _note_effect(self) -> None:
        self.effects += 1

    # -- what the system answers -------------------------------------------------------------------------------------

    def _of_the_system(self) -> list[tuple[Any, str, Any]]:
        return [
            (QFileDialog, "getOpenFileName", staticmethod(lambda *_given: (self._open_one(), ""))),
            (
                QFileDialog,
                "getOpenFileNames",
                staticmethod(lambda *_given: (self._open_several(), "")),
            ),
            (QFileDialog, "getSaveFileName", staticmethod(lambda *given: (self._save(Path(given[2]).name), ""))),
            (QFileDialog, "getExistingDirectory", staticmethod(lambda *_given: self._picked("thư mục"))),
            (QDesktopServices, "openUrl", staticmethod(lambda _url: self._open_elsewhere())),
            (QPrintDialog, "exec", lambda dialog: self._print(dialog)),
            (QDialog, "exec", _EXEC[0]),
            (QMenu, "exec", _EXEC[1]),
            (QMessageBox, "exec", _EXEC[0]),
            (DecisionButton, "pause", 0),
        ]

    def _picked(self, asked: str) -> str:
        self._note_effect()
        chosen = self.choose(asked)
        return str(chosen) if chosen is not None else ""

    def _open_one(self) -> str:
        return self._picked("mở tệp")

    def _open_several(self) -> list[str]:
        name = self._open_one()
        return [name] if name else []

    def _save(self, name: str) -> str:
        return self._picked(f"lưu tệp {name}")

    def _open_elsewhere(self) -> bool:
        self._note_effect()
        return True

    def _print(self, dialog: QPrintDialog) -> int:
        target = self._picked("in")
        if not target:
            return int(QDialog.DialogCode.Rejected)
        dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        dialog.printer().setOutputFileName(target)
        return int(QDialog.DialogCode.Accepted)

    # -- waiting -----------------------------------------------------------------------------------------------------

    def settle(self, *, long_pauses: bool = False) -> None:
        """Let everything happen that the last act has begun; `long_pauses`: also what would happen much later."""
        self.time.pass_(_LONG if long_pauses else _SHORT)
        worker = self.window.context.worker if self.window is not None else None
        settle(worker, self.strangers, long_pauses=long_pauses)


_SHORT, _LONG = 1, 30  # seconds that pass after an act, and while the user waits


@contextmanager
def _typing_at_any_speed() -> Iterator[None]:
    """Two letters typed in a list begin two searches, whether the machine was fast or slow in between."""
    before = QApplication.keyboardInputInterval()
    QApplication.setKeyboardInputInterval(-1)
    try:
        yield
    finally:
        QApplication.setKeyboardInputInterval(before)

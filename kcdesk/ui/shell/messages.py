"""All messages and questions to the officer: notices, problems, choices, file pickers.

Notices and problems are emitted as a signal and shown by one bar (`NoticeBar`); only a choice that cannot
be undone opens a dialog, and its buttons are verbs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
)

from kcdesk import handbook
from kcdesk.errors import KcdeskError, KnownError
from kcdesk.foreign_files.judging import program_fault
from kcdesk.runtime.frozen import Value
from kcdesk.temporary import private_files
from kcdesk.ui.shell.file_places import FilePlaces, FilePurpose
from kcdesk.ui.shell.questions import ChoiceQuestion, TextKind, TextQuestion

T = TypeVar("T")

UNDO_SECONDS = 10
NOTICE_SECONDS = 4


class Notice(Value):
    """One message for the officer; with `seconds` 0 it stays until it is closed."""

    text: str
    tone: str = "good"
    act_label: str = ""
    act: Callable[[], object] | None = None
    other_label: str = ""
    other: Callable[[], object] | None = None  # a second thing to do, such as opening the folder of a file
    seconds: int = NOTICE_SECONDS
    topic: str = ""  # of the handbook, for a problem; "" for that of the page in front
    mended: Callable[[], bool] | None = None  # whether the reason of a problem is gone, asked after every change


class Messages(QObject):
    """Opens dialogs over the active window; `folders` is where file pickers of each purpose begin, and is kept true.

    `mended` is emitted when something else than a record has changed: the problem that stands may be gone.
    """

    shown = Signal(object)
    mended = Signal()

    def __init__(self, folders: dict[str, str] | None = None) -> None:
        super().__init__()
        self._places = FilePlaces({} if folders is None else folders)

    def notice(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Report a finished action; with `undo`, offer "Hoàn tác" for ten seconds."""
        if undo is None:
            self.shown.emit(Notice(text))
        else:
            self.shown.emit(Notice(text, "neutral", "Hoàn tác", undo, seconds=UNDO_SECONDS))

    def problem(
        self,
        text: str,
        hint: str = "",
        retry: Callable[[], None] | None = None,
        mended: Callable[[], bool] | None = None,
        topic: str = "",
    ) -> None:
        """Report a problem and what to do about it, with "Thử lại" where a retry may help; F1 explains it by `topic`.

        It stays until it is closed, its page is left, or a change succeeds; with `mended`, until that is true.
        """
        again, sentence = "Thử lại" if retry else "", f"{text} {hint}".strip()
        self.shown.emit(Notice(sentence, "wrong", again, retry, seconds=0, topic=topic, mended=mended))

    def offer(self, text: str, label: str, act: Callable[[], object]) -> None:
        """Report something that is ready, with a button that goes there; it stays until it is closed."""
        self.shown.emit(Notice(text, "neutral", label, act, seconds=0))

    def written(self, path: Path) -> None:
        """Report a file that was written, with buttons that open it or its folder; it stays until it is closed."""
        folder = path.parent
        self.shown.emit(
            Notice(
                f"Đã ghi {path.name} vào {folder.name or folder}.",
                act_label="Mở tệp",
                act=lambda: _open_written(path),
                other_label="Mở thư mục",
                other=lambda: open_outside(folder),
                seconds=0,
            )
        )

    def error(self, error: KcdeskError, retry: Callable[[], None] | None = None) -> None:
        """Show a refusal; a retry is offered for errors of the environment (disk, network)."""
        again = retry if isinstance(error, KnownError) else None
        self.problem(error.message, error.hint, again, topic=handbook.topic_of(error))

    def guarded(self, act: Callable[[], T]) -> T | None:
        """Return the result of `act`; on a refusal show the message and return None."""
        try:
            return act()
        except KcdeskError as error:
            self.error(error)
            return None

    def ask(self, question: str, detail: str, act_label: str, keep_label: str, *, keep_first: bool = True) -> bool:
        """Ask whether to act, with verbs as buttons; True when the officer chooses to act.

        `keep_first`: Enter keeps things as they are, because the act cannot be undone or reaches other offices.
        """
        window = QApplication.activeWindow()
        return bool(ChoiceQuestion(question, detail, act_label, keep_label, window, keep_first=keep_first).exec())

    def ask_text(
        self,
        title: str,
        label: str,
        act_label: str,
        keep_label: str,
        *,
        kind: TextKind = "lines",
        detail: str = "",
        problem: str = "",
    ) -> str:
        """Ask for a text that an action needs (a reason, a day, a password); "" when the officer cancels.

        `detail`: what will happen. `problem`: what was wrong with the text that was typed before.
        """
        window = QApplication.activeWindow()
        dialog = TextQuestion(title, label, act_label, keep_label, window, kind=kind, detail=detail, problem=problem)
        return dialog.text() if dialog.exec() else ""

    def open_file(self, title: str, filters: str, *, purpose: FilePurpose) -> Path | None:
        """Let the officer choose a file to read; None when cancelled."""
        start, window = str(self._places.start(purpose)), QApplication.activeWindow()
        return self._picked(purpose, QFileDialog.getOpenFileName(window, title, start, filters)[0])

    def open_files(self, title: str, filters: str, *, purpose: FilePurpose) -> list[Path]:
        """Let the officer choose any number of files to read."""
        start, window = str(self._places.start(purpose)), QApplication.activeWindow()
        names = QFileDialog.getOpenFileNames(window, title, start, filters)[0]
        return [path for name in names if (path := self._picked(purpose, name))]

    def save_file(self, title: str, name: str, filters: str, *, purpose: FilePurpose) -> Path | None:
        """Let the officer choose where to write a file; the system's dialog confirms replacing an existing file."""
        proposed, window = str(self._places.start(purpose) / name), QApplication.activeWindow()
        return self._picked(purpose, QFileDialog.getSaveFileName(window, title, proposed, filters)[0])

    def choose_folder(self, title: str, *, purpose: FilePurpose) -> Path | None:
        """Let the officer choose a folder; None when cancelled."""
        start, window = str(self._places.start(purpose)), QApplication.activeWindow()
        name = QFileDialog.getExistingDirectory(window, title, start)
        if name:
            self._places.keep(purpose, Path(name))
        return Path(name) if name else None

    def _picked(self, purpose: FilePurpose, name: str) -> Path | None:
        if not name:
            return None
        self._places.keep(purpose, Path(name).parent)
        return Path(name)


def open_outside(path: Path) -> None:
    """Open a folder, or a file of the private folder, with the program that the system has for it.

    What came from elsewhere was judged before it was copied there. ValueError for any other file: nothing else is
    handed to the system.
    """
    if not path.is_dir() and not path.resolve().is_relative_to(private_files.place().resolve()):
        raise ValueError("only files of the private folder are opened")
    _hand_over(path)


def _open_written(path: Path) -> None:
    """Open a file that this program has just written, unless its chosen name makes it a program."""
    if not program_fault(path.name):
        _hand_over(path)


def _hand_over(path: Path) -> None:
    with private_files.outside():
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

"""A dialog for a long task: until the task ends, the officer can do nothing in the window except stop it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress
from kcdesk.services.workspace import Workspace
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.worker import Stopped
from kcdesk.ui.toolkit.qt import application
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import GROUP_GAP, labelled

_WIDTH = 440
_PERCENT = 100
_BETWEEN = 0.05  # seconds between two looks at the buttons
_STEPS = 200  # progress is reported at most this often: each report crosses threads and costs time

T = TypeVar("T")


class LongTaskDialog(Dialog):
    """Shows what is being done and how far it is; `stopping` explains what a stop leaves."""

    help_topic = "long_tasks"

    def __init__(self, text: str, stopping: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("long_act")
        self.setWindowTitle("Đang làm")
        self.setWindowFlag(Qt.WindowType.WindowCloseButtonHint, on=False)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        keep_size(self, least_width=_WIDTH)
        self._text = labelled(text, "strong", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self.stop_button = QPushButton("Dừng")
        self.stop_button.setObjectName("long_act.stop")
        row = QHBoxLayout()
        row.addWidget(labelled(stopping, "help", wrap=True), 1)
        row.addWidget(self.stop_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        column.addWidget(self._text)
        column.addWidget(self._bar)
        column.addLayout(row)

    def show_progress(self, done: int, total: int, _text: str) -> None:
        """Move the progress bar."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def reject(self) -> None:
        """Stop the task (Esc); the dialog closes when the task has ended."""
        self.stop_button.click()


def run(
    context: Context,
    parent: QWidget,
    act: Callable[[Workspace, Progress], T],
    *,
    text: str,
    done: Callable[[T], None],
    failed: Callable[[KcdeskError], None],
) -> LongTaskDialog:
    """Run `act(workspace, progress)` in the worker with its own database connection."""

    def whole(progress: Progress) -> T:
        with context.workspace.alongside() as workspace:
            return act(workspace, progress)

    return watch(
        context, parent, whole, text=text, stopping="Dừng thì kho giữ nguyên như trước.", done=done, failed=failed
    )


def watch(
    context: Context,
    parent: QWidget,
    function: Callable[[Progress], T],
    *,
    text: str,
    stopping: str,
    done: Callable[[T], None],
    failed: Callable[[KcdeskError], None],
) -> LongTaskDialog:
    """Run `function(progress)` in the worker while the dialog is open."""
    dialog = LongTaskDialog(text, stopping, parent.window())
    job = context.worker.run(
        lambda progress: function(_throttled(progress)), text=text, done=done, failed=failed, owner=parent
    )
    job.progressed.connect(dialog.show_progress)
    job.ended.connect(dialog.accept)
    job.ended.connect(dialog.deleteLater)
    job.ended.connect(parent.window().activateWindow)  # the keyboard focus returns to its earlier place
    dialog.stop_button.clicked.connect(job.stop)
    dialog.stop_button.clicked.connect(lambda: dialog.stop_button.setEnabled(False))
    dialog.open()
    return dialog


@contextmanager
def in_front(text: str, stopping: str) -> Iterator[Progress]:
    """Show the dialog while no window is open, for a task in this thread; its progress raises Stopped at «Dừng»."""
    dialog, stops = LongTaskDialog(text, stopping, None), list[bool]()
    dialog.setWindowModality(Qt.WindowModality.ApplicationModal)
    dialog.stop_button.clicked.connect(lambda: stops.append(True))
    last = monotonic()

    def report(done: int, total: int, text: str = "", /) -> None:
        nonlocal last
        if monotonic() - last >= _BETWEEN:
            dialog.show_progress(done * _PERCENT // max(1, total), _PERCENT, text)  # bytes are beyond a bar of Qt
            application().processEvents()
            last = monotonic()
        if stops:
            raise Stopped

    dialog.show()
    application().processEvents()
    try:
        yield report
    finally:
        dialog.accept()
        dialog.deleteLater()


def _throttled(progress: Progress) -> Progress:
    """Wrap `progress` so that it is called at most `_STEPS` times, and always at the end."""

    def report(done: int, total: int, text: str = "", /) -> None:
        if done == total or done % max(1, total // _STEPS) == 0:
            progress(done, total, text)

    return report

"""Questions to the store in the background, of which only the latest is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress
from kcdesk.services.workspace import Workspace
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.worker import Job

T = TypeVar("T")


class LatestJob(QObject):
    """Asks for one page; what an older question brings, also a refusal, is dropped.

    Signals:
        busy_changed: a question was asked, or the latest one was answered; carries whether one is open.
        stopped: the officer has stopped the latest question; it is not answered.
    """

    busy_changed = Signal(bool)
    stopped = Signal()

    def __init__(self, context: Context, owner: QObject) -> None:
        super().__init__(owner)
        self._context, self._owner = context, owner
        self._number = 0
        self._job: Job | None = None

    def ask(
        self,
        act: Callable[[Workspace], T],
        *,
        text: str,
        done: Callable[[T], None],
        failed: Callable[[KcdeskError], None],
    ) -> None:
        """Run `act(workspace)` over a connection of its own; older questions that still wait are not begun."""
        self.forget()
        self._number += 1
        number, workspace = self._number, self._context.workspace

        def whole(progress: Progress) -> T:
            progress(0, 0)  # where a question that nobody waits for any more ends
            with workspace.alongside() as beside:
                return act(beside)

        def settle(answer: Callable[[], None]) -> None:
            if number == self._number:
                self._end()
                answer()

        job = self._job = self._context.worker.run(
            whole,
            text=text,
            done=lambda result: settle(lambda: done(result)),
            failed=lambda error: settle(lambda: failed(error)),
            owner=self._owner,
            only_reads=True,
        )
        job.ended.connect(lambda: isValid(self) and QTimer.singleShot(0, self, lambda: self._look_after(job)))
        self.busy_changed.emit(True)

    def _look_after(self, job: Job) -> None:
        """Notice a question that has ended without an answer."""
        if self._job is job:
            self._end()
            self.stopped.emit()

    def forget(self) -> None:
        """Drop the open question, if there is one."""
        self._number += 1
        if self._job is not None:
            self._job.stop()
            self._end()

    def _end(self) -> None:
        self._job = None
        self.busy_changed.emit(False)

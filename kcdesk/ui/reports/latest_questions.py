"""Questions to the store in the background, of which only the latest are answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress
from kcdesk.services.workspace import Workspace
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.worker import Job
from kcdesk.ui.toolkit.qt import soon

T = TypeVar("T")


class LatestQuestions(QObject):
    """Asks for one page or dialog; what an older question brings, also a refusal, is dropped.

    Signals:
        busy_changed: a question was asked, or the last open one was answered; carries whether any is open.
        stopped: the officer has stopped a question; it is not answered.
    """

    busy_changed = Signal(bool)
    stopped = Signal()

    def __init__(self, context: Context, owner: QObject, *, silent: bool = False) -> None:
        super().__init__(owner)
        self._context, self._owner, self._silent = context, owner, silent
        self._open: list[Job] = []

    @property
    def are_open(self) -> bool:
        """Whether a question is not answered yet."""
        return bool(self._open)

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
        self.ask_also(act, text=text, done=done, failed=failed)

    def ask_also(
        self,
        act: Callable[[Workspace], T],
        *,
        text: str,
        done: Callable[[T], object],
        failed: Callable[[KcdeskError], object],
    ) -> None:
        """Run one more question, which is answered after those that are open."""
        workspace = self._context.workspace

        def whole(progress: Progress) -> T:
            progress(0, 0)  # where a question that nobody waits for any more ends
            with workspace.alongside() as beside:
                return act(beside)

        def settle(answer: Callable[[], object]) -> None:
            if job in self._open:
                self._end(job)
                answer()

        job = self._context.worker.run(
            whole,
            text=text,
            done=lambda result: settle(lambda: done(result)),
            failed=lambda error: settle(lambda: failed(error)),
            owner=self._owner,
            only_reads=True,
            silent=self._silent,
        )
        self._open.append(job)
        job.ended.connect(lambda: self._look_soon(job))
        self.busy_changed.emit(True)

    def _look_soon(self, job: Job) -> None:
        if isValid(self):
            soon(self, lambda: self._look_after(job))

    def _look_after(self, job: Job) -> None:
        """Notice a question that has ended without an answer."""
        if job in self._open:
            self._end(job)
            self.stopped.emit()

    def forget(self) -> None:
        """Drop the open questions."""
        dropped, self._open = self._open, []
        for job in dropped:
            job.stop()
        if dropped:
            self.busy_changed.emit(False)

    def _end(self, job: Job) -> None:
        self._open.remove(job)
        if not self._open:
            self.busy_changed.emit(False)

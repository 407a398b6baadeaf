"""One background thread for long tasks, with progress and "Dừng".

The caller owns the `Job` (a QObject of the caller's thread); the background thread receives only the function and
bound signals, never a widget. A known error is emitted by `failed`; any other exception is raised again in the
window's thread, where the crash dialog handles it. Each job names the page or dialog that waits for its answer: when
that is gone, the job is asked to stop and its answer is dropped.

Python collects garbage in whichever thread happens to make an object. A page that is garbage would then be deleted by
the background thread while the window's thread uses what belongs to it, and the process would end. So nothing is
collected while the background thread runs, and a job is deleted by the thread that made it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot
from shiboken6 import isValid

from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress
from kcdesk.runtime import collector

T = TypeVar("T")

_GONE = "gone"  # property of a page that was left for good


class Stopped(Exception):  # noqa: N818 - it is not an error: the officer pressed "Dừng"
    """Raised inside the function by its progress callback after `Job.stop`."""


class Job(QObject):
    """One long task: `progressed` is emitted while it runs, `ended` once at the end, also after an error."""

    progressed = Signal(int, int, str)
    ended = Signal()
    _settled = Signal(object, object)  # result, exception

    def __init__(
        self, text: str, done: Callable[[Any], None], failed: Callable[[KcdeskError], None], owner: QObject | None
    ) -> None:
        super().__init__()
        self.text = text
        self._done = done
        self._failed = failed
        self._owner = owner
        self.only_reads = False  # for a page: nothing is lost when the window closes meanwhile
        self._stop = threading.Event()
        self._settled.connect(self._settle)

    def stop(self) -> None:
        """Ask the function to stop at its next progress report."""
        self._stop.set()

    @property
    def is_awaited(self) -> bool:
        """Return whether whoever waits for the answer is still there."""
        return self._owner is None or not is_gone(self._owner)

    def task(self, function: Callable[[Progress], object]) -> Callable[[], None]:
        """Return the callable that the background thread runs."""
        return _bind(function, self._stop, self.progressed.emit, self._settled.emit)

    @Slot(object, object)
    def _settle(self, result: object, error: BaseException | None) -> None:
        try:
            self._answer(result, error)
        finally:
            self.deleteLater()  # with its connections, which keep alive whoever waited for the answer

    def _answer(self, result: object, error: BaseException | None) -> None:
        self.ended.emit()
        if isinstance(error, Stopped):
            return
        if error is not None and not isinstance(error, KcdeskError):
            raise error
        if not self.is_awaited:
            return
        if error is None:
            self._done(result)
        else:
            self._failed(error)


def _bind(
    function: Callable[[Progress], object],
    stop: threading.Event,
    progress: Callable[[int, int, str], None],
    settle: Callable[[object, object], None],
) -> Callable[[], None]:
    def report(done: int, total: int, text: str = "") -> None:
        if stop.is_set():
            raise Stopped
        progress(done, total, text)

    def run() -> None:
        try:
            result = function(report)
        except BaseException as error:  # passed to the window's thread and raised there; nothing is swallowed
            settle(None, error)
        else:
            settle(result, None)

    return run


class BackgroundWorker(QObject):
    """Runs jobs one after the other; `started` announces each job to the status bar."""

    started = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._jobs: set[Job] = set()
        self._rests = False  # whether the garbage collector rests for this worker

    def run(
        self,
        function: Callable[[Progress], T],
        *,
        text: str,
        done: Callable[[T], None],
        failed: Callable[[KcdeskError], None],
        owner: QObject | None,
        only_reads: bool = False,
        silent: bool = False,
    ) -> Job:
        """Queue `function(progress)`; `done(result)` or `failed(error)` is called in the caller's thread.

        `owner`: the page or dialog that shows the answer; when it is gone, neither is called. None if the answer is
        needed in any case, because it still has to be written to the store. `only_reads`: nobody is asked before the
        window closes meanwhile; `silent`: the same, and the status bar does not show it.
        """
        job = Job(text, done, failed, owner)
        job.only_reads = only_reads or silent
        self._jobs.add(job)
        self._rest()
        job.ended.connect(lambda: self._end(job))
        if not silent:
            self.started.emit(job)
        self._pool.start(job.task(function))
        return job

    def _end(self, job: Job) -> None:
        self._jobs.discard(job)
        if not self._jobs:
            self._pool.waitForDone()  # the thread has handed over its answer and only has to leave the function
            self._collect_again()

    def stop_unawaited(self) -> None:
        """Ask the jobs to stop for whose answer nobody waits any more."""
        for job in tuple(self._jobs):
            if not job.is_awaited:
                job.stop()

    @property
    def busy(self) -> bool:
        """Return whether a job is running or queued."""
        return bool(self._jobs)

    @property
    def has_work(self) -> bool:
        """Return whether a job is running or queued that is lost when the window closes."""
        return any(not job.only_reads for job in self._jobs)

    def close(self) -> None:
        """Stop the running job and wait for its end."""
        for job in tuple(self._jobs):
            job.stop()
        self._pool.waitForDone()
        self._collect_again()

    def _rest(self) -> None:
        if not self._rests:
            self._rests = True
            collector.pause()

    def _collect_again(self) -> None:
        if self._rests:
            self._rests = False
            collector.go_on()


def leave_for_good(owner: QObject) -> None:
    """Mark a page that is never shown again; Qt deletes it only when no dialog waits above it."""
    owner.setProperty(_GONE, True)


def is_gone(owner: QObject) -> bool:
    """Return whether a widget, or the page around it, was deleted or left for good."""
    if not isValid(owner):
        return True
    around: QObject | None = owner
    while around is not None:
        if around.property(_GONE):
            return True
        around = around.parent()
    return False

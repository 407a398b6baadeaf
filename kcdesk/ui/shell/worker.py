"""One background thread for long tasks, with progress and "Dừng".

The caller owns the `Job` (a QObject of the caller's thread); the background thread receives only the function and
bound signals, never a widget. A known error is emitted by `failed`; any other exception is raised again in the
window's thread, where the crash dialog handles it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot

from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress

T = TypeVar("T")


class Stopped(Exception):  # noqa: N818 - it is not an error: the officer pressed "Dừng"
    """Raised inside the function by its progress callback after `Job.stop`."""


class Job(QObject):
    """One long task: `progressed` is emitted while it runs, `ended` once at the end, also after an error."""

    progressed = Signal(int, int, str)
    ended = Signal()
    _settled = Signal(object, object)  # result, exception

    def __init__(self, text: str, done: Callable[[Any], None], failed: Callable[[KcdeskError], None]) -> None:
        super().__init__()
        self.text = text
        self._done = done
        self._failed = failed
        self._stop = threading.Event()
        self._settled.connect(self._settle)

    def stop(self) -> None:
        """Ask the function to stop at its next progress report."""
        self._stop.set()

    def task(self, function: Callable[[Progress], object]) -> Callable[[], None]:
        """Return the callable that the background thread runs."""
        return _bind(function, self._stop, self.progressed.emit, self._settled.emit)

    @Slot(object, object)
    def _settle(self, result: object, error: BaseException | None) -> None:
        self.ended.emit()
        if error is None:
            self._done(result)
        elif isinstance(error, KcdeskError):
            self._failed(error)
        elif not isinstance(error, Stopped):
            raise error


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

    def run(
        self,
        function: Callable[[Progress], T],
        *,
        text: str,
        done: Callable[[T], None],
        failed: Callable[[KcdeskError], None],
    ) -> Job:
        """Queue `function(progress)`; `done(result)` or `failed(error)` is called in the caller's thread."""
        job = Job(text, done, failed)
        self._jobs.add(job)
        job.ended.connect(lambda: self._jobs.discard(job))
        self.started.emit(job)
        self._pool.start(job.task(function))
        return job

    @property
    def busy(self) -> bool:
        """Return whether a job is running or queued."""
        return bool(self._jobs)

    def close(self) -> None:
        """Stop the running job and wait for its end."""
        for job in tuple(self._jobs):
            job.stop()
        self._pool.waitForDone()

"""The full check of the store in the background: once a week by itself, or when the officer asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from kcdesk.services.maintenance import full_check
from kcdesk.ui.shell.worker import BackgroundWorker, Job
from kcdesk.ui.toolkit.qt import soon

if TYPE_CHECKING:
    from kcdesk.errors import KcdeskError
    from kcdesk.services.maintenance.full_check import CheckResult
    from kcdesk.services.workspace import Workspace

_AFTER_THE_START = 60_000  # milliseconds: first the pages of the window are read


class StoreCheck(QObject):
    """Runs in a thread of its own, so that no question of a page waits for it.

    Signals:
        progressed: carries the records done and their total, both 0 while pages are read.
        ended: the check has ended; carries its result, None if it was stopped or could not be made.
    """

    progressed = Signal(int, int)
    ended = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._worker = BackgroundWorker(self)
        self._job: Job | None = None
        self._result: CheckResult | None = None

    @property
    def is_running(self) -> bool:
        """Whether a check is on its way."""
        return self._job is not None

    def begin_when_due(self) -> None:
        """Begin a minute after the start if the last check is a week old."""
        if full_check.is_due(self._workspace):
            QTimer.singleShot(_AFTER_THE_START, self, self.begin)

    def begin(self) -> None:
        """Begin now, unless a check is running."""
        if self.is_running or self._workspace.store.is_closed:
            return
        self._result = None
        self._job = self._worker.run(
            full_check.checking(self._workspace),
            text="Kiểm tra kho",
            done=self._keep,
            failed=self._refused,
            owner=self,
            silent=True,
        )
        self._job.progressed.connect(lambda done, total, _text: self.progressed.emit(done, total))
        self._job.ended.connect(lambda: soon(self, self._end))

    def stop(self) -> None:
        """Ask the check to stop; nothing is kept of it."""
        if self._job is not None:
            self._job.stop()

    def close(self) -> None:
        """Stop and wait for the end of the thread."""
        self._worker.close()

    def _keep(self, result: CheckResult) -> None:
        self._result = result
        full_check.keep_result(self._workspace, result)

    def _refused(self, error: KcdeskError) -> None:
        self._result = full_check.result_of([error.sentence()])

    def _end(self) -> None:
        self._job = None
        self.ended.emit(self._result)

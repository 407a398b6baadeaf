"""Copies by time: looks every minute whether one is due, and makes it in the background."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from kcdesk.errors import KcdeskError
from kcdesk.services.maintenance import automatic_copies
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.worker import Job

_LOOK = 60_000  # milliseconds
_QUIET = ("busy", "copies_in_use")  # passes by itself


class CopyClock(QObject):
    """Lives with the window; while another long task runs it waits. What the disk refuses is told once, and retried."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self._refusal = ""
        self._timer = QTimer(self, interval=_LOOK)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Make a copy if one is due."""
        workspace = self._context.workspace
        if self._job is not None or self._context.worker.busy or not automatic_copies.is_due(workspace):
            return
        self._job = self._context.worker.run(
            lambda _progress: automatic_copies.make_due(workspace),
            text="Sao lưu theo giờ",
            done=self._made,
            failed=self._refused,
            owner=self,
            silent=True,
        )
        self._job.ended.connect(self._forget)

    def _forget(self) -> None:
        self._job = None

    def _made(self, _copy: Path | None) -> None:
        self._refusal = ""

    def _refused(self, error: KcdeskError) -> None:
        if error.code not in _QUIET and error.message != self._refusal:
            self._refusal = error.message
            self._context.messages.problem(f"Chưa sao lưu được theo giờ. {error.message}", error.hint)

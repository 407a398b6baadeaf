"""A progress line inside a dialog: what a long task does, how far it is, and «Dừng»."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from kcdesk.ui.shell.worker import Job
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled


class ProgressLine(QWidget):
    """Shown while a job runs, hidden otherwise; `ended` is emitted at the end, `stopped` is True after «Dừng»."""

    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._job: Job | None = None
        self.stopped = False
        self._text = labelled("", "muted")
        self._bar = QProgressBar()
        self.button = QPushButton("Dừng")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(FIELD_GAP)
        row.addWidget(self._text)
        row.addWidget(self._bar, 1)
        row.addWidget(self.button)
        self.hide()

    @property
    def busy(self) -> bool:
        """Return whether a job is running."""
        return self._job is not None

    def follow(self, job: Job) -> None:
        """Show a job until it ends."""
        self._job, self.stopped = job, False
        self._text.setText(job.text)
        self._bar.setRange(0, 0)
        job.progressed.connect(self._show)
        job.ended.connect(self._end)
        self.show()

    def stop(self) -> None:
        """Ask the job to stop at its next step."""
        if self._job is not None:
            self.stopped = True
            self._job.stop()

    def _show(self, done: int, total: int, text: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        if text:
            self._text.setText(text)

    def _end(self) -> None:
        self._job = None
        self.hide()
        self.ended.emit()

"""One line inside a dialog: what a long act does, how far it is, and «Dừng»."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from kcdesk.ui.shell.worker import Job
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled


class ProgressLine(QWidget):
    """Shown while a job runs, hidden otherwise; `ended` when it is over, `stopped` says by whose wish."""

    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._job: Job | None = None
        self.stopped = False
        self._says = labelled("", "muted")
        self._bar = QProgressBar()
        self.button = QPushButton("Dừng")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(FIELD_GAP)
        row.addWidget(self._says)
        row.addWidget(self._bar, 1)
        row.addWidget(self.button)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self._job is not None

    def follow(self, job: Job) -> None:
        """Show a job until it ends."""
        self._job, self.stopped = job, False
        self._says.setText(job.text)
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
            self._says.setText(text)

    def _end(self) -> None:
        self._job = None
        self.hide()
        self.ended.emit()

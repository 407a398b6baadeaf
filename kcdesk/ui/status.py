"""The line at the bottom: who works here, practice or real, saved when, backed up when, and a long act under way."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar

from kcdesk.services import backups
from kcdesk.text import format_integer
from kcdesk.ui.context import Context
from kcdesk.ui.theme import labelled, set_tone
from kcdesk.ui.worker import Job

_OLD_BACKUP_DAYS = 7
_PROGRESS_WIDTH = 160


class Status(QStatusBar):
    """Follows the context: what has changed, which job runs."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._context = context
        identity = context.workspace.identity
        self.unit = labelled(f"{identity.unit.name} · {identity.officer.name}")
        self.practice = labelled("KHO THỰC HÀNH" if identity.practice else "", "strong", "waiting")
        self.saved = labelled("Mọi thay đổi được lưu ngay", "muted")
        self.backup = labelled("", "muted")
        self.handoff = labelled("", "muted")
        self._work = labelled("")
        self._progress = QProgressBar()
        self._progress.setFixedWidth(_PROGRESS_WIDTH)
        self._progress.setTextVisible(False)
        self._stop = QPushButton("Dừng")
        self._stop.setProperty("role", "quiet")
        self._lay_out()
        context.changed.connect(self._note_saved)
        context.worker.started.connect(self._follow)

    def catch_up(self, to_hand_off: int) -> None:
        """Read the age of the last backup; show how many records wait to be handed off."""
        text, tone = backup_sentence(backups.latest(self._context.workspace), datetime.now().astimezone())
        self.backup.setText(text)
        set_tone(self.backup, tone)
        self.handoff.setText(handoff_sentence(to_hand_off))

    def work_text(self) -> str:
        """What the long act under way says it does; empty when there is none."""
        return self._work.text() if self._work.isVisible() else ""

    def stop(self) -> None:
        """Press "Dừng"."""
        self._stop.click()

    def _lay_out(self) -> None:
        self.addWidget(self.unit)
        self.addWidget(self.practice)
        self.practice.setVisible(bool(self.practice.text()))
        for widget in self._working:
            self.addPermanentWidget(widget)
            widget.hide()
        for label in (self.handoff, self.backup, self.saved):
            self.addPermanentWidget(label)

    @property
    def _working(self) -> tuple[QLabel, QProgressBar, QPushButton]:
        return self._work, self._progress, self._stop

    def _note_saved(self, _changes: object, _initiator: object) -> None:
        self.saved.setText(f"Đã lưu {self._context.saved_at:%H:%M}")

    def _follow(self, job: Job) -> None:
        """Show a long act until it ends."""
        self._work.setText(job.text)
        self._progress.setRange(0, 0)
        self._stop.clicked.connect(job.stop)
        job.progressed.connect(self._show_progress)
        job.ended.connect(self._end)
        for widget in self._working:
            widget.show()

    def _show_progress(self, done: int, total: int, text: str) -> None:
        self._progress.setRange(0, total)
        self._progress.setValue(done)
        if text:
            self._work.setText(text)

    def _end(self) -> None:
        self._stop.clicked.disconnect()
        for widget in self._working:
            widget.hide()


def backup_sentence(latest: datetime | None, now: datetime) -> tuple[str, str]:
    """The age of the last backup in words and its tone."""
    if latest is None:
        return "Chưa có bản sao lưu", "waiting"
    days = (now.date() - latest.astimezone(now.tzinfo).date()).days
    if days <= 0:
        return "Sao lưu hôm nay", ""
    words = "Sao lưu hôm qua" if days == 1 else f"Sao lưu {days} ngày trước"
    return words, "waiting" if days > _OLD_BACKUP_DAYS else ""


def handoff_sentence(waiting: int) -> str:
    """How many records have changed since the last package."""
    return f"{format_integer(waiting)} hồ sơ chờ bàn giao" if waiting else ""

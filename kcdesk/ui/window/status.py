"""The status bar: officer, practice mark, time of the last save, last backup, and the running long task."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar

from kcdesk import moments
from kcdesk.services.deadlines import clock_check
from kcdesk.services.maintenance import backup_copies, copy_contents
from kcdesk.services.overview.counters import counted
from kcdesk.services.records import unread_texts
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.worker import Job
from kcdesk.ui.toolkit.fitting.cut_label import CutLabel
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import labelled, set_tone

UNREAD_TIP = "Chữ đã gõ nhưng chương trình chưa đọc được, còn nguyên trong ô màu đỏ; bấm để tới ô ấy rồi sửa."
_OLD_BACKUP_DAYS = 7
_PROGRESS_WIDTH = 160


class WayLabel(QLabel):
    """A part of the status bar that leads somewhere; `wanted`: it was clicked."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "muted")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the place that the words are about."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self.wanted.emit()


class StatusLine(QStatusBar):
    """Follows the context: changes and running jobs.

    Signals:
        page_wanted: go to this page of the navigation.
        field_wanted: open a record at a field; carries its id and the path.
    """

    page_wanted = Signal(str)
    field_wanted = Signal(str, str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._context = context
        self.unit = CutLabel(Qt.TextElideMode.ElideMiddle)
        self._name_unit()
        is_practice = context.workspace.identity.practice
        beside = copy_contents.beside_of(context.workspace.store.folder)
        mark = f"BẢN SAO LƯU {beside}" if beside else "KHO THỰC HÀNH" if is_practice else ""
        self.practice = labelled(mark, "strong", "waiting")
        self.saved = WayLabel()
        self.saved.wanted.connect(self._seek_unread)
        self.clock = labelled("", "waiting")
        self.clock.setObjectName("status.clock")
        self.backup = WayLabel()
        self.backup.setToolTip("Sao lưu, khôi phục: bấm để vào «Cài đặt».")
        self.backup.wanted.connect(lambda: self.page_wanted.emit("settings"))
        self.handover = WayLabel()
        self.handover.setToolTip("Bấm để vào «Bàn giao».")
        self.handover.wanted.connect(lambda: self.page_wanted.emit("handoff"))
        self._work = CutLabel(least=60)
        self._progress = QProgressBar()
        keep_size(self._progress, fixed_width=_PROGRESS_WIDTH)
        self._progress.setTextVisible(False)
        self._stop = QPushButton("Dừng")
        self._stop.setProperty("role", "quiet")
        self._jobs: list[Job] = []  # the running job and those queued
        self._stop.clicked.connect(self._stop_current)
        self._lay_out()
        context.changed.connect(self._show_saved)
        context.unread_changed.connect(self._show_saved)
        context.identity_changed.connect(self._name_unit)
        self._show_saved()
        context.worker.started.connect(self._follow)

    def _name_unit(self) -> None:
        identity = self._context.workspace.identity
        self.unit.show_text(f"{identity.unit.name} · {identity.officer.name}")

    def catch_up(self, waiting: int) -> None:
        """Update the age of the last backup and the number of items waiting on the hand-over page."""
        text, tone = backup_sentence(backup_copies.latest(self._context.workspace), moments.now())
        self.backup.setText(text)
        set_tone(self.backup, tone)
        self._show_doubt(clock_check.doubt(self._context.workspace, moments.today()))
        self.handover.setText(handover_sentence(waiting, collects=self._context.workspace.collects))

    def _show_doubt(self, doubt: str) -> None:
        """Show that the laptop's date may be wrong, the reason in the tool tip; papers carry that date."""
        self.clock.setText("Xem lại ngày giờ của máy" if doubt else "")
        self.clock.setToolTip(doubt)
        self.clock.setVisible(bool(doubt))

    def work_text(self) -> str:
        """Return the text of the running long task; "" when there is none."""
        return self._work.whole if self._work.isVisible() else ""

    def stop(self) -> None:
        """Press "Dừng"."""
        self._stop.click()

    def _lay_out(self) -> None:
        self.addWidget(self.unit, 1)
        self.addWidget(self.practice)
        self.practice.setVisible(bool(self.practice.text()))
        for widget in self._working:
            self.addPermanentWidget(widget, 1 if widget is self._work else 0)
            widget.hide()
        for label in (self.clock, self.handover, self.backup, self.saved):
            self.addPermanentWidget(label)
        self.clock.hide()

    @property
    def _working(self) -> tuple[QLabel, QProgressBar, QPushButton]:
        return self._work, self._progress, self._stop

    def _show_saved(self, *_signalled: object) -> None:
        """Show the time of the last save, or how many typed texts are not saved because they cannot be read."""
        unread = sum(unread_texts.counts(self._context.workspace).values())
        saved_at = self._context.saved_at
        saved = f"Đã lưu {saved_at:%H:%M}" if saved_at else "Mọi thay đổi được lưu ngay"
        self.saved.setText(f"{unread} ô chưa lưu" if unread else saved)
        self.saved.setToolTip(UNREAD_TIP if unread else "")
        self.saved.setCursor(Qt.CursorShape.PointingHandCursor if unread else Qt.CursorShape.ArrowCursor)
        set_tone(self.saved, "wrong" if unread else "")

    def _seek_unread(self) -> None:
        if unread := unread_texts.first(self._context.workspace):
            self.field_wanted.emit(*unread)

    def _follow(self, job: Job) -> None:
        """Show a long task until it ends."""
        self._jobs.append(job)
        self._work.show_text(self._jobs[0].text)
        self._progress.setRange(0, 0)
        job.progressed.connect(self._show_progress)
        job.ended.connect(lambda: self._end(job))
        for widget in self._working:
            widget.show()
        self._give_room()

    def _give_room(self) -> None:
        """Hide what can wait while a long task needs the room: the whole line must fit into the window."""
        waiting = (self.handover, self.backup)
        for label in waiting:
            label.show()
        is_narrow = bool(self._jobs) and self.minimumSizeHint().width() > self.window().width()
        for label in waiting:
            label.setVisible(not is_narrow)

    def _show_progress(self, done: int, total: int, text: str) -> None:
        self._progress.setRange(0, total)
        self._progress.setValue(done)
        if text:
            self._work.show_text(text)

    def _end(self, job: Job) -> None:
        """Show the next queued job, if there is any."""
        self._jobs.remove(job)
        if self._jobs:
            self._work.show_text(self._jobs[0].text)
            self._progress.setRange(0, 0)
        for widget in self._working:
            widget.setVisible(bool(self._jobs))
        self._give_room()

    def _stop_current(self) -> None:
        if self._jobs:
            self._jobs[0].stop()


def backup_sentence(latest: datetime | None, now: datetime) -> tuple[str, str]:
    """Return the age of the last backup in words and its tone."""
    if latest is None:
        return "Chưa có bản sao lưu", "waiting"
    days = (moments.day(now, now.tzinfo) - moments.day(latest, now.tzinfo)).days
    if days <= 0:
        return "Sao lưu hôm nay", ""
    words = "Sao lưu hôm qua" if days == 1 else f"Sao lưu {days} ngày trước"
    return words, "waiting" if days > _OLD_BACKUP_DAYS else ""


def handover_sentence(waiting: int, *, collects: bool = False) -> str:
    """Return the number of changed records to hand over; where units hand over, of packages without a receipt."""
    what = "gói chưa trả lời" if collects else "hồ sơ chờ bàn giao"
    return f"{counted(waiting)} {what}" if waiting else ""

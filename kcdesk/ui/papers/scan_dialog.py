"""«Nhận bản ký»: choose the scan of a signed paper, recognise the paper and its version, keep the scan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QPushButton, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.services.papers import scan_pages, signed_scans
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit.decision_button import decision_button
from kcdesk.ui.toolkit.drop_targets import TAKES_CODES
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, hairline, labelled, set_tone

if TYPE_CHECKING:
    from kcdesk.services.papers.scan_pages import ScanPage as ScannedPage
    from kcdesk.services.papers.signed_scans import Recognised
    from kcdesk.ui.shell.worker import Job

SCANS = "Bản quét (*.pdf *.jpg *.jpeg *.png *.tif *.tiff *.bmp *.webp);;Mọi tệp (*)"
_WIDTH = 560
_TONES = {"current": "good", "older": "waiting"}
_KEEP = {"current": "Giữ bản này", "older": "Giữ làm bản cũ"}
_ELSEWHERE = "Giấy này không thuộc hồ sơ đang mở; giữ thì bản quét vào đúng hồ sơ của nó."
_CHOOSE_SCAN = "Hãy chọn cả bản quét để giữ."


class ScanDialog(Dialog):
    """Reads scans in the background; nothing is changed before «Giữ»."""

    help_topic = "signed_scans"

    def __init__(self, context: Context, record_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._record_id = record_id
        self._job: Job | None = None
        self.files: list[Path] = []
        self.recognised: Recognised | None = None
        self.setWindowTitle("Nhận bản ký")
        keep_size(self, least_width=_WIDTH)
        self.choose_button = decision_button("Chọn bản quét…", "scans.choose", self.choose)
        set_icon(self.choose_button, "file-plus")
        self.names = labelled("Chưa chọn bản quét nào.", "muted", wrap=True)
        self.code = _CodeLine()
        self.code.setObjectName("scans.code")
        self.code.setProperty(TAKES_CODES, True)
        self.code.setPlaceholderText("Mã giấy ở chân trang")
        self.code.setAccessibleName("Mã giấy ở chân trang")
        self.code.returnPressed.connect(self.look_up)
        self.verdict = labelled("", "strong", wrap=True)
        self.verdict.setObjectName("scans.verdict")
        self.note = labelled("", "help", wrap=True)
        self.keep_button = decision_button("Giữ bản này", "scans.keep", self.keep)
        self.keep_button.setProperty("role", "main")
        self._lay_out()
        self._judge(None)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        how = "Mã QR trên giấy cho biết bản quét là của hồ sơ nào, bản nào. Nhận tệp PDF và ảnh."
        column.addWidget(labelled(how, "help", wrap=True))
        column.addLayout(_line(self.choose_button, self.names))
        column.addWidget(self._make_progress())
        column.addWidget(labelled("Không đọc được mã QR thì gõ mã giấy:", "label"))
        find = decision_button("Tìm", "scans.look_up", self.look_up)
        find.setEnabled(False)
        self.code.textChanged.connect(lambda typed: find.setEnabled(bool(typed.strip())))
        column.addLayout(_line(self.code, find))
        column.addWidget(hairline())
        column.addWidget(self.verdict)
        column.addWidget(self.note)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(decision_button("Thôi", "scans.cancel", self.reject))
        buttons.addWidget(self.keep_button)
        column.addLayout(buttons)

    def _make_progress(self) -> QWidget:
        self.progress = QWidget()
        self._bar = QProgressBar()
        self._bar.setFormat("Đang đọc tệp %v/%m")
        self._stop = decision_button("Dừng", "scans.stop", self._stop_reading)
        line = _line(self._bar, self._stop)
        self.progress.setLayout(line)
        line.setContentsMargins(0, 0, 0, 0)
        self.progress.hide()
        return self.progress

    # -- reading ---------------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Let the officer choose the files of one paper and read them."""
        files = self._context.messages.open_files("Chọn bản quét giấy đã ký", SCANS, purpose="scans")
        if files:
            self.read(files)

    def read(self, files: list[Path]) -> None:
        """Search every page for codes, in the background."""
        self._stop_reading()
        self.files = files
        self.names.setText(", ".join(file.name for file in files))
        self._judge(None)
        self._bar.setRange(0, 0)
        self.progress.show()
        self.choose_button.setEnabled(False)
        job = self._context.worker.run(
            partial(scan_pages.read_scan, files),
            text="Đang đọc bản quét",
            done=self._read,
            failed=self._refuse,
            owner=self,
        )
        job.progressed.connect(self._show_progress)
        job.ended.connect(self._end)
        self._job = job

    def look_up(self) -> None:
        """Recognise the paper by its typed code; the chosen scan stays."""
        typed = self.code.text().strip()
        if typed:
            self._judge_with(lambda: signed_scans.recognise(self._context.workspace, typed))

    def _read(self, pages: Sequence[ScannedPage]) -> None:
        self._judge_with(lambda: signed_scans.identify(self._context.workspace, pages))

    def _refuse(self, error: KcdeskError) -> None:
        self._judge(None, error)

    def _judge_with(self, judge: Callable[[], Recognised]) -> None:
        try:
            self._judge(judge())
        except KcdeskError as error:
            self._judge(None, error)

    def _show_progress(self, done: int, total: int, _text: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _end(self) -> None:
        self.progress.hide()
        self.choose_button.setEnabled(True)
        self._job = None

    def _stop_reading(self) -> None:
        if self._job is not None:
            self._job.stop()

    # -- the result ------------------------------------------------------------------------------------------------

    def _judge(self, recognised: Recognised | None, refusal: KcdeskError | None = None) -> None:
        self.recognised = recognised
        status = recognised.status if recognised else ""
        self.verdict.setText(recognised.sentence if recognised else "")
        if refusal is not None:
            show_refusal(self.verdict, refusal)
        set_tone(self.verdict, _TONES.get(status, "wrong"))
        belongs = status in _KEEP
        self.keep_button.setText(_KEEP.get(status, "Giữ bản này"))
        self.keep_button.setEnabled(belongs and bool(self.files))
        (self.keep_button if self.keep_button.isEnabled() else self.choose_button).setDefault(True)
        elsewhere = belongs and recognised is not None and recognised.record_id != self._record_id
        notes = (_ELSEWHERE if elsewhere else "", _CHOOSE_SCAN if belongs and not self.files else "")
        self.note.setText(" ".join(filter(None, notes)))

    def keep(self) -> None:
        """Attach the scan to its dossier; make a complete signed draft final."""
        if self.recognised is None:
            return
        try:
            changes = signed_scans.keep_scan(self._context.workspace, self.recognised, self.files)
        except KcdeskError as error:
            self._judge(None, error)
            return
        self._context.announce(changes)
        self._context.messages.notice("Đã nhận bản ký.")
        self.accept()

    def reject(self) -> None:
        """Close without changes."""
        self._stop_reading()
        super().reject()


class _CodeLine(QLineEdit):
    """A line whose Enter only looks up: the verdict is read before a scan is kept."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter from the buttons of the dialog."""
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


def _line(*widgets: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(FIELD_GAP)
    for widget in widgets:
        line.addWidget(widget, 0 if isinstance(widget, QPushButton) else 1)
    return line

"""«Đọc phiếu ghi tay»: photos or scans of a ticked sheet, its answers as proposals beside their pictures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.services.papers.ticked import sheet_reading, taking_answers
from kcdesk.ui.papers.scan_dialog import SCANS
from kcdesk.ui.papers.ticked.answer_line import SheetAnswerLine
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit.decision_button import decision_button
from kcdesk.ui.toolkit.drop_targets import FileTarget
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.qt import soon
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, hairline, labelled, set_tone

if TYPE_CHECKING:
    from kcdesk.services.papers.scan_pages import ScanPage as ScannedPage
    from kcdesk.services.papers.ticked.sheet_reading import SheetReading
    from kcdesk.ui.shell.worker import Job

_HOW = (
    "Chụp hoặc quét phiếu đã đánh dấu, mỗi trang một ảnh, thấy mã QR và đủ bốn dấu ở góc; "
    "kéo tệp thả vào đây cũng được. Chưa ghi gì vào hồ sơ trước khi bấm nút nhận."
)


class SheetReadingDialog(FileTarget, Dialog):
    """Reads pictures in the background; nothing is written before the officer takes the answers.

    `into` is the dossier from which it was opened; "" takes the sheet of any dossier.
    """

    help_topic = "ticked_sheets"

    def __init__(self, context: Context, into: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._into = into
        self._job: Job | None = None
        self.reading: SheetReading | None = None
        self.lines: list[SheetAnswerLine] = []
        self.setWindowTitle("Đọc phiếu ghi tay")
        self.setAcceptDrops(True)
        self.begin_size(860, 620)
        self.choose_button = decision_button("Chọn ảnh, bản quét…", "sheet.choose", self.choose)
        set_icon(self.choose_button, "file-plus")
        self.names = labelled("Chưa chọn tệp nào.", "muted", wrap=True)
        self.verdict = labelled("", "strong", wrap=True)
        self.verdict.setObjectName("sheet.verdict")
        self.notes = labelled("", "help", "wrong", wrap=True)
        self.every = QCheckBox("Hiện cả các câu phiếu để trống")
        self.every.setObjectName("sheet.every")
        self.every.toggled.connect(lambda _on: self._show_lines())
        self.take_button = decision_button("Nhận câu trả lời", "sheet.take", self.take)
        self.take_button.setProperty("role", "main")
        self._lay_out()
        self._show(None)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(labelled(_HOW, "help", wrap=True))
        top = QHBoxLayout()
        top.setSpacing(FIELD_GAP)
        top.addWidget(self.choose_button)
        top.addWidget(self.names, 1)
        column.addLayout(top)
        column.addWidget(self._make_progress())
        column.addWidget(hairline())
        column.addWidget(self.verdict)
        column.addWidget(self.notes)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setAccessibleName("Các câu trả lời trên phiếu")
        column.addWidget(self._area, 1)
        column.addWidget(self.every)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(decision_button("Thôi", "sheet.cancel", self.reject))
        buttons.addWidget(self.take_button)
        column.addLayout(buttons)

    def _make_progress(self) -> QWidget:
        self.progress = QWidget()
        self._bar = QProgressBar()
        self._bar.setFormat("Đang đọc tệp %v/%m")
        line = QHBoxLayout(self.progress)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._bar, 1)
        line.addWidget(decision_button("Dừng", "sheet.stop", self._stop_reading))
        self.progress.hide()
        return self.progress

    def take_files(self, files: list[Path]) -> None:
        """Read the dropped files."""
        self.read(files)

    # -- reading ---------------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Let the officer choose the pictures of one sheet and read them."""
        files = self._context.messages.open_files("Chọn ảnh hoặc bản quét của phiếu", SCANS, purpose="scans")
        if files:
            self.read(files)

    def read(self, files: Sequence[Path]) -> None:
        """Recognise the sheet and look at its boxes, in the background."""
        self._stop_reading()
        self.names.setText(", ".join(file.name for file in files))
        self._show(None)
        self._begin(partial(sheet_reading.sheet_pages, files), partial(self._recognise, files))

    def _recognise(self, files: Sequence[Path], pages: list[ScannedPage]) -> None:
        try:
            plan = sheet_reading.sheet_plan(self._context.workspace, pages, self._into)
        except KcdeskError as error:
            self._refuse(error)
            return
        self._begin(partial(sheet_reading.read_plan, plan, files), self._show)

    def _begin(self, work: object, done: object) -> None:
        self._bar.setRange(0, 0)
        self.progress.show()
        self.choose_button.setEnabled(False)
        job = self._context.worker.run(
            work,  # type: ignore[arg-type]  # each is a function of the progress
            text="Đang đọc phiếu ghi tay",
            done=done,  # type: ignore[arg-type]  # as above
            failed=self._refuse,
            owner=self,
            only_reads=True,
        )
        self._job = job
        job.progressed.connect(self._show_progress)
        job.ended.connect(lambda: self._end(job))

    def _show_progress(self, done: int, total: int, _text: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _end(self, job: Job) -> None:
        if self._job is job:
            self.progress.hide()
            self.choose_button.setEnabled(True)
            self._job = None

    def _stop_reading(self) -> None:
        if self._job is not None:
            self._job.stop()

    # -- the result ------------------------------------------------------------------------------------------------

    def _refuse(self, error: KcdeskError) -> None:
        self._show(None)
        show_refusal(self.verdict, error)
        set_tone(self.verdict, "wrong")

    def _show(self, reading: SheetReading | None) -> None:
        self.reading = reading
        self.verdict.setText(reading.sentence if reading else "")
        set_tone(self.verdict, "")
        self.notes.setText("\n".join(reading.notes) if reading else "")
        self.notes.setVisible(bool(reading and reading.notes))
        answers = reading.answers if reading else ()
        content = QWidget()
        column = QVBoxLayout(content)
        column.setSpacing(FIELD_GAP)
        self.lines = [SheetAnswerLine(answer) for answer in answers]
        for line in self.lines:
            line.changed.connect(self._count)
            column.addWidget(line)
        column.addStretch(1)
        self._area.setWidget(content)
        self.every.setVisible(bool(self.lines))
        self._show_lines()
        self._count()
        self._give_keyboard()

    def _give_keyboard(self) -> None:
        """To the first answer that has to be looked at, else to the button that takes what was read."""
        if not self.lines:
            return
        looked = next((line.input for line in self.lines if line.needs_look), self.take_button)
        looked.setFocus()
        soon(self, lambda: self._area.ensureWidgetVisible(looked))  # the lines have no place before

    def _show_lines(self) -> None:
        for line in self.lines:
            line.setVisible(line.is_marked or self.every.isChecked())

    def _count(self) -> None:
        count = len(self._taken())
        self.take_button.setText(f"Nhận {count} câu trả lời" if count else "Nhận câu trả lời")
        self.take_button.setEnabled(bool(count))

    def _taken(self) -> dict[tuple[str, str], str]:
        taken = {(line.answer.path, line.answer.row): line.taken() for line in self.lines}
        return {key: text for key, text in taken.items() if text}

    def take(self) -> None:
        """Write what is chosen and typed, in one act."""
        if self.reading is None:
            return
        taken = self._taken()
        try:
            changes = taking_answers.take_answers(self._context.workspace, self.reading, taken)
        except KcdeskError as error:
            show_refusal(self.verdict, error)
            set_tone(self.verdict, "wrong")
            return
        self._context.announce(changes)
        self._context.messages.notice(f"Đã nhận {len(taken)} câu trả lời từ phiếu ghi tay.")
        self.accept()

    def reject(self) -> None:
        """Close without changes."""
        self._stop_reading()
        super().reject()

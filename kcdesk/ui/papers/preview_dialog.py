"""The print preview of a paper: view it, print it, save it as PDF or for Word, or print it blank."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QIntValidator, QKeySequence, QShortcut
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kcdesk.errors import KcdeskError
from kcdesk.formdef.record import Record
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.law import governing
from kcdesk.services.papers import printing
from kcdesk.services.papers.printing import Paper, PreparedPaper
from kcdesk.services.records import changing, reading
from kcdesk.ui.papers.own_form_bar import OwnFormBar
from kcdesk.ui.papers.paper_pages import PaperPages
from kcdesk.ui.papers.preview_folder import PreviewFolder
from kcdesk.ui.papers.printer_output import asked_printer, print_pages
from kcdesk.ui.papers.revision_box import RevisionBox
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.shell.progress_line import ProgressLine
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_SCREEN_DPI = 88  # a page is then 728 pixels wide and fits beside the scroll bar at 1024
_COPIES_WIDTH = 48
_FEW_PHOTOS = 4  # number of photos still set without a background job
_FEW_PAGES = 6  # number of pages still printed without a background job
_ZOOMS = (66, 88, 120, 160)
_NEED_PAPER = ("preview.word", "preview.archive", "preview.save", "preview.print")  # buttons
PaperWriter = Callable[[Path, Progress], object]


class PreviewDialog(Dialog):
    """Shows the papers of one dossier; nothing is written unless the officer asks for it."""

    help_topic = "printing"
    has_word = True  # whether the papers can be saved for Word
    has_archive = True  # whether they can be saved for the archive

    def __init__(self, context: Context, record_id: str, parent: QWidget | None = None, paper: str = "") -> None:
        super().__init__(parent)
        self._context = context
        self._record_id = record_id
        self._first = paper  # the name of the paper that is shown first
        self._dpi, self._zoomed = _SCREEN_DPI, False
        self._progress = ProgressLine()
        self._folder = PreviewFolder(self, self._progress)
        self._pdf = self._folder.path("preview.pdf")
        self.setWindowTitle("Xem trước khi in")
        self.begin_size(960, 700)
        self._papers = QComboBox()
        self._papers.setObjectName("preview.paper")
        self._blank = QCheckBox("Để trống, ghi tay")
        self._blank.setObjectName("preview.blank")
        self._revisions = RevisionBox()
        self._copies = QLineEdit()
        self._copies.setObjectName("preview.copies")
        self._copies.setAccessibleName("Số bản")
        self._copies.setValidator(QIntValidator(1, 50, self._copies))
        keep_size(self._copies, fixed_width=_COPIES_WIDTH)
        self._copies.setToolTip("Số bản in, cũng là số bản nêu ở câu kết của văn bản")
        self._copies.editingFinished.connect(self._count_copies)
        self._copies_label = labelled("Số bản")
        self._note = labelled(role="muted", wrap=True)
        self._warning = ""  # about letters that cannot be printed
        self._pages = PaperPages()
        self._own = OwnFormBar(context, record_id, self._write_word, self._reload_papers)
        self._lay_out()
        self._fill()
        self._show_paper()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(FIELD_GAP)
        bar.addWidget(self._papers)
        bar.addWidget(self._revisions)
        bar.addWidget(self._blank)
        bar.addWidget(self._copies_label)
        bar.addWidget(self._copies)
        bar.addStretch(1)
        self._smaller = self._button("–", "preview.smaller", "Nhỏ hơn (Ctrl+-)", lambda: self._zoom(-1))
        self._larger = self._button("+", "preview.larger", "To hơn (Ctrl++)", lambda: self._zoom(1))
        self._again = self._button("Làm lại", "preview.again", "Dựng lại giấy này", self._show_paper)
        for button in (self._again, self._smaller, self._larger):
            bar.addWidget(button)
        if self.has_word:
            tip = "Lưu thành tệp Word để sửa lời văn (Ctrl+W)"
            bar.addWidget(self._button("Lưu Word…", "preview.word", tip, self.save_word))
        if self.has_archive:
            tip = "Lưu thành PDF/A-2b, mở được lâu dài, để đưa vào lưu trữ (Ctrl+Shift+S)"
            bar.addWidget(self._button("PDF/A…", "preview.archive", tip, self.save_archive))
        bar.addWidget(self._button("Lưu PDF…", "preview.save", "Lưu thành tệp PDF (Ctrl+S)", self.save))
        bar.addWidget(self._own)
        self._print_button = self._button("In…", "preview.print", "Gửi ra máy in (Ctrl+P)", self.print)
        self._print_button.setProperty("role", "main")
        self._print_button.setDefault(True)
        bar.addWidget(self._print_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.addLayout(bar)
        column.addWidget(self._note)
        column.addWidget(self._progress)
        column.addWidget(self._pages, 1)
        archive, word = ("Ctrl+Shift+S", self.save_archive), ("Ctrl+W", self.save_word)
        for keys, act in (("Ctrl+S", self.save), archive, word, ("Ctrl+P", self.print)):
            QShortcut(QKeySequence(keys), self, act)
        QShortcut(QKeySequence.StandardKey.ZoomIn, self, lambda: self._zoom(1))
        QShortcut(QKeySequence.StandardKey.ZoomOut, self, lambda: self._zoom(-1))

    def _button(self, label: str, name: str, tip: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _fill(self) -> None:
        for paper in printing.papers_of(self._context.workspace, self._record_id):
            self._papers.addItem(paper.title, paper)
            if paper.name == self._first:
                self._papers.setCurrentIndex(self._papers.count() - 1)
        self._papers.currentIndexChanged.connect(self._change_paper)
        self._blank.toggled.connect(self._show_paper)
        self._revisions.currentIndexChanged.connect(self._show_paper)
        self._list_revisions()

    def _reload_papers(self) -> None:
        """List the papers again and show the same one: it may be written by another form now."""
        place = self._papers.currentIndex()
        self._papers.blockSignals(True)
        for at, paper in enumerate(printing.papers_of(self._context.workspace, self._record_id)):
            self._papers.setItemData(at, paper)
        self._papers.setCurrentIndex(place)
        self._papers.blockSignals(False)
        self._show_paper()

    def _change_paper(self) -> None:
        """Show another paper as it is now: a revision that was chosen belongs to the paper before."""
        self._list_revisions()
        self._show_paper()

    def _list_revisions(self) -> None:
        paper = self._paper() if self._papers.currentData() is not None else ""
        self._revisions.list_revisions(self._context.workspace, self._record_id, paper)

    def _show_paper(self) -> None:
        if self._papers.currentData() is None:
            self._note.setText("Hồ sơ này chưa có giấy nào để in.")
            self._enable(False)
            return
        self._pdf.unlink(missing_ok=True)  # so that an outdated file can never be printed
        self._pages.clear()
        self._offer()
        self._make(lambda writing: partial(writing.pdf, self._pdf), self._draw)

    def _offer(self) -> None:
        """Show the options of the current paper: fields to fill in, number of copies."""
        paper = self._shown()
        self._own.show_paper(paper)
        self._blank.setEnabled(not paper.always_blank and not self._revisions.revision())
        for widget in (self._copies_label, self._copies):
            widget.setVisible(bool(paper.copies))
        self._copies.setText(str(self._record().value(paper.copies) or "") if paper.copies else "")

    def _shown(self) -> Paper:
        """Return the chosen paper; call only when there is at least one."""
        paper = self._papers.currentData()
        assert isinstance(paper, Paper)
        return paper

    def _record(self) -> Record:
        return self._context.workspace.store.record(self._record_id)

    def _count_copies(self) -> None:
        """Store the number of copies in the record while it is editable: the paper's last sentence states it."""
        if not self._copies.hasAcceptableInput() or self._papers.currentData() is None:
            return
        field, number = self._shown().copies, int(self._copies.text())
        workspace = self._context.workspace
        if number != self._record().value(field) and reading.is_editable(workspace, self._record_id, field):
            self._context.act(lambda: changing.set_values(workspace, self._record_id, {field: number}))
            self._show_paper()

    def _writing(self) -> PreparedPaper:
        """Return the current paper with its options, ready to be written."""
        workspace = self._context.workspace
        blank, revision = self._blank.isChecked() and not self._revisions.revision(), self._revisions.revision()
        return printing.prepare_paper(workspace, self._record_id, self._paper(), blank=blank, revision=revision)

    def _make(self, what: Callable[[PreparedPaper], Callable[[Progress], object]], done: Callable[[], None]) -> None:
        """Write the paper and then call `done`; with many photos in the background, so that it can be stopped."""
        try:
            writing = self._writing()
            self._warning = f". {writing.warning()}" if writing.unprintable else ""
            if not self._is_long(writing):
                what(writing)(ignore_progress)
        except KcdeskError as error:
            show_refusal(self._note, error)
            self._offer_acts()
            return
        if self._is_long(writing):
            self._start(what(writing), self._work_name(writing), done)
        else:
            done()

    def _is_long(self, writing: PreparedPaper) -> bool:
        """Return whether writing takes so long that it is done in the background."""
        return writing.photos > _FEW_PHOTOS or writing.is_converted

    def _work_name(self, writing: PreparedPaper) -> str:
        return "Đang dựng giấy theo mẫu Word" if writing.is_converted else f"Đang dựng {writing.photos} ảnh"

    def _start(self, work: Callable[[Progress], object], text: str, done: Callable[[], None]) -> None:
        """Run a long task in the background; the other controls are disabled until it ends."""

        def go_on(_result: object) -> None:
            if self.isVisible():
                done()

        self._note.setText("")
        worker = self._context.worker
        job = worker.run(work, text=text, done=go_on, failed=self._refuse, owner=self)
        self._progress.follow(job)
        job.ended.connect(self._end)
        self._enable(False)

    def _refuse(self, error: KcdeskError) -> None:
        show_refusal(self._note, error)

    def _end(self) -> None:
        self._enable(True)
        self._offer()
        if not self._note.text():
            self._note.setText("Đã dừng." if self._progress.stopped else "")

    def _enable(self, enabled: bool) -> None:
        """Enable or disable choosing, saving and printing papers."""
        for widget in (self._papers, self._revisions, self._blank, self._copies, *self.findChildren(QPushButton)):
            if widget is not self._progress.button:
                widget.setEnabled(enabled)
        self._offer_acts()

    def _offer_acts(self) -> None:
        """Let the paper be saved, printed and zoomed once it is there; one that could not be made is made again."""
        is_ready = self._is_ready()
        for button in self.findChildren(QPushButton):
            if button.objectName() in _NEED_PAPER:
                button.setEnabled(is_ready or (button.objectName() == "preview.word" and self._can_write_word()))
        self._smaller.setEnabled(is_ready and self._dpi > _ZOOMS[0])
        self._larger.setEnabled(is_ready and self._dpi < _ZOOMS[-1])
        self._again.setVisible(not is_ready and not self._progress.busy and self._papers.currentData() is not None)
        (self._print_button if is_ready else self._again).setDefault(True)

    def _draw(self) -> None:
        count = printing.page_count(self._pdf)
        own = self._shown().own
        mark = f". {own}" if own else ", mẫu chưa đối chiếu" if self._shown().unverified else ""
        width, height = printing.page_size(self._pdf)
        lying = " nằm ngang" if width > height else ""
        if lying and not self._zoomed:
            self._make_room(width)
        self._note.setText(f"{count} trang, khổ A4{lying}{mark}{self._warning}")
        self._note.setToolTip(governing.rule_of(self._context.workspace, "layout"))
        size = QSize(round(width * self._dpi), round(height * self._dpi))
        self._offer_acts()
        self._pages.show_pages(count, size, lambda page: printing.page_image(self._pdf, page, self._dpi))

    def _make_room(self, page_width: float) -> None:
        """Make a landscape page fully visible: widen the window, or zoom out on a narrow screen."""
        beside = self.width() - self._pages.viewport().width() + 2 * GROUP_GAP
        room = self.screen().availableGeometry().width()
        fitting = [dpi for dpi in _ZOOMS if dpi <= _SCREEN_DPI and page_width * dpi + beside <= room]
        self._dpi = max(fitting, default=_ZOOMS[0])
        self.resize(max(self.width(), min(room, round(page_width * self._dpi) + beside)), self.height())

    def _zoom(self, step: int) -> None:
        place = _ZOOMS.index(self._dpi) + step
        if 0 <= place < len(_ZOOMS) and self._is_ready():
            self._dpi, self._zoomed = _ZOOMS[place], True
            self._draw()

    def _is_ready(self) -> bool:
        """Return whether there is a paper to save or print and no job is running."""
        return self._pdf.exists() and not self._progress.busy

    def _can_write_word(self) -> bool:
        """Return whether the Word file can be written: also where no PDF can be made of an office's own form."""
        paper = self._papers.currentData()
        return not self._progress.busy and (self._is_ready() or bool(paper and paper.own))

    def _write_word(self, path: Path) -> bool:
        """Write the Word file of the paper to be opened; a refusal is said below the buttons."""
        try:
            _for_word(self._writing())(path, ignore_progress)
        except KcdeskError as error:
            self._refuse(error)
            return False
        return True

    def _paper(self) -> str:
        return self._shown().name

    def status_text(self) -> str:
        """Return the text shown beside the buttons."""
        return self._note.text()

    def save(self) -> None:
        """Save the current paper as a PDF file chosen by the officer."""
        self._save(".pdf", "Tệp PDF (*.pdf)", lambda writing: writing.pdf)

    def save_word(self) -> None:
        """Save the current paper for Word, so that the office can adjust its wording."""
        if self.has_word:
            self._save(".docx", "Tệp Word (*.docx)", _for_word)

    def save_archive(self) -> None:
        """Save the current paper as PDF/A-2b, for the archive."""
        if self.has_archive:
            self._save(".pdf", "Tệp PDF/A (*.pdf)", _for_archive)

    def _file_name(self, suffix: str) -> str:
        workspace, blank = self._context.workspace, self._blank.isChecked()
        return printing.file_name(workspace, self._record_id, self._paper(), blank=blank, suffix=suffix)

    def _save(self, suffix: str, kind: str, writer: Callable[[PreparedPaper], PaperWriter]) -> None:
        if not (self._can_write_word() if suffix == ".docx" else self._is_ready()):
            return
        path = self._context.messages.save_file("Lưu văn bản", self._file_name(suffix), kind, purpose="papers")
        if path is not None:
            self._make(
                lambda writing: partial(writer(writing), path), lambda: self._note.setText(f"Đã lưu {path.name}")
            )

    def print(self) -> None:
        """Print the paper through the system's own dialog."""
        if not self._is_ready():
            return
        self._count_copies()
        try:
            printer = asked_printer(self, int(self._copies.text() or 1), printing.page_size(self._pdf))
        except KcdeskError as error:
            self._refuse(error)
            return
        if printer is not None:
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Draw every page on `printer`, each filling its sheet; many pages in the background."""
        count = printing.page_count(self._pdf)
        work = partial(print_pages, self._pdf, count, printer)
        if count > _FEW_PAGES:
            self._start(work, f"Đang gửi {count} trang ra máy in", self._printed)
            return
        try:
            work(ignore_progress)
        except KcdeskError as error:
            self._refuse(error)
        else:
            self._printed()

    def _printed(self) -> None:
        self._note.setText("Đã gửi ra máy in.")


def _for_archive(writing: PreparedPaper) -> PaperWriter:
    assert writing.archive is not None, "a dialog without it offers no archive"
    return writing.archive


def _for_word(writing: PreparedPaper) -> PaperWriter:
    assert writing.docx is not None, "a dialog without it offers no Word"
    return writing.docx

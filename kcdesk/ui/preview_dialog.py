"""A paper as it will be printed: look at it, send it to a printer, keep it as PDF or for Word, or print it blank."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QKeySequence, QPageLayout, QPainter, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kcdesk.errors import KcdeskError
from kcdesk.services import printing
from kcdesk.ui.context import Context
from kcdesk.ui.paper_pages import PaperPages
from kcdesk.ui.theme import FIELD_GAP, GROUP_GAP, labelled

_SCREEN_DPI = 88  # a page is then 728 pixels wide and fits beside the scroll bar at 1024
_ZOOMS = (66, 88, 120, 160)


class PreviewDialog(QDialog):
    """Shows the papers of one dossier; nothing is written but what the officer asks for."""

    def __init__(self, context: Context, record_id: str, parent: QWidget | None = None, paper: str = "") -> None:
        super().__init__(parent)
        self._context = context
        self._record_id = record_id
        self._first = paper  # the name of the paper that is shown first
        self._dpi = _SCREEN_DPI
        self._folder = tempfile.TemporaryDirectory(prefix="kcdesk-")
        self._pdf = Path(self._folder.name) / "preview.pdf"
        self.finished.connect(self._folder.cleanup)
        self.setWindowTitle("Xem trước khi in")
        self.resize(960, 700)
        self._papers = QComboBox()
        self._papers.setObjectName("preview.paper")
        self._blank = QCheckBox("Để trống, ghi tay")
        self._blank.setObjectName("preview.blank")
        self._note = labelled(role="muted", wrap=True)
        self._pages = PaperPages()
        self._lay_out()
        self._fill()
        self._show_paper()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(FIELD_GAP)
        bar.addWidget(self._papers)
        bar.addWidget(self._blank)
        bar.addWidget(self._note, 1)
        bar.addWidget(self._button("–", "preview.smaller", "Nhỏ hơn (Ctrl+-)", lambda: self._zoom(-1)))
        bar.addWidget(self._button("+", "preview.larger", "To hơn (Ctrl++)", lambda: self._zoom(1)))
        bar.addWidget(
            self._button("Lưu Word…", "preview.word", "Lưu thành tệp Word để sửa lời văn (Ctrl+W)", self.save_word)
        )
        bar.addWidget(self._button("Lưu PDF…", "preview.save", "Lưu thành tệp PDF (Ctrl+S)", self.save))
        print_button = self._button("In…", "preview.print", "Gửi ra máy in (Ctrl+P)", self.print)
        print_button.setProperty("role", "main")
        print_button.setDefault(True)
        bar.addWidget(print_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.addLayout(bar)
        column.addWidget(self._pages, 1)
        for keys, act in (("Ctrl+S", self.save), ("Ctrl+W", self.save_word), ("Ctrl+P", self.print)):
            QShortcut(QKeySequence(keys), self, act)
        QShortcut(QKeySequence.StandardKey.ZoomIn, self, lambda: self._zoom(1))
        QShortcut(QKeySequence.StandardKey.ZoomOut, self, lambda: self._zoom(-1))

    def _button(self, label: str, name: str, tip: str, act) -> QPushButton:
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
        self._papers.currentIndexChanged.connect(self._show_paper)
        self._blank.toggled.connect(self._show_paper)

    def _show_paper(self) -> None:
        self._blank.setEnabled(not self._papers.currentData().always_blank)
        if self._done(lambda: self._write(self._pdf)):
            self._draw()

    def _write(self, path: Path) -> None:
        workspace = self._context.workspace
        printing.print_record(workspace, self._record_id, self._paper(), path, blank=self._blank.isChecked())

    def _done(self, act: Callable[[], object]) -> bool:
        """Whether an act succeeded; what went wrong is said beside the buttons."""
        try:
            act()
        except KcdeskError as error:
            self._note.setText(error.sentence())
            return False
        return True

    def _draw(self) -> None:
        count = printing.page_count(self._pdf)
        mark = ", mẫu chưa đối chiếu" if self._papers.currentData().unverified else ""
        width, height = printing.page_size(self._pdf)
        lying = " nằm ngang" if width > height else ""
        self._note.setText(f"{count} trang, khổ A4{lying}{mark}")
        size = QSize(round(width * self._dpi), round(height * self._dpi))
        self._pages.show_pages(count, size, lambda page: printing.page_image(self._pdf, page, self._dpi))

    def _zoom(self, step: int) -> None:
        place = _ZOOMS.index(self._dpi) + step
        if 0 <= place < len(_ZOOMS):
            self._dpi = _ZOOMS[place]
            self._draw()

    def _paper(self) -> str:
        return self._papers.currentData().name

    def said(self) -> str:
        """What the dialog says beside its buttons."""
        return self._note.text()

    def save(self) -> None:
        """Write the paper that is shown as a PDF file of the officer's choice."""
        self._save(".pdf", "Tệp PDF (*.pdf)", self._write)

    def save_word(self) -> None:
        """Write the paper that is shown for Word, so that the office can adjust its wording."""
        self._save(".docx", "Tệp Word (*.docx)", self._write_word)

    def _write_word(self, path: Path) -> None:
        workspace = self._context.workspace
        printing.write_word(workspace, self._record_id, self._paper(), path, blank=self._blank.isChecked())

    def _file_name(self, suffix: str) -> str:
        workspace, blank = self._context.workspace, self._blank.isChecked()
        return printing.file_name(workspace, self._record_id, self._paper(), blank=blank, suffix=suffix)

    def _save(self, suffix: str, kind: str, write: Callable[[Path], object]) -> None:
        path = self._context.messages.save_file("Lưu văn bản", self._file_name(suffix), kind)
        if path is not None and self._done(lambda: write(path)):
            self._note.setText(f"Đã lưu {path.name}")

    def print(self) -> None:
        """Send the paper to a printer through the system's own dialog."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        width, height = printing.page_size(self._pdf)
        lying = QPageLayout.Orientation.Landscape if width > height else QPageLayout.Orientation.Portrait
        printer.setPageOrientation(lying)
        if QPrintDialog(printer, self).exec() == QDialog.DialogCode.Accepted:
            self.print_on(printer)

    def print_on(self, printer) -> None:
        """Draw every page on `printer`, each filling its sheet."""
        painter = QPainter()
        if not painter.begin(printer):
            self._note.setText("Không gửi được ra máy in. Hãy kiểm tra máy in rồi bấm In… lần nữa.")
            return
        for number in range(printing.page_count(self._pdf)):
            image = printing.page_image(self._pdf, number, printing.RENDER_DPI)
            if number:
                printer.newPage()
            paper = printer.paperRect(printer.Unit.DevicePixel)
            origin = printer.pageRect(printer.Unit.DevicePixel).topLeft()
            painter.drawImage(QRectF(paper.topLeft() - origin, paper.size()), QImage.fromData(image))
        painter.end()
        self._note.setText("Đã gửi ra máy in.")

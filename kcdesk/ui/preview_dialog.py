"""A paper as it will be printed: look at it, send it to a printer, keep it as PDF, or print it blank."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QKeySequence, QPainter, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kcdesk.errors import KcdeskError
from kcdesk.services import printing
from kcdesk.ui.context import Context
from kcdesk.ui.theme import FIELD_GAP, GROUP_GAP, labelled

_SCREEN_DPI = 88  # a page is then 728 pixels wide and fits beside the scroll bar at 1024
_ZOOMS = (66, 88, 120, 160)


class PreviewDialog(QDialog):
    """Shows the papers of one dossier; nothing is written but what the officer asks for."""

    def __init__(self, context: Context, record_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._record_id = record_id
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
        self._note = labelled(role="muted")
        self._pages = _Pages()
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
        bar.addWidget(self._button("Lưu PDF…", "preview.save", "Lưu thành tệp PDF (Ctrl+S)", self.save))
        print_button = self._button("In…", "preview.print", "Gửi ra máy in (Ctrl+P)", self.print)
        print_button.setProperty("role", "main")
        print_button.setDefault(True)
        bar.addWidget(print_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.addLayout(bar)
        column.addWidget(self._pages, 1)
        for keys, act in (("Ctrl+S", self.save), ("Ctrl+P", self.print)):
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
        record = self._context.workspace.store.record(self._record_id)
        for paper in printing.papers(self._context.workspace, record.kind):
            mark = " (mẫu chưa đối chiếu)" if paper.unverified else ""
            self._papers.addItem(paper.title + mark, paper.name)
        self._papers.currentIndexChanged.connect(self._show_paper)
        self._blank.toggled.connect(self._show_paper)

    def _show_paper(self) -> None:
        try:
            printing.print_record(
                self._context.workspace,
                self._record_id,
                self._paper(),
                self._pdf,
                blank=self._blank.isChecked(),
            )
        except KcdeskError as error:
            self._note.setText(error.sentence())
            return
        self._draw()

    def _draw(self) -> None:
        images = printing.page_images(self._pdf, self._dpi)
        self._note.setText(f"{len(images)} trang, khổ A4")
        self._pages.show_pages([QPixmap.fromImage(QImage.fromData(image)) for image in images])

    def _zoom(self, step: int) -> None:
        place = _ZOOMS.index(self._dpi) + step
        if 0 <= place < len(_ZOOMS):
            self._dpi = _ZOOMS[place]
            self._draw()

    def _paper(self) -> str:
        return self._papers.currentData()

    def said(self) -> str:
        """What the dialog says beside its buttons."""
        return self._note.text()

    def save(self) -> None:
        """Write the paper that is shown as a PDF file of the officer's choice."""
        blank = self._blank.isChecked()
        workspace = self._context.workspace
        name = printing.file_name(workspace, self._record_id, self._paper(), blank=blank)
        path = self._context.messages.save_file("Lưu văn bản", name, "Tệp PDF (*.pdf)")
        if path is None:
            return
        try:
            printing.print_record(workspace, self._record_id, self._paper(), path, blank=blank)
        except KcdeskError as error:
            self._note.setText(error.sentence())
        else:
            self._note.setText(f"Đã lưu {path.name}")

    def print(self) -> None:
        """Send the paper to a printer through the system's own dialog."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(printer, self).exec() == QDialog.DialogCode.Accepted:
            self.print_on(printer)

    def print_on(self, printer) -> None:
        """Draw every page on `printer`, each filling its sheet."""
        painter = QPainter()
        if not painter.begin(printer):
            self._note.setText("Không gửi được ra máy in. Hãy kiểm tra máy in rồi bấm In… lần nữa.")
            return
        for number, image in enumerate(printing.page_images(self._pdf, printing.RENDER_DPI)):
            if number:
                printer.newPage()
            paper = printer.paperRect(printer.Unit.DevicePixel)
            origin = printer.pageRect(printer.Unit.DevicePixel).topLeft()
            painter.drawImage(QRectF(paper.topLeft() - origin, paper.size()), QImage.fromData(image))
        painter.end()
        self._note.setText("Đã gửi ra máy in.")


class _Pages(QScrollArea):
    """Pages under one another on a grey ground."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("preview.pages")
        self.setWidgetResizable(True)
        self.setAccessibleName("Các trang của văn bản")

    def show_pages(self, pages: list[QPixmap]) -> None:
        """Show these pages and stay where the reader was."""
        place = self.verticalScrollBar().value()
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setSpacing(GROUP_GAP)
        for page in pages:
            sheet = QLabel()
            sheet.setPixmap(page)
            column.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setWidget(ground)
        self.verticalScrollBar().setValue(place)

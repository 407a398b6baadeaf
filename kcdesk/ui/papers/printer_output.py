"""The pages of a paper on a printer."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from kcdesk.errors import UserError
from kcdesk.progress import Progress
from kcdesk.services.papers import printing
from kcdesk.ui.shell.dialog import is_accepted
from kcdesk.ui.shell.worker import Stopped

_PRINTS_TO_FILE = sys.platform != "win32"  # Qt's own dialog of other systems offers a file as printer


def asked_printer(parent: QWidget, copies: int, size: tuple[float, float]) -> QPrinter | None:
    """Let the officer choose a printer in the system's own dialog; None if nothing shall be printed.

    UserError `no_printer` on a system whose dialog closes without a word when there is no printer.
    """
    if not (_PRINTS_TO_FILE or QPrinterInfo.availablePrinterNames()):
        raise UserError(
            "Máy này chưa cài máy in nào.",
            code="no_printer",
            hint="Hãy lưu PDF rồi in ở máy có máy in, hoặc cài máy in trong Windows.",
        )
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setCopyCount(copies)
    width, height = size
    lying = QPageLayout.Orientation.Landscape if width > height else QPageLayout.Orientation.Portrait
    printer.setPageOrientation(lying)
    return printer if is_accepted(QPrintDialog(printer, parent)) else None


def print_pages(pdf: Path, count: int, printer: QPrinter, progress: Progress) -> None:
    """Draw the pages; runs in any thread, because Qt allows painting on a printer outside the main thread."""
    painter = QPainter()
    if not painter.begin(printer):
        raise UserError("Không gửi được ra máy in.", code="no_printer", hint="Hãy kiểm tra máy in rồi bấm In… lần nữa.")
    try:
        for number in range(count):
            progress(number, count, f"Đang gửi trang {number + 1}/{count} ra máy in")
            image = printing.page_image(pdf, number, printing.RENDER_DPI)
            if number:
                printer.newPage()
            paper = printer.paperRect(printer.Unit.DevicePixel)
            origin = printer.pageRect(printer.Unit.DevicePixel).topLeft()
            painter.drawImage(QRectF(paper.topLeft() - origin, paper.size()), QImage.fromData(image))
    except Stopped:
        printer.abort()
        raise
    finally:
        painter.end()

"""The preview of a paper: what is shown is what is printed, saved, or printed blank."""

from __future__ import annotations

import pypdfium2
import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QCheckBox, QScrollArea

from kcdesk.services import practice, records
from kcdesk.ui.preview_dialog import PreviewDialog


@pytest.fixture
def dialog(qtbot, context):
    """The preview of a visit in the making."""
    workspace = context.workspace
    proposal = practice.propose(workspace, practice.register(workspace))
    made = records.add(workspace, "acceptance", {"proposal": proposal, "work_done": "Đã làm xong phần móng"})
    dialog = PreviewDialog(context, made.items[0].id)
    qtbot.addWidget(dialog)
    dialog.show()
    yield dialog
    dialog.close()


def text_of(path) -> str:
    paper = pypdfium2.PdfDocument(path)
    text = " ".join(page.get_textpage().get_text_bounded() for page in paper)
    paper.close()
    return " ".join(text.split())


def test_every_page_is_shown(dialog):
    pages = dialog.findChild(QScrollArea, "preview.pages").widget().children()
    assert len(pages) - 1 >= 3  # one of the children is the layout


def test_a_saved_paper_holds_the_answers_and_a_blank_one_does_not(dialog, messages, tmp_path):
    messages.files.extend([tmp_path / "filled.pdf", tmp_path / "blank.pdf"])
    dialog.save()
    dialog.findChild(QCheckBox, "preview.blank").click()
    dialog.save()
    assert "Đã làm xong phần móng" in text_of(tmp_path / "filled.pdf")
    assert "Đã làm xong phần móng" not in text_of(tmp_path / "blank.pdf")
    assert "Hỗ trợ ứng dụng máy móc" in text_of(tmp_path / "blank.pdf")  # what the dossier says stays


def test_a_paper_goes_to_the_printer_page_by_page(dialog, tmp_path):
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    dialog.print_on(printer)
    printed = pypdfium2.PdfDocument(tmp_path / "printed.pdf")
    assert len(printed) >= 3
    width, height = printed[0].get_size()
    assert (round(width), round(height)) == (595, 842)
    printed.close()


def test_a_printer_that_is_not_there_is_said_in_words(dialog, tmp_path):
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "no folder" / "printed.pdf"))
    dialog.print_on(printer)
    assert "Không gửi được ra máy in" in dialog.said()

"""The preview of a paper: what is shown is what is printed, saved, or printed blank."""

from __future__ import annotations

from base64 import b64decode

import docx
import pypdfium2
import pytest
from PySide6.QtCore import QSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QCheckBox, QComboBox, QScrollArea

from kcdesk.services import practice, records
from kcdesk.ui.paper_pages import PaperPages
from kcdesk.ui.preview_dialog import PreviewDialog

PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


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


def choose(dialog, name):
    """Show another paper."""
    papers = dialog.findChild(QComboBox, "preview.paper")
    place = next(at for at in range(papers.count()) if papers.itemData(at).name == name)
    papers.setCurrentIndex(place)


def test_the_papers_are_those_that_the_dossier_has(dialog):
    papers = dialog.findChild(QComboBox, "preview.paper")
    names = [papers.itemData(at).name for at in range(papers.count())]
    assert names[0] == "minutes_5a"
    assert "handover_list" in names
    assert not {"supplement_letter", "remedy_record"} & set(names)  # nothing is missing, nothing was put right


def test_a_sheet_to_write_on_has_no_filled_form(dialog):
    blank = dialog.findChild(QCheckBox, "preview.blank")
    choose(dialog, "blank_checklist")
    assert not blank.isEnabled()
    choose(dialog, "minutes_5a")
    assert blank.isEnabled()


def test_the_count_of_pages_and_a_model_that_nobody_has_seen_are_said(dialog):
    choose(dialog, "labels")
    assert dialog.said() == "1 trang, khổ A4, mẫu chưa đối chiếu"


def test_a_paper_is_saved_for_word(dialog, messages, tmp_path):
    messages.files.extend([tmp_path / "a.docx", tmp_path / "no folder" / "a.docx"])
    dialog.save_word()
    assert dialog.said() == "Đã lưu a.docx"
    assert any("Đã làm xong phần móng" in paragraph.text for paragraph in docx.Document(tmp_path / "a.docx").paragraphs)
    dialog.save_word()
    assert "Hãy kiểm tra thư mục" in dialog.said()


def test_only_pages_near_the_eye_are_held(qtbot):
    asked = []

    def picture(page):
        asked.append(page)
        return PIXEL

    pages = PaperPages()
    qtbot.addWidget(pages)
    pages.resize(400, 300)
    pages.show()
    pages.show_pages(100, QSize(300, 400), picture)
    assert pages.drawn() == [0, 1]
    pages.verticalScrollBar().setValue(pages.verticalScrollBar().maximum())
    assert pages.drawn()[-1] == 99
    assert 0 not in pages.drawn()
    assert len(set(asked)) < 10


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

"""The preview of a paper: what is shown is what is printed, saved, or printed blank."""

from __future__ import annotations

import tempfile
from base64 import b64decode
from contextlib import closing
from io import BytesIO

import docx
import pypdfium2
import pytest
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QScrollArea

from kcdesk.demo import journey
from kcdesk.errors import KnownError
from kcdesk.services.attachments import photos
from kcdesk.services.papers import locked_papers, printing
from kcdesk.services.records import changing
from kcdesk.temporary import private_files
from kcdesk.text import format_date
from kcdesk.ui.papers.paper_pages import PaperPages
from kcdesk.ui.papers.preview_dialog import PreviewDialog
from kcdesk.ui.papers.several_dialog import SeveralDialog
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.shell.progress_line import ProgressLine
from tests.ui.form_support import press

PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


@pytest.fixture
def visit(context):
    """A visit in the making."""
    workspace = context.workspace
    proposal = journey.propose(workspace, journey.register(workspace))
    made = changing.add(workspace, "acceptance", {"proposal": proposal, "work_done": "Đã làm xong phần móng"})
    return made.items[0].id


@pytest.fixture
def dialog(qtbot, context, visit):
    """The preview of its minutes."""
    dialog = PreviewDialog(context, visit)
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


def test_a_dossier_without_a_paper_offers_nothing_to_do_with_one(qtbot, context):
    made = changing.add(context.workspace, "beneficiary", {"name": "Cơ sở Mẫu"})
    dialog = PreviewDialog(context, made.items[0].id)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.status_text() == "Hồ sơ này chưa có giấy nào để in."
    assert [
        button.text() for button in dialog.findChildren(QPushButton) if button.isEnabled() and button.isVisible()
    ] == []
    copies = dialog.findChild(QLineEdit, "preview.copies")
    copies.setText("3")
    copies.editingFinished.emit()
    dialog.close()


def test_a_page_becomes_larger_and_smaller_as_far_as_it_goes(qtbot, dialog):
    smaller, larger = (dialog.findChild(QPushButton, f"preview.{name}") for name in ("smaller", "larger"))
    for button, other in ((larger, smaller), (smaller, larger)):
        for _press in range(10):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert (button.isEnabled(), other.isEnabled()) == (False, True)


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
    assert dialog.status_text() == "1 trang, khổ A4, mẫu chưa đối chiếu"


def test_a_paper_is_saved_for_word(dialog, messages, tmp_path):
    messages.files.extend([tmp_path / "a.docx", tmp_path / "no folder" / "a.docx"])
    dialog.save_word()
    assert dialog.status_text() == "Đã lưu a.docx"
    assert any("Đã làm xong phần móng" in paragraph.text for paragraph in docx.Document(tmp_path / "a.docx").paragraphs)
    dialog.save_word()
    assert "hãy cắm lại hoặc chọn nơi khác" in dialog.status_text()


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
    assert "Không gửi được ra máy in" in dialog.status_text()


# -- copies, and papers that take their time ---------------------------


def photographed(context, id_, number):
    """The preview of the annex of a visit, with so many photos."""
    pictures = []
    for shade in range(number):
        buffer = BytesIO()
        Image.new("RGB", (320, 240), (shade * 3 % 256, 90, 160)).save(buffer, "JPEG")
        pictures.append(buffer.getvalue())
    photos.add_photos(context.workspace, id_, "photos", pictures, lambda *_: None)
    return PreviewDialog(context, id_, paper="photo_annex")


@pytest.fixture
def annex(context, visit, qtbot, tmp_path, monkeypatch):
    """The preview of an annex of twenty photos, just asked for."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    annex = photographed(context, visit, 20)
    qtbot.addWidget(annex)
    annex.show()
    yield annex
    annex.close()
    context.worker.close()


def idle(dialog):
    return not dialog.findChild(ProgressLine).busy


def test_an_annex_of_many_photos_is_made_in_the_background(annex, qtbot, messages, tmp_path):
    assert not idle(annex)
    assert not annex.findChild(QComboBox, "preview.paper").isEnabled()
    qtbot.waitUntil(lambda: idle(annex), timeout=20_000)
    assert annex.status_text().startswith("10 trang, khổ A4")
    messages.files.append(tmp_path / "annex.docx")
    annex.save_word()
    qtbot.waitUntil(lambda: idle(annex), timeout=20_000)
    assert annex.status_text() == "Đã lưu annex.docx"
    assert len(docx.Document(tmp_path / "annex.docx").inline_shapes) == 20


def test_what_takes_its_time_can_be_stopped_and_begun_again(annex, qtbot):
    annex.findChild(ProgressLine).button.click()
    qtbot.waitUntil(lambda: idle(annex), timeout=20_000)
    assert annex.status_text() == "Đã dừng."
    assert annex.findChild(QComboBox, "preview.paper").isEnabled()
    annex.save()  # there is nothing to keep, and the officer is not asked for a name
    choose(annex, "photo_annex_four")
    qtbot.waitUntil(lambda: idle(annex), timeout=20_000)
    assert annex.status_text().startswith("5 trang")


def test_closing_stops_what_is_under_way(context, visit, qtbot):
    before = set(private_files.place().iterdir())
    annex = photographed(context, visit, 20)
    qtbot.addWidget(annex)
    annex.show()
    (folder,) = set(private_files.place().iterdir()) - before
    annex.close()
    qtbot.waitUntil(lambda: idle(annex), timeout=20_000)
    assert not folder.exists()
    context.worker.close()


def test_many_pages_go_to_the_printer_in_the_background(annex, qtbot, tmp_path):
    qtbot.waitUntil(lambda: idle(annex), timeout=20_000)
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    annex.print_on(printer)
    assert not idle(annex)
    qtbot.waitUntil(lambda: idle(annex), timeout=20_000)
    assert annex.status_text() == "Đã gửi ra máy in."
    with closing(pypdfium2.PdfDocument(tmp_path / "printed.pdf")) as printed:
        assert len(printed) == 10


def test_the_number_of_copies_is_asked_and_stands_in_the_closing_sentence(dialog, context, visit, messages, tmp_path):
    copies = dialog.findChild(QLineEdit, "preview.copies")
    assert copies.isVisible()
    copies.setText("5")
    copies.editingFinished.emit()
    messages.files.append(tmp_path / "a.pdf")
    dialog.save()
    assert "được lập thành 05 bản" in text_of(tmp_path / "a.pdf")
    assert context.workspace.store.record(visit).value("copies") == 5
    choose(dialog, "labels")
    assert not copies.isVisible()


# -- earlier revisions, several records --------------------------------------------------------------------------------


def revise(workspace, id_, words):
    """Close a record and open its next revision with other words."""
    with workspace.store.act("Chốt") as act:
        act.update(id_, {"state": "final"})
        locked_papers.fix_papers(workspace, act, id_)
    revision = workspace.store.record(id_).revision + 1
    with workspace.store.act("Sửa thành bản mới") as act:
        act.update(id_, {"state": "draft", "revision": revision, "work_done": words})


def test_an_earlier_revision_is_chosen_by_its_number_and_day(qtbot, context, visit, messages, tmp_path):
    revise(context.workspace, visit, "Đã làm xong cả nhà xưởng")
    dialog = PreviewDialog(context, visit)
    qtbot.addWidget(dialog)
    dialog.show()
    chooser = dialog.findChild(QComboBox, "preview.revision")
    today = format_date(context.workspace.today())
    assert [chooser.itemText(place) for place in range(chooser.count())] == ["Bản hiện nay", f"Bản 1 (ngày {today})"]
    messages.files.extend([tmp_path / "now.pdf", tmp_path / "first.pdf"])
    dialog.save()
    chooser.setCurrentIndex(1)
    dialog.save()
    assert "Đã làm xong cả nhà xưởng" in text_of(tmp_path / "now.pdf")
    assert "Đã làm xong phần móng" in text_of(tmp_path / "first.pdf")
    dialog.close()


def test_another_paper_is_shown_as_it_is_now(qtbot, context, visit):
    """The box of revisions goes back to «Bản hiện nay» with the paper, and so does the sheet, which can be blank."""
    revise(context.workspace, visit, "Đã làm xong cả nhà xưởng")
    dialog = PreviewDialog(context, visit)
    qtbot.addWidget(dialog)
    dialog.show()
    papers, revisions = (dialog.findChild(QComboBox, f"preview.{name}") for name in ("paper", "revision"))
    blank = dialog.findChild(QCheckBox, "preview.blank")
    others = [place for place in range(1, papers.count()) if not papers.itemData(place).always_blank]
    papers.setCurrentIndex(others[0])
    sheet = blank.isEnabled(), dialog.status_text()
    papers.setCurrentIndex(0)
    revisions.setCurrentIndex(1)
    assert not blank.isEnabled()
    papers.setCurrentIndex(others[0])
    assert revisions.currentIndex() == 0
    assert (blank.isEnabled(), dialog.status_text()) == sheet
    dialog.close()


def test_without_an_earlier_revision_there_is_nothing_to_choose(dialog):
    assert dialog.findChild(QComboBox, "preview.revision").isHidden()


def several(context, visit, count):
    """The visit and further ones like it."""
    workspace = context.workspace
    values = {"proposal": workspace.store.record(visit).value("proposal")}
    more = [changing.add(workspace, "acceptance", {**values, "number": f"{n:02d}/BB"}) for n in range(1, count)]
    return [visit, *(made.items[0].id for made in more)]


def test_one_paper_of_several_records_becomes_one_file(qtbot, context, visit, messages, tmp_path):
    ids = several(context, visit, 5)
    written = (printing.print_record(context.workspace, id_, "minutes_5a", tmp_path / "one.pdf") for id_ in ids)
    pages = sum(paper["pages"] for paper in written)
    dialog = SeveralDialog(context, ids)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: "trang" in dialog.status_text(), timeout=20_000)
    assert dialog.status_text().startswith(f"{pages} trang")
    messages.files.append(tmp_path / "all.pdf")
    dialog.save()
    qtbot.waitUntil(lambda: "Đã lưu" in dialog.status_text(), timeout=20_000)
    saved = text_of(tmp_path / "all.pdf")
    assert all(f"{number:02d}/BB" in saved for number in range(1, 5))
    dialog.close()


def test_printing_several_records_can_be_stopped(qtbot, context, visit):
    dialog = SeveralDialog(context, several(context, visit, 30))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.findChild(ProgressLine).button.click()
    qtbot.waitUntil(lambda: dialog.status_text() == "Đã dừng.", timeout=20_000)
    dialog.close()


def test_a_paper_that_could_not_be_made_is_made_again(qtbot, context, messages, tmp_path):
    """Nothing can be saved, printed or zoomed meanwhile: a button that does nothing would be pressed in vain."""
    disk = {"full": True}

    def write(path):
        if disk["full"]:
            raise KnownError("Ổ đĩa đầy.", code="disk_full", hint="Hãy dọn bớt ổ đĩa.")
        Image.new("RGB", (210, 297)).save(path, "PDF")

    dialog = SheetDialog(context, "", write, "Sổ tay mẫu")
    qtbot.addWidget(dialog)
    dialog.show()
    acts = [dialog.findChild(QPushButton, f"preview.{name}") for name in ("save", "print", "smaller", "larger")]
    again = dialog.findChild(QPushButton, "preview.again")
    refused = dialog.status_text()
    assert refused.startswith("Ổ đĩa đầy. Hãy dọn bớt ổ đĩa.")
    assert [act.isEnabled() for act in acts] == [False] * 4
    again.click()
    assert dialog.status_text() == f"Đã thử lại, vẫn chưa được. {refused}"
    disk["full"] = False
    press(dialog, "Return")
    assert [act.isEnabled() for act in acts] == [True] * 4
    assert not again.isVisible()
    messages.files.append(tmp_path / "saved.pdf")
    acts[0].click()
    assert (tmp_path / "saved.pdf").exists()
    dialog.close()

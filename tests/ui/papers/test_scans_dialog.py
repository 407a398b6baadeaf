"""«Nhận bản ký»: a scan is read in the background, told what it is, and kept with its dossier."""

import shutil

import pytest
from PIL import Image
from pypdfium2 import PdfDocument
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from kcdesk.services.lifecycle import steps
from kcdesk.services.maintenance import opening
from kcdesk.services.papers import printing
from kcdesk.services.records import changing
from kcdesk.ui.papers.scan_dialog import ScanDialog
from kcdesk.ui.visits.visit_page import VisitPage


@pytest.fixture(scope="module")
def played(journey):
    """The practice journey: a store with a final acceptance, and its minutes."""
    return journey


@pytest.fixture
def workspace(played, tmp_path):
    workspace = opening.open_workspace(shutil.copytree(played.store, tmp_path / "store"))
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def scan(played, tmp_path_factory):
    """The minutes as a scanner gives them."""
    path = tmp_path_factory.mktemp("scan") / "ban-ky.pdf"
    with PdfDocument(played.minutes) as opened:
        pages = [page.render(scale=200 / 72).to_pil().convert("L") for page in opened]
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=200)
    return path


@pytest.fixture
def page(qtbot, context, played):
    page = VisitPage(context, played.acceptance)
    qtbot.addWidget(page)
    context.changed.connect(page.refresh)
    return page


@pytest.fixture
def dialog(qtbot, page):
    dialog = page.scan_dialog()
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    return dialog


def read(qtbot, dialog, *files):
    dialog.read(list(files))
    qtbot.waitUntil(lambda: not dialog.parentWidget().context.worker.busy, timeout=20_000)
    QApplication.processEvents()


def kept(page):
    return page.context.workspace.store.record(page.record_id).value("signed_papers") or []


def test_the_command_stands_in_the_dossier(page):
    assert page.commands()["receive_signed"].label == "Nhận bản ký…"


def test_nothing_can_be_kept_before_a_scan_was_read(dialog):
    assert not dialog.keep_button.isEnabled()
    assert dialog.verdict.text() == ""


def test_the_current_version_is_told_and_kept(qtbot, dialog, page, scan, messages):
    messages.open_files = lambda *_words, **_more: [scan]
    qtbot.mouseClick(dialog.choose_button, Qt.MouseButton.LeftButton)
    assert dialog.progress.isVisible()
    qtbot.waitUntil(lambda: not page.context.worker.busy, timeout=20_000)
    QApplication.processEvents()
    assert "đúng bản hiện hành" in dialog.verdict.text()
    assert dialog.verdict.property("tone") == "good"
    qtbot.mouseClick(dialog.keep_button, Qt.MouseButton.LeftButton)
    assert [file["name"] for file in kept(page)] == ["ban-ky.pdf"]
    assert kept(page)[0]["document"] == "minutes_5a"
    assert dialog.result() == ScanDialog.DialogCode.Accepted
    assert "Đã nhận bản ký." in messages.said


def test_an_older_version_is_kept_as_such(qtbot, dialog, page, scan, workspace):
    steps.take_step(workspace, page.record_id, "correct", reason="Sửa sai sót")
    read(qtbot, dialog, scan)
    assert dialog.verdict.property("tone") == "waiting"
    assert dialog.keep_button.text() == "Giữ làm bản cũ"


def test_a_paper_without_a_code_is_refused_until_its_code_is_typed(qtbot, dialog, page, tmp_path, workspace):
    photo = tmp_path / "mo.png"
    Image.new("L", (800, 1100), 240).save(photo)
    read(qtbot, dialog, photo)
    assert "Không đọc được mã QR" in dialog.verdict.text()
    assert not dialog.keep_button.isEnabled()
    pdf = tmp_path / "in.pdf"
    printing.print_record(workspace, page.record_id, "minutes_5a", pdf)
    with PdfDocument(pdf) as opened:
        line = opened[0].get_textpage().get_text_bounded().partition("Mã giấy ")[2]
    dialog.code.setText(line.split()[0])
    qtbot.keyClick(dialog.code, Qt.Key.Key_Return)
    assert "đúng bản hiện hành" in dialog.verdict.text()
    qtbot.mouseClick(dialog.keep_button, Qt.MouseButton.LeftButton)
    assert [file["name"] for file in kept(page)] == ["mo.png"]


def test_enter_chooses_the_scan_until_there_is_one_to_keep(qtbot, dialog, scan):
    assert dialog.choose_button.isDefault()
    read(qtbot, dialog, scan)
    assert dialog.keep_button.isEnabled()
    assert dialog.keep_button.isDefault()


def test_a_typed_code_alone_asks_for_the_scan(qtbot, dialog, page):
    find = dialog.findChild(QPushButton, "scans.look_up")
    assert not find.isEnabled()
    dialog.code.setText(f"{page.record_id.replace('-', '')[-8:]}-1")
    qtbot.keyClick(dialog.code, Qt.Key.Key_Return)
    assert dialog.note.text() == "Hãy chọn cả bản quét để giữ."
    assert not dialog.keep_button.isEnabled()
    assert find.isEnabled()


def test_what_is_no_scan_and_no_code_is_said(qtbot, dialog, tmp_path):
    path = tmp_path / "hong.pdf"
    path.write_bytes(b"no pdf")
    read(qtbot, dialog, path)
    assert dialog.verdict.text()
    assert dialog.verdict.property("tone") == "wrong"
    dialog.code.setText("???")
    dialog.look_up()
    assert dialog.verdict.property("tone") == "wrong"


def test_a_scan_that_is_there_already_is_refused_in_the_dialog(qtbot, page, dialog, scan):
    read(qtbot, dialog, scan)
    dialog.keep()
    again = page.scan_dialog()
    read(qtbot, again, scan)
    again.keep()
    assert "đã có trong hồ sơ" in again.verdict.text()
    assert len(kept(page)) == 1


def test_a_scan_of_another_dossier_is_told(qtbot, context, workspace, scan):
    proposal = changing.add(workspace, "proposal", {"title": "Đề án mẫu"}).items[0].id
    other = changing.add(workspace, "acceptance", {"proposal": proposal, "site": "Xưởng khác"}).items[0].id
    page = VisitPage(context, other)
    qtbot.addWidget(page)
    dialog = page.scan_dialog()
    read(qtbot, dialog, scan)
    assert "không thuộc hồ sơ đang mở" in dialog.note.text()
    assert dialog.keep_button.isEnabled()


def test_closing_stops_the_reading(qtbot, dialog, page, scan):
    dialog.read([scan])
    dialog.reject()
    qtbot.waitUntil(lambda: not page.context.worker.busy, timeout=20_000)
    assert kept(page) == []

"""«Đọc phiếu ghi tay»: a photographed sheet is read, looked through by keys, taken in one act and taken back."""

import random
import shutil

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from kcdesk.documents.paper_codes import read_qr
from kcdesk.documents.pdf.pdf_writer import placed_pdf
from kcdesk.documents.ticked import page_finding
from kcdesk.services.lifecycle import steps
from kcdesk.services.maintenance import opening
from kcdesk.services.papers import printing
from kcdesk.services.papers.ticked.asked_answers import asked_answers
from kcdesk.services.papers.ticked.printed_sheets import printed_sheet
from kcdesk.services.records import changing
from kcdesk.ui.visits.visit_page import VisitPage
from tests.documents import ticked_sheets
from tests.ui.form_support import press, wheel


@pytest.fixture
def workspace(journey, tmp_path):
    workspace = opening.open_workspace(shutil.copytree(journey.store, tmp_path / "store"))
    yield workspace
    workspace.close()


@pytest.fixture
def acceptance(workspace, journey):
    """The acceptance, open again, its checklist empty."""
    steps.take_step(workspace, journey.acceptance, "correct", reason="Sửa sai sót")
    rows = workspace.store.record(journey.acceptance).rows("checklist")
    names = ("result", "paper_form", "finding")
    changing.save(
        workspace, journey.acceptance, {f"checklist/{row['id']}/{name}": None for row in rows for name in names}
    )
    return journey.acceptance


@pytest.fixture
def photo(workspace, acceptance, tmp_path):
    """The first page with one clear tick, one line ticked twice, and writing by hand; and the paths of the three."""
    pdf, chance = tmp_path / "sheet.pdf", random.Random(4)
    printing.print_record(workspace, acceptance, "blank_checklist", pdf)
    page = ticked_sheets.rendered(pdf.read_bytes())[0]
    code = read_qr(page_finding.seen_codes(page.convert("L"))[0].text)
    printed = printed_sheet(workspace, code)
    asked, places = asked_answers(printed, workspace.store.record(acceptance)), placed_pdf(printed.document)[1]
    sure, twice = [answer for answer in asked if answer.path.endswith("/result")][:2]
    for answer, count in ((sure, 1), (twice, 2)):
        for key in list(answer.boxes)[:count]:
            ticked_sheets.tick(page, places[key], "cross", chance)
    written = next(answer for answer in asked if answer.path.endswith("/finding"))
    place = places[written.pieces[0]]
    wave = [(place.left + 2 + 3 * step, place.top + place.height * (0.3 + 0.4 * (step % 2))) for step in range(6)]
    pen = (wave, (20, 30, 90), 0.5)
    ticked_sheets.draw(page, [(x * ticked_sheets.MM, y * ticked_sheets.MM) for x, y in pen[0]], pen[1], 4)
    path = tmp_path / "phiếu.jpg"
    path.write_bytes(ticked_sheets.jpeg(ticked_sheets.photographed(page, chance, turn=2, noise=6)))
    return path, sure.path, twice.path, written.path


@pytest.fixture
def dialog(qtbot, context, acceptance):
    page = VisitPage(context, acceptance)
    qtbot.addWidget(page)
    context.changed.connect(page.refresh)
    dialog = page.sheet_dialog()
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    return dialog


def test_a_sheet_is_read_and_taken_by_keys_in_one_act(qtbot, dialog, workspace, acceptance, photo, messages):
    path, sure, twice, written = photo
    assert dialog.every.isHidden()
    assert not dialog.take_button.isEnabled()
    messages.files.append(path)
    press(dialog, "Space")  # the keyboard begins on the button that chooses the pictures
    qtbot.waitUntil(lambda: bool(dialog.lines), timeout=20_000)
    QApplication.processEvents()
    lines = {line.answer.path: line for line in dialog.lines}
    assert dialog.every.isVisible()
    assert QApplication.focusWidget() is next(line.input for line in dialog.lines if line.needs_look)
    assert lines[sure].input.currentText() == "Đạt"
    assert lines[sure].input.accessibleName().endswith(" – Kết quả")
    assert lines[twice].taken() == ""
    wheel(lines[sure].input)
    assert lines[sure].input.currentText() == "Đạt", "the wheel scrolls; it takes no other answer"
    lines[written].input.setFocus()
    press(dialog, "A")
    press(dialog, "Return")
    assert dialog.isVisible(), "Enter goes on to the next answer"
    assert isinstance(QApplication.focusWidget(), QComboBox | QLineEdit)
    assert QApplication.focusWidget() is not lines[written].input
    assert dialog.take_button.text() == "Nhận 2 câu trả lời"
    press(dialog, "Ctrl+Return")
    record = workspace.store.record(acceptance)
    assert (record.value(sure), record.value(twice), record.value(written)) == ("pass", None, "a")
    assert messages.said[-1] == "Đã nhận 2 câu trả lời từ phiếu ghi tay."
    changing.undo(workspace)
    record = workspace.store.record(acceptance)
    assert (record.value(sure), record.value(written)) == (None, None)

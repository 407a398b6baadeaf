"""A code that a reader types as a keyboard destroys nothing, wherever the keyboard is, and is offered."""

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from kcdesk.documents.paper_codes import PaperCode
from kcdesk.services.records import changing
from kcdesk.ui.dossier.personal.card_dialog import CardDialog
from tests.examples import one_of
from tests.services import samples
from tests.ui.dossier.test_card_dialog import CARD, scan
from tests.ui.form_support import type_text


@pytest.fixture
def unit(workspace):
    return changing.add(workspace, "beneficiary", {"name": "Cơ sở Mẫu", "note": "Dòng một"}).items[0].id


@pytest.fixture
def window(open_window, workspace, unit):
    window = open_window(workspace)
    window.open_record(unit)
    return window


@pytest.fixture
def offered(monkeypatch):
    """What the dialogs of cards show when they open; they are closed at once."""
    seen = []

    def look(dialog):
        seen.append([dialog.lines.item(row).text() for row in range(dialog.lines.count())])

    monkeypatch.setattr(CardDialog, "exec", look)
    return seen


@pytest.mark.parametrize("path", one_of(2, ["name", "tax_code", "note", "phone", "birth_year"]))
def test_a_card_in_any_field_leaves_it_as_it_was_and_is_offered(qtbot, window, workspace, unit, offered, path):
    page = window.page
    before = dict(workspace.store.get(unit).data)
    page.form.focus_path(path)
    scan(CARD)
    qtbot.waitUntil(lambda: bool(offered))
    assert "Người đại diện: Nguyễn Thị Mẫu" in offered[0]
    page.on_leave()
    assert workspace.store.get(unit).data == before


def test_what_was_typed_before_and_what_was_saved_meanwhile_stay(qtbot, window, workspace, unit, offered):
    page = window.page
    page.form.focus_path("name")
    line = QApplication.focusWidget()
    line.setCursorPosition(len(line.text()))
    type_text(" Hai 5")
    page.on_leave()
    type_text(CARD[:6])
    page.on_leave()  # a slow reader: the pause before saving is over
    assert workspace.store.get(unit).data["name"] == f"Cơ sở Mẫu Hai 5{CARD[:6]}"
    scan(CARD[6:])
    qtbot.waitUntil(lambda: bool(offered))
    assert workspace.store.get(unit).data["name"] == "Cơ sở Mẫu Hai 5"
    assert page.form.editor("name").input.text() == "Cơ sở Mẫu Hai 5"


def test_what_only_begins_like_a_card_is_typed_after_all(window, workspace, unit, offered):
    window.page.form.focus_path("note")
    scan("012345678901|kg")
    window.page.on_leave()
    assert "012345678901|kg" in workspace.store.get(unit).data["note"]
    assert offered == []


def test_a_page_without_place_says_so(window, offered):
    window.go("overview")
    window.global_search.pop_up()
    scan(CARD)
    assert window.global_search.isHidden()
    assert "Máy quét vừa đọc mã thẻ căn cước" in window.context.messages.said[-1]
    assert offered == []
    assert all(CARD[:12] not in line.text() for line in window.findChildren(QLineEdit))


def test_the_code_of_a_paper_opens_its_dossier_from_any_field(qtbot, window, workspace):
    proposal = samples.proposal(workspace)
    window.page.form.focus_path("name")
    scan(PaperCode("proposal", proposal, 1, "0" * 16, "0" * 8).qr)
    qtbot.waitUntil(lambda: window.page.record_id == proposal)
    scan(PaperCode("proposal", "11111111-1111-1111-1111-111111111111", 1, "0" * 16, "0" * 8).qr)
    assert "không có trong kho" in window.context.messages.said[-1]


def test_answers_and_cells_under_the_keyboard_are_not_touched(qtbot, window, workspace, offered):
    proposal = samples.approved(workspace)
    visit = samples.begin(workspace, proposal, "acceptance")
    window.open_record(visit)
    page = window.page
    rows = workspace.store.record(visit).rows("checklist")
    answers = {f"checklist/{rows[0]['id']}/result": "pass", f"checklist/{rows[1]['id']}/result": "fail"}
    page.refresh(changing.set_values(workspace, visit, answers), None)
    before = dict(workspace.store.get(visit).data)
    page.form.focus_path(f"checklist/{rows[0]['id']}")
    scan(CARD)
    qtbot.waitUntil(lambda: len(offered) == 1)
    page.on_leave()
    assert workspace.store.get(visit).data == before
    machine = workspace.store.record(visit).rows("machines")[0]["id"]
    for column in ("name", "quantity", "serial_number"):
        page.form.focus_path(f"machines/{machine}/{column}")
        scan(CARD)
        page.on_leave()
        assert workspace.store.get(visit).data == before, column
    assert "Thành phần tham gia: Nguyễn Thị Mẫu" in offered[-1]


def test_a_field_of_another_window_is_not_watched(window, open_window, province, workspace):
    window.context.worker.close()
    window.close()
    workspace.close()
    other = open_window(province)
    other.go("beneficiary")
    search = next(box for box in other.findChildren(QLineEdit) if box.isVisible())
    search.setFocus()
    type_text("0123")  # the guard of the first window would ask its closed store
    assert search.text() == "0123"

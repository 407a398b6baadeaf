"""Machines on site: one card at a time, by keyboard, the same record as the grid at the desk."""

import pytest
from PySide6.QtCore import Qt

from kcdesk.services.records import changing
from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.visits.visit_page import VisitPage
from tests.ui.form_support import press, type_text

MACHINES = [
    {"name": "Máy sao", "contracted_quantity": "2", "contracted_value": "570000000"},
    {"name": "Máy sấy", "serial_number": "SN-1"},
]


@pytest.fixture
def acceptance(workspace):
    proposal = changing.add(workspace, "proposal", {"title": "Đề án mẫu", "activity": "machinery"}).items[0].id
    return changing.add(workspace, "acceptance", {"proposal": proposal, "machines": MACHINES}).items[0].id


@pytest.fixture
def page(qtbot, context, acceptance):
    page = VisitPage(context, acceptance)
    qtbot.addWidget(page)
    context.changed.connect(page.refresh)
    page.resize(1024, 680)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.enter_field_mode()
    page.field_page.show_step("machines")
    return page


@pytest.fixture
def cards(page):
    return page.form.editor("machines").cards


def rows(page):
    return page.context.workspace.store.record(page.record_id).value("machines") or []


def test_a_wide_table_is_a_card_on_site_and_a_grid_at_the_desk(page, cards):
    editor = page.form.editor("machines")
    assert cards.isVisible()
    assert not editor.view.isVisible()
    page.field_page.show_step("parties")
    assert page.form.editor("participants").view.isVisible()  # four columns fit
    page.leave_field_mode()
    assert editor.view.isVisible()
    assert not cards.isVisible()


def test_it_begins_at_what_must_be_answered(page, cards):
    assert cards.title.text() == "Máy móc, thiết bị 1/2: Máy sao"
    assert page.form.focused_path() == f"machines/{rows(page)[0]['id']}/quantity"


def editor(page, row, column):
    """The editor of a column on the card of a row."""
    return page.findChild(Editor, f"acceptance.machines/{rows(page)[row]['id']}/{column}")


@pytest.mark.usefixtures("cards")
def test_what_is_typed_is_kept_and_differences_are_seen(page):
    type_text("1")
    press(page, "Tab")
    assert rows(page)[0]["quantity"] == "1"
    assert editor(page, 0, "quantity_difference").input.text() == "-1"


def test_enter_leads_through_the_fields_and_on_to_the_next_card(page, cards):
    for _ in range(30):
        if cards.title.text().startswith("Máy móc, thiết bị 2/2"):
            break
        press(page, "Return")
    assert page.form.focused_path().startswith(f"machines/{rows(page)[1]['id']}/")


def test_the_arrows_turn_the_cards(qtbot, page, cards):
    assert not cards.before.isEnabled()
    qtbot.mouseClick(cards.after, Qt.MouseButton.LeftButton)
    assert cards.title.text() == "Máy móc, thiết bị 2/2: Máy sấy"
    assert editor(page, 1, "serial_number").input.text() == "SN-1"
    assert not cards.after.isEnabled()


def test_turning_keeps_what_is_typed(qtbot, page, cards):
    page.focus_field(f"machines/{rows(page)[0]['id']}/serial_number")
    type_text("SN-2")
    qtbot.mouseClick(cards.after, Qt.MouseButton.LeftButton)
    assert rows(page)[0]["serial_number"] == "SN-2"
    assert "serial_number" in rows(page)[1]


def test_machines_are_added_and_taken_out(qtbot, page, cards):
    qtbot.mouseClick(cards.add_button, Qt.MouseButton.LeftButton)
    assert cards.title.text() == "Máy móc, thiết bị 3/3: (chưa đặt tên)"
    type_text("Máy lọc")
    press(page, "Tab")
    assert rows(page)[2]["name"] == "Máy lọc"
    assert cards.title.text() == "Máy móc, thiết bị 3/3: Máy lọc"
    qtbot.mouseClick(cards.remove_button, Qt.MouseButton.LeftButton)
    assert [row["name"] for row in rows(page)] == ["Máy sao", "Máy sấy"]


def test_without_machines_there_is_no_card(qtbot, cards):
    for _ in MACHINES:
        qtbot.mouseClick(cards.remove_button, Qt.MouseButton.LeftButton)
    assert cards.title.text() == "Chưa có máy móc, thiết bị nào."
    assert not cards.card.isVisible()
    assert not cards.remove_button.isEnabled()


@pytest.mark.usefixtures("cards")
def test_what_cannot_be_read_is_said_at_its_field(page):
    page.focus_field(f"machines/{rows(page)[0]['id']}/year")
    type_text("hai nghìn")
    press(page, "Tab")
    assert editor(page, 0, "year").problem()
    assert "year" not in rows(page)[0]


@pytest.mark.usefixtures("cards")
def test_what_another_page_changes_is_seen(page):
    row = rows(page)[0]["id"]
    context = page.context
    context.act(lambda: changing.set_values(context.workspace, page.record_id, {f"machines/{row}/maker": "Cơ sở Mẫu"}))
    assert editor(page, 0, "maker").input.text() == "Cơ sở Mẫu"


def test_f8_reaches_the_cells_of_every_card(page):
    paths = []
    for _ in range(6):
        page.go_to_next_open()
        paths.append(page.form.focused_path())
    first, second = (row["id"] for row in rows(page))
    assert paths[:3] == [f"machines/{first}/value", f"machines/{second}/quantity", f"machines/{second}/value"]

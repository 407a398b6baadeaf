"""Field mode: one step at a time, by keyboard, and exactly where it was after a power cut."""

import json
import shutil

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QToolButton

from kcdesk.services.records import changing
from kcdesk.settings import SettingsFile
from kcdesk.ui.form.form_section import SectionView
from kcdesk.ui.toolkit.theme import TOUCH
from kcdesk.ui.window.last_place import LastPlace
from tests.examples import IS_LONG
from tests.ui.form_support import press, type_text

Key = Qt.Key


@pytest.fixture
def acceptance(workspace):
    """A visit with a checklist of machinery."""
    beneficiary = changing.add(workspace, "beneficiary", {"name": "Cơ sở Mẫu"}).items[0].id
    proposal = changing.add(
        workspace, "proposal", {"title": "Đề án mẫu", "activity": "machinery", "beneficiaries": [beneficiary]}
    )
    return changing.add(workspace, "acceptance", {"proposal": proposal.items[0].id}).items[0].id


@pytest.fixture
def window(open_window, workspace):
    return open_window(workspace)


@pytest.fixture
def page(window, acceptance):
    page = window.open_record(acceptance)
    press(window, "F9")
    return page


@pytest.fixture
def field(page):
    return page.field_page


def stored(page, path):
    return page.context.workspace.store.record(page.record_id).value(path)


def test_f9_takes_the_whole_window_and_alt_left_gives_it_back(window, page):
    assert page.alone
    assert not window.header.isVisible()
    assert not window.navigation.isVisible()
    press(window, "Esc")
    assert page.alone
    press(window, "Alt+Left")
    assert window.page is page
    assert window.header.isVisible()
    assert not page.alone
    assert len(page.section_ids()) > 8
    assert page.form.isVisible()


def test_it_begins_at_the_first_question_without_an_answer(page, field):
    assert field.step_id == "visit"
    assert page.form.focused_path() == "visited_on"


def test_one_step_is_shown_at_a_time(page, field):
    for id_ in field.step_ids():
        field.show_step(id_)
        seen = [section for section in page.form.findChildren(SectionView) if section.isVisible()]
        assert [section.section.id for section in seen] == [field.step.section]


def test_a_table_is_not_enlarged_on_site_where_it_is_wide_anyway(page, field):
    table = page.form.editor("participants")
    assert not table.room_button.isVisibleTo(table)
    page.table_room.enlarge(table)
    assert (page.table_room.is_open, field.isVisible()) == (False, True), "nothing of the desk beside the field mode"
    page.leave_field_mode()
    assert table.room_button.isVisibleTo(table)


def test_the_checklist_is_two_steps_papers_and_facts(field):
    labels = {}
    for id_ in ("checklist:paper", "checklist:fact"):
        field.show_step(id_)
        labels[id_] = field.step.label
    assert labels == {
        "checklist:paper": "Hồ sơ, tài liệu, chứng từ",
        "checklist:fact": "Kiểm tra thực tế tại cơ sở",
    }


def test_every_item_of_a_checklist_is_answered_by_one_key(page, field):
    items = 40 if IS_LONG else 20
    for number in range(items - len(stored(page, "checklist"))):
        rows = [*stored(page, "checklist"), {"id": f"r{number}", "item": f"Nội dung {number}", "group": "fact"}]
        changes = changing.set_values(page.context.workspace, page.record_id, {"checklist": rows})
    page.refresh(changes, None)
    page.focus_field("checklist")
    press(page, "1", times=items)
    results = [row.get("result") for row in stored(page, "checklist")]
    assert results == ["pass"] * items
    assert field.step_id == "checklist:fact"


def test_f8_goes_to_the_first_question_here_then_into_whatever_step(page, field):
    facts = [row["id"] for row in stored(page, "checklist") if row["group"] == "fact"]
    page.focus_field(f"checklist/{facts[-1]}")
    for fact in facts:
        press(page, "F8")
        assert page.form.focused_path() == f"checklist/{fact}"
    press(page, "F8")
    assert field.step_id == "work"
    assert page.form.focused_path() == "work_done"


@pytest.fixture
def answered(page):
    """Every item answered by its key; the ids of the items."""
    page.focus_field("checklist")
    rows = [row["id"] for row in stored(page, "checklist")]
    press(page, "1", times=len(rows))
    return rows


def results(page):
    return [row.get("result") for row in stored(page, "checklist")]


def test_the_keys_always_answer_the_item_that_is_marked(page, field, answered):
    field.show_step("checklist:paper")
    assert (marked(page), field.at_item.text()) == ([answered[0]], "Đang trả lời câu 1")
    press(page, "3")
    page.focus_field(f"checklist/{answered[3]}")  # as after a power cut
    assert (marked(page), field.at_item.text()) == ([answered[3]], "Đang trả lời câu 4")
    press(page, "3")
    changed = [row for row, result in zip(answered, results(page), strict=True) if result != "pass"]
    assert changed == [answered[0], answered[3]]
    field.show_step("work")
    assert field.at_item.text() == ""


def marked(page):
    """The items that are marked as the one that the keys answer."""
    return [row.id for row in page.form.editor("checklist").rows if row.is_current]


def test_arrows_lead_to_another_item(page, answered):
    page.focus_field(f"checklist/{answered[3]}")
    press(page, "Down")
    press(page, "3")
    assert results(page)[4] == "not_applicable"
    page.focus_field(f"checklist/{answered[5]}")
    press(page, "Return")
    assert page.form.focused_path() == f"checklist/{answered[6]}"


def test_f8_asks_what_was_found_before_it_leaves_a_failed_item(page, answered):
    page.focus_field(f"checklist/{answered[-1]}")
    press(page, "2")
    assert page.form.focused_path() == f"checklist/{answered[-1]}/finding"
    page.focus_field(f"checklist/{answered[-1]}")
    press(page, "F8")
    assert page.form.focused_path() == f"checklist/{answered[-1]}/finding"
    press(page, "F8")  # not now
    assert page.form.focused_path() == "work_done"


def test_after_the_last_question_f8_begins_at_the_first(page):
    page.focus_field("conclusion")
    press(page, "F8")
    assert page.form.focused_path() == "visited_on"


def test_f8_works_at_the_desk_too(page):
    page.leave_field_mode()
    page.focus_field("work_done")
    press(page, "F8")
    assert page.form.focused_path() == "machines"


def counted(field):
    """How many questions are answered, of how many."""
    answered, _, asked = field.answered.text().removeprefix("Đã trả lời ").partition("/")
    return int(answered), int(asked)


def test_progress_counts_what_must_be_answered(field):
    before = counted(field)
    type_text("5/3/26")  # with the day comes its checklist, which asks for more
    press(field, "Tab")
    answered, asked = counted(field)
    assert (answered > before[0], asked >= before[1]) == (True, True)
    assert (field.progress.value(), field.progress.maximum()) == (answered, asked)


def test_steps_turn_by_keyboard_and_by_their_buttons(qtbot, field):
    press(field, "Ctrl+PgDown")
    assert field.step_id == "parties"
    press(field, "Ctrl+PgUp", times=2)
    assert field.step_id == "basis"
    assert not field.before.isEnabled()
    qtbot.mouseClick(field.after, Qt.MouseButton.LeftButton)
    assert field.step_id == "visit"
    qtbot.mouseClick(field.bar.buttons[-1], Qt.MouseButton.LeftButton)
    assert field.step_id == "signed"
    assert not field.after.isEnabled()


def test_machines_are_taken_as_contracted_on_their_card_and_given_back(qtbot, window, page, field):
    row = {"id": "m1", "contracted_name": "Máy cắt", "contracted_quantity": "1", "contracted_value": 570_000_000}
    page.refresh(changing.set_values(page.context.workspace, page.record_id, {"machines": [row]}), None)
    field.show_step("machines")
    button = next(b for b in field.findChildren(QPushButton) if b.text() == "Như hợp đồng" and b.isVisible())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    (machine,) = stored(page, "machines")
    assert (machine["name"], machine["quantity"], machine["value"]) == ("Máy cắt", "1", 570_000_000)
    window.undo()
    assert "value" not in stored(page, "machines")[0]


def test_enter_leads_from_step_to_step(page, field):
    page.focus_field("started_at")
    press(page, "Return", times=5)
    assert field.step_id == "parties"


def test_what_is_pressed_is_large(field):
    small = []
    for id_ in field.step_ids():
        field.show_step(id_)
        QApplication.processEvents()
        for button in (*field.findChildren(QPushButton), *field.findChildren(QToolButton)):
            inside = isinstance(button.parentWidget(), QLineEdit)  # the whole line is the target
            if button.isVisible() and button.height() < TOUCH and not inside:
                small.append((id_, button.text() or button.accessibleName(), button.height()))
    assert small == []


def test_steps_say_what_is_left_in_words(field):
    place = field.step_ids().index("parties")
    assert field.bar.buttons[place].toolTip() == "3. Thành phần tham gia: còn 1 câu"


def test_a_step_with_a_text_that_could_not_be_read_has_no_tick(page, field):
    place = field.step_ids().index("visit")
    type_text("5/3/26")
    for path, typed in (("started_at", "tám rưỡi"), ("site", "Xưởng"), ("address", "Thôn Mẫu")):
        page.form.focus_path(path)
        type_text(typed)
    field.turn(1)
    assert field.bar.buttons[place].toolTip().endswith("có điểm cần xem")
    assert field.bar.buttons[place].toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextOnly
    page.form.focus_path("started_at")
    press(page, "Ctrl+A")
    type_text("8")
    field.turn(1)
    assert field.bar.buttons[place].toolTip().endswith("đã đủ")


def test_the_heading_on_site_names_the_site_as_soon_as_it_is_chosen(page, field):
    page.form.focus_path("site")
    press(page, "Ctrl+A")
    type_text("Xưởng mộc")
    press(page, "Tab")
    assert stored(page, "site") == "Xưởng mộc"
    assert field.title.text().startswith("Xưởng mộc")


def test_undo_is_seen_on_site(window, page):
    type_text("5/3/26")
    press(window, "Tab")
    assert stored(page, "visited_on") == "2026-03-05"
    window.undo()
    assert stored(page, "visited_on") is None
    assert page.alone


def test_going_back_to_the_desk_keeps_what_is_typed(page):
    type_text("5/3/26")
    press(page, "F9")
    assert not page.alone
    assert stored(page, "visited_on") == "2026-03-05"


def test_a_closed_dossier_has_no_field_mode(window, workspace, acceptance):
    with workspace.store.act("Chốt") as act:
        act.update(acceptance, {"state": "final"})
    page = window.open_record(acceptance)
    assert "field_mode" not in page.commands()


# -- the power cut ---------------------------------------------------


@pytest.fixture
def cut_off(qtbot, open_window, store_folder, tmp_path, workspace, acceptance):
    """The settings file as a session leaves it that was cut off on site, at a row of the checklist."""
    file = SettingsFile(store_folder / "settings.json")
    window = open_window(workspace, file.values)
    place = LastPlace(window, file.save)
    page = window.open_record(acceptance)
    page.enter_field_mode()
    row = stored(page, "checklist")[3]["id"]
    page.focus_field(f"checklist/{row}")
    qtbot.waitUntil(lambda: file.values.place.get("field") == f"checklist/{row}")
    left = tmp_path / "left.json"
    shutil.copy(file.path, left)
    place.forget()
    file.save()
    return left, row


def reopened(open_window, path, workspace):
    file = SettingsFile(path)
    window = open_window(workspace, file.values)
    return window, LastPlace(window, file.save)


def test_the_place_is_written_while_the_officer_works(cut_off, acceptance):
    left, row = cut_off
    place = json.loads(left.read_text(encoding="utf-8"))["place"]
    assert place["record"] == acceptance
    assert place["step"] == "checklist:paper"
    assert place["field"] == f"checklist/{row}"


@pytest.fixture
def following(open_window, store_folder, workspace, acceptance):
    """A visit on site, and what follows the officer through it; nothing more is due to be noted."""
    file = SettingsFile(store_folder / "settings.json")
    window = open_window(workspace, file.values)
    place = LastPlace(window, file.save)
    page = window.open_record(acceptance)
    page.enter_field_mode()
    timer = place.findChild(QTimer)
    timer.setInterval(600_000)  # however slow this machine is
    place.note()
    timer.stop()
    yield page, place, timer
    place.forget()


def test_a_fast_hand_does_not_put_off_the_noting(following):
    page, _place, timer = following
    page.focus_field("checklist")
    begun = timer.timerId()
    press(page, "1", times=3)
    assert timer.isActive()
    assert timer.timerId() == begun, "it was not begun anew"


def test_a_turned_step_is_noted_though_the_keyboard_stays(following):
    page, place, timer = following
    page.field_page.bar.buttons[page.field_page.step_ids().index("signed")].click()
    assert timer.isActive()
    place.note()
    assert page.context.settings.place["step"] == "signed"


def test_it_asks_and_opens_exactly_there(open_window, cut_off, workspace, messages, acceptance):
    left, row = cut_off
    window, place = reopened(open_window, left, workspace)
    messages.answers.append(True)
    place.offer()
    assert messages.said[-1] == "Mở lại «Cơ sở Mẫu»?"
    assert messages.enter_acts, "going on is what he wants after a power cut, and nothing can be lost by it"
    assert window.page.record_id == acceptance
    assert window.page.alone
    assert window.page.form.focused_path() == f"checklist/{row}"
    assert window.page.field_page.step_id == "checklist:paper"


def test_it_asks_and_stays_away_when_told_so(open_window, cut_off, workspace, messages):
    window, place = reopened(open_window, cut_off[0], workspace)
    messages.answers.append(False)
    place.offer()
    assert window.page.title == "Tổng quan"


def test_after_a_clean_close_it_asks_nothing(open_window, cut_off, store_folder, workspace, messages):
    assert cut_off
    window, place = reopened(open_window, store_folder / "settings.json", workspace)
    place.offer()
    assert window.page.title == "Tổng quan"
    assert not [said for said in messages.said if said.startswith("Mở lại")]


def test_a_dossier_that_is_gone_is_not_asked_for(open_window, cut_off, workspace, messages, acceptance):
    changing.delete(workspace, acceptance)
    _window, place = reopened(open_window, cut_off[0], workspace)
    place.offer()
    assert not [said for said in messages.said if said.startswith("Mở lại")]

"""The tree of offices, the people and their work, and «Bàn giao công việc»."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from kcdesk.services.records import changing
from kcdesk.services.staff import open_work
from kcdesk.settings import Settings
from kcdesk.ui.papers.preview_dialog import PreviewDialog
from kcdesk.ui.shell.small_dialogs import FieldsQuestion
from kcdesk.ui.staff.work_handover_dialog import NOBODY, HandWorkDialog


def new(workspace, kind, **values):
    return changing.add(workspace, kind, values).items[0].id


@pytest.fixture
def people(workspace):
    """A department with a district office that ended; two officers, three open proposals of the first."""
    top = new(workspace, "office", name="Sở Công Thương mẫu", level="province")
    new(workspace, "office", name="Phòng Kinh tế huyện", level="district", above=top, valid_to="30/6/2025")
    giver = new(workspace, "staff", name="Cán bộ Mẫu Hai", title="Chuyên viên", office=top)
    receiver = new(workspace, "staff", name="Cán bộ Mẫu Bốn", office=top)
    dossiers = [new(workspace, "proposal", title=f"Đề án {n}", handler=giver) for n in ("một", "hai", "ba")]
    return {"top": top, "giver": giver, "receiver": receiver, "dossiers": dossiers}


@pytest.fixture
def window(open_window, workspace, people):
    assert people
    return open_window(workspace, Settings(page="registers", register="office"))


def shown(page):
    names = []
    for place in range(page.tree.topLevelItemCount()):
        item = page.tree.topLevelItem(place)
        names += [item.text(0), *(f"  {item.child(n).text(0)}" for n in range(item.childCount()))]
    return names


def test_the_tree_follows_the_day(window, qtbot):
    page = window.page.register
    assert shown(page) == ["Sở Công Thương mẫu"]
    page.day.setFocus()
    page.day.selectAll()
    qtbot.keyClicks(page.day, "30/6/2025")
    qtbot.keyClick(page.day, Qt.Key.Key_Return)
    assert shown(page) == ["Sở Công Thương mẫu", "  Phòng Kinh tế huyện"]
    page.day.selectAll()
    qtbot.keyClicks(page.day, "31/2/2025")
    qtbot.keyClick(page.day, Qt.Key.Key_Return)
    assert page.problem.text()


def test_an_officer_who_leaves_is_led_from_the_work_to_the_last_day(window, workspace, people, monkeypatch):
    page = window.open_record(people["giver"])
    asked = []

    def hands_over(dialog):
        dialog.receiver.setCurrentIndex(dialog.receiver.findData(people["receiver"]))
        dialog.act()
        return dialog.result()

    def answers(question):
        asked.extend(label.text() for label in question.findChildren(QLabel))
        question.findChild(QLineEdit).setText("5/3/2026")
        question.act.click()
        return question.result()

    monkeypatch.setattr(HandWorkDialog, "exec", lambda _dialog: 0)
    monkeypatch.setattr(FieldsQuestion, "exec", answers)
    page.commands()["leave"].run()
    assert not asked, "the work is still in his hands"
    monkeypatch.setattr(HandWorkDialog, "exec", hands_over)
    page.commands()["leave"].run()
    assert any(text.startswith("«Cán bộ Mẫu Hai» thôi việc.") for text in asked)
    assert workspace.store.record(people["giver"]).value("serves_to") == "2026-03-05"
    assert workspace.store.acts()[0].action == "Cán bộ Mẫu Hai thôi việc sau ngày 05/3/2026"
    assert window.notices.text() == "Cán bộ Mẫu Hai thôi việc sau ngày 05/3/2026."
    assert "leave" not in page.commands()


def test_an_officer_who_leaves_hands_over_the_work_from_the_dossier(window, workspace, people, monkeypatch):
    page = window.open_record(people["giver"])
    assert page.main_action().label == "Chốt"
    window.context.announce(changing.set_values(workspace, people["giver"], {"serves_to": "1/3/2018"}))
    assert page.main_action().label == "Bàn giao công việc…", "the open work stops the end of the service"

    def officer(dialog):
        assert dialog.giver.currentData() == people["giver"]
        dialog.receiver.setCurrentIndex(dialog.receiver.findData(people["receiver"]))
        dialog.act()
        return dialog.result()

    def close(preview):
        preview.show()
        preview.close()
        preview.deleteLater()
        return preview.result()

    monkeypatch.setattr(HandWorkDialog, "exec", officer)
    monkeypatch.setattr(PreviewDialog, "exec", close)
    page.main_action().run()
    assert {workspace.store.record(id_).value("handler") for id_ in people["dossiers"]} == {people["receiver"]}
    assert page.main_action().label == "Chốt"
    assert "hand_over" not in page.commands()


def test_people_and_their_work_stand_beside_the_office(window, people):
    page = window.page.register
    assert page.current_office() == people["top"]
    names = [page.people.model().item(row, 0).text() for row in range(page.people.model().rowCount())]
    assert sorted(names) == ["Cán bộ Mẫu Bốn", "Cán bộ Mẫu Hai"]
    page.people.setCurrentIndex(page.people.model().index(names.index("Cán bộ Mẫu Hai"), 0))
    assert page.dossiers_summary.text() == "Cán bộ Mẫu Hai: 3 đề án đang làm"


def test_enter_opens_the_office(window, qtbot, people):
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert window.page.record_id == people["top"]


def test_a_new_person_belongs_to_the_chosen_office(window, people):
    window.page.register.add_person()
    assert window.page.record.value("office") == people["top"]


def test_searching_finds_the_office_of_a_person(window):
    page = window.page.register
    page.search("mau bon")
    assert shown(page) == ["Sở Công Thương mẫu"]
    page.search("không có")
    assert shown(page) == []
    assert page.empty.isVisible()


@pytest.fixture
def dialog(window, people, qtbot):
    dialog = window.page.register.hand_over_dialog()
    qtbot.addWidget(dialog)
    dialog.choose_giver(people["giver"])
    dialog.receiver.setCurrentIndex(dialog.receiver.findData(people["receiver"]))
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    return dialog


def test_all_open_work_is_ticked_and_passes_in_one_act(dialog, window, workspace, people, qtbot):
    assert dialog.summary.text().startswith("Đã chọn 3 trong 3 đề án")
    assert (dialog.none_button.isEnabled(), dialog.all_button.isEnabled()) == (True, False)
    dialog.table.setFocus()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.summary.text().startswith("Đã chọn 2 trong 3 đề án")
    assert (dialog.none_button.isEnabled(), dialog.all_button.isEnabled()) == (True, True)

    dialog.act()

    assert workspace.store.record(dialog.made).state == "final"
    assert open_work.number_of_open(workspace, people["receiver"]) == 2
    window.undo()
    assert open_work.number_of_open(workspace, people["giver"]) == 3


def test_the_record_is_seen_before_anything_happens(dialog, workspace, qtbot):
    preview = dialog.preview()
    qtbot.addWidget(preview)
    preview.show()
    assert preview.status_text().startswith("1 trang")
    preview.close()
    assert workspace.store.count("work_handover") == 0


def test_what_cannot_be_is_said_in_the_dialog(dialog, people):
    dialog.on.setText("31/2/2026")
    assert dialog.preview() is None
    assert dialog.problem.text()
    dialog.on.setText("5/3/2026")
    dialog.receiver.setCurrentIndex(dialog.receiver.findData(people["giver"]))
    dialog.act()
    assert dialog.problem.text().startswith("Người nhận phải khác người giao. (F1: ")


def test_what_nobody_is_in_charge_of_is_given_away(dialog, workspace, people):
    stray = new(workspace, "proposal", title="Đề án chưa giao")
    dialog.giver.setCurrentText(NOBODY)
    dialog.choose_giver("")
    assert dialog.ticked() == []
    dialog.toggle()
    dialog.act()
    assert workspace.store.record(stray).value("handler") == people["receiver"]
    assert dialog.made == ""

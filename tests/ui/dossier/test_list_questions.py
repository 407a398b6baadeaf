"""Own questions to a list in the window: conditions, groups, named views, a step for several rows, a pasted table."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel

from kcdesk.services.questions import saved_views
from kcdesk.services.records import changing
from kcdesk.settings import Settings
from kcdesk.ui.dossier.filter_chips import FilterChips
from kcdesk.ui.dossier.lists.question_dialog import QuestionDialog
from kcdesk.ui.dossier.lists.step_menu import StepMenu
from kcdesk.ui.dossier.record_model import RecordModel
from tests.ui.form_support import press


@pytest.fixture
def page(open_window, workspace):
    for name, year, executed in (("Lạng Sơn", 2024, "2 tỷ"), ("Hòa Bình", 2021, "405 tr"), ("Cao Bằng", 2019, None)):
        values = {"unit_name": name, "year_from": year, "executed": executed, "proposals": 1, "source_paper": "01/BC"}
        changing.add(workspace, "opening_total", {key: value for key, value in values.items() if value})
    window = open_window(workspace, Settings(page="registers", register="opening_total"))
    return window.page.register


def names(page):
    return {page.model.text_at(row, page.model.title_column) for row in range(page.model.rowCount())}


@pytest.fixture
def dialogs(monkeypatch):
    """What the officer does in the next dialog."""

    def give(act):
        def drive(dialog):
            dialog.show()
            act(dialog)
            return dialog.result()

        monkeypatch.setattr(QDialog, "exec", drive)

    return give


def test_conditions_narrow_the_list_and_stand_in_its_heading(page, dialogs):
    def ask(dialog):
        dialog.search.setText("thuc hien")
        assert not dialog.fields.currentItem().isHidden()
        dialog.choose("executed", ">=", "một")
        dialog.add.click()
        assert "“một” không phải là số tiền" in dialog.problem.text()
        dialog.choose("executed", ">=", "405 tr")
        dialog.add.click()
        assert dialog.problem.text() == ""
        dialog.choose("year_from", "between", "2020 đến 2022")
        dialog.press_main()

    dialogs(ask)
    page.question_button.click()
    assert names(page) == {"Hòa Bình"}
    assert page.questions.words.text() == ("Lọc: Kinh phí thực hiện từ 405 tr; Từ năm trong khoảng 2020 đến 2022")
    assert page.questions.isVisible()
    page.questions.drop.click()
    assert names(page) == {"Lạng Sơn", "Hòa Bình", "Cao Bằng"}
    assert not page.questions.isVisible()


def test_a_view_is_saved_and_shown_again(page, messages, monkeypatch):
    monkeypatch.setattr(messages, "ask_text", lambda *_words, **_more: "Chưa thực hiện")
    page.questions.narrow("executed empty")
    save = next(action for action in page.questions.menu().actions() if action.text() == "Lưu cách xem này…")
    save.trigger()
    page.clear_filters()
    assert len(names(page)) == 3
    next(action for action in page.questions.menu().actions() if action.text() == "Chưa thực hiện").trigger()
    assert names(page) == {"Cao Bằng"}
    assert [view.name for view in saved_views.views_of(page.context.workspace, "opening_total")] == ["Chưa thực hiện"]


def test_groups_lead_to_their_records(page, dialogs):
    def choose(dialog):
        dialog.by.setCurrentIndex(dialog.by.findData("year_from"))
        assert [line.cells[:2] for line in dialog.lines.lines_model.lines][-1] == ["Cộng", "3"]
        heads = [dialog.lines.lines_model.headerData(place, Qt.Orientation.Horizontal) for place in range(2, 5)]
        assert heads == ["Số đề án", "Kinh phí kế hoạch", "Kinh phí thực hiện"]  # the numbers that the list shows
        dialog.lines.go_to("0")
        dialog.press_main()

    dialogs(choose)
    page.groups_button.click()
    assert names(page) == {"Cao Bằng"}


def test_a_step_for_all_marked_rows(page, messages, monkeypatch):
    monkeypatch.setattr(messages, "ask", lambda *_words, **_more: True)
    page.tools.mark_all()
    menu = StepMenu(page.context, [row.id for row in page.tools.marked()], page)
    (action,) = menu.actions()
    assert action.text() == "Chốt"
    action.trigger()
    states = {
        stored.record(page.context.workspace.forms).state for stored in page.context.workspace.store.page(page.kind)
    }
    assert states == {"final"}


def test_a_table_is_pasted_into_the_list(page, dialogs):
    QGuiApplication.clipboard().setText("Đơn vị, địa phương\tTừ năm\tSố đề án\nHậu Giang\t2018\t1\nĐắk Lắk\t2020\t16\n")

    def look(dialog):
        assert dialog.make.text() == "Lập 2 hồ sơ"
        dialog.press_main()

    dialogs(look)
    page.table.setFocus()
    press(page.window(), "Ctrl+V")
    assert {"Hậu Giang", "Đắk Lắk"} <= names(page)


def test_a_table_that_cannot_be_read_makes_nothing(page, dialogs):
    QGuiApplication.clipboard().setText("Đơn vị, địa phương\tTừ năm\nHậu Giang\thai nghìn\n")

    def look(dialog):
        assert not dialog.make.isEnabled()
        assert dialog.lines.lines_model.index(0, 1).data(Qt.ItemDataRole.DisplayRole).startswith("Từ năm:")
        dialog.reject()

    dialogs(look)
    page.acts.paste()
    assert len(names(page)) == 3


def test_the_dialog_lists_related_fields(page):
    dialog = QuestionDialog(page.context.workspace, "survey", [])
    labels = [dialog.fields.item(row).text() for row in range(dialog.fields.count())]
    assert "Cơ sở: Xã, phường" in labels


def test_a_register_without_steps_shows_no_state(page):
    model = RecordModel(page.context.workspace, page.context.theme, page.context.workspace.forms.current("survey"))
    assert "state" not in [column.name for column in model.columns]
    assert "state" in [column.name for column in page.model.columns]
    chips = FilterChips(page.context.workspace, model.form)
    assert "filter.state" not in [chip.objectName() for chip in chips.chips]


@pytest.mark.parametrize(("kind", "note"), [("survey", "* Phải điền."), ("proposal", "* Phải điền trước khi chốt.")])
def test_the_star_of_a_form_speaks_of_closing_only_where_it_is_closed(open_window, workspace, kind, note):
    shown = open_window(workspace).open_record(changing.add(workspace, kind, {}).items[0].id)
    assert [label.text() for label in shown.form.findChildren(QLabel) if label.text().startswith("* ")] == [note]

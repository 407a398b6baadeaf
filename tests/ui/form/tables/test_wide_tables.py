"""A wide table in the real window: all its columns are seen, the first one stays, F11 gives it everything."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget

from kcdesk.services.records import changing
from tests.ui.form_support import press, sentences, type_text

BUDGET = [
    {"id": "b1", "item": "Máy cắt CNC", "unit": "cái", "cost": 2_500_000_000, "national": 1_000_000_000},
    {"id": "b2", "item": "Máy chấn tôn", "unit": "cái", "cost": 1_570_000_000, "counterpart": 5},
]


@pytest.fixture
def window(open_window, workspace):
    return open_window(workspace)


@pytest.fixture
def page(window, workspace):
    made = changing.add(workspace, "proposal", {"title": "Đề án mẫu", "activity": "machinery", "budget": BUDGET})
    return window.open_record(made.items[0].id)


@pytest.fixture
def budget(page):
    page.focus_field("budget")
    return page.form.editor("budget")


def seen(view):
    """The headings of the columns that are wholly in sight, with no word cut."""
    header, room = view.horizontalHeader(), view.viewport().width()
    shown = (place for place in range(header.count()) if not view.isColumnHidden(place))
    return [
        view.model().headerData(place, Qt.Orientation.Horizontal)
        for place in shown
        if header.sectionViewportPosition(place) >= 0
        and header.sectionViewportPosition(place) + header.sectionSize(place) <= room
    ]


ALL = ["Nội dung chi", "ĐVT", "SL", "Thành tiền", "KCQG", "KCĐP", "Đối ứng", "Nguồn khác"]


def contents(page):
    """Whether the table of contents is shown, and whether its chip is."""
    return tuple(page.findChild(QWidget, name).isVisible() for name in ("contents", "contents.chip"))


def test_all_columns_of_a_budget_are_seen_and_the_unit_is_said_once(qtbot, window, budget):
    window.resize(1366, 768)
    qtbot.waitUntil(lambda: seen(budget.view) == ALL)
    assert "Đơn vị: đồng" in sentences(budget)
    for place in range(len(ALL)):
        texts = [str(budget.model.index(row, place).data() or "") for row in range(budget.model.rowCount())]
        numbers = [text for text in texts if text.replace(".", "").isdigit()]
        width = budget.view.columnWidth(place)
        assert all(budget.view.fontMetrics().horizontalAdvance(text) < width for text in numbers)


def test_a_group_scheme_shows_its_machines_to_the_last_amount(qtbot, window, workspace):
    machine = {"name": "Máy ép gạch thuỷ lực tự động", "maker": "Việt Nam", "quantity": 1, "unit_price": 1_200_000_000}
    values = {"title": "Đề án nhóm", "scheme": "group", "activity": "machinery", "machines": [{"id": "m1", **machine}]}
    page = window.open_record(changing.add(workspace, "proposal", values).items[0].id)
    window.resize(1366, 768)
    page.focus_field("machines")
    view = page.form.editor("machines").view
    qtbot.waitUntil(lambda: seen(view)[-1] == "Thành tiền")
    assert "Địa điểm" in seen(view)
    assert contents(page) == (False, True)


def test_the_contents_fold_for_a_wide_table_and_come_back(qtbot, page, budget):
    qtbot.waitUntil(lambda: contents(page) == (False, True))
    menu = page.findChild(QToolButton, "contents.chip").menu()
    menu.aboutToShow.emit()
    acts = {action.text(): action for action in menu.actions()}
    assert "Tổ chức thực hiện" in acts
    page.focus_field("organisation")
    qtbot.waitUntil(lambda: contents(page) == (True, False))
    assert budget.isVisible()


def test_f11_gives_the_window_to_the_table_and_esc_takes_it_back(qtbot, window, page, budget):
    budget.view.go_to("b2", "cost")
    press(window, "F11")
    assert page.alone
    assert window.navigation.isHidden()
    assert seen(budget.view) == ALL
    assert page.form.focused_path() == "budget/b2/cost"
    type_text("1.600.000.000")
    press(window, "Return")
    press(window, "Esc")
    assert not page.alone
    assert window.navigation.isVisible()
    assert page.record.value("budget/b2/cost") == 1_600_000_000
    assert QApplication.focusWidget() is budget.view
    assert [label for label in ("Dự toán kinh phí *",) if label in titles(page)]
    qtbot.mouseClick(budget.room_button, Qt.MouseButton.LeftButton)
    assert page.alone
    window.back()
    assert not page.alone


def titles(page):
    return [label.text() for label in page.form.findChildren(QLabel) if label.isVisible()]


@pytest.mark.usefixtures("budget")
def test_what_belongs_to_the_dossier_is_gone_to_from_an_enlarged_table(window, page):
    press(window, "F11")
    assert page.alone
    press(window, "Ctrl+L")
    assert not page.alone
    assert page.side.isAncestorOf(QApplication.focusWidget())
    assert QApplication.focusWidget().isVisible()


@pytest.mark.usefixtures("budget")
def test_a_cell_of_the_enlarged_table_is_gone_to_where_it_is(window, page, caplog):
    press(window, "F11")
    page.focus_field("budget/b2/cost")
    assert page.table_room.isVisible()
    assert page.form.focused_path() == "budget/b2/cost"
    assert caplog.records == []


def test_an_enlarged_table_goes_back_before_another_one_is_enlarged(page, budget):
    results = page.form.editor("results")
    for table in (budget, budget, results, budget):
        page.table_room.enlarge(table)
    page.table_room.shrink()
    assert page.form.isAncestorOf(budget)
    assert page.form.isAncestorOf(results)


@pytest.mark.usefixtures("budget")
def test_a_gap_elsewhere_brings_the_form_back(window, page):
    press(window, "F11")
    page.focus_field("organisation")
    assert not page.alone
    assert page.form.focused_path() == "organisation"


def test_the_first_column_stays_when_the_table_scrolls_sideways(qtbot, window, page, budget):
    window.resize(1024, 680)
    qtbot.waitUntil(lambda: not budget.view.fits_in_width())
    assert budget.view.frozen.isHidden()
    budget.view.go_to("b2", "other")
    assert budget.view.frozen.isVisible()
    assert budget.view.frozen.indexAt(QPoint(5, 5)).data() == "Máy cắt CNC"
    assert budget.view.visualRect(budget.view.currentIndex()).left() >= budget.view.frozen.width()
    height = budget.view.rowHeight(0)
    qtbot.mouseClick(budget.view.frozen.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, height + 5))
    assert page.form.focused_path() == "budget/b2/item"
    assert budget.view.frozen.isHidden()


def test_a_width_that_was_set_is_remembered(window, page, budget):
    place = [column.name for column in budget.field.columns].index("unit")
    budget.view.horizontalHeader().resizeSection(place, 150)
    assert budget.view.columnWidth(place) == 150
    window.back()
    again = window.open_record(page.record_id).form.editor("budget")
    assert again.view.columnWidth(place) == 150
    again.view.horizontalHeader().sectionHandleDoubleClicked.emit(place)
    assert again.view.columnWidth(place) < 150


def test_a_table_that_is_closed_says_no_keys_that_change_rows(budget):
    budget.focus()
    assert "Ctrl+Delete" in budget.note_text("keys")
    budget.set_editable(False)
    assert budget.note_text("keys") == ""
    budget.set_editable(True)
    budget.focus()
    assert "Ctrl+Delete" in budget.note_text("keys")

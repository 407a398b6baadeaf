"""The province's first page, its numbers, lists and deadlines by unit, and the history of a dossier."""

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from kcdesk.services.records import changing
from kcdesk.ui.dossier.list_page import ListPage
from tests.services import lives
from tests.services.samples import new


def click(qtbot, window, name):
    button = window.findChild(QPushButton, name)
    assert button is not None, name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def cells(table, column):
    model = table.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_a_province_begins_with_its_own_steps(qtbot, open_window, province):
    window = open_window(province)
    steps = window.page.first_steps.buttons
    assert [button.text()[:2] for button in steps] == ["1.", "2.", "3."]
    assert [button.objectName().rpartition(".")[2] for button in steps] == ["partners", "handoff", "plan"]
    click(qtbot, window, "overview.step.partners")
    assert window.page.title == "Đơn vị đã biết"
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    click(qtbot, window, "overview.step.plan")
    assert window.context.settings.register == "plan"


def test_the_agency_above_the_provinces_has_a_first_page_too(qtbot, open_window, offices):
    agency = offices.make("CUC-MAU", "nation", province="", parent="")
    window = open_window(agency)
    assert window.page.first_steps.isVisible()
    new(agency, "proposal", title="Đề án liên tỉnh")
    window.page.refresh(None, None)
    assert window.page.numbers.isVisible()
    click(qtbot, window, "overview.number.examining")
    assert isinstance(window.page, ListPage)


def test_a_region_that_only_watches_begins_with_packages(open_window, offices):
    window = open_window(offices.make("VUNG", "region", province="", parent=""))
    steps = window.page.first_steps.buttons
    assert [button.objectName().rpartition(".")[2] for button in steps] == ["partners", "handoff"]


def test_no_line_of_the_first_page_lies_over_another_in_a_low_window(qtbot, open_window, province):
    new(province, "proposal", title="Đề án của tỉnh")
    window = open_window(province)
    page = window.page
    window.resize(1024, 420)
    lines = lambda: [button for button in page.due.findChildren(QPushButton) if button is not page.due.all]  # noqa: E731
    qtbot.waitUntil(lambda: len(lines()) > 1)
    tops = sorted(line.mapTo(page.due, line.rect().topLeft()).y() for line in lines())
    least = min(line.height() for line in lines())
    qtbot.waitUntil(lambda: page.due.height() >= page.due.sizeHint().height())
    assert least >= 20
    assert all(below - above >= 20 for above, below in pairwise(tops))


def test_numbers_lists_deadlines_and_history_by_unit(qtbot, open_window, offices, pair):
    unit, province = pair
    sent = lives.write(unit, "brand")
    lives.take(unit, sent, "finalise", "send")
    offices.send(unit, province)
    officer = new(province, "staff", name="Trần Bình")
    own = new(province, "proposal", title="Đề án của tỉnh", handler=officer)
    changing.save(province, own, {"title": "Đề án của tỉnh, sửa"})
    window = open_window(province)
    qtbot.waitUntil(lambda: window.findChild(QPushButton, "overview.number.late") is not None)

    click(qtbot, window, "overview.number.examining")
    page = window.page
    assert isinstance(page, ListPage)
    assert page.model.rowCount() == 1
    assert page.chips.in_words()[0].startswith("Trạng thái: Đã gửi thẩm định hoặc ")
    assert page.model.text_at(0, [column.name for column in page.model.columns].index("unit")) == "Trung tâm TT-A"
    page.clear_filters()
    assert page.model.rowCount() == 2
    by_name = {chip.name: chip for chip in page.chips.chips}
    menu = by_name["unit"].menu()
    menu.aboutToShow.emit()  # as when it is opened
    assert [action.text() for action in menu.actions()] == ["Tất cả", "Sở Công Thương mẫu", "Trung tâm TT-A"]
    menu.actions()[1].trigger()
    assert page.model.rowCount() == 1
    by_name["handler"].menu().aboutToShow.emit()
    assert [action.text() for action in by_name["handler"].menu().actions()] == ["Tất cả", "Trần Bình"]

    dossier = window.open_record(own)
    dossier.side.setCurrentIndex(3)
    tab = dossier.side.currentWidget()
    assert "Đề án của tỉnh → Đề án của tỉnh, sửa" in tab.list.item(0).text()
    qtbot.mouseClick(tab.button, Qt.MouseButton.LeftButton)
    history = window.page
    assert history.title == "Lịch sử"
    assert cells(history.table, 5)[0] == "Đề án của tỉnh"
    QTest.keyClick(history.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page is dossier)

    window.go("overview")
    window.page.show_deadlines()
    deadlines = window.page
    everything = len(deadlines.shown_dues())
    deadlines.grouping.menu().actions()[1].trigger()
    assert len(deadlines.shown_dues()) == everything
    deadlines.unit.menu().aboutToShow.emit()
    named = [action.text() for action in deadlines.unit.menu().actions()]
    for action in deadlines.unit.menu().actions()[1:]:
        action.trigger()
        assert set(filter(None, cells(deadlines.table, 4))) <= {action.text()}
    assert named[0] == "Tất cả"

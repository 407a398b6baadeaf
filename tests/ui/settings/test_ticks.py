"""«Đã đối chiếu» in the window: a person ticks, a second one confirms, a reason takes it back."""

from datetime import date

import pytest
from PySide6.QtWidgets import QPushButton

from kcdesk.services.law import checking
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import changing
from kcdesk.ui.settings.law_page import WAITING, LawPage
from kcdesk.ui.settings.tick_dialog import TickDialog
from tests.services.law.test_ticks import ENTRY, NEW, OLD

READING = 4


@pytest.fixture
def page(open_window, province):
    window = open_window(province)
    window.go("settings")
    window.page.findChild(QPushButton, "settings.law").click()
    assert isinstance(window.page, LawPage)
    return window.page


def _press(page, name):
    page.findChild(QPushButton, name).click()


def _write(dialog, words, name=""):
    dialog.words.setPlainText(words)
    if name:
        dialog.officer.setCurrentIndex(dialog.officer.count() - 1)
        dialog.new_name.setText(name)
    dialog.findChild(QPushButton, "tick.write").click()


def _cell(page, column):
    return page.table.model().index(page.table.currentIndex().row(), column).data()


def test_one_ticks_another_confirms_and_a_reason_takes_it_back(page):
    page.show_part(OLD)
    assert not page.acts.confirm_button.isEnabled()
    _press(page, "law.tick")
    dialog = page.window().findChild(TickDialog)
    _write(dialog, "")
    assert "một câu" in dialog.problem.text()
    dialog.until.setText("31/02/2027")
    _write(dialog, "Đọc bản Công báo, đúng.")
    assert "không có trong lịch" in dialog.problem.text()
    assert dialog.focusWidget() is dialog.until
    dialog.until.clear()
    _write(dialog, "Đọc bản Công báo, đúng.")
    assert _cell(page, READING) == WAITING
    assert page.checks.model().index(0, 2).data() == "chờ"

    _press(page, "law.confirm")
    dialog = page.window().findChildren(TickDialog)[-1]
    assert page.context.workspace.identity.officer.name not in dialog.officer.itemText(0)
    _write(dialog, "Đọc lại, đúng.")
    assert dialog.problem.text() == "Ghi họ tên người đối chiếu. (F1: Căn cứ pháp lý)"
    _write(dialog, "Đọc lại, đúng.", page.context.workspace.identity.officer.name)
    assert "thứ nhất" in dialog.problem.text()
    _write(dialog, "Đọc lại, đúng.", "Trần Văn Bình")
    assert _cell(page, READING) == "đã đọc toàn văn"
    assert "Trần Văn Bình" in page.detail.text()

    page.context.messages.texts.append("Nhầm bản")
    _press(page, "law.take_back")
    assert _cell(page, READING) == "biết qua văn bản khác dẫn lại"
    page.context.announce(changing.undo(page.context.workspace))
    assert _cell(page, READING) == "đã đọc toàn văn"


def test_an_instrument_is_entered_and_signed(page, tmp_path):
    workspace, window = page.context.workspace, page.window()
    page.show_part(NEW)
    _press(page, "law.edit")
    record = window.page.record
    assert record.value("replaces") == OLD, "what is known stands there already"
    days = {name: ENTRY[name] for name in ("issued_on", "effective_from", "reading", "read_by", "read_on")}
    changing.set_values(workspace, record.id, days)
    page.context.announce(steps.take_step(workspace, record.id, "enlist"))
    window.go("settings")
    window.page.findChild(QPushButton, "settings.law").click()
    page = window.page
    page.show_part(NEW)
    assert _cell(page, 3) == "15/02/2026"
    assert "nhập" in page.detail.text()
    checking.tick(workspace, NEW, "Đúng.")
    page.context.messages.files.append(tmp_path / "gui.xlsx")
    _press(page, "law.send")
    assert (tmp_path / "gui.xlsx").stat().st_size


def test_a_review_is_a_deadline_that_opens_the_register_at_its_text(open_window, province):
    province.today = lambda: date(2027, 1, 2)
    window = open_window(province)
    window.page.show_deadlines()
    table = window.page.table
    cells = [(row, column) for row in range(table.model().rowCount()) for column in range(table.model().columnCount())]
    texts = {str(table.model().index(*cell).data()): cell[0] for cell in cells}
    table.setCurrentIndex(table.model().index(texts[f"Rà soát {OLD} cho năm 2027"], 0))
    window.page.open_current()
    assert isinstance(window.page, LawPage)
    assert window.page.table.key() == OLD


def test_a_long_name_makes_no_dialog_wider_than_the_screen(page, qtbot):
    page.show_part(OLD)
    staff = {"name": "Nguyễn Thị Tên Rất Dài " * 9}
    changing.add(page.context.workspace, "staff", staff)
    _press(page, "law.tick")
    dialog = page.window().findChildren(TickDialog)[-1]
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert dialog.width() == 640
    assert dialog.findChild(QPushButton, "tick.write").visibleRegion().boundingRect().width() > 50

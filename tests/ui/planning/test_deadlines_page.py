"""«Thời hạn» by keys: opened over the overview, read, marked, postponed, printed, exported; and the overview's box."""

from datetime import date

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QLineEdit, QPushButton

from kcdesk.runtime.frozen import replace
from kcdesk.services.deadlines import listing as deadline_listing
from kcdesk.services.records import changing
from kcdesk.settings import Settings
from kcdesk.ui.papers.month_dialog import MonthDialog
from kcdesk.ui.planning.deadlines_page import DeadlinesPage
from kcdesk.ui.planning.due_lines import KEY
from kcdesk.ui.planning.due_papers import paper_dialog
from tests.services import lives
from tests.services.warnings.test_foresight import proposal, visit
from tests.ui.form_support import press

TODAY = date(2026, 3, 4)  # a Wednesday


@pytest.fixture
def window(open_window, workspace):
    workspace.today = lambda: TODAY
    workspace.store.identity = replace(workspace.identity, created="2026-02-26T03:04:05+00:00")
    for title, day in (("Việc trễ", "1/3/2026"), ("Việc hôm nay", "4/3/2026"), ("Việc tuần này", "8/3/2026")):
        changing.add(workspace, "task", {"title": title, "due_on": day})
    window = open_window(workspace)
    QApplication.processEvents()
    return window


def lines(page):
    model = page.model
    return [model.item(row, 2).text() for row in range(model.rowCount()) if model.item(row, 2)]


def headings(page):
    return [page.model.item(row).text() for row in range(page.model.rowCount()) if not page.model.item(row, 2)]


@pytest.fixture
def page(window):
    press(window, "Alt+0")
    assert isinstance(window.page, DeadlinesPage)
    return window.page


def test_what_is_due_stands_in_groups_the_most_urgent_first(page):
    assert lines(page)[:3] == ["Việc trễ", "Việc hôm nay", "Việc tuần này"]
    assert headings(page)[:3] == ["Quá hạn: 1", "Hôm nay, 04/3/2026: 1", "Trong tuần này: 1"]
    assert page.summary.text() == "1 việc quá hạn, 1 việc hôm nay, 1 việc trong tuần này."
    assert page.current().what == "Việc trễ"
    assert "Cán bộ tự ghi" in page.detail.text()


def test_the_clock_is_doubted_in_a_sentence(page):
    assert "Hãy xem lại ngày giờ của máy" in page.doubt.text(), "the store was made after that day"


def test_space_marks_as_done_and_the_notice_takes_it_back(window, page):
    press(window, "Space")
    assert "Việc trễ" not in lines(page)
    assert page.current().what == "Việc hôm nay", "the next one is at hand"

    window.notices.act()
    QApplication.processEvents()
    assert lines(page)[0] == "Việc trễ"


def test_a_deadline_is_needed_to_be_done_or_postponed(page):
    buttons = [b for b in page.findChildren(QPushButton) if b.text().startswith(("Đã xong", "Hoãn"))]
    assert [button.isEnabled() for button in buttons] == [True, True]
    page.table.setCurrentIndex(QModelIndex())
    assert [button.isEnabled() for button in buttons] == [False, False]


def test_h_postpones_with_one_dialog_for_day_and_reason(page, monkeypatch):
    def execute(dialog):
        dialog.show()
        day, reason = (dialog.findChild(QLineEdit, f"fields.{name}") for name in ("day", "reason"))
        day.setText("31/2/2026")
        reason.setText("Cho co so gui anh")
        assert not dialog.act.isEnabled()
        assert dialog.findChild(QLabel, "fields.problem").text()
        day.setText("6/3/2026")
        QTest.keyClick(reason, Qt.Key.Key_Return)
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", execute)
    press(page, "H")

    assert lines(page)[1] == "Việc trễ"
    assert "Đã hoãn từ 01/3/2026" in page.detail.text()
    QTest.keyClick(page.table, Qt.Key.Key_Up)
    QTest.keyClick(page.table, Qt.Key.Key_Up)
    assert page.current().what == "Việc hôm nay", "headings are passed over"


@pytest.mark.usefixtures("page")
def test_enter_opens_the_task_and_alt_left_leads_back(window):
    press(window, "Return")
    assert window.page.title == "Việc trễ"

    press(window, "Alt+Left")
    assert isinstance(window.page, DeadlinesPage)


def test_ctrl_n_puts_a_task_down(window, page):
    press(window, "Ctrl+N")

    assert window.page.record.kind == "task"
    assert page.title == "Thời hạn"


def test_the_file_for_calendar_programs_is_written_where_the_officer_says(page, messages, tmp_path):
    messages.files.append(tmp_path / "lich.ics")

    page.export()

    assert (tmp_path / "lich.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert "lich.ics" in messages.said[-1]


def test_the_month_is_shown_as_it_will_be_printed(qtbot, page):
    dialog = page.month_dialog()
    qtbot.addWidget(dialog)

    assert dialog.status_text().startswith("1 trang, khổ A4 nằm ngang")
    dialog.reject()


def test_a_sheet_cannot_be_saved_for_word(qtbot, page, messages, tmp_path):
    messages.files.append(tmp_path / "lich.docx")
    dialog = page.month_dialog()
    qtbot.addWidget(dialog)

    dialog.save_word()

    assert list(messages.files) == [tmp_path / "lich.docx"]  # nobody was asked where to put it
    assert dialog.findChild(QPushButton, "preview.word") is None
    dialog.reject()


def test_the_overview_shows_the_first_ones_and_opens_them(window):
    box = window.page.due
    assert box.isVisible()
    assert box.heading.text().startswith("Thời hạn: 1 quá hạn, 2 trong tuần này")
    buttons = [button for button in box.findChildren(QPushButton) if button is not box.all and button.isVisible()]
    assert [button.text() for button in buttons] == ["Việc trễ", "Việc hôm nay", "Việc tuần này"]

    buttons[0].click()
    assert window.page.title == "Việc trễ"


def test_the_list_as_it_is_shown_is_printed_and_written_as_a_workbook(qtbot, page, messages, tmp_path):
    dialog = page.list_dialog()
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.windowTitle() == "Xem trước khi in"
    messages.files.append(tmp_path / "Thời hạn.xlsx")
    page.export_workbook()
    assert messages.said[-1].startswith("Đã xuất ")
    sheet = load_workbook(tmp_path / "Thời hạn.xlsx").active
    assert "Việc trễ" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_the_choices_above_the_list_come_back_in_the_next_session(qtbot, open_window, workspace):
    workspace.today = lambda: TODAY
    id_ = proposal(workspace, "Máy sấy chè (mẫu)")
    visit(workspace, id_)
    settings = Settings()
    page = _deadlines(open_window(workspace, settings))
    page.grouping.choose("unit")
    page.grouping.changed.emit()
    page.unit.choose(workspace.identity.unit.code)
    page.unit.changed.emit()
    assert headings(page) == [f"Trung tâm Khuyến công mẫu: {len(lines(page))}"]
    shown = lines(page)
    qtbot.waitUntil(lambda: page.warned.text().endswith("xem cảnh báo"), timeout=20_000)
    sentence = "1 đề án này sẽ phải trả kinh phí nếu không điều chỉnh kịp"
    assert page.warned.text() == f"{sentence} – xem cảnh báo"

    again = _deadlines(open_window(workspace, settings))
    assert (again.unit.value, again.officer.value, again.grouping.value) == ("TTKC-MAU", None, "unit")
    assert lines(again) == shown
    again.unit.choose(None)
    again.unit.changed.emit()
    again.grouping.choose(None)
    again.grouping.changed.emit()
    assert "deadlines" not in settings.views

    settings.views["deadlines"] = '{"unit": "KHONG-CO", "group": 7, "officer": ["x"]}'
    spoilt = _deadlines(open_window(workspace, settings))
    assert (spoilt.unit.value, spoilt.grouping.value) == (None, None)
    qtbot.waitUntil(lambda: spoilt.warned.text().endswith("xem cảnh báo"), timeout=20_000)
    spoilt.warned.click()
    assert spoilt.window().page.title == "Cảnh báo"


def _deadlines(window):
    """The page of deadlines in a new window."""
    press(window, "Alt+0")
    assert isinstance(window.page, DeadlinesPage)
    return window.page


@pytest.fixture
def contracted(workspace):
    """A national contract that runs, and the deadlines of the month after it was signed."""
    id_ = lives.write(workspace, "brand", "national")
    lives.approve(workspace, id_)
    contract = lives.sign(workspace, id_)
    with workspace.store.act("Thời hạn") as act:
        act.update(contract, {"due_on": "2026-03-31"})
    workspace.today = lambda: TODAY
    workspace.store.identity = replace(workspace.identity, created="2026-02-26T03:04:05+00:00")
    return contract


def test_enter_opens_the_paper_that_is_due(open_window, workspace, contracted, monkeypatch):
    window, opened = open_window(workspace), []
    monkeypatch.setattr(MonthDialog, "exec", lambda dialog: opened.append(dialog))
    QApplication.processEvents()
    box = window.page.due
    box.show_listing(replace(deadline_listing.listing(workspace), long_late=()))
    next(button for button in box.findChildren(QPushButton) if "tháng 3/2026" in button.toolTip()).click()
    QTest.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
    page = window.page
    due = next(due for due in page.shown_dues() if due.papers and not due.id and "tháng 3/2026" in due.what)
    row = next(row for row in range(page.model.rowCount()) if page.model.item(row).data(KEY) == due.key)
    page.table.setCurrentIndex(page.model.index(row, 0))
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    QTest.keyClick(page.table, Qt.Key.Key_G)
    assert [dialog.month.currentText() for dialog in opened] == ["Tháng 3/2026"] * 3, (
        "from the first page, by Enter, by G"
    )
    assert "Mẫu 3b" in opened[0].findChild(QComboBox, "preview.paper").currentText()
    (of_contract,) = (due for due in page.shown_dues() if due.id == contracted and "progress_report" in due.papers)
    shown = paper_dialog(page.context, of_contract, page)
    assert "(Mẫu 3a)" in shown.findChild(QComboBox, "preview.paper").currentText()
    for dialog in (*opened, shown):
        dialog.done(0)

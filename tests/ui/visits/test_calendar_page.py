"""Around the visit: the calendar and its day sheet, what is lacking before leaving, the next visit, flags."""

from datetime import date

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QPushButton

from kcdesk.errors import UserError
from kcdesk.services.records import changing, reading
from kcdesk.services.visits import day_sheet
from tests.ui.form_support import press

TODAY = date(2026, 3, 4)


@pytest.fixture
def window(open_window, workspace):
    workspace.today = lambda: TODAY
    return open_window(workspace)


def add(workspace, kind, **values):
    return changing.add(workspace, kind, values).items[0].id


@pytest.fixture
def proposal(workspace):
    beneficiary = add(workspace, "beneficiary", name="Cơ sở Mẫu", representative="Người Mẫu Một", phone="0912345678")
    return add(workspace, "proposal", title="Đề án mẫu", activity="machinery", beneficiaries=[beneficiary])


@pytest.fixture
def planned(workspace, proposal):
    """A visit planned for 5 March 2026."""
    return add(workspace, "acceptance", proposal=proposal, site="Xưởng chè", planned_on="5/3/26")


def close_with(workspace, id_, **data):
    """Make a visit final as it stands; what a complete one needs is not the matter here."""
    with workspace.store.act("Chốt") as act:
        act.update(id_, {"state": "final", **data})


def lines(page):
    return [page.lines.item(row).text() for row in range(page.lines.count())]


# -- the calendar ------------------------------------------------------


def test_today_can_be_gone_to_from_another_day_only(window, qtbot):
    window.go("acceptance")
    window.page.show_calendar()
    page = window.page
    assert page.day == TODAY
    assert not page.today_button.isEnabled()
    page.month.showNextMonth()
    assert page.today_button.isEnabled()
    qtbot.mouseClick(page.today_button, Qt.MouseButton.LeftButton)
    assert page.day == TODAY
    assert page.month.monthShown() == TODAY.month
    assert not page.today_button.isEnabled()


def test_a_long_line_of_the_calendar_is_read_whole(window, workspace, proposal):
    site = "Xưởng chế biến chè và nông sản của hợp tác xã " * 6
    add(workspace, "acceptance", proposal=proposal, site=site.strip()[:200], planned_on="5/3/26")
    press(window, "Alt+9")
    shown = window.page.lines
    heading, line = (shown.visualItemRect(shown.item(row)) for row in (0, 1))
    assert line.width() <= shown.viewport().width()
    assert line.height() >= 2 * shown.fontMetrics().height() > heading.height() - shown.fontMetrics().height()


def test_the_calendar_shows_what_there_is_to_do_on_which_day(window, planned):
    assert planned
    press(window, "Alt+9")
    page = window.page
    assert page.title == "Lịch nghiệm thu, kiểm tra"
    assert lines(page) == ["Thứ Năm, ngày 05 tháng 3 năm 2026", "Dự kiến nghiệm thu · Xưởng chè"]
    assert page.summary.text() == "1 việc trong tháng 03/2026."


def test_an_empty_month_says_how_visits_get_there(window):
    window.run_on("acceptance", "calendar")
    assert "Ngày dự kiến" in window.page.summary.text()
    window.page.month.setCurrentPage(2030, 1)
    assert "01/2030" in window.page.summary.text()


def test_a_line_opens_its_visit_and_esc_leads_back_to_the_calendar(window, planned):
    window.run_on("acceptance", "calendar")
    page = window.page
    page.show_day(date(2026, 3, 5))
    page.lines.setFocus()
    press(window, "Return")
    assert window.page.record_id == planned
    window.back()
    assert window.page is page
    window.back()
    assert window.page.title == "Nghiệm thu"


def test_a_visit_moved_to_another_day_moves_in_the_calendar(window, workspace, planned):
    window.run_on("acceptance", "calendar")
    page = window.page
    window.context.act(lambda: changing.set_values(workspace, planned, {"planned_on": "20/3/26"}))
    assert lines(page)[0] == "Thứ Sáu, ngày 20 tháng 3 năm 2026"


def test_only_a_day_with_something_to_do_has_a_sheet(window, planned):
    assert planned
    window.run_on("acceptance", "calendar")
    page = window.page
    assert page.main_action() is None
    page.month.setSelectedDate(QDate(2026, 3, 5))
    assert page.main_action().label == "In phiếu ngày 05/3/2026"
    assert page.commands()["print"].label == page.main_action().label


def test_the_sheet_of_a_day_holds_whom_to_meet_where(window, planned, messages, tmp_path):
    assert planned
    window.run_on("acceptance", "calendar")
    window.page.show_day(date(2026, 3, 5))
    dialog = window.page.preview_dialog()
    dialog.show()
    messages.files.append(tmp_path / "phieu.pdf")
    dialog.save()
    dialog.close()
    with PdfDocument(tmp_path / "phieu.pdf") as pdf:
        text = pdf[0].get_textpage().get_text_bounded()
    for answer in ("Thứ Năm, ngày 05 tháng 3 năm 2026", "Xưởng chè", "Người Mẫu Một", "0912 345 678", "Đề án mẫu"):
        assert answer in " ".join(text.split())


def test_a_day_without_anything_to_do_has_no_sheet(workspace, tmp_path):
    with pytest.raises(UserError, match="Không có việc nào"):
        day_sheet.print_day(workspace, TODAY, tmp_path / "x.pdf")


# -- before and after --------------------------------------------------


def test_what_is_lacking_leads_to_its_field(window, workspace, proposal):
    id_ = add(workspace, "acceptance", proposal=proposal, site="Xưởng chè")
    page = window.open_record(id_)
    assert "ready" in page.commands()
    dialog = page.ready_dialog()
    texts = [dialog.lines.item(row).text() for row in range(dialog.lines.count())]
    assert "Chưa có «Ngày dự kiến nghiệm thu»." in texts
    dialog.lines.itemActivated.emit(dialog.lines.item(texts.index("Chưa có «Ngày dự kiến nghiệm thu».")))
    assert dialog.wanted == "planned_on"


def test_conditions_lead_to_the_next_visit(window, workspace, planned):
    close_with(workspace, planned, conclusion="conditional", visited_on="2026-03-05")
    page = window.open_record(planned)
    assert page.main_action().label == "Lập lần nghiệm thu tiếp theo"
    press(window, "Ctrl+Return")
    assert window.page.record_id != planned
    assert window.page.record.value("previous") == planned


def test_a_second_visit_that_has_begun_is_not_begun_again(window, workspace, planned, messages):
    close_with(workspace, planned, conclusion="refused", visited_on="2026-03-05")
    page = window.open_record(planned)
    page.main_action().run()
    second = window.page.record_id
    changing.save(workspace, second, {"visited_on": "2026-04-02"})
    window.open_record(planned)
    window.page.main_action().run()
    assert "đã có lần sau" in messages.said[-1]
    assert reading.count(workspace, "acceptance") == 2
    assert second != planned


def test_an_accepted_visit_offers_the_later_check(window, workspace, planned):
    close_with(workspace, planned, conclusion="accepted", visited_on="2026-03-05")
    page = window.open_record(planned)
    assert page.main_action() is None
    page.commands()["revisit"].run()
    assert window.page.record.kind == "inspection"


# -- flags ---------------------------------------------------------------


@pytest.fixture
def twice(workspace, planned):
    """A visit of another proposal with a machine of the same serial number as one that was seen before."""
    changing.set_values(workspace, planned, {"machines": [{"name": "Máy sao", "serial_number": "SN-0042"}]})
    other = add(workspace, "proposal", title="Đề án khác", activity="machinery")
    return add(
        workspace,
        "acceptance",
        proposal=other,
        site="Xưởng miến",
        machines=[{"name": "Máy tráng", "serial_number": "SN-0042"}],
    )


def test_a_serial_number_of_another_dossier_is_flagged_with_a_link(qtbot, window, planned, twice):
    page = window.open_record(twice)
    assert page.flags.isVisible()
    assert "SN-0042" in page.flags.sentences()[0]
    link = next(button for button in page.flags.findChildren(QPushButton) if button.isVisible())
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert window.page.record_id == planned


def test_no_flag_no_box(window, planned):
    assert not window.open_record(planned).flags.isVisible()


def test_on_site_a_new_flag_is_said(window, workspace, twice, messages):
    row = workspace.store.record(twice).value("machines")[0]["id"]
    changing.set_values(workspace, twice, {f"machines/{row}/serial_number": "KHAC-1"})
    page = window.open_record(twice)
    page.enter_field_mode()
    window.context.act(lambda: changing.set_values(workspace, twice, {f"machines/{row}/serial_number": "SN-0042"}))
    assert "SN-0042" in messages.said[-1]

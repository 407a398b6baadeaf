"""«Tổng quan» for a chief: this year's money as the report gives it, warnings that lead to a draft, waits, backups."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from kcdesk.runtime.frozen import replace
from kcdesk.services.overview.year_money import year_money
from kcdesk.services.reporting import running
from kcdesk.services.reporting.figures import MONEY_UNITS, shown
from kcdesk.services.reporting.running import Wanted
from kcdesk.services.workspace import Workspace
from kcdesk.settings import Settings
from kcdesk.ui.dossier.dossier_page import DossierPage
from kcdesk.ui.planning.warnings_page import WarningsPage
from kcdesk.ui.reports.behind_dialog import BehindDialog
from kcdesk.ui.reports.chart_picture import ChartPicture
from tests.services.warnings.test_foresight import SENTENCE, insert, proposal, visit
from tests.ui.form_support import press, rest

TODAY = date(2026, 3, 5)


def approve(workspace: Workspace, year: int, month: int, support: int, programme: str, accepted: int = 0) -> str:
    """An approved proposal of 2 `month`, accepted on the 20th of the same month."""
    day = f"{year}-{month:02}-02"
    approved = {"approved_support": support, f"approved_{programme}": support, "decision_date": day}
    title = f"Đề án mẫu {year}-{month}"
    id_ = insert(
        workspace,
        "proposal",
        state="accepted",
        title=title,
        year=year,
        programme=programme,
        scheme="single",
        **approved,
    )
    if accepted:
        insert(
            workspace,
            "acceptance",
            id_,
            visited_on=f"{year}-{month:02}-20",
            conclusion="accepted",
            total_accepted_support=accepted,
        )
    return id_


@pytest.fixture
def filled(workspace):
    """2026: 300 + 100 triệu planned, 150 executed; 2025 until 5 March: 200 planned, 120 executed."""
    workspace.today = lambda: TODAY
    approve(workspace, 2026, 1, 300_000_000, "national", 150_000_000)
    approve(workspace, 2026, 2, 100_000_000, "local")
    approve(workspace, 2025, 2, 200_000_000, "local", 120_000_000)
    approve(workspace, 2025, 6, 900_000_000, "local")  # later in that year: not of the same days
    return workspace


@pytest.fixture
def window(qtbot, open_window, filled):
    window = open_window(filled)
    window.go("overview")
    qtbot.waitUntil(lambda: bool(window.page.money.texts()), timeout=20_000)
    return window


def test_the_figures_are_those_worked_out_by_hand_and_those_of_the_report(qtbot, window, filled):
    page = window.page
    assert page.money.heading.text() == "Kinh phí năm 2026, triệu đồng (đến ngày 05/3/2026)"
    assert page.money.texts() == [
        ["Khuyến công quốc gia", "300,0", "150,0", "50,0%", "0,0"],
        ["Khuyến công địa phương", "100,0", "0,0", "0,0%", "0,0"],
        ["Tổng cộng", "400,0", "150,0", "37,5%", "0,0"],
        ["Năm 2025 đến 05/3/2025", "200,0", "120,0", "60,0%", "0,0"],
        ["Tăng, giảm so với cùng kỳ", "+100,0%", "+25,0%", "−22,5 điểm", "–"],
    ]
    year = running.wanted_period("", "", "2026")
    table = running.run(filled, Wanted(name="funding", period=year, by=("source",)))
    for row, texts in zip(table.lines, page.money.texts(), strict=False):
        names = ("planned", "executed", "rate", "disbursed")
        figures = [shown(row.values[name], table.column(name), MONEY_UNITS[2]) for name in names]
        assert [text.removesuffix("%") for text in texts[1:]] == figures
    charts = page.money.findChildren(ChartPicture)
    assert [chart.accessibleName().split(";")[0] for chart in charts] == [
        "Biểu đồ: Kế hoạch và thực hiện (triệu đồng)",
        "Biểu đồ: Theo tháng (triệu đồng)",
    ]
    assert "Thực hiện: T1 150,0" in charts[1].accessibleName()
    page.money.report.click()
    assert window.page.title == "Báo cáo"
    qtbot.waitUntil(lambda: not window.context.worker.busy, timeout=20_000)


def test_a_figure_opens_the_records_behind_it(qtbot, window):
    def records(name):
        button = window.page.findChild(QPushButton, name)
        button.setFocus()
        press(button, "Return") if name.endswith("planned") else button.click()
        found = lambda: [each for each in window.page.findChildren(BehindDialog) if each.isVisible()]  # noqa: E731
        qtbot.waitUntil(lambda: bool(found()), timeout=20_000)
        (dialog,) = found()
        rows = dialog.lines.lines_model
        cells = [[rows.index(row, column).data() for column in (0, 2)] for row in range(rows.rowCount())]
        return dialog, cells

    dialog, cells = records("overview.money.3.planned")  # the total of the year
    assert cells == [["Đề án mẫu 2026-1", "300,0 triệu đồng"], ["Đề án mẫu 2026-2", "100,0 triệu đồng"]]
    assert dialog.heading.text() == "Kế hoạch: Tổng cộng"
    dialog.reject()
    dialog, cells = records("overview.money.4.executed")  # the same days of the year before
    assert [value for _title, value in cells] == ["120,0 triệu đồng"]
    dialog.lister.click()
    assert window.page.model.rowCount() == 1
    window.back()
    dialog, cells = records("overview.money.2.planned")
    assert cells == [["Đề án mẫu 2026-2", "100,0 triệu đồng"]]
    dialog.opener.click()
    assert window.page.title == "Đề án mẫu 2026-2"


def test_a_year_without_figures_shows_the_last_one_that_has_some(filled):
    filled.today = lambda: date(2027, 1, 10)
    money = year_money(filled)
    assert money is not None
    assert money.title == "Kinh phí năm 2026, triệu đồng (cả năm)"
    assert money.compared[0][0] == "Năm 2025"
    filled.today = lambda: date(2024, 1, 10)
    assert year_money(filled) is None


def test_every_level_compares_the_offices_below(filled):
    places = {name: filled.places.search(name, 1)[0].commune for name in ("phuong ba dinh", "phuong ninh kieu")}
    with filled.store.act("Nạp") as act:
        for stored in filled.store.page("proposal"):
            is_north = stored.data["programme"] == "national"
            act.update(stored.id, {"place": {"commune": places["phuong ba dinh" if is_north else "phuong ninh kieu"]}})
    said = {}
    for level in ("lower", "province", "region", "nation"):
        filled.store.identity = replace(filled.identity, unit=replace(filled.identity.unit, level=level))
        money = year_money(filled)
        assert money is not None
        said[level] = [words for words, _png in money.charts]
    assert said["lower"][0].endswith("Thực hiện: Khuyến công quốc gia 150,0, Khuyến công địa phương 0,0")
    assert said["province"] == said["lower"], "only one office: nothing to compare but the sources"
    assert "Thành phố Hà Nội 300,0" in said["region"][0]
    assert "Thành phố Cần Thơ 100,0" in said["region"][0]
    assert "phía Bắc 300,0, Các tỉnh, thành phố phía Nam 100,0" in said["nation"][0]


def test_where_dossiers_wait_is_said_with_the_days(qtbot, window, filled):
    sent = insert(filled, "proposal", state="sent", title="Chờ (mẫu)")
    with filled.store.act("Nạp") as act:
        act.update(sent, {"title": "Chờ mẫu"})
    filled.today = lambda: date(2099, 1, 1)  # long after the state was written
    window.page.on_leave()
    window.go("proposal")
    window.go("overview")
    window.page.refresh(None, None)
    name = "overview.number.examining"
    qtbot.waitUntil(lambda: "lâu nhất" in window.page.findChild(QPushButton, name).accessibleName(), timeout=20_000)
    assert window.page.findChild(QPushButton, name).accessibleName().startswith("Chờ cấp tỉnh: 1, lâu nhất ")


def test_a_warning_leads_from_the_first_page_to_the_draft(qtbot, open_window, filled):
    endangered = proposal(filled, "Máy sấy chè (mẫu)")
    visit(filled, endangered)
    window = open_window(filled)
    window.go("proposal")
    window.go("overview")
    page = window.page
    warned = "1 đề án này sẽ phải trả kinh phí nếu không điều chỉnh kịp"
    qtbot.waitUntil(lambda: any(text.startswith(warned) for text in page.work.texts()), timeout=20_000)
    assert page.work.isAncestorOf(QApplication.focusWidget()), "the keyboard stays at the top when more lines come"
    sentence = next(text for text in page.work.texts() if text.startswith(warned))
    assert sentence == f"{warned} – gấp nhất: Máy sấy chè (mẫu), nên đề nghị trước ngày 04/5/2026"
    standing = page.standing.texts()
    assert standing[0].startswith("Bàn giao: chưa gửi gói nào, ")
    assert standing[1].startswith("Sao lưu: ")
    assert standing[1].endswith("ngoài máy này chưa có")
    button = next(button for button in page.work.findChildren(QPushButton) if button.text() == "Xem cảnh báo")
    button.click()
    assert isinstance(window.page, WarningsPage)
    assert window.page.summary.text() == f"{warned} (ngày 05/3/2026, xét 1 đề án)."
    assert SENTENCE in window.page.detail.text()
    assert "chưa có văn bản quy định" in window.page.detail.text()
    press(window, "Return")
    assert isinstance(window.page, DossierPage)
    assert window.page.record_id == endangered
    window.back()
    press(window, "Ctrl+Return")
    draft = filled.store.record(window.page.record_id)
    assert (draft.kind, draft.value("proposal"), draft.value("situation")) == ("adjustment", endangered, SENTENCE)


def test_what_a_page_left_at_once_has_not_read_is_read_when_it_comes_back(qtbot, open_window, filled):
    window = open_window(filled)
    window.go("overview")
    page = window.page
    rest()  # today's work is read; the pause before the other questions is not over
    window.go("proposal")
    page.questions.hurry()
    assert page.money.texts() == []
    window.go("overview")
    qtbot.waitUntil(lambda: bool(window.page.money.texts()), timeout=20_000)
    assert window.page.standing.texts()


def test_a_backup_made_elsewhere_is_told_on_the_way_back(qtbot, window):
    qtbot.waitUntil(lambda: bool(window.page.standing.texts()), timeout=20_000)
    assert "chưa có bản nào" in window.page.standing.texts()[-1]
    window.go("settings")
    window.page.back_up()
    window.go("overview")
    qtbot.waitUntil(lambda: "mới nhất" in window.page.standing.texts()[-1], timeout=20_000)


def test_what_comes_late_moves_nothing_that_is_read_or_pressed(qtbot, open_window, filled):
    """A session before has seen how high the answers are: their room is kept for them."""

    def places(page):
        buttons = page.work.findChildren(QPushButton)
        return {button.accessibleName(): button.mapTo(page, button.rect().topLeft()) for button in buttons}

    visit(filled, proposal(filled, "Máy sấy chè (mẫu)"))
    settings = Settings(page="overview")
    window = open_window(filled, settings)
    qtbot.waitUntil(lambda: "overview.columns.height" in settings.views, timeout=20_000)
    assert window.page.money.texts()
    window.close()
    window = open_window(filled, settings)
    page = window.page
    rest()  # today's work is read; money, warnings and backups are not
    rest()  # and its lines are broken at their width
    assert page.money.texts() == []
    parts = (page.numbers, page.due, page.recent)
    before, buttons = [part.mapTo(page, part.rect().topLeft()) for part in parts], places(page)
    page.questions.hurry()
    qtbot.waitUntil(lambda: bool(page.money.texts()) and not page.questions.are_open, timeout=20_000)
    rest()
    assert [part.mapTo(page, part.rect().topLeft()) for part in parts] == before
    after = places(page)
    assert len(after) > len(buttons), "the warning has come"
    assert {name: after[name] for name in buttons} == buttons

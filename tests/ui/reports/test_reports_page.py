"""The page «Báo cáo» by keys and clicks; the figures are reckoned here, from the records of this module."""

import shutil
from datetime import date

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPushButton, QTreeWidget

from kcdesk.app import build_window
from kcdesk.documents import preview
from kcdesk.services.maintenance import opening
from kcdesk.services.records import changing
from kcdesk.settings import Settings
from kcdesk.ui.dossier.list_page import ListPage
from kcdesk.ui.reports.chart_picture import ChartPicture
from kcdesk.ui.reports.report_paper_dialog import ReportPaperDialog
from tests.ui.conftest import ScriptedMessages
from tests.ui.form_support import press, rest, type_text

MILLION = 1_000_000
LONG_NAME = "Hỗ trợ máy móc chế biến chè, măng và dược liệu cho hợp tác xã của các xã vùng cao " * 3


class Desk:
    """The window of this module over a store with money of two years."""

    def __init__(self, folder, theme):
        self.settings = Settings()
        self.messages = ScriptedMessages()
        self.workspace = opening.open_workspace(folder)
        self.workspace.today = lambda: date(2025, 11, 28)
        self.ids = dict(self._money())
        self.theme = theme
        self.open()

    def open(self):
        """Open the window with what the settings have kept."""
        self.window = build_window(self.workspace, self.settings, self.theme, self.messages)
        self.window.resize(1366, 768)
        self.window.show()
        self.come_back()

    def come_back(self):
        """Have the keyboard in the window again, as a desktop does after a dialog."""
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)

    def close(self):
        """Close the window, not the store."""
        self.window.close()
        self.window.context.worker.close()
        self.window.deleteLater()
        rest()

    def _money(self):
        """2025: 880 planned, 450 executed, 600 counterpart, 100 still asked for; 2024: 200 planned. Millions."""
        with self.workspace.store.act("Nạp dữ liệu mẫu") as act:

            def insert(kind, parent=None, **values):
                form = self.workspace.forms.current(kind).reference
                above = {"proposal": parent} if parent else {}
                return act.insert(kind, form, {"revision": 1, **above, **values}, parent)

            local = {"programme": "local", "activity": "machinery"}
            yield "planned", insert(
                "proposal", state="approved", title=LONG_NAME, year=2025, decision_date="2025-03-10",
                approved_support=340 * MILLION, **local,
            )  # fmt: skip
            accepted = insert(
                "proposal", state="accepted", title="Đề án quốc gia", year=2025, decision_date="2025-05-20",
                approved_support=540 * MILLION, programme="national", activity="machinery",
            )  # fmt: skip
            yield "accepted", accepted
            yield "minutes", insert(
                "acceptance", accepted, state="final", visited_on="2025-09-30",
                total_accepted_support=450 * MILLION, total_accepted_counterpart=600 * MILLION,
            )  # fmt: skip
            insert("proposal", state="approved", title="Năm trước", year=2024, decision_date="2024-04-01",
                   approved_support=200 * MILLION, **local)  # fmt: skip
            insert("proposal", state="draft", title="Nháp", year=2025, requested_support=100 * MILLION, **local)

    # -- what is seen ----------------------------------------------------------------------------------------------

    @property
    def page(self):
        """The page, after every question is answered."""
        self.window.go("reports")
        return self.settled()

    def settled(self):
        """Wait until the latest question is answered."""
        page = self.window.page
        for _ in range(1000):
            rest()
            if not self.window.context.worker.busy:
                break
            QTest.qWait(5)
        rest()
        return page

    def dialog(self, name):
        """The open dialog of this name."""
        self.settled()
        shown = (widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QDialog))
        return next(dialog for dialog in shown if dialog.objectName() == name and dialog.isVisible())

    def rows(self):
        """The rows of the table as texts, without the column of labels: by label."""
        model = self.page.view.table.figures
        texts = [
            [model.index(row, column).data() for column in range(model.columnCount())]
            for row in range(model.rowCount())
        ]
        return {label: dict(zip(model.names()[1:], cells, strict=True)) for label, *cells in texts}

    def choose(self, name, period="2025"):
        """Choose a report with the choices of a new officer, and a period."""
        for kept in [kept for kept in self.settings.views if kept.startswith("report")]:
            del self.settings.views[kept]
        other = "late" if name != "late" else "funding"
        for report in (other, name):
            self.page.list.choose(report)
        self.settled()
        self.ask(period)
        return self.page

    def ask(self, period):
        """Type a period and press Enter."""
        self.come_back()
        box = self.window.page.view.choices.period
        box.setFocus()
        box.lineEdit().selectAll()
        assert box.lineEdit().hasFocus()
        type_text(period)
        press(self.window, "Return")
        return self.settled()

    def go_to(self, row, column):
        """Go to a figure with the keyboard in the table."""
        self.come_back()
        table = self.window.page.view.table
        table.setFocus()
        table.go_to(row, column)
        assert table.place() == (row, column)
        return table


@pytest.fixture(scope="module")
def desk(practice_store, tmp_path_factory, theme):
    folder = tmp_path_factory.mktemp("reports") / "store"
    made = Desk(shutil.copytree(practice_store, folder), theme)
    yield made
    made.close()
    made.workspace.close()


@pytest.fixture(autouse=True)
def nothing_is_left():
    """A test that fails leaves no dialog that would take the keys of the next one."""
    yield
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog) and widget.isVisible():
            widget.close()


def test_the_list_is_grouped_searched_and_led_by_the_keyboard(desk):
    page = desk.page
    assert "Kinh phí khuyến công: kế hoạch và thực hiện" in page.list.titles()
    assert [page.list.item(0).text(), bool(page.list.item(0).flags())] == ["Kinh phí, hợp đồng", False]
    press(desk.window, "Ctrl+F")
    type_text("lap sau han")  # a figure of the report on delay
    assert desk.window.header.search.text() == "lap sau han"
    desk.window.header.search.search_now()
    desk.settled()
    assert page.list.titles() == ["Đề án, hồ sơ chậm tiến độ"]
    assert page.view.answer.report.id == "late", "the chosen one is not shown any more, so the first one is chosen"
    page.search("")
    page.list.setFocus()
    page.list.choose("funding")
    press(desk.window, "Down")
    desk.settled()
    assert page.view.answer.report.id == page.list.name() != "funding"
    press(desk.window, "Return")
    assert page.view.table.hasFocus()


def test_the_figures_are_those_of_the_records(desk):
    desk.choose("funding")
    rows = desk.rows()
    assert list(rows) == ["Khuyến công quốc gia", "Khuyến công địa phương", "Tổng cộng"]
    assert rows["Khuyến công quốc gia"] | {"planned": "540.000.000", "rate": "83,3"} == rows["Khuyến công quốc gia"]
    assert rows["Khuyến công địa phương"]["executed"] == "0"
    total = rows["Tổng cộng"]
    assert (total["planned"], total["executed"], total["counterpart"]) == ("880.000.000", "450.000.000", "600.000.000")
    assert (total["rate"], total["counterpart_share"]) == ("51,1", "57,1")  # 450 of 880; 600 of 1,050
    note = "Không tính 1 đề án chưa được phê duyệt, đề nghị hỗ trợ (100.000.000 đồng)."
    assert desk.page.view.answer.notes == (note,)
    assert desk.page.view.heading.text() == "Kinh phí khuyến công: kế hoạch và thực hiện – Năm 2025"
    assert len(desk.page.view.foot.findChildren(ChartPicture)) == 1

    choices = desk.page.view.choices
    choices.money.setCurrentIndex(choices.money.findData("tỷ đồng"))
    choices.by.setCurrentIndex(choices.by.findData("quarter"))
    choices.by.activated.emit(choices.by.currentIndex())
    desk.settled()
    rows = desk.rows()
    assert rows["Quý I/2025"]["planned"] == "0,3"
    assert rows["Quý II/2025"]["planned"] == "0,5"
    assert rows["Quý III/2025"]["executed"] == "0,5"  # 0.45, halves up
    assert rows["Quý IV/2025 (chưa thực hiện)"]["rate"] == "–"
    assert desk.page.view.answer.notes[-1] == ("Kế hoạch: các phần cộng lại 0,8 so với 0,9 tỷ đồng đã in, do làm tròn.")


def test_last_year_stands_beside_each_figure(desk):
    desk.choose("funding")
    box = desk.page.view.choices.last_year
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center() * 0.2)
    total = desk.rows()["Tổng cộng"]
    assert (total["planned"], total["planned.before"], total["planned.change"]) == (
        "880.000.000",
        "200.000.000",
        "340,0",
    )
    assert (total["rate"], total["rate.before"], total["rate.change"]) == ("51,1", "0,0", "51,1")
    assert total["executed.change"] == "–", "nothing to divide by"
    desk.go_to("total", "planned.before")
    press(desk.window, "Return")
    dialog = desk.dialog("behind")
    assert dialog.sums.text() == "Kế hoạch: 1 hồ sơ, cộng 200.000.000 đồng"
    dialog.close()
    desk.go_to("total", "planned.change")
    press(desk.window, "Return")
    assert desk.messages.said[-1] == "Số tăng, giảm tính từ hai số bên trái: hãy mở từng số."

    desk.ask("Tất cả các kỳ")
    problem = desk.page.view.problem.text()
    assert problem.startswith("So với năm trước cần một kỳ có ngày đầu và ngày cuối.")
    assert problem.endswith("Bảng dưới đây vẫn của: năm 2025.")


def test_a_period_that_cannot_be_read_is_refused_beside_its_box(desk):
    desk.choose("funding")
    desk.ask("2025-Q5")
    view = desk.page.view
    assert view.problem.isVisible()
    assert view.problem.text().startswith("“2025-Q5”")
    assert view.problem.text().endswith("Bảng dưới đây vẫn của: năm 2025.")
    assert view.heading.text().endswith("Năm 2025")
    desk.ask("quý II/2025")
    assert not view.problem.isVisible()
    assert view.heading.text().endswith("Quý II/2025")
    assert desk.rows()["Tổng cộng"]["planned"] == "540.000.000"
    desk.ask("Từ đầu năm đến nay")
    assert view.heading.text().endswith("Từ ngày 01/01/2025 đến ngày 28/11/2025")
    desk.ask("từ 1/3/2025 đến 31/3/2025")
    assert view.heading.text().endswith("Tháng 3/2025")


def test_an_older_answer_never_stands_below_newer_choices(desk):
    page = desk.choose("funding")
    seen = []
    page.view.answered.connect(lambda: seen.append(page.view.answer and page.view.answer.table.period_name))
    for year in ("2023", "2024", "2025"):  # not one is answered before the next is asked
        page.view.choices.period.setEditText(year)
        page.view.ask()
        assert page.view.heading.text() == "Đang tính…"
    desk.settled()
    assert seen == ["Năm 2025"]
    assert page.view.heading.text().endswith("Năm 2025")
    page.view.choices.period.setEditText("2024")
    page.view.ask()
    page.list.choose("contracts")  # the money of 2024 comes for a page that shows contracts
    assert page.view.answer is None
    desk.settled()
    assert page.view.answer.report.id == "contracts"
    page.view.ask()
    desk.window.status.stop()  # «Dừng»
    desk.settled()
    # It may have been answered before it could be stopped.
    assert page.view.problem.text() in ("", "Đã dừng, chưa tính xong. Bảng dưới đây vẫn của: năm 2025.")
    assert page.view.heading.text().endswith("Năm 2025")


def test_a_change_asks_again_for_a_report_that_was_never_answered(desk):
    page = desk.choose("funding")
    page.list.choose("contracts")
    page.view.questions.forget()
    page.refresh(None, None)
    desk.settled()
    assert page.view.answer is not None
    assert page.view.answer.report.id == "contracts"


def test_enter_opens_exactly_the_records_behind_a_figure(desk):
    desk.choose("funding")
    desk.go_to("total", "planned")
    press(desk.window, "Return")
    dialog = desk.dialog("behind")
    assert dialog.heading.text() == "Kế hoạch – Tổng cộng: 880.000.000 đồng"
    assert dialog.sums.text() == "Kế hoạch: 2 hồ sơ, cộng 880.000.000 đồng"
    lines = dialog.lines.lines_model.lines
    assert [line.cells[2] for line in lines] == ["540.000.000 đồng", "340.000.000 đồng"]
    QTest.mouseClick(dialog.findChild(QPushButton, "behind.list"), Qt.MouseButton.LeftButton)
    page = desk.settled()
    assert isinstance(page, ListPage)
    assert page.model.rowCount() == 2
    chip = next(chip for chip in page.chips.chips if chip.name == "id")
    assert chip.toolTip() == "Chỉ hồ sơ: đứng sau số «Kế hoạch – Tổng cộng: 880.000.000 đồng»"
    assert page.count.text().startswith("2 ")
    chip.menu().actions()[0].trigger()  # «Tất cả»
    assert page.model.rowCount() == 4
    desk.come_back()
    press(desk.window, "Alt+Left")
    assert desk.window.page.title == "Báo cáo"

    desk.go_to("total", "rate")
    press(desk.window, "Return")
    dialog = desk.dialog("behind")
    assert dialog.sums.text().split("\n") == [
        "Thực hiện: 1 hồ sơ, cộng 450.000.000 đồng",
        "Kế hoạch: 2 hồ sơ, cộng 880.000.000 đồng",
    ]
    labels = [action.text() for action in dialog.list_menu().actions()]
    assert labels == ["Nghiệm thu (1)", "Đề án (2)"]
    dialog.lines.setFocus()
    press(dialog, "Return")
    assert desk.settled().record_id == desk.ids["minutes"]
    press(desk.window, "Alt+Left")


def test_f7_tells_why_and_prints_the_evidence(desk, tmp_path):
    desk.choose("funding")
    desk.go_to("total", "rate")
    desk.window.menu_actions["why"].trigger()  # F7
    dialog = desk.dialog("why")
    root = dialog.findChild(QTreeWidget, "why.tree").topLevelItem(0)
    assert (root.text(1), root.childCount()) == ("51,1%", 2)
    assert root.text(2).startswith("450.000.000 ÷ 880.000.000 × 100")
    sheet = dialog.sheet()
    desk.messages.files.append(tmp_path / "one.pdf")
    sheet.save()
    assert "880.000.000" in preview.page_text(tmp_path / "one.pdf", 0)
    sheet.reject()
    dialog.close()

    evidence = desk.page.outputs.evidence_dialog()
    evidence.show()
    desk.settled()
    desk.messages.files.append(tmp_path / "all.pdf")
    evidence.save()
    desk.settled()
    pages = range(preview.page_count(tmp_path / "all.pdf"))
    text = "\n".join(preview.page_text(tmp_path / "all.pdf", page) for page in pages)
    assert "PHỤ LỤC GIẢI TRÌNH SỐ LIỆU" in text
    assert "Kỳ báo cáo: Năm 2025" in " ".join(text.split())
    assert "51,1%" in text
    evidence.close()


def test_cells_and_the_whole_table_are_copied(desk):
    desk.choose("funding")
    table = desk.go_to("national", "planned")
    clipboard = QApplication.clipboard()
    press(desk.window, "Ctrl+C")
    assert clipboard.text() == "540000000"
    press(desk.window, "Home")
    assert table.currentIndex().column() == 0
    press(desk.window, "Shift+End")
    press(desk.window, "Ctrl+C")
    cells = clipboard.text().split("\t")
    assert (cells[0], cells[1], cells[3]) == ("Khuyến công quốc gia", "540000000", "83,3")
    press(desk.window, "Ctrl+End")
    assert table.place() == ("total", "proposals")
    press(desk.window, "Ctrl+Shift+C")
    lines = clipboard.text().split("\n")
    assert lines[0].startswith("Nguồn kinh phí\tKế hoạch (đồng)\t")
    assert len(lines) == 4
    html = clipboard.mimeData().html()
    assert 'x:num="880000000"' in html
    assert ">880.000.000</td>" in html
    assert desk.messages.said[-1].startswith("Đã chép 3 dòng")


def test_the_menu_of_the_outputs_is_gone_when_it_closes(desk):
    page = desk.choose("funding")
    before = len(page.findChildren(QMenu))
    page.pop_up_outputs()
    QApplication.activePopupWidget().close()
    rest()
    assert len(page.findChildren(QMenu)) == before


def test_the_outputs_write_what_is_shown(desk, tmp_path):
    page = desk.choose("funding")
    labels = [action.text().split("\t")[0] for action in page.outputs.menu().actions() if action.text()]
    assert labels[:6] == ["Xem và in…", "PDF để in, ký…", "Word…", "Excel…", "CSV…", "Hình biểu đồ…"]
    for kind in ("xlsx", "csv", "png", "docx", "pdf"):
        path = tmp_path / f"r.{kind}"
        desk.messages.files.append(path)
        page.outputs.save(kind)
        desk.settled()
        assert path.stat().st_size > 100
        assert desk.messages.said[-1] == f"Đã ghi r.{kind} vào {tmp_path.name}."
    assert desk.window.notices.can_act(), "«Mở tệp»"
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    assert [sheet.cell(row, 2).value for row in (5, 6)] == [540_000_000, 340_000_000]
    assert "880.000.000" in preview.page_text(tmp_path / "r.pdf", 0)
    dialog = page.outputs.preview_dialog()
    assert isinstance(dialog, ReportPaperDialog)
    dialog.show()
    desk.settled()
    assert dialog.status_text() == "2 trang, khổ A4 nằm ngang"
    assert dialog.findChild(QPushButton, "preview.word").isEnabled()
    assert dialog.findChild(QPushButton, "preview.archive") is None
    dialog.close()


def test_what_a_figure_means_is_told_by_tip_and_help(desk):
    page = desk.choose("funding")
    table = desk.go_to("total", "counterpart_share")
    column = table.currentIndex().column()
    head = table.figures.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert "Đối ứng chia cho thực hiện cộng đối ứng." in head
    assert "Căn cứ: Báo cáo của Sở Công Thương Bình Thuận" in head
    desk.window.help.show_here()
    drawer = desk.window.help.drawer
    assert drawer.topic == "report.funding.counterpart_share"
    assert "Đối ứng chia cho thực hiện" in drawer.text.toPlainText()
    drawer.show_topics(["report.funding"])
    assert "Kinh phí khuyến công đã giải ngân" in drawer.text.toPlainText()
    desk.window.help.close()
    assert page.view.table.isVisible()


def test_the_choices_of_each_report_come_back_after_a_restart(desk):
    desk.choose("funding", "quý II/2025")
    choices = desk.page.view.choices
    choices.by.setCurrentIndex(choices.by.findData("year"))
    choices.by.activated.emit(choices.by.currentIndex())
    desk.settled()
    desk.page.list.choose("late")
    desk.settled()
    desk.page.list.choose("funding")
    desk.settled()
    assert desk.page.view.heading.text().endswith("Quý II/2025")
    desk.close()
    desk.open()
    page = desk.page
    assert page.view.answer.report.id == "funding"
    assert page.view.heading.text().endswith("Quý II/2025")
    assert list(desk.rows()) == ["Năm 2025", "Tổng cộng"]


def test_the_search_over_everything_finds_reports(desk):
    desk.choose("funding")
    search = desk.window.global_search
    search.pop_up()
    type_text("cham tien do")
    search.box.search_now()
    for _hit in search.hits():
        if search.results.currentIndex().data() != "Đề án, hồ sơ chậm tiến độ":
            press(search, "Down")
    press(search, "Return")
    desk.come_back()
    desk.settled()
    assert desk.page.view.answer.report.id == "late"


def test_a_change_of_a_record_is_in_the_figures(desk):
    desk.choose("funding")
    desk.window.open_record(desk.ids["planned"])
    total = {"unit_name": "Sở cũ", "year_from": 2025, "year_to": 2025, "programme": "local", "planned": 10 * MILLION}
    made = desk.window.context.act(lambda: changing.add(desk.workspace, "opening_total", total))
    assert made is not None
    assert desk.rows()["Tổng cộng"]["planned"] == "890.000.000"


def test_reports_without_figures_say_so_and_lead_out(desk, monkeypatch):
    monkeypatch.setattr(QDialog, "exec", lambda _dialog: 0)  # to which vote the product belongs: given up
    begun = []
    desk.choose("funding", "2019")
    view = desk.page.view
    assert view.empty.text() == "Không có số nào trong kỳ này (năm 2019)."
    QTest.mouseClick(view.way_out, Qt.MouseButton.LeftButton)
    desk.settled()
    assert view.heading.text().endswith("Tất cả các kỳ")
    assert not view.way_out.isVisible()
    desk.page.list.choose("products")  # no vote at all
    desk.settled()
    assert view.empty.text().startswith("Kho này chưa có ")
    view.begin_wanted.connect(begun.append)
    QTest.mouseClick(view.way_out, Qt.MouseButton.LeftButton)
    assert begun == [view.answer.report.subject]

"""«Nhập từ Excel…» by keys: a sheet is read, matched, answered, taken in as one act, and undone."""

from __future__ import annotations

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from kcdesk.services.intake.cell_answers import SheetAnswers
from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.intake.sheet_loading import prepare_load
from kcdesk.services.records import changing
from kcdesk.ui.intake.sheet_lines import SheetLines
from kcdesk.ui.intake.sheet_page import SheetPage
from tests.services.intake.sheet_rows import saved

ROWS = [
    ["STT", "Tên doanh nghiệp", "Mã số thuế", "Số điện thoại", "Vốn (triệu đồng)", "Cột lạ"],
    [1, "Công ty TNHH Mây tre Sao Mai", 100200309, "0912 345 678", "612,5", "a"],
    [2, "Cơ sở rèn Tư Đồng", "cũ", "0912.345.679", "47.875", "b"],
    [3, "HTX Chè Ông Ích", None, "không có", 180, "c"],
    [None, "Tổng cộng", None, None, "=SUM(E2:E4)", None],
]


@pytest.fixture
def sheet(tmp_path):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    path = tmp_path / "Danh sách cũ.xlsx"
    book.save(path)
    return path


@pytest.fixture
def page(context, sheet, qtbot):
    page = SheetPage(context, "beneficiary", sheet)
    qtbot.addWidget(page)
    page.resize(1100, 640)
    page.show()
    page.on_show()
    qtbot.waitUntil(lambda: page.loaded is not None, timeout=20_000)
    return page


def settled(page, qtbot):
    """Wait until the rows are judged with the last answer."""
    qtbot.waitUntil(lambda: page.main_action() is not None, timeout=20_000)


def line(table, start):
    """Make the line current whose key begins so; returns its cells."""
    wanted = next(line for line in table.lines_model.lines if line.key.startswith(start))
    table.go_to(wanted.key)
    return list(wanted.cells)


def test_a_sheet_is_answered_by_keys_taken_in_and_undone(page, qtbot, context):
    settled(page, qtbot)
    questions = page.questions
    assert page.main_action().label == "Nhận 3 hồ sơ"
    assert line(questions.table, "E3")[2:4] == ["47.875", "47.875.000 đồng"]
    qtbot.keyClick(questions.table, Qt.Key.Key_Return)
    assert page.answers.cells["E3"].choice == "taken"
    line(questions.table, "C3")
    qtbot.keyClick(questions.table, Qt.Key.Key_Return)  # nothing is suggested: the keyboard goes to the value
    questions.value.setText("0100200300")
    qtbot.keyClick(questions.value, Qt.Key.Key_Return)
    assert "chữ số kiểm tra" in questions.whole.text()
    questions.value.setText("1102200338")
    qtbot.keyClick(questions.value, Qt.Key.Key_Return)
    line(questions.table, "D4")
    questions.leave.click()
    qtbot.waitUntil(lambda: "không có" not in str(page.judged.refused) and not page.progress.busy, timeout=20_000)
    settled(page, qtbot)
    page.take_in()
    qtbot.waitUntil(lambda: page.summary.text().startswith("Đã nhận"), timeout=20_000)
    store = context.workspace.store
    by_name = {row.data["name"]: row.data for row in map(store.record, [plan.id for plan in page.judged.to_write])}
    smith = by_name["Cơ sở rèn Tư Đồng"]
    assert (smith["tax_code"], smith["phone"], smith["capital"]) == ("1102200338", "0912345679", 47_875_000)
    assert by_name["Công ty TNHH Mây tre Sao Mai"]["capital"] == 612_500_000
    assert by_name["HTX Chè Ông Ích"].get("phone") is None
    assert page.main_action() is None
    changing.undo(context.workspace)
    assert all(store.get(plan.id).deleted for plan in page.judged.to_write)


def test_another_field_and_another_unit_for_a_column(page, qtbot):
    settled(page, qtbot)
    columns = page.columns
    page.tabs.setCurrentIndex(0)
    assert line(columns.table, "F")[4] == "(không nhận)"
    columns.target.setCurrentIndex(columns.target.findData("note"))
    columns.target.activated.emit(columns.target.currentIndex())
    qtbot.waitUntil(lambda: page.loaded.match.columns[5].target is not None, timeout=20_000)
    settled(page, qtbot)
    assert line(columns.table, "F")[4] == "Ghi chú"
    line(columns.table, "E")
    assert (columns.unit.isVisibleTo(columns), columns.unit.currentData()) == (True, 1_000_000)
    columns.unit.setCurrentIndex(columns.unit.findData(1000))
    columns.unit.activated.emit(columns.unit.currentIndex())
    qtbot.waitUntil(lambda: page.loaded.match.units.get("E") == 1000, timeout=20_000)
    row = next(row for row in page.loaded.rows if row.number == 4)
    assert row.values["capital"] == 180_000


def test_another_field_for_a_column_keeps_the_answers_about_the_others(page, qtbot):
    settled(page, qtbot)
    line(page.questions.table, "E3")
    qtbot.keyClick(page.questions.table, Qt.Key.Key_Return)
    settled(page, qtbot)
    line(page.questions.table, "D4")
    page.questions.leave.click()
    settled(page, qtbot)
    line(page.columns.table, "F")
    page.columns.target.setCurrentIndex(page.columns.target.findData("note"))
    page.columns.target.activated.emit(page.columns.target.currentIndex())
    qtbot.waitUntil(lambda: page.loaded.match.columns[5].target is not None, timeout=20_000)
    qtbot.waitUntil(lambda: "E3" not in {cell.cell for cell in page.judged.asked}, timeout=20_000)
    assert set(page.answers.cells) == {"E3", "D4"}
    line(page.columns.table, "E")
    page.columns.unit.setCurrentIndex(page.columns.unit.findData(1000))
    page.columns.unit.activated.emit(page.columns.unit.currentIndex())
    assert set(page.answers.cells) == {"D4"}  # the amount means something else now


def test_a_good_cell_is_corrected_among_the_rows(page, qtbot):
    settled(page, qtbot)
    page.tabs.setCurrentIndex(1)
    panel = page.row_panel
    line(page.rows, "2")
    panel.cell.setCurrentIndex(panel.cell.findData("D2"))
    panel.cell.activated.emit(panel.cell.currentIndex())
    assert panel.value.text() == "0912 345 678"
    panel.value.setText("12")
    qtbot.keyClick(panel.value, Qt.Key.Key_Return)
    assert "D2" not in page.answers.cells
    panel.value.setText("0912 000 111")
    qtbot.keyClick(panel.value, Qt.Key.Key_Return)
    assert "D2" in page.answers.cells
    settled(page, qtbot)
    wanted = ["0912000111"]
    qtbot.waitUntil(lambda: _phones(page, "Công ty TNHH Mây tre Sao Mai") == wanted, timeout=20_000)
    assert line(page.questions.table, "D2")[5] == "ghi: 0912 000 111"
    page.take_in()
    qtbot.waitUntil(lambda: page.summary.text().startswith("Đã nhận"), timeout=20_000)
    assert _phones(page, "Công ty TNHH Mây tre Sao Mai") == wanted


def test_what_is_corrected_after_the_rows_were_taken_in_is_still_to_be_taken_in(page, qtbot, context):
    settled(page, qtbot)
    page.take_in()
    qtbot.waitUntil(lambda: page.summary.text().startswith("Đã nhận"), timeout=20_000)
    page.tabs.setCurrentIndex(1)
    panel = page.row_panel
    line(page.rows, "2")
    assert panel.cell.currentText().endswith("Tên đơn vị")
    kind = next(part for part in panel.words.text().split(" · ") if part.startswith("Loại hình"))
    panel.value.setText("Công ty TNHH Mây tre Sao Hôm")
    qtbot.keyClick(panel.value, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.summary.text().startswith("Sẽ nhận"), timeout=20_000)
    settled(page, qtbot)
    assert "Sao Hôm (đã sửa)" in panel.words.text()
    assert kind in panel.words.text()  # the same cell gave it; the correction is about the name
    page.main_action().run()
    qtbot.waitUntil(lambda: page.summary.text().startswith("Đã nhận"), timeout=20_000)
    assert [plan.fields["name"] for plan in page.judged.to_write] == ["Công ty TNHH Mây tre Sao Hôm"]
    (only,) = page.judged.to_write
    assert context.workspace.store.get(only.id).data["name"] == "Công ty TNHH Mây tre Sao Hôm"


def test_rows_whose_taking_in_was_undone_can_be_taken_in_again(page, qtbot, context):
    settled(page, qtbot)
    label = page.main_action().label
    page.take_in()
    qtbot.waitUntil(lambda: page.summary.text().startswith("Đã nhận"), timeout=20_000)
    page.refresh(changing.undo(context.workspace), None)
    page.on_show()
    qtbot.waitUntil(lambda: page.summary.text().startswith("Sẽ nhận"), timeout=20_000)
    settled(page, qtbot)
    assert page.main_action().label == label


def _phones(page, name):
    return [plan.fields["phone"] for plan in page.judged.to_write if plan.fields["name"] == name]


def test_the_records_that_rows_name_are_counted_apart(context, qtbot, tmp_path):
    book = openpyxl.Workbook()
    for row in (("TT", "Tên đề án", "Đơn vị thụ hưởng"), (1, "Máy ép", "Cơ sở A"), (2, "Máy sấy", "Cơ sở B")):
        book.active.append(row)
    book.save(path := tmp_path / "đề án.xlsx")
    page = SheetPage(context, "proposal", path)
    qtbot.addWidget(page)
    page.on_show()
    settled(page, qtbot)
    assert page.main_action().label == "Nhận 2 hồ sơ"
    assert "2 mới" in page.summary.text()
    assert page.notes.text() == "Nhận kèm 2 hồ sơ đơn vị thụ hưởng được nêu trong bảng."
    page.take_in()
    qtbot.waitUntil(lambda: page.summary.text().startswith("Đã nhận"), timeout=20_000)
    assert page.loaded.changes.action == "Nạp 2 hồ sơ và 2 hồ sơ kèm theo từ đề án.xlsx"


def test_lines_of_one_record_go_into_the_record_that_is_chosen(context, qtbot, tmp_path):
    proposal = changing.add(context.workspace, "proposal", {"title": "Máy ép mẫu"}).items[0].id
    book = openpyxl.Workbook()
    for row in (
        ("TT", "Khoản mục", "Số lượng", "Thành tiền"),
        (1, "Máy ép", 2, 300_000_000),
        (2, "Băng tải", 1, 5_000_000),
    ):
        book.active.append(row)
    book.save(path := tmp_path / "dự toán.xlsx")
    page = SheetPage(context, "proposal", path)
    qtbot.addWidget(page)
    page.on_show()
    settled(page, qtbot)
    into = page.choices.into
    assert into.text().startswith("Lập mới:")
    into.selectAll()
    qtbot.keyClicks(into, "may ep")
    assert [option.value for option in into.options()] == [proposal]
    qtbot.keyClick(into, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.loaded.order.into == proposal, timeout=20_000)
    settled(page, qtbot)
    page.take_in()
    qtbot.waitUntil(lambda: page.summary.text().startswith("Đã nhận"), timeout=20_000)
    budget = context.workspace.store.record(proposal).data["budget"]
    assert [(row["item"], row["cost"]) for row in budget] == [("Máy ép", 300_000_000), ("Băng tải", 5_000_000)]


def test_an_old_record_is_found_by_its_words_and_a_wrong_name_is_said(context, messages, qtbot, tmp_path):
    titles = ["Lò nung cũ", *(f"Đề án {number}" for number in range(30))]
    old, *_others = [changing.add(context.workspace, "proposal", {"title": title}).items[0].id for title in titles]
    rows = (("TT", "Khoản mục", "Số lượng", "Thành tiền"), (1, "Máy ép", 2, 300_000_000))
    page = SheetPage(context, "proposal", saved(tmp_path / "dự toán.xlsx", rows))
    qtbot.addWidget(page)
    page.on_show()
    settled(page, qtbot)
    into = page.choices.into
    into.open_list()
    assert (into.options()[0].label, len(into.options())) == (into.text(), 21)
    into.selectAll()
    qtbot.keyClicks(into, "khong co dau")
    qtbot.keyClick(into, Qt.Key.Key_Return)
    assert "không có trong danh sách" in messages.said[-1]
    assert (page.choices.record, into.text().startswith("Lập mới:")) == ("", True)
    into.selectAll()
    qtbot.keyClicks(into, "lo nung")
    qtbot.keyClick(into, Qt.Key.Key_Return)
    assert page.choices.record == old
    qtbot.waitUntil(lambda: page.loaded.order.into == old, timeout=20_000)
    assert into.text() == "Lò nung cũ"


def test_rows_are_shown_by_what_becomes_of_them(page, qtbot):
    settled(page, qtbot)
    page.tabs.setCurrentIndex(1)
    assert line(page.rows, "5")[1:3] == ["Bỏ qua", "Tổng cộng"]
    page.chips.findChild(QToolButton, "sheet.show.new").click()
    assert [each.cells[1] for each in page.rows.lines_model.lines] == ["Mới", "Mới", "Mới"]


def test_hidden_rows_are_shown_as_left_out_without_words_of_the_command_line(context, sheet):
    book = openpyxl.load_workbook(sheet)
    book.active.row_dimensions[4].hidden = True
    book.save(sheet)
    loaded = prepare_load(context.workspace, LoadOrder(kind="beneficiary", path=sheet))
    lines = SheetLines(context.workspace, loaded, loaded.judged, SheetAnswers())
    assert lines.counts() == {"new": 2, "changed": 0, "joined": 0, "refused": 0, "ignored": 2}
    assert [each.cells[3] for each in lines.rows("ignored")] == ["dòng ẩn, chưa lấy", "dòng cộng"]
    asked = next(each.cells[4] for each in lines.questions() if each.key == "A4:F4 area")
    assert asked == "Dòng 4 bị ẩn nên chưa được lấy."


def test_a_file_that_cannot_be_read_is_said_on_the_page(context, tmp_path, qtbot):
    path = tmp_path / "hỏng.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    page = SheetPage(context, "beneficiary", path)
    qtbot.addWidget(page)
    page.show()
    page.on_show()
    qtbot.waitUntil(lambda: "Không đọc được" in page.summary.text(), timeout=20_000)
    assert page.main_action() is None
    assert page.notes.text()

"""Several rows of a list: marked, summed up, copied, exported, deleted; columns chosen by the officer."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from kcdesk.services.records import changing
from kcdesk.ui.dossier.list_page import ListPage
from kcdesk.ui.dossier.record_model import PAGE, first_columns


@pytest.fixture
def page(qtbot, context, workspace):
    for name, cost in (("Máy dệt", 200_000_000), ("Máy sấy", 350_000_000), ("Máy nghiền", 50_000_000)):
        values = {"title": name, "year": 2026, "budget": [{"item": "Máy", "cost": cost}]}
        changing.add(workspace, "proposal", values)
    page = ListPage(context, "proposal")
    qtbot.addWidget(page)
    page.resize(1100, 600)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    context.changed.connect(page.refresh)
    page.on_show()
    return page


def _column(page, name):
    return [column.name for column in page.model.columns].index(name)


def _titles(page):
    return [page.model.index(row, _column(page, "title")).data() for row in range(page.model.rowCount())]


def _mark(qtbot, page, rows):
    page.table.selectRow(rows[0])
    for _row in rows[1:]:
        qtbot.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)


def test_the_sum_of_what_is_marked_stands_below_the_list(page, qtbot):
    _mark(qtbot, page, [0, 1])
    costs = [page.model.index(row, _column(page, "total_cost")).data().replace(".", "") for row in (0, 1)]
    total = f"{sum(map(int, costs)):,}".replace(",", ".")
    assert page.marks.text().startswith("Đang chọn 2 hồ sơ")
    assert total in page.marks.text()
    page.table.selectRow(0)
    assert not page.marks.isVisible()


def test_marked_rows_are_copied_as_lines_with_tabs(page, qtbot):
    qtbot.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert [line.split("\t")[_column(page, "title")] for line in lines] == _titles(page)
    assert {len(line.split("\t")) for line in lines} == {len(page.model.columns)}


def test_the_list_as_it_is_seen_is_written_as_a_workbook(page, qtbot, messages, tmp_path):
    path: Path = tmp_path / "Đề án.xlsx"
    messages.files.append(path)
    page.search("may")
    job = page.export()
    with qtbot.waitSignal(job.ended):
        pass
    qtbot.waitUntil(lambda: any("Đã xuất 3 hồ sơ" in sentence for sentence in messages.said))
    sheet = load_workbook(path).active
    assert sheet["A3"].value == "Tìm «may»: 3 hồ sơ"
    assert [cell.value for cell in sheet["B"][4:7]] == _titles(page)


def test_marked_rows_alone_are_written_when_there_are_two_or_more(page, qtbot, messages, tmp_path):
    path = tmp_path / "a.xlsx"
    messages.files.append(path)
    _mark(qtbot, page, [0, 1])
    job = page.export()
    with qtbot.waitSignal(job.ended):
        pass
    qtbot.waitUntil(path.exists)
    assert load_workbook(path).active["A3"].value == "Các hồ sơ được chọn: 2 hồ sơ"


def test_giving_up_the_file_writes_nothing(page, messages):
    messages.files.append(None)
    assert page.export() is None


def test_several_marked_records_are_deleted_after_a_question_that_names_them(page, qtbot, messages, workspace):
    _mark(qtbot, page, [0, 1])
    names = _titles(page)[:2]
    messages.answers.append(False)
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert "Xoá 2 hồ sơ đang chọn?" in messages.said
    assert len(_titles(page)) == 3
    messages.answers.append(True)
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert not set(names) & set(_titles(page))
    changing.undo(workspace)
    page.refresh(None, None)
    assert len(_titles(page)) == 3


def test_columns_are_chosen_and_remembered(page, qtbot, context):
    dialog = page.tools.columns_dialog()
    qtbot.addWidget(dialog)
    assert dialog.names() == first_columns(page.form)
    row = next(row for row in range(dialog.list.count()) if dialog.list.item(row).text() == "Đơn vị thực hiện")
    dialog.list.setCurrentRow(row)
    dialog.list.item(row).setCheckState(Qt.CheckState.Checked)
    page.show_columns(dialog.names())
    assert "implementing_unit" in [column.name for column in page.model.columns]
    again = ListPage(context, "proposal")
    qtbot.addWidget(again)
    assert [column.name for column in again.model.columns] == list(dialog.names())


def test_a_column_is_moved_and_all_columns_can_be_as_at_first(page, qtbot):
    dialog = page.tools.columns_dialog()
    qtbot.addWidget(dialog)
    again = dialog.findChild(QPushButton, "columns.first")
    assert not again.isEnabled(), "they are as at first"
    dialog.list.setCurrentRow(1)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    first = first_columns(page.form)
    assert dialog.names()[:2] == (first[1], first[0])
    page.show_columns(dialog.names())
    assert page.model.columns[0].name == first[1]
    again.click()
    assert dialog.names() == first
    assert not again.isEnabled()
    page.show_columns(first)
    assert page.context.settings.list_columns == {}


def test_a_chosen_column_that_the_form_lost_is_left_out(qtbot, context, page):
    context.settings.list_columns["proposal"] = "title,gone,year"
    again = ListPage(context, "proposal")
    qtbot.addWidget(again)
    assert [column.name for column in again.model.columns] == ["title", "year"]
    assert page.model.rowCount() == 3


def test_a_long_title_has_two_lines(page, workspace):
    low = page.table.rowHeight(0)
    changing.add(workspace, "proposal", {"title": "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong chế biến " * 5})
    page.refresh(None, None)
    assert page.table.rowHeight(0) > low


def test_marking_all_reads_the_rest_of_the_list(page, workspace, qtbot):
    with workspace.store.act("test") as act:
        for number in range(PAGE):
            act.insert("proposal", "proposal@1", {"title": f"Đề án {number}", "state": "draft"})
    page.refresh(None, None)
    assert page.model.canFetchMore(page.table.rootIndex())
    qtbot.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(page.tools.marked()) == PAGE + 3

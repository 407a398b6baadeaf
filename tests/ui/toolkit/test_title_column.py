"""The column that names a record: narrower when the window is, before the last column is cut off."""

from PySide6.QtGui import QStandardItem, QStandardItemModel

from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.tables import TitledTable
from kcdesk.ui.toolkit.theme import Theme


def test_cut_names_that_begin_alike_are_told_apart_by_their_end(qtbot):
    table, model = TitledTable(0, two_lines=True), QStandardItemModel()
    for unit in ("Sở Công Thương tỉnh Lạng Sơn", "Sở Công Thương tỉnh Cao Bằng"):
        model.appendRow([QStandardItem("Hỗ trợ máy móc " * 9), QStandardItem(unit)])
    table.setModel(model)
    table.setAccessibleName("Mẫu")
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    table.fit_columns()
    table.setColumnWidth(1, 90)
    first, second = (table.viewport().grab(table.visualRect(model.index(row, 1))).toImage() for row in (0, 1))
    assert first.size() == second.size()
    assert first != second


def test_the_title_gives_way_before_the_last_column_is_cut(qtbot, qapp):
    heads = ("Trả lời", "Loại hồ sơ", "Hồ sơ", "Số mục")
    table = LinesTable("sample", heads, 2, Theme(qapp, "light"), right=(3,), whole=(0, 1))
    qtbot.addWidget(table)
    table.setAccessibleName("Mẫu")
    table.show_lines(
        [TableLine("1", ("Nơi nhận đã nhận", "Đề án khuyến công", "Ứng dụng máy móc tiên tiến " * 3, "12"))]
    )
    table.show()
    others = sum(table.columnWidth(column) for column in (0, 1, 3))
    for title, scrolls in ((400, False), (200, False), (100, True)):
        table.resize(others + title + 20, 300)
        bar = table.horizontalScrollBar()
        qtbot.waitUntil(lambda bar=bar, scrolls=scrolls: (bar.maximum() > 0) is scrolls)
        assert table.columnWidth(3) >= table.sizeHintForColumn(3), "a number is never cut"

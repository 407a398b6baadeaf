"""The column that names a record: narrower when the window is, before the last column is cut off."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QStandardItem, QStandardItemModel

from kcdesk.ui.toolkit.fitting.broken_lines import few_lines, two_line_width
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.tables import KEEPS_WIDTH_ROLE, TitledTable
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


class _States(QStandardItemModel):
    """A list whose second column holds states."""

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):  # noqa: N802 - Qt's name
        if role == KEEPS_WIDTH_ROLE and section == 1:
            return True
        return super().headerData(section, orientation, role)


def test_long_states_take_two_lines_before_the_list_scrolls_sideways(qtbot):
    table, model = TitledTable(0, two_lines=True), _States()
    state = "Nghiệm thu có điều kiện, chờ khắc phục"
    model.appendRow(
        [
            QStandardItem("Hỗ trợ ứng dụng máy móc thiết bị tiên tiến"),
            QStandardItem(state),
            QStandardItem("100.000.000"),
        ]
    )
    model.setHeaderData(2, Qt.Orientation.Horizontal, Qt.AlignmentFlag.AlignRight, Qt.ItemDataRole.TextAlignmentRole)
    table.setModel(model)
    table.setAccessibleName("Mẫu")
    qtbot.addWidget(table)
    whole = table.fontMetrics().horizontalAdvance(state)
    for width, lines in ((whole + 600, 1), (whole + 260, 2)):
        table.resize(width, 300)
        table.show()
        table.fit_columns()
        qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
        assert (table.columnWidth(1) > whole) is (lines == 1)
        assert table.rowHeight(0) >= lines * table.fontMetrics().lineSpacing()
        room = table.columnWidth(1) - 22  # as the cells leave around their text
        assert "…" not in "".join(few_lines(state, table.fontMetrics(), room))


def test_no_name_is_cut_while_an_empty_column_is_wide_or_a_title_has_one_line(qtbot):
    table, model = TitledTable(0, two_lines=True), QStandardItemModel()
    unit, title = "Trung tâm Khuyến công tỉnh Gia Lai", "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong sản xuất bún"
    for _ in range(3):
        model.appendRow([QStandardItem(text) for text in (title, unit, unit, "", "")])
    model.setHorizontalHeaderLabels(["Tên đề án", "Đơn vị", "Đơn vị thụ hưởng", "Cán bộ phụ trách", "Được duyệt"])
    model.setHeaderData(4, Qt.Orientation.Horizontal, Qt.AlignmentFlag.AlignRight, Qt.ItemDataRole.TextAlignmentRole)
    table.setModel(model)
    table.setAccessibleName("Mẫu")
    qtbot.addWidget(table)
    metrics = table.fontMetrics()
    needs = [two_line_width(text, metrics) + 22 for text in (title, unit, unit)]  # as the cells leave around their text
    heads = [table.horizontalHeader().sectionSizeHint(column) for column in (3, 4)]
    table.resize(sum(needs) + sum(heads) - 10, 300)
    table.show()
    table.fit_columns()
    assert table.horizontalScrollBar().maximum() == 0
    assert [table.columnWidth(column) >= need for column, need in enumerate(needs)] == [True] * 3
    table.resize(4000, 300)
    qtbot.waitUntil(lambda: table.columnWidth(3) >= heads[0])
    assert table.columnWidth(1) >= metrics.horizontalAdvance(unit), "one line each, where there is room"


def test_the_narrowest_two_lines_are_found():
    metrics = QFontMetrics(QGuiApplication.font())
    words = ["Hỗ", "trợ", "máy-móc-thiết-bị-tiên-tiến", "trong", "chế", "biến", "gỗ"]
    for start in range(len(words)):
        for end in range(start, len(words) + 1):
            part = words[start:end]
            broken = [(" ".join(part[:place]), " ".join(part[place:])) for place in range(1, len(part) + 1)]
            best = min((max(map(metrics.horizontalAdvance, lines)) for lines in broken), default=0)
            assert two_line_width(" ".join(part), metrics) == best


def test_a_line_that_fits_in_whole_pixels_is_not_cut_for_a_part_of_one(qapp):
    title, metrics = "Phòng trưng bày sản phẩm làng nghề gắn với du lịch", QFontMetrics(qapp.font())
    parts = [title[:end] for end in range(5, len(title) + 1) if title[end : end + 1] in (" ", "")]
    assert [few_lines(part, metrics, metrics.horizontalAdvance(part)) for part in parts] == [[part] for part in parts]


def test_short_titles_leave_their_room_to_longer_words_beside_them(qtbot):
    table, model = TitledTable(0, two_lines=True), QStandardItemModel()
    scheme = "Hỗ trợ ứng dụng máy móc tiên tiến trong sản xuất"
    model.appendRow([QStandardItem("Xưởng CCC"), QStandardItem(scheme)])
    table.setModel(model)
    table.setAccessibleName("Mẫu")
    qtbot.addWidget(table)
    needed = table.fontMetrics().horizontalAdvance(scheme) + 60
    table.resize(needed + 150, 300)
    table.show()
    table.fit_columns()
    assert table.columnWidth(1) >= table.sizeHintForColumn(1)
    assert table.columnWidth(0) >= table.sizeHintForColumn(0)
    assert table.horizontalScrollBar().maximum() == 0


def test_empty_columns_leave_their_room_to_those_with_texts(qtbot):
    table, model = TitledTable(0, two_lines=True), QStandardItemModel()
    unit = "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp"
    model.appendRow([QStandardItem(text) for text in ("Hỗ trợ máy móc " * 9, unit, "", "")])
    model.setHorizontalHeaderLabels(["Tên", "Đơn vị", "Cán bộ phụ trách", "Người theo dõi hồ sơ"])
    table.setModel(model)
    table.setAccessibleName("Mẫu")
    qtbot.addWidget(table)
    table.resize(900, 300)
    table.show()
    table.fit_columns()
    header = table.horizontalHeader()
    for column in (2, 3):
        assert table.columnWidth(column) < header.sectionSizeHint(column), "its heading takes two lines"
    assert table.columnWidth(1) > 2 * table.columnWidth(2)

"""«Căn cứ pháp lý» in the window: what is known of an instrument, and which rules cite it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from kcdesk.ui.settings.law_page import LawPage


@pytest.fixture
def page(open_window, workspace):
    window = open_window(workspace)
    window.go("settings")
    window.page.findChild(QPushButton, "settings.law").click()
    assert isinstance(window.page, LawPage)
    return window.page


def _cells(page, row):
    model = page.table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_the_register_is_shown_searched_and_explained(page, qtbot):
    numbers = [_cells(page, row)[0] for row in range(page.table.model().rowCount())]
    assert {"TT 36/2013/TT-BCT", "TT 139/2026/TT-BTC"} <= set(numbers)
    page.search("thong tu kinh phi 28/2018")
    assert "TT 28/2018/TT-BTC" in _cells(page, 0)[0]
    assert _cells(page, 0)[4:] == ["biết qua văn bản khác dẫn lại", "TT 64/2024/TT-BTC, TT 139/2026/TT-BTC"]
    assert "TT 139/2026/TT-BTC đã ban hành, chưa đối chiếu" in page.detail.text()
    cited = page.citations.model()
    assert cited.rowCount() > 40
    assert any("Khoản 4 Điều 8" in cited.index(row, 1).data() for row in range(cited.rowCount()))
    page.search("không có văn bản nào như thế")
    assert (page.table.model().rowCount(), page.detail.text(), cited.rowCount()) == (0, "", 0)
    page.search("")
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_End)
    assert page.detail.text().startswith(page.table.key())

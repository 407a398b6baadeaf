"""A long list is searched by typing a part of a name without accents."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QVBoxLayout

from kcdesk.ui.toolkit.fitting.searching_choice import SearchingChoice

_NAMES = ("(cả hồ sơ)", "Dạng đề án", "Tổng dự toán", "Dự toán", "Đơn vị thụ hưởng")


@pytest.fixture
def window(qtbot):
    window = QDialog()
    column = QVBoxLayout(window)
    box, other = SearchingChoice(), QLineEdit()
    box.setAccessibleName("Mục")
    other.setAccessibleName("Lý do")
    for name in _NAMES:
        box.offer(name, name)
    column.addWidget(box)
    column.addWidget(other)
    column.addWidget(QPushButton("Gửi", default=True, clicked=window.accept))
    qtbot.addWidget(window)
    window.show()
    QTest.qWaitForWindowActive(window)
    QTest.mouseClick(box.lineEdit(), Qt.MouseButton.LeftButton)
    return window


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [("du toan", "Dự toán"), ("tong", "Tổng dự toán"), ("THU HUONG", "Đơn vị thụ hưởng"), ("khong co", "(cả hồ sơ)")],
)
def test_what_is_typed_over_the_chosen_name_chooses_another(window, typed, chosen):
    box = window.findChild(SearchingChoice)
    QTest.keyClicks(box, typed)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert (box.currentData(), box.currentText()) == (chosen, chosen)
    assert window.isVisible()  # Enter was for the name, not for the dialog


def test_the_offered_names_are_those_with_the_typed_part(window):
    box = window.findChild(SearchingChoice)
    QTest.keyClicks(box, "toan")
    completer = box.completer()
    offered = [completer.completionModel().index(row, 0).data() for row in range(completer.completionCount())]
    assert offered == ["Tổng dự toán", "Dự toán"]

"""Ctrl+C in a list or table, where Qt copies the cell itself, gives no formula; text fields copy their text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QVBoxLayout, QWidget

from kcdesk.ui.toolkit.qt import application


@pytest.fixture
def window(qtbot):
    application()
    window = QWidget()
    qtbot.addWidget(window)
    rows, field = QListWidget(), QLineEdit("=1+1")
    rows.setAccessibleName("Danh sách")
    field.setAccessibleName("Chữ")
    rows.addItem("=cmd|' /C calc'!A0")
    column = QVBoxLayout(window)
    column.addWidget(rows)
    column.addWidget(field)
    window.show()
    window.activateWindow()
    return window


def copied_from(kind, window):
    widget = window.findChild(kind)
    widget.setFocus()
    if kind is QLineEdit:
        widget.selectAll()
    else:
        widget.setCurrentRow(0)
    QTest.keyClick(widget, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    return QApplication.clipboard().text()


def test_a_list_gives_no_formula_and_a_field_its_text(qtbot, window):
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    assert copied_from(QListWidget, window) == "'=cmd|' /C calc'!A0"
    assert copied_from(QLineEdit, window) == "=1+1"

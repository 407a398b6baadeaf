"""What texts and tables copy by themselves with Ctrl+C is no formula for a spreadsheet; what is being typed stays."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
)

from kcdesk.ui.toolkit.qt import application

FORMULA = "=HYPERLINK(1)"
TABLE = f"<p>{FORMULA}</p><table><tr><td>{FORMULA}</td><td>-5</td></tr><tr><td>Xưởng</td><td>+x</td></tr></table>"


def copied(qtbot, widget):
    """Text and look of what the widget copies as a whole."""
    application()
    qtbot.addWidget(widget)
    widget.setAccessibleName("Văn bản")
    widget.show()
    widget.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is widget)
    qtbot.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(widget, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    content = QApplication.clipboard().mimeData()
    return content.text(), content.html()


def test_a_text_with_a_table(qtbot):
    browser = QTextBrowser()
    browser.setHtml(TABLE)
    text, html = copied(qtbot, browser)
    assert text.strip().split("\n") == [f"'{FORMULA}", f"'{FORMULA}", "-5", "Xưởng", "'+x"]
    document = QTextDocument()
    document.setHtml(html)
    assert document.toPlainText().strip() == text.strip()
    assert len(re.findall("<td", html)) == 4, "it is still a table"


def test_a_plain_text_and_a_label(qtbot):
    text = QPlainTextEdit(f"Ghi chú\n{FORMULA}")
    text.setReadOnly(True)
    assert copied(qtbot, text)[0] == f"Ghi chú\n'{FORMULA}"
    label = QLabel(FORMULA)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    assert copied(qtbot, label)[0] == f"'{FORMULA}"


def test_a_cell_of_a_table(qtbot):
    table = QTableWidget(1, 1)
    table.setItem(0, 0, QTableWidgetItem(FORMULA))
    assert copied(qtbot, table)[0] == f"'{FORMULA}"


@pytest.mark.parametrize("make", [QLineEdit, QPlainTextEdit])
def test_what_is_being_typed_stays(qtbot, make):
    assert copied(qtbot, make(FORMULA))[0] == FORMULA


def test_a_harmless_text_keeps_its_look(qtbot):
    browser = QTextBrowser()
    browser.setHtml("<p><b>Xưởng</b> 5</p>")
    text, html = copied(qtbot, browser)
    assert text == "Xưởng 5"
    assert "font-weight" in html

"""Sentences in a narrow list are read to their last word, at any width."""

import pytest
from PySide6.QtWidgets import QLabel, QListWidgetItem, QStyle

from kcdesk.ui.dossier.section_list import Contents
from kcdesk.ui.toolkit.wrapped_list import WrappedList

LABELS = (
    "Mục tiêu",
    "Quy mô: hội chợ, triển lãm",
    "Đơn vị thực hiện, đơn vị phối hợp, đơn vị thụ hưởng, địa điểm thực hiện",
    "Dự toán kinh phí, dòng 8 (Quản lý, chỉ đạo, kiểm tra, giám sát của đơn vị thực hiện), Thành tiền: chưa nhập.",
)


PADDING = 2 * 8  # pixels of the style sheet


def cut(lines):
    """The sentences that need more room than they have, as a label of the same width needs it."""
    found = []
    margin = lines.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, lines) + 1
    width = lines.viewport().width() - 2 * lines.spacing() - PADDING - 2 * margin
    for row in range(lines.count()):
        place = lines.visualItemRect(lines.item(row))
        label = QLabel(lines.item(row).text(), wordWrap=True, font=lines.font())
        if label.heightForWidth(width) > place.height():
            found.append(label.text())
    return found


@pytest.mark.parametrize("width", range(150, 280, 7))
def test_no_sentence_is_cut(qtbot, theme, width):
    assert theme.colours
    lines = WrappedList()
    qtbot.addWidget(lines)
    for label in LABELS:
        lines.addItem(QListWidgetItem(label))
    lines.resize(width, 600)
    lines.show()
    assert cut(lines) == []


def test_a_list_that_gets_narrower_is_laid_out_anew(qtbot, theme):
    assert theme.colours
    lines = WrappedList()
    qtbot.addWidget(lines)
    lines.resize(500, 800)
    lines.show()
    lines.addItems(LABELS)
    assert cut(lines) == []  # laid out as wide as it is
    lines.resize(160, 800)
    qtbot.waitUntil(lambda: cut(lines) == [])


def test_the_contents_of_a_dossier_are_read_whole(qtbot, theme):
    assert theme.colours
    contents = Contents()
    qtbot.addWidget(contents)
    contents.show_sections([(str(number), label, 3) for number, label in enumerate(LABELS)])
    contents.resize(184, 600)
    contents.show()
    assert cut(contents) == []


def test_the_contents_of_a_form_just_opened_mark_its_first_section(qtbot, theme):
    assert theme.colours
    contents = Contents()
    qtbot.addWidget(contents)
    with qtbot.waitActive(contents):
        contents.show()
        contents.activateWindow()
    contents.show_sections([("parties", "Các bên", 0), ("support", "Hỗ trợ", 2)])
    assert marked(contents) == ["Các bên"], "nobody has scrolled yet"
    contents.mark("support")
    contents.show_sections([("parties", "Các bên", 0)])
    assert marked(contents) == ["Các bên"], "the marked section is not shown any more"


def marked(contents):
    """The texts of the lines that are drawn as marked."""
    return [item.text() for item in contents.selectedItems()]

"""Texts beside a dossier: whole where there is room, scrolled where there is none, never cut."""

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kcdesk.ui.toolkit.fitting.whole_or_scrolled import WholeOrScrolled
from kcdesk.ui.toolkit.theme import labelled
from tests.ui.form_support import rest

SENTENCES = [f"Mục {number}: thiếu thông số máy ép, chưa có báo giá của nhà cung cấp." for number in range(1, 7)]


@pytest.fixture
def place(qtbot, theme):
    """The area above something that takes what is left of a column 260 pixels wide."""
    assert theme.colours
    place, area, below = QWidget(), WholeOrScrolled(), QWidget()
    qtbot.addWidget(place)
    column = QVBoxLayout(place)
    column.addWidget(area)
    column.addWidget(below, 1)
    body = QWidget()
    lines = QVBoxLayout(body)
    for sentence in SENTENCES:
        lines.addWidget(labelled(sentence, wrap=True))
    area.show_body(body)
    place.resize(260, 900)
    place.show()
    rest()
    return place, area


def is_whole(area):
    body = area.widget()
    labels = body.children()[1:]
    assert all(label.height() >= label.heightForWidth(label.width()) for label in labels), "a text is cut"
    return area.viewport().height() >= body.height()


def test_with_room_everything_is_seen_and_no_more_room_is_taken(place):
    _whole, area = place
    assert is_whole(area)
    assert area.height() < 500


def test_without_room_it_scrolls_and_cuts_no_text(place):
    whole, area = place
    whole.resize(260, 180)
    rest()
    assert not is_whole(area)
    assert area.verticalScrollBar().maximum() > 0
    whole.resize(260, 900)
    rest()
    assert is_whole(area)

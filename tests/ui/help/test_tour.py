"""The tour: a bubble at one control after the other, by keyboard, left at any time; its store is its own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt

from kcdesk import app, handbook, paths
from kcdesk.services.records import changing
from tests.ui.form_support import press

RIGHT, LEFT, ESC = Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Escape


@pytest.fixture
def window(open_window, played):
    return open_window(played[0])


def led(window, stops, qtbot):
    """Go through the whole tour by the arrow key."""
    bubble = app.lead(window)
    for place, stop in enumerate(stops, start=1):
        assert bubble.where.text() == f"Dạo thử {place} / {len(stops)}"
        assert bubble.title.text() == stop.title
        assert bubble.target() is not None, f"{stop.at} is not on the page {stop.page}"
        assert window.rect().contains(bubble.geometry())
        assert bubble.hasFocus()
        press(bubble, RIGHT)
    qtbot.waitUntil(lambda: not bubble.isVisible())


def test_every_stop_points_at_a_control_that_is_shown(window, qtbot):
    led(window, handbook.tour_stops(), qtbot)


def test_an_office_that_packages_are_sent_to_has_stops_of_its_own(open_window, province, qtbot):
    changing.add(province, "proposal", {"title": "Đề án mẫu"})
    stops = handbook.tour_stops(collects=True)
    assert {"Nhận gói", "Biên nhận"} <= {stop.title for stop in stops}
    led(open_window(province), stops, qtbot)


def test_the_tour_goes_back_and_can_be_left_at_any_time(window):
    bubble = app.lead(window)
    press(bubble, LEFT)
    assert bubble.where.text().startswith("Dạo thử 1 /")
    press(bubble, RIGHT)
    press(bubble, LEFT)
    assert bubble.where.text().startswith("Dạo thử 1 /")
    press(bubble, ESC)
    assert not bubble.isVisible()
    assert not bubble.frame.isVisible()


def test_the_bubble_stays_in_the_smallest_window(window, qtbot):
    window.resize(1024, 680)
    bubble = app.lead(window)
    for _stop in handbook.tour_stops():
        assert window.rect().contains(bubble.geometry())
        press(bubble, RIGHT)
    qtbot.waitUntil(lambda: not bubble.isVisible())


def test_the_store_of_the_tour_is_never_the_officers(window):
    assert paths.tour_store() != paths.default_store()
    assert paths.tour_store() != window.context.workspace.store.folder
    assert paths.tour_store().parent == paths.machine_folder()


def test_the_frame_follows_its_control_when_the_page_grows(window, qtbot):
    bubble = app.lead(window)
    control = bubble.target()

    def is_around():
        corner = control.mapTo(window, QPoint(0, 0))
        return bubble.frame.geometry().contains(QRect(corner, control.size()).intersected(window.rect()))

    qtbot.waitUntil(is_around)
    control.setMinimumHeight(control.height() + 90)
    qtbot.waitUntil(lambda: control.height() == control.minimumHeight())
    qtbot.waitUntil(is_around)

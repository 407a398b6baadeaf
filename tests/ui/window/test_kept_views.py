"""What a page looked like comes back in the next session; what is gone by then is left out."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSplitter, QTabWidget, QWidget

from kcdesk.services.records import changing
from kcdesk.settings import Settings
from kcdesk.ui.shell.kept_views import keep_splitter, keep_tab, kept_view
from tests.ui.form_support import press, rest


@pytest.fixture
def settings():
    return Settings()


def many(workspace, number=30):
    """So many beneficiaries; return their ids by name."""
    changes = (
        changing.add(workspace, "beneficiary", {"name": f"Cơ sở {place:02}", "legal_form": "household_business"})
        for place in range(number)
    )
    return {f"Cơ sở {place:02}": made.items[0].id for place, made in enumerate(changes)}


def list_state(page):
    query = page.model.query
    return page.current_id(), query.order, query.descending, query.where


def test_a_list_comes_back_with_its_order_its_filter_and_its_row(open_window, workspace, settings):
    ids = many(workspace)
    first = open_window(workspace, settings)
    first.go("beneficiary")
    first.page.show_matches("beneficiary", "", {"legal_form": "household_business"})
    first.page.table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    first.page.table.setCurrentIndex(first.page.model.index(25, 0))
    left = list_state(first.page)
    assert left == (ids["Cơ sở 04"], "name", True, {"legal_form": "household_business"})
    first.close()
    second = open_window(workspace, settings)
    assert second.page.kind == "beneficiary"
    assert list_state(second.page) == left
    rest()
    assert second.page.table.visualRect(second.page.table.currentIndex()).top() >= 0
    second.page.clear_filters()
    second.close()
    assert list_state(open_window(workspace, settings).page)[3] == {}


def test_what_is_gone_is_left_out(open_window, workspace, settings):
    many(workspace, 3)
    kept = {"order": "gone", "where": {"gone": 1, "legal_form": "gone", "state": "draft"}, "row": "gone", "scroll": "x"}
    settings.views["list.beneficiary"] = json.dumps(kept)
    settings.views["list.proposal"] = "no view"
    settings.page = "beneficiary"
    window = open_window(workspace, settings)
    page = window.page
    assert page.model.query.order == page.form.sort
    assert page.model.query.where == {"state": "draft"}
    assert page.current_id() == page.model.row_at(0).id
    window.go("proposal")
    assert window.page.model.query.where == {}


def test_a_list_opened_from_a_number_keeps_no_filter_for_the_list_itself(open_window, played, settings):
    window = open_window(played[0], settings)
    window.page.numbers.findChildren(QPushButton)[0].click()
    assert window.page.model.query.where
    press(window, "Alt+Left")
    window.go("proposal")
    assert window.page.model.query.where == {}


def test_a_dossier_comes_back_at_its_field_in_the_next_session(open_window, workspace, settings):
    id_ = many(workspace, 1)["Cơ sở 00"]
    first = open_window(workspace, settings)
    first.open_record(id_).focus_field("phone")
    first.close()
    second = open_window(workspace, settings)
    assert second.open_record(id_).place() == {"record": id_, "field": "phone"}
    settings.views["left"] = json.dumps({id_: {"record": id_, "field": "gone", "scroll": "far"}, "x": 3})
    second.close()
    third = open_window(workspace, settings)
    assert third.open_record(id_).record_id == id_


def test_a_tab_and_a_splitter_are_as_they_were_left(qtbot, settings):
    def built():
        tabs, splitter = QTabWidget(), QSplitter()
        for widget in (tabs, splitter):
            qtbot.addWidget(widget)
        for place in range(3):
            tabs.addTab(QWidget(), f"Trang {place}")
        tabs.resize(600, 100)
        splitter.resize(600, 100)
        for _part in range(2):
            splitter.addWidget(QWidget())
        keep_tab(tabs, settings, "tabs")
        keep_splitter(splitter, settings, "splitter")
        tabs.show()
        splitter.show()
        return tabs, splitter

    tabs, splitter = built()
    qtbot.mouseClick(tabs.tabBar(), Qt.MouseButton.LeftButton, pos=tabs.tabBar().tabRect(2).center())
    splitter.moveSplitter(150, 1)
    assert kept_view(settings, "splitter")["sizes"] == splitter.sizes()
    tabs_again, splitter_again = built()
    assert tabs_again.currentIndex() == 2
    assert splitter_again.sizes() == splitter.sizes()
    settings.views |= {"tabs": '{"tab": 9}', "splitter": '{"sizes": [1, 2, 3]}'}
    tabs_at_first, splitter_at_first = built()
    assert tabs_at_first.currentIndex() == 0
    assert min(splitter_at_first.sizes()) > 100

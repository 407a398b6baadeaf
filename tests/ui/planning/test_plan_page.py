"""The page of a year plan: filled, reordered with a reason, written as a workbook."""

import pytest
from PySide6.QtWidgets import QApplication

from kcdesk.services.records import changing, reading
from kcdesk.ui.planning.plan_page import PlanPage


@pytest.fixture
def page(open_window, workspace):
    for title in ("Đề án một", "Đề án hai"):
        made = changing.add(workspace, "proposal", {"title": title, "year": 2027, "programme": "local"})
        with workspace.store.act("Chốt") as act:
            act.update(made.items[0].id, {"state": "final", "requested_support": 300_000_000})
    plan = changing.add(workspace, "plan", {"year": 2027, "programme": "local", "budget": 400_000_000}).items[0].id
    window = open_window(workspace)
    page = window.open_record(plan)
    assert isinstance(page, PlanPage)
    return page


def titles(page):
    workspace = page.context.workspace
    return [reading.title_of(workspace, row["proposal"]) for row in page.record.rows("entries")]


def test_filling_says_what_fits_and_can_be_taken_back(page):
    page.findChild(object, "plan.fill").click()
    QApplication.processEvents()

    assert titles(page) == ["Đề án một", "Đề án hai"]
    assert "đưa vào được 1 đề án, 300.000.000 đồng" in page.comes_to.text()

    page.window().undo()
    assert titles(page) == []


def test_a_row_is_moved_with_a_reason(page, messages):
    page.fill()
    messages.texts.extend(["2. Đề án hai", "1", "Đơn vị có kinh nghiệm"])

    page.reorder()

    assert titles(page) == ["Đề án hai", "Đề án một"]
    assert page.record.rows("entries")[0]["reason"] == "Đơn vị có kinh nghiệm"


def test_the_workbook_is_written_where_the_officer_says(page, messages, tmp_path):
    page.fill()
    messages.files.append(tmp_path / "m2.xlsx")

    page.write_workbook()

    assert (tmp_path / "m2.xlsx").stat().st_size
    assert "2 đề án" in messages.said[-1]


def test_the_decision_is_offered_once_the_plan_is_decided(page):
    assert "approve" not in page.commands()
    assert "fill" in page.commands()

    with page.context.workspace.store.act("Duyệt") as act:
        act.update(page.record_id, {"state": "decided"})
    page.context.announce(act.changes)

    assert "approve" in page.commands()
    assert "fill" not in page.commands()

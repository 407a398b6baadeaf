"""The page of a year plan: filled, reordered with a reason, written as a workbook."""

from collections import deque
from copy import copy

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton

from kcdesk.services.lifecycle import missing, steps
from kcdesk.services.plans import year_plans
from kcdesk.services.records import changing, reading
from kcdesk.ui.planning.plan_page import PlanPage
from tests.services import lives, samples


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


def decided(workspace, plan):
    """Record the decision of a plan."""
    steps.take_step(workspace, plan, "finalise")
    decision = {"decision_number": "9/QĐ", "decision_date": "1/3/2018", "decision_authority": "Ủy ban"}
    changing.set_values(workspace, plan, decision)
    steps.take_step(workspace, plan, "decide")


def titles(page):
    workspace = page.context.workspace
    return [reading.title_of(workspace, row["proposal"]) for row in page.record.rows("entries")]


def test_filling_says_what_fits_and_can_be_taken_back(page):
    page.findChild(object, "plan.fill").click()
    QApplication.processEvents()

    assert titles(page) == ["Đề án một", "Đề án hai"]
    assert "đưa vào được 1 đề án, 300.000.000 đồng" in page.board.summary.text()

    page.window().undo()
    assert titles(page) == []


@pytest.fixture
def answer(monkeypatch):
    """An officer who does with the next dialog what was agreed; a dialog nobody agreed on fails."""
    agreed = deque()

    def execute(dialog):
        dialog.show()
        agreed.popleft()(dialog)
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", execute)
    yield agreed.append
    assert not agreed, "a dialog was expected"


def fields(**answers):
    """Fill in a small dialog and press Enter in the last field."""

    def act(dialog):
        for name, text in answers.items():
            line = dialog.findChild(QLineEdit, f"fields.{name}")
            line.setText(text)
        QTest.keyClick(line, Qt.Key.Key_Return)

    return act


def test_a_row_is_moved_by_keys_with_one_dialog(page, answer):
    page.fill()
    cut = "— hết kinh phí 400.000.000 đồng —"
    assert page.board.texts() == ["Đề án một", cut, "Đề án hai"]
    page.board.table.go_to(page.record.rows("entries")[1]["id"])
    answer(fields(reason="Đơn vị có kinh nghiệm"))
    QTest.keyClick(page.board.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert titles(page) == ["Đề án hai", "Đề án một"]
    assert page.record.rows("entries")[0]["reason"] == "Đơn vị có kinh nghiệm"
    assert page.board.row() == page.record.rows("entries")[0]["id"]

    def wrong_place(dialog):
        fields(place="7", reason="Nhầm")(dialog)
        assert not dialog.act.isEnabled()
        assert dialog.findChild(QLabel, "fields.problem").text() == "Vị trí là một số từ 1 đến 2."
        fields(place="2")(dialog)

    answer(wrong_place)
    page.findChild(QPushButton, "plan.reorder").click()
    assert titles(page) == ["Đề án một", "Đề án hai"]


def test_a_row_without_a_proposal_leads_to_its_choice(page):
    """It names nothing that could be opened: no sentence about a missing record, but the cell where it is chosen."""
    workspace = page.context.workspace
    page.fill()
    record = page.record
    row, changes = record.add_row("entries", {"reason": "Chưa rõ"})
    page.context.act(lambda: changing.set_values(workspace, page.record_id, changes))
    assert "(chưa chọn đề án)" in page.board.texts()
    page.board.table.go_to(row)
    page.findChild(QPushButton, "plan.open").click()
    assert page.window().page is page
    assert page.form.editor("entries").focused_path() == f"entries/{row}/proposal"
    assert not page.window().notices.is_wrong()


def test_a_row_is_left_out_with_its_reason(page, answer):
    page.fill()
    page.board.table.go_to(page.record.rows("entries")[0]["id"])
    answer(fields(reason="Đơn vị xin lùi"))
    page.findChild(QPushButton, "plan.leave_out").click()
    row = page.record.rows("entries")[0]
    assert (row["left_out"], row["reason"]) == ("carried_over", "Đơn vị xin lùi")
    assert page.board.texts() == ["Đề án một", "Đề án hai", "— còn lại 100.000.000 đồng trong 400.000.000 đồng —"]


def test_that_a_proposal_cannot_be_added_yet_is_said_before_anything_is_typed(open_window, offices, pair, answer):
    unit, province = pair
    first, late = (lives.write(unit, "brand") for _ in range(2))
    lives.take(unit, first, "finalise", "send")
    offices.send(unit, province)
    year = province.store.record(first).value("year")
    plan = samples.new(province, "plan", year=year, programme="local", budget=300_000_000)
    year_plans.fill_plan(province, plan)
    decided(province, plan)
    lives.take(unit, late, "finalise", "send")
    offices.send(unit, province)
    page = open_window(province).open_record(plan)

    def look(dialog):
        said.append(dialog.findChild(QLabel, "fields.problem").text())
        dialog.reject()

    said = []
    answer(look)
    page.findChild(QPushButton, "plan.add").click()
    assert said == ["Chưa bổ sung được: đang «Đã gửi thẩm định», bước tiếp theo là «Nhận hồ sơ, thẩm định cấp cơ sở»."]


def test_after_the_decision_a_proposal_is_added_and_the_budget_changed(open_window, workspace, answer):
    first, late = (samples.proposal(workspace, title=title) for title in ("Đã có", "Đến sau"))
    steps.take_step(workspace, first, "finalise")
    plan = samples.new(workspace, "plan", year=2018, programme="local", budget=300_000_000)
    year_plans.fill_plan(workspace, plan)
    decided(workspace, plan)
    steps.take_step(workspace, late, "finalise")
    page = open_window(workspace).open_record(plan)
    paper = {"number": "15/QĐ", "date": "1/3/2026", "authority": "Ủy ban", "reason": "Phát sinh"}

    def too_much(dialog):
        fields(support="300 tr", **paper)
        dialog.findChild(QLineEdit, "fields.support").setText("300 tr")
        for name, text in paper.items():
            dialog.findChild(QLineEdit, f"fields.{name}").setText(text)
        assert "đề nghị 200.000.000: hơn 100.000.000." in dialog.findChild(QLabel, "fields.problem").text()
        fields(support="")(dialog)

    answer(too_much)
    page.findChild(QPushButton, "plan.add").click()
    assert workspace.store.record(late).value("approved_support") == 200_000_000
    assert "Đến sau" in page.board.texts()
    answer(fields(budget="600 tr", **{**paper, "number": "16/QĐ"}))
    page.findChild(QPushButton, "plan.budget").click()
    assert workspace.store.record(plan).value("budget") == 600_000_000


def test_the_page_asks_only_once_besides_the_outlook_what_stops_its_proposals(open_window, workspace):
    first = samples.proposal(workspace, title="Chờ ghi")
    steps.take_step(workspace, first, "finalise")
    plan = samples.new(workspace, "plan", year=2018, programme="local", budget=300_000_000)
    year_plans.fill_plan(workspace, plan)
    decided(workspace, plan)
    page = open_window(workspace).open_record(plan)
    asked = []
    of_proposal = workspace.extensions.answer_fillers["proposal"]

    def counting(*values):
        asked.append(values)
        return of_proposal(*values)

    workspace.extensions = copy(workspace.extensions)
    vars(workspace.extensions)["answer_fillers"] = {"proposal": counting}
    missing.outlook_of(workspace, page.record)
    in_outlook = len(asked)
    assert in_outlook >= 1
    asked.clear()
    page.refresh(changing.add(workspace, "proposal", {"title": "Khác"}), None)
    assert len(asked) == in_outlook + 1


def test_nothing_is_offered_as_the_next_step_that_no_proposal_can_take(open_window, workspace):
    waits = samples.proposal(workspace, title="Chưa thẩm định")
    steps.take_step(workspace, waits, "finalise")
    plan = samples.new(workspace, "plan", year=2018, programme="local", budget=300_000_000)
    year_plans.fill_plan(workspace, plan)
    decided(workspace, plan)
    window = open_window(workspace)
    assert window.open_record(plan).main_action().label == "Ghi quyết định vào đề án"
    with workspace.store.act("Trả lại") as act:
        act.update(waits, {"state": "supplement"})
    window.context.announce(act.changes)
    page = window.page
    assert page.main_action() is None, "the only one cannot take it; the list beside the form says why"
    assert "1 đề án chưa thẩm định xong" in page.board.blocked.text()


def test_the_rows_take_the_whole_page_and_give_it_back_to_a_field(page, messages):
    page.fill()
    page.board.table.setFocus()
    QTest.keyClick(page.board.table, Qt.Key.Key_F11)
    QApplication.processEvents()
    assert not page.form.isVisible()
    assert not page.table_room.isVisible(), "the key is about these rows, not about the table of the form"
    assert page.board.table.height() > 300
    QTest.keyClick(page.board.table, Qt.Key.Key_F11)
    assert page.form.isVisible()
    page.board.wide.click()
    messages.answers.append(False)
    page.main_action().run()
    assert page.form.isVisible()


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

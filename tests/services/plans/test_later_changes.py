"""A plan after its decision: proposals added, the budget changed, each as one act with its own paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from kcdesk.errors import IncompleteError, UserError
from kcdesk.services.lifecycle import steps, waiting
from kcdesk.services.papers import printing
from kcdesk.services.plans import lines as plan_lines
from kcdesk.services.plans import plan_budget, plan_decisions, workbook, year_plans
from kcdesk.services.plans.plan_budget import BudgetDecision
from kcdesk.services.proposals import plan_additions
from kcdesk.services.proposals.plan_additions import AdditionDecision
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from tests.services import samples

YEAR = 2018
MILLION = 1_000_000
ADDITION = AdditionDecision("180 tr", "15/QĐ-UBND", "1/3/2026", "Ủy ban nhân dân tỉnh", "Phát sinh nhu cầu")
BUDGET = BudgetDecision("450 tr", "16/QĐ-UBND", "2/3/2026", "Ủy ban nhân dân tỉnh", "Trung ương bổ sung nguồn")


def closed(workspace: Workspace, title: str) -> str:
    """A complete proposal that asks for 200 million of 570."""
    id_ = samples.proposal(workspace, title=title)
    steps.take_step(workspace, id_, "finalise")
    return id_


@pytest.fixture
def plan(workspace: Workspace) -> tuple[str, dict[str, str]]:
    """A decided plan of 250 million: the first of two proposals is approved, the second is over the budget."""
    return decided_plan(workspace, "Một", "Hai")


def decided_plan(workspace: Workspace, *titles: str) -> tuple[str, dict[str, str]]:
    ids = {title: closed(workspace, title) for title in titles}
    id_ = samples.new(workspace, "plan", year=YEAR, programme="local", budget=250 * MILLION)
    year_plans.fill_plan(workspace, id_)
    steps.take_step(workspace, id_, "finalise")
    decision = {"decision_number": "9/QĐ", "decision_date": "1/2/2026", "decision_authority": "Ủy ban"}
    changing.set_values(workspace, id_, decision)
    steps.take_step(workspace, id_, "decide")
    plan_decisions.approve_proposals(workspace, id_)
    return id_, ids


def fitting(workspace: Workspace, plan: str) -> list[str]:
    rows = workspace.store.record(plan).rows("entries")
    return [workspace.store.record(row["proposal"]).title() for row in rows if plan_lines.fits(row)]


def test_a_proposal_is_added_in_one_act_with_its_own_paper(workspace: Workspace, plan: tuple[str, Any]) -> None:
    id_ = plan[0]
    late = closed(workspace, "Đến sau")
    draft = samples.proposal(workspace, title="Đang soạn")
    offered = plan_additions.candidates(workspace, workspace.store.record(id_))
    assert {candidate.proposal for candidate in offered} == {late, plan[1]["Hai"]}
    owner = workspace.store.record(workspace.store.record(late).data["beneficiaries"][0]).title()
    assert {candidate.beneficiaries for candidate in offered if candidate.proposal == late} == {owner}
    acts = len(workspace.store.acts(1000))
    plan_additions.add_to_plan(workspace, id_, late, ADDITION)
    assert len(workspace.store.acts(1000)) == acts + 1
    added = workspace.store.record(late)
    assert (added.state, added.value("approved_support")) == ("approved", 180 * MILLION)
    assert (added.value("decision_number"), added.value("decision_authority")) == ("15/QĐ-UBND", ADDITION.authority)
    assert fitting(workspace, id_) == ["Một", "Đến sau"]
    why = plan_lines.lines_of(workspace, workspace.store.record(id_))[-1].why
    assert "quyết định số 15/QĐ-UBND ngày 01/3/2026" in why
    (adjustment,) = workspace.store.page("adjustment")
    assert adjustment.data["new_support"] == 180 * MILLION
    changing.undo(workspace)
    assert workspace.store.record(late).state == "final"
    assert fitting(workspace, id_) == ["Một"]
    assert not workspace.store.page("adjustment")
    with pytest.raises(UserError, match="đang «Đang soạn»"):
        plan_additions.add_to_plan(workspace, id_, draft, ADDITION)
    without_number = AdditionDecision("180 tr", "", "1/3/2026", "Ủy ban", "Phát sinh")
    with pytest.raises(IncompleteError):
        plan_additions.add_to_plan(workspace, id_, late, without_number)


def test_a_larger_budget_takes_in_what_now_fits(workspace: Workspace, plan: tuple[str, Any], tmp_path: Path) -> None:
    id_, ids = plan
    plan_budget.change_budget(workspace, id_, BUDGET)
    taken = workspace.store.record(ids["Hai"])
    assert (taken.state, taken.value("decision_number")) == ("approved", "16/QĐ-UBND")
    assert workspace.store.record(ids["Một"]).value("decision_number") == "9/QĐ"
    record = workspace.store.record(id_)
    assert record.value("budget") == 450 * MILLION
    [row] = record.rows("budget_changes")
    assert [row[name] for name in ("number", "decided_on", "budget_before", "budget_after", "reason")] == [
        "16/QĐ-UBND", "2026-03-02", 250 * MILLION, 450 * MILLION, "Trung ương bổ sung nguồn"]  # fmt: skip
    assert not record.value("note")
    assert plan_decisions.every_decision_is_written(workspace, record) == []
    sheet = load_workbook(workbook.write_workbook(workspace, id_, tmp_path / "m2.xlsx")["xlsx"]).active
    below = [[cell.value for cell in cells if cell.value] for cells in sheet.iter_rows(min_row=9)]
    assert below[-1] == ["Quyết định số 16/QĐ-UBND ngày 02/3/2026", BUDGET.authority, 250 * MILLION, 450 * MILLION,
                         "Trung ương bổ sung nguồn"]  # fmt: skip
    assert (sheet.print_area or "").endswith(str(sheet.max_row))
    later = Workspace(workspace.store, workspace.forms, workspace.extensions, lambda: date(2026, 12, 1))
    printing.print_record(later, id_, "registration_report", tmp_path / "report.pdf")
    printed = " ".join(page.get_textpage().get_text_range() for page in PdfDocument(tmp_path / "report.pdf"))
    assert "III. ĐỔI KINH PHÍ SAU KHI PHÊ DUYỆT" in printed
    assert "16/QĐ-UBND" in printed
    changing.undo(workspace)
    assert workspace.store.record(id_).value("budget") == 250 * MILLION
    assert workspace.store.record(ids["Hai"]).state == "final"


def test_an_addition_beyond_the_budget_is_weighed_before_and_named_afterwards(
    workspace: Workspace, plan: tuple[str, Any]
) -> None:
    """200 of 250 million are granted: 180 more are 130 above the budget, until the budget is changed to 450."""
    id_, ids = plan
    assert year_plans.beyond_budget(workspace.store.record(id_), 50 * MILLION) == ""
    sentence = year_plans.beyond_budget(workspace.store.record(id_), 180 * MILLION)
    assert sentence == "Kinh phí kế hoạch còn 50.000.000, bổ sung 180.000.000: vượt 130.000.000."
    plan_additions.add_to_plan(workspace, id_, ids["Hai"], ADDITION)
    decided = workspace.store.record(id_)
    assert "vượt kinh phí 130.000.000 đồng" in year_plans.summary(decided).sentence()
    (advice,) = waiting.remaining(workspace, decided, advised=True)
    assert advice.advice
    assert "vượt kinh phí của kế hoạch 130.000.000 đồng" in advice.message
    assert waiting.notes_of(workspace, decided, (), "") == (), "it is not said that all is done"
    plan_budget.change_budget(workspace, id_, BUDGET)
    assert waiting.remaining(workspace, workspace.store.record(id_), advised=True) == []


def test_a_budget_below_what_is_granted_is_refused(workspace: Workspace, plan: tuple[str, Any]) -> None:
    less = BudgetDecision("150 tr", "16/QĐ", "2/3/2026", "Ủy ban", "Cắt giảm")
    with pytest.raises(UserError, match=r"không đủ cho các đề án đã có trong kế hoạch \(200\.000\.000 đồng\)"):
        plan_budget.change_budget(workspace, plan[0], less)


def test_what_cannot_be_approved_yet_is_carried_over_with_the_reason(
    workspace: Workspace,
) -> None:
    id_, ids = decided_plan(workspace, "Một", "Hai", "Ba")
    steps.take_step(workspace, ids["Hai"], "correct", "Sửa dự toán")
    plan_budget.change_budget(workspace, id_, BUDGET)
    row = workspace.store.record(id_).rows("entries")[1]
    third = workspace.store.record(ids["Ba"])  # gets the money that the second leaves, by the same decision
    assert (third.state, third.value("decision_number")) == ("approved", "16/QĐ-UBND")
    assert (row["left_out"], row["reason"]) == ("carried_over", "Chưa thẩm định xong")


def test_a_plan_of_an_earlier_version_gets_rows_and_keeps_its_note(
    workspace: Workspace, plan: tuple[str, Any], tmp_path: Path
) -> None:
    id_, _ids = plan
    noted = "Đổi kinh phí từ 1.000 thành 250.000.000 đồng theo Quyết định số 2/QĐ ngày 01/3/2026: Bổ sung nguồn"
    with workspace.store.act("Bản trước ghi") as act:
        stored = act.insert("plan", "plan@1", workspace.store.get(id_).data | {"note": noted})
    plan_budget.change_budget(workspace, stored, BUDGET)
    record = workspace.store.record(stored)
    assert (record.form.version, len(record.rows("budget_changes")), record.value("note")) == (2, 1, noted)
    sheet = load_workbook(workbook.write_workbook(workspace, stored, tmp_path / "m2.xlsx")["xlsx"]).active
    assert sheet.cell(sheet.max_row, 1).value == noted
    changing.undo(workspace)
    assert workspace.store.record(stored).rows("budget_changes") == []

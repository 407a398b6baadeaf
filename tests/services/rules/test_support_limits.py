"""Amounts of support above the request, the total cost, the ceiling and the plan: in numbers, with a reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdfium2 import PdfDocument

from kcdesk.errors import IncompleteError
from kcdesk.services.lifecycle import missing, steps
from kcdesk.services.papers import printing
from kcdesk.services.plans import year_plans
from kcdesk.services.records import changing
from kcdesk.services.rules import support_limits
from kcdesk.services.workspace import Workspace
from tests.services import samples

MILLION = 1_000_000


@pytest.fixture
def final(workspace: Workspace) -> str:
    """A closed proposal that asks for 200 million of 570."""
    id_ = samples.proposal(workspace)
    steps.take_step(workspace, id_, "finalise")
    return id_


def sentences(workspace: Workspace, id_: str, path: str, amount: int) -> list[str]:
    return [line for line in support_limits.excess_text(workspace, id_, path, amount).split(". ") if line]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (200, []),
        (201, ["đề nghị 200.000.000: hơn 1.000.000"]),
        (900, ["đề nghị 200.000.000: hơn 700.000.000", "tổng kinh phí 570.000.000: hơn 330.000.000"]),
    ],
)
@pytest.mark.parametrize("path", ["approved_support", "province_support"])
def test_an_approval_is_held_against_request_and_cost_while_it_is_typed(
    workspace: Workspace, final: str, path: str, amount: int, expected: list[str]
) -> None:
    typed = f"{amount}.000.000"
    assert [line.rstrip(".") for line in sentences(workspace, final, path, amount * MILLION)] == [
        f"Duyệt {typed}, {limit}" for limit in expected
    ]


def approve(workspace: Workspace, id_: str, amount: int, **changes: Any) -> None:
    money = {"approved_support": amount, "approved_local": amount, "approved_counterpart": 570 * MILLION - amount}
    changing.set_values(workspace, id_, {**samples.APPROVAL, **money, **changes})
    steps.take_step(workspace, id_, "approve")


def test_an_approval_above_the_request_needs_a_reason_and_none_helps_above_the_cost(
    workspace: Workspace, final: str
) -> None:
    with pytest.raises(IncompleteError, match=r"đề nghị 200\.000\.000: hơn 50\.000\.000; hãy giảm hoặc ghi lý do"):
        approve(workspace, final, 250 * MILLION)
    with pytest.raises(IncompleteError, match="«Lý do duyệt hơn mức đề nghị hoặc kế hoạch»"):  # not of the ceiling
        approve(workspace, final, 250 * MILLION, ceiling_override_reason="Văn bản cho phép vượt trần")
    reason = {"excess_reason": "Hội đồng tăng mức hỗ trợ"}
    total = {"approved_total": 500 * MILLION, "approved_counterpart": 0}
    with pytest.raises(IncompleteError) as refused:
        approve(workspace, final, 600 * MILLION, **reason, **total)
    assert any(problem.message.endswith("hơn 100.000.000; hãy giảm.") for problem in refused.value.problems)
    approve(workspace, final, 250 * MILLION, **reason, approved_total=570 * MILLION)
    assert workspace.store.record(final).state == "approved"


def test_an_appraisal_above_the_request_says_why(workspace: Workspace, final: str) -> None:
    appraisal = samples.begin(workspace, final, "appraisal")
    rows = [row | {"result": "pass"} for row in workspace.store.record(appraisal).rows("criteria")]
    answers = {"model": "4a", "appraised_on": "1/2/2018", "body": "staff", "conclusion": "approve", "criteria": rows}
    changing.set_values(workspace, appraisal, {**answers, "proposed_support": 300 * MILLION})
    expected = "Đề nghị duyệt 300.000.000, đề nghị 200.000.000: hơn 100.000.000"
    assert sentences(workspace, appraisal, "proposed_support", 300 * MILLION) == [f"{expected}."]
    with pytest.raises(IncompleteError, match="Nhận xét chung"):
        steps.take_step(workspace, appraisal, "finalise")
    changing.set_values(workspace, appraisal, {"opinion": "Giá máy tăng theo báo giá mới"})
    steps.take_step(workspace, final, "correct", "Sửa lại dự toán")
    with pytest.raises(IncompleteError, match="Đề án đang «Đang soạn», chưa gửi thẩm định"):
        steps.take_step(workspace, appraisal, "finalise")
    steps.take_step(workspace, final, "finalise")
    steps.take_step(workspace, appraisal, "finalise")


def test_a_plan_above_the_request_is_told_and_its_amount_limits_the_approval(workspace: Workspace, final: str) -> None:
    plan = samples.new(workspace, "plan", year=2018, programme="local", budget=900 * MILLION)
    year_plans.fill_plan(workspace, plan)
    (row,) = workspace.store.record(plan).rows("entries")
    changing.set_values(workspace, plan, {f"entries/{row['id']}/support": 260 * MILLION})
    expected = "Kế hoạch ghi 260.000.000, đề nghị 200.000.000: hơn 60.000.000"
    (problem,) = missing.outlook_of(workspace, workspace.store.record(plan)).must
    assert problem.field == f"entries/{row['id']}/support"
    assert problem.message.startswith(expected)
    changing.set_values(workspace, plan, {f"entries/{row['id']}/support": 150 * MILLION})
    steps.take_step(workspace, plan, "finalise")
    assert sentences(workspace, final, "approved_support", 180 * MILLION) == [
        "Duyệt 180.000.000, kế hoạch năm ghi 150.000.000: hơn 30.000.000."
    ]


def test_a_plan_does_not_ask_again_why_a_proposal_was_granted_more(workspace: Workspace, final: str) -> None:
    approve(workspace, final, 250 * MILLION, excess_reason="Hội đồng tăng mức hỗ trợ")
    plan = samples.new(workspace, "plan", year=2018, programme="local", budget=900 * MILLION)
    year_plans.fill_plan(workspace, plan)
    (row,) = workspace.store.record(plan).rows("entries")
    assert row["support"] == 250 * MILLION
    assert support_limits.obstacles(workspace, workspace.store.record(plan)) == []
    changing.set_values(workspace, plan, {f"entries/{row['id']}/support": 260 * MILLION})
    (problem,) = support_limits.obstacles(workspace, workspace.store.record(plan))
    assert problem.message.startswith("Kế hoạch ghi 260.000.000, đề nghị 200.000.000: hơn 60.000.000")


def test_proposals_of_the_first_version_keep_the_reason_where_they_can(workspace: Workspace, final: str) -> None:
    data = workspace.store.get(final).data
    with workspace.store.act("Bản mẫu cũ") as act:
        act.delete(final)  # which would count as the same machine, supported twice
        old = act.insert("proposal", "proposal@1", data)
    approve(workspace, old, 250 * MILLION, ceiling_override_reason="Hội đồng tăng mức hỗ trợ")
    assert workspace.store.record(old).state == "approved"


def test_the_annex_of_a_proposal_tells_each_reason_apart(workspace: Workspace, final: str, tmp_path: Path) -> None:
    approve(workspace, final, 250 * MILLION, excess_reason="Hội đồng tăng mức hỗ trợ")
    later = Workspace(workspace.store, workspace.forms, workspace.extensions, lambda: date(2026, 12, 1))
    for name, tells in ((final, True), (samples.proposal(workspace), False)):
        printing.print_record(later, name, "proposal_ceilings", tmp_path / "annex.pdf")
        with PdfDocument(tmp_path / "annex.pdf") as paper:
            printed = " ".join(" ".join(page.get_textpage().get_text_range() for page in paper).split())
        assert ("Lý do duyệt hơn mức đề nghị hoặc kế hoạch Hội đồng tăng mức hỗ trợ" in printed) is tells
        assert "Lý do hỗ trợ vượt mức tối đa Không có." in printed

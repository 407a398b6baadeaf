"""The budget of a decided year plan, changed by a later decision: the rows that now fit take that decision.

Each change is a row of the plan with the deciding paper; plans changed by earlier versions have it in their note.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import copied, differences
from kcdesk.runtime.frozen import Value
from kcdesk.services.lifecycle import steps
from kcdesk.services.lifecycle.steps import PreparedStep
from kcdesk.services.plans import lines, plan_decisions, year_plans
from kcdesk.services.plans.plan_decisions import Blocked, DecisionPaper
from kcdesk.services.records import permissions, renewal
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

_ENTRIES, _CHANGES = "entries", "budget_changes"
_UNREADY = "Chưa thẩm định xong"  # printed in a signed table; «Còn thiếu» says what the proposal waits for
_NOTE = "Đổi kinh phí"


class BudgetDecision(Value):
    """What is typed for a new budget: the amount, the paper that decides, and why."""

    budget: str
    number: str
    date: str
    authority: str
    reason: str


def change_budget(workspace: Workspace, plan_id: str, decision: BudgetDecision) -> Changes:
    """Change the budget of a decided plan, and approve the proposals that now fit and can be approved, in one act.

    Proposals that fit but cannot be approved yet are carried over; «Bổ sung đề án» takes them in later. UserError if
    the plan is not decided, an answer is missing, or the new budget does not cover what the plan has granted.
    """
    plan = renewal.renewed(workspace, permissions.living(workspace, plan_id))
    if not year_plans.is_decided(workspace, plan):
        raise UserError(f"Kế hoạch «{plan.title()}» chưa được phê duyệt.", code="not_decided")
    paper, budget = _paper(plan, decision), plan.read("budget", decision.budget)
    before, old = copied(plan.data), plan.value("budget")
    granted = {row["id"] for row in plan.rows(_ENTRIES) if lines.fits(row)}
    plan.set("budget", budget)
    _refuse_too_little(plan, granted)
    _add_change(plan, old, budget, paper, decision.reason)
    taken = _take_in(workspace, plan, granted, paper)
    label = f"{_NOTE} kế hoạch thành {plan.text('budget')} theo {paper.sentence()}"
    with workspace.store.act(f"{label}: {decision.reason.strip()}") as act:
        act.update(plan.id, differences(before, plan.data, (_ENTRIES, _CHANGES)), plan.form.reference)
        for step in taken:
            steps.write_step(workspace, act, step)
        act.snapshot(plan.id)
        steps.follow_step(workspace, act, plan.id)
    return act.changes


def changes_of(plan: Record) -> list[dict[str, Any]]:
    """The changed budgets of a plan, the oldest first: each row with `paper`, its number and day in a sentence."""
    if not any(table.name == _CHANGES for table in plan.form.tables):
        return []
    return [row | {"paper": _paper_of(row).sentence()} for row in plan.rows(_CHANGES)]


def budget_notes(plan: Record) -> list[str]:
    """The sentences in which earlier versions of the program noted a changed budget, the oldest first."""
    return [line for line in plan.text("note").split("\n") if line.startswith(f"{_NOTE} từ ")]


# -- inside --------------------------------------------------------------------------------------------------------


def _paper(plan: Record, decision: BudgetDecision) -> DecisionPaper:
    """The deciding paper; UserError `missing` names the first field that is empty."""
    typed = {
        "budget": decision.budget,
        "decision_number": decision.number,
        "decision_date": decision.date,
        "decision_authority": decision.authority,
    }
    for name, value in typed.items():
        if not value.strip():
            raise UserError(f"Chưa ghi «{plan.field(name).label}».", code="missing", field=name)
    if not decision.reason.strip():
        raise UserError("Chưa ghi lý do đổi kinh phí.", code="missing", field="reason")
    day = plan.read("decision_date", decision.date)
    return DecisionPaper(decision.number.strip(), str(day), decision.authority.strip())


def _paper_of(row: Mapping[str, Any]) -> DecisionPaper:
    return DecisionPaper(row.get("number", ""), row.get("decided_on", ""), row.get("authority", ""))


def _refuse_too_little(plan: Record, granted: set[str]) -> None:
    lost = [row for row in plan.rows(_ENTRIES) if row["id"] in granted and not lines.fits(row)]
    if lost:
        needed = sum(int(row.get("support", 0)) for row in plan.rows(_ENTRIES) if row["id"] in granted)
        raise UserError(
            f"Kinh phí mới không đủ cho các đề án đã có trong kế hoạch ({text.format_integer(needed)} đồng).",
            code="too_little",
            hint="Hãy điều chỉnh hoặc ngừng từng đề án trước, bằng hồ sơ «Điều chỉnh».",
            field="budget",
        )


def _add_change(plan: Record, old: Any, new: Any, paper: DecisionPaper, reason: str) -> None:
    row = {
        "number": paper.number,
        "decided_on": paper.date,
        "authority": paper.authority,
        "budget_before": old,
        "budget_after": new,
        "reason": reason.strip(),
    }
    plan.add_row(_CHANGES, {name: value for name, value in row.items() if value is not None})


def _take_in(workspace: Workspace, plan: Record, granted: set[str], paper: DecisionPaper) -> list[PreparedStep]:
    """Mark the rows that now fit: added by this decision, or carried over; return the approvals.

    A row that is carried over leaves its money to those below it, so the next one is looked for again each time.
    """
    taken: list[PreparedStep] = []
    judged = set(granted)
    while row := next((row for row in plan.rows(_ENTRIES) if row["id"] not in judged and lines.fits(row)), None):
        judged.add(row["id"])
        path = f"{_ENTRIES}/{row['id']}"
        approval = plan_decisions.approval(workspace, plan, row, paper)
        if isinstance(approval, Blocked):
            plan.apply({f"{path}/left_out": "carried_over", f"{path}/reason": _UNREADY})
        else:
            plan.apply({f"{path}/added_by": paper.sentence(), f"{path}/added_support": row.get("support")})
            taken.append(approval)
    return taken

"""Adding a proposal to a decided year plan: request, decision, approval and row of the plan in one act.

Source: điểm a khoản 2 Điều 11 TT 36/2013/TT-BCT. What is kept is an adjustment of the type «Bổ sung», as if an officer
had made, closed and decided it step by step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kcdesk.errors import IncompleteError, UserError
from kcdesk.formdef.new_record import new_record
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.lifecycle import steps
from kcdesk.services.plans import lines, plan_decisions, year_plans
from kcdesk.services.proposals import adjustments, approval
from kcdesk.services.records import permissions, prefill
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.stored_record import new_id


class AdditionCandidate(Value):
    """A proposal that may be added to a plan; `why_not` says why it cannot be added yet, "" if it can.

    The names of its beneficiaries tell it from others with the same title.
    """

    proposal: str
    title: str
    beneficiaries: str
    requested: int
    why_not: str = ""


class AdditionDecision(Value):
    """What is typed for an addition: the amount, the paper that decides, and why."""

    support: str
    number: str
    date: str
    authority: str
    reason: str


def candidates(workspace: Workspace, plan: Record) -> list[AdditionCandidate]:
    """The registered proposals of the plan's year and programme that it does not fund, the ready ones first."""
    return sorted(_candidates(workspace, plan), key=lambda candidate: bool(candidate.why_not))


def add_to_plan(workspace: Workspace, plan_id: str, proposal_id: str, decision: AdditionDecision) -> Changes:
    """Add a proposal to a decided plan and approve it, in one act.

    UserError if the plan is not decided or the proposal cannot be approved now; IncompleteError for what the decision
    lacks.
    """
    plan = permissions.living(workspace, plan_id)
    proposal = permissions.living(workspace, proposal_id)
    if not year_plans.is_decided(workspace, plan):
        raise UserError(f"Kế hoạch «{plan.title()}» chưa được phê duyệt.", code="not_decided")
    if why := _why_not(workspace, proposal):
        raise UserError(f"Đề án «{proposal.title()}»: {why}", code="wrong_step", field=proposal_id)
    adjustment = _adjustment(workspace, plan, proposal, decision)
    changes = adjustments.decided_changes(workspace, adjustment)
    granted = proposal.copy()
    granted.apply(changes[proposal_id])
    changes[proposal_id] |= approval.answer_of_province(workspace, granted, "approved", "")
    return _write(workspace, adjustment, proposal_id, plan_id, changes)


# -- inside --------------------------------------------------------------------------------------------------------


def _candidates(workspace: Workspace, plan: Record) -> Iterator[AdditionCandidate]:
    funded = {row.get("proposal") for row in plan.rows("entries") if lines.fits(row)}
    where = {"year": plan.value("year"), "programme": plan.value("programme")}
    workflow = workspace.forms.workflow("proposal")
    addable = {state.name for state in workflow.marked("addable")}
    for stored in workspace.store.page("proposal", where=where, limit=-1):
        proposal = stored.record(workspace.forms)
        if stored.id not in funded and proposal.state in addable:
            requested = proposal.value("requested_support")
            amount = requested if isinstance(requested, int) else 0
            owners = lines.beneficiaries_of(workspace, proposal)
            yield AdditionCandidate(stored.id, proposal.title(), owners, amount, _why_not(workspace, proposal))


def _why_not(workspace: Workspace, proposal: Record) -> str:
    """Why a proposal cannot be approved now: it has to go through its appraisal first."""
    if steps.answering(workspace, proposal, "approved") is not None:
        return ""
    return plan_decisions.stopped(workspace, proposal).why


def _adjustment(workspace: Workspace, plan: Record, proposal: Record, decision: AdditionDecision) -> Record:
    """The decided adjustment; IncompleteError for what it lacks."""
    adjustment = new_record(workspace.forms, "adjustment", new_id(), workspace.today())
    typed: dict[str, Any] = {
        "proposal": proposal.id,
        "adjustment_type": "add",
        "plan": plan.id,
        "requested_on": decision.date,
        "reason": decision.reason,
        "new_support": decision.support,
        "new_total": proposal.value("total_cost"),
        "decision_form": "decision",
        "decision_number": decision.number,
        "decision_date": decision.date,
        "decision_authority": decision.authority,
    }
    adjustment.apply({name: adjustment.read(name, value) for name, value in typed.items() if value})
    prefill.prepare(workspace, adjustment)
    if adjustment.is_visible("department_confirmed") and workspace.level.decides:
        adjustment.set("department_confirmed", True)
    adjustments.authority_changes(workspace, adjustment)
    adjustment.set("decided_by", adjustment.value("authority"))
    _refuse_incomplete(workspace, adjustment)
    adjustment.apply({"state": workspace.forms.workflow("adjustment").step("decide").to})
    return adjustment


def _refuse_incomplete(workspace: Workspace, adjustment: Record) -> None:
    step = workspace.forms.workflow("adjustment").step("decide")
    problems = [problem for problem in adjustment.problems(final=True) if not problem.advice]
    problems += adjustments.problems_of_decision(workspace, adjustment)
    problems += steps.unfilled(adjustment, step)
    if problems:
        raise IncompleteError(problems)


def _write(
    workspace: Workspace, adjustment: Record, proposal: str, plan: str, changes: Mapping[str, Mapping[str, Any]]
) -> Changes:
    title, number = workspace.store.record(proposal).title(), adjustment.text("decision_number")
    with workspace.store.act(f"Bổ sung đề án «{title}» vào kế hoạch theo {number}") as act:
        form = adjustment.form.reference
        act.insert("adjustment", form, adjustment.data, parent=proposal, id=adjustment.id)
        for id_, values in changes.items():
            act.update(id_, values)
        for id_ in (adjustment.id, proposal, plan):
            act.snapshot(id_)
            steps.follow_step(workspace, act, id_)
    return act.changes

"""The decision of a year plan in its proposals: which can take it, and what stands in the way of the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.errors import IncompleteError, Problem, UserError
from kcdesk.formdef.derivations.amounts import amount_of
from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.lifecycle import steps
from kcdesk.services.lifecycle.steps import PreparedStep
from kcdesk.services.plans import lines, year_plans
from kcdesk.services.records import permissions
from kcdesk.services.records.copying import origins_of, plain, taken
from kcdesk.services.rules import support_limits
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

_DECISION = ("decision_number", "decision_date", "decision_authority")


class DecisionPaper(Value):
    """The paper that decides: its number, its ISO day, the authority."""

    number: str
    date: str
    authority: str

    def sentence(self) -> str:
        """«Quyết định số 9/QĐ ngày 01/9/2018»."""
        return f"Quyết định số {self.number} ngày {text.format_date(date.fromisoformat(self.date))}"


class Blocked(Value):
    """A proposal of a plan that cannot take its decision now; `why` is half a sentence, `make` the kind to begin."""

    proposal: str
    title: str
    why: str
    make: str = ""
    record: str = ""  # another dossier in which it is put right

    def problem(self, *, advice: bool = False) -> Problem:
        """The line of «Còn thiếu» that leads there."""
        place = self.record or self.proposal
        return Problem("", f"«{self.title}»: {self.why}", record=place, make=self.make, advice=advice)


def approve_proposals(workspace: Workspace, plan_id: str) -> Changes:
    """Write the plan's decision into every proposal that fits its budget and can take it, in one act.

    `blocked` lists the others. UserError if the plan is not decided, or none can take the decision: then the first that
    cannot is named.
    """
    plan = permissions.living(workspace, plan_id)
    if not year_plans.is_decided(workspace, plan):
        raise UserError(
            f"Kế hoạch «{plan.title()}» chưa được ghi nhận phê duyệt.",
            code="not_decided",
            hint="Hãy ghi số, ngày quyết định và bước «Ghi nhận phê duyệt» của kế hoạch trước.",
        )
    approvals = [approval(workspace, plan, row) for row in waiting_rows(workspace, plan)]
    planned = [step for step in approvals if isinstance(step, PreparedStep)]
    if not planned:
        raise _nothing_to_write([line for line in approvals if isinstance(line, Blocked)])
    with workspace.store.act(f"Ghi quyết định {plan.text('decision_number')} vào {len(planned)} đề án") as act:
        for step in planned:
            steps.write_step(workspace, act, step)
    return act.changes


def waiting_rows(workspace: Workspace, plan: Record) -> list[dict[str, Any]]:
    """The rows that fit the budget and whose proposals do not carry the plan's decision, or an earlier one, yet."""
    return [
        row
        for row in plan.rows("entries")
        if lines.fits(row) and not row.get("added_by") and not _carries(workspace, plan, row)
    ]


def blocked(workspace: Workspace, plan: Record) -> list[Blocked]:
    """The proposals that fit the budget of a plan but could not take its decision now, with what stands in the way."""
    if year_plans.is_decided(workspace, plan):
        approvals = [approval(workspace, plan, row) for row in waiting_rows(workspace, plan)]
        return [line for line in approvals if isinstance(line, Blocked)]
    return [line for row in plan.rows("entries") if lines.fits(row) for line in _unready(workspace, row)]


def every_decision_is_written(workspace: Workspace, plan: Record) -> list[Problem]:
    """List the proposals of a decided plan that do not carry its decision yet, each with its state or its obstacle.

    Last, as advice, stands by how much the proposals exceed the budget.
    """
    unwritten = [_unwritten(workspace, plan, row) for row in waiting_rows(workspace, plan)]
    return [*unwritten, *_over_budget(plan)]


def advice_before_closing(workspace: Workspace, plan: Record) -> list[Problem]:
    """The proposals that are not appraised yet, and the parts of the report that are empty; they prevent nothing."""
    return [
        *(line.problem(advice=True) for line in blocked(workspace, plan)),
        *year_plans.unwritten_report(workspace, plan),
    ]


def blocked_sentence(blocked_ones: list[Blocked]) -> str:
    """«6 đề án chưa thẩm định xong: A, B, C …»; "" for none."""
    if not blocked_ones:
        return ""
    named = ", ".join(f"«{line.title}»" for line in blocked_ones[:3]) + (" …" if len(blocked_ones) > 3 else "")
    return f"{len(blocked_ones)} đề án chưa thẩm định xong: {named}."


# -- inside --------------------------------------------------------------------------------------------------------


def _nothing_to_write(others: list[Blocked]) -> UserError:
    if not others:
        return UserError("Không còn đề án nào của kế hoạch chờ ghi quyết định.", code="nothing_to_do")
    first, more = others[0], len(others) - 1
    also = f" Còn {more} đề án khác cũng chưa ghi được." if more else ""
    return UserError(
        f"Đề án «{first.title}»: {first.why}{also}",
        code="wrong_step",
        hint="Mở từng đề án ở «Còn thiếu» của kế hoạch và làm bước còn thiếu.",
        field=first.proposal,
    )


def _carries(workspace: Workspace, plan: Record, row: dict[str, Any]) -> bool:
    stored = lines.living_proposal(workspace, str(row.get("proposal", "")))
    if stored is None:
        return True  # nothing can be written into a proposal that is not here
    proposal = stored.record(workspace.forms)
    if not workspace.forms.workflow("proposal").is_marked(proposal.state, "decided"):
        return False
    same = proposal.value("decision_number") == plan.value("decision_number")
    return same or steps.answering(workspace, proposal, "approved") is None  # granted before the plan, in a receipt


def _over_budget(plan: Record) -> Iterator[Problem]:
    over = year_plans.summary(plan).over
    if over:
        amount = text.format_integer(over)
        yield Problem(
            "budget",
            f"Các đề án vượt kinh phí của kế hoạch {amount} đồng; có quyết định thì ghi bằng «Đổi kinh phí…».",
            advice=True,
        )


def _unwritten(workspace: Workspace, plan: Record, row: dict[str, Any]) -> Problem:
    step = approval(workspace, plan, row)
    if isinstance(step, Blocked):
        return step.problem()
    proposal = workspace.store.record(row["proposal"])
    state = workspace.forms.workflow(proposal.kind).state(proposal.state).label
    return Problem("", f"Chưa ghi quyết định vào đề án «{proposal.title()}», đang «{state}».", record=proposal.id)


def approval(
    workspace: Workspace, plan: Record, row: dict[str, Any], paper: DecisionPaper | None = None
) -> PreparedStep | Blocked:
    """The step «approve» of a proposal with the granted amounts, or why it cannot be taken.

    `paper`: the decision, if it is not that of the plan.
    """
    proposal = permissions.living(workspace, row["proposal"])
    approve = steps.answering(workspace, proposal, "approved")
    if approve is None:
        return stopped(workspace, proposal)
    granted: dict[str, Any] = {}
    for name, value in _granted_values(workspace, plan, proposal, row, paper).items():
        if value is not None:
            granted |= proposal.set(name, plain(value))
    try:
        return steps.prepare_step(workspace, proposal, approve.name, also=granted)
    except IncompleteError as error:
        first = error.problems[0]
        return Blocked(proposal.id, proposal.title(), first.message, first.make, first.record)


def _unready(workspace: Workspace, row: dict[str, Any]) -> Iterator[Blocked]:
    """Whether a proposal of a plan that is being made would have to go through other steps first."""
    stored = lines.living_proposal(workspace, str(row.get("proposal", "")))
    if stored is None:
        return
    proposal = stored.record(workspace.forms)
    workflow = workspace.forms.workflow("proposal")
    if steps.answering(workspace, proposal, "approved") is None and not workflow.is_marked(proposal.state, "decided"):
        yield stopped(workspace, proposal)


def stopped(workspace: Workspace, proposal: Record) -> Blocked:
    """The obstacle of a proposal whose state does not lead to the approval."""
    state = workspace.forms.workflow("proposal").state(proposal.state).label
    step = steps.likeliest(workspace, proposal, steps.possible(workspace, proposal))
    if step is None:
        return Blocked(proposal.id, proposal.title(), f"đang «{state}».")
    missing = steps.step_obstacles(workspace, proposal, step)
    first = next((problem for problem in missing if problem.make or problem.record), None)
    why = f"đang «{state}», bước tiếp theo là «{step.label}»"
    if first is None:
        return Blocked(proposal.id, proposal.title(), f"{why}.")
    return Blocked(proposal.id, proposal.title(), f"{why}: {first.message}", first.make, first.record)


def _granted_values(
    workspace: Workspace, plan: Record, proposal: Record, row: dict[str, Any], paper: DecisionPaper | None
) -> dict[str, Any]:
    programme = "approved_national" if plan.value("programme") == "national" else "approved_local"
    total, support = (taken(plan, f"entries/{row['id']}/{name}") for name in ("total_cost", "support"))
    values: dict[str, Any] = {
        **_decision(plan, paper),
        "approved_total": total,
        "approved_support": support,
        programme: support,
        "approved_counterpart": _rest(proposal, plan, row),
        "approved_other": taken(proposal, "total_other"),
    }
    above = support_limits.row_excesses(workspace, plan, row)
    return values | support_limits.reason_values(proposal, above, str(row.get("reason", "")))


def _decision(plan: Record, paper: DecisionPaper | None) -> dict[str, Any]:
    if paper is None:
        return {name: plan.value(name) for name in _DECISION}
    return dict(zip(_DECISION, (paper.number, paper.date, paper.authority), strict=True))


def _rest(proposal: Record, plan: Record, row: dict[str, Any]) -> Any:
    """What the beneficiary pays itself: as budgeted, or the rest of the total when the support is another amount."""
    total, support = row.get("total_cost"), row.get("support")
    if support == proposal.value("requested_support") or not isinstance(total, int) or not isinstance(support, int):
        return taken(proposal, "total_counterpart")
    path = f"entries/{row['id']}"
    return support_limits.remainder(proposal, amount_of(plan, f"{path}/total_cost"), amount_of(plan, f"{path}/support"))


def origins_in_plans(workspace: Workspace, proposal: Record, path: str) -> Iterator[Derivation]:
    """What a decided year plan wrote into a proposal that carries its decision; the newest plan first."""
    plans = [stored for stored in workspace.store.find("plan", "entries/proposal", proposal.id) if not stored.deleted]
    for stored in sorted(plans, key=lambda plan: plan.seq, reverse=True):
        plan = stored.record(workspace.forms)
        if year_plans.is_decided(workspace, plan):
            for row in plan.rows("entries"):
                if row.get("proposal") == proposal.id and _names_decision(plan, row, proposal):
                    yield from origins_of(_granted_values(workspace, plan, proposal, row, None).get(path))


def _names_decision(plan: Record, row: dict[str, Any], proposal: Record) -> bool:
    number = proposal.value("decision_number")
    return bool(number) and (number == plan.value("decision_number") or str(number) in str(row.get("added_by", "")))

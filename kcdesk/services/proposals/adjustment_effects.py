"""The changes by a decided adjustment outside the proposal, in the same act: terms of contracts, the year plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import copied, differences
from kcdesk.services.plans import lines
from kcdesk.services.records import children
from kcdesk.services.records.copying import linked
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace

FieldChanges = dict[str, Any]
_ENTRIES = "entries"
_ANNEXES = "annexes"


# -- the terms of contracts ----------------------------------------------------------------------------------------


def extended_contracts(workspace: Workspace, adjustment: Record) -> list[Record]:
    """The contracts that a later end of the proposal extends: not liquidated, due before that end.

    A contract that ended in a year before the approved end was for the work of that year; it is not extended.
    """
    ends, before = adjustment.value("new_ends_on"), adjustment.value("old_ends_on")
    if not isinstance(ends, str) or not adjustment.is_visible("new_ends_on"):
        return []
    proposal = linked(workspace, adjustment, "proposal")
    if proposal is None:
        return []
    since = f"{before[:4]}-01-01" if isinstance(before, str) else ""
    running = [
        contract
        for contract in children.final_children(workspace, proposal, "contract")
        if not contract.value("liquidated_on")
    ]
    return [
        contract
        for contract in running
        if since <= str(contract.value("due_on") or "") < ends and contract.value("due_on")
    ]


def contract_changes(workspace: Workspace, adjustment: Record) -> dict[str, FieldChanges]:
    """The extended term of each contract and the annex to sign, as changes by record id."""
    changes = {}
    ends = adjustment.value("new_ends_on")
    for contract in extended_contracts(workspace, adjustment):
        before = copied(contract.data)
        annex = {
            "content": "Gia hạn thời hạn thực hiện",
            "old_due_on": contract.value("due_on"),
            "new_due_on": ends,
            "basis": decision_text(adjustment),
            "adjustment": adjustment.id,
        }
        contract.add_row(_ANNEXES, annex)
        contract.set("due_on", ends)
        changes[contract.id] = differences(before, contract.data, _tables(contract))
    return changes


def contract_rows(workspace: Workspace, adjustment: Record) -> Iterator[dict[str, str]]:
    """Changed terms of contracts for papers: {"label", "before", "after"}; the expected terms before the decision."""
    proposal = linked(workspace, adjustment, "proposal")
    for contract in children.final_children(workspace, proposal, "contract") if proposal else ():
        for row in contract.rows(_ANNEXES):
            if row.get("adjustment") == adjustment.id:
                path = f"{_ANNEXES}/{row['id']}"
                yield _term(contract, contract.text(f"{path}/old_due_on"), contract.text(f"{path}/new_due_on"))
    workflow = workspace.forms.workflow("adjustment")
    if not workflow.is_marked(adjustment.state, "decided"):
        for contract in extended_contracts(workspace, adjustment):
            yield _term(contract, contract.text("due_on"), adjustment.text("new_ends_on"))


def _term(contract: Record, before: str, after: str) -> dict[str, str]:
    label = f"Thời hạn hợp đồng số {contract.text('number')}"
    return {"label": label, "before": before, "after": f"{after} (ký phụ lục hợp đồng)"}


# -- the year plan -------------------------------------------------------------------------------------------------


def plan_of(workspace: Workspace, proposal: Record) -> str | None:
    """The id of the newest decided plan of the proposal's year and programme; None if there is none."""
    year, programme = proposal.value("year"), proposal.value("programme")
    workflow = workspace.forms.workflow("plan")
    where = {"year": year, "programme": programme}
    stored_plans = workspace.store.page("plan", where=where, limit=-1) if year and programme else []
    decided = [plan for plan in stored_plans if workflow.is_marked(str(plan.data.get("state")), "decided")]
    return max((plan.id for plan in decided), default=None)


def problems_of_plan(workspace: Workspace, adjustment: Record) -> list[Problem]:
    """Report why a proposal cannot be added to the named plan."""
    plan = _plan(workspace, adjustment)
    if plan is None:
        return []
    if not workspace.forms.workflow("plan").is_marked(plan.state, "decided"):
        sentence = (
            f"Kế hoạch «{plan.title()}» chưa được phê duyệt: hãy đưa đề án vào danh sách của kế hoạch, không bổ sung."
        )
        return [Problem("plan", sentence)]
    if plan.value("programme") != adjustment.value("programme"):
        return [Problem("plan", f"Kế hoạch «{plan.title()}» thuộc nguồn kinh phí khác với đề án.")]
    row = _row(plan, adjustment)
    if row is not None and lines.fits(row):
        return [Problem("plan", f"Đề án đã có trong kế hoạch «{plan.title()}» nên không bổ sung nữa.")]
    return []


def plan_changes(workspace: Workspace, adjustment: Record) -> dict[str, FieldChanges]:
    """The row that a decision adds to the plan, or the left-out row that it includes again, as changes by record id."""
    plan = _plan(workspace, adjustment)
    if plan is None:
        return {}
    before = copied(plan.data)
    row = _row(plan, adjustment)
    row_id = row["id"] if row else plan.add_row(_ENTRIES, {"proposal": adjustment.value("proposal")})[0]
    support = adjustment.value("new_support")
    added = {
        "scheme": adjustment.value("scheme"),
        "total_cost": adjustment.value("new_total"),
        "support": support,
        "added_support": support,
        "added_by": decision_text(adjustment),
        "left_out": None,
    }
    for name, value in added.items():
        plan.set(f"{_ENTRIES}/{row_id}/{name}", value)
    return {plan.id: differences(before, plan.data, _tables(plan))}


def _plan(workspace: Workspace, adjustment: Record) -> Record | None:
    if adjustment.value("adjustment_type") != "add":
        return None
    plans = present(workspace, filter(None, [adjustment.value("plan")]))
    return plans[0].record(workspace.forms) if plans else None


def _row(plan: Record, adjustment: Record) -> dict[str, Any] | None:
    return next((row for row in plan.rows(_ENTRIES) if row.get("proposal") == adjustment.value("proposal")), None)


def decision_text(adjustment: Record) -> str:
    """«Quyết định số 9/QĐ ngày 01/9/2018»."""
    day = adjustment.value("decision_date")
    dated = f" ngày {text.format_date(date.fromisoformat(day))}" if day else ""
    return f"{adjustment.text('decision_form') or 'Quyết định'} số {adjustment.value('decision_number')}{dated}"


def _tables(record: Record) -> list[str]:
    return [table.name for table in record.form.tables]

"""What a decided adjustment changes besides the proposal, in its act: the terms of its contracts, the year plan."""

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
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace

Changes = dict[str, Any]
_ENTRIES = "entries"
_ANNEXES = "annexes"


# -- the terms of contracts ----------------------------------------------------------------------------------------


def extended_contracts(workspace: Workspace, adjustment: Record) -> list[Record]:
    """The contracts that a later end of the proposal moves: still running, due before that end.

    A contract that ended in a year before the approved end of the proposal was for that year's work and stays.
    """
    ends, before = adjustment.value("new_ends_on"), adjustment.value("old_ends_on")
    if not isinstance(ends, str) or not adjustment.is_visible("new_ends_on"):
        return []
    proposal = workspace.store.record(str(adjustment.value("proposal")))
    since = f"{before[:4]}-01-01" if isinstance(before, str) else ""
    running = [
        one for one in children.final_children(workspace, proposal, "contract") if not one.value("liquidated_on")
    ]
    return [one for one in running if since <= str(one.value("due_on") or "") < ends and one.value("due_on")]


def contract_changes(workspace: Workspace, adjustment: Record) -> dict[str, Changes]:
    """By contract: the later term, and the annex that the parties still have to sign."""
    found = {}
    ends = adjustment.value("new_ends_on")
    for contract in extended_contracts(workspace, adjustment):
        before = copied(contract.data)
        annex = {
            "content": "Gia hạn thời hạn thực hiện",
            "old_due_on": contract.value("due_on"),
            "new_due_on": ends,
            "basis": said_decision(adjustment),
            "adjustment": adjustment.id,
        }
        contract.add_row(_ANNEXES, annex)
        contract.set("due_on", ends)
        found[contract.id] = differences(before, contract.data, _tables(contract))
    return found


def contract_rows(workspace: Workspace, adjustment: Record) -> Iterator[dict[str, str]]:
    """The terms of contracts as the papers list them, before the decision and after it."""
    proposal = workspace.store.record(str(adjustment.value("proposal")))
    for contract in children.final_children(workspace, proposal, "contract"):
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
    """The decided plan of the proposal's year and programme, the newest of several; None when none is here."""
    year, programme = proposal.value("year"), proposal.value("programme")
    workflow = workspace.forms.workflow("plan")
    where = {"year": year, "programme": programme}
    plans = workspace.store.page("plan", where=where, limit=-1) if year and programme else []
    decided = [one for one in plans if workflow.is_marked(str(one.data.get("state")), "decided")]
    return max((one.id for one in decided), default=None)


def problems_of_plan(workspace: Workspace, adjustment: Record) -> list[Problem]:
    """Why a proposal cannot be added to the plan that is named."""
    plan = _plan(workspace, adjustment)
    if plan is None:
        return []
    if not workspace.forms.workflow("plan").is_marked(plan.state, "decided"):
        said = (
            f"Kế hoạch «{plan.title()}» chưa được phê duyệt: hãy đưa đề án vào danh sách của kế hoạch, không bổ sung."
        )
        return [Problem("plan", said)]
    if plan.value("programme") != adjustment.value("programme"):
        return [Problem("plan", f"Kế hoạch «{plan.title()}» thuộc nguồn kinh phí khác với đề án.")]
    row = _row(plan, adjustment)
    if row is not None and lines.fits(row):
        return [Problem("plan", f"Đề án đã có trong kế hoạch «{plan.title()}» nên không bổ sung nữa.")]
    return []


def plan_changes(workspace: Workspace, adjustment: Record) -> dict[str, Changes]:
    """The row that the decision adds to the decided plan; a row that had been left out takes its place in it."""
    plan = _plan(workspace, adjustment)
    if plan is None:
        return {}
    before = copied(plan.data)
    row = _row(plan, adjustment)
    id_ = row["id"] if row else plan.add_row(_ENTRIES, {"proposal": adjustment.value("proposal")})[0]
    support = adjustment.value("new_support")
    added = {
        "scheme": adjustment.value("scheme"),
        "total_cost": adjustment.value("new_total"),
        "support": support,
        "added_support": support,
        "added_by": said_decision(adjustment),
        "left_out": None,
    }
    for name, value in added.items():
        plan.set(f"{_ENTRIES}/{id_}/{name}", value)
    return {plan.id: differences(before, plan.data, _tables(plan))}


def _plan(workspace: Workspace, adjustment: Record) -> Record | None:
    if adjustment.value("adjustment_type") != "add":
        return None
    found = present(workspace, filter(None, [adjustment.value("plan")]))
    return found[0].record(workspace.forms) if found else None


def _row(plan: Record, adjustment: Record) -> dict[str, Any] | None:
    return next((row for row in plan.rows(_ENTRIES) if row.get("proposal") == adjustment.value("proposal")), None)


def said_decision(adjustment: Record) -> str:
    """«Quyết định số 9/QĐ ngày 01/9/2018»."""
    day = adjustment.value("decision_date")
    dated = f" ngày {text.format_date(date.fromisoformat(day))}" if day else ""
    return f"{adjustment.text('decision_form') or 'Quyết định'} số {adjustment.value('decision_number')}{dated}"


def _tables(record: Record) -> list[str]:
    return [table.name for table in record.form.tables]

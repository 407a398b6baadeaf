"""What the rules say of a settlement and of winding up a contract."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.services.money import year_accounts
from kcdesk.services.money.balances import _said, _sum, _whole, balance, held_for, missing_papers
from kcdesk.services.records import children
from kcdesk.services.records.copying import linked
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.formdef.regulations.deadlines import About, Deadline
    from kcdesk.formdef.regulations.procedures import SettlementRule


def settlement_rule(workspace: Workspace, on: date) -> SettlementRule | None:
    """What a settlement takes on a day: its papers."""
    return workspace.procedures.settlement(on)


def settlement_due(workspace: Workspace, record: Record, accepted_on: date) -> tuple[date, Deadline] | None:
    """The last day for the accounts of a contract whose last acceptance was on a day, and the deadline that says so."""
    return _due(workspace, "settlement", record, accepted_on)


def liquidation_due(workspace: Workspace, contract: Record) -> tuple[date, Deadline] | None:
    """The last day to wind up a contract, counted from its end or, where none is written, from its signing."""
    begun = contract.value("due_on") or contract.value("signed_on")
    return _due(workspace, "liquidation", contract, date.fromisoformat(begun)) if isinstance(begun, str) else None


def _due(workspace: Workspace, about: About, record: Record, base: date) -> tuple[date, Deadline] | None:
    proposal = linked(workspace, record, "proposal")
    rule = workspace.calendar.about(about, base, proposal.data if proposal else {})
    day = rule.shifted(base) if rule else None
    return (day, rule) if rule and day else None


def problems_of_settlement(workspace: Workspace, settlement: Record) -> list[Problem]:
    """Why accounts may not be settled as they stand."""
    proposal = workspace.store.record(str(settlement.value("proposal")))
    found = []
    workflow = workspace.forms.workflow("proposal")
    is_early = _is_of_earlier_year(settlement, proposal) and workflow.is_marked(proposal.state, "payable")
    if not workflow.is_marked(proposal.state, "settleable") and not is_early:
        label = workflow.state(proposal.state).label
        found.append(Problem("proposal", f"Đề án ở trạng thái «{label}»: quyết toán sau khi nghiệm thu cơ sở."))
    if year_accounts.is_of_years(proposal):
        found += year_accounts.problems_of_year(workspace, settlement, proposal)
    held = held_for(workspace, proposal, settlement)
    if settlement.value("advanced") != held:
        found.append(
            Problem(
                "advanced",
                f"Ghi đã tạm ứng {_said(_whole(settlement.value('advanced')))} nhưng các lần chi đã ghi nhận là"
                f" {_said(held)}, lệch {_said(abs(held - _whole(settlement.value('advanced'))))}.",
            )
        )
    return found + missing_papers(settlement)


def _is_of_earlier_year(settlement: Record, proposal: Record) -> bool:
    """Whether the accounts are of a year after which the proposal goes on."""
    return year_accounts.is_of_years(proposal) and _whole(settlement.value("year")) < year_accounts.last_year(proposal)


def contract_values(workspace: Workspace, settlement: Record) -> dict[str, dict[str, Any]]:
    """What a settlement tells the contract that it settles: the empty fields of its liquidation."""
    id_ = settlement.value("contract")
    if not isinstance(id_, str):
        return {}
    contract = workspace.store.record(id_)
    told = _settled_values(workspace, settlement)
    changes: dict[str, Any] = {}
    for name, value in told.items():
        if value is not None and contract.value(name) is None:
            changes |= contract.set(name, value)
    return {id_: changes} if changes else {}


def _settled_values(workspace: Workspace, settlement: Record) -> dict[str, int | None]:
    """What the accounts come to; of a proposal of several years all years together, once the last is settled."""
    proposal = workspace.store.record(str(settlement.value("proposal")))
    parts = [settlement]
    paid = settlement.value("advanced")
    if year_accounts.is_of_years(proposal):
        contract = settlement.value("contract")
        if _is_of_earlier_year(settlement, proposal):
            return {}
        others = children.final_children(workspace, proposal, "settlement")
        parts += [one for one in others if one.id != settlement.id and one.value("contract") == contract]
        paid = balance(workspace, proposal, contract).held
    done = sum(_whole(row.get("spent")) for one in parts for row in one.rows("lines"))
    return {"done_value": done or None, "settled_support": _sum(parts, "settled_support"), "paid": paid}

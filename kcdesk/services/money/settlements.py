"""The rules for a settlement and for the liquidation of a contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from kcdesk.errors import Problem
from kcdesk.formdef.derivations.amounts import amount_of, total
from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.formdef.record import Record
from kcdesk.services.money import settled_sites, year_accounts
from kcdesk.services.money.balances import amount_text, balance, held_for, missing_papers, total_of, whole_amount
from kcdesk.services.records import children
from kcdesk.services.records.copying import linked, origins_of, plain, taken
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.formdef.regulations.deadlines import About, Deadline
    from kcdesk.formdef.regulations.procedures import SettlementRule


def settlement_rule(workspace: Workspace, on: date) -> SettlementRule | None:
    """The rule in force on a day: which papers a settlement needs."""
    return workspace.procedures.settlement(on)


def settlement_due(workspace: Workspace, record: Record, accepted_on: date) -> tuple[date, Deadline] | None:
    """The last day for the settlement of a contract whose last acceptance was on `accepted_on`, and its rule."""
    return _due(workspace, "settlement", record, accepted_on)


def liquidation_due(workspace: Workspace, contract: Record) -> tuple[date, Deadline] | None:
    """The last day to liquidate a contract, and its rule; counted from its end date, else from its signing."""
    base = contract.value("due_on") or contract.value("signed_on")
    return _due(workspace, "liquidation", contract, date.fromisoformat(base)) if isinstance(base, str) else None


def _due(workspace: Workspace, about: About, record: Record, base: date) -> tuple[date, Deadline] | None:
    proposal = linked(workspace, record, "proposal")
    rule = workspace.calendar.about(about, base, proposal.data if proposal else {})
    day = rule.shifted(base) if rule else None
    return (day, rule) if rule and day else None


def problems_of_settlement(workspace: Workspace, settlement: Record) -> list[Problem]:
    """List what prevents this settlement from being made final."""
    proposal = workspace.store.record(str(settlement.value("proposal")))
    problems = []
    workflow = workspace.forms.workflow("proposal")
    is_early = _is_of_earlier_year(settlement, proposal) and workflow.is_marked(proposal.state, "payable")
    if not workflow.is_marked(proposal.state, "settleable") and not is_early:
        label = workflow.state(proposal.state).label
        problems.append(Problem("proposal", f"Đề án ở trạng thái «{label}»: quyết toán sau khi nghiệm thu cơ sở."))
    if year_accounts.is_multi_year(proposal):
        problems += year_accounts.problems_of_year(workspace, settlement, proposal)
    held = held_for(workspace, proposal, settlement)
    advanced = settlement.value("advanced")
    if advanced != held:
        problems.append(
            Problem(
                "advanced",
                f"Ghi đã tạm ứng {amount_text(whole_amount(advanced))} nhưng các lần chi đã ghi nhận"
                f" là {amount_text(held)}, lệch {amount_text(abs(held - whole_amount(advanced)))}.",
            )
        )
    return problems + settled_sites.more_than_accepted(workspace, settlement) + missing_papers(settlement)


def _is_of_earlier_year(settlement: Record, proposal: Record) -> bool:
    """Whether the settlement is for a year before the last year of a multi-year proposal."""
    return year_accounts.is_multi_year(proposal) and whole_amount(settlement.value("year")) < year_accounts.last_year(
        proposal
    )


def contract_values(workspace: Workspace, settlement: Record) -> dict[str, dict[str, Any]]:
    """Values that a settlement writes into its contract, by record id; only fields that are still empty."""
    contract_id = settlement.value("contract")
    if not isinstance(contract_id, str):
        return {}
    contract = workspace.store.record(contract_id)
    values = settled_values(workspace, settlement)
    changes: dict[str, Any] = {}
    for name, value in values.items():
        if value is not None and contract.value(name) is None:
            changes |= contract.set(name, plain(value))
    return {contract_id: changes} if changes else {}


def settled_values(workspace: Workspace, settlement: Record) -> dict[str, Any]:
    """What a contract takes over from a settlement, each amount with its tree.

    For a multi-year proposal the totals of all its years, and only once the last year is settled.
    """
    proposal = workspace.store.record(str(settlement.value("proposal")))
    parts = [settlement]
    paid: Any = taken(settlement, "advanced")
    if year_accounts.is_multi_year(proposal):
        contract = settlement.value("contract")
        if _is_of_earlier_year(settlement, proposal):
            return {}
        others = children.final_children(workspace, proposal, "settlement")
        parts += [part for part in others if part.id != settlement.id and part.value("contract") == contract]
        paid = balance(workspace, proposal, contract).held
    lines = (amount_of(part, f"lines/{row['id']}/spent") for part in parts for row in part.rows("lines"))
    return {
        "done_value": total("Cộng các nội dung đã thực hiện", lines) or None,
        "settled_support": total_of(parts, "settled_support", "Cộng các hồ sơ quyết toán"),
        "paid": paid,
    }


def origins_in_settlements(workspace: Workspace, contract: Record, path: str) -> Iterator[Derivation]:
    """What the settlements of a contract wrote into it, the newest first."""
    proposal = linked(workspace, contract, "proposal")
    finals = children.final_children(workspace, proposal, "settlement") if proposal else []
    for settlement in reversed([final for final in finals if final.value("contract") == contract.id]):
        yield from origins_of(settled_values(workspace, settlement).get(path))

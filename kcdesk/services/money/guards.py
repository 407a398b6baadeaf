"""Guards for steps that depend on money: everything settled, contracts liquidated, nothing left to return."""

from __future__ import annotations

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.services.money import balances, year_accounts
from kcdesk.services.records.children import final_children, needed, own_contracts
from kcdesk.services.workspace import Workspace


def is_settled(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Require a final settlement for every year and every contract that carries the proposal's money."""
    if unsettled := year_accounts.unsettled(workspace, proposal):
        return unsettled
    settled = {settlement.value("contract") for settlement in final_children(workspace, proposal, "settlement")}
    if not settled:
        return [needed(workspace, proposal, "settlement", "Chưa có hồ sơ quyết toán nào của đề án được chốt.")]
    if None in settled:  # a settlement without a contract covers the whole proposal
        return []
    unsettled_contracts = [contract for contract in own_contracts(workspace, proposal) if contract.id not in settled]
    return [_settlement_needed(workspace, proposal, contract) for contract in unsettled_contracts]


def _settlement_needed(workspace: Workspace, proposal: Record, contract: Record) -> Problem:
    sentence = f"Hợp đồng «{contract.title()}» chưa có hồ sơ quyết toán được chốt."
    of_contract = lambda draft: draft.value("contract") in (None, contract.id)  # noqa: E731 - asked once, below
    return needed(workspace, proposal, "settlement", sentence, of_contract, {"contract": contract.id})


def is_liquidated(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Require that every final contract names its liquidation and agrees with the recorded payments."""
    problems = []
    for contract in final_children(workspace, proposal, "contract"):
        missing = [name for name in ("liquidated_on", "settled_support") if contract.value(name) is None]
        if missing:
            names = ", ".join(f"«{contract.field(name).label}»" for name in missing)
            sentence = f"Hợp đồng «{contract.title()}» chưa ghi {names}."
            problems.append(Problem("", sentence, record=contract.id, there=missing[0]))
        if difference := _differing_payments(workspace, proposal, contract):
            problems.append(Problem("", difference, record=contract.id, there="paid"))
    return problems


def _differing_payments(workspace: Workspace, proposal: Record, contract: Record) -> str:
    """Report a mismatch between the amount paid in a liquidation and the recorded payments; "" when they agree."""
    held = balances.balance(workspace, proposal, contract.id).held
    paid = contract.value("paid")
    if (
        not isinstance(paid, int)
        or paid == held
        or contract.id not in {own.id for own in own_contracts(workspace, proposal)}
    ):
        return ""
    return (
        f"Hợp đồng «{contract.title()}» ghi đã tạm ứng {text.format_integer(paid)} đồng nhưng các lần chi đã ghi nhận"
        f" là {text.format_integer(held)} đồng, lệch {text.format_integer(abs(paid - held))} đồng."
    )


def unpaid_settlements(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Point out what was settled and is not recorded as paid; it prevents no step, since money may come late."""
    if proposal.kind != "proposal" or not final_children(workspace, proposal, "settlement"):
        return []
    balance = balances.balance(workspace, proposal)
    left = (balance.settled or 0) - balance.held
    if left <= 0:
        return []
    sentence = (
        f"Được quyết toán {balances.amount_text(balance.settled or 0)}, đã chi {balances.amount_text(balance.held)}:"
        f" còn {balances.amount_text(left)} chưa ghi lần thanh toán."
    )
    return [needed(workspace, proposal, "payment", sentence)]


def owes_nothing(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Require that nothing is left to return to the budget; a multi-year proposal is checked year by year."""
    if year_accounts.is_multi_year(proposal) and not _is_ended(workspace, proposal):
        problems = year_accounts.unsettled(workspace, proposal)
        return [*problems, *year_accounts.not_returned(workspace, proposal)]
    owed = balances.balance(workspace, proposal).to_return
    if not owed:
        return []
    amount = text.format_integer(owed)
    sentence = f"Còn {amount} đồng phải hoàn trả ngân sách: hãy ghi lần nộp trả ở «Tạm ứng, thanh toán»."
    return [year_accounts.return_needed(workspace, proposal, sentence)]


def _is_ended(workspace: Workspace, proposal: Record) -> bool:
    """Whether the proposal was refused or stopped; then the decision says how much is returned."""
    return workspace.forms.workflow(proposal.kind).is_marked(proposal.state, "ended")

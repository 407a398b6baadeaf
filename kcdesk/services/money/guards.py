"""What must be true of a proposal's money before a step: settled, liquidated, nothing owed."""

from __future__ import annotations

from kcdesk import text
from kcdesk.errors import Problem, as_problems
from kcdesk.formdef.record import Record
from kcdesk.services.records.children import final_children, own_contracts
from kcdesk.services.workspace import Workspace


def is_settled(workspace: Workspace, proposal: Record) -> list[Problem]:
    from kcdesk.services.money import year_accounts

    if unsettled := year_accounts.unsettled(workspace, proposal):
        return unsettled
    settled = {one.value("contract") for one in final_children(workspace, proposal, "settlement")}
    if not settled:
        return as_problems("Chưa có hồ sơ quyết toán nào của đề án được chốt.")
    if None in settled:  # one for the whole proposal
        return []
    waiting = [one for one in own_contracts(workspace, proposal) if one.id not in settled]
    return as_problems(*(f"Hợp đồng «{one.title()}» chưa có hồ sơ quyết toán được chốt." for one in waiting))


def is_liquidated(workspace: Workspace, proposal: Record) -> list[Problem]:
    problems = []
    for one in final_children(workspace, proposal, "contract"):
        lacking = [one.field(name).label for name in ("liquidated_on", "settled_support") if one.value(name) is None]
        if lacking:
            names = ", ".join(f"«{name}»" for name in lacking)
            problems.append(Problem("", f"Hợp đồng «{one.title()}» chưa ghi {names}."))
        problems += as_problems(_paid_otherwise(workspace, proposal, one))
    return problems


def _paid_otherwise(workspace: Workspace, proposal: Record, contract: Record) -> str:
    """What a liquidation says was paid is what the payments on record come to."""
    from kcdesk.services.money import balances

    held = balances.balance(workspace, proposal, contract.id).held
    paid = contract.value("paid")
    if (
        not isinstance(paid, int)
        or paid == held
        or contract.id not in {one.id for one in own_contracts(workspace, proposal)}
    ):
        return ""
    return (
        f"Hợp đồng «{contract.title()}» ghi đã tạm ứng {text.format_integer(paid)} đồng nhưng các lần chi đã ghi nhận"
        f" là {text.format_integer(held)} đồng, lệch {text.format_integer(abs(paid - held))} đồng."
    )


def owes_nothing(workspace: Workspace, proposal: Record) -> list[Problem]:
    from kcdesk.services.money import balances, year_accounts  # read when a step asks, not at the start

    if year_accounts.is_of_years(proposal) and not _is_ended(workspace, proposal):
        waiting = year_accounts.unsettled(workspace, proposal)
        return [*waiting, *year_accounts.not_returned(workspace, proposal)]
    owed = balances.balance(workspace, proposal).to_return
    if not owed:
        return []
    amount = text.format_integer(owed)
    return as_problems(f"Còn {amount} đồng phải hoàn trả ngân sách: hãy ghi lần nộp trả ở «Tạm ứng, thanh toán».")


def _is_ended(workspace: Workspace, proposal: Record) -> bool:
    """Whether it was refused or stopped: then the decision says what goes back."""
    return workspace.forms.workflow(proposal.kind).is_marked(proposal.state, "ended")

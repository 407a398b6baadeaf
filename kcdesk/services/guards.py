"""The questions that steps ask about other dossiers, by the names that forms/workflow.toml uses.

Each gives the problems that stand in the way, none where the step may be taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.activities import activities_of
from kcdesk.formdef.record import Record
from kcdesk.services.lifecycle import return_requests
from kcdesk.services.staff import offices, work_handovers
from kcdesk.services.votes import entries
from kcdesk.services.workspace import Workspace

Guard = Callable[[Workspace, Record], list[Problem]]


def final_children(workspace: Workspace, proposal: Record, kind: str) -> list[Record]:
    """The dossiers of a kind below a proposal that are final, decided ones included; oldest first."""
    final = workspace.forms.workflow(kind).locked
    found = [stored.record(workspace.forms) for stored in workspace.store.children(proposal.id, kind)]
    return sorted((one for one in found if one.state in final), key=lambda one: one.id)


def _said(*sentences: str) -> list[Problem]:
    return [Problem("", sentence) for sentence in sentences if sentence]


# -- appraisal and approval ----------------------------------------------------------------------------------------


def _is_appraised(workspace: Workspace, proposal: Record) -> list[Problem]:
    found = [one for one in final_children(workspace, proposal, "appraisal") if one.value("level") == "grassroots"]
    if not found:
        return _said("Chưa có phiếu thẩm định cấp cơ sở nào của đề án được chốt.")
    if found[-1].value("conclusion") != "approve":
        return _said(f"Phiếu thẩm định cấp cơ sở gần nhất kết luận «{found[-1].text('conclusion')}».")
    return []


def _has_answered_remarks(_workspace: Workspace, proposal: Record) -> list[Problem]:
    return [
        Problem(
            f"remarks/{row['id']}/answer",
            f"Chưa ghi đã bổ sung{return_requests.named(row)} thế nào: {str(row.get('reason', '')).rstrip('.')}.",
        )
        for row in proposal.rows("remarks")
        if not row.get("answer")
    ]


# -- contract and acceptance ---------------------------------------------------------------------------------------


def _has_final_contract(workspace: Workspace, proposal: Record) -> list[Problem]:
    found = final_children(workspace, proposal, "contract")
    return [] if found else _said("Chưa có hợp đồng nào của đề án được chốt.")


def _visits(workspace: Workspace, proposal: Record) -> tuple[list[Record], list[Record]]:
    """Every final acceptance, and of them those that no later visit of the same site follows."""
    found = final_children(workspace, proposal, "acceptance")
    followed = {one.value("previous") for one in found}
    return found, [one for one in found if one.id not in followed]


def _has_no_site(workspace: Workspace, proposal: Record) -> bool:
    codes = activities_of(proposal.data)
    return bool(codes) and not any(workspace.forms.activity(code).visit for code in codes)


def _is_accepted_everywhere(workspace: Workspace, proposal: Record) -> list[Problem]:
    found, last = _visits(workspace, proposal)
    if not found:
        nothing_to_visit = _has_no_site(workspace, proposal)
        return [] if nothing_to_visit else _said("Chưa có biên bản nghiệm thu nào của đề án được chốt.")
    open_ = [one for one in last if one.value("conclusion") != "accepted"]
    return _said(f"Còn {len(open_)} lần nghiệm thu chưa đạt." if open_ else _unvisited(found, proposal))


def _unvisited(found: list[Record], proposal: Record) -> str:
    visited = {one.value("site") for one in found}
    waiting = [row["name"] for row in proposal.rows("sites") if row.get("name") and row["name"] not in visited]
    return f"Còn {len(waiting)} địa điểm chưa nghiệm thu: {waiting[0]}." if waiting else ""


def _is_accepted_conditionally(workspace: Workspace, proposal: Record) -> list[Problem]:
    found, last = _visits(workspace, proposal)
    if any(one.value("conclusion") == "refused" for one in last):
        return _said("Có lần nghiệm thu kết luận không nghiệm thu.")
    if not any(one.value("conclusion") == "conditional" for one in last):
        return _said("Chưa có biên bản nghiệm thu có điều kiện nào được chốt.")
    return _said(_unvisited(found, proposal))


def _is_refused_somewhere(workspace: Workspace, proposal: Record) -> list[Problem]:
    _found, last = _visits(workspace, proposal)
    refused = any(one.value("conclusion") == "refused" for one in last)
    return [] if refused else _said("Chưa có biên bản nghiệm thu nào kết luận không nghiệm thu.")


def stops(workspace: Workspace, proposal: Record) -> list[Record]:
    """The decisions that stopped the proposal."""
    workflow = workspace.forms.workflow("adjustment")
    found = final_children(workspace, proposal, "adjustment")
    decided = [one for one in found if workflow.is_marked(one.state, "decided")]
    return [one for one in decided if one.value("adjustment_type") == "stop"]


def _is_stopped_by_decision(workspace: Workspace, proposal: Record) -> list[Problem]:
    if stops(workspace, proposal):
        return []
    return _said("Chưa có quyết định ngừng triển khai: hãy lập hồ sơ điều chỉnh loại «Ngừng triển khai» trước.")


# -- money and the end ---------------------------------------------------------------------------------------------


def _is_settled(workspace: Workspace, proposal: Record) -> list[Problem]:
    from kcdesk.services.money import year_accounts

    if unsettled := year_accounts.unsettled(workspace, proposal):
        return unsettled
    settled = {one.value("contract") for one in final_children(workspace, proposal, "settlement")}
    if not settled:
        return _said("Chưa có hồ sơ quyết toán nào của đề án được chốt.")
    if None in settled:  # one for the whole proposal
        return []
    waiting = [one for one in own_contracts(workspace, proposal) if one.id not in settled]
    return _said(*(f"Hợp đồng «{one.title()}» chưa có hồ sơ quyết toán được chốt." for one in waiting))


def own_contracts(workspace: Workspace, proposal: Record) -> list[Record]:
    """The final contracts that carry the proposal's money: a contract of support below one of them passes it on."""
    found = final_children(workspace, proposal, "contract")
    return [one for one in found if one.value("basis") != "support"] or found


def _is_liquidated(workspace: Workspace, proposal: Record) -> list[Problem]:
    problems = []
    for one in final_children(workspace, proposal, "contract"):
        lacking = [one.field(name).label for name in ("liquidated_on", "settled_support") if one.value(name) is None]
        if lacking:
            names = ", ".join(f"«{name}»" for name in lacking)
            problems.append(Problem("", f"Hợp đồng «{one.title()}» chưa ghi {names}."))
        problems += _said(_paid_otherwise(workspace, proposal, one))
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


def _owes_nothing(workspace: Workspace, proposal: Record) -> list[Problem]:
    from kcdesk.services.money import balances, year_accounts  # read when a step asks, not at the start

    if year_accounts.is_of_years(proposal) and not _is_ended(workspace, proposal):
        waiting = year_accounts.unsettled(workspace, proposal)
        return [*waiting, *year_accounts.not_returned(workspace, proposal)]
    owed = balances.balance(workspace, proposal).to_return
    if not owed:
        return []
    amount = text.format_integer(owed)
    return _said(f"Còn {amount} đồng phải hoàn trả ngân sách: hãy ghi lần nộp trả ở «Tạm ứng, thanh toán».")


def _is_ended(workspace: Workspace, proposal: Record) -> bool:
    """Whether it was refused or stopped: then the decision says what goes back."""
    return workspace.forms.workflow(proposal.kind).is_marked(proposal.state, "ended")


def _has_the_papers(workspace: Workspace, proposal: Record) -> list[Problem]:
    from kcdesk.services.proposals import required_papers

    return required_papers.missing(workspace, proposal)


def _may_be_paid(workspace: Workspace, payment: Record) -> list[Problem]:
    from kcdesk.services.money import balances

    return balances.problems_of_payment(workspace, payment)


def _may_be_settled(workspace: Workspace, settlement: Record) -> list[Problem]:
    from kcdesk.services.money import balances

    return balances.problems_of_settlement(workspace, settlement)


def _can_be_adjusted(workspace: Workspace, adjustment: Record) -> list[Problem]:
    from kcdesk.services.proposals import adjustments

    return adjustments.problems_of_request(workspace, adjustment)


def _is_decided_by_authority(workspace: Workspace, adjustment: Record) -> list[Problem]:
    from kcdesk.services.proposals import adjustments

    return adjustments.problems_of_decision(workspace, adjustment)


def _in_one_sentence(question: Callable[[Workspace, Record], str]) -> Guard:
    """A question that answers with one sentence, "" where nothing stands in the way."""
    return lambda workspace, record: _said(question(workspace, record))


GUARDS: Mapping[str, Guard] = MappingProxyType(
    {
        "has_the_papers": _has_the_papers,
        "is_appraised": _is_appraised,
        "has_answered_remarks": _has_answered_remarks,
        "has_final_contract": _has_final_contract,
        "is_accepted_everywhere": _is_accepted_everywhere,
        "is_accepted_conditionally": _is_accepted_conditionally,
        "is_refused_somewhere": _is_refused_somewhere,
        "is_stopped_by_decision": _is_stopped_by_decision,
        "is_settled": _is_settled,
        "is_liquidated": _is_liquidated,
        "owes_nothing": _owes_nothing,
        "every_entry_is_scored": _in_one_sentence(entries.every_entry_is_scored),
        "every_judge_has_scored": _in_one_sentence(entries.every_judge_has_scored),
        "fits_the_offices": offices.problems_of_office,
        "fits_the_office": offices.problems_of_staff,
        "passes_to_another": work_handovers.passes_to_another,
        "may_be_certified": _in_one_sentence(entries.may_be_certified),
        "may_be_paid": _may_be_paid,
        "may_be_settled": _may_be_settled,
        "can_be_adjusted": _can_be_adjusted,
        "is_decided_by_authority": _is_decided_by_authority,
    }
)

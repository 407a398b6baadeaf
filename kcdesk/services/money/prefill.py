"""Fill in payments, settlements and stopping adjustments from the dossiers that they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kcdesk.formdef.conditions import holds
from kcdesk.formdef.derivations.amounts import at_least_zero, difference, total
from kcdesk.formdef.model import ChecklistItem
from kcdesk.formdef.record import Record
from kcdesk.services.money import balances, payments, settlements, year_accounts
from kcdesk.services.records import children
from kcdesk.services.records.copying import (
    copy_rows,
    copy_sites,
    fill,
    linked,
    overwrite,
    sites_to_copy,
    taken,
    with_site,
)
from kcdesk.services.workspace import Workspace

# Fields whose change makes a draft be filled in again.
PAYMENT_TIES = frozenset(("proposal", "payment_type", "contract", "activity"))
SETTLEMENT_TIES = frozenset(
    (
        "proposal",
        "contract",
        "year",
        "last_accepted_on",
        "late_reason",
        "issues_invoice",
        "percent_supported",
        "asks_payment",
        "last_of_year",
        "force_majeure",
    )
)
STOP_TIES = frozenset(("proposal", "adjustment_type"))

_SETTLED_LINE = {"item": "item", "planned": "cost"}
_VOLUME = {"item": "item", "unit": "unit", "contracted": "quantity", "contracted_value": "cost"}


def prepare_payment(workspace: Workspace, record: Record) -> None:
    """Fill in contract, year, support, earlier payments, the suggested amount (đồng) and the required papers."""
    proposal = linked(workspace, record, "proposal")
    if proposal is None:
        return
    _fill_contract(workspace, record, proposal)
    fill(record, "year", year_accounts.next_to_settle(workspace, proposal))
    for name in ("programme", "activity", "year"):
        fill(record, name, proposal.value(name))
    contract = linked(workspace, record, "contract")
    fill(record, "support", taken(contract, "value") if contract else taken(proposal, "approved_support"))
    payment_type = record.value("payment_type")
    if payment_type:
        if payment_type == year_accounts.RETURNED:
            _set_owing_year(workspace, record, proposal)
        fill(record, "paid_before", _balance_before(workspace, record, proposal).held)
        fill(record, "amount", _suggested(workspace, record, proposal) or None)
        _list_papers(record, _papers(workspace, record, proposal))


def _set_owing_year(workspace: Workspace, record: Record, proposal: Record) -> None:
    """Set the year of a returned payment to the first year that still has to return money."""
    owing = [
        account.year
        for account in year_accounts.accounts_of(workspace, proposal, record.value("contract"))
        if account.to_return
    ]
    if owing and record.value("year") not in owing:
        record.set("year", owing[0])


def _suggested(workspace: Workspace, record: Record, proposal: Record) -> int:
    """The amount to suggest, in đồng: the most that the rule allows, or what has to be returned; 0 for none."""
    balance = _balance_before(workspace, record, proposal)
    payment_type = record.value("payment_type")
    if payment_type == "advance":
        return _suggested_advance(workspace, record, balance)
    if payment_type == "remaining":
        return balance.remaining
    return balance.to_return if payment_type == year_accounts.RETURNED else 0


def _suggested_advance(workspace: Workspace, record: Record, balance: balances.Balance) -> int:
    """The most that the rate of the activity and the limit of all advances allow; 0 where no text names a rate."""
    rule = payments.advance_rule(workspace, record)
    limit = payments.advance_limit(record, rule) if rule else None
    left = payments.left_of_advances(workspace, record, balance)
    if limit is None:
        return 0
    return min(limit, max(0, left[1])) if left else limit


def _balance_before(workspace: Workspace, record: Record, proposal: Record) -> balances.Balance:
    """The balance without this payment; for one that is closed, as it was before later payments."""
    is_closed = record.state in workspace.forms.workflow(record.kind).locked
    return balances.balance(workspace, proposal, record.value("contract"), record.id, record.id if is_closed else "")


def _papers(workspace: Workspace, record: Record, proposal: Record) -> Iterable[Mapping[str, str]]:
    payment_type = record.value("payment_type")
    if payment_type == "remaining":  # Điều 14 asks for the same papers as an acceptance
        items = workspace.forms.checklist_items(proposal.data, balances.day_of(workspace, record))
        return [item for item in items if item["group"] == "paper"]
    rule = payments.advance_rule(workspace, record)
    return _as_rows(rule.papers, rule.source, record) if rule else []


def prepare_settlement(workspace: Workspace, record: Record) -> None:
    """Fill in contract, year, last acceptance, deadline, accepted and advanced amounts, cost lines and papers."""
    proposal = linked(workspace, record, "proposal")
    if proposal is None:
        return
    _fill_contract(workspace, record, proposal)
    fill(record, "issues_invoice", proposal.value("issues_invoice"))
    _fill_year(workspace, record, proposal)
    acceptances = _acceptances(workspace, record, proposal)
    fill(record, "last_accepted_on", max((str(visit.value("visited_on")) for visit in acceptances), default=None))
    _fill_deadline(workspace, record)
    fill(record, "accepted_support", _accepted(workspace, record, proposal, acceptances) or None)
    fill(record, "advanced", balances.held_for(workspace, proposal, record))
    contract = linked(workspace, record, "contract")
    source = contract if contract is not None and contract.value("budget") else proposal
    copy_sites(record, sites_to_copy(source))
    copy_rows(record, "lines", source, "budget", with_site(_SETTLED_LINE, record, "lines", source))
    _fill_force_majeure(record, acceptances, source)
    rule = settlements.settlement_rule(workspace, balances.day_of(workspace, record))
    if rule is not None:
        _list_papers(record, _as_rows(rule.papers, rule.source, record))


def _fill_force_majeure(record: Record, acceptances: Iterable[Record], source: Record) -> None:
    """Fill in the case of khoản 4 Điều 18 TT 36/2013: what the minutes say of it, and the items to confirm."""
    if "volumes" not in record.form.by_name:  # a version before this case
        return
    affected = next((visit for visit in acceptances if visit.value("force_majeure")), None)
    if affected is not None:
        fill(record, "force_majeure", True)
        fill(record, "event", affected.value("force_majeure_reason"))
        fill(record, "explanation", affected.value("force_majeure_reason"))
    if record.value("force_majeure"):
        copy_rows(record, "volumes", source, "budget", _VOLUME)


def _fill_year(workspace: Workspace, record: Record, proposal: Record) -> None:
    """Fill in the next year to settle and the money available in it; computed amounts always follow the year."""
    if not year_accounts.is_multi_year(proposal):
        return
    fill(record, "multi_year", True)
    fill(record, "year", year_accounts.next_to_settle(workspace, proposal))
    accounts = year_accounts.accounts_of(workspace, proposal, record.value("contract"), record.id)
    account = next((account for account in accounts if account.year == record.value("year")), None)
    if account is not None:
        paid = difference("Đã tạm ứng, thanh toán trong năm trừ phần đã nộp trả", account.paid, account.returned)
        overwrite(record, "carried_in", account.carried_in)
        overwrite(record, "year_advanced", paid)
        overwrite(record, "advanced", account.held)


def _acceptances(workspace: Workspace, record: Record, proposal: Record) -> list[Record]:
    """The final acceptances that a settlement counts: for a year, those until its end."""
    year = record.value("year")
    until = f"{year}-12-31" if isinstance(year, int) and record.value("multi_year") else "9999"
    acceptances = children.final_children(workspace, proposal, "acceptance")
    return [acceptance for acceptance in acceptances if str(acceptance.value("visited_on") or "") <= until]


def _accepted(workspace: Workspace, record: Record, proposal: Record, acceptances: list[Record]) -> int:
    """The accepted support in đồng; for a year, less what earlier years have settled."""
    accepted = balances.total_of(acceptances, "total_accepted_support", "Được nghiệm thu")
    accounts = year_accounts.accounts_of(workspace, proposal, record.value("contract"), record.id)
    earlier = [account.settled or 0 for account in accounts if account.year < (record.value("year") or 0)]
    if not earlier:
        return accepted
    left = difference(
        "Được nghiệm thu trừ quyết toán các năm trước", accepted, total("Quyết toán các năm trước", earlier)
    )
    return at_least_zero("Kinh phí được nghiệm thu chưa quyết toán", left)


def _fill_deadline(workspace: Workspace, record: Record) -> None:
    accepted = record.value("last_accepted_on")
    if not isinstance(accepted, str):
        return
    if deadline := settlements.settlement_due(workspace, record, date.fromisoformat(accepted)):
        fill(record, "due_on", deadline[0].isoformat())


def _fill_contract(workspace: Workspace, record: Record, proposal: Record) -> None:
    """Fill in the contract that carries the proposal's money, if there is exactly one."""
    contracts = children.own_contracts(workspace, proposal)
    fill(record, "contract", contracts[0].id if len(contracts) == 1 else None)


def _as_rows(papers: Iterable[ChecklistItem], source: str, record: Record) -> list[dict[str, str]]:
    required = (paper for paper in papers if holds(paper.when, record.data))
    return [{"item": paper.item, "source": paper.source or source} for paper in required]


def _list_papers(record: Record, papers: Iterable[Mapping[str, str]]) -> None:
    """List the required papers; a list with any answer or note is left unchanged."""
    rows = record.rows("papers")
    if any(row.get("paper_form") or row.get("note") for row in rows):
        return
    required: list[dict[str, Any]] = [{"item": paper["item"], "source": paper["source"]} for paper in papers]
    if [{name: row.get(name) for name in ("item", "source")} for row in rows] != required:
        record.set("papers", None)
        for row in required:
            record.add_row("papers", row)


def prepare_stop(workspace: Workspace, adjustment: Record) -> None:
    """Fill in what a stopped proposal must return, in đồng: the amount held, and its part without accepted work.

    Source: khoản 6 Điều 12 TT 36/2013/TT-BCT.
    """
    proposal = linked(workspace, adjustment, "proposal")
    if proposal is None or adjustment.value("adjustment_type") != "stop":
        return
    balance = balances.balance(workspace, proposal)
    fill(adjustment, "advanced", balance.held)
    left = difference("Đang giữ trừ phần được nghiệm thu", balance.held, balance.accepted)
    fill(adjustment, "to_return", at_least_zero("Đang giữ mà chưa có khối lượng được nghiệm thu", left))

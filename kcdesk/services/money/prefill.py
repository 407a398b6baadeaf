"""What a payment, a settlement and an adjustment that stops take over from the dossiers that they build on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kcdesk.formdef.conditions import holds
from kcdesk.formdef.model import ChecklistItem
from kcdesk.formdef.record import Record
from kcdesk.services.money import balances, payments, settlements, year_accounts
from kcdesk.services.records import children
from kcdesk.services.records.copying import copy_rows, fill, linked
from kcdesk.services.workspace import Workspace

# Fields whose change makes a draft look again at what it can take over.
PAYMENT_TIES = frozenset(("proposal", "payment_type", "contract", "activity"))
SETTLEMENT_TIES = frozenset(
    ("proposal", "contract", "year", "last_accepted_on", "issues_invoice", "percent_supported", "force_majeure")
)
STOP_TIES = frozenset(("proposal", "adjustment_type"))

_SETTLED_LINE = {"item": "item", "planned": "cost"}


def prepare_payment(workspace: Workspace, record: Record) -> None:
    """The contract's money, what was paid before, the amount that the rule allows, and the papers it takes."""
    proposal = linked(workspace, record, "proposal")
    if proposal is None:
        return
    _fill_contract(workspace, record, proposal)
    fill(record, "year", year_accounts.next_to_settle(workspace, proposal))
    for name in ("programme", "activity", "year"):
        fill(record, name, proposal.value(name))
    contract = linked(workspace, record, "contract")
    fill(record, "support", contract.value("value") if contract else proposal.value("approved_support"))
    kind = record.value("payment_type")
    if kind:
        if kind == year_accounts.RETURNED:
            _name_owing_year(workspace, record, proposal)
        fill(record, "paid_before", balances.balance(workspace, proposal, record.value("contract"), record.id).held)
        fill(record, "amount", _suggested(workspace, record, proposal) or None)
        _list_papers(record, _papers(workspace, record, proposal))


def _name_owing_year(workspace: Workspace, record: Record, proposal: Record) -> None:
    """What is given back is of the year that owes it."""
    owing = [one.year for one in year_accounts.of(workspace, proposal, record.value("contract")) if one.to_return]
    if owing and record.value("year") not in owing:
        record.set("year", owing[0])


def _suggested(workspace: Workspace, record: Record, proposal: Record) -> int:
    """What the rule allows at most; đồng."""
    now = balances.balance(workspace, proposal, record.value("contract"), record.id)
    kind = record.value("payment_type")
    if kind == "advance":
        rule = payments.advance_rule(workspace, record)
        return int(record.value("support") or 0) * rule.rate // 100 if rule else 0
    if kind == "remaining":
        return now.remaining
    return now.to_return if kind == year_accounts.RETURNED else 0


def _papers(workspace: Workspace, record: Record, proposal: Record) -> Iterable[Mapping[str, str]]:
    kind = record.value("payment_type")
    if kind == "remaining":  # the papers of Điều 14 are those that an acceptance looks at
        items = workspace.forms.checklist_items(proposal.data, balances.day_of(workspace, record))
        return [item for item in items if item["group"] == "paper"]
    rule = payments.advance_rule(workspace, record)
    return _as_rows(rule.papers, rule.source, record) if rule else []


def prepare_settlement(workspace: Workspace, record: Record) -> None:
    """The contract's lines, the last acceptance with its deadline, what was accepted and what was paid."""
    proposal = linked(workspace, record, "proposal")
    if proposal is None:
        return
    _fill_contract(workspace, record, proposal)
    fill(record, "issues_invoice", proposal.value("issues_invoice"))
    _fill_year(workspace, record, proposal)
    visits = _visits(workspace, record, proposal)
    fill(record, "last_accepted_on", max((str(one.value("visited_on")) for one in visits), default=None))
    _fill_deadline(workspace, record)
    fill(record, "accepted_support", _accepted(workspace, record, proposal, visits) or None)
    fill(record, "advanced", balances.held_for(workspace, proposal, record))
    source = linked(workspace, record, "contract") or proposal
    copy_rows(record, "lines", source if source.value("budget") else proposal, "budget", _SETTLED_LINE)
    rule = settlements.settlement_rule(workspace, balances.day_of(workspace, record))
    if rule is not None:
        _list_papers(record, _as_rows(rule.papers, rule.source, record))


def _fill_year(workspace: Workspace, record: Record, proposal: Record) -> None:
    """Which year the accounts are of, and what there was to spend in it; what is reckoned follows the year."""
    if not year_accounts.is_of_years(proposal):
        return
    fill(record, "multi_year", True)
    fill(record, "year", year_accounts.next_to_settle(workspace, proposal))
    accounts = year_accounts.of(workspace, proposal, record.value("contract"), record.id)
    here = next((one for one in accounts if one.year == record.value("year")), None)
    if here is not None:
        record.set("carried_in", here.carried_in)
        record.set("year_advanced", here.paid - here.returned)
        record.set("advanced", here.held)


def _visits(workspace: Workspace, record: Record, proposal: Record) -> list[Record]:
    """The acceptances that the accounts rest on: of one year, those until its end."""
    year = record.value("year")
    until = f"{year}-12-31" if isinstance(year, int) and record.value("multi_year") else "9999"
    found = children.final_children(workspace, proposal, "acceptance")
    return [one for one in found if str(one.value("visited_on") or "") <= until]


def _accepted(workspace: Workspace, record: Record, proposal: Record, visits: list[Record]) -> int:
    """The support that was accepted; of one year, what earlier years have not settled of it."""
    accepted = sum(int(one.value("total_accepted_support") or 0) for one in visits)
    accounts = year_accounts.of(workspace, proposal, record.value("contract"), record.id)
    return max(0, accepted - sum(one.settled or 0 for one in accounts if one.year < (record.value("year") or 0)))


def _fill_deadline(workspace: Workspace, record: Record) -> None:
    accepted = record.value("last_accepted_on")
    if not isinstance(accepted, str):
        return
    if due := settlements.settlement_due(workspace, record, date.fromisoformat(accepted)):
        fill(record, "due_on", due[0].isoformat())


def _fill_contract(workspace: Workspace, record: Record, proposal: Record) -> None:
    """The one contract that carries the money, where there is only one."""
    contracts = children.own_contracts(workspace, proposal)
    fill(record, "contract", contracts[0].id if len(contracts) == 1 else None)


def _as_rows(papers: Iterable[ChecklistItem], source: str, record: Record) -> list[dict[str, str]]:
    wanted = (paper for paper in papers if holds(paper.when, record.data))
    return [{"item": paper.item, "source": paper.source or source} for paper in wanted]


def _list_papers(record: Record, papers: Iterable[Mapping[str, str]]) -> None:
    """List the papers that are asked for; once one of them has been answered the list stays as it is."""
    rows = record.rows("papers")
    if any(row.get("paper_form") or row.get("note") for row in rows):
        return
    wanted: list[dict[str, Any]] = [{"item": paper["item"], "source": paper["source"]} for paper in papers]
    if [{name: row.get(name) for name in ("item", "source")} for row in rows] != wanted:
        record.set("papers", None)
        for row in wanted:
            record.add_row("papers", row)


def prepare_stop(workspace: Workspace, adjustment: Record) -> None:
    """Fill in what a stop gives back: the amount held, and how much of it no accepted work covers; đồng.

    Source: khoản 6 Điều 12 TT 36/2013/TT-BCT.
    """
    proposal = linked(workspace, adjustment, "proposal")
    if proposal is None or adjustment.value("adjustment_type") != "stop":
        return
    now = balances.balance(workspace, proposal)
    fill(adjustment, "advanced", now.held)
    fill(adjustment, "to_return", max(0, now.held - now.accepted))

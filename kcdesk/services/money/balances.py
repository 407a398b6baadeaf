"""The money of a proposal after its approval: recorded and warned about, not accounted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.services.money import year_accounts
from kcdesk.services.money.year_accounts import RETURNED
from kcdesk.services.records import children
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.services.money.year_accounts import YearAccount


@dataclass(frozen=True, slots=True)
class Balance:
    """Amounts in đồng; those of drafts are left out."""

    support: int  # of the contracts, else as approved
    paid: int  # what has left the treasury, as far as it is recorded
    asked: int  # asked for and not yet paid
    returned: int
    accepted: int  # support of the work that was accepted
    settled: int | None  # None while nothing has been settled
    told_to_return: int = 0  # by the decision that stopped the proposal
    years: tuple[YearAccount, ...] = ()  # of a proposal of several years

    @property
    def held(self) -> int:
        """What the implementing unit has and has not given back."""
        return self.paid - self.returned

    @property
    def remaining(self) -> int:
        """What may still be advanced once the work is accepted (Điều 14 TT 36/2013)."""
        return max(0, min(self.accepted, self.support) - self.held)

    @property
    def to_return(self) -> int:
        """What was paid and will not be settled (khoản 6 Điều 12 TT 36/2013); known once accounts are settled."""
        if self.settled is None:
            return min(self.held, max(0, self.told_to_return - self.returned))
        if self.years:  # what a year carries over, and what a later one still spends, is not given back
            return sum(one.to_return for one in self.years)
        return max(0, self.held - self.settled)


def balance(workspace: Workspace, proposal: Record, contract: str | None = None, but: str = "") -> Balance:
    """The money of a proposal, or of one of its contracts; `but` is a payment to leave out."""
    contracts = _of(children.own_contracts(workspace, proposal), contract, "id")
    payments = [one for one in children.final_children(workspace, proposal, "payment") if one.id != but]
    payments = _of(payments, contract, "contract")
    out = [one for one in payments if one.value("payment_type") != RETURNED]
    settlements = _of(children.final_children(workspace, proposal, "settlement"), contract, "contract")
    return Balance(
        support=_sum(contracts, "value") or _whole(proposal.value("approved_support")),
        paid=_sum((one for one in out if one.value("paid_on")), "amount"),
        asked=_sum((one for one in out if not one.value("paid_on")), "amount"),
        returned=_sum((one for one in payments if one.value("payment_type") == RETURNED), "amount"),
        accepted=_sum(children.final_children(workspace, proposal, "acceptance"), "total_accepted_support"),
        told_to_return=_sum(children.stops(workspace, proposal), "to_return") if contract is None else 0,
        settled=_sum(settlements, "settled_support") if settlements or _has_no_accounts(workspace, proposal) else None,
        years=tuple(year_accounts.of(workspace, proposal, contract)),
    )


def _has_no_accounts(workspace: Workspace, proposal: Record) -> bool:
    """Whether nothing was ever approved that could be settled: what was paid all the same is given back."""
    workflow = workspace.forms.workflow(proposal.kind)
    return workflow.is_marked(proposal.state, "ended") and not workflow.is_marked(proposal.state, "settleable")


def _of(records: list[Record], contract: str | None, name: str) -> list[Record]:
    if contract is None:
        return records
    return [one for one in records if (one.id if name == "id" else one.value(name)) == contract]


def _sum(records: Iterable[Record], name: str) -> int:
    return sum(_whole(one.value(name)) for one in records)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


# -- what the rules say of one payment -----------------------------------------------------------------------------


def day_of(workspace: Workspace, record: Record) -> date:
    """The day whose rules count: the one that the paper bears, today while it bears none."""
    written = record.value("requested_on") or record.value("settled_on")
    return date.fromisoformat(written) if isinstance(written, str) else workspace.today()


def missing_papers(record: Record) -> list[Problem]:
    """The papers of a payment or settlement that are not there, unless a note says why."""
    return [
        Problem(f"papers/{row['id']}/paper_form", f"Thiếu: {row.get('item', '')} ({row.get('source', '')}).")
        for row in record.rows("papers")
        if row.get("paper_form") == "missing" and not row.get("note")
    ]


def _said(amount: int) -> str:
    return f"{text.format_integer(amount)} đồng"


# -- settlement and liquidation ------------------------------------------------------------------------------------


def held_for(workspace: Workspace, proposal: Record, settlement: Record) -> int:
    """What the accounts have to answer for: of one year where the proposal has several, else of the contract."""
    accounts = year_accounts.of(workspace, proposal, settlement.value("contract"), settlement.id)
    if not accounts:
        return balance(workspace, proposal, settlement.value("contract")).held
    return next((one.held for one in accounts if one.year == settlement.value("year")), 0)

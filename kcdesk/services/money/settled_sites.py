"""What each site of a group scheme settles, held against what was accepted there.

Source: khoản 6 Điều 12 TT 36/2013/TT-BCT, for each of the sites for which khoản 1 Điều 12 wants minutes of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.money import year_accounts
from kcdesk.services.money.balances import amount_text, whole_amount
from kcdesk.services.records.children import final_children, own_contracts
from kcdesk.services.records.copying import SITES, linked
from kcdesk.services.workspace import Workspace
from kcdesk.text import fold

_SUPPORT = "support"


class SiteAccount(Value):
    """The support of a site in đồng: settled in all, and accepted by final visits."""

    row: str
    name: str
    settled: int
    accepted: int

    @property
    def excess(self) -> int:
        """How much more is settled than was accepted; below 0 for less."""
        return self.settled - self.accepted

    @property
    def sentence(self) -> str:
        """Both amounts and their difference."""
        settled = f"Địa điểm «{self.name}»: quyết toán {amount_text(self.settled)}"
        if not self.accepted:
            return f"{settled} nhưng chưa có biên bản nghiệm thu nào đã chốt ở đó."
        way = "hơn" if self.excess > 0 else "ít hơn"
        return f"{settled}, {way} số được nghiệm thu {amount_text(self.accepted)} là {amount_text(abs(self.excess))}."


def more_than_accepted(workspace: Workspace, settlement: Record) -> list[Problem]:
    """Report the sites that settle more than was accepted there; visits at no known site may stand for any."""
    proposal = linked(workspace, settlement, "proposal")
    accepted = _accepted(workspace, proposal) if proposal else {}
    accounts = list(_accounts(workspace, settlement, accepted))
    elsewhere = sum(accepted.values()) - sum(account.accepted for account in accounts)
    return [_problem(account) for account in accounts if account.excess > elsewhere]


def less_than_accepted(workspace: Workspace, settlement: Record) -> list[Problem]:
    """Point out the sites that settle less than was accepted, as advice: the difference needs a reason.

    Years and contracts that are still to be settled may bring the rest, so only the settlement of a single contract
    and year is looked at. A line without a site was accepted at one of the visits.
    """
    proposal = linked(workspace, settlement, "proposal")
    if proposal is None or year_accounts.is_multi_year(proposal) or len(own_contracts(workspace, proposal)) > 1:
        return []
    accounts = _accounts(workspace, settlement, _accepted(workspace, proposal))
    common = sum(whole_amount(row.get(_SUPPORT)) for row in settlement.rows("lines") if row.get("site") is None)
    reason = "Phần còn lại không được thanh toán: hãy sửa, hoặc ghi lý do ở «Ghi chú» của giấy tờ kèm theo."
    return [
        Problem(f"{SITES}/{account.row}/{_SUPPORT}", f"{account.sentence} {reason}", advice=True)
        for account in accounts
        if account.excess < -common
    ]


def differing_sites(workspace: Workspace, settlement: Record) -> list[Problem]:
    """Report the same of a settlement that is closed: a later visit, or another office, may have changed an amount."""
    if settlement.kind != "settlement" or workspace.forms.workflow(settlement.kind).state(settlement.state).editable:
        return []
    return more_than_accepted(workspace, settlement)


def _accounts(workspace: Workspace, settlement: Record, accepted: dict[str, int]) -> Iterator[SiteAccount]:
    """The account of each site; none while no line names a site."""
    settled = _settled(workspace, settlement)
    names = settlement.row_names(SITES) if settled else {}
    for row, name in names.items():
        yield SiteAccount(row, name, settled.get(fold(name), 0), accepted.get(fold(name), 0))


def _settled(workspace: Workspace, settlement: Record) -> dict[str, int]:
    """The settled support by folded name of the site, of this settlement and of the closed ones of the proposal."""
    if not _by_site(settlement):
        return {}
    proposal = linked(workspace, settlement, "proposal")
    closed = final_children(workspace, proposal, "settlement") if proposal else []
    sums: dict[str, int] = defaultdict(int)
    for part in (settlement, *(other for other in closed if other.id != settlement.id)):
        for name, amount in _by_site(part).items():
            sums[name] += amount
    return sums


def _by_site(settlement: Record) -> dict[str, int]:
    if SITES not in settlement.form.by_name:
        return {}
    names = settlement.row_names(SITES)
    amounts = {fold(names[row["id"]]): row.get(_SUPPORT) for row in settlement.rows(SITES)}
    return {name: whole_amount(amount) for name, amount in amounts.items() if amount is not None}


def _accepted(workspace: Workspace, proposal: Record) -> dict[str, int]:
    """The accepted support by folded name of the site."""
    sums: dict[str, int] = defaultdict(int)
    for visit in final_children(workspace, proposal, "acceptance"):
        sums[fold(str(visit.value("site") or ""))] += whole_amount(visit.value("total_accepted_support"))
    return sums


def _problem(account: SiteAccount) -> Problem:
    return Problem(f"{SITES}/{account.row}/{_SUPPORT}", account.sentence)

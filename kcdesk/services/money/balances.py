"""The money of a proposal after its approval: recorded and warned about, not accounted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.services import guards
from kcdesk.services.money import year_accounts
from kcdesk.services.money.year_accounts import RETURNED
from kcdesk.services.records.copying import linked
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.formdef.regulations.deadlines import About, Deadline
    from kcdesk.formdef.regulations.procedures import Advance, SettlementRule
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
    contracts = _of(guards.own_contracts(workspace, proposal), contract, "id")
    payments = [one for one in guards.final_children(workspace, proposal, "payment") if one.id != but]
    payments = _of(payments, contract, "contract")
    out = [one for one in payments if one.value("payment_type") != RETURNED]
    settlements = _of(guards.final_children(workspace, proposal, "settlement"), contract, "contract")
    return Balance(
        support=_sum(contracts, "value") or _whole(proposal.value("approved_support")),
        paid=_sum((one for one in out if one.value("paid_on")), "amount"),
        asked=_sum((one for one in out if not one.value("paid_on")), "amount"),
        returned=_sum((one for one in payments if one.value("payment_type") == RETURNED), "amount"),
        accepted=_sum(guards.final_children(workspace, proposal, "acceptance"), "total_accepted_support"),
        told_to_return=_sum(guards.stops(workspace, proposal), "to_return") if contract is None else 0,
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


def advance_rule(workspace: Workspace, payment: Record) -> Advance | None:
    """The rule of Điều 13 for a first advance; None for other payments and where the agency decides."""
    if payment.value("payment_type") != "advance":
        return None
    return workspace.procedures.advance(str(payment.value("activity") or ""), day_of(workspace, payment))


def day_of(workspace: Workspace, record: Record) -> date:
    """The day whose rules count: the one that the paper bears, today while it bears none."""
    written = record.value("requested_on") or record.value("settled_on")
    return date.fromisoformat(written) if isinstance(written, str) else workspace.today()


def problems_of_payment(workspace: Workspace, payment: Record) -> list[Problem]:
    """Why a payment may not be asked for as it stands."""
    proposal = workspace.store.record(str(payment.value("proposal")))
    workflow = workspace.forms.workflow("proposal")
    if not workflow.is_marked(proposal.state, "payable"):
        label = workflow.state(proposal.state).label
        return [Problem("proposal", f"Đề án ở trạng thái «{label}», chưa có hợp đồng được ghi nhận nên chưa chi được.")]
    money = balance(workspace, proposal, payment.value("contract"), payment.id)
    kind = payment.value("payment_type")
    found = [*_beyond(payment, money), *_of_no_year(payment, money), *_beyond_year(workspace, payment, proposal)]
    if kind == "advance":
        found += _advance_problems(workspace, payment)
    if kind == "interim" and not proposal.value("multi_year"):
        found.append(Problem("payment_type", "Chỉ đề án thực hiện nhiều năm mới tạm ứng lần tiếp theo (Điều 15)."))
    if kind == "remaining":
        found += _remaining_problems(workspace, payment, proposal, money)
    return found + (missing_papers(payment) if kind != RETURNED else [])


def _beyond(payment: Record, money: Balance) -> Iterable[Problem]:
    amount = _whole(payment.value("amount"))
    if payment.value("payment_type") == RETURNED:
        if amount > money.held:
            yield Problem("amount", f"Hoàn trả {_said(amount)} vượt số đang giữ {_said(money.held)}.")
        return
    limit = money.support - money.held - money.asked
    if amount > limit:
        yield Problem(
            "amount",
            f"Kinh phí theo hợp đồng {_said(money.support)}, đã tạm ứng và đề nghị {_said(money.held + money.asked)};"
            f" chỉ còn {_said(max(0, limit))}, vượt {_said(amount - max(0, limit))}.",
        )


def _of_no_year(payment: Record, money: Balance) -> Iterable[Problem]:
    """A payment of a proposal of several years says of which of them it is."""
    if money.years and payment.value("year") not in [one.year for one in money.years]:
        known = ", ".join(str(one.year) for one in money.years)
        label = payment.field("year").label
        yield Problem("year", f"«{label}» phải là một năm của đề án: {known} (khoản 2 Điều 15 TT 36/2013/TT-BCT).")


def _beyond_year(workspace: Workspace, payment: Record, proposal: Record) -> Iterable[Problem]:
    """More than the years of a proposal of several years have planned so far; what one has not spent goes with it."""
    year = payment.value("year")
    if not proposal.value("multi_year") or not isinstance(year, int) or payment.value("payment_type") == RETURNED:
        return
    closed = year_accounts.closed_before(year_accounts.of(workspace, proposal), year)
    rows = [row for row in proposal.rows("year_amounts") if closed < row.get("year", 0) <= year]
    planned = sum(_whole(row.get("support")) for row in rows)
    others = guards.final_children(workspace, proposal, "payment")
    earlier = [one for one in others if one.id != payment.id and closed < _whole(one.value("year")) <= year]
    out = _sum((one for one in earlier if one.value("payment_type") != RETURNED), "amount")
    back = _sum((one for one in earlier if one.value("payment_type") == RETURNED), "amount")
    left = max(0, planned - out + back)
    since = f" (sau năm {closed} đã quyết toán, nộp trả phần không chi)" if closed else ""
    if planned and _whole(payment.value("amount")) > left:
        yield Problem(
            "amount",
            f"Kinh phí phân bổ đến hết năm {year}{since} là {_said(planned)}, đã tạm ứng và đề nghị"
            f" {_said(out - back)}; còn {_said(left)} (khoản 2 Điều 15 TT 36/2013/TT-BCT)."
            " Hãy giảm số tiền hoặc ghi kinh phí của năm sau.",
        )


def _advance_problems(workspace: Workspace, payment: Record) -> Iterable[Problem]:
    if payment.value("override_reason"):  # Điều 16: the agency has allowed another rate or other papers
        return
    rule = advance_rule(workspace, payment)
    if rule is None:
        yield Problem(
            "override_reason",
            "Nội dung này chưa có tỷ lệ tạm ứng; ghi văn bản quyết định của cơ quan quản lý kinh phí"
            " (khoản 2 Điều 16 TT 36/2013/TT-BCT).",
        )
        return
    limit = _whole(payment.value("support")) * rule.rate // 100
    if _whole(payment.value("amount")) > limit:
        yield Problem(
            "amount",
            f"Tạm ứng lần một không quá {rule.rate}% là {_said(limit)} ({rule.source});"
            " hãy giảm hoặc ghi văn bản cho phép.",
        )
    if rule.progress_above and not _is_above(payment.value("progress"), rule.progress_above):
        yield Problem("progress", f"Phải đã thực hiện trên {rule.progress_above}% khối lượng ({rule.source}).")


def _is_above(written: object, limit: int) -> bool:
    return written is not None and Decimal(str(written)) > limit


def _remaining_problems(workspace: Workspace, payment: Record, proposal: Record, money: Balance) -> Iterable[Problem]:
    yield from guards.GUARDS["is_accepted_everywhere"](workspace, proposal)
    amount = _whole(payment.value("amount"))
    if money.accepted and amount > money.remaining:
        yield Problem(
            "amount",
            f"Được nghiệm thu {_said(money.accepted)}, đã tạm ứng {_said(money.held)}: còn được tạm ứng"
            f" {_said(money.remaining)} (Điều 14 TT 36/2013/TT-BCT).",
        )


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


def held_for(workspace: Workspace, proposal: Record, settlement: Record) -> int:
    """What the accounts have to answer for: of one year where the proposal has several, else of the contract."""
    accounts = year_accounts.of(workspace, proposal, settlement.value("contract"), settlement.id)
    if not accounts:
        return balance(workspace, proposal, settlement.value("contract")).held
    return next((one.held for one in accounts if one.year == settlement.value("year")), 0)


def contract_values(workspace: Workspace, settlement: Record) -> dict[str, dict[str, Any]]:
    """What a settlement tells the contract that it settles: the empty fields of its liquidation."""
    id_ = settlement.value("contract")
    if not isinstance(id_, str):
        return {}
    contract = workspace.store.record(id_)
    told = _told(workspace, settlement)
    changes: dict[str, Any] = {}
    for name, value in told.items():
        if value is not None and contract.value(name) is None:
            changes |= contract.set(name, value)
    return {id_: changes} if changes else {}


def _told(workspace: Workspace, settlement: Record) -> dict[str, int | None]:
    """What the accounts come to; of a proposal of several years all years together, once the last is settled."""
    proposal = workspace.store.record(str(settlement.value("proposal")))
    parts = [settlement]
    paid = settlement.value("advanced")
    if year_accounts.is_of_years(proposal):
        contract = settlement.value("contract")
        if _is_of_earlier_year(settlement, proposal):
            return {}
        others = guards.final_children(workspace, proposal, "settlement")
        parts += [one for one in others if one.id != settlement.id and one.value("contract") == contract]
        paid = balance(workspace, proposal, contract).held
    done = sum(_whole(row.get("spent")) for one in parts for row in one.rows("lines"))
    return {"done_value": done or None, "settled_support": _sum(parts, "settled_support"), "paid": paid}

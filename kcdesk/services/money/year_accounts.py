"""A proposal of several years, year by year: what was planned, advanced, settled, given back and carried over.

A year is settled by its own dossier. What was advanced and not spent goes back to the budget (a payment «Hoàn trả ngân
sách» of that year, with its day and voucher) or, where a decision says so, into the next year.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.services.records import children
from kcdesk.services.workspace import Workspace

RETURNED = "returned"  # the type of a payment, and what becomes of the rest of a year
CARRIED_OVER = "carried_over"
_SOURCE = "khoản 2 Điều 15 TT 36/2013/TT-BCT"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearAccount:
    """One year; amounts in đồng, those of drafts left out."""

    year: int
    planned: int
    carried_in: int  # of the year before, by decision
    paid: int
    returned: int
    settled: int | None  # None while the year has no settlement
    rest: str = ""  # what becomes of what was not spent: RETURNED, CARRIED_OVER, "" where nothing was said

    @property
    def held(self) -> int:
        """What there was to spend in the year."""
        return self.carried_in + self.paid - self.returned

    @property
    def unspent(self) -> int:
        """What was advanced and not settled; 0 while the year is not settled."""
        return 0 if self.settled is None else max(0, self.held - self.settled)

    @property
    def carried_out(self) -> int:
        """What the next year begins with."""
        return self.unspent if self.rest == CARRIED_OVER else 0

    @property
    def to_return(self) -> int:
        """What still has to go back to the budget."""
        return self.unspent - self.carried_out

    @property
    def has_money(self) -> bool:
        """Whether anything was paid, carried over or settled."""
        return bool(self.carried_in or self.paid or self.settled is not None)

    def sentence(self) -> str:
        """«Năm 2018: phân bổ …; tạm ứng …; quyết toán …», what is nothing left out."""
        amounts = (
            ("phân bổ", self.planned),
            ("chuyển từ năm trước", self.carried_in),
            ("đã tạm ứng", self.paid),
            ("đã nộp trả", self.returned),
            ("quyết toán", self.settled or 0),
            ("chuyển sang năm sau", self.carried_out),
            ("còn phải nộp trả", self.to_return),
        )
        said = [f"{label} {text.format_integer(amount)} đồng" for label, amount in amounts if amount]
        return f"Năm {self.year}: {'; '.join([*said, *(() if self.settled is not None else ('chưa quyết toán',))])}."


def is_of_years(proposal: Record) -> bool:
    """Whether the proposal is settled year by year."""
    return proposal.value("multi_year") is True and bool(proposal.rows("year_amounts"))


def of(workspace: Workspace, proposal: Record, contract: object = None, but: str = "") -> list[YearAccount]:
    """Every year of a proposal of several years, in order; `contract` narrows to one, `but` leaves a dossier out."""
    if not is_of_years(proposal):
        return []
    payments, settlements = (
        [
            one
            for one in children.final_children(workspace, proposal, kind)
            if one.id != but and contract in (None, one.value("contract"))
        ]
        for kind in ("payment", "settlement")
    )
    accounts: list[YearAccount] = []
    for year in _years(proposal, [*payments, *settlements]):
        carried_in = accounts[-1].carried_out if accounts else 0
        accounts.append(_account(proposal, year, carried_in, payments, settlements))
    return accounts


def _years(proposal: Record, records: Iterable[Record]) -> list[int]:
    planned = {row["year"] for row in proposal.rows("year_amounts") if row.get("year")}
    return sorted(planned | {_year(proposal, one) for one in records})


def _year(proposal: Record, record: Record) -> int:
    """The year that a payment or settlement is of; the proposal's first year where it does not say."""
    return int(record.value("year") or first_year(proposal))


def first_year(proposal: Record) -> int:
    """The first year that money is planned for."""
    return min((int(row["year"]) for row in proposal.rows("year_amounts") if row.get("year")), default=0)


def last_year(proposal: Record) -> int:
    """The last year that money is planned for."""
    return max((int(row["year"]) for row in proposal.rows("year_amounts") if row.get("year")), default=0)


def _account(
    proposal: Record, year: int, carried_in: int, payments: list[Record], settlements: list[Record]
) -> YearAccount:
    of_year = [one for one in payments if _year(proposal, one) == year]
    own = [one for one in settlements if _year(proposal, one) == year]
    out = [one for one in of_year if one.value("payment_type") != RETURNED and one.value("paid_on")]
    rest = {str(one.value("unspent_action") or "") for one in own}
    return YearAccount(
        year=year,
        planned=sum(int(row.get("support", 0)) for row in proposal.rows("year_amounts") if row.get("year") == year),
        carried_in=carried_in,
        paid=_sum(out, "amount"),
        returned=_sum((one for one in of_year if one.value("payment_type") == RETURNED), "amount"),
        settled=_sum(own, "settled_support") if own else None,
        rest=next((one for one in (CARRIED_OVER, RETURNED) if one in rest), ""),
    )


def _sum(records: Iterable[Record], name: str) -> int:
    return sum(int(one.value(name) or 0) for one in records)


# -- what stands in the way ----------------------------------------------------------------------------------------


def unsettled(workspace: Workspace, proposal: Record) -> list[Problem]:
    """The years without a settlement; of a proposal that was stopped only those that had money."""
    stopped = bool(children.stops(workspace, proposal))
    waiting = [one for one in of(workspace, proposal) if one.settled is None and (one.has_money or not stopped)]
    return [Problem("", f"Năm {one.year} chưa có hồ sơ quyết toán được chốt.") for one in waiting]


def not_returned(workspace: Workspace, proposal: Record) -> Iterator[Problem]:
    """What each year still owes the budget, and what was given back without its day or voucher."""
    for one in of(workspace, proposal):
        if one.to_return:
            amount = text.format_integer(one.to_return)
            yield Problem(
                "",
                f"Năm {one.year}: còn {amount} đồng phải hoàn trả ngân sách; hãy ghi lần nộp trả của năm {one.year}"
                " ở «Tạm ứng, thanh toán» (khoản 6 Điều 12 TT 36/2013/TT-BCT).",
            )
    for payment in children.final_children(workspace, proposal, "payment") if is_of_years(proposal) else ():
        lacking = [payment.field(name).label for name in ("paid_on", "voucher_number") if not payment.value(name)]
        if payment.value("payment_type") == RETURNED and lacking:
            names = ", ".join(f"«{name}»" for name in lacking)
            yield Problem("", f"Lần nộp trả của năm {_year(proposal, payment)} chưa ghi {names}.")


def problems_of_year(workspace: Workspace, settlement: Record, proposal: Record) -> Iterator[Problem]:
    """Why the accounts of this year cannot be settled now: out of its turn, settled already, nowhere to carry to."""
    year = settlement.value("year")
    accounts = of(workspace, proposal, settlement.value("contract"), settlement.id)
    here = next((one for one in accounts if one.year == year), None)
    if here is None:
        yield Problem("year", f"Năm {year} không có trong phân bổ kinh phí theo năm của đề án ({_SOURCE}).")
        return
    if here.settled is not None:
        yield Problem("year", f"Năm {year} của hợp đồng này đã có hồ sơ quyết toán được chốt.")
    if earlier := next((one for one in accounts if one.year < here.year and one.settled is None), None):
        yield Problem("year", f"Hãy chốt hồ sơ quyết toán năm {earlier.year} trước năm {year}.")
    if settlement.value("unspent_action") == CARRIED_OVER and here.year >= last_year(proposal):
        said = f"Sau năm {year} đề án không còn năm nào để chuyển kinh phí sang"
        yield Problem("unspent_action", f"{said}: hãy nộp trả ngân sách, hoặc điều chỉnh đề án trước.")


def next_to_settle(workspace: Workspace, proposal: Record) -> int | None:
    """The first year without a settlement; None once all have theirs."""
    return next((one.year for one in of(workspace, proposal) if one.settled is None), None)


def closed_before(accounts: Iterable[YearAccount], year: int) -> int:
    """The last year before this one whose rest went back to the budget, so that nothing of it is left; 0 for none."""
    return max((one.year for one in accounts if one.year < year and one.rest == RETURNED), default=0)

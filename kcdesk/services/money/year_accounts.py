"""The accounts of a multi-year proposal, year by year: planned, advanced, settled, returned and carried over.

Each year has its own settlement. Money that was advanced and not spent is returned to the budget (a payment «Hoàn trả
ngân sách» of that year, with its day and voucher) or, if a decision says so, carried over to the next year.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.derivations.amounts import Amount, amount_of, at_least_zero, difference, total
from kcdesk.formdef.derivations.nodes import LegalBasis
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.records import children
from kcdesk.services.workspace import Workspace

RETURNED = "returned"  # a payment type, and a value of `unspent_action`
CARRIED_OVER = "carried_over"
_SOURCE = "khoản 2 Điều 15 TT 36/2013/TT-BCT"
_RULE = LegalBasis("Kinh phí của đề án nhiều năm được quyết toán từng năm.", _SOURCE)

# What the amounts of a year are called, on the screen and in «Vì sao có số này?».
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "planned": "phân bổ",
        "carried_in": "chuyển từ năm trước",
        "paid": "đã tạm ứng",
        "returned": "đã nộp trả",
        "held": "có trong năm",
        "settled": "quyết toán",
        "unspent": "chưa chi hết",
        "carried_out": "chuyển sang năm sau",
        "to_return": "còn phải nộp trả",
    }
)
_IN_SENTENCE = ("planned", "carried_in", "paid", "returned", "settled", "carried_out", "to_return")


class YearAccount(Value, kw_only=True):
    """The account of a year; amounts in đồng, drafts do not count."""

    year: int
    planned: int
    carried_in: int  # carried over from the year before, by a decision
    paid: int
    returned: int
    settled: int | None  # None while the year has no settlement
    rest: str = ""  # what happens to unspent money: RETURNED, CARRIED_OVER, "" while undecided

    @property
    def held(self) -> int:
        """The money available in the year."""
        available = total(f"Năm {self.year}: chuyển sang và tạm ứng", (self.carried_in, self.paid))
        return difference(label_of_year(self.year, "held"), available, self.returned)

    @property
    def unspent(self) -> int:
        """The available money that was not settled; 0 while the year has no settlement."""
        if self.settled is None:
            return 0
        rest = difference(f"Năm {self.year}: có trong năm trừ quyết toán", self.held, self.settled)
        return at_least_zero(label_of_year(self.year, "unspent"), rest)

    @property
    def carried_out(self) -> int:
        """The amount carried over to the next year."""
        carried = self.unspent if self.rest == CARRIED_OVER else 0
        return total(label_of_year(self.year, "carried_out"), [carried] if carried else [], _RULE)

    @property
    def to_return(self) -> int:
        """The amount that still has to be returned to the budget."""
        return difference(label_of_year(self.year, "to_return"), self.unspent, self.carried_out, _RULE)

    @property
    def has_money(self) -> bool:
        """Whether any amount was paid, carried over or settled."""
        return bool(self.carried_in or self.paid or self.settled is not None)

    def sentence(self) -> str:
        """«Năm 2018: phân bổ …; tạm ứng …; quyết toán ….»; zero amounts are omitted."""
        amounts = ((LABELS[name], getattr(self, name) or 0) for name in _IN_SENTENCE)
        parts = [f"{label} {text.format_integer(amount)} đồng" for label, amount in amounts if amount]
        return f"Năm {self.year}: {'; '.join([*parts, *(() if self.settled is not None else ('chưa quyết toán',))])}."


def label_of_year(year: int, name: str) -> str:
    """«Năm 2018: đã tạm ứng»: what an amount of a year is called."""
    return f"Năm {year}: {LABELS[name]}"


def is_multi_year(proposal: Record) -> bool:
    """Whether the proposal is settled year by year."""
    return proposal.value("multi_year") is True and bool(proposal.rows("year_amounts"))


def accounts_of(workspace: Workspace, proposal: Record, contract: object = None, but: str = "") -> list[YearAccount]:
    """The accounts of a multi-year proposal in the order of the years; empty for other proposals.

    `contract` limits them to the dossiers of a contract, `but` is the id of a dossier to leave out.
    """
    if not is_multi_year(proposal):
        return []
    payments, settlements = (
        [
            record
            for record in children.final_children(workspace, proposal, kind)
            if record.id != but and contract in (None, record.value("contract"))
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
    return sorted(planned | {_year_of(proposal, record) for record in records})


def _year_of(proposal: Record, record: Record) -> int:
    """The year of a payment or settlement; the proposal's first year where it names none."""
    return int(record.value("year") or first_year(proposal))


def first_year(proposal: Record) -> int:
    """The first year with a planned amount; 0 for none."""
    return min((int(row["year"]) for row in proposal.rows("year_amounts") if row.get("year")), default=0)


def last_year(proposal: Record) -> int:
    """The last year with a planned amount; 0 for none."""
    return max((int(row["year"]) for row in proposal.rows("year_amounts") if row.get("year")), default=0)


def _account(
    proposal: Record, year: int, carried_in: int, payments: list[Record], settlements: list[Record]
) -> YearAccount:
    payments_of_year = [record for record in payments if _year_of(proposal, record) == year]
    settlements_of_year = [record for record in settlements if _year_of(proposal, record) == year]
    outgoing = [
        record for record in payments_of_year if record.value("payment_type") != RETURNED and record.value("paid_on")
    ]
    actions = {str(record.value("unspent_action") or "") for record in settlements_of_year}
    planned = [row["id"] for row in proposal.rows("year_amounts") if row.get("year") == year]
    back = [record for record in payments_of_year if record.value("payment_type") == RETURNED]
    supports = (amount_of(proposal, f"year_amounts/{id_}/support") for id_ in planned)
    settled = label_of_year(year, "settled")
    return YearAccount(
        year=year,
        planned=total(label_of_year(year, "planned"), supports),
        carried_in=carried_in,
        paid=_sum(label_of_year(year, "paid"), outgoing, "amount"),
        returned=_sum(label_of_year(year, "returned"), back, "amount"),
        settled=_sum(settled, settlements_of_year, "settled_support") if settlements_of_year else None,
        rest=next((action for action in (CARRIED_OVER, RETURNED) if action in actions), ""),
    )


def _sum(label: str, records: Iterable[Record], name: str) -> Amount:
    return total(label, (amount_of(record, name) for record in records))


# -- checks --------------------------------------------------------------------------------------------------------


def unsettled(workspace: Workspace, proposal: Record) -> list[Problem]:
    """List the years without a settlement; of a stopped proposal only those in which money moved."""
    stopped = bool(children.stop_decisions(workspace, proposal))
    years = [
        account
        for account in accounts_of(workspace, proposal)
        if account.settled is None and (account.has_money or not stopped)
    ]
    return [_settlement_of_year(workspace, proposal, account.year) for account in years]


def _settlement_of_year(workspace: Workspace, proposal: Record, year: int) -> Problem:
    sentence = f"Năm {year} chưa có hồ sơ quyết toán được chốt."
    of_year = lambda draft: draft.value("year") in (None, year)  # noqa: E731 - asked once, below
    return children.needed(workspace, proposal, "settlement", sentence, of_year, {"year": year})


def return_needed(workspace: Workspace, proposal: Record, sentence: str) -> Problem:
    """The problem of money that must be returned: leads to the payment back that is a draft, or to a new payment."""
    payments = children.final_children(workspace, proposal, "payment")
    unpaid = [p for p in payments if p.value("payment_type") == RETURNED and not p.value("paid_on")]
    if unpaid:
        return Problem("", f"{sentence} «{unpaid[0].title()}» chưa ghi ngày nộp.", record=unpaid[0].id, there="paid_on")
    is_return = lambda draft: draft.value("payment_type") in (None, RETURNED)  # noqa: E731 - asked once, below
    return children.needed(workspace, proposal, "payment", sentence, is_return, {"payment_type": RETURNED})


def not_returned(workspace: Workspace, proposal: Record) -> Iterator[Problem]:
    """Report what each year still has to return, and returned payments without a day or voucher number."""
    for account in accounts_of(workspace, proposal):
        if account.to_return:
            amount = text.format_integer(account.to_return)
            sentence = (
                f"Năm {account.year}: còn {amount} đồng phải hoàn trả ngân sách; hãy ghi lần nộp trả của năm"
                f" {account.year} ở «Tạm ứng, thanh toán» (khoản 6 Điều 12 TT 36/2013/TT-BCT)."
            )
            yield return_needed(workspace, proposal, sentence)
    for payment in children.final_children(workspace, proposal, "payment") if is_multi_year(proposal) else ():
        missing = [name for name in ("paid_on", "voucher_number") if not payment.value(name)]
        if payment.value("payment_type") == RETURNED and missing:
            names = ", ".join(f"«{payment.field(name).label}»" for name in missing)
            sentence = f"Lần nộp trả của năm {_year_of(proposal, payment)} chưa ghi {names}."
            yield Problem("", sentence, record=payment.id, there=missing[0])


def problems_of_year(workspace: Workspace, settlement: Record, proposal: Record) -> Iterator[Problem]:
    """Report what prevents the settlement of this year.

    The year is not planned or already settled, an earlier year is still open, or there is no year to carry over to.
    """
    year = settlement.value("year")
    accounts = accounts_of(workspace, proposal, settlement.value("contract"), settlement.id)
    account = next((account for account in accounts if account.year == year), None)
    if account is None:
        yield Problem("year", f"Năm {year} không có trong phân bổ kinh phí theo năm của đề án ({_SOURCE}).")
        return
    if account.settled is not None:
        yield Problem("year", f"Năm {year} của hợp đồng này đã có hồ sơ quyết toán được chốt.")
    if earlier := next((open_ for open_ in accounts if open_.year < account.year and open_.settled is None), None):
        yield Problem("year", f"Hãy chốt hồ sơ quyết toán năm {earlier.year} trước năm {year}.")
    if settlement.value("unspent_action") == CARRIED_OVER and account.year >= last_year(proposal):
        reason = f"Sau năm {year} đề án không còn năm nào để chuyển kinh phí sang"
        yield Problem("unspent_action", f"{reason}: hãy nộp trả ngân sách, hoặc điều chỉnh đề án trước.")


def next_to_settle(workspace: Workspace, proposal: Record) -> int | None:
    """The first year without a settlement; None when every year has one."""
    return next((account.year for account in accounts_of(workspace, proposal) if account.settled is None), None)


def closed_before(accounts: Iterable[YearAccount], year: int) -> int:
    """The last year before `year` whose unspent money was returned; 0 for none. Nothing is left of such a year."""
    return max((account.year for account in accounts if account.year < year and account.rest == RETURNED), default=0)

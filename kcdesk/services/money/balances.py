"""The money of a proposal after its approval: what was paid, returned, accepted and settled. No bookkeeping."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.derivations.amounts import Amount, amount_of, at_least_zero, difference, least, total
from kcdesk.formdef.derivations.nodes import LegalBasis
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.law import governing
from kcdesk.services.money import year_accounts
from kcdesk.services.money.year_accounts import RETURNED
from kcdesk.services.records import children
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.services.money.year_accounts import YearAccount

# What the figures of a balance are called, on the screen and in «Vì sao có số này?».
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "support": "Kinh phí theo hợp đồng",
        "paid": "Đã tạm ứng, thanh toán",
        "asked": "Đã đề nghị, chưa chi",
        "returned": "Đã hoàn trả",
        "accepted": "Được nghiệm thu",
        "settled": "Được quyết toán",
        "return_ordered": "Phải nộp trả theo quyết định ngừng",
        "remaining": "Còn được tạm ứng",
        "to_return": "Còn phải hoàn trả",
        "held": "Đã tạm ứng, thanh toán trừ phần đã hoàn trả",
    }
)
_REMAINING = LegalBasis("Sau nghiệm thu được tạm ứng nốt phần còn lại.", "Điều 14 TT 36/2013/TT-BCT")
_RETURN = LegalBasis("Số đã tạm ứng mà không được quyết toán phải hoàn trả.", "Khoản 6 Điều 12 TT 36/2013/TT-BCT")


class Balance(Value):
    """Amounts of a proposal or of one of its contracts, in đồng; drafts do not count."""

    support: int  # total of the contracts, or the approved support while there is no contract
    paid: int  # payments recorded with their day of payment
    asked: int  # payments requested and not yet paid
    returned: int
    accepted: int  # support of the accepted work
    settled: int | None  # None while nothing has been settled
    return_ordered: int = 0  # to be returned by the decision that stopped the proposal
    years: tuple[YearAccount, ...] = ()  # only for a multi-year proposal

    @property
    def held(self) -> int:
        """Money that the implementing unit received and has not returned."""
        return difference(LABELS["held"], self.paid, self.returned)

    @property
    def remaining(self) -> int:
        """The amount that may still be advanced once the work is accepted (Điều 14 TT 36/2013)."""
        payable = least("Được nghiệm thu, không quá kinh phí theo hợp đồng", (self.accepted, self.support))
        left = difference("Số được chi trừ số đang giữ", payable, self.held)
        return at_least_zero(LABELS["remaining"], left, _REMAINING)

    @property
    def to_return(self) -> int:
        """The amount that was paid and is not covered by a settlement (khoản 6 Điều 12 TT 36/2013).

        Before the settlement only a decision that stops the proposal can order a return.
        """
        label = LABELS["to_return"]
        if self.settled is None:
            ordered = difference("Số phải nộp trả trừ số đã nộp", self.return_ordered, self.returned)
            return least(label, (self.held, at_least_zero("Chưa nộp trả theo quyết định ngừng", ordered)), _RETURN)
        if self.years:  # an amount carried over, or still to be spent in a later year, is not returned
            return total(label, (account.to_return for account in self.years), _RETURN)
        return at_least_zero(label, difference("Đang giữ trừ quyết toán", self.held, self.settled), _RETURN)


def balance(
    workspace: Workspace, proposal: Record, contract: str | None = None, but: str = "", until: str = ""
) -> Balance:
    """Compute the balance of a proposal, or of the contract with the id `contract`.

    `but` is a payment to leave out; `until` is one that was begun after all payments that count.
    """
    contracts = _of_contract(children.own_contracts(workspace, proposal), contract, "id")
    known = children.final_children(workspace, proposal, "payment")
    payments = [payment for payment in known if payment.id != but and (not until or payment.id < until)]
    payments = _of_contract(payments, contract, "contract")
    outgoing = [payment for payment in payments if payment.value("payment_type") != RETURNED]
    settlements = _of_contract(children.final_children(workspace, proposal, "settlement"), contract, "contract")
    is_settled = bool(settlements) or _has_no_accounts(workspace, proposal)
    figures = {
        "support": (contracts, "value"),
        "paid": ((payment for payment in outgoing if payment.value("paid_on")), "amount"),
        "asked": ((payment for payment in outgoing if not payment.value("paid_on")), "amount"),
        "returned": ((payment for payment in payments if payment.value("payment_type") == RETURNED), "amount"),
        "accepted": (children.final_children(workspace, proposal, "acceptance"), "total_accepted_support"),
        "return_ordered": (children.stop_decisions(workspace, proposal) if contract is None else (), "to_return"),
        "settled": (settlements, "settled_support"),
    }
    amounts = {name: total_of(records, field, LABELS[name]) for name, (records, field) in figures.items()}
    return Balance(
        support=amounts["support"] or total_of([proposal], "approved_support", LABELS["support"]),
        paid=amounts["paid"],
        asked=amounts["asked"],
        returned=amounts["returned"],
        accepted=amounts["accepted"],
        return_ordered=amounts["return_ordered"],
        settled=amounts["settled"] if is_settled else None,
        years=tuple(year_accounts.accounts_of(workspace, proposal, contract)),
    )


def _has_no_accounts(workspace: Workspace, proposal: Record) -> bool:
    """Whether the proposal ended without anything to settle; then every payment must be returned."""
    workflow = workspace.forms.workflow(proposal.kind)
    return workflow.is_marked(proposal.state, "ended") and not workflow.is_marked(proposal.state, "settleable")


def _of_contract(records: list[Record], contract: str | None, name: str) -> list[Record]:
    if contract is None:
        return records
    return [record for record in records if (record.id if name == "id" else record.value(name)) == contract]


def total_of(records: Iterable[Record], name: str, label: str) -> Amount:
    """Add up a money field of several records; an empty field counts as 0."""
    return total(label, (amount_of(record, name) for record in records))


def whole_amount(value: object) -> int:
    """The stored amount, 0 where it is empty."""
    return value if isinstance(value, int) else 0


# -- shared by payments and settlements -----------------------------------------------------------------------------


def day_of(workspace: Workspace, record: Record) -> date:
    """The day whose rules apply to a payment or settlement, by `forms/governing_days.toml`."""
    topic = "settlement" if record.kind == "settlement" else "payment_rate"
    return governing.day_for(workspace, record, topic).on


def missing_papers(record: Record) -> list[Problem]:
    """List the papers of a payment or settlement that are missing and have no note that explains it."""
    return [
        Problem(f"papers/{row['id']}/paper_form", f"Thiếu: {_with_source(row)}.")
        for row in record.rows("papers")
        if row.get("paper_form") == "missing" and not row.get("note")
    ]


def _with_source(row: Mapping[str, Any]) -> str:
    """A paper and its article; a paper that an officer has added has no article."""
    item = row.get("item", "")
    return f"{item} ({row['source']})" if row.get("source") else item


def amount_text(amount: int) -> str:
    """Write an amount with its unit: «1.250.000 đồng»."""
    return f"{text.format_integer(amount)} đồng"


def held_for(workspace: Workspace, proposal: Record, settlement: Record) -> int:
    """The amount in đồng that a settlement must account for: of its year for a multi-year proposal, else in all."""
    accounts = year_accounts.accounts_of(workspace, proposal, settlement.value("contract"), settlement.id)
    if not accounts:
        return balance(workspace, proposal, settlement.value("contract")).held
    return next((account.held for account in accounts if account.year == settlement.value("year")), 0)

"""Bảng đối chiếu kinh phí: the contracts of a year between the same parties, with paid and settled amounts.

Its sources take the contract that the paper is about, or a settlement, which stands for its contract.
"""

from __future__ import annotations

from collections.abc import Mapping

from kcdesk import text
from kcdesk.formdef.derivations.amounts import Amount, amount_of, difference
from kcdesk.formdef.derivations.amounts import total as amounts_total
from kcdesk.formdef.record import Record
from kcdesk.services.money import balances, year_accounts
from kcdesk.services.money.year_accounts import YearAccount
from kcdesk.services.records import reading
from kcdesk.services.records.copying import linked
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace

LABELS = {
    "value": "Giá trị hợp đồng",
    "paid": "Đã tạm ứng, thanh toán trừ phần đã hoàn trả",
    "settled": "Được quyết toán",
    "payable": "Còn được thanh toán (số âm: phải hoàn trả)",
}
_UNSETTLED = {"settled": "Chưa", "payable": "Chưa quyết toán"}  # what is printed before the settlement


def rows(workspace: Workspace, contract: Record) -> list[dict[str, str]]:
    """List the contracts of the year with their amounts as printed text, in đồng."""
    return [
        {
            "number": other.text("number"),
            "signed_on": other.text("signed_on"),
            "title": reading.title_of(workspace, str(other.value("proposal"))),
            **_printed(amounts_of(workspace, other)),
        }
        for other in _of_the_year(workspace, contract)
    ]


def figures(workspace: Workspace, contract: Record) -> list[list[object]]:
    """The contracts of the year with their amounts in đồng."""
    return [
        [other.id, *(amounts[name] for name in LABELS)]
        for other in _of_the_year(workspace, contract)
        for amounts in [amounts_of(workspace, other)]
    ]


def figures_of_years(workspace: Workspace, contract: Record) -> list[list[str]]:
    """The amounts of the years of contracts, as printed."""
    return [[value for name, value in line.items() if name != "number"] for line in years(workspace, contract)]


def total(workspace: Workspace, contract: Record) -> dict[str, str]:
    """Add the amounts of all contracts up; printed text, with the year."""
    amounts_by_contract = [amounts_of(workspace, other) for other in _of_the_year(workspace, contract)]
    known = {name: [amounts[name] for amounts in amounts_by_contract] for name in LABELS}
    sums = {name: _sum(values) for name, values in known.items()}
    named = _named_contract(workspace, contract)
    return {"year": _signed_in(named) if named else "", **_printed(sums)}


def years(workspace: Workspace, contract: Record) -> list[dict[str, str]]:
    """List the years of every contract whose proposal is settled year by year; printed text, in đồng."""
    lines = []
    for other in _of_the_year(workspace, contract):
        for proposal in present(workspace, filter(None, [other.value("proposal")])):
            accounts = year_accounts.accounts_of(workspace, proposal.record(workspace.forms), other.id)
            lines += [{"number": other.text("number"), **_year(account)} for account in accounts]
    return lines


def _sum(amounts: list[int | None]) -> int | None:
    """The sum of the known amounts; None if none is known."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _year(account: YearAccount) -> dict[str, str]:
    names = ("planned", "carried_in", "paid", "returned", "carried_out")
    settled = "Chưa" if account.settled is None else text.format_integer(account.settled)
    amounts = _printed({name: getattr(account, name) for name in names})
    return {"year": str(account.year), **amounts, "settled": settled}


def _of_the_year(workspace: Workspace, record: Record) -> list[Record]:
    """The contracts of the year, the parties and the programme of a contract, or of the one that a settlement names."""
    contract = _named_contract(workspace, record)
    if contract is None:
        return []
    stored = workspace.store.find("contract", "party_b", contract.value("party_b"))
    final = workspace.forms.workflow("contract").locked
    final_contracts = [
        candidate.record(workspace.forms) for candidate in stored if candidate.data.get("state") in final
    ]
    year = _signed_in(contract)
    same = [
        candidate
        for candidate in final_contracts
        if _signed_in(candidate) == year and candidate.value("party_a") == contract.value("party_a")
        if _programme(workspace, candidate) in (None, _programme(workspace, contract))
    ]
    return sorted(same, key=lambda candidate: (str(candidate.value("signed_on")), candidate.id))


def _named_contract(workspace: Workspace, record: Record) -> Record | None:
    """The contract that a record is, or that a settlement names."""
    return record if record.kind == "contract" else linked(workspace, record, "contract")


def _programme(workspace: Workspace, contract: Record) -> object:
    """Whose money it is: a national form shows no contract of a province (khoản 1 Điều 12 TT 36/2013)."""
    proposal = linked(workspace, contract, "proposal")
    return proposal.value("programme") if proposal else None


def _signed_in(contract: Record) -> str:
    return str(contract.value("signed_on") or "")[:4]


def amounts_of(workspace: Workspace, contract: Record) -> dict[str, int | None]:
    """The amounts of a contract; None for those of a settlement that is not made: its advance is no debt."""
    proposals = present(workspace, filter(None, [contract.value("proposal")]))
    balance = balances.balance(workspace, proposals[0].record(workspace.forms), contract.id) if proposals else None
    value, written = amount_of(contract, "value"), contract.value("settled_support")
    settled = (
        amount_of(contract, "settled_support") if isinstance(written, int) else balance.settled if balance else None
    )
    paid = balance.held if balance else 0
    payable = None if settled is None else difference(LABELS["payable"], settled, paid)
    if balance and balance.years:
        payable = _payable(balance.years) if any(year.settled is not None for year in balance.years) else None
    return {"value": value, "paid": paid, "settled": settled, "payable": payable}


def _payable(years: tuple[YearAccount, ...]) -> Amount:
    """The difference that the settled years leave; an amount carried over is not counted."""
    return amounts_total(
        LABELS["payable"], (_left_by(year, year.settled) for year in years if year.settled is not None)
    )


def _left_by(year: YearAccount, settled: int) -> Amount:
    counted = amounts_total(f"Năm {year.year}: quyết toán và chuyển sang năm sau", (settled, year.carried_out))
    return difference(f"Năm {year.year}: còn được thanh toán", counted, year.held)


def _printed(amounts: Mapping[str, int | None]) -> dict[str, str]:
    return {
        name: _UNSETTLED.get(name, "") if amount is None else text.format_integer(amount)
        for name, amount in amounts.items()
    }

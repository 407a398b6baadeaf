"""Bảng đối chiếu kinh phí: the contracts of a year between the same parties, with paid and settled amounts."""

from __future__ import annotations

from kcdesk import text
from kcdesk.formdef.record import Record
from kcdesk.services.money import balances, year_accounts
from kcdesk.services.money.year_accounts import YearAccount
from kcdesk.services.records import reading
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace

_AMOUNTS = ("value", "paid", "settled", "payable")


def rows(workspace: Workspace, contract: Record) -> list[dict[str, str]]:
    """List the contracts of the year with their amounts as printed text, in đồng."""
    return [
        {
            "number": other.text("number"),
            "signed_on": other.text("signed_on"),
            "title": reading.title_of(workspace, str(other.value("proposal"))),
            **_printed(_amounts(workspace, other)),
        }
        for other in _of_the_year(workspace, contract)
    ]


def figures(workspace: Workspace, contract: Record) -> list[list[object]]:
    """The contracts of the year with their amounts in đồng."""
    return [
        [other.id, *(amounts[name] for name in _AMOUNTS)]
        for other in _of_the_year(workspace, contract)
        for amounts in [_amounts(workspace, other)]
    ]


def figures_of_years(workspace: Workspace, contract: Record) -> list[list[str]]:
    """The amounts of the years of contracts, as printed."""
    return [[value for name, value in line.items() if name != "number"] for line in years(workspace, contract)]


def total(workspace: Workspace, contract: Record) -> dict[str, str]:
    """Add the amounts of all contracts up; printed text, with the year."""
    amounts_by_contract = [_amounts(workspace, other) for other in _of_the_year(workspace, contract)]
    sums = {name: sum(amounts[name] for amounts in amounts_by_contract) for name in _AMOUNTS}
    return {"year": _signed_in(contract), **_printed(sums)}


def years(workspace: Workspace, contract: Record) -> list[dict[str, str]]:
    """List the years of every contract whose proposal is settled year by year; printed text, in đồng."""
    lines = []
    for other in _of_the_year(workspace, contract):
        for proposal in present(workspace, filter(None, [other.value("proposal")])):
            accounts = year_accounts.accounts_of(workspace, proposal.record(workspace.forms), other.id)
            lines += [{"number": other.text("number"), **_year(account)} for account in accounts]
    return lines


def _year(account: YearAccount) -> dict[str, str]:
    names = ("planned", "carried_in", "paid", "returned", "carried_out")
    settled = "Chưa" if account.settled is None else text.format_integer(account.settled)
    amounts = _printed({name: getattr(account, name) for name in names})
    return {"year": str(account.year), **amounts, "settled": settled}


def _of_the_year(workspace: Workspace, contract: Record) -> list[Record]:
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
    ]
    return sorted(same, key=lambda candidate: (str(candidate.value("signed_on")), candidate.id))


def _signed_in(contract: Record) -> str:
    return str(contract.value("signed_on") or "")[:4]


def _amounts(workspace: Workspace, contract: Record) -> dict[str, int]:
    proposals = present(workspace, filter(None, [contract.value("proposal")]))
    balance = balances.balance(workspace, proposals[0].record(workspace.forms), contract.id) if proposals else None
    settled = contract.value("settled_support")
    settled = settled if isinstance(settled, int) else (balance.settled or 0 if balance else 0)
    paid = balance.held if balance else 0
    value = contract.value("value")
    return {
        "value": value if isinstance(value, int) else 0,
        "paid": paid,
        "settled": settled,
        "payable": settled - paid if balance is None or not balance.years else _payable(balance.years),
    }


def _payable(years: tuple[YearAccount, ...]) -> int:
    """The difference that the settled years leave; an amount carried over is not counted."""
    return sum(account.settled - account.held + account.carried_out for account in years if account.settled is not None)


def _printed(amounts: dict[str, int]) -> dict[str, str]:
    return {name: text.format_integer(amount) for name, amount in amounts.items()}

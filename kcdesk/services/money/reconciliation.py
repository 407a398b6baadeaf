"""Bảng đối chiếu kinh phí: the contracts of one year between the same parties, with what was paid and settled."""

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
    """One line for each contract, amounts as they are printed; đồng."""
    return [
        {
            "number": one.text("number"),
            "signed_on": one.text("signed_on"),
            "title": reading.title_of(workspace, str(one.value("proposal"))),
            **_printed(_amounts(workspace, one)),
        }
        for one in _of_the_year(workspace, contract)
    ]


def total(workspace: Workspace, contract: Record) -> dict[str, str]:
    """The same amounts, added up, and the year that they are of."""
    found = [_amounts(workspace, one) for one in _of_the_year(workspace, contract)]
    sums = {name: sum(amounts[name] for amounts in found) for name in _AMOUNTS}
    return {"year": _signed_in(contract), **_printed(sums)}


def years(workspace: Workspace, contract: Record) -> list[dict[str, str]]:
    """One line for each year of each of the contracts whose proposal is settled year by year, as printed; đồng."""
    found = []
    for one in _of_the_year(workspace, contract):
        for proposal in present(workspace, filter(None, [one.value("proposal")])):
            accounts = year_accounts.of(workspace, proposal.record(workspace.forms), one.id)
            found += [{"number": one.text("number"), **_year(account)} for account in accounts]
    return found


def _year(account: YearAccount) -> dict[str, str]:
    names = ("planned", "carried_in", "paid", "returned", "carried_out")
    settled = "Chưa" if account.settled is None else text.format_integer(account.settled)
    amounts = _printed({name: getattr(account, name) for name in names})
    return {"year": str(account.year), **amounts, "settled": settled}


def _of_the_year(workspace: Workspace, contract: Record) -> list[Record]:
    stored = workspace.store.find("contract", "party_b", contract.value("party_b"))
    final = workspace.forms.workflow("contract").locked
    found = [one.record(workspace.forms) for one in stored if one.data.get("state") in final]
    year = _signed_in(contract)
    same = [one for one in found if _signed_in(one) == year and one.value("party_a") == contract.value("party_a")]
    return sorted(same, key=lambda one: (str(one.value("signed_on")), one.id))


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
    """What the settled years leave open; what a year carries over is not given back."""
    return sum(one.settled - one.held + one.carried_out for one in years if one.settled is not None)


def _printed(amounts: dict[str, int]) -> dict[str, str]:
    return {name: text.format_integer(amount) for name, amount in amounts.items()}

"""The figures of money that no field holds, by name, for «Vì sao có số này?»: balances and accounts of the years."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from kcdesk.formdef.derivations.amounts import derivation_of
from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.formdef.record import Record
from kcdesk.services.money import balances, reconciliation, year_accounts
from kcdesk.services.money.balances import Balance
from kcdesk.services.money.year_accounts import YearAccount
from kcdesk.services.records.copying import linked
from kcdesk.services.workspace import Workspace


def of_proposal(workspace: Workspace, proposal: Record) -> dict[str, Callable[[], Derivation]]:
    """The balance of a proposal and the accounts of its years."""
    return _named(balances.balance(workspace, proposal)) if proposal.value("approved_support") is not None else {}


def of_contract(workspace: Workspace, contract: Record) -> dict[str, Callable[[], Derivation]]:
    """The balance of a contract, the accounts of its years, and its line of the reconciliation."""
    proposal = linked(workspace, contract, "proposal")
    if proposal is None:
        return {}
    line = reconciliation.amounts_of(workspace, contract)
    known = {name: amount for name, amount in line.items() if amount is not None}
    return _named(balances.balance(workspace, proposal, contract.id)) | {
        f"reconciliation.{name}": partial(derivation_of, amount, reconciliation.LABELS[name])
        for name, amount in known.items()
    }


def _named(balance: Balance) -> dict[str, Callable[[], Derivation]]:
    named: dict[str, Callable[[], Derivation]]
    named = {f"balance.{name}": partial(_of_balance, balance, name) for name in balances.LABELS}
    if balance.settled is None:
        del named["balance.settled"]
    for account in balance.years:
        named |= {
            f"year.{account.year}.{name}": partial(_of_year, account, name)
            for name in year_accounts.LABELS
            if getattr(account, name) is not None
        }
    return named


def _of_balance(balance: Balance, name: str) -> Derivation:
    return derivation_of(getattr(balance, name), balances.LABELS[name])


def _of_year(account: YearAccount, name: str) -> Derivation:
    return derivation_of(getattr(account, name), f"Năm {account.year}: {year_accounts.LABELS[name]}")

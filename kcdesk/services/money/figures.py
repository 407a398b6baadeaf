"""The figures of money that no field holds, by name, for «Vì sao có số này?»: balances and accounts of the years."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from kcdesk.formdef.derivations.amounts import derivation_of
from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.formdef.record import Record
from kcdesk.services.money import balances, reconciliation, year_accounts
from kcdesk.services.money.balances import Balance
from kcdesk.services.records.copying import linked
from kcdesk.services.workspace import Workspace

NamedAmount = tuple[str, int | None, str]  # name of a figure, amount in đồng or None if not known, label


def of_proposal(workspace: Workspace, proposal: Record) -> dict[str, Callable[[], Derivation]]:
    """The balance of a proposal and the accounts of its years."""
    if proposal.value("approved_support") is None:
        return {}
    return _known(_of_balance(balances.balance(workspace, proposal)))


def of_contract(workspace: Workspace, contract: Record) -> dict[str, Callable[[], Derivation]]:
    """The balance of a contract, the accounts of its years, and its line of the reconciliation."""
    proposal = linked(workspace, contract, "proposal")
    if proposal is None:
        return {}
    line = reconciliation.amounts_of(workspace, contract)
    reconciled = ((f"reconciliation.{name}", amount, reconciliation.LABELS[name]) for name, amount in line.items())
    return _known((*_of_balance(balances.balance(workspace, proposal, contract.id)), *reconciled))


def _of_balance(balance: Balance) -> Iterator[NamedAmount]:
    for name, label in balances.LABELS.items():
        yield f"balance.{name}", getattr(balance, name), label
    for account in balance.years:
        for name in year_accounts.LABELS:
            yield f"year.{account.year}.{name}", getattr(account, name), year_accounts.label_of_year(account.year, name)


def _known(amounts: Iterable[NamedAmount]) -> dict[str, Callable[[], Derivation]]:
    return {name: partial(derivation_of, amount, label) for name, amount, label in amounts if amount is not None}

"""Fill in a contract from its proposal."""

from __future__ import annotations

from typing import Any

from kcdesk.formdef.record import Record
from kcdesk.services.records.children import own_contracts
from kcdesk.services.records.copying import copy_rows, fill, linked, linked_title, only_id
from kcdesk.services.workspace import Workspace

# column of the contract's row ← column of the proposal's row
_CONTRACT_LINE = {
    name: name for name in ("item", "unit", "quantity", "cost", "national", "local", "counterpart", "other")
}


_CONTRACT_MACHINE = {name: name for name in ("name", "maker", "model", "quantity", "unit_price")}


TIES = frozenset(("proposal",))


def prepare_contract(workspace: Workspace, contract: Record) -> None:
    """Fill in the beneficiary, the parties, the approved support, the budget lines and the machines."""
    proposal = linked(workspace, contract, "proposal")
    if proposal is None:
        return
    fill(contract, "beneficiary", only_id(proposal.value("beneficiaries")))
    fill(contract, "value", _left_to_contract(workspace, proposal))
    fill(contract, "party_a", workspace.identity.unit.name)
    fill(contract, "party_b", linked_title(workspace, contract.value("beneficiary")))
    copy_rows(contract, "budget", proposal, "budget", _CONTRACT_LINE)
    copy_rows(contract, "machines", proposal, "machines", _CONTRACT_MACHINE)


def _left_to_contract(workspace: Workspace, proposal: Record) -> Any:
    """The approved support in đồng that no other contract holds; all of it if nothing is left."""
    approved = proposal.value("approved_support")
    values = [contract.value("value") for contract in own_contracts(workspace, proposal)]
    taken = sum(value for value in values if isinstance(value, int))
    return approved - taken if isinstance(approved, int) and approved > taken else approved

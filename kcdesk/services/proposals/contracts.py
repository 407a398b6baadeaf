"""Fill in a contract from its proposal."""

from __future__ import annotations

from kcdesk.formdef.derivations.amounts import Amount, amount_of, difference, total
from kcdesk.formdef.record import Record
from kcdesk.services.records.children import own_contracts
from kcdesk.services.records.copying import Taken, copy_rows, fill, linked, linked_title, only_id, taken
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
    fill(contract, "value", _left_to_contract(workspace, proposal, contract))
    fill(contract, "party_a", workspace.identity.unit.name)
    fill(contract, "party_b", linked_title(workspace, contract.value("beneficiary")))
    copy_rows(contract, "budget", proposal, "budget", _CONTRACT_LINE)
    copy_rows(contract, "machines", proposal, "machines", _CONTRACT_MACHINE)


def _left_to_contract(workspace: Workspace, proposal: Record, contract: Record) -> Taken | Amount | None:
    """The approved support in đồng that no other contract holds; all of it if nothing is left."""
    approved = taken(proposal, "approved_support")
    others = (other for other in own_contracts(workspace, proposal) if other.id != contract.id)
    values = total("Giá trị các hợp đồng khác", (amount_of(other, "value") for other in others))
    if approved is None or not values or approved.value <= values:
        return approved
    return difference("Được phê duyệt trừ các hợp đồng khác", amount_of(proposal, "approved_support"), values)

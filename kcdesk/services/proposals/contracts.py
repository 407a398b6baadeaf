"""Fill in a contract from its proposal."""

from __future__ import annotations

from kcdesk.formdef.derivations.amounts import Amount, amount_of, difference, total
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import Row
from kcdesk.services.records.children import own_contracts
from kcdesk.services.records.copying import (
    Taken,
    copy_rows,
    copy_sites,
    fill,
    is_at,
    linked,
    linked_title,
    only_id,
    plain,
    sites_to_copy,
    taken,
    with_site,
)
from kcdesk.services.workspace import Workspace

# column of the contract's row ← column of the proposal's row
_CONTRACT_LINE = {
    name: name for name in ("item", "unit", "quantity", "cost", "national", "local", "counterpart", "other")
}


_CONTRACT_TASK = {name: name for name in ("task", "starts_on", "ends_on", "responsible")}
_CONTRACT_MACHINE = {name: name for name in ("name", "maker", "model", "quantity", "unit_price")}

TIES = frozenset(("proposal", "beneficiary"))


def prepare_contract(workspace: Workspace, contract: Record) -> None:
    """Fill in the beneficiary, the parties, the approved support, the budget lines and the machines."""
    proposal = linked(workspace, contract, "proposal")
    if proposal is None:
        return
    fill(contract, "beneficiary", only_id(proposal.value("beneficiaries")))
    sites = sites_to_copy(proposal, contract.value("beneficiary"))
    is_part = len(sites) < len(sites_to_copy(proposal))
    left = _left_to_contract(workspace, proposal, contract)
    fill(contract, "value", _at_most_of_sites(proposal, sites, left) if is_part else left)
    fill(contract, "party_a", workspace.identity.unit.name)
    fill(contract, "party_b", linked_title(workspace, contract.value("beneficiary")))
    copy_rows(contract, "schedule", proposal, "work_plan", _CONTRACT_TASK)
    copy_sites(contract, sites)
    for table, columns in (("budget", _CONTRACT_LINE), ("machines", _CONTRACT_MACHINE)):
        named = with_site(columns, contract, table, proposal)
        copy_rows(contract, table, proposal, table, named, lambda row: not is_part or is_at(row, sites))


def _at_most_of_sites(proposal: Record, sites: list[Row], left: Taken | Amount | None) -> Taken | Amount | None:
    """The support of the sites of one establishment in đồng, if it is known and so much is left to contract."""
    supports = [amount_of(proposal, f"sites/{site['id']}/support") for site in sites]
    own = total("Hỗ trợ của các địa điểm của đơn vị thụ hưởng", supports)
    return own if left is not None and 0 < own < int(plain(left)) else left


def _left_to_contract(workspace: Workspace, proposal: Record, contract: Record) -> Taken | Amount | None:
    """The approved support in đồng that no other contract holds; all of it if nothing is left."""
    approved = taken(proposal, "approved_support")
    others = (other for other in own_contracts(workspace, proposal) if other.id != contract.id)
    values = total("Giá trị các hợp đồng khác", (amount_of(other, "value") for other in others))
    if approved is None or not values or approved.value <= values:
        return approved
    return difference("Được phê duyệt trừ các hợp đồng khác", amount_of(proposal, "approved_support"), values)

"""What a new dossier takes over from the dossiers it builds on, so that nobody types it twice.

Only what is known is taken over: contract figures, planned machines, checklist items. What a visit has to find out
(results, quantities, values done and accepted) stays empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kcdesk.formdef import contents
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace

Changes = dict[str, Any]
Preparer = Callable[[Workspace, Record], None]

# column of the new row ← column of the row taken over
_CONTRACT_LINE = {
    name: name for name in ("item", "unit", "quantity", "cost", "national", "local", "counterpart", "other")
}
_CONTRACT_MACHINE = {name: name for name in ("name", "maker", "model", "quantity", "unit_price")}
_VISITED_MACHINE = {
    "contracted_name": "name",
    "contracted_model": "model",
    "contracted_quantity": "quantity",
    "contracted_value": "amount",
    "name": "name",
}
_VISITED_CLASS = {"name": "name", "planned_learners": "learners"}
_VISITED_RESULT = {name: name for name in ("goal", "unit", "before", "target")}


def prepare(workspace: Workspace, record: Record) -> None:
    """Fill a new record in from the dossiers that it names; what was given by hand stays."""
    preparer = _PREPARERS.get(record.kind)
    if preparer is not None:
        preparer(workspace, record)


def follow(workspace: Workspace, record: Record, changes: Mapping[str, Any]) -> Changes:
    """What else changes when a draft is tied to another proposal: its empty parts are filled in from it."""
    if "proposal" not in changes or record.kind not in _PREPARERS:
        return {}
    before = contents.copied(record.data)
    prepare(workspace, record)
    return contents.differences(before, record.data, (table.name for table in record.form.tables))


def dependants(workspace: Workspace, record: Record) -> list[str]:
    """Titles of the living dossiers that name this one, so that it is not deleted under them."""
    titles = []
    for kind in workspace.forms.kinds:
        form = workspace.forms.current(kind)
        for field in form.fields:
            if field.target == record.kind:
                found = workspace.store.find(kind, field.name, record.id)
                titles += [f"{form.label} «{stored.record(workspace.forms).title()}»" for stored in found]
    return titles


def _prepare_contract(workspace: Workspace, contract: Record) -> None:
    proposal = _linked(workspace, contract, "proposal")
    if proposal is None:
        return
    _fill(contract, "beneficiary", _only(proposal.value("beneficiaries")))
    _fill(contract, "value", proposal.value("approved_support"))
    _fill(contract, "party_a", workspace.identity.unit.name)
    _fill(contract, "party_b", _title(workspace, contract.value("beneficiary")))
    _copy_rows(contract, "budget", proposal, "budget", _CONTRACT_LINE)
    _copy_rows(contract, "machines", proposal, "machines", _CONTRACT_MACHINE)


def _prepare_acceptance(workspace: Workspace, acceptance: Record) -> None:
    proposal = _linked(workspace, acceptance, "proposal")
    if proposal is None:
        return
    _fill(acceptance, "contract", _newest_contract(workspace, proposal))
    contract = _linked(workspace, acceptance, "contract")
    _fill(acceptance, "activity", proposal.value("activity"))
    if contract is not None:
        _fill(acceptance, "contract_number", contract.value("number"))
        _fill(acceptance, "contract_signed_on", contract.value("signed_on"))
    _fill_site(workspace, acceptance, proposal, contract)
    _fill_checklist(workspace, acceptance, proposal)
    _copy_rows(acceptance, "machines", contract or proposal, "machines", _VISITED_MACHINE)
    _fill_money(acceptance, proposal, contract)
    _copy_rows(acceptance, "classes", proposal, "classes", _VISITED_CLASS)
    _copy_rows(acceptance, "results", proposal, "results", _VISITED_RESULT)


_PREPARERS: Mapping[str, Preparer] = {"contract": _prepare_contract, "acceptance": _prepare_acceptance}


def _fill_site(workspace: Workspace, acceptance: Record, proposal: Record, contract: Record | None) -> None:
    """The site that was named, else the only one; its address and beneficiary come with it."""
    site = _site(proposal, acceptance.value("site"), _visited_sites(workspace, proposal))
    of_contract = contract.value("beneficiary") if contract else None
    beneficiary = site.get("beneficiary") or of_contract or _only(proposal.value("beneficiaries"))
    _fill(acceptance, "beneficiary", beneficiary)
    _fill(acceptance, "site", site.get("name") or _title(workspace, beneficiary))
    _fill(acceptance, "address", site.get("address") or proposal.value("address"))
    _fill(acceptance, "place", site.get("place") or proposal.value("place"))


def _site(proposal: Record, name: object, visited: set[object]) -> dict[str, Any]:
    """The proposal's row of the named site; without a name the first that has not been visited yet."""
    for row in proposal.value("sites") or []:
        if row.get("name") == name if name else row.get("name") not in visited:
            return dict(row)
    return {}


def _visited_sites(workspace: Workspace, proposal: Record) -> set[object]:
    return {stored.data.get("site") for stored in workspace.store.children(proposal.id, "acceptance")}


def _fill_checklist(workspace: Workspace, acceptance: Record, proposal: Record) -> None:
    if acceptance.value("checklist"):
        return
    for item in workspace.forms.checklist_items(proposal.data, workspace.today()):
        acceptance.add_row("checklist", item)


def _fill_money(acceptance: Record, proposal: Record, contract: Record | None) -> None:
    """One line per budget line: planned from the proposal, contracted from the contract's line of the same name."""
    if acceptance.value("budget"):
        return
    contracted = {row.get("item"): row.get("cost") for row in (contract.value("budget") if contract else None) or []}
    for row in proposal.value("budget") or []:
        line = {
            "item": row.get("item"),
            "planned": row.get("cost"),
            "contracted": contracted.get(row.get("item")),
        }
        acceptance.add_row("budget", _known(line))


def _copy_rows(record: Record, table: str, source: Record, source_table: str, columns: Mapping[str, str]) -> None:
    """Take the rows of another dossier over into an empty table."""
    if record.value(table):
        return
    for row in source.value(source_table) or []:
        record.add_row(table, _known({to: row.get(from_) for to, from_ in columns.items()}))


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _fill(record: Record, name: str, value: Any) -> None:
    if value is not None and record.value(name) is None:
        record.set(name, value)


def _linked(workspace: Workspace, record: Record, name: str) -> Record | None:
    id_ = record.value(name)
    return workspace.store.record(id_) if id_ else None


def _title(workspace: Workspace, id_: str | None) -> str | None:
    return workspace.store.record(id_).title() if id_ else None


def _only(ids: list[str] | None) -> str | None:
    return ids[0] if ids and len(ids) == 1 else None


def _newest_contract(workspace: Workspace, proposal: Record) -> str | None:
    contracts = workspace.store.children(proposal.id, "contract")
    return max((stored.id for stored in contracts), default=None)

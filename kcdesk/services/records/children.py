"""The dossiers below a record: those that are final, its contracts, the decisions that stopped it."""

from __future__ import annotations

from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace


def final_children(workspace: Workspace, proposal: Record, kind: str) -> list[Record]:
    """The dossiers of a kind below a proposal that are final, decided ones included; oldest first."""
    final = workspace.forms.workflow(kind).locked
    found = [stored.record(workspace.forms) for stored in workspace.store.children(proposal.id, kind)]
    return sorted((one for one in found if one.state in final), key=lambda one: one.id)


def stops(workspace: Workspace, proposal: Record) -> list[Record]:
    """The decisions that stopped the proposal."""
    workflow = workspace.forms.workflow("adjustment")
    found = final_children(workspace, proposal, "adjustment")
    decided = [one for one in found if workflow.is_marked(one.state, "decided")]
    return [one for one in decided if one.value("adjustment_type") == "stop"]


def own_contracts(workspace: Workspace, proposal: Record) -> list[Record]:
    """The final contracts that carry the proposal's money: a contract of support below one of them passes it on."""
    found = final_children(workspace, proposal, "contract")
    return [one for one in found if one.value("basis") != "support"] or found


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

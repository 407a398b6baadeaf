"""The dossiers below a record: final ones, its contracts, decisions that stopped it, dossiers that refer to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace


def final_children(workspace: Workspace, proposal: Record, kind: str) -> list[Record]:
    """List the final dossiers (also decided ones) of a kind below a proposal, oldest first."""
    final = workspace.forms.workflow(kind).locked
    records = [stored.record(workspace.forms) for stored in workspace.store.children(proposal.id, kind)]
    return sorted((record for record in records if record.state in final), key=lambda record: record.id)


def needed(
    workspace: Workspace,
    proposal: Record,
    kind: str,
    sentence: str,
    wanted: Callable[[Record], bool] | None = None,
    begun_with: Mapping[str, str | int] | None = None,
) -> Problem:
    """The problem of a missing final dossier below a proposal: leads to the draft that would do, else to a new one.

    `wanted` says which drafts would do; without it, any. `begun_with` are first values of a new one.
    """
    final = workspace.forms.workflow(kind).locked
    records = [stored.record(workspace.forms) for stored in workspace.store.children(proposal.id, kind)]
    drafts = [record for record in records if record.state not in final and (wanted is None or wanted(record))]
    if not drafts:
        return Problem("", sentence, record=proposal.id, make=kind, begun_with=tuple((begun_with or {}).items()))
    draft = max(drafts, key=lambda record: record.id)
    return Problem("", f"{sentence} Đang lập: «{draft.title()}».", record=draft.id)


def stop_decisions(workspace: Workspace, proposal: Record) -> list[Record]:
    """List the decided adjustments that stopped the proposal."""
    workflow = workspace.forms.workflow("adjustment")
    adjustments = final_children(workspace, proposal, "adjustment")
    decided = [adjustment for adjustment in adjustments if workflow.is_marked(adjustment.state, "decided")]
    return [adjustment for adjustment in decided if adjustment.value("adjustment_type") == "stop"]


def own_contracts(workspace: Workspace, proposal: Record) -> list[Record]:
    """List the final contracts that carry the proposal's money.

    A support contract with a beneficiary passes on the money of another contract, so it counts only if there is no
    other contract.
    """
    contracts = final_children(workspace, proposal, "contract")
    return [contract for contract in contracts if contract.value("basis") != "support"] or contracts


def dependants(workspace: Workspace, record: Record) -> list[str]:
    """List the titles of dossiers that refer to this record and prevent its deletion."""
    titles = []
    for kind in workspace.forms.kinds:
        form = workspace.forms.current(kind)
        for field in form.fields:
            if field.target == record.kind:
                naming_records = workspace.store.find(kind, field.name, record.id)
                titles += [f"{form.label} «{stored.record(workspace.forms).title()}»" for stored in naming_records]
    return titles


def figures_of_records(workspace: Workspace, records: Iterable[Record]) -> list[list[object]]:
    """Which records a list has, and in which revision; a draft counts with everything that it says."""
    return [
        [record.id, record.revision, None if record.state in _locked(workspace, record) else record.data]
        for record in records
    ]


def _locked(workspace: Workspace, record: Record) -> tuple[str, ...]:
    return workspace.forms.workflow(record.kind).locked


def last_inspection(
    workspace: Workspace, proposal: Record, contract: str | None = None, until: str = "9999"
) -> Record | None:
    """The last final inspection of a proposal up to a day (ISO); with a contract, of that one or of the whole."""
    inspections = [
        inspection
        for inspection in final_children(workspace, proposal, "inspection")
        if str(inspection.value("visited_on") or "") <= until
        and (contract is None or inspection.value("contract") in (None, contract))
    ]
    return max(inspections, key=lambda inspection: (str(inspection.value("visited_on")), inspection.id), default=None)


def difficulties_of(workspace: Workspace, proposal: Record) -> list[Record]:
    """The difficulties that were raised about a proposal, by day."""
    raised = [stored.record(workspace.forms) for stored in workspace.store.find("difficulty", "proposal", proposal.id)]
    return sorted(raised, key=lambda difficulty: (str(difficulty.value("raised_on") or ""), difficulty.id))

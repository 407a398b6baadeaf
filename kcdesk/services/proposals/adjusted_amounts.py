"""Which decided adjustment wrote an approved amount, and the row that it added to a plan."""

from __future__ import annotations

from collections.abc import Iterator

from kcdesk.formdef.derivations.amounts import cell_of
from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.formdef.record import Record
from kcdesk.services.proposals import adjustments
from kcdesk.services.records.children import final_children
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace


def origins_of_approval(workspace: Workspace, proposal: Record, path: str) -> Iterator[Derivation]:
    """The new amounts of decided adjustments, the newest first."""
    for adjustment in _decided(workspace, proposal):
        written = {target: new for new, target in adjustments.new_fields(adjustment)}
        if path in written:
            yield cell_of(adjustment, written[path])
        elif "approved_support" in written and (share := adjustments.shares(proposal).get(path)):
            yield share.derivation


def origins_of_row(workspace: Workspace, plan: Record, path: str) -> Iterator[Derivation]:
    """The amounts of the adjustment that added the row of a plan."""
    row, _, column = path.rpartition("/")
    new = {"support": "new_support", "added_support": "new_support", "total_cost": "new_total"}.get(column)
    is_added = bool(row and new and plan.value(f"{row}/added_by"))
    proposals = present(workspace, [str(plan.value(f"{row}/proposal"))]) if is_added else []
    for stored in proposals:
        for adjustment in _decided(workspace, stored.record(workspace.forms)):
            if adjustment.value("plan") == plan.id and adjustment.value(str(new)) is not None:
                yield cell_of(adjustment, str(new))


def _decided(workspace: Workspace, proposal: Record) -> list[Record]:
    workflow = workspace.forms.workflow("adjustment")
    finals = final_children(workspace, proposal, "adjustment")
    return [adjustment for adjustment in reversed(finals) if workflow.is_marked(adjustment.state, "decided")]

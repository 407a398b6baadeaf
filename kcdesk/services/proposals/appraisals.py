"""Fill in an appraisal from its proposal."""

from __future__ import annotations

from kcdesk.formdef.record import Record
from kcdesk.services.records.copying import fill, linked, taken
from kcdesk.services.workspace import Workspace

_APPRAISED = ("total_cost", "requested_support")


TIES = frozenset(("proposal",))


def prepare_appraisal(workspace: Workspace, record: Record) -> None:
    """Fill in the requested amounts and the criteria of Điều 9 TT 36/2013."""
    proposal = linked(workspace, record, "proposal")
    if proposal is None:
        return
    for name in _APPRAISED:
        fill(record, name, taken(proposal, name))
    if not record.value("criteria"):
        for question in workspace.procedures.criteria:
            record.add_row("criteria", {"criterion": question.item, "source": question.source})

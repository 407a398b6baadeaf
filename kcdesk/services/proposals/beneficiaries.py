"""The beneficiaries of a proposal, for papers."""

from __future__ import annotations

from kcdesk.formdef.record import Record
from kcdesk.services.records.copying import linked
from kcdesk.services.workspace import Workspace


def beneficiary_records(workspace: Workspace, record: Record) -> list[Record]:
    """The beneficiaries of a proposal, or of the proposal that a record refers to."""
    proposal = record if record.kind == "proposal" else linked(workspace, record, "proposal") or record
    return [workspace.store.record(id_) for id_ in proposal.data.get("beneficiaries", ())]

"""The papers that go with a proposal, which of them are there, and what is still to come."""

from __future__ import annotations

from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.services.references import present
from kcdesk.services.workspace import Workspace

_REQUEST = "beneficiary_request"


def missing(workspace: Workspace, proposal: Record) -> list[Problem]:
    """What the dossier still needs before it is sent to be appraised."""
    return _request(workspace, proposal)


def _request(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Điểm a khoản 1 Điều 10 TT 36/2013: asked for where somebody else carries the proposal out."""
    owners = [stored.data.get("name") for stored in present(workspace, proposal.data.get("beneficiaries", []))]
    if proposal.value(_REQUEST) or all(name == proposal.value("implementing_unit") for name in owners):
        return []
    return [Problem(_REQUEST, "Thiếu văn bản đề nghị hỗ trợ của đơn vị thụ hưởng.")]

"""The papers that go with a proposal, which of them are there, and what is still to come."""

from __future__ import annotations

from kcdesk.errors import Problem
from kcdesk.formdef.model import ChecklistItem
from kcdesk.formdef.record import Record
from kcdesk.formdef.suggested_rows import missing_papers
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace

_REQUEST = "beneficiary_request"
_PAPERS = "papers"  # the table of what is there


def missing(workspace: Workspace, proposal: Record) -> list[Problem]:
    """What the dossier still needs before it is sent to be appraised."""
    return _request(workspace, proposal)


def missing_while_drafting(workspace: Workspace, proposal: Record) -> list[Problem]:
    """What the dossier still needs, and which papers of the activity are not recorded."""
    return missing(workspace, proposal) + unrecorded(proposal)


def unrecorded(proposal: Record) -> list[Problem]:
    """The papers of the activity that are not recorded as being there: told to the officer, in nobody's way."""
    papers = list(missing_papers(proposal))
    if papers and not proposal.rows(_PAPERS):
        label = proposal.form.field(_PAPERS).label
        return [Problem(_PAPERS, f"Chưa lập «{label}»: nội dung này thường kèm {len(papers)} giấy tờ.")]
    return [Problem(_PAPERS, f"Thiếu {_described(paper)}") for paper in papers]


def _described(paper: ChecklistItem) -> str:
    mark = ", chưa đối chiếu" if paper.unverified else ""
    return f"{paper.item[:1].lower()}{paper.item[1:]} ({paper.source}{mark})."


def _request(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Điểm a khoản 1 Điều 10 TT 36/2013: asked for where somebody else carries the proposal out."""
    owners = [stored.data.get("name") for stored in present(workspace, proposal.data.get("beneficiaries", []))]
    if proposal.value(_REQUEST) or all(name == proposal.value("implementing_unit") for name in owners):
        return []
    return [Problem(_REQUEST, "Thiếu văn bản đề nghị hỗ trợ của đơn vị thụ hưởng.")]

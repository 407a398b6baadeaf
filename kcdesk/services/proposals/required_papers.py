"""The papers that go with a proposal: required ones, and usual ones that are not recorded."""

from __future__ import annotations

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.model import ChecklistItem
from kcdesk.formdef.record import Record
from kcdesk.formdef.suggested_rows import missing_papers
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace

_REQUEST = "beneficiary_request"
_UNVERIFIED = ", chưa đối chiếu"
_NAMED = 5  # sites in a sentence
_PAPERS = "papers"  # the table of recorded papers


def missing_while_drafting(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Report the missing request, and the usual papers of the activity that are not recorded."""
    return missing_request(workspace, proposal) + unrecorded_papers(proposal)


def unrecorded_papers(proposal: Record) -> list[Problem]:
    """Report the usual papers of the activity that are not recorded; they are only shown and block nothing."""
    papers = list(missing_papers(proposal))
    if papers and not proposal.rows(_PAPERS):
        label = proposal.form.field(_PAPERS).label
        return [Problem(_PAPERS, f"Chưa lập «{label}»: nội dung này thường kèm {len(papers)} giấy tờ.", advice=True)]
    return [Problem(_PAPERS, f"Thiếu {_described(proposal, *missing)}", advice=True) for missing in papers]


def _described(proposal: Record, paper: ChecklistItem, sites: list[str]) -> str:
    """The paper with its source, and which establishments of a group scheme do not have it.

    Cautions about the law would be said again for every paper of the list: they stand beside the rules, and on papers.
    """
    law = proposal.forms.law if proposal.forms else None
    is_marked = law.is_marked(paper.source, unverified=paper.unverified) if law else paper.unverified
    source = law.bare(paper.source) if law else paper.source
    basis = f" ({source}{_UNVERIFIED if is_marked else ''})" if source else ""
    whose = f" của {text.first_few([f'«{name}»' for name in sites], _NAMED, ', ')}" if sites else ""
    return f"{text.lower_first(paper.item)}{whose}{basis}."


def missing_request(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Require the beneficiary's written request, unless the beneficiary itself is the implementing unit.

    Source: điểm a khoản 1 Điều 10 TT 36/2013.
    """
    owners = [stored.data.get("name", "") for stored in present(workspace, proposal.data.get("beneficiaries", []))]
    unit = text.fold(str(proposal.value("implementing_unit") or ""))
    if proposal.value(_REQUEST) or all(text.fold(name) == unit for name in owners):
        return []
    return [Problem(_REQUEST, "Thiếu văn bản đề nghị hỗ trợ của đơn vị thụ hưởng.")]

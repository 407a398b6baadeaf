"""Whether the work of a proposal is accepted, from the conclusions of its final acceptances."""

from __future__ import annotations

from collections.abc import Iterable

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.activities import activities_of
from kcdesk.formdef.record import Record
from kcdesk.services.records.children import figures_of_records, final_children, needed
from kcdesk.services.rules.earlier_support import SITES
from kcdesk.services.visits import site_lines
from kcdesk.services.workspace import Workspace

KIND = "acceptance"
_NAMED = 5  # sites in a sentence


def final_visits(workspace: Workspace, proposal: Record) -> tuple[list[Record], list[Record]]:
    """Every final acceptance, and those of them without a later visit of the same site."""
    visits = final_children(workspace, proposal, "acceptance")
    followed = {visit.value("previous") for visit in visits}
    return visits, [visit for visit in visits if visit.id not in followed]


def _has_no_site(workspace: Workspace, proposal: Record) -> bool:
    codes = activities_of(proposal.data)
    return bool(codes) and not any(workspace.forms.activity(code).visit for code in codes)


def is_accepted_everywhere(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Require that the last visit of every site concludes «nghiệm thu»."""
    visits, last = final_visits(workspace, proposal)
    if not visits:
        nothing_to_visit = _has_no_site(workspace, proposal)
        sentence = "Chưa có biên bản nghiệm thu nào của đề án được chốt."
        return [] if nothing_to_visit else [needed(workspace, proposal, KIND, sentence)]
    open_visits = [visit for visit in last if visit.value("conclusion") != "accepted"]
    if not open_visits:
        return _unvisited(workspace, visits, proposal)
    following = needed(workspace, proposal, KIND, "", lambda draft: draft.value("previous") == open_visits[0].id)
    leads_to = open_visits[0].id if following.make else following.record  # the visit itself begins its next one
    where = _named(str(visit.value("site") or "") for visit in open_visits) if len(last) > 1 else ""
    return [Problem("", f"Còn {len(open_visits)} lần nghiệm thu chưa đạt{where}.", record=leads_to)]


def _unvisited(workspace: Workspace, visits: list[Record], proposal: Record) -> list[Problem]:
    visited = {text.fold(str(visit.value("site") or "")) for visit in visits}
    names = site_lines.site_names(proposal)
    open_sites = [
        name
        for row in proposal.rows(SITES)
        if row.get("name") and (name := names.get(row["id"]))
        if visited.isdisjoint((text.fold(name), text.fold(str(row["name"]))))
    ]
    if not open_sites:
        return []
    sentence = f"Còn {len(open_sites)} địa điểm chưa nghiệm thu{_named(open_sites)}."
    wanted = set(map(text.fold, open_sites))
    return [needed(workspace, proposal, KIND, sentence, lambda d: text.fold(str(d.value("site") or "")) in wanted)]


def _named(sites: Iterable[str]) -> str:
    """«: Xưởng A; Xưởng B»; "" without names."""
    names = list(filter(None, sites))
    return f": {text.first_few(names, _NAMED, '; ')}" if names else ""


def is_accepted_conditionally(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Require that every site was visited, none refused, and at least one accepted with conditions."""
    visits, last = final_visits(workspace, proposal)
    refused = next((visit for visit in last if visit.value("conclusion") == "refused"), None)
    if refused:
        return [Problem("", "Có lần nghiệm thu kết luận không nghiệm thu.", record=refused.id)]
    if not any(visit.value("conclusion") == "conditional" for visit in last):
        return [needed(workspace, proposal, KIND, "Chưa có biên bản nghiệm thu có điều kiện nào được chốt.")]
    return _unvisited(workspace, visits, proposal)


def is_refused_somewhere(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Require that the last visit of at least one site refuses the work."""
    _visits, last = final_visits(workspace, proposal)
    if any(visit.value("conclusion") == "refused" for visit in last):
        return []
    return [needed(workspace, proposal, KIND, "Chưa có biên bản nghiệm thu nào kết luận không nghiệm thu.")]


def others_of_proposal(workspace: Workspace, acceptance: Record) -> list[Record]:
    """List the other acceptances of the same proposal by date."""
    stored = workspace.store.children(acceptance.value("proposal") or "", "acceptance")
    visits = [visit.record(workspace.forms) for visit in stored if visit.id != acceptance.id]
    return sorted(visits, key=lambda visit: (str(visit.value("visited_on") or ""), visit.id))


def figures_of_proposal(workspace: Workspace, contract: Record) -> list[list[object]]:
    """What makes the record of liquidation another one: acceptances come or are changed."""
    return figures_of_records(workspace, others_of_proposal(workspace, contract))

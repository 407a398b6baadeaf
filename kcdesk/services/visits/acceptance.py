"""Whether the work of a proposal is accepted: what its final visits conclude."""

from __future__ import annotations

from kcdesk.errors import Problem, as_problems
from kcdesk.formdef.activities import activities_of
from kcdesk.formdef.record import Record
from kcdesk.services.records.children import final_children
from kcdesk.services.workspace import Workspace


def final_visits(workspace: Workspace, proposal: Record) -> tuple[list[Record], list[Record]]:
    """Every final acceptance, and of them those that no later visit of the same site follows."""
    found = final_children(workspace, proposal, "acceptance")
    followed = {one.value("previous") for one in found}
    return found, [one for one in found if one.id not in followed]


def _has_no_site(workspace: Workspace, proposal: Record) -> bool:
    codes = activities_of(proposal.data)
    return bool(codes) and not any(workspace.forms.activity(code).visit for code in codes)


def is_accepted_everywhere(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Ask that the last visit of every site concludes «nghiệm thu»."""
    found, last = final_visits(workspace, proposal)
    if not found:
        nothing_to_visit = _has_no_site(workspace, proposal)
        return [] if nothing_to_visit else as_problems("Chưa có biên bản nghiệm thu nào của đề án được chốt.")
    open_ = [one for one in last if one.value("conclusion") != "accepted"]
    return as_problems(f"Còn {len(open_)} lần nghiệm thu chưa đạt." if open_ else _unvisited(found, proposal))


def _unvisited(found: list[Record], proposal: Record) -> str:
    visited = {one.value("site") for one in found}
    waiting = [row["name"] for row in proposal.rows("sites") if row.get("name") and row["name"] not in visited]
    return f"Còn {len(waiting)} địa điểm chưa nghiệm thu: {waiting[0]}." if waiting else ""


def is_accepted_conditionally(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Ask that every site was visited, none refused, and at least one accepted with conditions."""
    found, last = final_visits(workspace, proposal)
    if any(one.value("conclusion") == "refused" for one in last):
        return as_problems("Có lần nghiệm thu kết luận không nghiệm thu.")
    if not any(one.value("conclusion") == "conditional" for one in last):
        return as_problems("Chưa có biên bản nghiệm thu có điều kiện nào được chốt.")
    return as_problems(_unvisited(found, proposal))


def is_refused_somewhere(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Ask that the last visit of some site refuses the work."""
    _found, last = final_visits(workspace, proposal)
    refused = any(one.value("conclusion") == "refused" for one in last)
    return [] if refused else as_problems("Chưa có biên bản nghiệm thu nào kết luận không nghiệm thu.")


def others_of_proposal(workspace: Workspace, acceptance: Record) -> list[Record]:
    """The other acceptances of the same proposal, in the order of their days."""
    stored = workspace.store.children(acceptance.value("proposal") or "", "acceptance")
    visits = [visit.record(workspace.forms) for visit in stored if visit.id != acceptance.id]
    return sorted(visits, key=lambda visit: (str(visit.value("visited_on") or ""), visit.id))

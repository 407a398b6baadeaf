"""Adjusting, extending, adding and stopping a proposal: who decides, and what a decision does to the proposal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.services.taking_over import fill
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.formdef.procedures import Authority

# field of the adjustment ← field of the proposal: what is approved now
_OLD = {
    "old_address": "address",
    "old_place": "place",
    "old_beneficiaries": "beneficiaries",
    "old_coordinating_units": "coordinating_units",
    "old_ends_on": "ends_on",
    "old_total": "approved_total",
    "old_support": "approved_support",
    "programme": "programme",
    "scheme": "scheme",
}
# field of the adjustment → field of the proposal, by what the adjustment is about
_NEW: Mapping[str, Mapping[str, str]] = {
    "place": {"new_address": "address", "new_place": "place"},
    "beneficiary": {"new_beneficiaries": "beneficiaries"},
    "coordinator": {"new_coordinating_units": "coordinating_units"},
    "time": {"new_ends_on": "ends_on"},
    "support": {"new_support": "approved_support", "new_total": "approved_total"},
}
_RANK = ("department", "agency", "ministry")  # a higher authority may decide what a lower one could


def prepare(workspace: Workspace, adjustment: Record) -> None:
    """Fill in what the proposal says now."""
    id_ = adjustment.value("proposal")
    if id_:
        proposal = workspace.store.record(id_)
        for name, source in _OLD.items():
            fill(adjustment, name, proposal.value(source))


def subjects(adjustment: Record) -> set[str]:
    """What is changed; to extend is to change the time, to add a proposal is to give it its money."""
    implied = {"extend": {"time"}, "add": {"support"}, "stop": set()}
    kind = adjustment.value("adjustment_type")
    return implied[kind] if kind in implied else set(adjustment.value("subjects") or [])


def authority(workspace: Workspace, adjustment: Record) -> Authority | None:
    """Who decides, by Điều 11 TT 36/2013 for national proposals; None while the proposal says too little."""
    requested = adjustment.value("requested_on")
    on = date.fromisoformat(requested) if isinstance(requested, str) else workspace.today()
    return workspace.procedures.authority(adjustment.data | _facts(adjustment), on)


def _facts(adjustment: Record) -> dict[str, bool]:
    about = subjects(adjustment)
    old, new = adjustment.value("old_support"), adjustment.value("new_support")
    raised = "support" in about and isinstance(old, int) and isinstance(new, int) and new > old
    return {"raises_support": raised, "into_next_year": "time" in about and _into_next_year(adjustment)}


def _into_next_year(adjustment: Record) -> bool:
    """Whether the new end lies in a later year than the approved one."""
    ends = adjustment.value("new_ends_on")
    before = adjustment.value("old_ends_on")
    return isinstance(ends, str) and isinstance(before, str) and ends[:4] > before[:4]


def named_authority(workspace: Workspace, adjustment: Record) -> dict[str, Any]:
    """The changes that write the authority and its article into the adjustment."""
    rule = authority(workspace, adjustment)
    if rule is None:
        return {}
    mark = " (chưa đối chiếu)" if rule.unverified else ""
    return adjustment.set("authority", rule.decided_by) | adjustment.set("authority_source", f"{rule.source}{mark}")


def problems_of_request(workspace: Workspace, adjustment: Record) -> list[Problem]:
    """Why this cannot be asked of the proposal in its present state."""
    proposal = workspace.store.record(str(adjustment.value("proposal")))
    workflow = workspace.forms.workflow("proposal")
    allowed = workflow.marked("addable" if adjustment.value("adjustment_type") == "add" else "adjustable")
    if proposal.state in [state.name for state in allowed]:
        return []
    labels = ", ".join(f"«{state.label}»" for state in allowed)
    here = workflow.state(proposal.state).label
    asked = adjustment.text("adjustment_type").lower()
    return [Problem("adjustment_type", f"Đề án ở trạng thái «{here}» nên không {asked} được; chỉ khi: {labels}.")]


def problems_of_decision(workspace: Workspace, adjustment: Record) -> list[Problem]:
    """A decision by somebody who may not take it, and a proposal that has gone on meanwhile."""
    found = problems_of_request(workspace, adjustment)
    rule = authority(workspace, adjustment)
    decided_by = adjustment.value("decided_by")
    if rule is not None and isinstance(decided_by, str) and not _may_decide(decided_by, rule.decided_by):
        field = adjustment.form.field("decided_by")
        labels = {choice.value: choice.label for choice in workspace.forms.choices(field)}
        found.append(Problem("decided_by", f"{rule.label}: do {labels[rule.decided_by]} quyết định ({rule.source})."))
    return found


def _may_decide(decided_by: str, wanted: str) -> bool:
    if decided_by in _RANK and wanted in _RANK:
        return _RANK.index(decided_by) >= _RANK.index(wanted)
    return decided_by == wanted


def applied(workspace: Workspace, adjustment: Record) -> dict[str, dict[str, Any]]:
    """What the decision changes in the proposal, whose history keeps what was there before."""
    proposal = workspace.store.record(str(adjustment.value("proposal")))
    changes: dict[str, Any] = {}
    for subject in sorted(subjects(adjustment)):
        for name, target in _NEW.get(subject, {}).items():
            if (value := adjustment.value(name)) is not None:
                changes |= proposal.set(target, value)
    kind = adjustment.value("adjustment_type")
    if "support" in subjects(adjustment) and "new_support" in adjustment.data:
        changes |= _shares(proposal)
    if kind == "add":
        for name in ("decision_number", "decision_date", "decision_authority"):
            changes |= proposal.set(name, adjustment.value(name))
    state = {"stop": "stopped", "add": "approved"}.get(str(kind))
    return {proposal.id: changes | ({"state": state} if state else {})}


def _shares(proposal: Record) -> dict[str, Any]:
    """The approved support is all national or all local: the share follows it, and so does what others bring in."""
    support, total = proposal.value("approved_support"), proposal.value("approved_total")
    own, other = ("national", "local") if proposal.value("programme") == "national" else ("local", "national")
    changes: dict[str, Any] = {}
    if not proposal.value(f"approved_{other}"):
        changes |= proposal.set(f"approved_{own}", support)
    if isinstance(total, int) and isinstance(support, int) and not proposal.value("approved_other"):
        changes |= proposal.set("approved_counterpart", total - support)
    return changes


def rows(adjustment: Record) -> list[dict[str, str]]:
    """What changes from what to what, as the papers list it: {"label", "before", "after"}."""
    found = []
    for subject in _NEW:
        for new in _NEW[subject] if subject in subjects(adjustment) else ():
            if after := _text(adjustment, new):
                before = _text(adjustment, new.replace("new_", "old_", 1))
                found.append({"label": adjustment.field(new).label, "before": before, "after": after})
    items = adjustment.rows("items") if adjustment.is_visible("items") else []
    return found + [{"label": row["item"], "before": row.get("before", ""), "after": row["after"]} for row in items]


def _text(adjustment: Record, name: str) -> str:
    return adjustment.text(name)

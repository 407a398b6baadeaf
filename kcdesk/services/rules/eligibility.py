"""Whether a beneficiary may be supported, explained line by line with the article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.eligibility import Finding, judge
from kcdesk.formdef.regulations.governing_days import GoverningDay
from kcdesk.formdef.regulations.territories import territory_of
from kcdesk.runtime.frozen import replace
from kcdesk.services.law import governing
from kcdesk.services.rules import priority_areas
from kcdesk.services.workspace import Workspace

TERRITORY = "territory"  # in forms/governing_days.toml
_PROMISED = ("no_other_state_money",)  # fields of the proposal that replace those of the beneficiary


def explain(
    workspace: Workspace, beneficiary: Record, activities: Sequence[str], on: date, proposal: Record | None = None
) -> list[Finding]:
    """Apply each rule in force on a day to a beneficiary, for the given activities (none: for any activity).

    Equal findings are merged; findings that differ between activities name theirs. The values in _PROMISED are taken
    from the proposal before those of the beneficiary. Topics with a day of their own (territory, size) are judged by
    the rules of that day of the proposal.
    """
    days = {day.topic.id: day.on for day in own_days(workspace, proposal)} if proposal else {}
    placed_on = days.get(TERRITORY, on)
    overrides = {name: proposal.data[name] for name in _PROMISED if name in proposal.data} if proposal else {}
    placed = priority_areas.values_of(workspace, beneficiary.data, placed_on)
    values = _territory(workspace, beneficiary.data, placed_on) | placed | overrides
    activities_by_finding: dict[Finding, list[str]] = {}
    for code in activities or [""]:
        for finding in judge(workspace.eligibility, values | ({"activity": code} if code else {}), on, days):
            known = _with_proof(workspace, finding, beneficiary.data, placed_on)
            activities_by_finding.setdefault(known, []).append(code)
    return [
        _for_some(workspace, finding, activities_by_finding[finding], activities)
        for finding in _by_rule(list(activities_by_finding))
    ]


def own_days(workspace: Workspace, proposal: Record) -> list[GoverningDay]:
    """The days of a proposal that govern the topics of rules with a topic of their own, in the order of the file."""
    topics = dict.fromkeys(rule.topic for rule in workspace.eligibility if rule.topic)
    return [governing.day_for(workspace, proposal, topic) for topic in topics]


def _with_proof(workspace: Workspace, finding: Finding, owner: Mapping[str, Any], on: date) -> Finding:
    """A finding about priority areas says by which list, or by whose word, the area is known."""
    about = {rule.label for rule in workspace.eligibility if any(priority_areas.FIELD in p.needs for p in rule.periods)}
    if finding.label not in about or finding.status == "unknown":
        return finding
    known = [answer for answer in priority_areas.answers(workspace, owner, on) if answer.holds or answer.source]
    proofs = "; ".join(dict.fromkeys(answer.proof for answer in known))
    return replace(finding, text=f"{finding.text} ({text.upper_first(proofs)}.)") if proofs else finding


def _by_rule(findings: Sequence[Finding]) -> list[Finding]:
    """Put the findings of the same rule together, rules in the order of the file."""
    labels = list(dict.fromkeys(finding.label for finding in findings))
    return sorted(findings, key=lambda finding: labels.index(finding.label))


def _for_some(workspace: Workspace, finding: Finding, codes: Sequence[str], activities: Sequence[str]) -> Finding:
    if len(codes) >= len(activities):
        return finding
    named = "; ".join(workspace.forms.activity(code).label for code in codes)
    return replace(finding, text=f"{named}: {text.lower_first(finding.text)}")


def _territory(workspace: Workspace, values: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The territory of the commune on a day, for a beneficiary without a stated territory; {} if unknown."""
    place = values.get("production_place") or values.get("place") or {}
    code = place.get("commune", "")
    if values.get("territory") or not code or not workspace.places.has({"commune": code}):
        return {}
    territory = territory_of(workspace.forms, code, on)
    return {"territory": territory} if territory else {}

"""Whether a beneficiary may be supported, explained line by line with the article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.eligibility import Finding, judge
from kcdesk.services.workspace import Workspace

_LEVELS = {"xã": "commune", "đặc khu": "special_zone"}


_PROMISED = ("no_other_state_money",)  # for one proposal, which says it nearer than the registry


def explain(
    workspace: Workspace, beneficiary: Record, activities: Sequence[str], on: date, proposal: Record | None = None
) -> list[Finding]:
    """What each rule in force on a day says of a beneficiary for each activity (none: for any), once.

    Where a rule says different things of different activities, each says which one it speaks of. What the proposal
    itself promises counts before what the registry says.
    """
    promised = {name: proposal.data[name] for name in _PROMISED if name in proposal.data} if proposal else {}
    values = _territory(workspace, beneficiary.data) | beneficiary.data | promised
    said: dict[Finding, list[str]] = {}
    for code in activities or [""]:
        for finding in judge(workspace.eligibility, values | ({"activity": code} if code else {}), on):
            said.setdefault(finding, []).append(code)
    return [_for_some(workspace, finding, said[finding], activities) for finding in _by_rule(list(said))]


def _by_rule(findings: Sequence[Finding]) -> list[Finding]:
    """What one rule says of different activities stands together, rules in the order of the file."""
    labels = list(dict.fromkeys(finding.label for finding in findings))
    return sorted(findings, key=lambda finding: labels.index(finding.label))


def _for_some(workspace: Workspace, finding: Finding, codes: Sequence[str], activities: Sequence[str]) -> Finding:
    if len(codes) >= len(activities):
        return finding
    named = "; ".join(workspace.forms.activity(code).label for code in codes)
    return replace(finding, text=f"{named}: {text.lower_first(finding.text)}")


def _territory(workspace: Workspace, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the commune of today tells of the territory, for a beneficiary of which nobody has said it."""
    place = values.get("production_place") or values.get("place") or {}
    code = place.get("commune", "")
    if values.get("territory") or not code or not workspace.places.has({"commune": code}):
        return {}
    commune = workspace.places.commune(code)
    ward = "city_ward" if commune.province_name.startswith("Thành phố ") else "provincial_ward"
    return {"territory": _LEVELS.get(commune.kind, ward)}

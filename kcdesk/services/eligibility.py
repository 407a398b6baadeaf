"""Whether a beneficiary may be supported, explained line by line with the article."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kcdesk.formdef.eligibility import Finding, judge
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace

_LEVELS = {"xã": "commune", "đặc khu": "special_zone"}


def explain(workspace: Workspace, beneficiary: Record, activity: str, on: date) -> list[Finding]:
    """What each rule in force on a day says of a beneficiary for an activity ("" for any)."""
    values = _territory(workspace, beneficiary.data) | beneficiary.data | ({"activity": activity} if activity else {})
    return list(judge(workspace.eligibility, values, on))


def _territory(workspace: Workspace, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the commune of today tells of the territory, for a beneficiary of which nobody has said it."""
    place = values.get("production_place") or values.get("place") or {}
    code = place.get("commune", "")
    if values.get("territory") or not code or not workspace.places.has({"commune": code}):
        return {}
    commune = workspace.places.commune(code)
    ward = "city_ward" if commune.province_name.startswith("Thành phố ") else "provincial_ward"
    return {"territory": _LEVELS.get(commune.kind, ward)}

"""The facts of one proposal on a day, as the signs of a rule compare them; all are whole numbers, days or percent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from kcdesk.formdef.regulations.early_warnings import EarlyWarning
from kcdesk.services.warnings.traces import SeenVisit, Traces


def facts_of(traces: Traces, rule: EarlyWarning, on: date) -> dict[str, Any]:
    """The known facts by name; what cannot be known is left out."""
    ends = _end(traces)
    started = traces.signed_on or traces.decided_on or traces.starts_on
    facts: dict[str, Any] = {"visits": len(traces.visits), "extensions": traces.extensions, "advanced": traces.advanced}
    if ends is not None:
        adjust_by = ends - timedelta(days=rule.adjust_before)
        facts |= {"ends_on": ends, "days_left": (ends - on).days}
        facts |= {"adjust_by": adjust_by, "days_to_adjust": (adjust_by - on).days}
    if seen := traces.last_seen or started:
        facts["days_unseen"] = (on - seen).days
    if traces.last_seen:
        facts["last_visit"] = traces.last_seen
    if traces.signed_on is None and traces.decided_on is not None:
        facts["days_without_contract"] = (on - traces.decided_on).days
    if started is not None and ends is not None:
        facts["elapsed"] = _elapsed(started, ends, on)
    return facts | _of_visits(traces, started, ends) | _against_today(traces, started, ends, on)


def _end(traces: Traces) -> date | None:
    """The last day of the work: of the proposal, else of its contracts, else of its plan year."""
    year_end = date(traces.year, 12, 31) if traces.year else None
    return traces.ends_on or traces.due_on or year_end


def _of_visits(traces: Traces, started: date | None, ends: date | None) -> dict[str, Any]:
    """What the visits have measured."""
    facts: dict[str, Any] = {}
    measured = [(visit, percent) for visit in traces.visits if (percent := _percent(visit, visit.measured)) is not None]
    claims = [*traces.claims, *_claims(traces.visits)]
    if claims:
        facts["claimed"] = max(claims)[1]
    if traces.visits:
        last = traces.visits[-1]
        facts |= {"late_remedies": last.late_remedies, "conclusion": last.conclusion} | _of_plan(last)
        if last.counterpart is not None and traces.counterpart:
            facts["counterpart"] = round(100 * last.counterpart / traces.counterpart)
            if (before := _counterpart_before(traces)) is not None:
                facts["counterpart_gained"] = round(100 * (last.counterpart - before) / traces.counterpart)
    if not measured:
        return facts
    visit, progress = measured[-1]
    facts["progress"] = progress
    if len(measured) > 1:
        facts["gained"] = progress - measured[-2][1]
    if (claimed := _percent(visit, visit.claimed)) is not None:
        facts["overclaimed"] = claimed - progress
    if started is not None and ends is not None:
        elapsed = _elapsed(started, ends, visit.day)
        facts["behind"] = elapsed - progress
        if "counterpart" in facts:
            facts["counterpart_behind"] = elapsed - facts["counterpart"]
    return facts


def _counterpart_before(traces: Traces) -> int | None:
    """What the visit before the last one had proved."""
    return traces.visits[-2].counterpart if len(traces.visits) > 1 else None


def _of_plan(visit: SeenVisit) -> dict[str, Any]:
    """How late the tasks of the work plan were at a visit; nothing for a visit that looked at no plan."""
    if visit.open_tasks is None:
        return {}
    late = [days for day in visit.open_tasks if (days := (visit.day - day).days) > 0]
    return {"late_tasks": len(late), "late_task_days": max(late, default=0)}


def _against_today(traces: Traces, started: date | None, ends: date | None, on: date) -> dict[str, Any]:
    """The last measured work beside the time that has gone by until today."""
    measured = [percent for visit in traces.visits if (percent := _percent(visit, visit.measured)) is not None]
    if not measured or started is None or ends is None:
        return {}
    return {"behind_now": _elapsed(started, ends, on) - measured[-1]}


def _claims(visits: list[SeenVisit]) -> list[tuple[date, int]]:
    pairs = ((visit.day, _percent(visit, visit.claimed)) for visit in visits)
    return [(day, percent) for day, percent in pairs if percent is not None]


def _percent(visit: SeenVisit, amount: int | None) -> int | None:
    """An amount of a visit in percent of what was contracted."""
    return round(100 * amount / visit.contracted) if amount is not None and visit.contracted else None


def _elapsed(started: date, ends: date, on: date) -> int:
    """The part of the time that has gone by, 0 to 100."""
    whole = max((ends - started).days, 1)
    return min(max(round(100 * (on - started).days / whole), 0), 100)

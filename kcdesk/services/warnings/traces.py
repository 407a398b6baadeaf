"""What the store knows of running proposals up to a day: visits, money, adjustments, by one query for each kind."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kcdesk.formdef.regulations.early_warnings import VISIT, EarlyWarning
from kcdesk.runtime.frozen import Value
from kcdesk.services.money.year_accounts import RETURNED
from kcdesk.services.workspace import Workspace

_RUNNING = "SELECT id FROM proposal WHERE state IN (SELECT value FROM json_each(:states))"
_OF_RUNNING = f"parent IN ({_RUNNING}) AND state IN (SELECT value FROM json_each(:locked))"
_PROPOSALS = f"""
SELECT id, unit, year, starts_on, ends_on, decision_date, approved_support, approved_counterpart
FROM proposal WHERE id IN ({_RUNNING}) ORDER BY id
"""
_CONTRACTS = f"SELECT parent, signed_on, due_on FROM contract WHERE {_OF_RUNNING} AND signed_on <= :on"
_VISITS = f"""
SELECT parent, id, visited_on, total_contracted, total_claimed, total_found, conclusion
FROM inspection WHERE {_OF_RUNNING} AND visited_on <= :on ORDER BY visited_on, id
"""
_COUNTERPARTS = f"""
SELECT inspection_id, SUM(found_counterpart) AS counterpart FROM inspection_progress_line
WHERE inspection_id IN (SELECT id FROM inspection WHERE {_OF_RUNNING}) GROUP BY inspection_id
"""
_REMEDIES = f"""
SELECT inspection_id, COUNT(*) AS number FROM inspection_remedy
WHERE due_on < :on AND done IS NOT 1 AND inspection_id IN (SELECT id FROM inspection WHERE {_OF_RUNNING})
GROUP BY inspection_id
"""
_TASKS = f"""
SELECT inspection_id, ends_on, found IS 'done' AS is_done FROM inspection_task
WHERE ends_on IS NOT NULL AND inspection_id IN (SELECT id FROM inspection WHERE {_OF_RUNNING})
"""
_ACCEPTANCES = f"SELECT parent, visited_on FROM acceptance WHERE {_OF_RUNNING} AND visited_on <= :on"
_PAYMENTS = f"""
SELECT parent, payment_type, amount, requested_on, paid_on, progress FROM payment
WHERE {_OF_RUNNING} AND coalesce(paid_on, requested_on) <= :on
"""
_ADJUSTMENTS = f"""
SELECT parent, id, state, adjustment_type FROM adjustment
WHERE parent IN ({_RUNNING}) AND coalesce(requested_on, :on) <= :on ORDER BY requested_on, id
"""


class SeenVisit(Value):
    """A final visit; amounts in đồng, None where nothing was written."""

    day: date
    contracted: int | None = None
    claimed: int | None = None
    measured: int | None = None
    counterpart: int | None = None
    conclusion: str = ""
    late_remedies: int = 0
    open_tasks: tuple[date, ...] | None = None  # the days of planned tasks that were not done; None without a plan


@dataclass(slots=True)
class Traces:
    """What can be seen of one proposal up to a day."""

    id: str
    unit: str
    ends_on: date | None
    decided_on: date | None
    starts_on: date | None = None
    year: int | None = None
    support: int = 0
    counterpart: int = 0  # that was approved
    signed_on: date | None = None  # of the first contract
    due_on: date | None = None  # of the contract that ends last
    visits: list[SeenVisit] = field(default_factory=list)  # that measured the work, by day
    last_seen: date | None = None  # also by a visit of acceptance
    claims: list[tuple[date, int]] = field(default_factory=list)  # percent claimed with a request for money
    advanced: int = 0
    extensions: int = 0
    adjustment: str = ""  # id of a request that is not decided yet


def traces_of(workspace: Workspace, rule: EarlyWarning, on: date) -> list[Traces]:
    """The traces of all proposals that a rule looks at."""
    ask = _Asked(workspace, rule, on)
    known = {row["id"]: _proposal(row) for row in ask.rows(_PROPOSALS)}
    for row in ask.rows(_CONTRACTS, "contract"):
        _add_contract(known[row["parent"]], row)
    _add_visits(ask, known)
    for row in ask.rows(_ACCEPTANCES, "acceptance"):
        _see(known[row["parent"]], date.fromisoformat(row["visited_on"]))
    for row in ask.rows(_PAYMENTS, "payment"):
        _add_payment(known[row["parent"]], row)
    _add_adjustments(workspace, known, ask.rows(_ADJUSTMENTS))
    return list(known.values())


class _Asked:
    """Asks the store with the states and the day of one question."""

    def __init__(self, workspace: Workspace, rule: EarlyWarning, on: date) -> None:
        self._workspace = workspace
        self._values = {"states": json.dumps(rule.states), "on": on.isoformat()}

    def rows(self, sql: str, kind: str = "") -> Iterable[Mapping[str, Any]]:
        """The rows of a query; `kind` says whose locked states it takes."""
        locked = {"locked": json.dumps(self._workspace.forms.workflow(kind).locked)} if kind else {}
        values = {name: value for name, value in {**self._values, **locked}.items() if f":{name}" in sql}
        return self._workspace.store.query(sql, values)


def _proposal(row: Mapping[str, Any]) -> Traces:
    return Traces(
        id=row["id"],
        unit=row["unit"] or "",
        ends_on=_day(row["ends_on"]),
        decided_on=_day(row["decision_date"]),
        starts_on=_day(row["starts_on"]),
        year=row["year"],
        support=row["approved_support"] or 0,
        counterpart=row["approved_counterpart"] or 0,
    )


def _add_contract(traces: Traces, row: Mapping[str, Any]) -> None:
    signed, due = _day(row["signed_on"]), _day(row["due_on"])
    traces.signed_on = min(filter(None, (traces.signed_on, signed)), default=None)
    traces.due_on = max(filter(None, (traces.due_on, due)), default=None)


def _add_visits(ask: _Asked, known: Mapping[str, Traces]) -> None:
    counterparts = {row["inspection_id"]: row["counterpart"] for row in ask.rows(_COUNTERPARTS, VISIT)}
    remedies = {row["inspection_id"]: row["number"] for row in ask.rows(_REMEDIES, VISIT)}
    tasks: dict[str, list[date]] = defaultdict(list)
    for row in ask.rows(_TASKS, VISIT):
        tasks[row["inspection_id"]] += [] if row["is_done"] else [date.fromisoformat(row["ends_on"])]
    for row in ask.rows(_VISITS, VISIT):
        traces, day = known[row["parent"]], date.fromisoformat(row["visited_on"])
        traces.visits.append(
            SeenVisit(
                day,
                row["total_contracted"],
                row["total_claimed"],
                row["total_found"],
                counterparts.get(row["id"]),
                row["conclusion"] or "",
                remedies.get(row["id"], 0),
                tuple(tasks[row["id"]]) if row["id"] in tasks else None,
            )
        )
        _see(traces, day)


def _see(traces: Traces, day: date) -> None:
    traces.last_seen = max(filter(None, (traces.last_seen, day)))


def _add_payment(traces: Traces, row: Mapping[str, Any]) -> None:
    if row["progress"] is not None and row["requested_on"]:
        traces.claims.append((date.fromisoformat(row["requested_on"]), round(float(row["progress"]))))
    if row["paid_on"]:
        sign = -1 if row["payment_type"] == RETURNED else 1
        traces.advanced += sign * (row["amount"] or 0)


def _add_adjustments(workspace: Workspace, known: Mapping[str, Traces], rows: Iterable[Mapping[str, Any]]) -> None:
    workflow = workspace.forms.workflow("adjustment")
    for row in rows:
        traces = known[row["parent"]]
        if workflow.is_marked(row["state"], "decided"):
            traces.extensions += row["adjustment_type"] == "extend"
        elif not workflow.state(row["state"]).ends:
            traces.adjustment = row["id"]


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None

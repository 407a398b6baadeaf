"""Figures for the overview and the report page, read through the views of the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace

RECENT = 8  # rows that fit the overview at 1366×768


@dataclass(frozen=True, slots=True)
class KindSummary:
    """The number of records of a kind, by state."""

    kind: str
    label: str
    total: int
    states: tuple[tuple[str, str, int], ...]  # name, label, number


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """The money of all proposals of a year and programme, in đồng."""

    year: int | None
    programme: str
    proposals: int
    total: int
    national: int
    local: int
    counterpart: int
    approved: int


def overview(workspace: Workspace) -> list[KindSummary]:
    """Count the records by kind and state, for the overview and the counters of the navigation."""
    return [_kind_summary(workspace, kind) for kind in workspace.forms.kinds]


def _kind_summary(workspace: Workspace, kind: str) -> KindSummary:
    rows = workspace.store.query(
        "select json_extract(data, '$.state') as state, count(*) as number from record"
        " where kind = :kind and deleted is null group by 1",
        {"kind": kind},
    )
    numbers = {row["state"]: row["number"] for row in rows}
    states = tuple(
        (state.name, state.label, numbers[state.name])
        for state in workspace.forms.workflow(kind).states
        if numbers.get(state.name)
    )
    label = workspace.forms.current(kind, workspace.today()).plural
    return KindSummary(kind, label, sum(numbers.values()), states)


def recent(workspace: Workspace, limit: int = RECENT) -> list[dict[str, Any]]:
    """The records changed last, newest first: {"id", "kind", "label", "title", "at"}."""
    rows = workspace.store.query(
        "select id, kind, updated from record where deleted is null order by updated desc limit :limit",
        {"limit": limit},
    )
    return [
        {
            "id": row["id"],
            "kind": row["kind"],
            "label": workspace.forms.current(row["kind"], workspace.today()).label,
            "title": reading.title_of(workspace, row["id"]),
            "at": row["updated"],
        }
        for row in rows
    ]


def money_by_year(workspace: Workspace) -> list[MoneyLine]:
    """Add up proposals and their money (đồng) by year and programme, newest year first."""
    rows = workspace.store.query(
        "select year, programme, count(*) as proposals, coalesce(sum(total_cost), 0) as total,"
        " coalesce(sum(total_national), 0) as national, coalesce(sum(total_local), 0) as local,"
        " coalesce(sum(total_counterpart), 0) as counterpart, coalesce(sum(approved_support), 0) as approved"
        " from proposal where deleted is null group by year, programme order by year desc, programme",
        {},
    )
    return [MoneyLine(**{**row, "programme": _programme(workspace, row["programme"])}) for row in rows]


def _programme(workspace: Workspace, value: str | None) -> str:
    field = workspace.forms.current("proposal", workspace.today()).field("programme")
    for choice in workspace.forms.choices(field):
        if choice.value == value:
            return choice.label
    return "(chưa chọn)"

"""Figures for the overview, read through the views of the store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kcdesk.runtime.frozen import Value
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.database.views import living

FEW = 20_000  # records of a store whose work of today is read at once, without the background
RECENT = 8  # rows that fit the overview at 1366×768


class KindSummary(Value):
    """The number of records of a kind, by state."""

    kind: str
    label: str
    total: int
    states: tuple[tuple[str, str, int], ...]  # name, label, number


def overview(workspace: Workspace, kinds: Iterable[str] = ()) -> list[KindSummary]:
    """Count the records of these kinds, of all without any, by kind and state."""
    return [_kind_summary(workspace, kind) for kind in kinds or workspace.forms.kinds]


def record_numbers(workspace: Workspace) -> int:
    """The number of the newest record: at least as many as the store has, read at once; 0 if all are deleted."""
    first_living = workspace.store.query("SELECT seq FROM record WHERE deleted IS NULL LIMIT 1")
    return int(workspace.store.query("SELECT MAX(seq) AS newest FROM record")[0]["newest"]) if first_living else 0


def is_small(workspace: Workspace) -> bool:
    """Whether the store is so small that the first page need not wait for the background."""
    return record_numbers(workspace) <= FEW


def _kind_summary(workspace: Workspace, kind: str) -> KindSummary:
    rows = workspace.store.query(
        f"SELECT json_extract(data, '$.state') AS state, COUNT(*) AS number FROM record WHERE {living(kind)} GROUP BY 1"
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

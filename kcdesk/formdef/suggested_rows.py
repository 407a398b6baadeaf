"""Rows that a proposal usually has: the costs, goals and papers of its activity, as far as they are not there yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from kcdesk.formdef.activities import is_mixed
from kcdesk.formdef.forms import COMMON
from kcdesk.formdef.model import ChecklistItem, CostItem, ExpectedResult, Outline
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import ValueChanges
from kcdesk.formdef.values import today
from kcdesk.text import fold

_THERE = ("original", "copy", "not_needed")  # answers that leave nothing to be asked for


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One row to be added, and where it comes from."""

    values: Mapping[str, Any]
    source: str
    unverified: bool


_Entry = CostItem | ExpectedResult | ChecklistItem


@dataclass(frozen=True, slots=True)
class _Table:
    """How the rows of one table are made, and the column that tells them apart."""

    key: str
    entries: Callable[[Outline], tuple[_Entry, ...]]
    activity: str = ""  # the column that says to which of several activities a row belongs


_TABLES: Mapping[str, _Table] = MappingProxyType(
    {
        "budget": _Table("item", lambda outline: outline.costs, "activity"),
        "results": _Table("goal", lambda outline: outline.results),
        "papers": _Table("item", lambda outline: outline.papers),
    }
)


def day_of(proposal: Record) -> date:
    """The day whose outline counts: of the decision, else today, but no later than the year of the plan."""
    decided, year = proposal.value("decision_date"), proposal.value("year")
    if isinstance(decided, str):
        return date.fromisoformat(decided)
    return min(today(), date(year, 12, 31)) if isinstance(year, int) and 1 <= year <= date.max.year else today()


def outline_of(proposal: Record) -> Outline:
    """What the proposal is usually made of, by the definitions that it was opened with."""
    assert proposal.forms is not None
    return proposal.forms.outline(proposal.data, day_of(proposal))


def outlines_of(proposal: Record) -> list[Outline]:
    """The same for each of its activities, what all have in common first."""
    assert proposal.forms is not None
    return proposal.forms.outlines_for(proposal.data, day_of(proposal))


def is_suggested(kind: str, table: str) -> bool:
    """Whether rows can be suggested for a table at all."""
    return kind == "proposal" and table in _TABLES


def suggestions(proposal: Record, table: str) -> list[Suggestion]:
    """The rows that the activity usually has in a table and the proposal has not, in the order of the definitions."""
    if not is_suggested(proposal.kind, table) or not proposal.value("activity"):
        return []
    shape = _TABLES[table]
    split = shape.activity if is_mixed(proposal.data) else ""
    present = {_known(row, shape.key, split) for row in proposal.rows(table)}
    found: dict[tuple[str, str], Suggestion] = {}
    for outline in outlines_of(proposal):
        own = {split: _owner(proposal, outline)} if split else {}
        for entry in shape.entries(outline):
            suggestion = _suggestion(entry, own)
            found.setdefault(_known(suggestion.values, shape.key, split), suggestion)
    return [suggestion for known, suggestion in found.items() if present.isdisjoint((known, (known[0], "")))]


def _known(row: Mapping[str, Any], key: str, split: str) -> tuple[str, str]:
    """What tells rows apart: their words and, in a proposal of several activities, the one they belong to."""
    return fold(str(row.get(key, ""))), str(row.get(split, "")) if split else ""


def _owner(proposal: Record, outline: Outline) -> str:
    """The activity that the rows of an outline belong to; what all have in common goes with the main one."""
    return str(proposal.value("activity")) if outline.activity == COMMON else outline.activity


def add_suggested_rows(proposal: Record, table: str) -> ValueChanges:
    """Put the suggested rows behind those that are there; the paths that changed, all of one act."""
    changes: ValueChanges = {}
    for found in suggestions(proposal, table):
        changes |= proposal.add_row(table, dict(found.values))[1]
    return changes


def missing_papers(proposal: Record) -> Iterator[ChecklistItem]:
    """The papers that the proposal needs and that are not among those recorded as being there."""
    if proposal.value("activity"):
        there = {fold(str(row.get("item", ""))) for row in proposal.rows("papers") if row.get("status") in _THERE}
        yield from (paper for paper in outline_of(proposal).papers if fold(paper.item) not in there)


def _suggestion(entry: _Entry, own: Mapping[str, str]) -> Suggestion:
    if isinstance(entry, ExpectedResult):
        values = {"goal": entry.goal, "unit": entry.unit}
    elif isinstance(entry, CostItem):
        values = {"item": entry.item, "unit": entry.unit}
    else:
        values = {"item": entry.item}
    return Suggestion(
        {name: value for name, value in {**values, **own}.items() if value}, entry.source, entry.unverified
    )

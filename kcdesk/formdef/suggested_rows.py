"""Suggested rows: the usual costs, goals and papers of a proposal's activity that the proposal does not have yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from kcdesk.formdef.activities import is_mixed
from kcdesk.formdef.forms import COMMON
from kcdesk.formdef.model import ChecklistItem, CostItem, ExpectedResult, Outline
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import Row, ValueChanges
from kcdesk.formdef.regulations.governing_days import governing_day
from kcdesk.formdef.values import today
from kcdesk.runtime.frozen import Value
from kcdesk.text import fold

_SITES, _SITE = "sites", "site"
_SATISFIED = ("original", "copy", "not_needed")  # statuses of a paper that is not missing


class Suggestion(Value):
    """A row that may be added, and its source."""

    values: Mapping[str, Any]
    source: str
    unverified: bool


_Entry = CostItem | ExpectedResult | ChecklistItem


class _Table(Value):
    """How the rows of one table are made, and the column that identifies them."""

    key: str
    entries: Callable[[Outline], tuple[_Entry, ...]]
    activity: str = ""  # the column with the activity of a row, in a proposal of several activities


_TABLES: Mapping[str, _Table] = MappingProxyType(
    {
        "budget": _Table("item", lambda outline: outline.costs, "activity"),
        "results": _Table("goal", lambda outline: outline.results),
    }
)


def day_of(proposal: Record) -> date:
    """The day whose outline applies, by `forms/governing_days.toml`."""
    assert proposal.forms is not None
    return governing_day(proposal.forms, proposal, "funding", today()).on


def outline_of(proposal: Record) -> Outline:
    """The outline of the proposal: its usual papers, costs and goals."""
    assert proposal.forms is not None
    return proposal.forms.outline(proposal.data, day_of(proposal))


def outlines_of(proposal: Record) -> list[Outline]:
    """The outlines of each of its activities, the common outline first."""
    assert proposal.forms is not None
    return proposal.forms.outlines_for(proposal.data, day_of(proposal))


def is_suggested(kind: str, table: str) -> bool:
    """Whether rows can be suggested for a table."""
    return kind == "proposal" and table in (*_TABLES, "papers")


def suggestions(proposal: Record, table: str) -> list[Suggestion]:
    """The usual rows of a table that the proposal does not have, in the order of the definitions."""
    if not is_suggested(proposal.kind, table) or not proposal.value("activity"):
        return []
    if table == "papers":
        return _suggested_papers(proposal)
    shape = _TABLES[table]
    split = shape.activity if is_mixed(proposal.data) else ""
    present = {_identity(row, shape.key, split) for row in proposal.rows(table)}
    by_identity: dict[tuple[str, str], Suggestion] = {}
    for outline in outlines_of(proposal):
        own = {split: _owner(proposal, outline)} if split else {}
        for entry in shape.entries(outline):
            suggestion = _suggestion(entry, own)
            by_identity.setdefault(_identity(suggestion.values, shape.key, split), suggestion)
    return [suggestion for key, suggestion in by_identity.items() if present.isdisjoint((key, (key[0], "")))]


def _identity(row: Mapping[str, Any], key: str, split: str) -> tuple[str, str]:
    """What identifies a row: its words and, in a proposal of several activities, its activity."""
    return fold(str(row.get(key, ""))), str(row.get(split, "")) if split else ""


def _owner(proposal: Record, outline: Outline) -> str:
    """The activity of the rows of an outline; rows of the common outline belong to the main activity."""
    return str(proposal.value("activity")) if outline.activity == COMMON else outline.activity


def add_suggested_rows(proposal: Record, table: str) -> ValueChanges:
    """Add the suggested rows after the existing ones; returns all changed paths, for one act."""
    changes: ValueChanges = {}
    for suggestion in suggestions(proposal, table):
        changes |= proposal.add_row(table, dict(suggestion.values))[1]
    return changes


def _suggested_papers(proposal: Record) -> list[Suggestion]:
    """The papers that are not listed yet, those of each establishment once for each site."""
    listed: dict[tuple[str, str], Suggestion] = {}
    for paper in (paper for outline in outlines_of(proposal) for paper in outline.papers):
        rows = _rows_of_paper(proposal, paper)
        for site in _sites_without(proposal, paper, rows):
            own = {_SITE: site} if site else {}
            listed.setdefault((fold(paper.item), site), _suggestion(paper, own))
    return list(listed.values())


def missing_papers(proposal: Record) -> Iterator[tuple[ChecklistItem, list[str]]]:
    """Yield each paper that the proposal needs and does not have, with the names of the sites that lack their own.

    The names are [] for a paper of the whole proposal.
    """
    for paper in outline_of(proposal).papers if proposal.value("activity") else ():
        rows = [row for row in _rows_of_paper(proposal, paper) if row.get("status") in _SATISFIED]
        if lacking := _sites_without(proposal, paper, rows):
            names = proposal.row_names(_SITES)
            yield paper, [names[site] for site in lacking if site]


def _rows_of_paper(proposal: Record, paper: ChecklistItem) -> list[Row]:
    return [row for row in proposal.rows("papers") if fold(str(row.get("item", ""))) == fold(paper.item)]


def _sites_without(proposal: Record, paper: ChecklistItem, rows: list[Row]) -> list[str]:
    """The ids of the sites that no row of a paper names; [""] for a paper of the whole without a row.

    A row that names no site is a paper of all.
    """
    if not paper.each_site or not _names_sites(proposal) or any(not row.get(_SITE) for row in rows):
        return [] if rows else [""]
    named = {row[_SITE] for row in rows}
    return [site["id"] for site in proposal.rows(_SITES) if site["id"] not in named]


def _names_sites(proposal: Record) -> bool:
    """Whether the papers of a proposal say of which site they are."""
    has_column = any(column.name == _SITE for column in proposal.field("papers").columns)
    return has_column and proposal.is_visible(f"papers//{_SITE}")


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

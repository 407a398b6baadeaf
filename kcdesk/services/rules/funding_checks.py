"""Check the funding of a proposal: closed budget columns, the same cost twice, support that is given only once.

An objection prevents the proposal from being made final until it is corrected, or explained in the field that its
sentence names. An objection whose legal text is unverified is only shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from kcdesk.errors import Problem
from kcdesk.formdef.activities import activities_of, is_mixed
from kcdesk.formdef.forms import COMMON
from kcdesk.formdef.model import Outline
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import Row
from kcdesk.formdef.suggested_rows import day_of, outlines_of
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.services.records.references import present
from kcdesk.services.rules import ceilings, earlier_support
from kcdesk.services.workspace import Workspace
from kcdesk.store.stored_record import StoredRecord
from kcdesk.text import fold

DIFFERENT_COST = "different_cost_reason"


class Objection(Value):
    """A funding problem with its legal source; `dossier` is the id of the other dossier concerned, "" for none."""

    problem: Problem
    source: str
    unverified: bool = False
    dossier: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it blocks the proposal; an unverified source is only shown, unless another dossier is concerned."""
        return bool(self.dossier) or not self.unverified


def objections(workspace: Workspace, proposal: Record) -> list[Objection]:
    """List every objection against the funding of a proposal."""
    if proposal.kind != "proposal" or not proposal.value("activity"):
        return []
    return [
        *_closed_columns(proposal),
        *_wrong_sources(proposal),
        *_same_cost_twice(workspace, proposal),
        *_support_given_before(workspace, proposal),
    ]


def obstacles(workspace: Workspace, proposal: Record) -> list[Problem]:
    """List the problems of the objections that block the proposal."""
    return [objection.problem for objection in objections(workspace, proposal) if objection.blocks]


# -- closed columns ----------------------------------------------------------------------------------------------------


def _closed_columns(proposal: Record) -> Iterator[Objection]:
    for outline in outlines_of(proposal):
        for closure, row in product(outline.closures, _lines_of(proposal, outline)):
            if row.get(closure.column):
                basis = proposal.basis(closure.source, unverified=closure.unverified, on=day_of(proposal))
                problem = Problem(
                    f"budget/{row['id']}/{closure.column}",
                    f"«{row.get('item', '')}»: {closure.text} Hãy chuyển số tiền sang nguồn khác ({basis}).",
                )
                yield Objection(problem, closure.source, closure.unverified)


def _lines_of(proposal: Record, outline: Outline) -> list[Row]:
    """The budget lines of an outline: all, or those of its activity if the proposal has several."""
    rows = proposal.rows("budget")
    if outline.activity == COMMON or not is_mixed(proposal.data):
        return rows
    return [row for row in rows if row.get("activity") == outline.activity]


def _wrong_sources(proposal: Record) -> Iterator[Objection]:
    for outline in outlines_of(proposal):
        yield from _wrong_sources_of_outline(proposal, outline)


def _wrong_sources_of_outline(proposal: Record, outline: Outline) -> Iterator[Objection]:
    costs = {fold(cost.item): cost for cost in outline.costs if cost.paid_by}
    columns = {column.name: column.label for column in proposal.field("budget").columns if type_of(column).is_money}
    for row in _lines_of(proposal, outline):
        cost = costs.get(fold(str(row.get("item", ""))))
        for name in ("national", "local", "counterpart", "other") if cost else ():
            if cost and row.get(name) and name not in cost.paid_by:
                allowed = ", ".join(columns[source].lower() for source in cost.paid_by)
                basis = proposal.basis(cost.source, unverified=cost.unverified, on=day_of(proposal))
                sentence = f"«{row['item']}» chỉ chi từ {allowed} ({basis})."
                yield Objection(Problem(f"budget/{row['id']}/{name}", sentence), cost.source, cost.unverified)


# -- the same cost twice -----------------------------------------------------------------------------------------------


def _same_cost_twice(workspace: Workspace, proposal: Record) -> Iterator[Objection]:
    """Report an open proposal that shares an activity, a beneficiary, a year and the name of a cost with this one."""
    if proposal.value(DIFFERENT_COST):
        return
    field = proposal.field(DIFFERENT_COST)
    for other in _others(workspace, proposal):
        costs = _costs(proposal)
        shared = sorted(costs.keys() & _costs(other).keys())
        if shared and _overlap(proposal, other):
            basis = proposal.basis(field.source, unverified=field.unverified, on=day_of(proposal))
            sentence = (
                f"«{costs[shared[0]]}» đã có trong đề án «{other.title()}» đang thực hiện của cùng đơn vị thụ hưởng; "
                f"hãy bỏ khoản này, ngừng đề án kia hoặc ghi «{field.label}» ({basis})."
            )
            yield Objection(Problem("budget", sentence), field.source, field.unverified, other.id)


def _others(workspace: Workspace, proposal: Record) -> Iterator[Record]:
    proposals = {
        stored.id: stored
        for owner in earlier_support.same_by_number(workspace, earlier_support.beneficiaries_of(proposal))
        for path in ("beneficiaries", "sites/beneficiary")
        for stored in workspace.store.find("proposal", path, owner)
    }
    for stored in proposals.values():
        same = set(activities_of(stored.data)) & set(activities_of(proposal.data))
        if stored.id != proposal.id and same and not _is_ended(workspace, stored):
            yield stored.record(workspace.forms)


def _costs(proposal: Record) -> dict[tuple[str, str], str]:
    """The names of supported costs and of machines, by (activity, folded name); machines have the activity ""."""
    main = str(proposal.value("activity")) if not is_mixed(proposal.data) else ""
    supported = [row for row in proposal.rows("budget") if row.get("national") or row.get("local")]
    items = [(main or str(row.get("activity", "")), str(row.get("item", ""))) for row in supported]
    machines = [("", " ".join(filter(None, (row.get("name"), row.get("model"))))) for row in proposal.rows("machines")]
    return {(activity, fold(name)): name for activity, name in (*items, *machines) if name}


def _overlap(proposal: Record, other: Record) -> bool:
    """Whether the years of two proposals overlap; without dates a proposal counts for its plan year."""
    (first, last), (begun, ended) = _years(proposal), _years(other)
    return bool(first and begun) and first <= ended and begun <= last


def _years(proposal: Record) -> tuple[int, int]:
    planned: Any = proposal.value("year") or 0
    dates = [str(value)[:4] for name in ("starts_on", "ends_on") if (value := proposal.value(name))]
    years = [planned, *map(int, dates)] if planned else list(map(int, dates))
    return (min(years), max(years)) if years else (0, 0)


# -- support that is given only once ----------------------------------------------------------------------------------


def _support_given_before(workspace: Workspace, proposal: Record) -> Iterator[Objection]:
    """Report a beneficiary that already had this support, if the norm in force gives it only once."""
    if proposal.value(ceilings.OVERRIDE):
        return
    norms = {part.activity: part.ceiling for part in ceilings.of_proposal(workspace, proposal).given_once}
    earlier_supports = earlier_support.of_proposal(workspace, proposal) if norms else []
    for earlier, (activity, norm) in product(earlier_supports, norms.items()):
        if norm and earlier.granted and _had_the_same(workspace, earlier.proposal, activity):
            label = workspace.forms.activity(activity).label
            basis = proposal.basis(norm.source, unverified=norm.unverified, on=norm.on)
            sentence = (
                f"{earlier.name} đã được hỗ trợ nội dung «{label}» ({earlier.year}, «{earlier.title}»,"
                f" {earlier.reason}); mỗi cơ sở chỉ được hỗ trợ một lần ({basis})."
                f" Hãy bỏ đơn vị này hoặc ghi «{proposal.field(ceilings.OVERRIDE).label}»."
            )
            yield Objection(Problem("beneficiaries", sentence), norm.source, norm.unverified, earlier.proposal)


def _had_the_same(workspace: Workspace, earlier: str, activity: str) -> bool:
    proposals = present(workspace, [earlier])
    return any(
        activity in activities_of(proposal.data) and not _is_ended(workspace, proposal) for proposal in proposals
    )


def _is_ended(workspace: Workspace, proposal: StoredRecord) -> bool:
    """Whether the proposal has ended and asks for no money any more."""
    return workspace.forms.workflow("proposal").is_marked(str(proposal.data.get("state", "")), "ended")

"""Whether the money that a proposal asks for may pay for it: closed columns, the same cost twice, support given once.

What is wrong here stands in the way of making a proposal final, until it is put right or explained in the field that
the sentence names; where the text was never read, it is only told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from kcdesk.errors import Problem
from kcdesk.formdef.activities import activities_of, is_mixed
from kcdesk.formdef.forms import COMMON
from kcdesk.formdef.model import Outline
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import Row
from kcdesk.formdef.suggested_rows import outlines_of
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.records.references import present
from kcdesk.services.rules import ceilings, earlier_support
from kcdesk.services.workspace import Workspace
from kcdesk.store.records import StoredRecord
from kcdesk.text import fold

DIFFERENT_COST = "different_cost_reason"


@dataclass(frozen=True, slots=True)
class Objection:
    """A problem of the money and the dossier that it is about, "" for none."""

    problem: Problem
    source: str
    unverified: bool = False
    dossier: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it stops the proposal: a source nobody has checked is told beside the dossier and stops nothing."""
        return bool(self.dossier) or not self.unverified


def objections(workspace: Workspace, proposal: Record) -> list[Objection]:
    """Everything that speaks against paying for the proposal as it stands."""
    if proposal.kind != "proposal" or not proposal.value("activity"):
        return []
    return [*_closed(proposal), *_not_paid_by(proposal), *_twice(workspace, proposal), *_again(workspace, proposal)]


def obstacles(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Those that stop the proposal, as a step asks for them."""
    return [objection.problem for objection in objections(workspace, proposal) if objection.blocks]


# -- columns that may not pay ------------------------------------------------------------------------------------------


def _closed(proposal: Record) -> Iterator[Objection]:
    for outline in outlines_of(proposal):
        for closure, row in product(outline.closures, _lines_of(proposal, outline)):
            if row.get(closure.column):
                problem = Problem(
                    f"budget/{row['id']}/{closure.column}",
                    f"«{row.get('item', '')}»: {closure.text} Hãy chuyển số tiền sang nguồn khác ({closure.source}).",
                )
                yield Objection(problem, closure.source, closure.unverified)


def _lines_of(proposal: Record, outline: Outline) -> list[Row]:
    """The lines of the budget that an outline speaks of: those of its activity, where there are several."""
    rows = proposal.rows("budget")
    if outline.activity == COMMON or not is_mixed(proposal.data):
        return rows
    return [row for row in rows if row.get("activity") == outline.activity]


def _not_paid_by(proposal: Record) -> Iterator[Objection]:
    for outline in outlines_of(proposal):
        yield from _not_paid_by_outline(proposal, outline)


def _not_paid_by_outline(proposal: Record, outline: Outline) -> Iterator[Objection]:
    costs = {fold(cost.item): cost for cost in outline.costs if cost.paid_by}
    columns = {column.name: column.label for column in proposal.field("budget").columns if type_of(column).is_money}
    for row in _lines_of(proposal, outline):
        cost = costs.get(fold(str(row.get("item", ""))))
        for name in ("national", "local", "counterpart", "other") if cost else ():
            if cost and row.get(name) and name not in cost.paid_by:
                allowed = ", ".join(columns[one].lower() for one in cost.paid_by)
                sentence = f"«{row['item']}» chỉ chi từ {allowed} ({cost.source})."
                yield Objection(Problem(f"budget/{row['id']}/{name}", sentence), cost.source, cost.unverified)


# -- the same cost twice -----------------------------------------------------------------------------------------------


def _twice(workspace: Workspace, proposal: Record) -> Iterator[Objection]:
    """Another living proposal with an activity and an establishment of this one, at that time, and a cost so named."""
    if proposal.value(DIFFERENT_COST):
        return
    field = proposal.field(DIFFERENT_COST)
    for other in _others(workspace, proposal):
        costs = _costs(proposal)
        shared = sorted(costs.keys() & _costs(other).keys())
        if shared and _overlap(proposal, other):
            sentence = (
                f"«{costs[shared[0]]}» đã có trong đề án «{other.title()}» đang thực hiện của cùng đơn vị thụ hưởng; "
                f"hãy bỏ khoản này, ngừng đề án kia hoặc ghi «{field.label}» ({field.source})."
            )
            yield Objection(Problem("budget", sentence), field.source, field.unverified, other.id)


def _others(workspace: Workspace, proposal: Record) -> Iterator[Record]:
    found = {
        stored.id: stored
        for owner in earlier_support.same_by_number(workspace, earlier_support.beneficiaries_of(proposal.data))
        for path in ("beneficiaries", "sites/beneficiary")
        for stored in workspace.store.find("proposal", path, owner)
    }
    for stored in found.values():
        same = set(activities_of(stored.data)) & set(activities_of(proposal.data))
        if stored.id != proposal.id and same and not _is_ended(workspace, stored):
            yield stored.record(workspace.forms)


def _costs(proposal: Record) -> dict[tuple[str, str], str]:
    """What is paid with support, by activity and folded words, and what is bought, whatever it is for: as written."""
    main = str(proposal.value("activity")) if not is_mixed(proposal.data) else ""
    supported = [row for row in proposal.rows("budget") if row.get("national") or row.get("local")]
    items = [(main or str(row.get("activity", "")), str(row.get("item", ""))) for row in supported]
    machines = [("", " ".join(filter(None, (row.get("name"), row.get("model"))))) for row in proposal.rows("machines")]
    return {(activity, fold(name)): name for activity, name in (*items, *machines) if name}


def _overlap(one: Record, other: Record) -> bool:
    """Whether their years meet; a proposal without dates lasts its year of the plan."""
    (first, last), (begun, ended) = _years(one), _years(other)
    return bool(first and begun) and first <= ended and begun <= last


def _years(proposal: Record) -> tuple[int, int]:
    planned: Any = proposal.value("year") or 0
    dates = [str(value)[:4] for name in ("starts_on", "ends_on") if (value := proposal.value(name))]
    years = [planned, *map(int, dates)] if planned else list(map(int, dates))
    return (min(years), max(years)) if years else (0, 0)


# -- support that is given once ----------------------------------------------------------------------------------------


def _again(workspace: Workspace, proposal: Record) -> Iterator[Objection]:
    """An establishment that had this support before, where the norm in force gives it once only."""
    if proposal.value(ceilings.OVERRIDE):
        return
    once = {part.activity: part.ceiling for part in ceilings.of_proposal(workspace, proposal).given_once}
    helps = earlier_support.of_proposal(workspace, proposal) if once else []
    for help_, (activity, found) in product(helps, once.items()):
        if found and help_.granted and _had_the_same(workspace, help_.proposal, activity):
            label = workspace.forms.activity(activity).label
            sentence = (
                f"{help_.name} đã được hỗ trợ nội dung «{label}» ({help_.year}, «{help_.title}», {help_.reason}); "
                f"mỗi cơ sở chỉ được hỗ trợ một lần ({found.source})."
                f" Hãy bỏ đơn vị này hoặc ghi «{proposal.field(ceilings.OVERRIDE).label}»."
            )
            yield Objection(Problem("beneficiaries", sentence), found.source, found.unverified, help_.proposal)


def _had_the_same(workspace: Workspace, earlier: str, activity: str) -> bool:
    found = present(workspace, [earlier])
    return any(activity in activities_of(one.data) and not _is_ended(workspace, one) for one in found)


def _is_ended(workspace: Workspace, proposal: StoredRecord) -> bool:
    """Whether it asks for no money any more."""
    return workspace.forms.workflow("proposal").is_marked(str(proposal.data.get("state", "")), "ended")

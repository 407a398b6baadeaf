"""Whether the money that a proposal asks for may pay for it: closed columns, the same cost twice, support given once.

What is wrong here stands in the way of making a proposal final, until it is put right or explained in the field that
the sentence names; where the text was never read, it is only told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.formdef.suggesting import outline_of
from kcdesk.services import ceilings, helped_before
from kcdesk.services.references import present
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
    for closure in outline_of(proposal).closures:
        for row in proposal.rows("budget"):
            if row.get(closure.column):
                problem = Problem(
                    f"budget/{row['id']}/{closure.column}",
                    f"«{row.get('item', '')}»: {closure.text} Hãy chuyển số tiền sang nguồn khác ({closure.source}).",
                )
                yield Objection(problem, closure.source, closure.unverified)


def _not_paid_by(proposal: Record) -> Iterator[Objection]:
    costs = {fold(cost.item): cost for cost in outline_of(proposal).costs if cost.paid_by}
    columns = {column.name: column.label for column in proposal.field("budget").columns if column.type == "money"}
    for row in proposal.rows("budget"):
        cost = costs.get(fold(str(row.get("item", ""))))
        for name in ("national", "local", "counterpart", "other") if cost else ():
            if cost and row.get(name) and name not in cost.paid_by:
                allowed = ", ".join(columns[one].lower() for one in cost.paid_by)
                sentence = f"«{row['item']}» chỉ chi từ {allowed} ({cost.source})."
                yield Objection(Problem(f"budget/{row['id']}/{name}", sentence), cost.source, cost.unverified)


# -- the same cost twice -----------------------------------------------------------------------------------------------


def _twice(workspace: Workspace, proposal: Record) -> Iterator[Objection]:
    """Another living proposal of the same activity and establishment, at the same time, with a cost of that name."""
    if proposal.value(DIFFERENT_COST):
        return
    field = proposal.field(DIFFERENT_COST)
    for other in _others(workspace, proposal):
        shared = sorted(_costs(proposal) & _costs(other))
        if shared and _overlap(proposal, other):
            sentence = (
                f"«{shared[0][1]}» đã có trong đề án «{other.title()}» đang thực hiện của cùng đơn vị thụ hưởng; "
                f"hãy bỏ khoản này, ngừng đề án kia hoặc ghi «{field.label}» ({field.source})."
            )
            yield Objection(Problem("budget", sentence), field.source, field.unverified, other.id)


def _others(workspace: Workspace, proposal: Record) -> Iterator[Record]:
    found = {
        stored.id: stored
        for owner in helped_before.beneficiaries_of(proposal.data)
        for path in ("beneficiaries", "sites/beneficiary")
        for stored in workspace.store.find("proposal", path, owner)
    }
    for stored in found.values():
        same = stored.data.get("activity") == proposal.value("activity")
        if stored.id != proposal.id and same and not _is_ended(workspace, stored):
            yield stored.record(workspace.forms)


def _costs(proposal: Record) -> set[tuple[str, str]]:
    """What is paid with support and what is bought, each as (folded, written)."""
    items = [str(row.get("item", "")) for row in proposal.rows("budget") if row.get("national") or row.get("local")]
    machines = [" ".join(filter(None, (row.get("name"), row.get("model")))) for row in proposal.rows("machines")]
    return {(fold(name), name) for name in (*items, *machines) if name}


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
    found = ceilings.of_proposal(workspace, proposal).ceiling
    if found is None or not found.once:
        return
    for help_ in helped_before.of_proposal(workspace, proposal):
        if help_.granted and _had_the_same(workspace, help_.proposal, proposal):
            sentence = (
                f"{help_.name} đã được hỗ trợ nội dung này ({help_.year}, «{help_.title}», {help_.reason}); "
                f"mỗi cơ sở chỉ được hỗ trợ một lần ({found.source})."
                f" Hãy bỏ đơn vị này hoặc ghi «{proposal.field(ceilings.OVERRIDE).label}»."
            )
            yield Objection(Problem("beneficiaries", sentence), found.source, found.unverified, help_.proposal)


def _had_the_same(workspace: Workspace, earlier: str, proposal: Record) -> bool:
    wanted = proposal.value("activity")
    found = present(workspace, [earlier])
    return any(one.data.get("activity") == wanted and not _is_ended(workspace, one) for one in found)


def _is_ended(workspace: Workspace, proposal: StoredRecord) -> bool:
    """Whether it asks for no money any more."""
    return workspace.forms.workflow("proposal").is_marked(str(proposal.data.get("state", "")), "ended")

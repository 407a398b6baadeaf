"""A year plan as papers and workbooks show it: one line for each proposal, in the plan's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace
from kcdesk.store.records import StoredRecord


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What the layouts call `row`; money in đồng, None for unknown."""

    number: int
    title: str
    scheme: str
    activity: str
    implementing: str
    beneficiaries: str
    place: str
    content: str
    period: str
    total_cost: int | None
    support: int | None
    counterpart: int | None
    other: int | None
    fits: bool
    priority: str
    why: str  # why it is carried over, or stands elsewhere than the rules would have it


def of(workspace: Workspace, plan: Record) -> list[PlanLine]:
    """Every proposal of a plan; one that is not in this store is named as such."""
    return [_line(workspace, plan, row, number) for number, row in enumerate(plan.rows("entries"), start=1)]


def fits(row: dict[str, Any]) -> bool:
    """Whether a row of a plan has its place in the budget; what a decision has added has one whatever is left."""
    if row.get("added_by"):
        return not row.get("left_out")
    remaining = row.get("remaining")
    return not row.get("left_out") and remaining is not None and int(remaining) >= 0


def why_not(plan: Record, row: dict[str, Any]) -> str:
    """Why a row is not done this year, and what the officer has said of its place."""
    path = f"entries/{row['id']}"
    said = [plan.text(f"{path}/left_out"), str(row.get("reason", ""))]
    is_over = not row.get("left_out") and row.get("remaining") is not None and int(row["remaining"]) < 0
    if row.get("added_by"):
        beyond = ", vượt kinh phí còn lại" if is_over else ""
        said.insert(0, f"Bổ sung theo {text.lower_first(row['added_by'])}{beyond}")
    elif is_over:
        said.insert(0, "Vượt kinh phí, chuyển sang năm sau")
    if row.get("carried_from"):
        said.append(f"Chuyển từ kế hoạch năm {row['carried_from']}")
    return "; ".join(filter(None, said))


def living(workspace: Workspace, id_: str) -> StoredRecord | None:
    """A proposal that is here and not deleted."""
    try:
        stored = workspace.store.get(id_)
    except UserError:
        return None
    return None if stored.deleted else stored


def _line(workspace: Workspace, plan: Record, row: dict[str, Any], number: int) -> PlanLine:
    stored = living(workspace, str(row.get("proposal", "")))
    proposal = stored.record(workspace.forms) if stored else None
    said = proposal.text if proposal else lambda _name: ""
    data = proposal.data if proposal else {}
    return PlanLine(
        number=number,
        title=proposal.title() if proposal else "(đề án không có trong kho này)",
        scheme=plan.text(f"entries/{row['id']}/scheme"),
        activity=said("activity"),
        implementing=said("implementing_unit"),
        beneficiaries=_names(workspace, data.get("beneficiaries", ())),
        place=", ".join(filter(None, (said("address"), said("place")))) or _sites(data),
        content=said("goals"),
        period=" – ".join(filter(None, (said("starts_on"), said("ends_on")))),
        total_cost=row.get("total_cost"),
        support=row.get("support"),
        counterpart=data.get("total_counterpart"),
        other=data.get("total_other"),
        fits=fits(row),
        priority=str(row.get("priority", "")),
        why=why_not(plan, row),
    )


def _names(workspace: Workspace, ids: Sequence[str]) -> str:
    found = [living(workspace, id_) for id_ in ids]
    return "; ".join(one.record(workspace.forms).title() for one in found if one)


def _sites(data: dict[str, Any]) -> str:
    return "; ".join(str(row["name"]) for row in data.get("sites", ()) if row.get("name"))

"""The lines of a year plan for papers and workbooks: a line per proposal, in the order of the plan."""

from __future__ import annotations

from typing import Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.dated_names import day_on_paper, names_on
from kcdesk.runtime.frozen import Value
from kcdesk.services.rules import earlier_support
from kcdesk.services.rules.support_limits import fits as fits  # for rooms that use plans, not rules
from kcdesk.services.workspace import Workspace
from kcdesk.store.stored_record import StoredRecord


class PlanLine(Value):
    """A `row` of the layouts; money in đồng, None if unknown."""

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
    why: str  # why it is carried over or left out, why an officer moved it


def lines_of(workspace: Workspace, plan: Record) -> list[PlanLine]:
    """The lines of a plan; a proposal that is not in this store is marked as missing."""
    return [_line(workspace, plan, row, number) for number, row in enumerate(plan.rows("entries"), start=1)]


def why_not(plan: Record, row: dict[str, Any]) -> str:
    """The notes on a row: why it is not done this year, who added or moved it, where it comes from."""
    path = f"entries/{row['id']}"
    notes = [plan.text(f"{path}/left_out"), str(row.get("reason", ""))]
    is_over = not row.get("left_out") and row.get("remaining") is not None and int(row["remaining"]) < 0
    if row.get("added_by"):
        beyond = ", vượt kinh phí còn lại" if is_over else ""
        notes.insert(0, f"Bổ sung theo {text.lower_first(row['added_by'])}{beyond}")
    elif is_over:
        notes.insert(0, "Vượt kinh phí, chuyển sang năm sau")
    if row.get("carried_from"):
        notes.append(f"Chuyển từ kế hoạch năm {row['carried_from']}")
    return "; ".join(filter(None, notes))


def nameless(row: dict[str, Any]) -> str:
    """What stands in place of a title in a row without a proposal of this store."""
    return "(đề án không có trong kho này)" if row.get("proposal") else "(chưa chọn đề án)"


def living_proposal(workspace: Workspace, id_: str) -> StoredRecord | None:
    """The stored proposal; None if it is deleted or not in this store."""
    try:
        stored = workspace.store.get(id_)
    except UserError:
        return None
    return None if stored.deleted else stored


def beneficiaries_of(workspace: Workspace, proposal: Record) -> str:
    """The names of the beneficiaries of a proposal that are in this store, which tell equal titles apart."""
    owners = [living_proposal(workspace, id_) for id_ in proposal.data.get("beneficiaries") or ()]
    return "; ".join(owner.record(workspace.forms).title() for owner in owners if owner)


def _line(workspace: Workspace, plan: Record, row: dict[str, Any], number: int) -> PlanLine:
    stored = living_proposal(workspace, str(row.get("proposal", "")))
    proposal = stored.record(workspace.forms) if stored else None
    names = names_on(workspace.forms, day_on_paper(workspace.forms, plan, "", workspace.today()))

    def field_text(name: str) -> str:
        return names.text(proposal, name) if proposal else ""

    data = proposal.data if proposal else {}
    return PlanLine(
        number=number,
        title=proposal.title() if proposal else nameless(row),
        scheme=plan.text(f"entries/{row['id']}/scheme"),
        activity=field_text("activity"),
        implementing=field_text("implementing_unit"),
        beneficiaries=beneficiaries_of(workspace, proposal) if proposal else "",
        place=", ".join(filter(None, (field_text("address"), field_text("place")))) or _sites(proposal),
        content=field_text("goals"),
        period=" – ".join(filter(None, (field_text("starts_on"), field_text("ends_on")))),
        total_cost=row.get("total_cost"),
        support=row.get("support"),
        counterpart=data.get("total_counterpart"),
        other=data.get("total_other"),
        fits=fits(row),
        priority=str(row.get("priority", "")),
        why=why_not(plan, row),
    )


def _sites(proposal: Record | None) -> str:
    """«Xưởng A (120.000.000); Xưởng B»: the sites of a scheme that has them, with their support in đồng."""
    sites = earlier_support.sites_of(proposal) if proposal else []
    return "; ".join(_with_support(row) for row in sites if row.get("name"))


def _with_support(site: dict[str, Any]) -> str:
    amount = earlier_support.support_of_site(site)
    return str(site["name"]) + (f" ({text.format_integer(amount)})" if amount else "")

"""Commands for deadlines and the year plan."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from kcdesk.cli.record_commands import day, optional_day
from kcdesk.cli.text_output import CommandResult
from kcdesk.errors import UserError
from kcdesk.services.deadlines import due_list, due_owners, icalendar_export, month_sheet
from kcdesk.services.deadlines import listing as service
from kcdesk.services.deadlines.due_owners import DueOwner
from kcdesk.services.overview import record_json
from kcdesk.services.plans import plan_budget, plan_decisions, workbook, year_plans
from kcdesk.services.plans.plan_budget import BudgetDecision
from kcdesk.services.proposals import plan_additions
from kcdesk.services.proposals.plan_additions import AdditionDecision
from kcdesk.services.workspace import Workspace
from kcdesk.text import fold


def deadlines(workspace: Workspace, options: Namespace) -> CommandResult:
    """List the deadlines; mark one as done or postponed; write the month sheet and the calendar file."""
    if options.done:
        due = service.by_key(workspace, options.done)
        return record_json.changes_as_json(service.mark_done(workspace, due, options.reason))
    if options.postpone:
        key, _, written = options.postpone.rpartition("=")
        due = service.by_key(workspace, key)
        return record_json.changes_as_json(service.postpone(workspace, due, day(written), options.reason))
    on = optional_day(options.on)
    listing = service.listing(workspace, on)
    owners = due_owners.owners(workspace, listing.every)
    result = _with_owners(listing.as_json(), owners)
    chosen = [due for due in listing.all if _is_wanted(owners.get(due.id, due_owners.NOBODY), options)]
    if options.unit or options.officer:
        kept = {due.key for due in chosen}
        result |= {name: [due for due in result[name] if due["key"] in kept] for name, _label, _dues in listing.groups}
    heading = ", ".join(filter(None, (options.unit, options.officer)))
    if options.list_pdf:
        result["list"] = due_list.print_dues(workspace, chosen, owners, heading, Path(options.list_pdf))
    if options.xlsx:
        result["workbook"] = due_list.write_dues(workspace, chosen, owners, heading, Path(options.xlsx))
    if options.ics:
        result |= icalendar_export.export(workspace, listing.all, Path(options.ics))
    if options.pdf:
        result |= month_sheet.print_month(workspace, listing.on, Path(options.pdf))
    return result


def _with_owners(result: dict[str, Any], owners: dict[str, DueOwner]) -> dict[str, Any]:
    """The listing with unit and officer of each deadline."""
    for dues in result.values():
        for due in dues if isinstance(dues, list) else ():
            owner = owners.get(due["id"], due_owners.NOBODY)
            due |= {"unit": owner.unit, "unit_name": owner.unit_name, "officer": owner.officer_name}
    return result


def _is_wanted(owner: DueOwner, options: Namespace) -> bool:
    """Whether a deadline is of the unit (code or name) and of the officer (name) that the options name."""
    wanted_unit, wanted_officer = fold(options.unit), fold(options.officer)
    is_unit = not wanted_unit or wanted_unit in map(fold, (owner.unit, owner.unit_name))
    return is_unit and (not wanted_officer or wanted_officer in fold(owner.officer_name))


def plan(workspace: Workspace, options: Namespace) -> CommandResult:
    """Run one act on a year plan."""
    return _PLAN_ACTS[options.act](workspace, options)


def _fill(workspace: Workspace, options: Namespace) -> CommandResult:
    changes = record_json.changes_as_json(year_plans.fill_plan(workspace, options.id), options.id)
    return changes | {
        "summary": year_plans.summary(workspace.store.record(options.id)).sentence(),
        "blocked": _blocked(workspace, options.id),
    }


def _move(workspace: Workspace, options: Namespace) -> CommandResult:
    rows = workspace.store.record(options.id).rows("entries")
    row_id = next((row["id"] for row in rows if options.row in (row["id"], row.get("proposal"))), "")
    return record_json.changes_as_json(
        year_plans.move(workspace, options.id, row_id, options.to or 0, options.reason), options.id
    )


def _approve(workspace: Workspace, options: Namespace) -> CommandResult:
    changes = record_json.changes_as_json(plan_decisions.approve_proposals(workspace, options.id), options.id)
    return changes | {"blocked": _blocked(workspace, options.id)}


def _blocked(workspace: Workspace, plan_id: str) -> list[dict[str, str]]:
    """The proposals that cannot take the plan's decision now: {"id", "title", "why"}."""
    blocked = plan_decisions.blocked(workspace, workspace.store.record(plan_id))
    return [{"id": line.proposal, "title": line.title, "why": line.why} for line in blocked]


def _add(workspace: Workspace, options: Namespace) -> CommandResult:
    proposal = workspace.store.record(options.row)
    support = options.amount or proposal.text("requested_support").removesuffix(" đồng")
    decision = AdditionDecision(support, options.number, options.date, options.authority, options.reason)
    changes = plan_additions.add_to_plan(workspace, options.id, options.row, decision)
    return record_json.changes_as_json(changes, options.id)


def _budget(workspace: Workspace, options: Namespace) -> CommandResult:
    decision = BudgetDecision(options.amount, options.number, options.date, options.authority, options.reason)
    return record_json.changes_as_json(plan_budget.change_budget(workspace, options.id, decision), options.id)


def _workbook(workspace: Workspace, options: Namespace) -> CommandResult:
    if not options.xlsx:
        raise UserError("Cần tên tệp nhận bảng tính.", code="missing", hint="Thêm --xlsx TỆP.xlsx.", field="xlsx")
    return workbook.write_workbook(workspace, options.id, Path(options.xlsx))


_PLAN_ACTS = {
    "fill": _fill,
    "move": _move,
    "approve": _approve,
    "add": _add,
    "budget": _budget,
    "workbook": _workbook,
}
PLAN_ACTS = tuple(_PLAN_ACTS)

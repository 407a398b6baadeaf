"""Commands for deadlines and the year plan."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from pathlib import Path

from kcdesk import notations
from kcdesk.cli.text_output import CommandResult
from kcdesk.errors import UserError
from kcdesk.services.deadlines import icalendar_export, month_sheet
from kcdesk.services.deadlines import listing as service
from kcdesk.services.overview import record_json
from kcdesk.services.plans import workbook, year_plans
from kcdesk.services.workspace import Workspace


def deadlines(workspace: Workspace, options: Namespace) -> CommandResult:
    """List the deadlines; mark one as done or postponed; write the month sheet and the calendar file."""
    if options.done:
        due = service.by_key(workspace, options.done)
        return record_json.changes_as_json(service.mark_done(workspace, due, options.reason))
    if options.postpone:
        key, _, day = options.postpone.rpartition("=")
        due = service.by_key(workspace, key)
        return record_json.changes_as_json(service.postpone(workspace, due, _day(day), options.reason))
    on = _day(options.on) if options.on else None
    listing = service.listing(workspace, on)
    result = listing.as_json()
    if options.ics:
        result |= icalendar_export.export(workspace, listing.all, Path(options.ics))
    if options.pdf:
        result |= month_sheet.print_month(workspace, listing.on, Path(options.pdf))
    return result


def _day(written: str) -> date:
    try:
        return notations.parse_date(written)
    except ValueError as error:
        raise UserError(str(error), code="bad_date", hint="Ví dụ: 25/5/2026.") from error


def plan(workspace: Workspace, options: Namespace) -> CommandResult:
    """Run one act on a year plan."""
    return _PLAN_ACTS[options.act](workspace, options)


def _fill(workspace: Workspace, options: Namespace) -> CommandResult:
    changes = record_json.changes_as_json(year_plans.fill_plan(workspace, options.id), options.id)
    return changes | {"summary": year_plans.summary(workspace.store.record(options.id)).sentence()}


def _move(workspace: Workspace, options: Namespace) -> CommandResult:
    rows = workspace.store.record(options.id).rows("entries")
    row_id = next((row["id"] for row in rows if options.row in (row["id"], row.get("proposal"))), "")
    return record_json.changes_as_json(
        year_plans.move(workspace, options.id, row_id, options.to or 0, options.reason), options.id
    )


def _approve(workspace: Workspace, options: Namespace) -> CommandResult:
    return record_json.changes_as_json(year_plans.approve_proposals(workspace, options.id), options.id)


def _workbook(workspace: Workspace, options: Namespace) -> CommandResult:
    if not options.xlsx:
        raise UserError("Cần tên tệp nhận bảng tính.", code="missing", hint="Thêm --xlsx TỆP.xlsx.", field="xlsx")
    return workbook.write_workbook(workspace, options.id, Path(options.xlsx))


_PLAN_ACTS = {"fill": _fill, "move": _move, "approve": _approve, "workbook": _workbook}
PLAN_ACTS = tuple(_PLAN_ACTS)

"""Open work that passes from one officer to another: what the record lists, and what its signing changes."""

from __future__ import annotations

from typing import Any

from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.services.taking_over import fill, linked
from kcdesk.services.workspace import Workspace
from kcdesk.store.records import StoredRecord

HANDLER = "handler"  # the field of a proposal that names the officer in charge


def prepare(workspace: Workspace, handover: Record) -> None:
    """Fill in the names, and the open proposals of the officer who leaves."""
    for side in ("from", "to"):
        person = linked(workspace, handover, f"{side}_staff")
        fill(handover, f"{side}_name", _named(person) if person else None)
    giver = handover.value("from_staff")
    if giver and not handover.value("dossiers"):
        for stored in workspace.store.find("proposal", HANDLER, giver):
            if is_open(workspace, stored):
                handover.add_row("dossiers", _row(workspace, stored))


def is_open(workspace: Workspace, stored: StoredRecord) -> bool:
    """Whether somebody still has to do something: a step leads on, other than back."""
    workflow = workspace.forms.workflow(stored.kind)
    return any(not step.needs_reason for step in workflow.leaving(str(stored.data.get("state", workflow.initial))))


def passes_to_another(_workspace: Workspace, handover: Record) -> list[Problem]:
    """Work passes to somebody else."""
    if handover.value("from_staff") != handover.value("to_staff"):
        return []
    return [Problem("to_staff", "Người nhận phải khác người giao.")]


def hand_over(workspace: Workspace, handover: Record) -> dict[str, dict[str, Any]]:
    """The proposals listed get their new officer: changes by record."""
    receiver = handover.value("to_staff")
    listed = [workspace.store.get(row["proposal"]) for row in handover.rows("dossiers") if row.get("proposal")]
    return {stored.id: {HANDLER: receiver} for stored in listed if not stored.deleted}


def _named(person: Record) -> str:
    return ", ".join(filter(None, (person.title(), person.text("title"))))


def _row(workspace: Workspace, stored: StoredRecord) -> dict[str, Any]:
    record = stored.record(workspace.forms)
    row = {"proposal": stored.id, "title": record.title(), "due_on": record.value("ends_on")}
    stage = workspace.forms.workflow(stored.kind).state(record.state).label
    return {name: value for name, value in (row | {"stage": stage}).items() if value}

"""The open work of an officer: the proposals in his charge that have not ended."""

from __future__ import annotations

from datetime import date
from typing import Any

from kcdesk.formdef.conditions import holds
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.lifecycle import steps, waiting
from kcdesk.services.workspace import Workspace
from kcdesk.store.stored_record import StoredRecord

HANDLER = "handler"  # the field of a proposal that names the officer in charge
MOST = 500  # limit of listed proposals without an officer; nobody ticks more


class OpenProposal(Value, kw_only=True):
    """An open proposal with its state, its last day, and its next step or whom it waits for."""

    id: str
    title: str
    stage: str
    next: str
    due_on: str

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {"id": self.id, "title": self.title, "stage": self.stage, "next": self.next, "due": self.due_on or None}


def open_of(workspace: Workspace, staff: str) -> list[OpenProposal]:
    """The open proposals in an officer's charge, by title; "" for proposals without an officer (at most MOST)."""
    where = {HANDLER: staff or None, "state": workspace.forms.open_states("proposal")}
    proposals = workspace.store.page("proposal", where=where, limit=-1 if staff else MOST)
    return sorted(
        (_dossier(workspace, stored) for stored in proposals), key=lambda proposal: (proposal.title, proposal.id)
    )


def number_of_open(workspace: Workspace, staff: str) -> int:
    """The number of open proposals in an officer's charge; "" for those without an officer."""
    return workspace.store.count(
        "proposal", where={HANDLER: staff or None, "state": workspace.forms.open_states("proposal")}
    )


def is_open(workspace: Workspace, stored: StoredRecord) -> bool:
    """Whether a step leads forward from its state, whoever takes it."""
    initial = workspace.forms.workflow(stored.kind).initial
    return str(stored.data.get("state", initial)) in workspace.forms.open_states("proposal")


def _dossier(workspace: Workspace, stored: StoredRecord) -> OpenProposal:
    record, workflow = stored.record(workspace.forms), workspace.forms.workflow(stored.kind)
    step = steps.likeliest(workspace, record, steps.possible(workspace, record))
    return OpenProposal(
        id=stored.id,
        title=record.title(),
        stage=workflow.state(record.state).label,
        next=waiting.waits_text(workspace, record) or (step.label if step else ""),
        due_on=_due_on(workspace, record),
    )


def _due_on(workspace: Workspace, record: Record) -> str:
    """The first last day that the deadlines set for the proposal by one of its dates; "" for none."""
    rules = [
        rule
        for rule in workspace.calendar.deadlines
        if rule.kind == record.kind and not (rule.table or rule.exceptions)
    ]
    data = workspace.forms.renames(record.kind).in_newest(record.data)
    days = [
        rule.shifted(date.fromisoformat(data[rule.on]))
        for rule in rules
        if rule.is_in_force(workspace.today()) and isinstance(data.get(rule.on), str) and holds(rule.when, data)
    ]
    return min((day.isoformat() for day in days if day), default="")

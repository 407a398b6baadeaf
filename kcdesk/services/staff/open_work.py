"""The open work of an officer: the dossiers in his charge that have not ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kcdesk.services.workspace import Workspace
from kcdesk.store.records import StoredRecord

HANDLER = "handler"  # the field of a proposal that names the officer in charge


MOST = 500  # proposals of nobody that are listed; nobody ticks more


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """An open proposal, where it stands, and what is to be done next."""

    id: str
    title: str
    stage: str
    next: str
    due_on: str

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {"id": self.id, "title": self.title, "stage": self.stage, "next": self.next, "due": self.due_on or None}


def open_of(workspace: Workspace, staff: str) -> list[Dossier]:
    """The open proposals that an officer is in charge of, by title; those of nobody for ""."""
    where = {HANDLER: staff or None, "state": _open_states(workspace)}
    found = workspace.store.page("proposal", where=where, limit=-1 if staff else MOST)
    return sorted((_dossier(workspace, stored) for stored in found), key=lambda one: (one.title, one.id))


def number_of_open(workspace: Workspace, staff: str) -> int:
    """How many open proposals an officer is in charge of."""
    return workspace.store.count("proposal", where={HANDLER: staff, "state": _open_states(workspace)})


def is_open(workspace: Workspace, stored: StoredRecord) -> bool:
    """Whether somebody still has to do something: a step leads on, other than back."""
    initial = workspace.forms.workflow(stored.kind).initial
    return str(stored.data.get("state", initial)) in _open_states(workspace)


def _open_states(workspace: Workspace) -> list[str]:
    workflow = workspace.forms.workflow("proposal")
    return [
        state.name for state in workflow.states if any(not step.needs_reason for step in workflow.leaving(state.name))
    ]


def _dossier(workspace: Workspace, stored: StoredRecord) -> Dossier:
    record, workflow = stored.record(workspace.forms), workspace.forms.workflow(stored.kind)
    forward = (step.label for step in workflow.leaving(record.state) if not step.needs_reason)
    return Dossier(
        id=stored.id,
        title=record.title(),
        stage=workflow.state(record.state).label,
        next=next(forward, ""),
        due_on=str(record.value("ends_on") or ""),
    )

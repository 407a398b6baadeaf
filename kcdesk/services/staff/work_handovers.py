"""Hand open work over from one officer to another: the record, its paper, and the new officer in charge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kcdesk.errors import IncompleteError, Problem, UserError
from kcdesk.formdef.new_record import new_record
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.lifecycle import steps
from kcdesk.services.papers import printing
from kcdesk.services.records.copying import fill, linked
from kcdesk.services.staff import offices
from kcdesk.services.staff.open_work import HANDLER, OpenProposal, open_of
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.stored_record import new_id

KIND = "work_handover"
LAYOUT = "work_handover_record"


class WorkHandoverOrder(Value, kw_only=True):
    """What to hand over; `dossiers` are the ids of open proposals in the giver's charge."""

    giver: str
    receiver: str
    reason: str
    dossiers: Sequence[str]
    on: date
    number: str = ""
    witness: str = ""
    note: str = ""


TIES = frozenset(("from_staff", "to_staff"))


def prepare_work_handover(workspace: Workspace, handover: Record) -> None:
    """Fill in the names of both officers, and the giver's open proposals while none are listed."""
    for side in ("from", "to"):
        person = linked(workspace, handover, f"{side}_staff")
        fill(handover, f"{side}_name", _name_and_title(person) if person else None)
    giver = handover.value("from_staff")
    if giver and not handover.value("dossiers"):
        for dossier in open_of(workspace, giver):
            _add_row(handover, dossier)


def draft(workspace: Workspace, order: WorkHandoverOrder) -> Record:
    """Make the record without storing it; UserError `not_in_charge` for a proposal outside the giver's open work."""
    record = new_record(workspace.forms, KIND, new_id(), workspace.today())
    values = {
        "from_staff": order.giver,
        "to_staff": order.receiver,
        "reason": order.reason,
        "handed_on": order.on.isoformat(),
        "number": order.number,
        "witness": order.witness,
        "note": order.note,
    }
    for name, value in values.items():
        if value:
            record.parse(name, value)
    open_proposals = {dossier.id: dossier for dossier in open_of(workspace, order.giver)} if order.giver else {}
    for proposal_id in dict.fromkeys(order.dossiers):
        if proposal_id not in open_proposals:
            raise UserError(
                f"Đề án «{workspace.store.record(proposal_id).title()}» không phải việc đang làm của người giao.",
                code="not_in_charge",
                hint="Hãy chọn trong các đề án người giao đang phụ trách.",
                field="dossiers",
            )
        _add_row(record, open_proposals[proposal_id])
    for side in ("from", "to"):
        person = linked(workspace, record, f"{side}_staff")
        fill(record, f"{side}_name", _name_and_title(person) if person else None)
    return record


def carry_out(workspace: Workspace, order: WorkHandoverOrder) -> Changes:
    """Store the final record and the new officer of every proposal, in one act; IncompleteError lists problems."""
    record = draft(workspace, order)
    step = workspace.forms.workflow(KIND).step("finalise")
    if problems := steps.step_obstacles(workspace, record, step):
        raise IncompleteError(problems)
    changes = new_handlers(workspace, record)
    with workspace.store.act(f"Bàn giao công việc: {record.value('from_name')} → {record.value('to_name')}") as act:
        act.insert(KIND, record.form.reference, record.data | {"state": step.to}, id=record.id)
        for record_id, values in changes.items():
            act.update(record_id, values)
        act.snapshot(record.id)
        steps.follow_step(workspace, act, record.id)
    return act.changes


def assign(workspace: Workspace, dossiers: Sequence[str], staff: str) -> Changes:
    """Put an officer in charge of proposals without a hand-over record, in one act.

    UserError `not_serving` for an officer who does not serve today, `nothing_chosen` for no proposals.
    """
    offices.refuse_not_serving(workspace, HANDLER, staff)
    if not dossiers:
        raise UserError("Chưa chọn đề án nào.", code="nothing_chosen", field="dossiers")
    name = workspace.store.record(staff).title()
    with workspace.store.act(f"Giao {len(dossiers)} đề án cho {name}") as act:
        for proposal_id in dict.fromkeys(dossiers):
            act.update(workspace.store.get(proposal_id).id, {HANDLER: staff})
    return act.changes


def print_draft(workspace: Workspace, order: WorkHandoverOrder, pdf: Any) -> dict[str, Any]:
    """Write the record as PDF without storing it; returns {"pdf", "pages"}."""
    return printing.print_unsaved(workspace, draft(workspace, order), LAYOUT, pdf)


def passes_to_another(workspace: Workspace, handover: Record) -> list[Problem]:
    """Require a receiver who is not the giver and serves on the day of the hand-over."""
    giver, receiver, day = (handover.value(name) for name in ("from_staff", "to_staff", "handed_on"))
    if giver and giver == receiver:
        return [Problem("to_staff", "Người nhận phải khác người giao.")]
    if not (receiver and day):
        return []
    try:
        offices.refuse_not_serving(workspace, "to_staff", receiver, date.fromisoformat(day))
    except UserError as refusal:
        return [Problem("to_staff", refusal.message)]
    return []


def new_handlers(workspace: Workspace, handover: Record) -> dict[str, dict[str, Any]]:
    """The new officer in charge of each listed proposal: changes by record id."""
    receiver = handover.value("to_staff")
    proposals = [workspace.store.get(row["proposal"]) for row in handover.rows("dossiers") if row.get("proposal")]
    return {stored.id: {HANDLER: receiver} for stored in proposals if not stored.deleted}


def _name_and_title(person: Record) -> str:
    return ", ".join(filter(None, (person.title(), person.text("title"))))


def _add_row(handover: Record, dossier: OpenProposal) -> None:
    row = {"proposal": dossier.id, "title": dossier.title, "stage": dossier.stage}
    row |= {"next": dossier.next, "due_on": dossier.due_on}
    handover.add_row("dossiers", {name: value for name, value in row.items() if value})

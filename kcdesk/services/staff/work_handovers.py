"""Open work that passes from one officer to another: what the record lists, and what its signing changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kcdesk.errors import IncompleteError, Problem, UserError
from kcdesk.formdef.record import Record, new_record
from kcdesk.services.records.copying import fill, linked
from kcdesk.services.staff.open_work import HANDLER, Dossier, open_of
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.records import new_id

KIND = "work_handover"
LAYOUT = "work_handover_record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """What is to be handed over; `dossiers` are ids of open proposals of the giver."""

    giver: str
    receiver: str
    reason: str
    dossiers: Sequence[str]
    on: date
    number: str = ""
    witness: str = ""
    note: str = ""


# -- who is in charge of what --------------------------------------------------------------------------------------


# -- the record ----------------------------------------------------------------------------------------------------


TIES = frozenset(("from_staff", "to_staff"))


def prepare(workspace: Workspace, handover: Record) -> None:
    """Fill in the names, and the open proposals of the officer who leaves."""
    for side in ("from", "to"):
        person = linked(workspace, handover, f"{side}_staff")
        fill(handover, f"{side}_name", _named(person) if person else None)
    giver = handover.value("from_staff")
    if giver and not handover.value("dossiers"):
        for dossier in open_of(workspace, giver):
            _list(handover, dossier)


def draft(workspace: Workspace, handing: Handing) -> Record:
    """The record as it will be, not stored yet; UserError names a dossier that is not the giver's."""
    record = new_record(workspace.forms, KIND, new_id(), workspace.today())
    typed = {
        "from_staff": handing.giver,
        "to_staff": handing.receiver,
        "reason": handing.reason,
        "handed_on": handing.on.isoformat(),
        "number": handing.number,
        "witness": handing.witness,
        "note": handing.note,
    }
    for name, value in typed.items():
        if value:
            record.parse(name, value)
    own = {dossier.id: dossier for dossier in open_of(workspace, handing.giver)} if handing.giver else {}
    for id_ in dict.fromkeys(handing.dossiers):
        if id_ not in own:
            raise UserError(
                f"Đề án «{workspace.store.record(id_).title()}» không phải việc đang làm của người giao.",
                code="not_in_charge",
                hint="Hãy chọn trong các đề án người giao đang phụ trách.",
                field="dossiers",
            )
        _list(record, own[id_])
    for side in ("from", "to"):
        person = linked(workspace, record, f"{side}_staff")
        fill(record, f"{side}_name", _named(person) if person else None)
    return record


def carry_out(workspace: Workspace, handing: Handing) -> Changes:
    """Hand over: the record and the new officer of every proposal, in one act. IncompleteError says what is missing."""
    from kcdesk.services.lifecycle import steps

    record = draft(workspace, handing)
    step = workspace.forms.workflow(KIND).step("finalise")
    if problems := steps.obstacles(workspace, record, step):
        raise IncompleteError(problems)
    changes = hand_over(workspace, record)
    with workspace.store.act(f"Bàn giao công việc: {record.value('from_name')} → {record.value('to_name')}") as act:
        act.insert(KIND, record.form.reference, record.data | {"state": step.to}, id=record.id)
        for id_, values in changes.items():
            act.update(id_, values)
        act.snapshot(record.id)
    return act.changes


def assign(workspace: Workspace, dossiers: Sequence[str], staff: str) -> Changes:
    """Put an officer in charge of proposals that nobody handed over; one act. UserError for one who does not serve."""
    from kcdesk.services.staff import offices

    offices.refuse_who_left(workspace, HANDLER, staff)
    if not dossiers:
        raise UserError("Chưa chọn đề án nào.", code="nothing_chosen", field="dossiers")
    name = workspace.store.record(staff).title()
    with workspace.store.act(f"Giao {len(dossiers)} đề án cho {name}") as act:
        for id_ in dict.fromkeys(dossiers):
            act.update(workspace.store.get(id_).id, {HANDLER: staff})
    return act.changes


def print_draft(workspace: Workspace, handing: Handing, pdf: Any) -> dict[str, Any]:
    """Write the record as it will be as PDF; returns {"pdf", "pages"}."""
    from kcdesk.services.papers import printing

    return printing.print_unsaved(workspace, draft(workspace, handing), LAYOUT, pdf)


def passes_to_another(workspace: Workspace, handover: Record) -> list[Problem]:
    """Work passes to somebody else, who serves on the day of the hand-over."""
    from kcdesk.services.staff import offices

    giver, receiver, day = (handover.value(name) for name in ("from_staff", "to_staff", "handed_on"))
    if giver and giver == receiver:
        return [Problem("to_staff", "Người nhận phải khác người giao.")]
    if not (receiver and day):
        return []
    try:
        offices.refuse_who_left(workspace, "to_staff", receiver, date.fromisoformat(day))
    except UserError as refusal:
        return [Problem("to_staff", refusal.message)]
    return []


def hand_over(workspace: Workspace, handover: Record) -> dict[str, dict[str, Any]]:
    """The proposals listed get their new officer: changes by record."""
    receiver = handover.value("to_staff")
    listed = [workspace.store.get(row["proposal"]) for row in handover.rows("dossiers") if row.get("proposal")]
    return {stored.id: {HANDLER: receiver} for stored in listed if not stored.deleted}


def _named(person: Record) -> str:
    return ", ".join(filter(None, (person.title(), person.text("title"))))


def _list(handover: Record, dossier: Dossier) -> None:
    row = {"proposal": dossier.id, "title": dossier.title, "stage": dossier.stage}
    row |= {"next": dossier.next, "due_on": dossier.due_on}
    handover.add_row("dossiers", {name: value for name, value in row.items() if value})

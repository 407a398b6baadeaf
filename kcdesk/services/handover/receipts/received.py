"""What a receipt says, record by record, with what the officer can do about it; and the files that came along."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kcdesk import placing
from kcdesk.errors import UserError
from kcdesk.services.handover.packages import changes_in_words
from kcdesk.services.handover.receipts.standing import LABELS
from kcdesk.services.lifecycle import steps
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.package_ledger import Answer, PackageEntry

_SUPPORT = "province_support"  # what the province grants
_REJECTED = ("reject", "move_to_local")  # the steps that a refusal leads to, where the workflow has them


@dataclass(frozen=True, slots=True)
class Said:
    """Why something was returned; `path` "" speaks of the whole record."""

    path: str
    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """The answer about one record; `support` is what the province grants (đồng), `steps` name and label of what is
    offered now: to move a refused proposal to the local plan, to correct a returned one."""

    record: str
    kind: str
    title: str
    result: str
    label: str
    reasons: tuple[Said, ...]
    support: int | None
    steps: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One receipt; `enclosed` are files that came along, {"name", "sha256", "size"}: rules, letters."""

    receipt: str
    answers: str
    sender: str
    at: str
    lines: tuple[AnswerLine, ...]
    enclosed: tuple[dict[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """The shape of the command line."""
        return {
            "receipt": self.receipt,
            "answers": self.answers,
            "sender": self.sender,
            "at": self.at,
            "lines": [
                {"id": line.record, "kind": line.kind, "title": line.title, "result": line.result, "label": line.label,
                 "support": line.support, "steps": [list(step) for step in line.steps],
                 "reasons": [{"field": said.path, "label": said.label, "text": said.text} for said in line.reasons]}
                for line in self.lines
            ],
            "enclosed": list(self.enclosed),
        }  # fmt: skip


def read(workspace: Workspace, receipt: str) -> Answered:
    """What a receipt that was taken in says; UserError `not_found`."""
    entry = _receipt(workspace, receipt)
    names = changes_in_words.Names(workspace.store)
    answers = workspace.store.packages.answers(receipt)
    return Answered(
        receipt=receipt,
        answers=entry.details["answers"],
        sender=entry.details["sender"],
        at=entry.at,
        lines=tuple(_line(workspace, names, answer) for answer in answers),
        enclosed=tuple(entry.details["enclosed"]),
    )


def save_enclosed(workspace: Workspace, receipt: str, name: str, path: Path) -> Path:
    """Write a file that came with a receipt; UserError `not_found`, KnownError when the disk refuses."""
    found = next((file for file in _receipt(workspace, receipt).details["enclosed"] if file["name"] == name), None)
    if found is None:
        raise UserError(f"Biên nhận này không kèm tệp «{name}».", code="not_found")
    placing.save(workspace.store.files.read(found["sha256"]), path)
    return path


def _receipt(workspace: Workspace, receipt: str) -> PackageEntry:
    entry = workspace.store.packages.get(receipt)
    if entry is None or entry.direction != "in" or not entry.details["answers"] or entry.details.get("undone"):
        raise UserError("Kho này chưa nhận biên nhận đó.", code="not_found", hint="Xem mã trong sổ bàn giao.")
    return entry


def _line(workspace: Workspace, names: changes_in_words.Names, answer: Answer) -> AnswerLine:
    stored = workspace.store.get(answer.record)
    record = stored.record(workspace.forms)
    offered = [] if stored.deleted else [(step.name, step.label) for step in steps.possible(workspace, record)]
    if answer.result == "rejected":
        offered = [step for step in offered if step[0] in _REJECTED]
    elif answer.result != "returned":
        offered = []
    return AnswerLine(
        record=answer.record,
        kind=stored.kind,
        title=record.title(),
        result=answer.result,
        label=LABELS[answer.result],
        reasons=tuple(
            Said(path, names.label(stored.form, path) if path else "", text) for path, text in answer.reasons
        ),
        support=record.data.get(_SUPPORT),
        steps=tuple(offered),
    )

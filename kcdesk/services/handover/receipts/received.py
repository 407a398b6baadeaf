"""Received receipts: the answers record by record, the steps that they offer, and the enclosed files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from kcdesk import __version__, placing
from kcdesk.errors import UserError
from kcdesk.exchange.updates.update_file import numbers
from kcdesk.foreign_files.web_mark import mark_as_foreign
from kcdesk.runtime.frozen import Value
from kcdesk.services.handover.packages import changes_in_words
from kcdesk.services.handover.receipts.standing import LABELS
from kcdesk.services.lifecycle import steps
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.package_ledger import Answer, PackageEntry

_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){1,3}")
_SUPPORT = "province_support"  # the support granted by the province
_REJECTED = ("reject", "move_to_local")  # the steps after a rejection, if the workflow has them


class ReturnedField(Value):
    """A reason of a returned record; `path` is "" for the whole record."""

    path: str
    label: str
    text: str

    def to_json(self) -> dict[str, str]:
        """The shape of the command line."""
        return {"field": self.path, "label": self.label, "text": self.text}


class AnswerLine(Value, kw_only=True):
    """The answer about a record; `support` is granted by the province (đồng), `steps` are name and label of the steps
    offered now: move a rejected proposal to the local plan, correct a returned record."""

    record: str
    kind: str
    title: str
    result: str
    label: str
    reasons: tuple[ReturnedField, ...]
    support: int | None
    steps: tuple[tuple[str, str], ...]


class ReceivedReceipt(Value, kw_only=True):
    """A received receipt; `enclosed` are its files, {"name", "sha256", "size"}: rules, letters.

    `newer_program` is the version of the program that made it, if that is newer than this one, else "".
    """

    receipt: str
    answers: str
    sender: str
    at: str
    lines: tuple[AnswerLine, ...]
    enclosed: tuple[dict[str, Any], ...]
    newer_program: str = ""

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
                 "reasons": [reason.to_json() for reason in line.reasons]}
                for line in self.lines
            ],
            "enclosed": list(self.enclosed),
            "newer_program": self.newer_program,
        }  # fmt: skip


def read_receipt(workspace: Workspace, receipt: str) -> ReceivedReceipt:
    """Read a received receipt; UserError `not_found`."""
    entry = _receipt(workspace, receipt)
    names = changes_in_words.RecordNames(workspace.store)
    answers = workspace.store.packages.answers(receipt)
    return ReceivedReceipt(
        receipt=receipt,
        answers=entry.details["answers"],
        sender=entry.details["sender"],
        at=entry.at,
        lines=tuple(_line(workspace, names, answer) for answer in answers),
        enclosed=tuple(entry.details["enclosed"]),
        newer_program=newer_version(entry.details.get("program", "")),
    )


def newer_version(program: str) -> str:
    """The version in the name of a program («kcdesk 0.2.0») if it is newer than this one, else ""."""
    name, _, version = program.partition(" ")
    is_newer = name == "kcdesk" and _VERSION.fullmatch(version) and numbers(version) > numbers(__version__)
    return version if is_newer else ""


def newer_notice(workspace: Workspace, package: str) -> str:
    """The sentence about a received package, or receipt, that a newer program has made; "" for any other."""
    entry = workspace.store.packages.get(package)
    newer = newer_version(entry.details.get("program", "")) if entry and entry.direction == "in" else ""
    if not newer or entry is None:
        return ""
    return (
        f"{entry.details['sender']} dùng kcdesk bản {newer}, mới hơn bản ở máy này."
        " Hãy xin tệp cập nhật rồi vào Cài đặt, «Cập nhật từ tệp…»."
    )


def save_enclosed(workspace: Workspace, receipt: str, name: str, path: Path) -> Path:
    """Write an enclosed file of a receipt to `path`; UserError `not_found`, KnownError if it cannot be written."""
    enclosed_file = next(
        (file for file in _receipt(workspace, receipt).details["enclosed"] if file["name"] == name), None
    )
    if enclosed_file is None:
        raise UserError(f"Biên nhận này không kèm tệp «{name}».", code="not_found")
    placing.save(workspace.store.files.read(enclosed_file["sha256"]), path)
    mark_as_foreign(path)
    return path


def _receipt(workspace: Workspace, receipt: str) -> PackageEntry:
    entry = workspace.store.packages.get(receipt)
    if entry is None or entry.direction != "in" or not entry.details["answers"] or entry.details.get("undone"):
        raise UserError("Kho này chưa nhận biên nhận đó.", code="not_found", hint="Xem mã trong sổ bàn giao.")
    return entry


def _line(workspace: Workspace, names: changes_in_words.RecordNames, answer: Answer) -> AnswerLine:
    stored = workspace.store.get(answer.record)
    record = stored.record(workspace.forms)
    offered_steps = [] if stored.deleted else [(step.name, step.label) for step in steps.possible(workspace, record)]
    if answer.result == "rejected":
        offered_steps = [step for step in offered_steps if step[0] in _REJECTED]
    elif answer.result != "returned":
        offered_steps = []
    return AnswerLine(
        record=answer.record,
        kind=stored.kind,
        title=record.title(),
        result=answer.result,
        label=LABELS[answer.result],
        reasons=tuple(
            ReturnedField(path, names.label(stored.form, path) if path else "", text) for path, text in answer.reasons
        ),
        support=record.data.get(_SUPPORT),
        steps=tuple(offered_steps),
    )

"""Drafts of receipts: the decisions of this unit on the dossiers of a received package, and the outbox.

Each choice is saved as it is made, so that a power cut loses nothing; the province's fields of the dossiers are written
together with the receipt, in a single act.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from kcdesk.errors import UserError
from kcdesk.exchange import package_file
from kcdesk.formdef.model import Form
from kcdesk.formdef.record import Record
from kcdesk.services.handover.receipts import writing
from kcdesk.services.handover.receipts.answering import PreparedAnswer, prepare_answer
from kcdesk.services.handover.receipts.results import RECORDED, RESULTS
from kcdesk.services.handover.receipts.standing import LABELS
from kcdesk.services.handover.trust import unconfirmed_results
from kcdesk.services.records import permissions
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.handover.package_ledger import PackageEntry

_RESULT, _SUPPORT, _NUMBER, _DATE, _NOTE = (
    "province_result",
    "province_support",
    "province_decision_number",
    "province_decision_date",
    "province_note",
)
_KEPT = "decisions:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The decision on a dossier: `result` is one of RESULTS, `reasons` are pairs of a path ("" for the whole dossier)
    and a sentence, the other fields are typed texts."""

    result: str = "received"
    reasons: tuple[tuple[str, str], ...] = ()
    support: str = ""
    number: str = ""
    date: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """A dossier of a package with its decision; `results` are those that this unit may choose."""

    record: str
    kind_label: str
    title: str
    requested: str
    results: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]  # path and label of the fields that a reason may name
    decision: Decision
    claim: str = ""  # note that a result was written by the lower unit and is not confirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """A received package and its receipt ("" for none yet); times are UTC."""

    package: str
    unit: str
    name: str
    period: str
    type: str
    at: str
    records: int
    receipt: str = ""
    receipt_at: str = ""
    receipt_file: str = ""


def outbox(workspace: Workspace) -> list[OutboxEntry]:
    """List the packages that need a receipt: unanswered ones first, each group by unit, newest first."""
    entries = workspace.store.packages.list()
    answers = {entry.details.get("answers"): entry for entry in reversed(entries) if entry.direction == "out"}
    names = {partner.unit: partner.name for partner in workspace.store.partners.list()}
    waiting = [_waiting(entry, answers.get(entry.id), names) for entry in entries if _wants_answer(workspace, entry)]
    return sorted(waiting, key=lambda line: (bool(line.receipt), line.name))


def lines(workspace: Workspace, package: str) -> list[ReceiptLine]:
    """List the dossiers of a package with the decisions chosen so far."""
    records = [workspace.store.record(id_) for id_ in workspace.store.packages.carried(package)]
    chosen = _chosen_decisions(workspace, package)
    order = {kind: place for place, kind in enumerate(workspace.forms.kinds)}
    records.sort(key=lambda record: order.get(record.kind, len(order)))
    return [_line(workspace, record, chosen.get(record.id)) for record in records]


def choose(workspace: Workspace, package: str, record: str, decision: Decision) -> None:
    """Save the decision on a dossier; it may be incomplete."""
    chosen = workspace.store.setting(f"{_KEPT}{package}", {}) | {record: asdict(decision)}
    workspace.store.set_setting(f"{_KEPT}{package}", chosen)


def with_decision(line: ReceiptLine, decision: Decision) -> ReceiptLine:
    """The line with another decision."""
    return replace(line, decision=decision)


def problems(workspace: Workspace, package: str) -> list[tuple[str, str]]:
    """List what is missing before the receipt can be written: pairs of a dossier id and a sentence."""
    return [(line.record, problem) for line in lines(workspace, package) if (problem := _problem(workspace, line))]


def write_receipt(
    workspace: Workspace, package: str, path: Path, password: str = "", enclosed: Sequence[Path] = ()
) -> tuple[dict[str, Any], Changes]:
    """Write the decisions into the dossiers, with the steps that they mean, then the receipt.

    Returns the JSON of `writing.make` and the changes.
    UserError `incomplete` names the first dossier with an incomplete decision; nothing is written then.
    """
    receipt_lines = lines(workspace, package)
    for line in receipt_lines:
        if problem := _problem(workspace, line):
            raise UserError(f"«{line.title}»: {problem}", code="incomplete", field=line.record)
    entry = workspace.store.packages.get(package)
    period = entry.period if entry else ""
    answers = [_prepared(workspace, line) for line in receipt_lines]
    with workspace.store.act(f"Ghi ý kiến về gói kỳ {period}") as act:
        for answer in answers:
            answer.write(workspace, act)
    returned = {line.record: line.decision.reasons for line in receipt_lines if line.decision.result == "returned"}
    receipt = writing.make(workspace, package, path, returned=returned, enclosed=enclosed, password=password)
    return receipt, act.changes


def _prepared(workspace: Workspace, line: ReceiptLine) -> PreparedAnswer:
    """The checked answer about a dossier; an office without the power to decide changes nothing in it."""
    chosen = line.decision
    if len(line.results) < len(RESULTS):
        return PreparedAnswer(line.record, {})
    remarks = [(path, sentence.strip()) for path, sentence in chosen.reasons if sentence.strip()]
    values = _changes(workspace, line)
    return prepare_answer(workspace, line.record, chosen.result, values, remarks, chosen.note.strip())


def receipt_file_name(workspace: Workspace, waiting: OutboxEntry) -> str:
    """The proposed file name of a receipt: `BN_SCT_TTKC_2026-Q1_C.xlsx`."""
    package_name = package_file.package_file_name(
        f"{workspace.identity.unit.code}_{waiting.unit}", waiting.period, waiting.type
    )
    return f"BN_{package_name.removeprefix('KC_')}"


def label(result: str) -> str:
    """The label of a result."""
    return LABELS[result]


# -- inside --------------------------------------------------------------------------------------------------------


def _wants_answer(workspace: Workspace, entry: PackageEntry) -> bool:
    details = entry.details
    is_received = entry.direction == "in" and not details.get("undone") and not details.get("answers")
    return is_received and details.get("unit") != workspace.identity.unit.code


def _waiting(entry: PackageEntry, receipt: PackageEntry | None, names: dict[str, str]) -> OutboxEntry:
    return OutboxEntry(
        package=entry.id,
        unit=entry.details["unit"],
        name=names.get(entry.details["unit"], entry.details["unit"]),
        period=entry.period,
        type=entry.type,
        at=entry.at,
        records=sum(entry.details.get("counts", {}).values()),
        receipt=receipt.id if receipt else "",
        receipt_at=receipt.at if receipt else "",
        receipt_file=receipt.details.get("file", "") if receipt else "",
    )


def _chosen_decisions(workspace: Workspace, package: str) -> dict[str, Decision]:
    stored = workspace.store.setting(f"{_KEPT}{package}", {})
    return {
        id_: Decision(**{**values, "reasons": tuple((path, sentence) for path, sentence in values["reasons"])})
        for id_, values in stored.items()
    }


def _line(workspace: Workspace, record: Record, chosen: Decision | None) -> ReceiptLine:
    decides = workspace.identity.unit.level == "province" and _has_field(record.form, _RESULT)
    requested = record.text("requested_support") if _has_field(record.form, "requested_support") else ""
    return ReceiptLine(
        record=record.id,
        kind_label=record.form.label,
        title=record.title(),
        requested=requested,
        results=RESULTS if decides else RECORDED,
        fields=tuple(_returnable_fields(record.form)),
        decision=chosen or _decision_of_record(record, decides),
        claim=unconfirmed_results.sentence(workspace, record.id),
    )


def _returnable_fields(form: Form) -> Iterator[tuple[str, str]]:
    """The fields that a reason may name: those that the sender fills in."""
    for section in form.sections:
        for field in section.fields:
            if not field.computed and field.owner != "province":
                yield field.name, field.label


def _decision_of_record(record: Record, decides: bool) -> Decision:
    """The decision in the dossier itself. A returned dossier that arrives again is judged anew, so it has none."""
    result = record.data.get(_RESULT) if decides else None
    if result not in ("approved", "rejected"):
        return Decision()
    texts = {name: record.text(name) for name in (_SUPPORT, _NUMBER, _DATE, _NOTE)}
    return Decision(result=result, support=texts[_SUPPORT], number=texts[_NUMBER], date=texts[_DATE], note=texts[_NOTE])


def _has_field(form: Form, name: str) -> bool:
    return any(field.name == name for field in form.fields)


def _problem(workspace: Workspace, line: ReceiptLine) -> str:
    """What a decision lacks; "" if it is complete."""
    chosen = line.decision
    if chosen.result == "returned" and not any(sentence.strip() for _, sentence in chosen.reasons):
        return "Trả lại hồ sơ phải ghi ít nhất một lý do."
    if chosen.result == "rejected" and not chosen.note.strip():
        return "Không phê duyệt phải ghi lý do."
    if chosen.result == "approved" and not chosen.support.strip():
        return "Phê duyệt phải ghi kinh phí hỗ trợ."
    try:
        _changes(workspace, line)
    except UserError as error:
        return error.message
    return ""


def _changes(workspace: Workspace, line: ReceiptLine) -> dict[str, Any]:
    """The changes of the province's fields of a dossier; UserError for a value that cannot be parsed."""
    if len(line.results) < len(RESULTS):
        return {}
    record = permissions.living(workspace, line.record)
    before = dict(record.data)
    chosen = line.decision
    values = {_RESULT: chosen.result, _SUPPORT: "", _NUMBER: "", _DATE: "", _NOTE: chosen.note}
    if chosen.result == "approved":
        values |= {_SUPPORT: chosen.support, _NUMBER: chosen.number, _DATE: chosen.date}
    if chosen.result == "rejected":
        values |= {_NUMBER: chosen.number, _DATE: chosen.date}
    if chosen.result == "returned":
        labels = dict(line.fields)
        reasons = [(labels.get(path.partition("/")[0], ""), sentence.strip()) for path, sentence in chosen.reasons]
        values[_NOTE] = "\n".join(
            f"{label_}: {sentence}" if label_ else sentence for label_, sentence in reasons if sentence
        )
    if chosen.result == "received" and before.get(_RESULT) is None:
        return {}
    changes: dict[str, Any] = {}
    for name, value in values.items():
        if not value and name not in before:
            continue
        permissions.refuse_unless_editable(workspace, record, name)
        changes |= record.parse(name, value) if value else record.set(name, None)
    return {path: value for path, value in changes.items() if before.get(path) != value}

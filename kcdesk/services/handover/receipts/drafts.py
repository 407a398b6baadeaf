"""What this unit decides on the dossiers of a package that it took in, and the outbox of receipts.

A choice is kept as it is made, so that a power cut costs nothing; the province's fields of the dossiers are written
with the receipt, all of them in one act.
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
    """One of `RESULTS`; `reasons` are pairs of a path ("" for the whole dossier) and a sentence, the rest as typed."""

    result: str = "received"
    reasons: tuple[tuple[str, str], ...] = ()
    support: str = ""
    number: str = ""
    date: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A dossier of a package and what is to be told about it; `results` are those that this unit may choose."""

    record: str
    kind_label: str
    title: str
    requested: str
    results: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]  # path and label of what a reason may point at
    decision: Decision
    claim: str = ""  # that a result is only what the unit below wrote itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A package that was taken in, and the receipt written for it ("" for none yet); times are UTC."""

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


def outbox(workspace: Workspace) -> list[Waiting]:
    """Every package that a receipt belongs to, those without one first, each by unit and newest first."""
    entries = workspace.store.packages.list()
    answers = {entry.details.get("answers"): entry for entry in reversed(entries) if entry.direction == "out"}
    names = {partner.unit: partner.name for partner in workspace.store.partners.list()}
    found = [_waiting(entry, answers.get(entry.id), names) for entry in entries if _wants_answer(workspace, entry)]
    return sorted(found, key=lambda line: (bool(line.receipt), line.name))


def lines(workspace: Workspace, package: str) -> list[Line]:
    """The dossiers of a package with what was chosen for them so far; UserError as of `writing.make`."""
    records = [workspace.store.record(id_) for id_ in workspace.store.packages.carried(package)]
    kept = _kept(workspace, package)
    order = {kind: place for place, kind in enumerate(workspace.forms.kinds)}
    records.sort(key=lambda record: order.get(record.kind, len(order)))
    return [_line(workspace, record, kept.get(record.id)) for record in records]


def choose(workspace: Workspace, package: str, record: str, decision: Decision) -> None:
    """Keep what is to be told about one dossier; it may still be incomplete."""
    kept = workspace.store.setting(f"{_KEPT}{package}", {}) | {record: asdict(decision)}
    workspace.store.set_setting(f"{_KEPT}{package}", kept)


def with_decision(line: Line, decision: Decision) -> Line:
    """The line with another choice."""
    return replace(line, decision=decision)


def problems(workspace: Workspace, package: str) -> list[tuple[str, str]]:
    """What is missing before the receipt can be written: pairs of a dossier's id and a sentence."""
    return [(line.record, said) for line in lines(workspace, package) if (said := _problem(workspace, line))]


def write(
    workspace: Workspace, package: str, path: Path, password: str = "", enclosed: Sequence[Path] = ()
) -> tuple[dict[str, Any], Changes]:
    """Write the chosen decisions into the dossiers and then the receipt; as `writing.make`, and what changed.

    UserError `incomplete` names the first dossier whose decision lacks something; nothing is written then.
    """
    found = lines(workspace, package)
    for line in found:
        if said := _problem(workspace, line):
            raise UserError(f"«{line.title}»: {said}", code="incomplete", field=line.record)
    entry = workspace.store.packages.get(package)
    period = entry.period if entry else ""
    with workspace.store.act(f"Ghi ý kiến về gói kỳ {period}") as act:
        for line in found:
            if changes := _changes(workspace, line):
                act.update(line.record, changes)
    returned = {line.record: line.decision.reasons for line in found if line.decision.result == "returned"}
    made = writing.make(workspace, package, path, returned=returned, enclosed=enclosed, password=password)
    return made, act.changes


def file_name(workspace: Workspace, waiting: Waiting) -> str:
    """The name that a receipt is proposed to have: `BN_SCT_TTKC_2026-Q1_C.xlsx`."""
    whole = package_file.package_file_name(
        f"{workspace.identity.unit.code}_{waiting.unit}", waiting.period, waiting.type
    )
    return f"BN_{whole.removeprefix('KC_')}"


def label(result: str) -> str:
    """A result in words."""
    return LABELS[result]


# -- inside --------------------------------------------------------------------------------------------------------


def _wants_answer(workspace: Workspace, entry: PackageEntry) -> bool:
    told = entry.details
    is_taken = entry.direction == "in" and not told.get("undone") and not told.get("answers")
    return is_taken and told.get("unit") != workspace.identity.unit.code


def _waiting(entry: PackageEntry, receipt: PackageEntry | None, names: dict[str, str]) -> Waiting:
    return Waiting(
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


def _kept(workspace: Workspace, package: str) -> dict[str, Decision]:
    kept = workspace.store.setting(f"{_KEPT}{package}", {})
    return {
        id_: Decision(**{**values, "reasons": tuple((path, said) for path, said in values["reasons"])})
        for id_, values in kept.items()
    }


def _line(workspace: Workspace, record: Record, kept: Decision | None) -> Line:
    decides = workspace.identity.unit.level == "province" and _has(record.form, _RESULT)
    requested = record.text("requested_support") if _has(record.form, "requested_support") else ""
    return Line(
        record=record.id,
        kind_label=record.form.label,
        title=record.title(),
        requested=requested,
        results=RESULTS if decides else RECORDED,
        fields=tuple(_pointed(record.form)),
        decision=kept or _said(record, decides),
        claim=unconfirmed_results.sentence(workspace, record.id),
    )


def _pointed(form: Form) -> Iterator[tuple[str, str]]:
    """What a reason may point at: the fields that the sender fills in."""
    for section in form.sections:
        for field in section.fields:
            if not field.computed and field.owner != "province":
                yield field.name, field.label


def _said(record: Record, decides: bool) -> Decision:
    """What stands on the dossier already. One that was returned has come again, and is to be judged anew."""
    result = record.data.get(_RESULT) if decides else None
    if result not in ("approved", "rejected"):
        return Decision()
    texts = {name: record.text(name) for name in (_SUPPORT, _NUMBER, _DATE, _NOTE)}
    return Decision(result=result, support=texts[_SUPPORT], number=texts[_NUMBER], date=texts[_DATE], note=texts[_NOTE])


def _has(form: Form, name: str) -> bool:
    return any(field.name == name for field in form.fields)


def _problem(workspace: Workspace, line: Line) -> str:
    """What a decision still lacks; "" for nothing."""
    chosen = line.decision
    if chosen.result == "returned" and not any(said.strip() for _, said in chosen.reasons):
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


def _changes(workspace: Workspace, line: Line) -> dict[str, Any]:
    """What the province's fields of the dossier become; UserError for a value that cannot be read."""
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
        reasons = [(labels.get(path.partition("/")[0], ""), said.strip()) for path, said in chosen.reasons]
        values[_NOTE] = "\n".join(f"{label_}: {said}" if label_ else said for label_, said in reasons if said)
    if chosen.result == "received" and before.get(_RESULT) is None:
        return {}
    changes: dict[str, Any] = {}
    for name, value in values.items():
        if not value and name not in before:
            continue
        permissions.refuse_unless_editable(workspace, record, name)
        changes |= record.parse(name, value) if value else record.set(name, None)
    return {path: value for path, value in changes.items() if before.get(path) != value}

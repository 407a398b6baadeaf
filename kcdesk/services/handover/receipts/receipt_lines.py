"""The dossiers of a package, each with the decision on it: what may be chosen, what it lacks, what it writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.errors import IncompleteError, UserError
from kcdesk.formdef.model import Form
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.handover.receipts import amendments, answering, offers, passing_on
from kcdesk.services.handover.receipts.answering import PreparedAnswer
from kcdesk.services.handover.receipts.results import RECORDED, RESULTS
from kcdesk.services.handover.trust import unconfirmed_results
from kcdesk.services.lifecycle import return_requests
from kcdesk.services.records import permissions
from kcdesk.services.rules import support_limits
from kcdesk.services.workspace import Workspace

_SUPPORT, _NUMBER, _DATE, _NOTE = (
    "province_support",
    "province_decision_number",
    "province_decision_date",
    "province_note",
)


class Decision(Value, kw_only=True):
    """The decision on a dossier: `result` is one of RESULTS, `reasons` are pairs of a path ("" for the whole dossier)
    and a sentence, the other fields are typed texts; `amends` is why it replaces a decision that was sent."""

    result: str = "received"
    reasons: tuple[tuple[str, str], ...] = ()
    support: str = ""
    number: str = ""
    date: str = ""
    note: str = ""
    total: str = ""
    authority: str = ""
    amends: str = ""
    answer_by: str = ""


class ReceiptLine(Value, kw_only=True):
    """A dossier of a package with its decision; `results` are those that this office may ever choose."""

    record: str
    kind_label: str
    title: str
    requested: str
    results: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]  # path and label of the fields that a reason may name
    decision: Decision
    claim: str = ""  # note that a result was written by the lower unit and is not confirmed
    total: str = ""  # the total cost of the dossier
    undecided: bool = False  # the dossier waits for a decision of this office
    sent: str = ""  # the decision that a receipt has carried out: it stands until it is amended
    is_decided_about: bool = True  # whether receipts decide about dossiers of its kind
    given: str = ""  # why the answer is not chosen here: it was given above, or by a step in the dossier

    @property
    def is_fixed(self) -> bool:
        """Whether the decision was given elsewhere, or was sent and is not being amended."""
        return bool(self.given) or (bool(self.sent) and not self.decision.amends)

    @property
    def decides(self) -> bool:
        """Whether this office decides about the dossier."""
        return len(self.results) == len(RESULTS)


def with_decision(line: ReceiptLine, decision: Decision) -> ReceiptLine:
    """The line with another decision."""
    return replace(line, decision=decision)


def with_paper(decision: Decision, paper: Decision) -> Decision:
    """The decision with number, day and authority of another one, as far as that says them."""
    return replace(
        decision,
        number=paper.number or decision.number,
        date=paper.date or decision.date,
        authority=paper.authority or decision.authority,
    )


def line_of(workspace: Workspace, package: str, record: Record, chosen: Decision | None) -> ReceiptLine:
    """The line of a dossier of a package."""
    decides = offers.decides(workspace, record)
    sent = amendments.sent_decision(workspace, package, record) if decides else None
    given = passing_on.given_sentence(workspace, record)
    return ReceiptLine(
        record=record.id,
        kind_label=record.form.label,
        title=record.title(),
        requested=_text(record, "requested_support"),
        total=_text(record, "total_cost"),
        results=RESULTS if decides or given else RECORDED,
        fields=tuple(_returnable_fields(record.form)),
        decision=_given_decision(workspace, record)
        if given
        else chosen or _decision_of_record(workspace, record, decides),
        given=given,
        is_decided_about=is_decided_about(workspace, record.kind),
        claim=unconfirmed_results.sentence(workspace, record.id),
        undecided=offers.is_undecided(workspace, record),
        sent=sent.sentence() if sent else "",
    )


def is_decided_about(workspace: Workspace, kind: str) -> bool:
    """Whether receipts decide about dossiers of a kind, and do not only say that they came."""
    return offers.RESULT in workspace.forms.current(kind).by_name


def closed_answers(workspace: Workspace, line: ReceiptLine) -> dict[str, str]:
    """The answers that cannot be chosen for a line now, each with the reason."""
    return offers.closed_answers(workspace, _basis(workspace, line))


def limits_text(workspace: Workspace, line: ReceiptLine) -> str:
    """«Đề nghị 200.000.000 · tổng kinh phí 600.000.000 · mức tối đa 150.000.000»; "" for dossiers without amounts."""
    record = workspace.store.record(line.record)
    if not line.decides or record.deleted:
        return ""
    known = [f"{limit.label} {text.format_integer(limit.amount)}" for limit in support_limits.limits(workspace, record)]
    return " · ".join([text.upper_first(known[0]), *known[1:]]) if known else ""


def amount_problem(workspace: Workspace, line: ReceiptLine) -> str:
    """What the typed amounts exceed, or that they cannot be read; "" if nothing is wrong with them."""
    if line.decision.result != "approved" or not line.decision.support.strip() or line.is_fixed:
        return ""
    record = workspace.store.record(line.record)
    try:
        above = _excesses(workspace, record, line.decision)
    except UserError as error:
        return error.message
    return " ".join(f"{excess.text}." for excess in above)


def read_amount(workspace: Workspace, line: ReceiptLine, typed: str) -> str:
    """A typed amount as it will be stored: «900 tr» gives «900.000.000»; "" for text that is no amount."""
    if not typed.strip():
        return ""
    try:
        value = workspace.store.record(line.record).read(_SUPPORT, typed)
    except UserError:
        return ""
    return text.format_integer(value) if isinstance(value, int) else ""


def problem(workspace: Workspace, line: ReceiptLine) -> str:
    """What a decision lacks; "" if it is complete."""
    answer = checked(workspace, line)
    return answer if isinstance(answer, str) else ""


def checked(workspace: Workspace, line: ReceiptLine) -> PreparedAnswer | str:
    """The checked answer about a dossier, or what its decision lacks.

    An office without the power to decide changes nothing in the dossier, nor does a decision that was sent.
    """
    if not line.is_fixed and (why := _incomplete(workspace, line)):
        return why
    if line.given:
        return PreparedAnswer(line.record, passing_on.own_values(workspace, workspace.store.record(line.record)))
    if line.is_fixed or not line.decides:
        return PreparedAnswer(line.record, {})
    try:
        return _unjustified(workspace, line) or _prepared(workspace, line)
    except IncompleteError as error:
        return error.problems[0].message
    except UserError as error:
        return error.message


def answer_days(workspace: Workspace, lines: Iterable[ReceiptLine]) -> dict[str, date]:
    """The days by which the returned dossiers are answered, by record."""
    typed = {line.record: line.decision.answer_by for line in lines if line.decision.result == "returned"}
    days = ((id_, return_requests.typed_day(workspace, written)[0]) for id_, written in typed.items())
    return {id_: day for id_, day in days if day is not None}


def amendment_note(line: ReceiptLine) -> str:
    """What the unit is told about a decision that replaces a sent one; "" for any other."""
    chosen = line.decision
    return f"Sửa quyết định {line.sent}: {chosen.amends.strip()}" if line.sent and chosen.amends else ""


# -- inside --------------------------------------------------------------------------------------------------------


def _text(record: Record, name: str) -> str:
    return record.text(name) if name in record.form.by_name else ""


def _returnable_fields(form: Form) -> Iterator[tuple[str, str]]:
    """The fields that a reason may name: those that the sender fills in."""
    for section in form.sections:
        for field in section.fields:
            if not field.computed and not field.is_decision:
                yield field.name, field.label


def _decision_of_record(workspace: Workspace, record: Record, decides: bool) -> Decision:
    """The decision in the dossier itself. A returned dossier that arrives again is judged anew, so it has none."""
    result = record.data.get(offers.RESULT) if decides else None
    if result == "returned" and offers.lies_with_unit(workspace, record):
        asked = tuple((problem.field, problem.message) for problem in return_requests.remarks_of(record))
        reasons = asked or (("", record.text(_NOTE)),)
        return Decision(result="returned", reasons=reasons, answer_by=_day_of(workspace, record))
    if result not in offers.DECIDED:
        return Decision()
    return _decision_in_fields(record, result)


def _given_decision(workspace: Workspace, record: Record) -> Decision:
    """The decision that a receipt hands on: its reasons, or what the fields of approval and refusal say."""
    result = passing_on.given_result(workspace, record)
    reasons = passing_on.reasons(workspace, record, result)
    if result == "approved":
        return Decision(
            result=result,
            support=_text(record, "approved_support").removesuffix(" đồng"),
            number=_text(record, "decision_number"),
            date=_text(record, "decision_date"),
            total=_text(record, "approved_total").removesuffix(" đồng"),
            authority=_text(record, "decision_authority"),
        )
    if result == "rejected":
        paper = (_text(record, name) for name in ("rejection_number", "rejection_date", "rejection_authority"))
        number, date, authority = paper
        note = "; ".join(sentence for _path, sentence in reasons)
        return Decision(result=result, number=number, date=date, authority=authority, note=note)
    return Decision(result=result, reasons=reasons, answer_by=_day_of(workspace, record))


def _day_of(workspace: Workspace, record: Record) -> str:
    """The day by which the dossier is to be supplemented, as typed; "" for none."""
    day = return_requests.answer_day(workspace, record)
    return text.format_date(date.fromisoformat(day)) if day else ""


def _decision_in_fields(record: Record, result: str) -> Decision:
    texts = {name: record.text(name) for name in (_SUPPORT, _NUMBER, _DATE, _NOTE)}
    return Decision(
        result=result,
        support=texts[_SUPPORT],
        number=texts[_NUMBER],
        date=texts[_DATE],
        note=texts[_NOTE],
        total=_text(record, "approved_total"),
        authority=_text(record, "decision_authority") or _text(record, "rejection_authority"),
    )


def _basis(workspace: Workspace, line: ReceiptLine) -> Record:
    """The dossier that is judged: without the sent decision if that is amended."""
    record = workspace.store.record(line.record)
    is_amended = line.sent and line.decision.amends and not amendments.why_not_amended(workspace, record)
    return amendments.before_decision(workspace, record) if is_amended else record


def _excesses(workspace: Workspace, record: Record, chosen: Decision) -> list[support_limits.Excess]:
    support = record.read(_SUPPORT, chosen.support)
    total = record.read("approved_total", chosen.total) if chosen.total.strip() else None
    if not isinstance(support, int):
        return []
    return support_limits.excesses(workspace, record, support, total if isinstance(total, int) else None)


def _incomplete(workspace: Workspace, line: ReceiptLine) -> str:
    """What has to be chosen or written first; "" for nothing."""
    chosen = line.decision
    if chosen.result == "returned" and not any(sentence.strip() for _, sentence in chosen.reasons):
        return "Trả lại hồ sơ phải ghi ít nhất một lý do."
    if chosen.result == "returned" and (why := return_requests.typed_day(workspace, chosen.answer_by)[1]):
        return why
    if not line.decides:
        return ""
    if why := offers.obstacle(workspace, _basis(workspace, line), chosen.result):
        return why
    if chosen.result == "rejected" and not chosen.note.strip():
        return "Không phê duyệt phải ghi lý do."
    if chosen.result == "approved" and not chosen.support.strip():
        return "Phê duyệt phải ghi kinh phí hỗ trợ."
    return ""


def _unjustified(workspace: Workspace, line: ReceiptLine) -> str:
    """The first limit that the amount exceeds without a reason."""
    if line.decision.result != "approved":
        return ""
    record = _basis(workspace, line)
    for excess in _excesses(workspace, record, line.decision):
        if excess.refused:
            return f"{excess.text}; hãy giảm."
        if not line.decision.note.strip() and not support_limits.has_reason(record, excess):
            return f"{excess.text}; hãy giảm hoặc ghi «Lý do duyệt hơn»."
    return ""


def _prepared(workspace: Workspace, line: ReceiptLine) -> PreparedAnswer:
    """The answer with the step that it means; errors are those of the step."""
    chosen, record = line.decision, permissions.living(workspace, line.record)
    remarks = [(path, sentence.strip()) for path, sentence in chosen.reasons if sentence.strip()]
    day = return_requests.typed_day(workspace, chosen.answer_by)[0]
    if not chosen.amends:
        values = _values(workspace, record.copy(), line)
        note = chosen.note.strip()
        return answering.prepare_answer(workspace, record, chosen.result, values, remarks, note, day)
    values = _values(workspace, amendments.before_decision(workspace, record), line)
    return amendments.prepare_amendment(workspace, record, chosen.result, values, remarks, chosen.note.strip(), day)


def _values(workspace: Workspace, record: Record, line: ReceiptLine) -> dict[str, Any]:
    """The values to write into a dossier; UserError for a text that cannot be read. `record` is changed."""
    before = dict(record.data)
    changes: dict[str, Any] = {}
    for name, value in _typed(workspace, record, line).items():
        if value or name in before:
            changes |= record.parse(name, value) if value else record.set(name, None)
    return {path: value for path, value in changes.items() if before.get(path) != value}


def _typed(workspace: Workspace, record: Record, line: ReceiptLine) -> dict[str, Any]:
    """The texts of the decision by field; {} where nothing is written into the dossier."""
    chosen = line.decision
    is_decided = workspace.forms.workflow(record.kind).is_marked(record.state, "decided")
    stands_already = is_decided and (
        record.value(offers.RESULT) in offers.DECIDED or chosen.result not in offers.DECIDED
    )
    stands_already = stands_already or (offers.lies_with_unit(workspace, record) and not chosen.amends)
    if stands_already or (chosen.result == "received" and record.value(offers.RESULT) is None and not chosen.amends):
        return {}
    note = "\n".join(filter(None, (amendment_note(line), _note(line))))
    values: dict[str, Any] = {offers.RESULT: chosen.result, _SUPPORT: "", _NUMBER: "", _DATE: "", _NOTE: note}
    if chosen.result in offers.DECIDED:
        values |= {_NUMBER: chosen.number, _DATE: chosen.date}
    if chosen.result == "rejected":
        paper = {"rejection_number": chosen.number, "rejection_date": chosen.date}
        values |= paper | {"rejection_authority": chosen.authority.strip()}
    if chosen.result == "approved":
        values |= {_SUPPORT: chosen.support}
        values |= {} if is_decided else _approval(workspace, record, chosen)
    return values


def _note(line: ReceiptLine) -> str:
    chosen = line.decision
    if chosen.result != "returned":
        return chosen.note.strip()
    labels = dict(line.fields)
    reasons = [(labels.get(path.partition("/")[0], ""), sentence.strip()) for path, sentence in chosen.reasons]
    return "\n".join(f"{label}: {sentence}" if label else sentence for label, sentence in reasons if sentence)


def _approval(workspace: Workspace, record: Record, chosen: Decision) -> dict[str, Any]:
    """The fields of the approval: the total cost stays as planned if nothing else is typed, the counterpart is the
    rest of it."""
    support = record.read(_SUPPORT, chosen.support)
    total = record.read("approved_total", chosen.total) if chosen.total.strip() else record.value("total_cost")
    authority = chosen.authority.strip() or record.value("decision_authority") or ""
    values: dict[str, Any] = {"decision_authority": authority}
    if isinstance(total, int) and isinstance(support, int):
        rest = support_limits.remainder(record, total, support)
        values |= {"approved_total": total, "approved_counterpart": rest}
    above = _excesses(workspace, record, chosen)
    return values | support_limits.reason_values(record, above, chosen.note.strip())

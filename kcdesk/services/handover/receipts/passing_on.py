"""Answers that were given above or by a step of this office: a receipt carries them to the unit as they are.

A province that gets the agency's answer about a dossier of a unit owes that unit a receipt; the outbox lists it until
it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kcdesk import text
from kcdesk.formdef.record import Record
from kcdesk.services.handover.receipts.results import RESULT, TO_CHOOSE
from kcdesk.services.lifecycle import return_requests
from kcdesk.services.workspace import Workspace
from kcdesk.store.clock import device_of
from kcdesk.store.handover.package_ledger import Answer


def given_result(workspace: Workspace, record: Record) -> str:
    """The answer of a receipt that an office above, or this one by a step or in its field, has given; "" for none."""
    if from_above := result_from_above(workspace, record):
        return from_above
    field, level = record.form.by_name.get(RESULT), workspace.identity.unit.level
    if field is not None and not workspace.forms.levels.is_above(level, field.owner):
        return "" if _was_sent_again(workspace, record) else str(record.data.get(RESULT) or "")
    return _result_of_state(workspace, record, level) if workspace.level.decides else ""


def result_from_above(workspace: Workspace, record: Record) -> str:
    """The answer with which an office above brought the dossier into its present state; "" for none."""
    level = _level_of_state(workspace, record)
    is_above = bool(level) and workspace.forms.levels.is_above(level, workspace.identity.unit.level)
    return _result_of_state(workspace, record, level) if is_above else ""


def given_sentence(workspace: Workspace, record: Record) -> str:
    """Why the answer of a receipt is not chosen here; "" if it is.

    «Cục đã trả lời «Trả lại để bổ sung»; biên nhận chuyển nguyên câu trả lời này về đơn vị.»
    """
    levels, own = workspace.forms.levels, workspace.identity.unit.level
    if from_above := result_from_above(workspace, record):
        who = text.upper_first(levels.of(_level_of_state(workspace, record)).in_sentence)
        return f"{who} đã trả lời «{TO_CHOOSE[from_above]}»; biên nhận chuyển nguyên câu trả lời này về đơn vị."
    field = record.form.by_name.get(RESULT)
    is_own_step = field is not None and levels.is_above(own, field.owner) and bool(given_result(workspace, record))
    return "Đã trả lời bằng một bước trong hồ sơ; biên nhận gửi đúng câu trả lời này." if is_own_step else ""


def reasons(workspace: Workspace, record: Record, result: str) -> tuple[tuple[str, str], ...]:
    """The reasons that the receipt carries with an answer given in the dossier: pairs of a path and a sentence."""
    own = () if result_from_above(workspace, record) else _own_opinion(record, result)
    if result == "returned":
        asked = tuple((problem.field, problem.message) for problem in return_requests.remarks_of(record))
        return asked or own or _reasons_that_came(workspace, record, result)
    if result == "rejected":
        return own or _whole(record, "rejection_reason") or _reasons_that_came(workspace, record, result)
    return ()


def own_values(workspace: Workspace, record: Record) -> dict[str, Any]:
    """The values by path with which this office makes an answer from above its own; {} where it has none to write."""
    result, field = result_from_above(workspace, record), record.form.by_name.get(RESULT)
    if not result or field is None or field.owner != workspace.identity.unit.level:
        return {}
    names = {"province_support": "", "province_decision_number": "", "province_decision_date": ""}
    if result == "approved":
        names = {
            "province_support": "approved_support",
            "province_decision_number": "decision_number",
            "province_decision_date": "decision_date",
        }
    if result == "rejected":
        names |= {"province_decision_number": "rejection_number", "province_decision_date": "rejection_date"}
    values = {name: record.value(source) if source else None for name, source in names.items()}
    values |= {RESULT: result, "province_note": _note(workspace, record, result)}
    return {name: value for name, value in values.items() if record.value(name) != value}


def package_owed(workspace: Workspace, record_id: str) -> str:
    """The package of a dossier whose sender was not told yet what an office above has answered; "" for none."""
    if not result_from_above(workspace, workspace.store.record(record_id)):
        return ""
    return next((package for package, records in waiting_records(workspace).items() if record_id in records), "")


def waiting_records(workspace: Workspace) -> dict[str, list[str]]:
    """The dossiers whose answer from above their sender was not told yet, by the package that brought them."""
    waiting: dict[str, list[str]] = {}
    for answer in workspace.store.packages.answers_not_passed_on():
        came = workspace.store.packages.last_carried(answer.record, "in")
        is_theirs = came is not None and came.partner != workspace.identity.unit.code
        if came and is_theirs and result_from_above(workspace, workspace.store.record(answer.record)):
            waiting.setdefault(came.package, []).append(answer.record)
    return waiting


# -- inside --------------------------------------------------------------------------------------------------------


def _level_of_state(workspace: Workspace, record: Record) -> str:
    """The level of the office that brought the dossier into its state; "" for this laptop and unknown ones."""
    stamp = workspace.store.get(record.id).stamps.get("state")
    if not stamp:
        return ""
    device = device_of(stamp)
    if device == workspace.identity.device_id:
        return workspace.identity.unit.level
    return next((known.level for known in workspace.store.partners.devices() if known.id == device), "")


def _result_of_state(workspace: Workspace, record: Record, level: str) -> str:
    """The answer of the step by which offices of a level reach the state, if such an office took it."""
    if _level_of_state(workspace, record) != level:
        return ""
    workflow = workspace.forms.workflow(record.kind)
    steps_there = (step for step in workflow.transitions if step.to == record.state and level in step.by)
    return next((step.answer for step in steps_there if step.answer), "")


def _was_sent_again(workspace: Workspace, record: Record) -> bool:
    """Whether the dossier came again after it was returned, so that it is judged anew."""
    stamps = workspace.store.get(record.id).stamps
    is_newer = stamps.get("state", "") > stamps.get(RESULT, "")
    makers = workspace.forms.levels.makers.name
    return record.value(RESULT) == "returned" and is_newer and _level_of_state(workspace, record) == makers


def _own_opinion(record: Record, result: str) -> tuple[tuple[str, str], ...]:
    return _whole(record, "province_note") if record.value(RESULT) == result else ()


def _reasons_that_came(workspace: Workspace, record: Record, result: str) -> tuple[tuple[str, str], ...]:
    answer: Answer | None = workspace.store.packages.last_answer(record.id)
    return answer.reasons if answer and answer.result == result else ()


def _whole(record: Record, name: str) -> tuple[tuple[str, str], ...]:
    sentence = str(record.data.get(name) or "")
    return (("", sentence),) if sentence else ()


def _note(workspace: Workspace, record: Record, result: str) -> str | None:
    """The opinion to hand on; an approval keeps the one that this office wrote."""
    if result == "approved":
        return str(record.data.get("province_note") or "") or None
    who = text.upper_first(workspace.forms.levels.of(_level_of_state(workspace, record)).in_sentence)
    return f"{who}: {_in_words(record, reasons(workspace, record, result))}"


def _in_words(record: Record, given: Sequence[tuple[str, str]]) -> str:
    labels = {field.name: field.label for field in record.form.fields}
    named = ((labels.get(path.partition("/")[0], ""), sentence) for path, sentence in given)
    return "\n".join(f"{label}: {sentence}" if label else sentence for label, sentence in named)

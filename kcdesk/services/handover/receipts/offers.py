"""Which answers a dossier may be given now, by its state; why another one may not."""

from __future__ import annotations

from kcdesk.formdef.model import Transition
from kcdesk.formdef.record import Record
from kcdesk.services.handover.receipts import passing_on
from kcdesk.services.handover.receipts.results import RECORDED, RESULTS
from kcdesk.services.handover.receipts.results import RESULT as RESULT
from kcdesk.services.lifecycle import steps, waiting
from kcdesk.services.workspace import ClosedFields, Workspace

DECIDED = ("approved", "rejected")
_BY_STEP = "Trả lời gói thì vào Bàn giao, chọn «Biên nhận»."


def decides(workspace: Workspace, record: Record) -> bool:
    """Whether this office decides about the dossier; another one only says that it came or goes back."""
    field = record.form.by_name.get(RESULT)
    return field is not None and field.owner == workspace.identity.unit.level


def closed_answers(workspace: Workspace, record: Record) -> dict[str, str]:
    """The answers that cannot be given now, each with the reason."""
    if not decides(workspace, record):
        return {
            step.answer: f"hãy mở hồ sơ và bấm «{step.label}»; biên nhận lấy theo bước đó."
            for step in answering_steps(workspace, record)
            if step.answer not in RECORDED
        }
    return {result: why for result in RESULTS if (why := obstacle(workspace, record, result))}


def obstacle(workspace: Workspace, record: Record, result: str) -> str:
    """Why this answer cannot be given in the state of the dossier; "" if it can, or if it was given already."""
    if result == "received" or record.deleted or not decides(workspace, record):
        return ""
    if given := passing_on.result_from_above(workspace, record):
        return "" if result == given else passing_on.given_sentence(workspace, record)
    workflow = workspace.forms.workflow(record.kind)
    state = workflow.state(record.state)
    if workflow.is_marked(state.name, "decided"):
        return _against_decided(workspace, record, state.label, result)
    if steps.answering(workspace, record, result) is not None:
        return ""
    if result == "returned":
        in_hand = lies_with_unit(workspace, record) and record.value(RESULT) != "returned"
        return "Đơn vị đang bổ sung, chưa gửi lại." if in_hand else ""
    if record.value(RESULT) == result and state.holder != workspace.identity.unit.level:
        return ""
    return f"Đề án đang «{state.label}», {_before(workspace, record, state.holder)}."


def closed_fields(workspace: Workspace, record: Record) -> ClosedFields:
    """What of this office's opinion is not to be typed into the dossier now: all of it, or single answers."""
    if not decides(workspace, record):
        return ClosedFields()
    if any(steps.answering(workspace, record, result) for result in RESULTS):
        return ClosedFields(choices={RESULT: _closed_choices(workspace, record)})
    state = workspace.forms.workflow(record.kind).state(record.state)
    why = f"{record.form.label} đang «{state.label}», {_before(workspace, record, state.holder)}. {_BY_STEP}"
    level = workspace.identity.unit.level
    return ClosedFields({field.name: why for field in record.form.fields if field.owner == level})


def _closed_choices(workspace: Workspace, record: Record) -> dict[str, str]:
    """The answers that cannot be given now besides the one that stands there, each with the reason."""
    closed = closed_answers(workspace, record)
    return {result: why for result, why in closed.items() if result != record.value(RESULT)}


def answering_steps(workspace: Workspace, record: Record) -> list[Transition]:
    """The steps by which an office that owns no field of the decision, such as the agency, answers in the dossier."""
    level = workspace.identity.unit.level
    if not workspace.level.decides or RESULT not in record.form.by_name:
        return []
    return [step for step in steps.possible(workspace, record) if step.answer and level in step.by]


def is_undecided(workspace: Workspace, record: Record) -> bool:
    """Whether the dossier lies with this office and waits for its decision."""
    if record.deleted:
        return False
    if not decides(workspace, record):
        return bool(answering_steps(workspace, record))
    return workspace.forms.workflow(record.kind).state(record.state).holder == workspace.identity.unit.level


def lies_with_unit(workspace: Workspace, record: Record) -> bool:
    """Whether the dossier was sent back and the unit has it in hand."""
    return workspace.forms.workflow(record.kind).state(record.state).holder == workspace.forms.levels.makers.name


def next_act(workspace: Workspace, record: Record) -> str:
    """What has to be done before the dossier can be approved: «Trình phê duyệt cấp tỉnh», whom it waits for."""
    step = steps.likeliest(workspace, record, steps.possible(workspace, record))
    return f"bước tiếp theo là «{step.label}»" if step else waiting.waits_text(workspace, record)


def _against_decided(workspace: Workspace, record: Record, label: str, result: str) -> str:
    """A decided dossier may be told again what was decided, and be returned with remarks that change no state.

    An approval that the unit wrote itself may be refused as long as nothing followed it.
    """
    refused = reached_by(workspace, record, "rejected") or record.value(RESULT) == "rejected"
    if result == "returned" or (result == "rejected") == refused:
        return ""
    if record.value(RESULT) in DECIDED:
        return f"Đề án đã «{label}»; muốn đổi thì «Sửa quyết định đã gửi…»."
    if result == "rejected" and reached_by(workspace, record, "approved"):
        return ""
    return f"Đơn vị đã ghi «{label}»; không đúng thì trả lại để đơn vị sửa."


def reached_by(workspace: Workspace, record: Record, result: str) -> bool:
    """Whether the dossier is in the state to which the step of an answer leads."""
    steps_of_answer = workspace.forms.workflow(record.kind).transitions
    return any(step.answer == result and step.to == record.state for step in steps_of_answer)


def _before(workspace: Workspace, record: Record, holder: str) -> str:
    if holder == workspace.identity.unit.level:
        return next_act(workspace, record)
    return "chờ đơn vị gửi lại" if lies_with_unit(workspace, record) else "đơn vị chưa gửi thẩm định"

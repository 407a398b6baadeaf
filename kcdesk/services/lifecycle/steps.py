"""The steps of a record's life, such as «Chốt», «Phê duyệt», «Sửa thành bản mới»."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kcdesk import text
from kcdesk.errors import IncompleteError, Problem, UserError
from kcdesk.formdef.conditions import holds
from kcdesk.formdef.model import Transition
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.services.lifecycle import return_requests
from kcdesk.services.lifecycle.return_requests import Remark
from kcdesk.services.records import parents, permissions, unread_texts
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

if TYPE_CHECKING:
    from kcdesk.store.writer import Writer

# Received rules may hold a workflow from before its steps named the answers that they mean.
_BEFORE_ANSWERS = {"approved": "approve", "rejected": "reject", "returned": "return"}
_EMPTY: tuple[object, ...] = (None, "", [])


def possible(workspace: Workspace, record: Record) -> tuple[Transition, ...]:
    """The steps that leave the record's state, apply to it, and may be taken by this unit."""
    leaving = workspace.forms.workflow(record.kind).leaving(record.state)
    return tuple(step for step in leaving if not _why_not(workspace, record, step))


def answering(workspace: Workspace, record: Record, result: str) -> Transition | None:
    """The possible step that an answer of the province means, such as «returned»; None if the state has none."""
    offered = possible(workspace, record)
    if not any(step.answer for step in workspace.forms.workflow(record.kind).transitions):
        return next((step for step in offered if step.name == _BEFORE_ANSWERS.get(result)), None)
    return next((step for step in offered if step.answer == result), None)


def likeliest(workspace: Workspace, record: Record, offered: Iterable[Transition]) -> Transition | None:
    """The step that an officer most likely takes next: a step with all its fields filled, else the first forward one.

    None if no step leads forward.
    """
    forward = sorted((step for step in offered if step.leads_forward), key=lambda step: step.needs_reason)
    ready = [step for step in forward if step.requires and not list(unfilled(filled(workspace, record, step), step))]
    without_fields = [step for step in forward if not step.requires]
    return next(iter([*ready, *without_fields, *forward]), None)


def filled_values(workspace: Workspace, record: Record, step: Transition) -> dict[str, Any]:
    """The values that the step itself fills into empty fields, by path."""
    if not step.fill:
        return {}
    values = workspace.extensions.fillers[step.fill](workspace, record)
    return {name: value for name, value in values.items() if value is not None and record.value(name) in _EMPTY}


def filled(workspace: Workspace, record: Record, step: Transition) -> Record:
    """The record with the values that the step fills in; the record itself if there are none."""
    values = filled_values(workspace, record, step)
    if not values:
        return record
    copy = record.copy()
    copy.apply(values)
    return copy


def step_obstacles(workspace: Workspace, record: Record, step: Transition) -> list[Problem]:
    """List the problems that prevent the step; empty if it can be taken."""
    record = filled(workspace, record, step)
    problems = [p for p in final_problems(workspace, record) if not p.advice] if step.complete else []
    fields_with_problem = {problem.field for problem in problems}
    problems += [problem for problem in unfilled(record, step) if problem.field not in fields_with_problem]
    return problems + guard_problems(workspace, record, step)


def final_problems(workspace: Workspace, record: Record) -> list[Problem]:
    """List what prevents a record from being final: its own problems and those of the final checks."""
    problems = _own_problems(workspace, record)
    if orphaned := parents.problems_of_parent(workspace, record):
        return [*orphaned, *(problem for problem in problems if problem.field != orphaned[0].field)]
    problems += parents.problems_of_others(workspace, record)
    for check in workspace.extensions.final_checks:
        problems += check(workspace, record)
    return problems


def _own_problems(workspace: Workspace, record: Record) -> list[Problem]:
    """What the record itself lacks; a field whose text could not be read is told by its text, not as empty."""
    unread = unread_texts.obstacles(workspace, record)
    fields = {problem.field for problem in unread}
    return [*unread, *(problem for problem in record.problems(final=True) if problem.field not in fields)]


def guard_problems(workspace: Workspace, record: Record, step: Transition) -> list[Problem]:
    """Problems from the step's guard."""
    return problems_named(workspace, record, step.guard)


def problems_named(workspace: Workspace, record: Record, guard: str) -> list[Problem]:
    """Problems from the guard of that name; a record that belongs to nothing has no other problem than this."""
    if not guard:
        return []
    return parents.problems_of_parent(workspace, record) or workspace.extensions.guards[guard](workspace, record)


def take_step(
    workspace: Workspace,
    id_: str,
    name: str,
    reason: str = "",
    remarked: Iterable[Remark] = (),
    also: Mapping[str, object] | None = None,
    answer_by: date | None = None,
) -> Changes:
    """Take the step `name`; IncompleteError lists every problem that prevents it.

    `remarked`: fields with reasons, for a step that sends the record back. `also`: stored values by path, saved in the
    same act, so that a single undo takes back both. `answer_by`: the day by which remarks are to be answered.
    """
    record = permissions.living(workspace, id_)
    with workspace.store.together():  # a step may need another record first: the officer whom it names
        prepared = prepare_step(workspace, record, name, reason, remarked, also, answer_by)
        with workspace.store.act(prepared.action, record=id_) as act:
            write_step(workspace, act, prepared)
    return act.changes


class PreparedStep(Value):
    """A checked step that may be taken, with all its changes by record id."""

    id: str
    step: Transition
    action: str
    changes: Mapping[str, Mapping[str, Any]]


def prepare_step(
    workspace: Workspace,
    record: Record,
    name: str,
    reason: str = "",
    remarked: Iterable[Remark] = (),
    also: Mapping[str, object] | None = None,
    answer_by: date | None = None,
) -> PreparedStep:
    """Check a step without writing it, for an act that takes several steps; errors are those of `take_step`.

    Set the values of `also` in the record first if the checks must see them.
    """
    step = _step(workspace, record, name)
    reason = text.clean(reason).strip()
    remarked = list(remarked)
    _refuse_reason_or_remarks(step, reason, remarked)
    problems = step_obstacles(workspace, record, step)
    if problems:
        raise IncompleteError(problems)
    values = filled_values(workspace, record, step)
    own = record.apply(values) if values else {}
    changes = _changes(workspace, record, step, reason, remarked, answer_by)
    changes[record.id] = {**own, **(also or {}), **changes[record.id]}
    action = f"{step.label} {record.form.label.lower()}" + (f": {reason}" if reason else "")
    return PreparedStep(record.id, step, action, changes)


def write_step(workspace: Workspace, act: Writer, prepared: PreparedStep) -> None:
    """Write a checked step into an act: its changes, a snapshot of the record if the step keeps one, what follows."""
    step = prepared.step
    if step.snapshot and step.new_revision:  # keeps the paper of the revision that ends here
        act.snapshot(prepared.id)
    for changed, values in prepared.changes.items():
        act.update(changed, values)
    if step.snapshot and not step.new_revision:
        act.snapshot(prepared.id)
    follow_step(workspace, act, prepared.id)


def follow_step(workspace: Workspace, act: Writer, id_: str) -> None:
    """Do what the subjects add at the end of a step, such as keeping the papers of a locked record."""
    for follower in workspace.extensions.step_followers:
        follower(workspace, act, id_)


def _refuse_reason_or_remarks(step: Transition, reason: str, remarked: list[Remark]) -> None:
    """Refuse a missing reason, and remarks for a step that takes none; UserError."""
    if step.needs_reason and not reason:
        raise UserError(
            f"Cần ghi lý do khi {_label_in_sentence(step)}.",
            code="reason_missing",
            hint="Lý do được giữ trong lịch sử.",
            field="reason",
        )
    if remarked and not step.remarks:
        raise UserError(
            f"Bước «{step.label}» không nhận yêu cầu bổ sung theo ô.",
            code="remarks_not_taken",
            hint="Hãy ghi trong lý do.",
            field="remark",
        )


def _changes(
    workspace: Workspace,
    record: Record,
    step: Transition,
    reason: str,
    remarked: list[Remark],
    answer_by: date | None,
) -> dict[str, dict[str, Any]]:
    """The changes of a step by record id; the record itself comes last, because its state may depend on the others."""
    own: dict[str, Any] = {}
    if step.reason_field:
        own |= record.set(step.reason_field, reason)
    if step.remarks:
        own |= return_requests.add_remarks(
            workspace, record, return_requests.asked(workspace, record, remarked, reason), answer_by
        )
    if step.answer and (answer_filler := workspace.extensions.answer_fillers.get(record.kind)):
        own |= answer_filler(workspace, record, step.answer, reason)
    changes = workspace.extensions.effects[step.effect](workspace, record) if step.effect else {}
    own |= changes.pop(record.id, {}) | {"state": step.to}
    if step.new_revision:
        own["revision"] = record.revision + 1
    return {**changes, record.id: own}


def _step(workspace: Workspace, record: Record, name: str) -> Transition:
    workflow = workspace.forms.workflow(record.kind)
    steps = possible(workspace, record)
    names = ", ".join(f"{step.name} ({step.label})" for step in steps) or "không có bước nào"
    for step in workflow.leaving(record.state):
        if step.name == name:
            reason = _why_not(workspace, record, step)
            if reason:
                raise UserError(reason, code="wrong_step", hint=f"Các bước có thể làm: {names}.")
            return step
    state = workflow.state(record.state).label
    raise UserError(
        f"Hồ sơ đang ở trạng thái «{state}» nên không thể «{_label(workspace, record, name)}».",
        code="wrong_step",
        hint=f"Các bước có thể làm: {names}.",
    )


def _label(workspace: Workspace, record: Record, name: str) -> str:
    steps = workspace.forms.workflow(record.kind).transitions
    return next((step.label for step in steps if step.name == name), name)


def _why_not(workspace: Workspace, record: Record, step: Transition) -> str:
    """Why a step of the state does not apply to this record or may not be taken by this unit; "" if it may."""
    takers = workspace.forms.workflow(record.kind).takers(record.state, step)
    if takers and workspace.identity.unit.level not in takers and not _is_author(workspace, record, step):
        levels = ", ".join(workspace.forms.levels.of(level).in_sentence for level in takers)
        return f"Bước «{step.label}» do {levels} làm; hãy bàn giao hồ sơ và nhận kết quả qua gói của {levels}."
    if step.author and not permissions.is_own(workspace, record):
        return f"Bước «{step.label}» do đơn vị lập hồ sơ làm; nơi khác thì trả lại hồ sơ kèm lý do."
    if not holds(step.when, record.data):
        return f"Bước «{step.label}» chỉ dành cho hồ sơ có {_condition_text(workspace, record, step.when)}."
    return ""


def _is_author(workspace: Workspace, record: Record, step: Transition) -> bool:
    """Whether a step of the unit that has the record in hand is this unit's, because it made the record itself."""
    holder = workspace.forms.workflow(record.kind).state(record.state).holder
    return not step.by and holder == workspace.forms.levels.makers.name and permissions.is_own(workspace, record)


def _condition_text(workspace: Workspace, record: Record, condition: Mapping[str, object]) -> str:
    """A condition as text with the labels of the form: «Nguồn kinh phí là Khuyến công quốc gia»."""
    parts = []
    for name, expected in condition.items():
        field = record.form.field(name)
        values = expected if isinstance(expected, tuple) else (expected,)
        texts = [
            type_of(field).text(value, field, workspace.forms) for value in values if isinstance(value, str | bool)
        ]
        parts.append(f"«{field.label}» là {' hoặc '.join(texts)}" if texts else f"«{field.label}» khác")
    return ", ".join(parts)


def unfilled(record: Record, step: Transition) -> Iterator[Problem]:
    """Yield the fields that the step requires and that are empty."""
    for name in step.requires:
        if record.value(name) in _EMPTY:
            yield Problem(name, f"Cần có «{record.form.field(name).label}» trước khi {_label_in_sentence(step)}.")


def _label_in_sentence(step: Transition) -> str:
    return step.label[:1].lower() + step.label[1:]

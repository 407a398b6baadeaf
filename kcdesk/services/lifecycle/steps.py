"""The steps of a record's life, by name: «Chốt», «Phê duyệt», «Sửa thành bản mới»."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kcdesk import text
from kcdesk.errors import IncompleteError, Problem, UserError
from kcdesk.formdef.conditions import holds
from kcdesk.formdef.model import Transition
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.lifecycle import return_requests
from kcdesk.services.lifecycle.return_requests import Remark
from kcdesk.services.records import permissions
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

if TYPE_CHECKING:
    from kcdesk.store.writer import Writer

_LEVELS = {"lower": "cấp dưới", "province": "cấp tỉnh"}


def possible(workspace: Workspace, record: Record) -> tuple[Transition, ...]:
    """The steps that lead on from the record's stored state, concern it, and are this unit's to take."""
    leaving = workspace.forms.workflow(record.kind).leaving(record.state)
    return tuple(step for step in leaving if not _why_not(workspace, record, step))


def likeliest(record: Record, offered: Iterable[Transition]) -> Transition | None:
    """The step that an officer most likely takes next: one whose fields are all filled in, else the first forward."""
    forward = [step for step in offered if not step.needs_reason]
    ready = [step for step in forward if step.requires and not list(_unfilled(record, step))]
    asks_nothing = [step for step in forward if not step.requires]
    return next(iter([*ready, *asks_nothing, *forward]), None)


def obstacles(workspace: Workspace, record: Record, step: Transition) -> list[Problem]:
    """What must be put right before the step can be taken; empty when it can."""
    problems = whole(workspace, record) if step.complete else []
    named = {problem.field for problem in problems}
    problems += [problem for problem in _unfilled(record, step) if problem.field not in named]
    return problems + guarded(workspace, record, step)


def whole(workspace: Workspace, record: Record) -> list[Problem]:
    """What keeps a record from being final: by itself, and beside what else is on record."""
    problems = record.problems(final=True)
    for check in workspace.extensions.final_checks:
        problems += check(workspace, record)
    return problems


def guarded(workspace: Workspace, record: Record, step: Transition) -> list[Problem]:
    """Problems from the step's guard."""
    return workspace.extensions.guards[step.guard](workspace, record) if step.guard else []


def take(
    workspace: Workspace,
    id_: str,
    name: str,
    reason: str = "",
    remarked: Iterable[Remark] = (),
    also: Mapping[str, object] | None = None,
) -> Changes:
    """Take the step called `name`; IncompleteError lists everything that stands in the way.

    A step that sends the record back may name fields, each with its own reason: `remarked`. `also` is kept in the same
    act, so that one undo takes back both: stored values by path.
    """
    prepared = prepare(workspace, permissions.living(workspace, id_), name, reason, remarked, also)
    with workspace.store.act(prepared.action) as act:
        write(act, prepared)
    return act.changes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A step that may be taken: everything that it changes, by record."""

    id: str
    step: Transition
    action: str
    changes: Mapping[str, Mapping[str, Any]]


def prepare(
    workspace: Workspace,
    record: Record,
    name: str,
    reason: str = "",
    remarked: Iterable[Remark] = (),
    also: Mapping[str, object] | None = None,
) -> Prepared:
    """A step up to the point where it is written, for an act that takes several; IncompleteError as `take` raises.

    `also` has been set in the record already, where its checks are to see it.
    """
    step = _step(workspace, record, name)
    reason = text.clean(reason).strip()
    remarked = list(remarked)
    _refuse_words(step, reason, remarked)
    problems = obstacles(workspace, record, step)
    if problems:
        raise IncompleteError(problems)
    changes = _changes(workspace, record, step, reason, remarked)
    changes[record.id] = {**(also or {}), **changes[record.id]}
    action = f"{step.label} {record.form.label.lower()}" + (f": {reason}" if reason else "")
    return Prepared(record.id, step, action, changes)


def write(act: Writer, prepared: Prepared) -> None:
    """Write a step into an act: its changes, and what the record said where the step keeps that."""
    step = prepared.step
    if step.snapshot and step.new_revision:  # the paper of the revision that ends here
        act.snapshot(prepared.id)
    for changed, values in prepared.changes.items():
        act.update(changed, values)
    if step.snapshot and not step.new_revision:
        act.snapshot(prepared.id)


def _refuse_words(step: Transition, reason: str, remarked: list[Remark]) -> None:
    """A reason where one is asked for; remarks only where the step has a place for them."""
    if step.needs_reason and not reason:
        raise UserError(
            f"Cần ghi lý do khi {_act(step)}.",
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
    workspace: Workspace, record: Record, step: Transition, reason: str, remarked: list[Remark]
) -> dict[str, dict[str, Any]]:
    """All that the step changes, by record; the record itself comes last, for its state may rest on the others."""
    own: dict[str, Any] = {}
    if step.reason_field:
        own |= record.set(step.reason_field, reason)
    if step.remarks:
        own |= return_requests.write(workspace, record, remarked)
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
    """Why a step that the state has is not this record's, or not this unit's to take; "" when it is."""
    if step.by and workspace.identity.unit.level not in step.by:
        levels = ", ".join(_LEVELS[level] for level in step.by)
        return f"Bước «{step.label}» do {levels} làm; hãy bàn giao hồ sơ và nhận kết quả qua gói của {levels}."
    if not holds(step.when, record.data):
        return f"Bước «{step.label}» chỉ dành cho hồ sơ có {_told(workspace, record, step.when)}."
    return ""


def _told(workspace: Workspace, record: Record, condition: Mapping[str, object]) -> str:
    """A condition in the words of the form: «Nguồn kinh phí là Khuyến công quốc gia»."""
    told = []
    for name, wanted in condition.items():
        field = record.form.field(name)
        values = wanted if isinstance(wanted, tuple) else (wanted,)
        texts = [
            type_of(field).text(value, field, workspace.forms) for value in values if isinstance(value, str | bool)
        ]
        told.append(f"«{field.label}» là {' hoặc '.join(texts)}" if texts else f"«{field.label}» khác")
    return ", ".join(told)


def _unfilled(record: Record, step: Transition) -> Iterator[Problem]:
    for name in step.requires:
        if record.value(name) in (None, "", []):
            yield Problem(name, f"Cần có «{record.form.field(name).label}» trước khi {_act(step)}.")


def _act(step: Transition) -> str:
    return step.label[:1].lower() + step.label[1:]

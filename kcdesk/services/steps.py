"""The steps of a record's life, by name: «Chốt», «Phê duyệt», «Sửa thành bản mới»."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from kcdesk import text
from kcdesk.errors import IncompleteError, Problem, UserError
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Transition
from kcdesk.formdef.record import Record
from kcdesk.services import guarding, product_votes
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

Guard = Callable[[Workspace, Record], str]


def possible(workspace: Workspace, record: Record) -> tuple[Transition, ...]:
    """The steps that lead on from the record's stored state."""
    return workspace.forms.workflow(record.kind).leaving(record.state)


def obstacles(workspace: Workspace, record: Record, step: Transition) -> list[Problem]:
    """What must be put right before the step can be taken; empty when it can."""
    problems = list(record.problems(final=True)) if step.complete else []
    named = {problem.field for problem in problems}
    for name in step.requires:
        if name not in named and record.value(name) in (None, "", []):
            label = record.form.field(name).label
            problems.append(Problem(name, f"Cần có «{label}» trước khi {_act(step)}."))
    if step.complete:
        from kcdesk.services import ceilings, support  # the norms are read when a step asks, not at the start

        problems += ceilings.obstacles(workspace, record)
        problems += support.obstacles(workspace, record)
    if step.guard:
        sentence = GUARDS[step.guard](workspace, record)
        if sentence:
            problems.append(Problem("", sentence))
    return problems


def take(workspace: Workspace, id_: str, name: str, reason: str = "") -> Changes:
    """Take the step called `name`; IncompleteError lists everything that stands in the way."""
    record = guarding.living(workspace, id_)
    step = _step(workspace, record, name)
    reason = text.clean(reason).strip()
    if step.needs_reason and not reason:
        raise UserError(
            f"Cần ghi lý do khi {_act(step)}.",
            code="reason_missing",
            hint="Lý do được giữ trong lịch sử.",
            field="reason",
        )
    problems = obstacles(workspace, record, step)
    if problems:
        raise IncompleteError(problems)
    changes: dict[str, object] = {"state": step.to}
    if step.new_revision:
        changes["revision"] = record.revision + 1
    action = f"{step.label} {record.form.label.lower()}" + (f": {reason}" if reason else "")
    with workspace.store.act(action) as act:
        act.update(id_, changes)
        if step.snapshot:
            act.snapshot(id_)
    return act.changes


def refuse_unknown_guards(forms: Forms) -> None:
    """Every guard that the data name must be known here; UserError `bad_forms` names the one that is not."""
    for kind in forms.kinds:
        for step in forms.workflow(kind).transitions:
            if step.guard and step.guard not in GUARDS:
                raise UserError(
                    f"Bước «{step.name}» ({kind}) trong forms/workflow.toml đòi điều kiện lạ «{step.guard}».",
                    code="bad_forms",
                    hint=f"Các điều kiện có sẵn: {', '.join(GUARDS)}.",
                )


def _step(workspace: Workspace, record: Record, name: str) -> Transition:
    steps = possible(workspace, record)
    for step in steps:
        if step.name == name:
            return step
    state = workspace.forms.workflow(record.kind).state(record.state)
    names = ", ".join(f"{step.name} ({step.label})" for step in steps) or "không có bước nào"
    raise UserError(
        f"Hồ sơ đang ở trạng thái «{state.label}» nên không thể «{name}».",
        code="wrong_step",
        hint=f"Các bước có thể làm: {names}.",
    )


def _act(step: Transition) -> str:
    return step.label[:1].lower() + step.label[1:]


def _has_final_contract(workspace: Workspace, record: Record) -> str:
    contracts = workspace.store.children(record.id, "contract")
    if any(contract.data.get("state") == "final" for contract in contracts):
        return ""
    return "Chưa có hợp đồng nào của đề án được chốt."


def _is_accepted_everywhere(workspace: Workspace, record: Record) -> str:
    acceptances = [a for a in workspace.store.children(record.id, "acceptance") if a.data.get("state") == "final"]
    if not acceptances:
        return "Chưa có biên bản nghiệm thu nào của đề án được chốt."
    followed = {a.data.get("previous") for a in acceptances}  # by a later visit of the same site
    refused = [a for a in acceptances if a.id not in followed and a.data.get("conclusion") != "accepted"]
    if refused:
        return f"Còn {len(refused)} lần nghiệm thu chưa đạt."
    visited = {a.data.get("site") for a in acceptances}
    waiting = [row["name"] for row in record.rows("sites") if row.get("name") and row["name"] not in visited]
    if waiting:
        return f"Còn {len(waiting)} địa điểm chưa nghiệm thu: {waiting[0]}."
    return ""


# Named in forms/workflow.toml; what a guard asks needs other dossiers, so it cannot be a rule over one record.
GUARDS: Mapping[str, Guard] = MappingProxyType(
    {
        "has_final_contract": _has_final_contract,
        "is_accepted_everywhere": _is_accepted_everywhere,
        "every_entry_is_scored": product_votes.every_entry_is_scored,
        "every_judge_has_scored": product_votes.every_judge_has_scored,
        "may_be_certified": product_votes.may_be_certified,
    }
)

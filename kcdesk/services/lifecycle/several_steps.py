"""One step for several records of a kind: what any of them may do, done for those that are ready, in one act."""

from __future__ import annotations

from collections.abc import Sequence

from kcdesk.errors import UserError
from kcdesk.formdef.model import Transition
from kcdesk.runtime.frozen import Value
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import permissions, titles
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.text import format_integer


class RefusedStep(Value):
    """A record that could not take the step, and why."""

    record: str
    title: str
    reason: str


class SeveralSteps(Value):
    """What was done: the changes, None if nothing was; how many records took the step; those that could not."""

    changes: Changes | None
    taken: int
    refused: tuple[RefusedStep, ...]


def offered_steps(workspace: Workspace, ids: Sequence[str]) -> list[tuple[Transition, tuple[str, ...]]]:
    """The steps of these records in the order of the workflow, each with those that have it; none for several kinds.

    A step that sends back with remarks at fields is taken in each record.
    """
    records = [workspace.store.record(id_) for id_ in ids]
    if len({record.kind for record in records}) != 1:
        return []
    offered = {record.id: {step.name for step in steps.possible(workspace, record)} for record in records}
    transitions = workspace.forms.workflow(records[0].kind).transitions
    having = ((step, tuple(id_ for id_ in ids if step.name in offered[id_])) for step in transitions)
    return [(step, those) for step, those in having if those and not step.remarks]


def take_for_all(workspace: Workspace, ids: Sequence[str], name: str, reason: str = "") -> SeveralSteps:
    """Take a step for each record that is ready, all in one act, so that one undo takes all back."""
    prepared, refused = [], []
    for id_ in ids:
        record = permissions.living(workspace, id_)
        try:
            prepared.append(steps.prepare_step(workspace, record, name, reason))
        except UserError as error:
            refused.append(RefusedStep(id_, titles.title_of(workspace, record), error.message))
    if not prepared:
        return SeveralSteps(None, 0, tuple(refused))
    with workspace.store.act(f"{prepared[0].step.label} {format_integer(len(prepared))} hồ sơ") as act:
        for step in prepared:
            steps.write_step(workspace, act, step)
    return SeveralSteps(act.changes, len(prepared), tuple(refused))

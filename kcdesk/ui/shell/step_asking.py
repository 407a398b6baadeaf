"""What is asked and said about a step of a dossier: what it does, why it is taken, whether it could be taken now."""

from __future__ import annotations

from collections.abc import Sequence

from kcdesk import handbook
from kcdesk.errors import IncompleteError, Problem
from kcdesk.formdef.model import Transition
from kcdesk.formdef.record import Record
from kcdesk.services.lifecycle import step_outcome, steps
from kcdesk.ui.shell.context import Context


def outcome(context: Context, record: Record, step: Transition) -> str:
    """Return in half a line what the step does."""
    workflow = context.workspace.forms.workflow(record.kind)
    return step_outcome.outcome(workflow, workflow.state(record.state), step)


def reason(context: Context, record: Record, title: str, step: Transition) -> str:
    """Ask why the step is taken, saying what it will do; "" when the officer cancels.

    IncompleteError for a step that could not be taken: nobody writes a reason for nothing.
    """
    if obstacles := steps.step_obstacles(context.workspace, record, step):
        raise IncompleteError(obstacles)
    what = f"«{title}»: {outcome(context, record, step)}."
    return context.messages.ask_text(step.label, "Lý do", step.label, "Giữ nguyên", detail=what)


def refuse(context: Context, record_id: str, step: Transition, error: IncompleteError) -> None:
    """Say why the step cannot be taken, until what the message names is mended; the page lists the rest."""
    first = _named(error.problems[:1])

    def is_mended() -> bool:
        record = context.workspace.store.record(record_id)
        return not first & _named(steps.step_obstacles(context.workspace, record, step))

    context.messages.problem(error.message, error.hint, mended=is_mended, topic=handbook.topic_of(error))


def _named(problems: Sequence[Problem]) -> set[tuple[str, str]]:
    return {(problem.field, problem.message) for problem in problems}

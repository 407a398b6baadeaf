"""Whom a record waits for, since when, or that nothing is left to do: said of every state without a step of its own.

The sentences stand in `forms/workflow.toml`. A record that belongs to another one and is final points to that one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from kcdesk import moments, text
from kcdesk.errors import Problem
from kcdesk.formdef.conditions import holds
from kcdesk.formdef.model import Transition, Wait
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import parents, permissions, titles
from kcdesk.services.workspace import Workspace
from kcdesk.store.clock import moment_of


class NextNote(Value):
    """A sentence on what comes next; `record` is another dossier to open, `step` a step of this one, "" for neither."""

    text: str
    hint: str = ""
    record: str = ""
    step: str = ""


def notes_of(
    workspace: Workspace, record: Record, possible: Iterable[Transition], next_step: str
) -> tuple[NextNote, ...]:
    """What the officer is told about a record besides its next step (a step's name, "" for none)."""
    waits = _waits(workspace, record)
    notes = [
        NextNote(_dated(record, _sentence(workspace, record, wait)), _hint(workspace, record, wait)) for wait in waits
    ]
    notes += [
        NextNote(f"Cũng có thể: «{step.label}».", step=step.name)
        for step in possible
        if step.leads_forward and step.name != next_step and (step.onward or _goes_beside(possible, next_step))
    ]
    return tuple(notes) if notes or next_step else tuple(_last_notes(workspace, record))


def waits_text(workspace: Workspace, record: Record) -> str:
    """Whom the record waits for, without the date; "" if it waits for nobody."""
    return next((_sentence(workspace, record, wait) for wait in _waits(workspace, record)), "")


def state_since(record: Record) -> date | None:
    """The day on which the record came into its state, by the clock of the laptop that took the step."""
    stamp = record.stamps.get("state")
    return moments.day(moment_of(stamp)) if stamp else None


def remaining(workspace: Workspace, record: Record, *, advised: bool) -> list[Problem]:
    """What remains to be filled in or done in a locked state; `advised` where a step is possible all the same."""
    state = workspace.forms.workflow(record.kind).state(record.state)
    unfilled = [
        Problem(name, f"Chưa ghi «{record.form.field(name).label}».", advice=advised)
        for name in state.asks
        if record.is_visible(name) and record.value(name) in (None, "", [])
    ]
    return unfilled + steps.problems_named(workspace, record, state.task)


# -- inside --------------------------------------------------------------------------------------------------------


def _goes_beside(possible: Iterable[Transition], next_step: str) -> bool:
    """Whether the next step itself is only one of two ways on."""
    return any(step.name == next_step and step.onward for step in possible)


def _waits(workspace: Workspace, record: Record) -> list[Wait]:
    level = workspace.identity.unit.level
    waits = [
        wait
        for wait in workspace.forms.workflow(record.kind).state(record.state).waits
        if (not wait.at or (level in wait.at and not _waits_for_itself(workspace, record)))
        and holds(wait.when, record.data)
    ]
    return [] if waits and _has_come(workspace, record) else waits


def _has_come(workspace: Workspace, record: Record) -> bool:
    """Whether what is waited for is here: the next step asks for something, and nothing of it is missing."""
    step = steps.likeliest(workspace, record, steps.possible(workspace, record))
    if step is None or not (step.requires or step.guard):
        return False
    return all(problem.advice for problem in steps.step_obstacles(workspace, record, step))


def _waits_for_itself(workspace: Workspace, record: Record) -> bool:
    """Whether the unit that has the record in hand is this one, although it is of another level."""
    holder = workspace.forms.workflow(record.kind).state(record.state).holder
    return holder == workspace.forms.levels.makers.name and permissions.is_own(workspace, record)


def _sentence(workspace: Workspace, record: Record, wait: Wait) -> str:
    names: Mapping[str, str] = defaultdict(str, {name: record.text(name) for name in _fields_in(wait.text, record)})
    unit = _author(workspace, record) if "{unit}" in wait.text else ""
    return wait.text.format_map({**names, "unit": unit})


def _hint(workspace: Workspace, record: Record, wait: Wait) -> str:
    """What the officer does meanwhile; how it is sent only as long as no package has taken it along in its state."""
    sent = workspace.store.packages.last_carried(record.id, "out") if wait.unsent_hint else None
    is_sent = sent is not None and sent.stamp >= record.stamps.get("state", "")
    return " ".join(filter(None, ("" if is_sent else wait.unsent_hint, wait.hint)))


def _fields_in(sentence: str, record: Record) -> list[str]:
    return [name for name in record.form.by_name if f"{{{name}}}" in sentence]


def _author(workspace: Workspace, record: Record) -> str:
    """The name of the unit that made the record; its code if no name is known."""
    unit = workspace.store.get(record.id).unit
    return next((partner.name for partner in workspace.store.partners.list() if partner.unit == unit), unit)


def _dated(record: Record, sentence: str) -> str:
    since = state_since(record)
    return f"{sentence}, từ ngày {text.format_date(since)}." if since else f"{sentence}."


def _last_notes(workspace: Workspace, record: Record) -> list[NextNote]:
    """The sentence of a record without a step forward: its end, or the next step of the record that it belongs to."""
    state = workspace.forms.workflow(record.kind).state(record.state)
    if remaining(workspace, record, advised=False):
        return []
    if state.ends:
        return [NextNote(_dated(record, state.ends))]
    parent = parents.parent_of(workspace, record)
    return [_note_of_parent(workspace, parent, record)] if parent else []


def _note_of_parent(workspace: Workspace, parent: Record, record: Record) -> NextNote:
    """The next step of the parent, or what it waits for in this record: else each would point to the other."""
    state = workspace.forms.workflow(parent.kind).state(parent.state)
    step = steps.likeliest(workspace, parent, steps.possible(workspace, parent))
    gaps = steps.guard_problems(workspace, parent, step) if step else []
    if here := next((gap for gap in gaps if gap.record == record.id and gap.there), None):
        return NextNote(f"Còn việc ở đây: {text.lower_first(here.message)}")
    waits = _waits(workspace, parent)
    following = f"bước tiếp theo là «{step.label}»" if step else f"đang ở trạng thái «{state.label}»"
    if waits:
        following = text.lower_first(_dated(parent, _sentence(workspace, parent, waits[0]))).rstrip(".")
    return NextNote(f"Xong phần này. «{titles.title_of(workspace, parent)}»: {following}.", record=parent.id)

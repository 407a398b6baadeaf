"""«Hồ sơ còn thiếu gì?»: what a dossier lacks for its next step, in any state."""

from __future__ import annotations

from typing import Any

from kcdesk.errors import Problem
from kcdesk.formdef.model import Transition
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.lifecycle import return_requests, steps, waiting
from kcdesk.services.lifecycle.waiting import NextNote
from kcdesk.services.records import parents, permissions
from kcdesk.services.workspace import Workspace


class Outlook(Value):
    """The possible steps of a record and what is missing for the next one; computed once each time it is shown."""

    possible: tuple[Transition, ...]
    next_step: Transition | None  # the likeliest of the possible steps; None if no step is left
    problems: tuple[Problem, ...]
    notes: tuple[NextNote, ...] = ()  # whom the record waits for, where its work goes on, or that it has ended
    differences: tuple[Problem, ...] = ()  # what is said in every state and prevents no step

    @property
    def must(self) -> tuple[Problem, ...]:
        """What prevents the next step."""
        return tuple(problem for problem in self.problems if not problem.advice)

    @property
    def advice(self) -> tuple[Problem, ...]:
        """What should be there, but prevents nothing."""
        return tuple(problem for problem in self.problems if problem.advice)

    @property
    def contradictions(self) -> tuple[Problem, ...]:
        """What does not agree with other dossiers or with itself, such as amounts."""
        return tuple(problem for problem in self.differences if not problem.advice)

    @property
    def wishes(self) -> tuple[Problem, ...]:
        """Everything that should be there: also what nobody is asked about before a step."""
        return (*self.advice, *(problem for problem in self.differences if problem.advice))

    @property
    def step(self) -> str:
        """The label of the next step; "" if no step is left."""
        return self.next_step.label if self.next_step else ""


def outlook_of(workspace: Workspace, record: Record) -> Outlook:
    """List what is missing for the next step; while the record is editable, also its papers."""
    possible = steps.possible(workspace, record)
    step = steps.likeliest(workspace, record, possible)
    open_requests = return_requests.open_problems(record)
    if workspace.forms.workflow(record.kind).state(record.state).editable:
        problems = [*open_requests, *steps.final_problems(workspace, record), *_while_drafting(workspace, record)]
        problems += (
            steps.guard_problems(workspace, record, step) if step and not open_requests else []
        )  # the guard checks after the answers
    else:
        problems = open_requests + (steps.step_obstacles(workspace, record, step) if step else [])
        problems += waiting.remaining(workspace, record, advised=step is not None)
    notes = waiting.notes_of(workspace, record, possible, step.name if step else "")
    differences = _at_any_time(workspace, record)
    return Outlook(possible, step, tuple(dict.fromkeys(problems)), notes, tuple(differences))


def _at_any_time(workspace: Workspace, record: Record) -> list[Problem]:
    return [problem for check in workspace.extensions.lasting_checks for problem in check(workspace, record)]


def _while_drafting(workspace: Workspace, record: Record) -> list[Problem]:
    if parents.problems_of_parent(workspace, record):
        return []
    check = workspace.extensions.draft_checks.get(record.kind)
    return check(workspace, record) if check else []


def advice_before(workspace: Workspace, record_id: str, step: str) -> list[str]:
    """What is pointed out before a step that closes a record, as the window asks about it; [] for other steps."""
    record = workspace.store.record(record_id)
    closing = next((each for each in steps.possible(workspace, record) if each.name == step and each.complete), None)
    return [problem.message for problem in _while_drafting(workspace, record) if problem.advice] if closing else []


def paper_rows(_workspace: Workspace, record: Record) -> list[dict[str, str]]:
    """What the letter asks for: the remarks with which the record was sent back, rows of {"section", "message"}."""
    return return_requests.asked_rows(record)


def paper_figures(_workspace: Workspace, record: Record) -> list[str]:
    """What the letter asks for: with other remarks, it is another letter."""
    return [f"{row['section']}: {row['message']}" for row in return_requests.asked_rows(record)]


def awaits_answers(workspace: Workspace, record: Record) -> bool:
    """Whether this office has sent the record back and waits for the unit that has it in hand."""
    holder = workspace.forms.workflow(record.kind).state(record.state).holder
    is_elsewhere = holder not in ("", workspace.identity.unit.level) and not permissions.is_own(workspace, record)
    return is_elsewhere and bool(return_requests.open_problems(record))


def offers_letter(workspace: Workspace, record: Record) -> bool:
    """Whether the letter with the remarks belongs to the present state of the record."""
    return bool(letter(workspace, record.kind)) and awaits_answers(workspace, record)


def letter(workspace: Workspace, kind: str) -> str:
    """The layout of the letter with the remarks; "" for kinds without a letter."""
    letters = workspace.forms.once("letters", lambda: _letters(workspace))
    return letters.get(kind, "")


def _letters(workspace: Workspace) -> dict[str, str]:
    """The first layout with a list of remarks, by kind."""
    letters: dict[str, str] = {}
    for layout in workspace.layouts.values():
        if "problems" in layout.uses:
            letters.setdefault(layout.kind, layout.id)
    return letters


def as_json(outlook: Outlook) -> dict[str, Any]:
    """{"step", "missing": [{"field", "message"}]}, as the command line prints it."""
    return {
        "step": outlook.step,
        "missing": [{"field": problem.field, "message": problem.message} for problem in outlook.problems],
    }


def sentences(outlook: Outlook) -> list[str]:
    """What is said besides: differences, whom the record waits for, or that it has ended."""
    return [line.message for line in outlook.differences] + [note.text for note in outlook.notes]

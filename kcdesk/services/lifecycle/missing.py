"""«Hồ sơ còn thiếu gì?»: what a dossier lacks for its next step, now, wherever it is in its life."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.services.lifecycle import return_requests, steps
from kcdesk.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Lacking:
    """What is missing, and the label of the step that it is missing for ("" where no step is left)."""

    step: str
    problems: tuple[Problem, ...]


def of(workspace: Workspace, record: Record) -> Lacking:
    """What stands between a dossier and its next step; while it is being written, its papers too."""
    step = steps.next_step(workspace, record)
    asked = return_requests.open_problems(record)
    if workspace.forms.workflow(record.kind).state(record.state).editable:
        found = [*asked, *steps.whole(workspace, record), *_while_drafting(workspace, record)]
        found += steps.guarded(workspace, record, step) if step and not asked else []  # it asks after the answers
    else:
        found = asked + (steps.obstacles(workspace, record, step) if step else [])
    return Lacking(step.label if step else "", tuple(dict.fromkeys(found)))


def _while_drafting(workspace: Workspace, record: Record) -> list[Problem]:
    check = workspace.extensions.draft_checks.get(record.kind)
    return check(workspace, record) if check else []


def paper_rows(workspace: Workspace, record: Record) -> list[dict[str, str]]:
    """What the record lacks for its next step, with the section where it belongs: {"section", "message"}."""
    sections = {field.name: section.label for section in record.form.sections for field in section.fields}
    return [
        {"section": sections.get(problem.field.partition("/")[0], ""), "message": problem.message}
        for problem in of(workspace, record).problems
    ]


def letter(workspace: Workspace, kind: str) -> str:
    """The name of the letter that asks for what is missing; "" for kinds that have none."""
    names = [layout.id for layout in workspace.layouts.values() if layout.kind == kind and "problems" in layout.uses]
    return names[0] if names else ""


def as_json(lacking: Lacking) -> dict[str, Any]:
    """{"step", "missing": [{"field", "message"}]}, as the command line prints it."""
    return {
        "step": lacking.step,
        "missing": [{"field": problem.field, "message": problem.message} for problem in lacking.problems],
    }

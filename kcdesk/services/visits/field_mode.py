"""The steps of a visit in field mode, with their questions and the unanswered ones.

A step is a section of the form; a checklist makes a step for each of its groups (papers, facts on site).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kcdesk.formdef.model import Field, Section
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.values import is_blank
from kcdesk.runtime.frozen import Value

_GROUP = "group"
_ANSWER = "result"

Editable = Callable[[str], bool]


class Step(Value):
    """A page of field mode; `asked` and `open` are paths of fields and of cells: all questions, unanswered ones."""

    id: str
    label: str
    section: str
    group: str  # of a checklist; "" for the whole section
    fields: tuple[str, ...]
    asked: tuple[str, ...]
    open: tuple[str, ...]


def steps(record: Record, editable: Editable) -> list[Step]:
    """List the steps with editable fields, in the order of the paper."""
    visible = {field.name for field in record.fields_visible()}
    return [
        step
        for section in record.form.sections
        if (fields := [field for field in section.fields if field.name in visible and editable(field.name)])
        for step in _steps_of_section(record, section, fields)
    ]


def step_of(steps: Sequence[Step], record: Record, path: str) -> Step | None:
    """The step that contains a field or a cell; None if no step does."""
    name, _, rest = path.partition("/")
    holding = [step for step in steps if name in step.fields]
    if len(holding) < 2 or not rest:
        return holding[0] if holding else None
    group = record.value(f"{name}/{rest.partition('/')[0]}/{_GROUP}")
    return next((step for step in holding if step.group == group), holding[0])


def next_open(steps: Sequence[Step], record: Record, path: str) -> str:
    """The first open question after `path` in the order of the paper, else the first of all; "" when none is left."""
    open_ = [question for step in steps for question in step.open]
    position = _position_of(record, path) if path else (-1, 0.0, 0)
    return next(
        (question for question in open_ if _position_of(record, question) > position), open_[0] if open_ else ""
    )


def open_question(steps: Sequence[Step], record: Record, path: str, skipped: str) -> str:
    """The first open question of the step where the officer is, else the next one as `next_open` finds it.

    `skipped` is the question that was shown last: whoever is still at it wants to go on. "" when none is left.
    """
    step = step_of(steps, record, path) if path else None
    first = step.open[0] if step is not None and step.open else ""
    is_here = first and _is_at(path, first)
    return first if first and not is_here and not _is_at(path, skipped) else next_open(steps, record, path)


def _is_at(path: str, question: str) -> bool:
    """Whether a path is the question, or the item of a checklist that it asks."""
    return bool(question) and (path == question or path == question.removesuffix(f"/{_ANSWER}"))


def _steps_of_section(record: Record, section: Section, fields: Sequence[Field]) -> Iterator[Step]:
    for group, label in _groups(record, fields) or [("", section.label)]:
        questions = [question for field in fields for question in _questions(record, field, group)]
        yield Step(
            f"{section.id}:{group}" if group else section.id,
            label,
            section.id,
            group,
            tuple(field.name for field in fields),
            tuple(path for path, _answered in questions),
            tuple(path for path, answered in questions if not answered),
        )


def _groups(record: Record, fields: Sequence[Field]) -> list[tuple[str, str]]:
    """Value and label of each group of the section's checklist, in the order of its items."""
    for field in fields:
        if type_of(field).is_checklist and record.forms:
            groups = dict.fromkeys(row[_GROUP] for row in record.rows(field.name) if _GROUP in row)
            labels = {choice.value: choice.label for choice in record.forms.choices(field.column(_GROUP))}
            return [(group, labels.get(group, group)) for group in groups]
    return []


def _questions(record: Record, field: Field, group: str) -> Iterator[tuple[str, bool]]:
    """Yield every path that must be answered, and whether it is; a table without rows is a single question."""
    if record.is_required(field.name) and not (group and field.columns):
        yield field.name, not is_blank(record.value(field.name))
    columns = [column.name for column in field.columns if column.required or column.required_when]
    rows = record.rows(field.name) if columns else []
    for row in (row for row in rows if not group or row.get(_GROUP) == group):
        for column in columns:
            path = f"{field.name}/{row['id']}/{column}"
            if record.is_required(path):
                yield path, not is_blank(row.get(column))


def _position_of(record: Record, path: str) -> tuple[int, float, int]:
    """The position of a path in the paper: field, row, column.

    The path of a row counts after its cells; the path of a checklist item counts as its answer, so that the further
    questions of the item follow.
    """
    name, *rest = path.split("/")
    names = [field.name for field in record.form.fields]
    if not rest:
        return names.index(name), 0.0, 0
    field = record.form.field(name)
    columns = [column.name for column in field.columns]
    row = next((number for number, row in enumerate(record.rows(name), 1) if row["id"] == rest[0]), 0)
    after_cells = columns.index(_ANSWER) if type_of(field).is_checklist else len(columns)
    return names.index(name), float(row), columns.index(rest[1]) if len(rest) > 1 else after_cells

"""The steps of a visit in field mode: which there are, what each asks, what is still to be answered.

A step is a section of the form; a checklist gives one step for each of its groups (papers, facts on site).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kcdesk.formdef.model import Field, Section
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.values import is_blank

_GROUP = "group"
_ANSWER = "result"

Editable = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """One page of field mode; `asked` and `open` are paths of fields, rows' cells included."""

    id: str
    label: str
    section: str
    group: str  # of a checklist; empty: all of the section
    fields: tuple[str, ...]
    asked: tuple[str, ...]
    open: tuple[str, ...]


def steps(record: Record, editable: Editable) -> list[Step]:
    """The steps with something to fill in, in the paper's order."""
    visible = {field.name for field in record.fields_visible()}
    return [
        step
        for section in record.form.sections
        if (fields := [field for field in section.fields if field.name in visible and editable(field.name)])
        for step in _of_section(record, section, fields)
    ]


def step_of(steps: Sequence[Step], record: Record, path: str) -> Step | None:
    """The step that holds a field or a cell; None when no step does."""
    name, _, rest = path.partition("/")
    holding = [step for step in steps if name in step.fields]
    if len(holding) < 2 or not rest:
        return holding[0] if holding else None
    group = record.value(f"{name}/{rest.partition('/')[0]}/{_GROUP}")
    return next((step for step in holding if step.group == group), holding[0])


def next_open(steps: Sequence[Step], record: Record, path: str) -> str:
    """The first unanswered question after `path` in the paper's order, else the first of all; "" when none is left."""
    open_ = [found for step in steps for found in step.open]
    here = _place(record, path) if path else (-1, 0.0, 0)
    return next((found for found in open_ if _place(record, found) > here), open_[0] if open_ else "")


def _of_section(record: Record, section: Section, fields: Sequence[Field]) -> Iterator[Step]:
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
    """Value and label of the groups of the section's checklist, in the order of its items."""
    for field in fields:
        if type_of(field).is_checklist and record.forms:
            found = dict.fromkeys(row[_GROUP] for row in record.rows(field.name) if _GROUP in row)
            labels = {choice.value: choice.label for choice in record.forms.choices(field.column(_GROUP))}
            return [(group, labels.get(group, group)) for group in found]
    return []


def _questions(record: Record, field: Field, group: str) -> Iterator[tuple[str, bool]]:
    """Every path that must be answered, and whether it is; a table without rows is one question."""
    if record.is_required(field.name) and not (group and field.columns):
        yield field.name, not is_blank(record.value(field.name))
    asking = [column.name for column in field.columns if column.required or column.required_when]
    rows = record.rows(field.name) if asking else []
    for row in (row for row in rows if not group or row.get(_GROUP) == group):
        for column in asking:
            path = f"{field.name}/{row['id']}/{column}"
            if record.is_required(path):
                yield path, not is_blank(row.get(column))


def _place(record: Record, path: str) -> tuple[int, float, int]:
    """Where a path stands in the paper: field, row, column.

    A whole row stands after its cells, an item of a checklist at its answer: what it asks beyond that comes next.
    """
    name, *rest = path.split("/")
    names = [field.name for field in record.form.fields]
    if not rest:
        return names.index(name), 0.0, 0
    field = record.form.field(name)
    columns = [column.name for column in field.columns]
    row = next((number for number, row in enumerate(record.rows(name), 1) if row["id"] == rest[0]), 0)
    whole = columns.index(_ANSWER) if type_of(field).is_checklist else len(columns)
    return names.index(name), float(row), columns.index(rest[1]) if len(rest) > 1 else whole

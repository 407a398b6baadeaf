"""The order of priority of proposals, by the criteria of `forms/priorities.toml`, which is read at first use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk.formdef.conditions import holds
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.law.register import LawRegister
from kcdesk.formdef.loading.definition_files import PRIORITIES, refuse_faults
from kcdesk.formdef.loading.form_checks import check_condition, check_distinct, check_name
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.formdef.model import Condition, Field
from kcdesk.formdef.regulations.norms import in_force
from kcdesk.runtime.frozen import Value, field


class PriorityLevel(Value, kw_only=True):
    """One level of a criterion, earlier levels rank higher; at least one of its conditions must hold."""

    label: str
    source: str
    holds_when: tuple[Condition, ...]
    effective_from: date = date.min
    effective_to: date | None = None
    unverified: bool = False


class Criterion(Value, kw_only=True):
    """A criterion for comparing proposals that are equal by all criteria before it."""

    id: str
    label: str
    when: Condition = field(default_factory=dict)  # on the plan: whether the criterion applies
    unranked_when: tuple[Condition, ...] = ()  # proposals to which the criterion does not apply
    unranked: str = ""  # the reason, for the officer
    levels: tuple[PriorityLevel, ...] = ()


class Note(Value, kw_only=True):
    """A consideration for the officer that the program cannot evaluate."""

    text: str
    source: str
    unverified: bool = False


class Priorities(Value, kw_only=True):
    """The content of `forms/priorities.toml`."""

    criterions: tuple[Criterion, ...] = ()
    notes: tuple[Note, ...] = ()


class Place(Value):
    """The rank of a proposal: smaller keys come first; `reasons` explain it."""

    key: tuple[int, ...]
    reasons: tuple[str, ...]


def load(folder: Path, forms: Forms) -> Priorities:
    """Read the priorities of a folder; FormsError lists all faults."""
    faults = Faults()
    read = read_definition(folder, PRIORITIES, Priorities, faults)
    check_distinct(faults, PRIORITIES, "", "mã", (criterion.id for criterion in read.criterions))
    for criterion in read.criterions:
        _check(criterion, PRIORITIES, forms, faults)
    refuse_faults(faults, folder)
    return read


def rank(
    priorities: Priorities, plan: Mapping[str, Any], values: Mapping[str, Any], on: date, law: LawRegister
) -> Place:
    """The rank of a proposal in a plan on a day; `values` are those of the proposal and of its beneficiaries."""
    key: list[int] = []
    reasons: list[str] = []
    for criterion in priorities.criterions:
        if holds(criterion.when, plan):
            number, reason = _level(criterion, values, on, law)
            key.append(number)
            reasons += [reason] if reason else []
    return Place(tuple(key), tuple(reasons))


def _level(criterion: Criterion, values: Mapping[str, Any], on: date, law: LawRegister) -> tuple[int, str]:
    if any(holds(condition, values) for condition in criterion.unranked_when):
        return len(criterion.levels) + 1, criterion.unranked
    for number, level in enumerate(criterion.levels, start=1):
        if in_force(level, on) and any(holds(condition, values) for condition in level.holds_when):
            mark = ", chưa đối chiếu" if law.is_marked(level.source, unverified=level.unverified) else ""
            return number, f"{criterion.label}: {level.label} ({level.source}{mark})"
    return len(criterion.levels) + 1, ""


def _check(criterion: Criterion, file: str, forms: Forms, faults: Faults) -> None:
    check_name(faults, file, criterion.id, criterion.id)
    fields = _fields(forms, "proposal", "beneficiary")
    check_condition(faults, file, criterion.id, criterion.when, _fields(forms, "plan"), forms)
    conditions: Sequence[Condition] = criterion.unranked_when
    for condition in (*conditions, *(item for level in criterion.levels for item in level.holds_when)):
        check_condition(faults, file, criterion.id, condition, fields, forms)
    if not criterion.levels:
        faults.add(file, criterion.id, "chưa có bậc nào ([[criterion.level]])")


def _fields(forms: Forms, *kinds: str) -> dict[str, Field]:
    return {item.name: item for form in forms.all if form.id in kinds for item in form.fields}

"""What a form definition says, as frozen data: the grammar of `forms/` (forms/README.md) in Python.

The loader builds these classes straight from TOML: a key that is not a field here is an error, a field
without a default is required.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

# {"activity": "machinery"} equals; {"activity": ["a", "b"]} is one of; {"workers": {"at_least": 50}} compares;
# several keys must all hold. Comparisons: is, is_not, at_least, at_most, above, below, filled (true/false),
# contains, within, not_within.
Condition = Mapping[str, object]

Owner = Literal["lower", "province"]
Width = Literal["short", "half", "full"]
Tone = Literal["neutral", "waiting", "good", "wrong"]

# What the program has to know of a state, besides its name.
Mark = Literal[
    "registered",  # the proposal stands for a place in the plan of its year
    "ended",  # it asks for no money any more
    "addable",  # it may be added to a plan that runs already
    "adjustable",  # what was approved of it may be adjusted, or stopped
    "payable",  # its support may be paid
    "settleable",  # its accounts may be settled
    "decided",  # the decision is on record
]

FundingColumn = Literal["national", "local", "counterpart", "other"]  # of the table `budget` of a proposal

DELETED = "deleted"  # written and stamped like a field, though it is none
RESERVED_NAMES = frozenset({"id", "kind", "form", "state", "revision", "position", "parent", "deleted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry of a list of choices; a retired one is still read and printed but no longer offered."""

    value: str
    label: str
    short_label: str = ""  # for a narrow column or a chip
    help: str = ""
    source: str = ""
    retired: bool = False
    unverified: bool = False

    @property
    def short(self) -> str:
        """What stands where there is little room."""
        return self.short_label or self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form, or one column of a table."""

    name: str
    type: str
    label: str
    short_label: str = ""  # for column headings where the label is too long
    help: str = ""
    source: str = ""
    unverified: bool = False
    required: bool = False  # looked at when the record is made final, not while it is a draft
    required_when: Condition = field(default_factory=dict)
    visible_when: Condition = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    choices_from: str = ""  # name of a shared list of choices (forms/choices.toml, or "activities")
    default: object = None
    unit: str = ""
    min: int | str | None = None  # a number, or an ISO date, or "today"
    max: int | str | None = None
    max_length: int = 0  # 0: no limit
    owner: Owner = "lower"
    personal: bool = False
    sensitive: bool = False
    computed: str = ""  # name of a rule in formdef/computing.py; a computed field is never typed
    computed_from: tuple[str, ...] = ()  # what the rule takes: names of fields, or "table.column"
    target: str = ""  # kind that a reference points to
    columns: tuple[Field, ...] = ()  # of a table or a checklist
    row: str = ""  # machine name of one row ("budget_line"): the view is <kind>_<row>
    row_label: str = ""  # "dòng dự toán"
    totals: tuple[str, ...] = ()  # columns that are added up below the table
    photos: bool = False  # of files: pictures only, turned upright and shrunk, shown as a grid
    width: Width = "full"
    renamed_from: str = ""
    _columns: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_columns", {column.name: column for column in self.columns})

    def column(self, name: str) -> Field:
        """The column called `name`; KeyError when there is none."""
        return self._columns[name]

    @property
    def heading(self) -> str:
        """The short label where there is one."""
        return self.short_label or self.label


OF_EVERY_RECORD: Mapping[str, Field] = MappingProxyType(
    {
        "state": Field(name="state", type="text", label="Trạng thái"),
        "revision": Field(name="revision", type="integer", label="Bản"),
    }
)  # kept among the values of a record, of whatever kind, beside the fields of its form
RECORD_LABELS: Mapping[str, str] = MappingProxyType(
    {**{name: field.label for name, field in OF_EVERY_RECORD.items()}, DELETED: "Đánh dấu xoá"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a form, in the paper's order."""

    id: str
    label: str
    help: str = ""
    source: str = ""
    visible_when: Condition = field(default_factory=dict)
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A named rule over several fields, with the sentence shown when it does not hold."""

    rule: str  # name in formdef/rules.py
    field: str  # where the problem is shown
    fields: tuple[str, ...] = ()  # what the rule takes
    counts: tuple[int, ...] = ()  # of a rule that counts rows: the numbers allowed
    message: str = ""  # may hold {difference} and other values that the rule gives
    source: str = ""
    when: Condition = dataclasses.field(default_factory=dict)
    draft: bool = False  # also shown while the record is a draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One version of the definition of one kind of record."""

    id: str
    version: int
    label: str
    plural: str
    effective_from: date
    effective_to: date | None = None
    source: str = ""
    unverified: bool = False
    new_label: str = ""  # "Lập đề án"
    empty_text: str = ""  # what the empty list says
    title: tuple[str, ...] = ()  # fields that name a record in lists, joined by " – "
    list: tuple[str, ...] = ()  # columns of the list page
    filters: tuple[str, ...] = ()  # choice fields offered as chips above the list
    search: tuple[str, ...] = ()  # what differs from the rule in searched_fields.py: "name" besides, "-name" not
    sort: str = ""  # field that orders the list
    group: str = ""  # what the registers are gathered under that this kind's stands among
    order: int = 500  # place among the kinds: the order in which dossiers come about
    parent: str = ""  # reference field whose record this one belongs to
    listed_under: tuple[str, ...] = ()  # further reference fields whose records list this one too
    sections: tuple[Section, ...] = ()
    checks: tuple[Check, ...] = ()
    # What follows from the above and is asked for with every record.
    fields: tuple[Field, ...] = field(init=False, repr=False, compare=False)  # every one, in the paper's order
    tables: tuple[Field, ...] = field(init=False, repr=False, compare=False)  # the fields that hold rows
    file_places: tuple[tuple[str, str], ...] = field(init=False, repr=False, compare=False)  # field and column, or ""
    by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)
    _places: Mapping[str, Section] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        fields = tuple(item for section in self.sections for item in section.fields)
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "tables", tuple(item for item in fields if item.columns))
        files = [(item.name, "") for item in fields if item.type == "files"]
        files += [(item.name, column.name) for item in fields for column in item.columns if column.type == "files"]
        object.__setattr__(self, "file_places", tuple(files))
        object.__setattr__(self, "by_name", {item.name: item for item in fields})
        places = {item.name: section for section in self.sections for item in section.fields}
        object.__setattr__(self, "_places", places)

    @property
    def reference(self) -> str:
        """`proposal@1`, as kept on every record."""
        return f"{self.id}@{self.version}"

    def field(self, name: str) -> Field:
        """The field called `name`; KeyError when there is none."""
        return self.by_name[name]

    def section_of(self, name: str) -> Section:
        """The section in which the field called `name` stands; KeyError when there is none."""
        return self._places[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPart:
    """Sections and checks of a form that stand in a file of their own (`forms/proposal/brand.toml`)."""

    after: str  # section of the form that they follow
    sections: tuple[Section, ...] = ()
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state of a record by name; states are never ordered by number."""

    name: str
    label: str
    tone: Tone = "neutral"
    editable: bool = True
    open_sections: tuple[str, ...] = ()  # sections that stay editable when the state is not
    stage: str = ""  # the part of a long life that it belongs to, as the step bar names it
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A step from one state to another and what must be true before it."""

    name: str
    label: str
    from_states: tuple[str, ...]
    to: str
    complete: bool = False  # every required field filled and every check passed
    requires: tuple[str, ...] = ()  # fields that must be filled
    needs_reason: bool = False
    new_revision: bool = False  # a correction: the next revision begins, the old paper stays
    snapshot: bool = False  # what the record says is kept as it is now
    guard: str = ""  # named question about other dossiers, in services/catalogue.py
    effect: str = ""  # named change of more than the state, in services/catalogue.py
    when: Condition = field(default_factory=dict)  # the records that it concerns
    by: tuple[Owner, ...] = ()  # levels of unit that may take it; none: every level
    reason_field: str = ""  # where the reason is kept, besides the history
    remarks: bool = False  # it sends the record back and may name fields, each with its own reason
    source: str = ""
    unverified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """The life of one kind of record."""

    kind: str
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]

    def state(self, name: str) -> State:
        """The state called `name`; KeyError when there is none."""
        for state in self.states:
            if state.name == name:
                return state
        raise KeyError(name)

    def step(self, name: str) -> Transition:
        """The step called `name`; KeyError when there is none."""
        for step in self.transitions:
            if step.name == name:
                return step
        raise KeyError(name)

    def marked(self, mark: Mark) -> tuple[State, ...]:
        """The states with that mark, in the order of the file."""
        return tuple(state for state in self.states if mark in state.marks)

    def is_marked(self, name: str, mark: Mark) -> bool:
        """Whether the state called `name` has that mark; a state that nobody knows has none."""
        return any(state.name == name and mark in state.marks for state in self.states)

    @property
    def locked(self) -> tuple[str, ...]:
        """The names of the states in which a record is no longer being written."""
        return tuple(state.name for state in self.states if not state.editable)

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """The steps that may be taken from `state`."""
        return tuple(step for step in self.transitions if state in step.from_states)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One paper or one fact to see on site."""

    code: str
    item: str
    source: str = ""
    unverified: bool = False
    when: Condition = field(default_factory=dict)  # on the proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What an acceptance visit of one activity looks at; `activity = "common"` goes before every other."""

    activity: str
    version: int
    effective_from: date
    source: str
    effective_to: date | None = None
    unverified: bool = False
    papers: tuple[ChecklistItem, ...] = ()
    facts: tuple[ChecklistItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One activity of Điều 4 NĐ 45/2012 and the parts that a proposal of it has."""

    code: str
    label: str
    source: str
    short_label: str = ""  # for a narrow column or a chip
    group: str = ""
    checklist: str = ""  # code of its checklist; empty: its own code
    visit: bool = True  # whether there is a site at which work can be accepted
    unverified: bool = False
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CostItem:
    """A cost that an activity usually has, and the columns of the budget that may pay for it."""

    item: str
    unit: str = ""
    paid_by: tuple[FundingColumn, ...] = ()  # none: any
    source: str = ""
    unverified: bool = False
    when: Condition = field(default_factory=dict)  # on the proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedResult:
    """A goal that an activity is usually measured by."""

    goal: str
    unit: str = ""
    source: str = ""
    unverified: bool = False
    when: Condition = field(default_factory=dict)  # on the proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A column of the budget that may not pay for an activity."""

    column: FundingColumn
    text: str  # the sentence that says so
    source: str
    unverified: bool = False
    when: Condition = field(default_factory=dict)  # on the proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a proposal of one activity is made of; `activity = "common"` goes before every other."""

    activity: str
    version: int
    effective_from: date
    source: str
    effective_to: date | None = None
    unverified: bool = False
    papers: tuple[ChecklistItem, ...] = ()  # to be attached
    costs: tuple[CostItem, ...] = ()
    results: tuple[ExpectedResult, ...] = ()
    closures: tuple[Closure, ...] = ()

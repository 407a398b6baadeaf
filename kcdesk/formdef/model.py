"""The grammar of `forms/` (forms/README.md) as frozen data: unknown keys are errors, so are missing fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from kcdesk.runtime.frozen import Value
from kcdesk.runtime.frozen import field as declared

# {"activity": "machinery"} equals, ["a", "b"] is one of, {"at_least": 50} compares (`conditions`); all keys must hold.
Condition = Mapping[str, object]
Owner = str  # the name of a level in forms/levels.toml
MAKERS: Owner = "lower"  # the lowest level, whose offices make dossiers
Width = Literal["short", "half", "full"]
Tone = Literal["neutral", "waiting", "good", "wrong"]
Mark = Literal[  # properties of a state that the program uses instead of its name
    "registered",  # the proposal is a candidate for the plan of its year
    "ended",  # it needs no more money
    "addable",  # it may be added to a running plan
    "adjustable",  # its approval may be adjusted, or it may be stopped
    "payable",  # its support may be paid
    "settleable",  # its accounts may be settled
    "decided",  # the decision is on record
    "enterable",  # products may be registered for the vote
]
Answer = Literal["", "returned", "approved", "rejected"]  # of the province about a proposal
FundingColumn = Literal["national", "local", "counterpart", "other"]  # of the table `budget` of a proposal
DELETED = "deleted"  # written and stamped like a field, although it is no field
MERGED_INTO = "merged_into"  # the field of a deleted duplicate with the record into which it was merged
RESERVED_NAMES = frozenset({"id", "kind", "form", "state", "revision", "position", "parent", "deleted"})


class Choice(Value, kw_only=True):
    """One entry of a list of choices; a retired entry is still read and printed but no longer offered."""

    value: str
    label: str
    short_label: str = ""  # for a narrow column or a chip
    help: str = ""
    source: str = ""
    unit: str = ""  # of what the entry counts, for entries beside which a number is typed
    retired: bool = False
    unverified: bool = False

    @property
    def short(self) -> str:  # for narrow places
        return self.short_label or self.label


class Field(Value, kw_only=True, dict=True):
    """One field of a form, or one column of a table."""

    name: str
    type: str
    label: str
    short_label: str = ""  # for column headings where the label is too long
    help: str = ""
    source: str = ""
    unverified: bool = False
    required: bool = False  # checked when the record is made final, not while it is a draft
    required_when: Condition = declared(default_factory=dict)
    visible_when: Condition = declared(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    choices_from: str = ""  # name of a shared list of choices (forms/choices.toml, or "activities")
    default: object = None
    unit: str = ""
    min: int | str | None = None  # a number, or an ISO date, or "today"
    max: int | str | None = None
    max_length: int = 0  # 0: no limit
    owner: Owner = MAKERS
    personal: bool = False
    sensitive: bool = False
    computed: str = ""  # name of a rule in formdef/computing.py; a computed field cannot be typed
    computed_from: tuple[str, ...] = ()  # operands of the rule: names of fields, or "table.column"
    target: str = ""  # kind that a reference points to
    rows_from: str = ""  # of a table_row: a table of the same record; of a row_name: "reference.table"
    columns: tuple[Field, ...] = ()  # of a table or a checklist
    row: str = ""  # machine name of a row ("budget_line"); the SQL view is <kind>_<row>
    row_label: str = ""
    totals: tuple[str, ...] = ()  # columns with a total below the table
    photos: bool = False  # for files: only pictures, turned upright and scaled down, shown as a grid
    width: Width = "full"
    is_inner: bool = False  # only the program reads it: not shown on the screen
    renamed_from: str = ""

    @cached_property
    def _columns(self) -> Mapping[str, Field]:
        return {column.name: column for column in self.columns}

    def column(self, name: str) -> Field:
        """The column with this name; KeyError if there is none."""
        return self._columns[name]

    @property
    def is_decision(self) -> bool:  # filled in only by the offices of a level that decides
        return self.owner != MAKERS

    @property
    def heading(self) -> str:  # the short label if there is one, else the label
        return self.short_label or self.label


OF_EVERY_RECORD: Mapping[str, Field] = MappingProxyType(
    {
        "state": Field(name="state", type="text", label="Trạng thái"),
        "revision": Field(name="revision", type="integer", label="Bản"),
    }
)  # values that records of all kinds have, besides the fields of their forms
RECORD_LABELS = MappingProxyType({**{name: f.label for name, f in OF_EVERY_RECORD.items()}, DELETED: "Đánh dấu xoá"})


class Section(Value, kw_only=True):
    """A section of a form, in the order of the paper."""

    id: str
    label: str
    help: str = ""
    source: str = ""
    visible_when: Condition = declared(default_factory=dict)
    fields: tuple[Field, ...] = ()


class Check(Value, kw_only=True):
    """A named rule over several fields, with the sentence that is shown if it does not hold."""

    rule: str  # name in formdef/rules.py
    field: str  # the field at which the problem is shown
    fields: tuple[str, ...] = ()  # the operands of the rule
    counts: tuple[int, ...] = ()  # for a rule that counts rows: the allowed numbers
    message: str = ""  # may contain {difference} and other values of the rule
    source: str = ""
    when: Condition = declared(default_factory=dict)
    draft: bool = False  # also shown while the record is a draft
    advice: bool = False  # only said: it prevents no step


class Form(Value, kw_only=True, dict=True):
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
    empty_text: str = ""  # text of an empty list
    title: tuple[str, ...] = ()  # fields that form the title of a record, joined by " – "
    list: tuple[str, ...] = ()  # columns of the list page
    filters: tuple[str, ...] = ()  # choice fields offered as chips above the list
    search: tuple[str, ...] = ()  # differences to the rule in searched_fields.py: "name" added, "-name" left out
    sort: str = ""  # field by which the list is sorted
    group: str = ""  # heading of the registers among which this kind is listed
    order: int = 500  # position among the kinds: the order in which dossiers are made
    parent: str = ""  # reference field that names the record to which this record belongs
    listed_under: tuple[str, ...] = ()  # more reference fields whose records list this record too
    copied: tuple[str, ...] = ()  # fields, or "table.column", that a record made from an earlier one takes over
    sections: tuple[Section, ...] = ()
    checks: tuple[Check, ...] = ()

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields, in the order of the paper."""
        return tuple(item for section in self.sections for item in section.fields)

    @cached_property
    def tables(self) -> tuple[Field, ...]:
        """The fields that hold rows."""
        return tuple(item for item in self.fields if item.columns)

    @cached_property
    def file_places(self) -> tuple[tuple[str, str], ...]:
        """Field and column, or "", where files are attached."""
        own = [(item.name, "") for item in self.fields if item.type == "files"]
        rows = [(item.name, column.name) for item in self.fields for column in item.columns if column.type == "files"]
        return (*own, *rows)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by name."""
        return {item.name: item for item in self.fields}

    @cached_property
    def _places(self) -> Mapping[str, Section]:
        return {item.name: part for part in self.sections for item in part.fields}

    @property
    def reference(self) -> str:
        """The reference that every record keeps: `proposal@1`."""
        return f"{self.id}@{self.version}"

    def field(self, name: str) -> Field:
        """The field with this name; KeyError if there is none."""
        return self.by_name[name]

    def section_of(self, name: str) -> Section:
        """The section of the field with this name; KeyError if there is none."""
        return self._places[name]


class FormPart(Value, kw_only=True):
    """Sections and checks of a form that are in their own file (`forms/proposal/brand.toml`)."""

    after: str  # the section of the form after which they are inserted
    sections: tuple[Section, ...] = ()
    checks: tuple[Check, ...] = ()


class Wait(Value, kw_only=True):
    """Whom a record in a state waits for, as a sentence for the officers of some levels."""

    text: str  # «Chờ cấp tỉnh thẩm định»; may contain {unit}: the unit that made the record
    hint: str = ""  # what the officer does meanwhile, or when the answer comes
    unsent_hint: str = ""  # what is said before it until a package has taken the record along in this state
    at: tuple[Owner, ...] = ()  # levels of unit that wait; empty: all levels
    when: Condition = declared(default_factory=dict)  # condition for records that wait


class State(Value, kw_only=True):
    """A state of a record, identified by name; states have no numeric order."""

    name: str
    label: str
    tone: Tone = "neutral"
    editable: bool = True
    open_sections: tuple[str, ...] = ()  # sections that stay editable in a locked state
    open_fields: tuple[str, ...] = ()  # so do single fields: what is known only once the state is reached
    stage: str = ""  # the stage shown in the step bar
    marks: tuple[Mark, ...] = ()
    holder: Owner = ""  # has the record in hand: steps without `by` are this level's alone
    waits: tuple[Wait, ...] = ()
    asks: tuple[str, ...] = ()  # fields that remain to be filled in in this locked state
    task: str = ""  # name of a guard in services/catalogue.py: what remains to be done in this locked state
    ends: str = ""  # the sentence of a state after which nothing is left to do

    def leaves_open(self, section: str, name: str) -> bool:
        """Whether a field of a section may be changed though the state is locked."""
        return section in self.open_sections or name in self.open_fields


class Transition(Value, kw_only=True):
    """A step from one state to another, with its conditions."""

    name: str
    label: str
    from_states: tuple[str, ...]
    to: str
    complete: bool = False  # all required fields must be filled and all checks must pass
    requires: tuple[str, ...] = ()  # fields that must be filled
    needs_reason: bool = False
    new_revision: bool = False  # a correction: the next revision begins, the old paper is kept
    snapshot: bool = False  # a snapshot of the record is kept
    guard: str = ""  # name of a check of other dossiers, in services/catalogue.py
    effect: str = ""  # name of a change of more than the state, in services/catalogue.py
    when: Condition = declared(default_factory=dict)  # condition for records that have this step
    by: tuple[Owner, ...] = ()  # levels of unit that may take it; empty: those that have the record in hand
    author: bool = False  # only the unit that made the record takes it
    onward: bool = False  # leads forward although it needs a reason
    fill: str = ""  # name of a function that fills in empty fields of the step, in services/catalogue.py
    answer: Answer = ""  # a receipt with this result takes the step
    reason_field: str = ""  # field that keeps the reason, besides the history
    remarks: bool = False  # sends the record back, with reasons for single fields
    source: str = ""
    unverified: bool = False

    @property
    def leads_forward(self) -> bool:  # towards the end of the record's life
        return self.onward or not self.needs_reason


class Workflow(Value, kw_only=True):
    """The states and steps of one kind of record."""

    kind: str
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    own: tuple[str, ...] = ()  # fields that each office fills in for itself: packages do not change them
    parent_marks: tuple[Mark, ...] = ()  # a new record is offered while its parent has one of these; empty: always

    def state(self, name: str) -> State:
        """The state with this name; KeyError if there is none."""
        return {state.name: state for state in self.states}[name]

    def step(self, name: str) -> Transition:
        """The step with this name; KeyError if there is none."""
        return {step.name: step for step in self.transitions}[name]

    def marked(self, mark: Mark) -> tuple[State, ...]:
        """The states with a mark, in the order of the file."""
        return tuple(state for state in self.states if mark in state.marks)

    def is_marked(self, name: str, mark: Mark) -> bool:
        """Whether the state with this name has a mark; False for an unknown state."""
        return any(state.name == name and mark in state.marks for state in self.states)

    @property
    def locked(self) -> tuple[str, ...]:
        """The names of the states in which a record is locked."""
        return tuple(state.name for state in self.states if not state.editable)

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """The steps that lead away from a state."""
        return tuple(step for step in self.transitions if state in step.from_states)

    def takers(self, state: str, step: Transition) -> tuple[Owner, ...]:
        """The levels of unit that may take a step from a state; empty: all levels."""
        return step.by or tuple(holder for holder in (self.state(state).holder,) if holder)


class ChecklistItem(Value, kw_only=True):
    """One paper or one fact to be checked on site."""

    code: str
    item: str
    source: str = ""
    unverified: bool = False
    when: Condition = declared(default_factory=dict)  # on the proposal
    made_on_visit: bool = False  # the visit makes it: asked of the dossier that follows, not of the visit
    each_site: bool = False  # of an outline: a scheme with several sites needs one of each establishment
    photo_when_failed: bool = False  # of a checklist: the answer «Không đạt» needs a photo of the item
    photo_source: str = ""  # what the photo is demanded by; "" if by the source of the item


class Checklist(Value, kw_only=True):
    """What an acceptance visit of one activity checks; `activity = "common"` precedes all others."""

    activity: str
    version: int
    effective_from: date
    source: str
    effective_to: date | None = None
    unverified: bool = False
    papers: tuple[ChecklistItem, ...] = ()
    facts: tuple[ChecklistItem, ...] = ()


class CostItem(Value, kw_only=True):
    """A usual cost of an activity, and the columns of the budget that may pay for it."""

    item: str
    unit: str = ""
    paid_by: tuple[FundingColumn, ...] = ()  # empty: any
    source: str = ""
    unverified: bool = False
    when: Condition = declared(default_factory=dict)  # on the proposal


class ExpectedResult(Value, kw_only=True):
    """A usual goal of an activity."""

    goal: str
    unit: str = ""
    source: str = ""
    unverified: bool = False
    when: Condition = declared(default_factory=dict)  # on the proposal


class Closure(Value, kw_only=True):
    """A column of the budget that may not pay for an activity."""

    column: FundingColumn
    text: str  # the sentence for the officer
    source: str
    unverified: bool = False
    when: Condition = declared(default_factory=dict)  # on the proposal


class Outline(Value, kw_only=True):
    """The usual contents of a proposal of one activity; `activity = "common"` precedes all others."""

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

"""All form definitions together, as used by the rest of the program."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from copy import copy
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

from kcdesk import paths, text
from kcdesk.errors import UserError
from kcdesk.formdef.activities import Activity, activities_of
from kcdesk.formdef.conditions import holds
from kcdesk.formdef.law.citations import is_proposal
from kcdesk.formdef.law.law_files import LawContent, joined_law, law_contents
from kcdesk.formdef.law.register import LawRegister
from kcdesk.formdef.loading.toml_reader import Faults
from kcdesk.formdef.model import (
    Checklist,
    ChecklistItem,
    Choice,
    Field,
    Form,
    Outline,
    State,
    Workflow,
)
from kcdesk.formdef.places import Places
from kcdesk.formdef.regulations.levels import Levels, read_levels
from kcdesk.formdef.renames import Renames
from kcdesk.formdef.values import today
from kcdesk.runtime.frozen import Value, replace

T = TypeVar("T")

ACTIVITIES = "activities"  # choices_from of a field that names an activity
WORKED_OUT = ("views", "searched", "mergeable")  # names in `Forms.once`: what every opening compares, plain data
_LAW_CONTENTS = "law contents"
COMMON = "common"  # the checklist and the outline that precede all others


class SharedChoices(Value, kw_only=True):
    """A list of choices that several fields share."""

    choices: tuple[Choice, ...]
    source: str = ""
    unverified: bool = False


class FormHead(NamedTuple):
    """What is asked of every form without opening it: its kind and version, its order, the days of its effect."""

    order: int
    kind: str
    version: int
    effective_from: date
    effective_to: date | None

    @property
    def reference(self) -> str:
        """`proposal@1`."""
        return f"{self.kind}@{self.version}"

    def is_in_force(self, day: date) -> bool:
        """Whether the version is in force on a day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


class Forms:
    """All versions of all forms, with shared choices, activities, workflows, checklists and outlines."""

    def __init__(
        self,
        forms: tuple[Form, ...] | Mapping[str, Form],
        shared: Mapping[str, SharedChoices] | None = None,
        activities: tuple[Activity, ...] = (),
        workflows: tuple[Workflow, ...] | Mapping[str, Workflow] = (),
        read_checklists: Callable[[Forms], tuple[Checklist, ...]] = lambda _: (),
        read_outlines: Callable[[Forms], tuple[Outline, ...]] = lambda _: (),
        folder: Path | None = None,
        levels: Levels | None = None,
        *,
        heads: tuple[FormHead, ...] = (),
    ) -> None:
        """Mappings, by reference and by kind, may make their forms and workflows when asked; `heads` knows them all."""
        self.folder = folder or paths.forms()  # the folder of all these definitions, also of those read later
        self.levels = levels or read_levels(self.folder, Faults())
        self._by_reference = forms if isinstance(forms, Mapping) else {form.reference: form for form in forms}
        self.heads = heads or tuple(sorted(map(_head, self._by_reference.values()), key=lambda head: head[:3]))
        self.kinds: tuple[str, ...] = tuple(dict.fromkeys(head.kind for head in self.heads))
        self.activities = activities
        self._read_checklists = read_checklists
        self._read_outlines = read_outlines
        self._kept: dict[Hashable, Any] = {}
        self._renames: dict[str, Renames] = {}
        self.workflows = workflows if isinstance(workflows, Mapping) else {flow.kind: flow for flow in workflows}
        self.shared: Mapping[str, SharedChoices] = shared or {}
        self._activity_choices = tuple(map(_as_choice, activities))
        self._law: LawRegister | None = None  # with what the office of a store has entered and compared
        self.were_kept = False  # they come from a store that kept them, where they were checked

    @cached_property
    def all(self) -> tuple[Form, ...]:
        """All versions of all forms, in the order in which dossiers are made."""
        return tuple(self._by_reference[head.reference] for head in self.heads)

    @property
    def law(self) -> LawRegister:
        """The register of legal instruments, with what the office of the store says of it."""
        return self._law or self.shared_law

    @property
    def shared_law(self) -> LawRegister:
        """The register as the files have it, read at first use; faults were reported when the forms were read."""
        return self.once("law", lambda: _register(self.law_contents))

    @property
    def law_contents(self) -> tuple[LawContent, ...]:
        """What each file of the register says, read at first use."""
        return self.once(_LAW_CONTENTS, lambda: tuple(law_contents(self.folder, Faults())))

    def with_law(self, law: LawRegister) -> Forms:
        """The same definitions with the register of one store; they share everything that is read later."""
        forms = copy(self)
        forms._law = law
        return forms

    def basis(self, source: str, *, on: date, unverified: bool = False) -> str:
        """A legal source as it is shown: with its level of proof, and what to be careful of on a day."""
        return self.law.statement(source, on, unverified=unverified)

    def current(self, kind: str, on: date | None = None) -> Form:
        """The version in force on a day, by default today; UserError `no_form` if there is none."""
        day = on or today()
        for head in reversed(self.heads):
            if head.kind == kind and head.is_in_force(day):
                return self._by_reference[head.reference]
        raise UserError(f"Không có mẫu “{kind}” có hiệu lực ngày {text.format_date(day)}.", code="no_form")

    def get(self, kind: str, version: int) -> Form:
        """One version, in force or not; UserError `no_form` if this program does not have it."""
        return self.by_reference(f"{kind}@{version}")

    def by_reference(self, reference: str) -> Form:
        """The form with a reference (`proposal@1`); UserError `no_form`."""
        if form := self._by_reference.get(reference):
            return form
        raise UserError(
            f"Chương trình này không có mẫu “{reference}”.",
            code="no_form",
            hint="Hãy dùng phiên bản mới hơn của chương trình.",
        )

    def versions_of(self, kind: str) -> tuple[Form, ...]:
        """All versions of a kind, the oldest first; () for an unknown one. Other kinds are not taken out for it."""
        return tuple(self._by_reference[head.reference] for head in self.heads if head.kind == kind)

    def newest(self, kind: str) -> Form:
        """The newest version of a known kind, in force or not yet."""
        return self._by_reference[f"{kind}@{self.versions[kind]}"]

    @property
    def versions(self) -> dict[str, int]:
        """The newest version of each kind."""
        return self.once("versions", lambda: {head.kind: head.version for head in self.heads})

    def renames(self, kind: str) -> Renames:
        """The renamed fields of a kind."""
        if kind not in self._renames:
            self._renames[kind] = Renames(self.versions_of(kind))
        return self._renames[kind]

    def newest_field(self, kind: str, path: str) -> Field:
        """The newest definition of a field, or of `table/column`, by any of its names; KeyError if there is none."""
        renames = self.renames(kind)
        for form in reversed(self.versions_of(kind)):
            name, _, column = renames.own(form, path).partition("/")
            if name in form.by_name:
                field = form.by_name[name]
                columns = {item.name: item for item in field.columns}
                if not column or column in columns:
                    return columns[column] if column else field
        raise KeyError(path)

    def workflow(self, kind: str) -> Workflow:
        """The workflow of a kind; without a definition, a workflow with a single open state."""
        return self.workflows.get(kind) or _always_open(kind)

    def has_steps(self, kind: str) -> bool:
        """Whether the records of a kind go from state to state; the others stay open and are never closed."""
        return len(self.workflow(kind).states) > 1

    def open_states(self, kind: str) -> list[str]:
        """The states of a kind from which a step leads forward, whoever takes it."""
        workflow = self.workflow(kind)
        forward = {name for step in workflow.transitions if step.leads_forward for name in step.from_states}
        return [state.name for state in workflow.states if state.name in forward]

    def activity(self, code: str) -> Activity:
        """The activity with this code; UserError `unknown_activity`."""
        for activity in self.activities:
            if activity.code == code:
                return activity
        raise UserError(f"Không có nội dung hoạt động “{code}”.", code="unknown_activity")

    def choices(self, field: Field) -> tuple[Choice, ...]:
        """The choices of a field, its own or those of a shared list."""
        if field.choices_from == ACTIVITIES:
            return self._activity_choices
        shared = self.shared.get(field.choices_from)
        return shared.choices if shared else () if field.choices_from else field.choices

    def place_text(self, place: Mapping[str, str]) -> str:
        """A stored place as it is called now, with its former name."""
        return self.places.text(place)

    def row_names(self, table: str) -> None:
        """None: only a record has rows (`row_links.RecordLookups`)."""

    def has_choices(self, name: str) -> bool:
        """Whether there is a shared list with this name."""
        return name in self.shared_names

    @property
    def shared_names(self) -> tuple[str, ...]:
        """The names of the shared lists."""
        return (*self.shared, ACTIVITIES)

    def checklist(self, activity_code: str, on: date) -> Checklist | None:
        """The checklist of an activity in force on a day, or None."""
        named = next((item.checklist for item in self.activities if item.code == activity_code), "")
        wanted = named or activity_code
        for checklist in sorted(self.checklists, key=lambda item: -item.version):
            ended = checklist.effective_to is not None and on > checklist.effective_to
            if checklist.activity == wanted and checklist.effective_from <= on and not ended:
                return checklist
        return None

    def checklist_items(self, proposal: Mapping[str, Any], on: date, *, at_visit: bool = False) -> list[dict[str, str]]:
        """The rows of a checklist: papers, then facts, common ones first, whose condition holds.

        `at_visit` leaves out what the visit itself makes: the minutes do not ask for themselves.
        """
        return [row for row, _item in self._checklist_rows(proposal, on, at_visit=at_visit)]

    def photo_items(self, proposal: Mapping[str, Any], on: date) -> dict[str, ChecklistItem]:
        """The items of a visit's checklist whose answer «Không đạt» needs a photo, by the code of their rows."""
        rows = self._checklist_rows(proposal, on, at_visit=True)
        return {row["code"]: item for row, item in rows if item.photo_when_failed}

    def _checklist_rows(
        self, proposal: Mapping[str, Any], on: date, *, at_visit: bool
    ) -> list[tuple[dict[str, str], ChecklistItem]]:
        checklists = [self.checklist(code, on) for code in (COMMON, *activities_of(proposal))]
        lists = list(dict.fromkeys(checklist.activity for checklist in checklists if checklist))
        named = {checklist.activity: checklist for checklist in checklists if checklist}
        rows: dict[str, tuple[dict[str, str], ChecklistItem]] = {}  # by item: several activities may have the same
        for group in ("paper", "fact"):
            for checklist in map(named.__getitem__, lists):
                for item in _items(checklist, group):
                    if holds(item.when, proposal) and not (at_visit and item.made_on_visit):
                        source, is_unread = item.source or checklist.source, item.unverified or checklist.unverified
                        source += self._mark(source, is_unread=is_unread)
                        row = {"code": item.code, "group": group, "item": item.item, "source": source}
                        rows.setdefault(text.fold(item.item), (row, item))
        return _with_own_codes(rows.values(), lists)

    def _mark(self, source: str, *, is_unread: bool) -> str:
        """The mark after the source of a line that nobody has compared; a proposal of the program says so itself."""
        is_marked = self.law.is_marked(source, unverified=is_unread) and not is_proposal(source)
        return " (chưa đối chiếu)" if is_marked else ""

    def outline(self, proposal: Mapping[str, Any], on: date) -> Outline:
        """The outline of a proposal: papers, costs, goals and closed columns, common ones first."""
        outlines = self.outlines_for(proposal, on)
        return Outline(
            activity=str(proposal.get("activity", "")),
            version=max((outline.version for outline in outlines), default=1),
            effective_from=max((outline.effective_from for outline in outlines), default=on),
            source="; ".join(dict.fromkeys(outline.source for outline in outlines)),
            papers=_distinct((item.item, item) for outline in outlines for item in outline.papers),
            costs=_distinct((item.item, item) for outline in outlines for item in outline.costs),
            results=_distinct((item.goal, item) for outline in outlines for item in outline.results),
            closures=tuple(item for outline in outlines for item in outline.closures),
        )

    def outlines_for(self, proposal: Mapping[str, Any], on: date) -> list[Outline]:
        """The outlines of a proposal's activities, the common outline first, with the items whose condition holds."""
        return [
            replace(
                outline,
                papers=tuple(item for item in outline.papers if holds(item.when, proposal)),
                costs=tuple(item for item in outline.costs if holds(item.when, proposal)),
                results=tuple(item for item in outline.results if holds(item.when, proposal)),
                closures=tuple(item for item in outline.closures if holds(item.when, proposal)),
            )
            for code in (COMMON, *activities_of(proposal))
            for outline in self.outlines
            if outline.activity == code
            and outline.effective_from <= on
            and (outline.effective_to is None or on <= outline.effective_to)
        ]

    def once(self, name: Hashable, read: Callable[[], T]) -> T:
        """The result of `read`, computed at the first call with this name and kept as long as these forms exist."""
        key = (self.folder, name)
        if key not in self._kept:
            self._kept[key] = read()
        return cast("T", self._kept[key])

    @property
    def worked_out(self) -> dict[str, Any]:
        """What `once` has worked out that is plain data, for those who keep these definitions."""
        return {name: self._kept[self.folder, name] for name in WORKED_OUT if (self.folder, name) in self._kept}

    def take_over(self, law: tuple[LawContent, ...], worked_out: Mapping[str, Any]) -> None:
        """Take over what was kept with these definitions: they need not be checked and worked out again."""
        self.were_kept = True
        for name, value in {_LAW_CONTENTS: law, **worked_out}.items():
            self._kept[(self.folder, name)] = value

    @property
    def outlines(self) -> tuple[Outline, ...]:
        """All outlines, read at first use; FormsError if any of them is wrong."""
        return self.once("outlines", lambda: self._read_outlines(self))

    @property
    def checklists(self) -> tuple[Checklist, ...]:
        """All checklists, read at first use; FormsError if any of them is wrong."""
        return self.once("checklists", lambda: self._read_checklists(self))

    @cached_property
    def places(self) -> Places:
        """The administrative units, read at first use."""
        return Places.shipped()


def _head(form: Form) -> FormHead:
    return FormHead(form.order, form.id, form.version, form.effective_from, form.effective_to)


def _register(contents: Iterable[LawContent]) -> LawRegister:
    law = joined_law(contents, Faults())
    return LawRegister(law.instruments, law.checks)


def _as_choice(activity: Activity) -> Choice:
    return Choice(
        value=activity.code,
        label=activity.label,
        short_label=activity.short_label,
        source=activity.source,
        retired=activity.retired,
        unverified=activity.unverified,
    )


def _always_open(kind: str) -> Workflow:
    state = State(name="open", label="Đang dùng", ends="Ghi, sửa được bất cứ lúc nào, không phải chốt")
    return Workflow(kind=kind, initial="open", states=(state,), transitions=())


def _distinct(named: Iterable[tuple[str, T]]) -> tuple[T, ...]:
    """The first item of each name, because several activities may have the same item."""
    by_name: dict[str, T] = {}
    for name, item in named:
        by_name.setdefault(text.fold(name), item)
    return tuple(by_name.values())


def _with_own_codes(
    rows: Iterable[tuple[dict[str, str], ChecklistItem]], lists: Sequence[str]
) -> list[tuple[dict[str, str], ChecklistItem]]:
    """The rows with unique codes: if two lists use the same code for different items, the later gets a number."""
    used: set[str] = set()
    result = []
    for row, item in rows:
        codes = (row["code"] + (f"_{number}" if number > 1 else "") for number in range(1, len(lists) + 1))
        code = next(code for code in codes if code not in used)
        used.add(code)
        result.append(({**row, "code": code}, item))
    return result


def _items(checklist: Checklist, group: str) -> tuple[ChecklistItem, ...]:
    return checklist.papers if group == "paper" else checklist.facts

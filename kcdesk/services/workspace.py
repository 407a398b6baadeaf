"""What every use case works on: one open store, its forms, and the extensions that the subjects hand in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from kcdesk.errors import Problem
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations import deadlines, eligibility, norms, priorities, procedures
from kcdesk.store.identity import Identity
from kcdesk.store.store import Store

if TYPE_CHECKING:
    from kcdesk.documents.layouts.layout import Layouts
    from kcdesk.formdef.places import Places
    from kcdesk.formdef.regulations.deadlines import Calendar
    from kcdesk.formdef.regulations.eligibility import Rule
    from kcdesk.formdef.regulations.norms import Norms
    from kcdesk.formdef.regulations.priorities import Priorities
    from kcdesk.formdef.regulations.procedures import Procedures


# What a subject adds to the engine (records, life cycle, papers), which knows no subject. The types stand here because
# they name Workspace and Workspace holds them.
Guard: TypeAlias = Callable[["Workspace", Record], list[Problem]]
Effect: TypeAlias = Callable[["Workspace", Record], dict[str, dict[str, Any]]]
LinkCheck: TypeAlias = Callable[["Workspace", Record, str], None]
PaperSource: TypeAlias = Callable[["Workspace", Record], Any]


@dataclass(frozen=True, slots=True)
class Preparer:
    """How a new record of a kind is filled in from others, and the fields that tie it to them.

    When a tie changes, the draft is filled in again: its empty parts only.
    """

    fill: Callable[[Workspace, Record], None]
    ties: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extensions:
    """What the subjects hand in; `services/catalogue.py` is the one place that lists it.

    A guard gives the problems that stand in the way of a step, an effect the changes of every record that a step
    touches besides the state, by id. A final check is asked before a record is made final, a draft check while a record
    of its kind is written. A link check refuses (UserError) a record named at a path of a kind. A paper source gives
    what a layout of `forms/documents` names in `uses`.
    """

    guards: Mapping[str, Guard]
    effects: Mapping[str, Effect]
    preparers: Mapping[str, tuple[Preparer, ...]]
    final_checks: tuple[Guard, ...]
    draft_checks: Mapping[str, Guard]
    link_checks: Mapping[tuple[str, str], LinkCheck]
    paper_sources: Mapping[str, PaperSource]


@dataclass
class Workspace:
    """One open store, the data that explains it, and what the subjects hand in; `today` is the laptop's day."""

    store: Store
    forms: Forms
    extensions: Extensions
    today: Callable[[], date] = field(default=date.today)

    @contextmanager
    def alongside(self) -> Iterator[Workspace]:
        """The same store for one long act in another thread; open and leave it there, and write nowhere else."""
        store = self.store.alongside()
        try:
            yield replace(self, store=store)
        finally:
            store.close()

    @property
    def identity(self) -> Identity:
        """Unit, officer and device of the open store."""
        return self.store.identity

    @property
    def places(self) -> Places:
        """The catalogue of administrative units, read when first asked for."""
        return self.forms.places

    @cached_property
    def layouts(self) -> Layouts:
        """The paper layouts, read when first asked for."""
        from kcdesk.documents.layouts.layout import load_layouts  # jinja2 takes 60 ms

        return self.forms.once("layouts", lambda: load_layouts(self.forms.folder / "documents", self.forms))

    @cached_property
    def norms(self) -> tuple[Norms, ...]:
        """The ceilings of support, read when first asked for."""
        return self.forms.once("norms", lambda: norms.load(self.forms.folder, self.forms))

    @cached_property
    def eligibility(self) -> tuple[Rule, ...]:
        """The rules of who may be supported, read when first asked for."""
        return self.forms.once("eligibility", lambda: eligibility.load(self.forms.folder, self.forms))

    @cached_property
    def calendar(self) -> Calendar:
        """The deadlines that hold in the office's province, read when first asked for."""
        province = self.identity.unit.province
        return self.forms.once(("calendar", province), lambda: deadlines.load(self.forms.folder, self.forms, province))

    @cached_property
    def priorities(self) -> Priorities:
        """In which order proposals are taken into a plan, read when first asked for."""
        return self.forms.once("priorities", lambda: priorities.load(self.forms.folder, self.forms))

    @cached_property
    def procedures(self) -> Procedures:
        """The rules of adjustment, appraisal and payment, read when first asked for."""
        return self.forms.once("procedures", lambda: procedures.load(self.forms.folder, self.forms))

    def close(self) -> None:
        """Close the store; the workspace is of no use afterwards."""
        self.store.close()

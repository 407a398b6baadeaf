"""The workspace of every use case: an open store, its forms, and the extensions that the subjects hand in."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from kcdesk import moments
from kcdesk.errors import Problem
from kcdesk.exchange.container import signed_closings
from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations import (
    areas,
    deadlines,
    early_warnings,
    eligibility,
    evidence,
    norms,
    phrases,
    priorities,
    procedures,
    retention,
)
from kcdesk.runtime.frozen import Value, field, replace
from kcdesk.store.identity import Identity
from kcdesk.store.store import Store
from kcdesk.store.writer import Writer

if TYPE_CHECKING:
    from kcdesk.documents.layouts.layout import Layouts
    from kcdesk.formdef.places import Places
    from kcdesk.formdef.regulations.areas import ProvinceAreas
    from kcdesk.formdef.regulations.deadlines import Calendar
    from kcdesk.formdef.regulations.early_warnings import EarlyWarning
    from kcdesk.formdef.regulations.eligibility import EligibilityRule
    from kcdesk.formdef.regulations.evidence import Evidence
    from kcdesk.formdef.regulations.levels import Level
    from kcdesk.formdef.regulations.norms import Norms
    from kcdesk.formdef.regulations.phrases import Phrases
    from kcdesk.formdef.regulations.priorities import Priorities
    from kcdesk.formdef.regulations.procedures import Procedures
    from kcdesk.formdef.regulations.retention import Retention


# What a subject adds to the engine (records, life cycle, papers), which knows no subject. The types are defined here
# because they refer to Workspace, and Workspace contains them.
Guard: TypeAlias = Callable[["Workspace", Record], list[Problem]]
Effect: TypeAlias = Callable[["Workspace", Record], dict[str, dict[str, Any]]]
Filler: TypeAlias = Callable[["Workspace", Record], dict[str, Any]]
Beginning: TypeAlias = Callable[["Workspace", Record], None]
AnswerFiller: TypeAlias = Callable[["Workspace", Record, str, str], dict[str, Any]]
ClosedFinder: TypeAlias = Callable[["Workspace", Record], "ClosedFields"]
LinkCheck: TypeAlias = Callable[["Workspace", Record, str], None]
PaperSource: TypeAlias = Callable[["Workspace", Record], Any]
OriginFinder: TypeAlias = Callable[["Workspace", Record, str], Iterator[Derivation]]
LimitFinder: TypeAlias = Callable[["Workspace", Record, str], list[Derivation]]
FigureFinder: TypeAlias = Callable[["Workspace", Record], dict[str, Callable[[], Derivation]]]
StepFollower: TypeAlias = Callable[["Workspace", Writer, str], None]


class Preparer(Value):
    """The function that fills in a new record of a kind from other records, and what ties it to them.

    A tie is a field, or a column of a table (`sites/beneficiary`). When a tie changes, the empty parts of a draft are
    filled in again.
    """

    fill: Callable[[Workspace, Record], None]
    ties: frozenset[str]


class TableOffer(Value):
    """What can be filled in by a button below a table: its words, and the function that does it in the record.

    The function returns all changed paths and a sentence about what was filled in, or why nothing was.
    """

    label: str
    tip: str
    fill: Callable[[Workspace, Record], tuple[dict[str, Any], str]]
    replaces: bool = False  # it replaces typed values, so it is done only if the table is named


class ClosedFields(Value):
    """What is not to be typed into a record now: fields, and single choices of a field, each with the reason."""

    fields: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def why(self, path: str, value: object) -> str:
        """Why this stored value is not to be typed at the path; "" if it may be."""
        return self.fields.get(path) or self.choices.get(path, {}).get(str(value), "")


class Extensions(Protocol):
    """What the subjects hand in; only `services/catalogue.py` lists it.

    A guard returns the problems that prevent a step, or what remains to be done in a state; an effect returns the
    changes of a step besides the state, by record id; a filler returns values by field for empty fields of a step; an
    answer filler, by kind, returns the changes of a step that means an answer (result, reason). Final checks run
    before a record is made final, draft checks while a record of their kind is edited, lasting checks in every state;
    those prevent no step. Closed fields, by kind, are what an officer is not to type in the record's present state,
    although the field is his. A link check refuses (UserError) a record referred to at a path of a kind. A paper source
    returns a value that a layout of `forms/documents` names in `uses`; paper figures, by kind and source, are the
    figures of other dossiers that make such a paper anew when they change, although its record is locked. A beginning
    fills in what is known of a record that an officer begins empty. A table offer, by kind and table, fills in rows or
    cells on request. Step followers run at the end of a step, in its act.

    For «Vì sao có số này?», by kind: origins are the numbers of other records that a step or a plan may have written
    into a path, the likeliest first; limits are what the number at a path must not exceed; figures are numbers that no
    field holds, by name.
    """

    @property
    def guards(self) -> Mapping[str, Guard]: ...
    @property
    def effects(self) -> Mapping[str, Effect]: ...
    @property
    def fillers(self) -> Mapping[str, Filler]: ...
    @property
    def answer_fillers(self) -> Mapping[str, AnswerFiller]: ...
    @property
    def preparers(self) -> Mapping[str, tuple[Preparer, ...]]: ...
    @property
    def beginnings(self) -> Mapping[str, Beginning]: ...
    @property
    def table_offers(self) -> Mapping[tuple[str, str], TableOffer]: ...
    @property
    def final_checks(self) -> tuple[Guard, ...]: ...
    @property
    def draft_checks(self) -> Mapping[str, Guard]: ...
    @property
    def lasting_checks(self) -> tuple[Guard, ...]: ...
    @property
    def closed_fields(self) -> Mapping[str, ClosedFinder]: ...
    @property
    def link_checks(self) -> Mapping[tuple[str, str], LinkCheck]: ...
    @property
    def paper_sources(self) -> Mapping[str, PaperSource]: ...
    @property
    def paper_figures(self) -> Mapping[tuple[str, str], PaperSource]: ...
    @property
    def step_followers(self) -> tuple[StepFollower, ...]: ...
    @property
    def origins(self) -> Mapping[str, tuple[OriginFinder, ...]]: ...
    @property
    def limits(self) -> Mapping[str, LimitFinder]: ...
    @property
    def figures(self) -> Mapping[str, tuple[FigureFinder, ...]]: ...


@dataclasses.dataclass
class Workspace:
    """An open store, the definitions that explain it, and what the subjects hand in; `today` is the laptop's date."""

    store: Store
    forms: Forms
    extensions: Extensions
    today: Callable[[], date] = dataclasses.field(default=moments.today)

    @contextmanager
    def alongside(self) -> Iterator[Workspace]:
        """The same store for a long act in another thread; enter and leave it there, and do not write elsewhere."""
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
    def level(self) -> Level:
        """The level of the office: whether it decides, and for whom."""
        return self.forms.levels.of(self.identity.unit.level)

    @property
    def collects(self) -> bool:
        """Whether offices below hand over to this one, whether it decides about what they send or only watches it."""
        return self.level is not self.forms.levels.makers

    @property
    def places(self) -> Places:
        """The catalogue of administrative units, loaded at first use."""
        return self.forms.places

    @cached_property
    def layouts(self) -> Layouts:
        """The paper layouts, loaded at first use."""
        from kcdesk.documents.layouts.layout import load_layouts  # jinja2 takes 60 ms

        return self.forms.once("layouts", lambda: load_layouts(self.forms.folder / "documents", self.forms))

    @cached_property
    def areas(self) -> tuple[ProvinceAreas, ...]:
        """The priority areas by commune, loaded at first use."""
        return self.forms.once("areas", lambda: areas.load(self.forms.folder, self.forms))

    @cached_property
    def norms(self) -> tuple[Norms, ...]:
        """The ceilings of support, loaded at first use."""
        return self.forms.once("norms", lambda: norms.load(self.forms.folder, self.forms))

    @cached_property
    def eligibility(self) -> tuple[EligibilityRule, ...]:
        """The rules of eligibility, loaded at first use."""
        return self.forms.once("eligibility", lambda: eligibility.load(self.forms.folder, self.forms))

    @cached_property
    def calendar(self) -> Calendar:
        """The deadlines that apply in the office's province, loaded at first use."""
        province = self.identity.unit.province
        return self.forms.once(("calendar", province), lambda: deadlines.load(self.forms.folder, self.forms, province))

    @cached_property
    def priorities(self) -> Priorities:
        """The order of priority of proposals in a plan, loaded at first use."""
        return self.forms.once("priorities", lambda: priorities.load(self.forms.folder, self.forms))

    @cached_property
    def retention(self) -> tuple[Retention, ...]:
        """How long records with personal data are kept."""
        return self.forms.once("retention", lambda: retention.load_retention(self.forms.folder, self.forms))

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """Which papers prove numbers, loaded at first use."""
        return self.forms.once("evidence", lambda: evidence.load_evidence(self.forms.folder, self.forms))

    @cached_property
    def phrases(self) -> Phrases:
        """The sentences that are offered while typing, and the fields in which they are."""
        return self.forms.once("phrases", lambda: phrases.load_phrases(self.forms.folder, self.forms))

    @cached_property
    def warnings(self) -> tuple[EarlyWarning, ...]:
        """The rules of early warning, loaded at first use."""
        return self.forms.once("warnings", lambda: early_warnings.load_warnings(self.forms.folder, self.forms))

    @cached_property
    def procedures(self) -> Procedures:
        """The rules of adjustment, appraisal and payment, loaded at first use."""
        return self.forms.once("procedures", lambda: procedures.load(self.forms.folder, self.forms))

    def close(self) -> None:
        """Sign where the history ends and close the store; the workspace cannot be used afterwards."""
        signed_closings.sign_end(self.store)
        self.store.close()

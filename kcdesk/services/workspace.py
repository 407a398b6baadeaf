"""What every use case works on: one open store, its forms, its places and its paper layouts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from kcdesk.formdef.loading.loader import Forms
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


@dataclass
class Workspace:
    """One open store and the data that explains it; `today` is the laptop's calendar day."""

    store: Store
    forms: Forms
    today: Callable[[], date] = field(default=date.today)

    @contextmanager
    def alongside(self) -> Iterator[Workspace]:
        """The same store for one long act in another thread; open and leave it there, and write nowhere else."""
        store = self.store.alongside()
        try:
            yield Workspace(store, self.forms, self.today)
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
        from kcdesk.documents.layouts.layout import load_layouts

        return self.forms.once("layouts", lambda: load_layouts(self.forms.folder / "documents", self.forms))

    @cached_property
    def norms(self) -> tuple[Norms, ...]:
        """The ceilings of support, read when first asked for."""
        from kcdesk.formdef.regulations import norms

        return self.forms.once("norms", lambda: norms.load(self.forms.folder, self.forms))

    @cached_property
    def eligibility(self) -> tuple[Rule, ...]:
        """The rules of who may be supported, read when first asked for."""
        from kcdesk.formdef.regulations import eligibility

        return self.forms.once("eligibility", lambda: eligibility.load(self.forms.folder, self.forms))

    @cached_property
    def calendar(self) -> Calendar:
        """The deadlines that hold in the office's province, read when first asked for."""
        from kcdesk.formdef.regulations import deadlines

        province = self.identity.unit.province
        return self.forms.once(("calendar", province), lambda: deadlines.load(self.forms.folder, self.forms, province))

    @cached_property
    def priorities(self) -> Priorities:
        """In which order proposals are taken into a plan, read when first asked for."""
        from kcdesk.formdef.regulations import priorities

        return self.forms.once("priorities", lambda: priorities.load(self.forms.folder, self.forms))

    @cached_property
    def procedures(self) -> Procedures:
        """The rules of adjustment, appraisal and payment, read when first asked for."""
        from kcdesk.formdef.regulations import procedures

        return self.forms.once("procedures", lambda: procedures.load(self.forms.folder, self.forms))

    def close(self) -> None:
        """Close the store; the workspace is of no use afterwards."""
        self.store.close()

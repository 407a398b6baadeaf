"""What the pages of a package say to people, from `forms/package.toml`, which is read at first use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from kcdesk.formdef.conditions import holds
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import PACKAGE, refuse_faults
from kcdesk.formdef.loading.form_checks import check_condition
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.formdef.model import OF_EVERY_RECORD, Condition, Field, Form, Owner
from kcdesk.runtime.frozen import Value, field


class Dossier(Value, kw_only=True):
    """The kind of dossier that the first page names one by one; the other keys are names of its fields."""

    kind: str
    parties: str = ""  # for whom it is
    asked: str = ""
    approved: str = ""


class MoneySource(Value, kw_only=True):
    """A source of money: the fields of a dossier with its amounts, and the programme of payments from it."""

    label: str
    asked: str
    approved: str
    programme: str = ""


class PaymentRule(Value, kw_only=True):
    """Records below a dossier that say what it was paid, or what it gave back; other keys are names of their fields."""

    kind: str
    amount: str
    source: str  # the programme, also a field of the dossier
    when: Condition = field(default_factory=dict)
    is_returned: bool = False


class Request(Value, kw_only=True):
    """What the receiver of a package is asked to do with a record."""

    kind: str
    text: str
    at: tuple[Owner, ...]  # levels of the receiver
    states: tuple[str, ...] = ()
    when: Condition = field(default_factory=dict)


class PrintedList(Value, kw_only=True):
    """The printed columns of the list of a kind, where they differ from those of its list page."""

    kind: str
    columns: tuple[str, ...]


class PackagePages(Value, kw_only=True, dict=True):
    """The content of `forms/package.toml`."""

    dossiers: tuple[Dossier, ...] = ()  # at most one
    sources: tuple[MoneySource, ...] = ()
    payments: tuple[PaymentRule, ...] = ()
    requests: tuple[Request, ...] = ()
    lists: tuple[PrintedList, ...] = ()

    @cached_property
    def _by_kind(self) -> dict[tuple[str, str], tuple[Request, ...]]:
        return {}

    @property
    def dossier(self) -> Dossier | None:
        """The kind of dossier that the first page names one by one, if any."""
        return next(iter(self.dossiers), None)

    def request(self, kind: str, values: Mapping[str, Any], level: str) -> str:
        """What a receiver of a level is asked to do with a record; "" for nothing."""
        state = values.get("state")
        for entry in self._of(kind, level):
            if (not entry.states or state in entry.states) and holds(entry.when, values):
                return entry.text
        return ""

    def _of(self, kind: str, level: str) -> tuple[Request, ...]:
        """The requests about a kind to a level; a package may hold thousands of records."""
        if (kind, level) not in self._by_kind:
            asked = tuple(entry for entry in self.requests if entry.kind == kind and level in entry.at)
            self._by_kind[kind, level] = asked
        return self._by_kind[kind, level]

    def columns(self, form: Form) -> tuple[str, ...]:
        """The printed columns of the list of a kind, always with the state."""
        named = next((page.columns for page in self.lists if page.kind == form.id), form.list or form.title)
        return named if "state" in named else (*named, "state")


def of(forms: Forms) -> PackagePages:
    """The pages for these forms; FormsError lists all faults."""
    return forms.once("package_pages", lambda: load(forms.folder, forms))


def load(folder: Path, forms: Forms) -> PackagePages:
    """Read the pages of a folder; FormsError lists all faults. What is said of kinds outside `forms` is left out."""
    faults = Faults()
    read = read_definition(folder, PACKAGE, PackagePages, faults)
    _check(read, folder, forms, faults)
    refuse_faults(faults, folder)
    known = forms.kinds
    return PackagePages(
        dossiers=tuple(entry for entry in read.dossiers if entry.kind in known),
        sources=read.sources if read.dossier and read.dossier.kind in known else (),
        payments=tuple(entry for entry in read.payments if entry.kind in known),
        requests=tuple(entry for entry in read.requests if entry.kind in known),
        lists=tuple(entry for entry in read.lists if entry.kind in known),
    )


def _check(read: PackagePages, folder: Path, forms: Forms, faults: Faults) -> None:
    kinds = {entry.kind for entry in read.requests} | {entry.kind for entry in read.lists}
    kinds |= {entry.kind for entry in read.dossiers} | {entry.kind for entry in read.payments}
    for kind in sorted(kinds - set(forms.kinds)):
        if not (folder / f"{kind}.toml").exists():
            faults.add(PACKAGE, kind, "không có loại hồ sơ này")
    if len(read.dossiers) > 1:
        faults.add(PACKAGE, "dossier", "chỉ được có một mục [[dossier]]")
    if read.dossier and read.dossier.kind in forms.kinds:
        named = [read.dossier.parties, read.dossier.asked, read.dossier.approved]
        named += [name for source in read.sources for name in (source.asked, source.approved)]
        _check_fields(read.dossier.kind, named, forms, faults)
    for page in read.lists:
        _check_fields(page.kind, page.columns, forms, faults)
    for rule in read.payments:
        _check_fields(rule.kind, (rule.amount, rule.source), forms, faults)
        _check_when(rule.kind, rule.when, forms, faults)
    for entry in read.requests:
        _check_request(entry, forms, faults)


def _check_request(entry: Request, forms: Forms, faults: Faults) -> None:
    if entry.kind not in forms.kinds:
        return
    known = {state.name for state in forms.workflow(entry.kind).states}
    for name in entry.states:
        if name not in known:
            faults.add(PACKAGE, f"{entry.kind}.{name}", "không có trạng thái này")
    _check_when(entry.kind, entry.when, forms, faults)


def _check_when(kind: str, when: Condition, forms: Forms, faults: Faults) -> None:
    if kind in forms.kinds:
        check_condition(faults, PACKAGE, kind, when, _fields(kind, forms), forms)


def _check_fields(kind: str, names: list[str] | tuple[str, ...], forms: Forms, faults: Faults) -> None:
    fields = _fields(kind, forms)
    for name in names:
        if kind in forms.kinds and name and name not in fields:
            faults.add(PACKAGE, f"{kind}.{name}", "không có mục này")


def _fields(kind: str, forms: Forms) -> dict[str, Field]:
    known = dict(OF_EVERY_RECORD)
    return known | {item.name: item for form in forms.versions_of(kind) for item in form.fields}

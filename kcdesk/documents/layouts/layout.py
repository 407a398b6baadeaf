"""Layouts of papers: read from `forms/documents/*.toml`, filled with records, given out as blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError

from kcdesk import paths
from kcdesk.documents.blocks import Block, Document, PageSetup
from kcdesk.documents.layouts.block_reader import BlockReader
from kcdesk.documents.layouts.layout_checks import RECORD, LayoutChecker, LayoutNames
from kcdesk.documents.layouts.specs import BlockSpec, Counters, Expression, Filling, Text
from kcdesk.documents.layouts.templates import Templates
from kcdesk.documents.paper import Missing, PaperObject, PaperRecord, Rows
from kcdesk.documents.paper_codes import PaperCode
from kcdesk.errors import UserError
from kcdesk.formdef.conditions import holds
from kcdesk.formdef.loading.toml_reader import Fault, Faults, Reader, read_toml
from kcdesk.formdef.loading.versions import check_versions
from kcdesk.formdef.model import Condition
from kcdesk.formdef.record import Record

if TYPE_CHECKING:
    from kcdesk.formdef.forms import Forms


# What a text that passed the checks may still raise: a date taken for a number, a column that is no number.
_UNUSABLE = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)


class LayoutsError(UserError):
    """Layout files that cannot be used; `faults` lists everything that is wrong with all of them."""

    def __init__(self, faults: list[Fault]) -> None:
        lines = "\n".join(map(str, faults))
        super().__init__(
            f"Mẫu giấy tờ có {len(faults)} chỗ sai:\n{lines}",
            code="layouts",
            hint="Hãy sửa các tệp trên rồi mở lại chương trình.",
        )
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutHead:
    """What a layout file says before its blocks."""

    id: str
    version: int
    label: str
    effective_from: date
    kind: str  # the kind of record that the paper is about: its answers stay open on a blank print
    uses: tuple[str, ...]  # every name that the texts may use: kinds of records, unit, officer, …
    title: Text
    effective_to: date | None = None
    source: str = ""
    unverified: bool = False
    author: Text = ""
    subject: Text = ""
    keywords: tuple[str, ...] = ()
    footer: Text = ""
    keep: tuple[str, ...] = ()  # what a blank print keeps of `record`: "field" or "table.column"
    when: Condition = field(default_factory=dict)  # on the record: whether it has such a paper
    offered: Expression = ""  # what `when` cannot say: that some row is missing, that another dossier has something
    order: int = 50  # place among the papers of its kind
    copies: str = ""  # the field of the record that says in how many copies the paper is made
    always_blank: bool = False  # a paper to write on: it is never printed with answers
    furniture: bool = True  # page numbers, code and footer
    for_others: bool = False  # a list that is handed on: what is personal prints masked


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout(LayoutHead):
    """One version of one paper."""

    page: PageSetup
    blocks: tuple[BlockSpec, ...]
    templates: Templates

    @property
    def asks(self) -> tuple[str, ...]:
        """The names that `suits` has to be given besides the record: few papers ask for any."""
        if not self.offered:
            return ()
        mentioned = self.templates.mentions(f"{{{{ {self.offered} }}}}").names
        return tuple(name for name in self.uses if name in mentioned)

    def suits(self, record: Record, around: Mapping[str, Any] | None = None) -> bool:
        """Whether the record has such a paper; `around` holds what the layout `asks` for."""
        if record.kind != self.kind or not holds(self.when, record.data):
            return False
        if not self.offered:
            return True
        context = {**(around or {}), self.kind: record}
        names = {name: self._wrapped(name, context.get(name), blank=False) for name in self.uses}
        names |= {RECORD: names[self.kind], "blank": False}
        try:
            return Filling(self.templates, names, blank=False).holds(self.offered)
        except _UNUSABLE as error:
            raise self._unusable("offered", error) from error

    def render(self, context: Mapping[str, Any], *, blank: bool = False) -> Document:
        """The paper filled with the records and other things of `context`; what is not there prints as a blank.

        `blank` leaves the answers of the layout's own record open and keeps the rest of the dossier. `read_file` of
        the context gives a photo by its SHA-256.
        """
        blank = blank or self.always_blank
        names = {name: self._wrapped(name, context.get(name), blank) for name in self.uses}
        names[RECORD] = names[self.kind]
        code = self._code(names[RECORD])
        names |= {"blank": blank, "count": Counters(), "code": code}
        filling = Filling(self.templates, names, blank)
        footer = self._plain(filling, self.footer, "footer")
        return Document(
            title=self._plain(filling, self.title, "title"),
            author=self._plain(filling, self.author, "author"),
            subject=self._plain(filling, self.subject, "subject"),
            keywords=(*self.keywords, code.short),
            blocks=tuple(self._fill(filling)),
            qr=code.qr,
            footer=f"{footer} · Mã giấy {code.short}".removeprefix(" · "),
            page=self.page,
            furniture=self.furniture,
            **({"read_file": context["read_file"]} if "read_file" in context else {}),
        )

    def _wrapped(self, name: str, thing: object, blank: bool) -> object:
        if thing is None:
            return Missing()
        if isinstance(thing, Record):
            kept = frozenset(self.keep) if blank and name == self.kind else None
            return PaperRecord(thing, kept, for_others=self.for_others)
        if isinstance(thing, list):
            return Rows((self._wrapped("", one, blank=False) for one in thing), Missing())
        return thing if isinstance(thing, bool | int | str) else PaperObject(thing)

    def _code(self, record: Any) -> PaperCode:
        return PaperCode(self.id, record.id, record.revision, record.content_hash())

    def _plain(self, filling: Filling, source: str, place: str) -> str:
        try:
            return filling.plain(source)
        except _UNUSABLE as error:
            raise self._unusable(place, error) from error

    def _fill(self, filling: Filling) -> Iterator[Block]:
        for number, spec in enumerate(self.blocks, 1):
            try:
                if filling.holds(spec.when):
                    yield from spec.fill(filling)
            except _UNUSABLE as error:
                raise self._unusable(f"khối {number}", error) from error

    def _unusable(self, place: str, error: Exception) -> UserError:
        return UserError(
            f"Mẫu “{self.label}” ({self.id}.toml, {place}) không điền được: {error}.",
            code="layout",
            hint="Hãy sửa chỗ đó trong tệp mẫu.",
        )


class Layouts(Mapping[str, Layout]):
    """Every layout; `layouts["minutes_5a"]` is the version in force today."""

    def __init__(self, layouts: tuple[Layout, ...]) -> None:
        self.all = layouts
        self._ids = tuple(dict.fromkeys(layout.id for layout in layouts))

    def current(self, name: str, on: date) -> Layout:
        """The version in force on a day; KeyError when there is none."""
        found = [layout for layout in self.all if layout.id == name and _in_force(layout, on)]
        if not found:
            raise KeyError(name)
        return max(found, key=lambda layout: layout.version)

    def __getitem__(self, name: str) -> Layout:
        return self.current(name, date.today())  # noqa: DTZ011 - the officer's own day

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def _in_force(layout: Layout, on: date) -> bool:
    return layout.effective_from <= on and (layout.effective_to is None or on <= layout.effective_to)


def load_layouts(folder: Path | None = None, forms: Forms | None = None) -> Layouts:
    """Every layout of a folder (the shipped one when none is given); LayoutsError lists all faults of all files.

    With `forms`, every field that a layout names is looked up as well.
    """
    folder = folder or paths.forms() / "documents"
    reading = _Reading(folder, forms)
    found = [reading.layout(path) for path in sorted(folder.glob("*.toml"))]
    named = zip(sorted(folder.glob("*.toml")), found, strict=True)
    check_versions(reading.faults, [(path.name, one.id, one) for path, one in named if one])
    if reading.faults.items:
        raise LayoutsError(reading.faults.items)
    return Layouts(tuple(filter(None, found)))


class _Reading:
    """Reads the files of one folder."""

    def __init__(self, folder: Path, forms: Forms | None) -> None:
        self.faults = Faults()
        self._forms = forms
        self._templates = Templates()
        self._blocks = BlockReader(folder, self.faults)

    def layout(self, path: Path) -> Layout | None:
        """One layout; None when its file is no TOML."""
        table = read_toml(path, path.name, self.faults)
        if table is None:
            return None
        reader = Reader(path.name, self.faults)
        block_tables, page_table = table.pop("block", []), table.pop("page", {})
        head = reader.build(LayoutHead, table)
        page = reader.build(PageSetup, page_table, "page")
        if head is None or page is None:
            return None
        placed = tuple(self._blocks.read(path.name, block_tables))
        checker = LayoutChecker(path.name, LayoutNames(head.kind, head.uses, self._templates, self._forms), self.faults)
        self._check_head(head, path.name, checker)
        for block in placed:
            checker.check_placed(block)
        values = {item.name: getattr(head, item.name) for item in fields(LayoutHead)}
        return Layout(**values, page=page, blocks=tuple(one.spec for one in placed), templates=self._templates)

    def _check_head(self, head: LayoutHead, file: str, checker: LayoutChecker) -> None:
        if head.kind not in head.uses:
            self.faults.unknown(file, "kind", "tên", head.kind, head.uses)
        for path in head.keep:
            checker.check_path(head.kind, path, "keep")
        if head.copies:
            checker.check_path(head.kind, head.copies, "copies")
        checker.check_condition(head.kind, head.when, "when")
        checker.check(head, "phần đầu")

"""Layouts of papers: read from `forms/documents/*.toml` and filled with records, which gives blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError

from kcdesk import moments, paths
from kcdesk.documents.block_json import hash_of
from kcdesk.documents.blocks import DRAWING, SHEET_DRAWING, Block, Document, PageSetup
from kcdesk.documents.layouts.block_reader import BlockReader
from kcdesk.documents.layouts.layout_checks import RECORD, LayoutChecker, LayoutNames
from kcdesk.documents.layouts.specs import BlockSpec, Counters, Expression, Filling, Text
from kcdesk.documents.layouts.templates import Templates
from kcdesk.documents.paper import PaperObject, PaperRecord, Rows
from kcdesk.documents.paper_codes import PaperCode
from kcdesk.documents.paper_values import Missing, Reads
from kcdesk.documents.ticked.answer_places import PaperAnswers, read_answers
from kcdesk.errors import UserError
from kcdesk.formdef.conditions import holds
from kcdesk.formdef.law import form_numbers
from kcdesk.formdef.loading.toml_reader import Fault, Faults, TomlReader, read_toml
from kcdesk.formdef.loading.versions import check_versions
from kcdesk.formdef.model import Condition
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.dated_names import DATED
from kcdesk.runtime.frozen import Value, field, names

if TYPE_CHECKING:
    from kcdesk.formdef.forms import Forms
    from kcdesk.formdef.regulations.dated_names import DatedNames


# Errors of a text that passed the checks: a date used as a number, a column that is no number.
_UNUSABLE = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)


class LayoutsError(UserError):
    """The layout files cannot be used; `faults` lists the faults of all files."""

    def __init__(self, faults: list[Fault]) -> None:
        lines = "\n".join(map(str, faults))
        super().__init__(
            f"Mẫu giấy tờ có {len(faults)} chỗ sai:\n{lines}",
            code="layouts",
            hint="Hãy sửa các tệp trên rồi mở lại chương trình.",
        )
        self.faults = faults


class LayoutHead(Value, kw_only=True):
    """The keys of a layout file outside its blocks."""

    id: str
    version: int
    label: str
    effective_from: date
    kind: str  # the kind of record that the paper is about; its answers are left open on a blank print
    uses: tuple[str, ...]  # all names that the texts may use: kinds of records, unit, officer, …
    title: Text
    effective_to: date | None = None
    source: str = ""
    unverified: bool = False
    author: Text = ""
    subject: Text = ""
    keywords: tuple[str, ...] = ()
    footer: Text = ""
    keep: tuple[str, ...] = ()  # what a blank print shows of `record`: "field" or "table.column"
    when: Condition = field(default_factory=dict)  # condition for records that have this paper
    offered: Expression = ""  # a further condition, on rows or on other dossiers, which `when` cannot express
    order: int = 50  # position among the papers of its kind
    copies: str = ""  # the field of the record with the number of copies
    always_blank: bool = False  # a paper to write on, never printed with answers
    furniture: bool = True  # page numbers, code and footer
    at_print: bool = False  # a report of the day on which it is printed: kept then, not when its record is locked
    for_others: bool = False  # a list for other people: personal values print masked
    cites: tuple[str, ...] = ()  # names of `uses` whose text cites legal texts, of which the foot must be careful too
    form: str = ""  # the short name of the form for which it stands, «Mẫu 5a», where its source holds


class FilledPaper(Value):
    """A filled paper; `own` are the fields of its record that the blocks show or depend on.

    `is_sensitive`: a value that is sensitive by law was read.
    """

    document: Document
    code: PaperCode
    own: frozenset[str]
    is_sensitive: bool
    by_form: str  # the sentence about the office's own Word file that wrote it; "" for our layout


class OwnWriting(Value):
    """What writes a paper in place of its layout: the names that both need, and its block made of their values.

    `foot` stands in place of the fixed words of the layout's footer, which name the model of the layout; `sentence`
    is what lists of papers say of such a paper.
    """

    uses: tuple[str, ...]
    foot: str
    sentence: str
    block: Callable[[Mapping[str, Any], bool], Block]  # `bool`: printed blank


_FILLED_IN = re.compile(r"\{\{.*?\}\}")


def unnumbered(head: LayoutHead) -> dict[str, Any]:
    """The texts of a layout that name a paper, without the number of a form that nobody has seen.

    The number is true of one programme alone, and a layout serves all: who prints a paper adds it where it holds.
    """
    label = form_numbers.without_number(head.label)
    keywords = tuple(word for word in head.keywords if not form_numbers.NUMBER.fullmatch(word))
    footer = form_numbers.NUMBER.sub(label, form_numbers.without_number(head.footer))
    named = form_numbers.NUMBER.search(head.label)
    form = head.form or (named[0].replace("số ", "") if named else "")
    return {"label": label, "keywords": keywords, "footer": footer, "form": form}


class _OpenCode:
    """Stands for the code while the blocks that it hashes are filled; a paper that shows its code is filled again."""

    def __init__(self) -> None:
        self.asked = False

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        self.asked = True
        return ""


class Layout(LayoutHead, kw_only=True):
    """One version of one paper."""

    page: PageSetup
    blocks: tuple[BlockSpec, ...]
    templates: Templates
    answers: PaperAnswers | None = None  # the answers that are read back from a picture of the paper printed blank

    @property
    def names_itself(self) -> bool:
        """Whether its foot says what the paper is; that of a certificate is left clean."""
        return bool(_FILLED_IN.sub("", self.footer).strip())

    @property
    def asks(self) -> tuple[str, ...]:
        """The names that `suits` needs besides the record; few papers need any."""
        if not self.offered:
            return ()
        mentioned = self.templates.mentions(f"{{{{ {self.offered} }}}}").names
        return tuple(name for name in self.uses if name in mentioned)

    def suits(self, record: Record, around: Mapping[str, Any] | None = None) -> bool:
        """Whether the record has this paper; `around` gives the values of the names in `asks`."""
        if record.kind != self.kind or not holds(self.when, record.data):
            return False
        if not self.offered:
            return True
        context = {**(around or {}), self.kind: record}
        names = {name: self._wrapped(name, context.get(name), False, Reads()) for name in self.uses}
        names |= {RECORD: names[self.kind], "blank": False}
        try:
            return Filling(self.templates, names, blank=False).holds(self.offered)
        except _UNUSABLE as error:
            raise self._unusable("offered", error) from error

    def render(self, context: Mapping[str, Any], *, blank: bool = False) -> Document:
        """Fill the paper with the records and other values of `context`; a missing value prints as a blank.

        `blank` leaves the answers of the layout's own record open but prints the other records. `read_file` in the
        context reads a photo by its SHA-256; DATED has the names of the day of the paper. UserError `layout` if a
        text cannot be filled.
        """
        return self.fill(context, blank=blank).document

    def fill(self, context: Mapping[str, Any], *, blank: bool = False, own: OwnWriting | None = None) -> FilledPaper:
        """As `render`, with what must be known to keep the paper; `own` writes it in place of the layout's blocks."""
        blank = blank or self.always_blank
        reads = Reads()
        names = self.names(context, own.uses if own else self.uses, blank=blank, reads=reads)
        open_code = _OpenCode()
        names |= {"blank": blank, "count": Counters(), "code": open_code}
        written = (own.block(names, blank),) if own else tuple(self._fill(Filling(self.templates, names, blank)))
        shown = frozenset(reads.own)
        record: Any = names[RECORD]
        code = PaperCode(self.id, record.id, record.revision, hash_of(written), record.answers_hash())
        names |= {"count": Counters(), "code": code}
        filling = Filling(self.templates, names, blank)
        if open_code.asked:
            written = tuple(self._fill(filling))
        marks = "".join(_FILLED_IN.findall(self.footer))  # «Bản chưa chốt · »
        footer = self._plain(filling, marks if own else self.footer, "footer") + (own.foot if own else "")
        document = self._document(filling, written, code, context, footer)
        return FilledPaper(document, code, shown, reads.sensitive, own.sentence if own else "")

    def names(
        self, context: Mapping[str, Any], uses: tuple[str, ...], *, blank: bool = False, reads: Reads | None = None
    ) -> dict[str, Any]:
        """The records and other values of `context`, as the paper's texts use them; `reads` notes what they read."""
        dated, noted = context.get(DATED), reads or Reads()
        is_blank = blank or self.always_blank
        names = {name: self._wrapped(name, context.get(name), is_blank, noted, dated) for name in uses}
        return names | {RECORD: names[self.kind]}

    def _document(
        self,
        filling: Filling,
        written: tuple[Block, ...],
        code: PaperCode,
        context: Mapping[str, Any],
        footer: str,
    ) -> Document:
        return Document(
            title=self._plain(filling, self.title, "title"),
            author=self._plain(filling, self.author, "author"),
            subject=self._plain(filling, self.subject, "subject"),
            keywords=(*self.keywords, code.short),
            blocks=written,
            qr=code.qr,
            footer=f"{footer} · Mã giấy {code.short}".removeprefix(" · "),
            page=self.page,
            furniture=self.furniture,
            drawing=SHEET_DRAWING if self.answers and code.is_blank else DRAWING,
            **({"read_file": context["read_file"]} if "read_file" in context else {}),
        )

    def _wrapped(self, name: str, thing: object, blank: bool, reads: Reads, dated: DatedNames | None = None) -> object:
        if thing is None:
            return Missing()
        if isinstance(thing, Record):
            is_own = name == self.kind
            kept = frozenset(self.keep) if blank and is_own else None
            return PaperRecord(thing, kept, for_others=self.for_others, reads=reads, is_own=is_own, names=dated)
        if isinstance(thing, list):
            return Rows((self._wrapped("", item, False, reads, dated) for item in thing), Missing())
        return thing if isinstance(thing, bool | int | str) else PaperObject(thing)

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
    """The layouts in force today; `layouts["minutes_5a"]` is the version in force. `all` holds every version."""

    def __init__(self, layouts: tuple[Layout, ...]) -> None:
        self.all = layouts

    def current(self, name: str, on: date) -> Layout:
        """The version of a layout in force on a day; KeyError if there is none."""
        candidates = [layout for layout in self.all if layout.id == name and _in_force(layout, on)]
        if not candidates:
            raise KeyError(name)
        return max(candidates, key=lambda layout: layout.version)

    def __getitem__(self, name: str) -> Layout:
        return self.current(name, moments.today())

    def __iter__(self) -> Iterator[str]:
        today = moments.today()
        return iter(dict.fromkeys(layout.id for layout in self.all if _in_force(layout, today)))

    def __len__(self) -> int:
        return len(list(iter(self)))


def _in_force(layout: Layout, on: date) -> bool:
    return layout.effective_from <= on and (layout.effective_to is None or on <= layout.effective_to)


def load_layouts(folder: Path | None = None, forms: Forms | None = None) -> Layouts:
    """Load all layouts of a folder (by default the shipped folder); LayoutsError lists the faults of all files.

    With `forms`, the fields named in layouts are checked too.
    """
    folder = folder or paths.forms() / "documents"
    reading = _Reading(folder, forms)
    files = sorted(folder.glob("*.toml"))
    layouts = [reading.layout(path) for path in files]
    named = [(path.name, layout.id, layout) for path, layout in zip(files, layouts, strict=True) if layout]
    check_versions(reading.faults, named)
    if reading.faults.items:
        raise LayoutsError(reading.faults.items)
    return Layouts(tuple(filter(None, layouts)))


class _Reading:
    """Reads the files of one folder."""

    def __init__(self, folder: Path, forms: Forms | None) -> None:
        self.faults = Faults()
        self._forms = forms
        self._templates = Templates()
        self._blocks = BlockReader(folder, self.faults)
        self._answers = read_answers(folder, self.faults)

    def layout(self, path: Path) -> Layout | None:
        """Read one layout; None if its file is no TOML or its keys are wrong."""
        table = read_toml(path, path.name, self.faults)
        if table is None:
            return None
        reader = TomlReader(path.name, self.faults)
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
        values = {name: getattr(head, name) for name in names(LayoutHead)} | unnumbered(head)
        return Layout(
            **values,
            page=page,
            blocks=tuple(block.spec for block in placed),
            templates=self._templates,
            answers=self._answers.get(head.id),
        )

    def _check_head(self, head: LayoutHead, file: str, checker: LayoutChecker) -> None:
        if head.kind not in head.uses:
            self.faults.unknown(file, "kind", "tên", head.kind, head.uses)
        for path in head.keep:
            checker.check_path(head.kind, path, "keep")
        if head.copies:
            checker.check_path(head.kind, head.copies, "copies")
        checker.check_condition(head.kind, head.when, "when")
        checker.check(head, "phần đầu")

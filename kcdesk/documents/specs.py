"""The blocks as a layout file describes them, and how each is filled.

A key of a block in TOML is a field here. `Text` marks a text with placeholders, `Expression` one that is worked out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any

from kcdesk.documents import blocks
from kcdesk.documents.blocks import Block, Inline, split_lines
from kcdesk.documents.paper import Fact, Missing, Rows
from kcdesk.documents.templates import Templates
from kcdesk.formdef.model import Field
from kcdesk.text import format_decimal

Text = Annotated[str, "text"]
Expression = Annotated[str, "expression"]


class Counters:
    """Running numbers of one paper: `{{ count("part") }}` is 1, then 2, whatever parts were left out."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __call__(self, name: str) -> int:
        self._numbers[name] = self._numbers.get(name, 0) + 1
        return self._numbers[name]


@dataclass(frozen=True, slots=True)
class Filling:
    """What a layout is filled with: the templates, the names, and whether the paper is printed blank."""

    templates: Templates
    names: Mapping[str, Any]
    blank: bool

    def text(self, source: str) -> Inline:
        """A text with its placeholders filled."""
        return self.templates.text(source, self.names)

    def plain(self, source: str) -> str:
        """A text without blanks and ticks, for a file's properties."""
        return "".join(piece if isinstance(piece, str) else "…" for piece in self.text(source))

    def holds(self, condition: str) -> bool:
        """Whether a condition holds; none always does."""
        return not condition or bool(self.templates.value(condition, self.names))

    def rows(self, source: str, blank_rows: int) -> Iterator[Filling]:
        """One filling for each row, then rows to write on where the paper is blank or has no row."""
        found = self.templates.value(source, self.names)
        rows = list(found)
        if self.blank or not rows:
            rows += [found.empty if isinstance(found, Rows) else Missing()] * blank_rows
        return self.each(rows)

    def each(self, rows: Iterable[object]) -> Iterator[Filling]:
        """One filling for each of the rows."""
        for index, row in enumerate(rows, 1):
            yield replace(self, names={**self.names, "row": row, "index": index})


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSpec(ABC):
    """What every block may say."""

    when: Expression = ""

    @abstractmethod
    def fill(self, filling: Filling) -> Iterator[Block]:
        """The finished blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSpec(BlockSpec):
    """The blocks of a part that several layouts share."""

    specs: tuple[BlockSpec, ...]

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The finished blocks, in their order."""
        for spec in self.specs:
            if filling.holds(spec.when):
                yield from spec.fill(filling)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedSpec(BlockSpec):
    """A block that may be repeated for each row of a table."""

    each: Expression = ""
    blank_rows: int = 0

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The block, once or for each row."""
        fillings = filling.rows(self.each, self.blank_rows) if self.each else (filling,)
        for one in fillings:
            yield from self.fill_one(one)

    @abstractmethod
    def fill_one(self, filling: Filling) -> Iterator[Block]:
        """The block for one row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderSpec(BlockSpec):
    """`header`"""

    authority: Text
    agency: Text
    number: Text
    date_line: Text = ""
    subject: Text = ""

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The official header."""
        texts = (self.authority, self.agency, self.number, self.date_line, self.subject)
        yield blocks.OfficialHeader(*map(filling.text, texts))


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleSpec(BlockSpec):
    """`title`"""

    title: Text
    subject: Text = ""

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The title."""
        yield blocks.Title(filling.text(self.title), filling.text(self.subject))


@dataclass(frozen=True, slots=True, kw_only=True)
class BasesSpec(BlockSpec):
    """`bases`: a text of several lines is several bases; one that comes out empty is left out."""

    lines: tuple[Text, ...]

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The legal bases."""
        lines = [line for text in self.lines for line in split_lines(filling.text(text))]
        yield blocks.LegalBases(tuple(map(tuple, lines)))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingSpec(BlockSpec):
    """`heading`"""

    text: Text
    level: int = 1

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The heading."""
        yield blocks.Heading(filling.text(self.text), self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphSpec(RepeatedSpec):
    """`paragraph`"""

    text: Text
    align: blocks.Align = "justify"
    indent: bool = True
    bold: bool = False
    italic: bool = False

    def fill_one(self, filling: Filling) -> Iterator[Block]:
        """The paragraph."""
        yield blocks.Paragraph(filling.text(self.text), self.align, self.indent, self.bold, self.italic)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSpec:
    """A labelled value; one with a width (millimetres) shares its line with the next."""

    label: str
    value: Text
    width: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldsSpec(RepeatedSpec):
    """`fields`"""

    parts: tuple[PartSpec, ...]

    def fill_one(self, filling: Filling) -> Iterator[Block]:
        """One block for each line."""
        line: list[blocks.FieldPart] = []
        for part in self.parts:
            line.append(blocks.FieldPart(part.label, filling.text(part.value), part.width))
            if not part.width:
                yield blocks.FieldLine(tuple(line))
                line = []
        if line:
            yield blocks.FieldLine(tuple(line))


@dataclass(frozen=True, slots=True, kw_only=True)
class SideSpec:
    """One of the sides that rows are grouped by: the value of the column and what it is called on paper."""

    value: str
    label: str
    blank_rows: int = 0  # a side without rows to write on is left out of a blank print


@dataclass(frozen=True, slots=True, kw_only=True)
class SidesSpec(BlockSpec):
    """`sides`: people by the side that they stand for, numbered; sides without anybody are left out."""

    rows: Expression
    column: str
    sides: tuple[SideSpec, ...]
    parts: tuple[PartSpec, ...]

    def fill(self, filling: Filling) -> Iterator[Block]:
        """A numbered line for each side, then its people."""
        rows = filling.templates.value(self.rows, filling.names)
        number = 0
        for side in self.sides:
            people = rows.where(**{self.column: side.value})
            if people or (side.blank_rows and (filling.blank or not rows)):
                number += 1
                yield blocks.Paragraph((f"{number}. {side.label}:",))
                yield from self._people(filling, people, side.blank_rows)

    def _people(self, filling: Filling, people: Rows, blank_rows: int) -> Iterator[Block]:
        spec = FieldsSpec(each="people", blank_rows=blank_rows, parts=self.parts)
        return spec.fill(replace(filling, names={**filling.names, "people": people}))


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec:
    """A column: its head, and what stands in it for each `row`."""

    heading: str
    value: Text
    width: int = 0
    align: blocks.Align = "left"
    group: str = ""
    total: Text = ""
    when: Expression = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec(BlockSpec):
    """`table`: a line of totals follows when any column has one."""

    rows: Expression
    columns: tuple[ColumnSpec, ...]
    blank_rows: int = 0

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The table."""
        columns = [column for column in self.columns if filling.holds(column.when)]
        rows = [
            blocks.Row(tuple(one.text(column.value) for column in columns))
            for one in filling.rows(self.rows, self.blank_rows)
        ]
        if any(column.total for column in columns):
            rows.append(blocks.Row(tuple(filling.text(column.total) for column in columns), bold=True))
        heads = [blocks.Column(c.heading, c.width, c.align, c.group) for c in columns]
        yield blocks.Table(tuple(heads), tuple(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsSpec(BlockSpec):
    """`facts`: the sections that a record has because of its activity, laid out from the form itself."""

    record: Expression
    without: tuple[str, ...] = ()  # sections that are left out
    brief: bool = False  # without long texts and without what nobody has answered

    def fill(self, filling: Filling) -> Iterator[Block]:
        """For each section its heading, its answers, then its tables."""
        for section in filling.templates.value(self.record, filling.names).own_sections:
            if section.id in self.without:
                continue
            written = [block for fact in section.facts for block in self._fact(fact, filling)]
            if written:
                yield blocks.Heading((section.label,), 2)
                yield from written

    def _fact(self, fact: Fact, filling: Filling) -> Iterator[Block]:
        if isinstance(fact.value, Rows):
            yield from self._table(fact.field, fact.value, filling)
        elif fact.field.type == "paragraph":
            if not self.brief:
                yield blocks.Paragraph((f"{fact.field.label}: ", *_written(fact.value, filling)))
        elif fact.value or not isinstance(fact.value, Missing) or (fact.field.required and not self.brief):
            yield blocks.FieldLine((blocks.FieldPart(fact.field.label, _written(fact.value, filling)),))

    def _table(self, field: Field, rows: Rows, filling: Filling) -> Iterator[Block]:
        """The rows with the columns of which any row has something; a line of totals where the form has one."""
        shown = [column for column in field.columns if column.type not in _NOT_PRINTED]
        columns = [
            column for column in shown if any(not isinstance(getattr(row, column.name), Missing) for row in rows)
        ]
        if not columns:
            return
        lines = [
            blocks.Row(tuple(_cell(column, getattr(row, column.name), filling) for column in columns)) for row in rows
        ]
        if field.totals:
            lines.append(blocks.Row(tuple(_total(field, column, rows, columns) for column in columns), bold=True))
        yield blocks.Paragraph((f"{field.label}:",))
        heads = [blocks.Column(_head(column), _width(column), _align(column)) for column in columns]
        yield blocks.Table(tuple(heads), tuple(lines))


_NOT_PRINTED = frozenset({"reference", "references", "files"})
_NUMBERS = frozenset({"integer", "decimal", "money", "percent"})
_WIDTHS = {"money": 26, "integer": 16, "decimal": 16, "percent": 17, "date": 23, "year": 14, "yes_no": 16}


def _written(value: object, filling: Filling, source: str = "{{ value }}") -> Inline:
    return filling.templates.text(source, {**filling.names, "value": value})


def _cell(column: Field, value: object, filling: Filling) -> Inline:
    """An empty cell of a list is empty: nobody writes on it. The unit of a number stands in the head."""
    if isinstance(value, Missing):
        return ()
    bare = column.unit and column.type in _NUMBERS
    return _written(value, filling, "{{ value | number }}" if bare else "{{ value }}")


def _total(field: Field, column: Field, rows: Rows, columns: list[Field]) -> Inline:
    if column.name in field.totals:
        values = [Decimal(str(v.stored)) for row in rows if not isinstance(v := getattr(row, column.name), Missing)]
        return (format_decimal(sum(values, Decimal(0))),)
    return ("Cộng",) if column is columns[0] else ()


def _head(column: Field) -> str:
    return f"{column.heading} ({column.unit})" if column.unit else column.heading


def _width(column: Field) -> int:
    return _WIDTHS.get(column.type, 0)


def _align(column: Field) -> blocks.Align:
    return "right" if column.type in _NUMBERS else "center" if column.type in ("date", "year", "yes_no") else "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerSpec:
    """One place to sign."""

    title: Text
    person: Text
    note: Text = ""
    when: Expression = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignaturesSpec(BlockSpec):
    """`signatures`"""

    signers: tuple[SignerSpec, ...]
    per_row: int = 2

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The grid of the parties that take part."""
        present = [signer for signer in self.signers if filling.holds(signer.when)]
        yield blocks.SignatureGrid(tuple(_signature(signer, filling) for signer in present), self.per_row)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientsSpec(BlockSpec):
    """`recipients`"""

    lines: tuple[Text, ...]

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The list of recipients."""
        yield _recipients(self.lines, filling)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingSpec(BlockSpec):
    """`closing`: the end of a letter."""

    lines: tuple[Text, ...]
    title: Text
    person: Text
    note: Text = ""

    def fill(self, filling: Filling) -> Iterator[Block]:
        """Recipients and signature side by side."""
        signer = SignerSpec(title=self.title, person=self.person, note=self.note)
        yield blocks.Closing(_recipients(self.lines, filling), _signature(signer, filling))


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBreakSpec(BlockSpec):
    """`page_break`"""

    def fill(self, _filling: Filling) -> Iterator[Block]:
        """The break."""
        yield blocks.PageBreak()


def _signature(signer: SignerSpec, filling: Filling) -> blocks.Signature:
    return blocks.Signature(filling.text(signer.title), filling.text(signer.person), filling.text(signer.note))


def _recipients(lines: tuple[Text, ...], filling: Filling) -> blocks.Recipients:
    return blocks.Recipients(tuple(filter(None, map(filling.text, lines))))


SPECS: Mapping[str, type[BlockSpec]] = {
    "header": HeaderSpec,
    "title": TitleSpec,
    "bases": BasesSpec,
    "heading": HeadingSpec,
    "paragraph": ParagraphSpec,
    "fields": FieldsSpec,
    "facts": FactsSpec,
    "sides": SidesSpec,
    "table": TableSpec,
    "signatures": SignaturesSpec,
    "recipients": RecipientsSpec,
    "closing": ClosingSpec,
    "page_break": PageBreakSpec,
}

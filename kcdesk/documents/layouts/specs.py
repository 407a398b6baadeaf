"""The blocks of layout files, and how each of them is filled.

The keys of a block in TOML are the fields of its class. `Text` marks a text with placeholders, `Expression` an
expression to be evaluated.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from kcdesk.documents import blocks
from kcdesk.documents.blocks import Block, Inline, split_lines
from kcdesk.documents.layouts import legal_bases
from kcdesk.documents.layouts.templates import Templates
from kcdesk.documents.paper import Rows
from kcdesk.documents.paper_values import Missing
from kcdesk.runtime.frozen import AbstractValue, Value, replace

Text = Annotated[str, "text"]
Expression = Annotated[str, "expression"]


class Counters:
    """Running numbers of one paper: `{{ count("part") }}` is 1, then 2; parts left out are not counted."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __call__(self, name: str) -> int:
        self._numbers[name] = self._numbers.get(name, 0) + 1
        return self._numbers[name]


class Filling(Value):
    """What a layout is filled with: the templates, the values by name, and whether the paper is printed blank."""

    templates: Templates
    names: Mapping[str, Any]
    blank: bool

    def text(self, source: str) -> Inline:
        """A text with its placeholders filled."""
        return self.templates.text(source, self.names)

    def plain(self, source: str) -> str:
        """A filled text with «…» for blanks and ticks, for the properties of a file."""
        return "".join(piece if isinstance(piece, str) else "…" for piece in self.text(source))

    def holds(self, condition: str) -> bool:
        """Whether a condition holds; an empty condition always holds."""
        return not condition or bool(self.templates.value(condition, self.names))

    def rows(self, source: str, blank_rows: int) -> Iterator[Filling]:
        """One filling for each row; then empty rows to write on, if the paper is blank or has no rows."""
        value = self.templates.value(source, self.names)
        rows = list(value)
        if self.blank or not rows:
            rows += [value.empty if isinstance(value, Rows) else Missing()] * blank_rows
        return self.each(rows)

    def each(self, rows: Iterable[object]) -> Iterator[Filling]:
        """One filling for each of the rows."""
        for index, row in enumerate(rows, 1):
            yield replace(self, names={**self.names, "row": row, "index": index})


class BlockSpec(AbstractValue, kw_only=True):
    """The base class of all blocks; `when` is the condition for printing the block."""

    when: Expression = ""

    @property
    def has_text(self) -> bool:
        """Whether the block is text, which an office may write in its own words; labels and pictures are not."""
        return True

    @abstractmethod
    def fill(self, filling: Filling) -> Iterator[Block]:
        """Yield the filled blocks."""


class GroupSpec(BlockSpec, kw_only=True):
    """The blocks of a part that several layouts share."""

    specs: tuple[BlockSpec, ...]

    def fill(self, filling: Filling) -> Iterator[Block]:
        """Yield the filled blocks, in order."""
        for spec in self.specs:
            if filling.holds(spec.when):
                yield from spec.fill(filling)


class RepeatedSpec(BlockSpec, kw_only=True):
    """A block that may be repeated for each row of a table."""

    each: Expression = ""
    blank_rows: int = 0

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The block, once or for each row."""
        fillings = filling.rows(self.each, self.blank_rows) if self.each else (filling,)
        for row_filling in fillings:
            yield from self.fill_row(row_filling)

    @abstractmethod
    def fill_row(self, filling: Filling) -> Iterator[Block]:
        """The block for one row."""


class HeaderSpec(BlockSpec, kw_only=True):
    """`header`: the official header with agency, number and date."""

    authority: Text
    agency: Text
    number: Text
    date_line: Text = ""
    subject: Text = ""

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The official header."""
        texts = (self.authority, self.agency, self.number, self.date_line, self.subject)
        yield blocks.OfficialHeader(*map(filling.text, texts))


class TitleSpec(BlockSpec, kw_only=True):
    """`title`: the kind of paper and its subject."""

    title: Text
    subject: Text = ""

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The title."""
        yield blocks.Title(filling.text(self.title), filling.text(self.subject))


class BasesSpec(BlockSpec, kw_only=True):
    """`bases`: the legal bases; each line of a text is a base, empty lines are left out."""

    lines: tuple[Text, ...]

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The legal bases."""
        lines = (line for text in self.lines for line in split_lines(filling.text(text)))
        yield blocks.LegalBases(tuple(legal_bases.tidy(lines)))


class HeadingSpec(BlockSpec, kw_only=True):
    """`heading`: a heading of level 1 or 2."""

    text: Text
    level: int = 1

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The heading."""
        yield blocks.Heading(filling.text(self.text), self.level)


class ParagraphSpec(RepeatedSpec, kw_only=True):
    """`paragraph`: running text, may be repeated for each row."""

    text: Text
    align: blocks.Align = "justify"
    indent: bool = True
    bold: bool = False
    italic: bool = False

    def fill_row(self, filling: Filling) -> Iterator[Block]:
        """The paragraph."""
        yield blocks.Paragraph(filling.text(self.text), self.align, self.indent, self.bold, self.italic)


class PartSpec(Value, kw_only=True):
    """A labelled value; with a width (millimetres) it shares its line with the next."""

    label: str
    value: Text
    width: int = 0


class FieldsSpec(RepeatedSpec, kw_only=True):
    """`fields`: labelled values, may be repeated for each row."""

    parts: tuple[PartSpec, ...]

    def fill_row(self, filling: Filling) -> Iterator[Block]:
        """One block for each line."""
        line: list[blocks.FieldPart] = []
        for part in self.parts:
            line.append(blocks.FieldPart(part.label, filling.text(part.value), part.width))
            if not part.width:
                yield blocks.FieldLine(tuple(line))
                line = []
        if line:
            yield blocks.FieldLine(tuple(line))


class SideSpec(Value, kw_only=True):
    """A side by which rows are grouped: the value of the column, and its label on paper."""

    value: str
    label: Text
    blank_rows: int = 0  # empty rows on a blank print; a side with 0 is left out there


class SidesSpec(BlockSpec, kw_only=True):
    """`sides`: people grouped by the side that they represent, numbered; sides without people are left out."""

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
                yield blocks.Paragraph(filling.text(f"{number}. {side.label}:"))
                yield from self._people(filling, people, side.blank_rows)

    def _people(self, filling: Filling, people: Rows, blank_rows: int) -> Iterator[Block]:
        spec = FieldsSpec(each="people", blank_rows=blank_rows, parts=self.parts)
        return spec.fill(replace(filling, names={**filling.names, "people": people}))


class SignerSpec(Value, kw_only=True):
    """One place to sign."""

    title: Text
    person: Text
    note: Text = ""
    when: Expression = ""


class SignaturesSpec(BlockSpec, kw_only=True):
    """`signatures`: places to sign, `per_row` side by side."""

    signers: tuple[SignerSpec, ...]
    per_row: int = 2

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The places to sign of the signers whose condition holds."""
        present = [signer for signer in self.signers if filling.holds(signer.when)]
        yield blocks.SignatureGrid(tuple(_signature(signer, filling) for signer in present), self.per_row)


class RecipientsSpec(BlockSpec, kw_only=True):
    """`recipients`: the nơi nhận list."""

    lines: tuple[Text, ...]

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The list of recipients."""
        yield _recipients(self.lines, filling)


class ClosingSpec(BlockSpec, kw_only=True):
    """`closing`: the end of a letter, recipients and signature."""

    lines: tuple[Text, ...]
    title: Text
    person: Text
    note: Text = ""

    def fill(self, filling: Filling) -> Iterator[Block]:
        """Recipients and signature side by side."""
        signer = SignerSpec(title=self.title, person=self.person, note=self.note)
        yield blocks.Closing(_recipients(self.lines, filling), _signature(signer, filling))


class DisplaySpec(BlockSpec, kw_only=True):
    """`display`: a centred line of a certificate, `size` in points."""

    text: Text
    size: int
    bold: bool = False
    italic: bool = False

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The line."""
        yield blocks.Display(filling.text(self.text), self.size, self.bold, self.italic)


class DatedSignatureSpec(BlockSpec, kw_only=True):
    """`dated_signature`: place and date above the place to sign, at the right."""

    date_line: Text
    title: Text
    person: Text
    note: Text = ""

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The place to sign."""
        signer = SignerSpec(title=self.title, person=self.person, note=self.note)
        yield blocks.DatedSignature(filling.text(self.date_line), _signature(signer, filling))


class PageFrameSpec(BlockSpec, kw_only=True):
    """`page_frame`: a line around the page, `inset` millimetres from its edges."""

    inset: int = 10

    def fill(self, _filling: Filling) -> Iterator[Block]:
        """The frame."""
        yield blocks.PageFrame(self.inset)


class PageBreakSpec(BlockSpec, kw_only=True):
    """`page_break`: the next block begins on a new page."""

    def fill(self, _filling: Filling) -> Iterator[Block]:
        """The break."""
        yield blocks.PageBreak()


def _signature(signer: SignerSpec, filling: Filling) -> blocks.Signature:
    return blocks.Signature(filling.text(signer.title), filling.text(signer.person), filling.text(signer.note))


def _recipients(lines: tuple[Text, ...], filling: Filling) -> blocks.Recipients:
    """The recipients; a text of several lines names several."""
    return blocks.Recipients(tuple(line for text in map(filling.text, lines) for line in split_lines(text)))


SPECS: Mapping[str, type[BlockSpec]] = {
    "header": HeaderSpec,
    "title": TitleSpec,
    "bases": BasesSpec,
    "heading": HeadingSpec,
    "paragraph": ParagraphSpec,
    "fields": FieldsSpec,
    "sides": SidesSpec,
    "signatures": SignaturesSpec,
    "recipients": RecipientsSpec,
    "closing": ClosingSpec,
    "page_break": PageBreakSpec,
    "display": DisplaySpec,
    "dated_signature": DatedSignatureSpec,
    "page_frame": PageFrameSpec,
}

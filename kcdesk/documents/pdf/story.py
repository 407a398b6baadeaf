"""Turns blocks into flowables of platypus, and keeps those together that must be on one page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak, Spacer
from reportlab.platypus import Table as PlainTable

from kcdesk.documents import blocks
from kcdesk.documents.block_writer import BlockWriter, organ_name
from kcdesk.documents.blocks import Block, Inline, in_words, punctuated, stays_with
from kcdesk.documents.charts import drawing
from kcdesk.documents.column_widths import column_widths, fitting_size
from kcdesk.documents.fonts import FACES
from kcdesk.documents.pdf.flowables import (
    FrameLine,
    HorizontalRule,
    PaperText,
    RuledTable,
    SignedTable,
    outlined,
    ruled_table,
    texts,
)
from kcdesk.documents.pdf.pictures import label_grid, photo_grid
from kcdesk.documents.styles import (
    BETWEEN_PARAGRAPHS,
    FIRST_LINE,
    HEADER_SIZE,
    LEFT_OF_HEADER,
    MILLIMETRE,
    MOTTO,
    NATION,
    RECIPIENTS_SIZE,
    ROOM_TO_SIGN,
    SUBJECT_SIZE,
    spread,
    style,
)

_BETWEEN_SIGNATURES = 6 * MILLIMETRE
_LONGEST_OPENING = 60 * MILLIMETRE  # of a first row that must stay with the head of its table

_SIGNED = blocks.SignatureGrid | blocks.Closing | blocks.DatedSignature
_BARE = [
    ("FONTNAME", (0, 0), (-1, -1), FACES.regular),  # platypus writes a font name even if the cell has its own
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


class Story(BlockWriter[Iterable[Flowable]]):
    """Makes the flowables of one document for the width of its page."""

    def set(self) -> list[Flowable]:
        """The flowables of the whole document."""
        document = self.document.blocks
        sets = [(block, list(self.write_block(block))) for block in document]
        start, end = _signed_part(document)
        while 0 < start < end and not self.is_first_drawing and _leads(document, start):
            start -= 1
        signing = [flowable for _, flowables in sets[start:end] for flowable in flowables]
        annex = self._with_breaks(sets[end:])
        if signing and isinstance(signing[0], RuledTable):
            signed = (document[start], [SignedTable(signing)])  # with the lines above it
            return [*self._with_breaks([*sets[:start], signed]), *annex]
        story = list(self._with_breaks(sets[:start]))
        return [*story, *([KeepTogether(signing)] if signing else ()), *annex]

    def _with_breaks(self, sets: list[tuple[Block, list[Flowable]]]) -> Iterator[Flowable]:
        """Move headings and lines above a table to the next page if the beginning of what follows does not fit."""
        pending: list[Flowable] = []
        following = chain((block for block, _ in sets[1:]), (None,))
        for (block, flowables), after in zip(sets, following, strict=False):
            pending += flowables
            if not stays_with(block, after):
                yield from self._kept(pending, len(pending) - len(flowables))
                pending = []

    def _kept(self, flowables: list[Flowable], leading: int) -> Iterator[Flowable]:
        if 0 < leading < len(flowables):
            before = sum(self._height(flowable) for flowable in flowables[:leading])
            yield CondPageBreak(before + self._opening(flowables[leading]))
        yield from flowables

    def _height(self, flowable: Flowable) -> float:
        height = flowable.wrap(self.width, 0)[1]
        return float(height + flowable.getSpaceBefore() + flowable.getSpaceAfter())

    def _opening(self, flowable: Flowable) -> float:
        """The height in points that must be free on a page for the flowable to begin there."""
        if isinstance(flowable, SignedTable):
            flowable = flowable.table
        flowable.wrap(self.width, _LONGEST_OPENING)
        if isinstance(flowable, RuledTable):
            return min(flowable.opening_height(), _LONGEST_OPENING)
        lines = 3 * self.size * 1.3
        return min(self._height(flowable), lines)

    def _header(self, header: blocks.OfficialHeader) -> Iterator[Flowable]:
        left = self.width * LEFT_OF_HEADER
        issuer = [
            *_centred(organ_name(header.authority), HEADER_SIZE),
            *_centred(organ_name(header.agency), HEADER_SIZE, bold=True),
            HorizontalRule(self.rule_below(header.agency, left)),
            *_centred(header.number, 13),
            *_centred(header.subject, SUBJECT_SIZE, before=6),
        ]
        nation = [
            *_centred((NATION,), HEADER_SIZE, bold=True),
            *_centred((MOTTO,), 13, bold=True),
            HorizontalRule(self.width_of_motto()),
        ]
        if header.date_line:
            nation += _centred(header.date_line, 13, italic=True)
        yield PlainTable([[issuer, nation]], [left, self.width - left], style=_BARE, splitByRow=0)
        yield Spacer(0, 12)

    def _title(self, title: blocks.Title) -> Iterator[Flowable]:
        kind = style(14, "center", bold=True)
        yield from outlined(title.title, kind, in_words((*title.title, " ", *title.subject)), 0)
        if title.subject:
            yield from texts(title.subject, kind)
        yield HorizontalRule(self.title_rule(title))
        yield Spacer(0, 8)

    def _bases(self, bases: blocks.LegalBases) -> Iterator[Flowable]:
        for line in punctuated(bases.lines):
            yield from self._body(line, italic=True)

    def _heading(self, heading: blocks.Heading) -> Iterator[Flowable]:
        kind = style(
            self.size, bold=True, italic=heading.level > 1, first_line=FIRST_LINE, before=4, after=BETWEEN_PARAGRAPHS
        )
        yield from outlined(heading.text, kind, in_words(heading.text), heading.level)

    def _paragraph(self, paragraph: blocks.Paragraph) -> Iterator[Flowable]:
        kind = style(
            self.size,
            self.alignment(paragraph.text, paragraph.align),
            bold=paragraph.bold,
            italic=paragraph.italic,
            first_line=FIRST_LINE if paragraph.indent else 0,
            after=BETWEEN_PARAGRAPHS,
        )
        yield from texts(paragraph.text, kind)

    def _body(self, line: Inline, *, italic: bool = False) -> Iterator[PaperText]:
        align = self.alignment(line)
        yield from texts(line, style(self.size, align, italic=italic, first_line=FIRST_LINE, after=BETWEEN_PARAGRAPHS))

    def _fields(self, line: blocks.FieldLine) -> Iterator[Flowable]:
        if len(line.parts) == 1:
            yield from self._body(_labelled(line.parts[0]))
            return
        kind = style(self.size)
        widths = spread([part.width for part in line.parts], self.width - FIRST_LINE)
        cells = [list(texts(_labelled(part), kind)) for part in line.parts]
        gaps = [*_BARE, ("RIGHTPADDING", (1, 0), (-2, 0), 6)]
        yield PlainTable([[[], *cells]], [FIRST_LINE, *widths], style=gaps, spaceAfter=BETWEEN_PARAGRAPHS)

    def _table(self, table: blocks.Table) -> Iterator[Flowable]:
        ruled = ruled_table(table, column_widths(table, self.width))
        ruled.keeps_short = not self.is_first_drawing
        yield ruled

    def _chart(self, chart: blocks.Chart) -> Iterator[Flowable]:
        yield drawing(chart, self.width)

    def _signatures(self, grid: blocks.SignatureGrid) -> Iterator[Flowable]:
        yield Spacer(0, BETWEEN_PARAGRAPHS)
        for start in range(0, len(grid.signatures), grid.per_row):
            row = grid.signatures[start : start + grid.per_row]
            yield self._signature_row(row, self.width / max(grid.per_row, 1))

    def _signature_row(self, row: Sequence[blocks.Signature], width: float) -> Flowable:
        """Titles, space to sign and names, each at equal heights; an incomplete row is centred."""
        cells = [
            [[*_centred(s.title, self.size, bold=True), *_centred(s.note, 12, italic=True)] for s in row],
            [[]] * len(row),
            [list(_centred(s.name, self.size, bold=True)) for s in row],
        ]
        heights = [None, ROOM_TO_SIGN, None]
        return PlainTable(cells, [width] * len(row), heights, style=_BARE, spaceAfter=_BETWEEN_SIGNATURES, splitByRow=0)

    def _closing(self, closing: blocks.Closing) -> Iterator[Flowable]:
        left = self.width * LEFT_OF_HEADER
        signing = self._signature_row([closing.signature], self.width - left)
        columns = [list(self._recipients(closing.recipients)), [signing]]
        yield PlainTable([columns], [left, self.width - left], style=_BARE, splitByRow=0)

    def _recipients(self, recipients: blocks.Recipients) -> Iterator[Flowable]:
        yield from texts(("Nơi nhận:",), style(12, bold=True, italic=True))
        for line in punctuated(recipients.lines):
            yield from texts(("- ", *line), style(RECIPIENTS_SIZE))

    def _display(self, display: blocks.Display) -> Iterator[Flowable]:
        size = fitting_size(display, self.width)
        kind = style(size, "center", bold=display.bold, italic=display.italic, after=BETWEEN_PARAGRAPHS)
        yield from texts(display.text, kind)

    def _dated_signature(self, signed: blocks.DatedSignature) -> Iterator[Flowable]:
        left = self.width * LEFT_OF_HEADER
        signing = self._signature_row([signed.signature], self.width - left)
        column = [*_centred(signed.date_line, self.size, italic=True), signing]
        yield PlainTable([[[], column]], [left, self.width - left], style=_BARE, splitByRow=0)

    def _page_frame(self, frame: blocks.PageFrame) -> Iterator[Flowable]:
        yield FrameLine(self.document.page, frame.inset)

    def _photos(self, grid: blocks.PhotoGrid) -> Iterable[Flowable]:
        return photo_grid(grid, self.width, self.document.read_file)

    def _labels(self, grid: blocks.LabelGrid) -> Iterable[Flowable]:
        return label_grid(grid, self.width)

    def _page_break(self) -> Iterable[Flowable]:
        return [PageBreak()]


def _signed_part(document: Sequence[Block]) -> tuple[int, int]:
    """Start and end of the part that stays on one page: from the paragraph before the signatures to the annexes."""
    signing = (n for n, block in enumerate(document) if isinstance(block, _SIGNED))
    first = next(signing, None)
    if first is None:
        return len(document), len(document)
    annexes = (n for n, block in enumerate(document) if n > first and isinstance(block, blocks.PageBreak))
    return max(first - 1, 0), next(annexes, len(document))


def _leads(document: Sequence[Block], start: int) -> bool:
    """Whether the block before the part that stays together heads it: a heading is never left behind alone."""
    return not isinstance(document[start], blocks.Table) and stays_with(document[start - 1], document[start])


def _labelled(part: blocks.FieldPart) -> Inline:
    return (f"{part.label}: ", *part.value)


def _centred(
    inline: Inline, size: float, *, bold: bool = False, italic: bool = False, before: float = 0
) -> Iterator[PaperText]:
    return texts(inline, style(size, "center", bold=bold, italic=italic, before=before)) if inline else iter(())

"""Writing a document for Word, with the blocks and furniture of the PDF, so that an office can edit the wording."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_BREAK
from docx.shared import Mm, Pt, RGBColor

from kcdesk import moments
from kcdesk.documents import blocks, photos, qr
from kcdesk.documents.block_writer import BlockWriter, organ_name
from kcdesk.documents.blocks import Align, Blank, Document, Inline, moment_of, punctuated, stays_with
from kcdesk.documents.charts import chart_png, chart_size
from kcdesk.documents.column_widths import CELL_PADDING, column_widths, fitting_size
from kcdesk.documents.photos import Size
from kcdesk.documents.styles import (
    BETWEEN_PARAGRAPHS,
    CAPTION_SIZE,
    FIRST_LINE,
    FOOTER_SIZE,
    HEADER_SIZE,
    LABEL_SIZE,
    LEFT_OF_HEADER,
    LINE_HEIGHT,
    MILLIMETRE,
    MOTTO,
    NATION,
    NO_PHOTO,
    PAGE_NUMBER_SIZE,
    PHOTO_HEIGHT,
    QR_SIDE,
    RECIPIENTS_SIZE,
    ROOM_TO_SIGN,
    SUBJECT_SIZE,
    TABLE_SIZE,
    in_groups,
    spread,
)
from kcdesk.documents.word import word_xml
from kcdesk.documents.word.word_text import TextWriter, keep_last_with_next, keep_with_next, new_paragraph
from kcdesk.placing import save
from kcdesk.runtime.frozen import replace

_SHORT_TABLE = 4  # rows; a table no longer is not divided


def write_docx(document: Document, path: Path) -> None:
    """Write the document to `path`, safely; KnownError if the disk or another program refuses."""
    save(to_docx(document), path)


def to_docx(document: Document) -> bytes:
    """The bytes of the Word file of a document; equal documents give equal bytes if they have a date."""
    buffer = BytesIO()
    document = replace(document, made=moment_of(document))
    _Writer(document).written().save(buffer)
    return word_xml.with_fixed_times(buffer.getvalue())


class _Writer(BlockWriter[None], TextWriter):
    """Writes the blocks of one document in order."""

    def __init__(self, document: Document) -> None:
        BlockWriter.__init__(self, document)
        TextWriter.__init__(self, docx.Document(), self.width, self.size)

    def written(self) -> Any:
        """Write everything; returns the document of python-docx."""
        self._set_styles()
        self._set_page()
        self._set_properties()
        if self.document.furniture:
            self._furnish()
        written = self.document.blocks
        for block, after in zip_longest(written, written[1:]):
            self.write_block(block)
            if stays_with(block, after):
                keep_last_with_next(self.word)
        return self.word

    # ---- the page

    def _set_styles(self) -> None:
        styles = self.word.styles
        normal = styles["Normal"]
        word_xml.name_font(normal)
        normal.font.size = Pt(self.size)
        # Word multiplies the line height of the font, which is 1.15 times its size.
        normal.paragraph_format.line_spacing = LINE_HEIGHT / 1.15
        normal.paragraph_format.space_after = Pt(0)
        word_xml.set_language(normal, "vi-VN")
        for level in (1, 2):
            heading = styles[f"Heading {level}"]
            word_xml.name_font(heading)
            heading.font.size, heading.font.bold, heading.font.italic = Pt(self.size), True, level > 1
            heading.font.color.rgb = RGBColor(0, 0, 0)

    def _set_page(self) -> None:
        page, section = self.document.page, self.word.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE if page.landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(page.width), Mm(page.height)
        section.top_margin, section.bottom_margin = Mm(page.top), Pt(self.bottom)
        section.left_margin, section.right_margin = Mm(page.left), Mm(page.right)
        section.header_distance = section.footer_distance = Mm(8)

    def _set_properties(self) -> None:
        document, properties = self.document, self.word.core_properties
        properties.title, properties.author, properties.subject = document.title, document.author, document.subject
        properties.keywords, properties.language = ", ".join(document.keywords), "vi-VN"
        properties.comments, properties.last_modified_by = "", document.author
        # The properties of Word are in UTC; Word shows them in local time.
        properties.created = properties.modified = moments.in_utc(moment_of(document).isoformat())
        word_xml.drop_thumbnail(self.word)

    def _furnish(self) -> None:
        """Add the page number from the second page on, and code and footer on every page."""
        section = self.word.sections[0]
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        word_xml.align(number, "center")
        word_xml.add_field(number, "PAGE", PAGE_NUMBER_SIZE)
        for footer in (section.first_page_footer, section.footer):
            line = footer.paragraphs[0]
            for number, text in enumerate(self.footer_lines()):
                if number:
                    line.add_run().add_break()
                word_xml.write_line(line, (text,), size=FOOTER_SIZE, width=0)
            if self.document.qr:
                side = QR_SIDE / MILLIMETRE
                x, y = (points / MILLIMETRE for points in self.code_place())
                word_xml.anchor(line.add_run(), qr.png(self.document.qr), side, x, self.document.page.height - y - side)

    # ---- text

    def _header(self, header: blocks.OfficialHeader) -> None:
        left = self.width * LEFT_OF_HEADER
        right = self.width - left
        issuer, nation = self.bare_row([left, right])
        self.centred(issuer, organ_name(header.authority), HEADER_SIZE)
        self.centred(issuer, organ_name(header.agency), HEADER_SIZE, bold=True)
        self.rule(issuer, left, self.rule_below(header.agency, left), after=3)
        self.centred(issuer, header.number, 13)
        self.centred(issuer, header.subject, SUBJECT_SIZE, before=6)
        self.centred(nation, (NATION,), HEADER_SIZE, bold=True)
        self.centred(nation, (MOTTO,), 13, bold=True)
        motto = right * 0.6 if self.is_first_drawing else self.width_of_motto()
        self.rule(nation, right, motto, after=3)
        self.centred(nation, header.date_line, 13, italic=True)
        self.gap()

    def _title(self, title: blocks.Title) -> None:
        self.centred(self.word, title.title, 14, bold=True, before=4)
        self.centred(self.word, title.subject, 14, bold=True)
        self.rule(self.word, self.width, self.title_rule(title), after=8)

    def _bases(self, bases: blocks.LegalBases) -> None:
        for line in punctuated(bases.lines):
            self.body(line, align=self.alignment(line), italic=True)

    def _heading(self, heading: blocks.Heading) -> None:
        level = 2 if heading.level > 1 else 1
        self.body(heading.text, align="left", bold=True, italic=level > 1, before=4, style=f"Heading {level}")

    def _paragraph(self, paragraph: blocks.Paragraph) -> None:
        self.body(
            paragraph.text,
            align=self.alignment(paragraph.text, paragraph.align),
            bold=paragraph.bold,
            italic=paragraph.italic,
            first_line=FIRST_LINE if paragraph.indent else 0,
        )

    def _fields(self, line: blocks.FieldLine) -> None:
        texts: list[Inline] = [(f"{part.label}: ", *part.value) for part in line.parts]
        if len(texts) == 1:
            self.body(texts[0], align=self.alignment(texts[0]))
            return
        widths = spread([part.width for part in line.parts], self.width - FIRST_LINE)
        _indent, *cells = self.bare_row([FIRST_LINE, *widths])
        for cell, text, width in zip(cells, texts, widths, strict=True):
            self.lines(cell, text, size=self.size, width=width - 6, after=BETWEEN_PARAGRAPHS)

    # ---- tables

    def _table(self, table: blocks.Table) -> None:
        widths = column_widths(table, self.width)
        heads = 2 if any(column.group for column in table.columns) else 1
        made = self.word.add_table(rows=heads + len(table.rows), cols=len(widths))
        made.style = "Table Grid"
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        word_xml.fix_widths(made, widths, CELL_PADDING)
        rows = list(made.rows)
        self._head(rows[:heads], table.columns)
        for row, made_row in zip(table.rows, rows[heads:], strict=True):
            self._row(made_row, row, table.columns, widths)
        is_short = len(table.rows) <= _SHORT_TABLE and not self.is_first_drawing
        for made_row in rows[:-1] if is_short else rows[-2:-1]:  # the last row, often the total, is never alone
            keep_with_next(made_row)
        self.gap()

    def _head(self, rows: Sequence[Any], columns: Sequence[blocks.Column]) -> None:
        """Write the head: one row, or two if columns have groups."""
        for row in rows:
            word_xml.repeat_head(row)
            word_xml.keep_whole(row)
        place, top, bottom = 0, rows[0].cells, rows[-1].cells
        for group, members in groupby(columns, key=lambda column: column.group):
            last = place + len(list(members)) - 1
            if group:
                self._head_cell(top[place].merge(top[last]), group)
            for at in range(place, last + 1):
                is_tall = not group and len(rows) > 1
                self._head_cell(top[at].merge(bottom[at]) if is_tall else bottom[at], columns[at].heading)
            place = last + 1
        for row in rows:
            keep_with_next(row)

    def _head_cell(self, cell: Any, text: str) -> None:
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        self.centred(cell, (text,), TABLE_SIZE, bold=True)

    def _row(self, made: Any, row: blocks.TableRow, columns: Sequence[blocks.Column], widths: Sequence[float]) -> None:
        if max(sum(len(piece) for piece in cell if isinstance(piece, str)) for cell in row.cells) < 1500:
            word_xml.keep_whole(made)
        for cell, text, column, width in zip(made.cells, row.cells, columns, widths, strict=True):
            room = width - 2 * CELL_PADDING
            self.lines(cell, text, size=TABLE_SIZE, width=room, align=_dots_left(text, column), bold=row.bold)

    # ---- the end

    def _signatures(self, grid: blocks.SignatureGrid) -> None:
        keep_last_with_next(self.word)
        for row in in_groups(grid.signatures, grid.per_row):
            table = self.bare_table([self.width / grid.per_row] * len(row), 3)
            self._sign(table, row)
            self.gap().paragraph_format.keep_with_next = True

    def _sign(self, table: Any, row: Sequence[blocks.Signature], first: int = 0) -> None:
        """Write titles, space to sign and names, each at equal heights."""
        for place, signature in enumerate(row, first):
            titles, room, names = (line.cells[place] for line in table.rows)
            self.centred(titles, signature.title, self.size, bold=True)
            self.centred(titles, signature.note, 12, italic=True)
            word_xml.space(room.paragraphs[0], before=ROOM_TO_SIGN - 15)
            self.centred(names, signature.name, self.size, bold=True)
        for line in table.rows:
            keep_with_next(line)

    def _recipients(self, recipients: blocks.Recipients) -> None:
        self._write_recipients(self.word, recipients, self.width)

    def _write_recipients(self, holder: Any, recipients: blocks.Recipients, width: float) -> None:
        self.lines(holder, ("Nơi nhận:",), size=12, width=width, bold=True, italic=True)
        for line in punctuated(recipients.lines):
            self.lines(holder, ("- ", *line), size=RECIPIENTS_SIZE, width=width)

    def _closing(self, closing: blocks.Closing) -> None:
        left = self.width * LEFT_OF_HEADER
        keep_last_with_next(self.word)
        table = self.bare_table([left, self.width - left], 3)
        recipients = table.cell(0, 0).merge(table.cell(2, 0))
        self._write_recipients(recipients, closing.recipients, left)
        self._sign(table, [closing.signature], first=1)

    def _display(self, display: blocks.Display) -> None:
        size = fitting_size(display, self.width)
        self.centred(self.word, display.text, size, bold=display.bold, italic=display.italic, after=6)

    def _dated_signature(self, signed: blocks.DatedSignature) -> None:
        left = self.width * LEFT_OF_HEADER
        keep_last_with_next(self.word)
        _left, dated = self.bare_row([left, self.width - left])
        self.centred(dated, signed.date_line, self.size, italic=True)
        self._sign(self.bare_table([left, self.width - left], 3), [signed.signature], first=1)

    def _page_frame(self, frame: blocks.PageFrame) -> None:
        word_xml.frame_pages(self.word.sections[0], frame.inset * MILLIMETRE)

    # ---- pictures

    def _photos(self, grid: blocks.PhotoGrid) -> None:
        columns = 1 if grid.per_page <= 2 else 2
        width = self.width / columns
        room = Size(width - (6 if columns > 1 else 0), PHOTO_HEIGHT)
        for number, page in enumerate(in_groups(grid.photos, grid.per_page)):
            if number:
                self._page_break()
            rows = list(in_groups(page, columns))
            table = self.bare_table([width] * columns, len(rows))
            for row, cells in zip(rows, table.rows, strict=True):
                for photo, cell in zip(row, cells.cells, strict=False):
                    self._photo(cell, photo, room)

    def _chart(self, chart: blocks.Chart) -> None:
        width, height = chart_size(chart, self.width)
        paragraph = self.word.add_paragraph()
        paragraph.add_run().add_picture(BytesIO(chart_png(chart, width, scale=2)), Pt(width), Pt(height))
        picture = paragraph.runs[0]._r.xpath(".//wp:docPr")[0]
        picture.set("descr", chart.title)

    def _page_break(self) -> None:
        self.word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _photo(self, cell: Any, photo: blocks.Photo, room: Size) -> None:
        content = self.document.read_file(photo.sha256)
        size = photos.fitted(content, room)
        jpeg = photos.scaled(content, size) if size else None
        if size is None or jpeg is None:
            self.centred(cell, (NO_PHOTO,), CAPTION_SIZE, italic=True)
        else:
            paragraph = new_paragraph(cell, None)
            word_xml.align(paragraph, "center")
            paragraph.add_run().add_picture(BytesIO(jpeg), Pt(size.width), Pt(size.height))
        self.centred(cell, photo.caption, CAPTION_SIZE, after=3)

    def _labels(self, grid: blocks.LabelGrid) -> None:
        code = QR_SIDE + 16
        widths = [code, self.width / grid.columns - code] * grid.columns
        rows = list(in_groups(grid.labels, grid.columns))
        table = self.bare_table(widths, len(rows))
        word_xml.dash(table)
        for row, made in zip(rows, table.rows, strict=True):
            made.height = Mm(grid.height)
            for place, label in enumerate(row):
                picture, text = made.cells[2 * place], made.cells[2 * place + 1]
                paragraph = new_paragraph(picture, None)
                word_xml.space(paragraph, before=8)
                word_xml.align(paragraph, "center")
                paragraph.add_run().add_picture(BytesIO(qr.png(label.qr)), Pt(QR_SIDE))
                for number, line in enumerate(label.lines):
                    before = 0 if number else 8
                    self.lines(text, line, size=LABEL_SIZE, width=0, bold=not number, before=before)


def _dots_left(text: Inline, column: blocks.Column) -> Align:
    """The alignment of a cell: dots always begin at the left."""
    return "left" if text and isinstance(text[0], Blank) else column.align

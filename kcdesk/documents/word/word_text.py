"""Writing texts and tables without lines into a Word document; the base of the block writer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Pt

from kcdesk.documents.blocks import Align, Blank, Inline, split_lines
from kcdesk.documents.styles import BETWEEN_PARAGRAPHS, FIRST_LINE
from kcdesk.documents.word import word_xml


class TextWriter:
    """Writes texts into one document; `width` of the text and `size` of the letters are in points."""

    def __init__(self, word: Any, width: float, size: float) -> None:
        self.word = word
        self.width = width
        self.size = size

    def lines(
        self,
        holder: Any,
        text: Inline,
        *,
        size: float,
        width: float,
        align: Align = "left",
        bold: bool = False,
        italic: bool = False,
        before: float = 0,
        after: float = 0,
        first_line: float = 0,
        style: str | None = None,
    ) -> list[Any]:
        """Write the paragraphs of a text, with a line of dots for each further line of a blank; returns them."""
        made = []
        for line in split_lines(text):
            paragraph = new_paragraph(holder, style)
            word_xml.align_and_space(paragraph, align, before=before, after=after, first_line=first_line)
            word_xml.write_line(paragraph, line, size=size, width=width, bold=bold, italic=italic)
            made.append(paragraph)
            if isinstance(line[-1], Blank):
                made += [self._dots(holder, size, width, after) for _ in range(line[-1].lines - 1)]
        return made

    def _dots(self, holder: Any, size: float, width: float, after: float) -> Any:
        """Write a line of dots to write on."""
        paragraph = new_paragraph(holder, None)
        word_xml.space(paragraph, after=after)
        word_xml.write_line(paragraph, (Blank(60),), size=size, width=width)
        return paragraph

    def body(self, text: Inline, **more: Any) -> list[Any]:
        """Write paragraphs of running text; returns them."""
        settings: dict[str, Any] = {"align": "justify", "after": BETWEEN_PARAGRAPHS, "first_line": FIRST_LINE, **more}
        return self.lines(self.word, text, size=self.size, width=self.width, **settings)

    def centred(self, holder: Any, text: Inline, size: float, **more: Any) -> None:
        """Write centred lines."""
        self.lines(holder, text, size=size, width=0, align="center", **more)

    def rule(self, holder: Any, width: float, length: float, after: float = 0) -> None:
        """Draw a horizontal line of `length` points in the middle of `width`."""
        paragraph = new_paragraph(holder, None)
        word_xml.space(paragraph, after=after)
        paragraph.paragraph_format.line_spacing = Pt(2)
        word_xml.rule(paragraph, (width - length) / 2)

    def bare_row(self, widths: Sequence[float], rows: int = 1) -> Sequence[Any]:
        """Add a table without lines; returns the cells of its first row."""
        table = self.bare_table(widths, rows)
        return list(table.rows[0].cells)

    def bare_table(self, widths: Sequence[float], rows: int) -> Any:
        """Add a table without lines, whose rows are never divided; returns it."""
        table = self.word.add_table(rows=rows, cols=len(widths))
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        word_xml.fix_widths(table, widths, 0)
        for row in table.rows:
            word_xml.keep_whole(row)
        return table

    def gap(self) -> Any:
        """Add a small empty paragraph, because Word joins adjacent tables; returns it."""
        gap = self.word.add_paragraph()
        gap.paragraph_format.line_spacing = Pt(8)
        return gap


def new_paragraph(holder: Any, style: str | None) -> Any:
    """The empty first paragraph of a cell, or else a new paragraph."""
    paragraphs: Sequence[Any] = holder.paragraphs if hasattr(holder, "_tc") else ()
    if len(paragraphs) == 1 and not paragraphs[0].runs and not paragraphs[0].text:
        return paragraphs[0]
    return holder.add_paragraph(style=style)


def keep_with_next(row: Any) -> None:
    """Keep a row on the page of the next row."""
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def keep_last_with_next(document: Any) -> None:
    """Keep the last paragraph on the page of what follows."""
    if paragraphs := document.paragraphs:  # makes the list anew at each asking
        paragraphs[-1].paragraph_format.keep_with_next = True

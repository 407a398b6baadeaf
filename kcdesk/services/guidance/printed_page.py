"""A page of the handbook on paper: its Markdown as blocks of our own documents, A4."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from kcdesk import handbook
from kcdesk.documents.blocks import (
    Blank,
    Block,
    Column,
    Document,
    Heading,
    Inline,
    PageSetup,
    Paragraph,
    Table,
    TableRow,
    Tick,
    Title,
)
from kcdesk.handbook import HelpPage

FIELD_GUIDE = "field_guide"
_SHEET = PageSetup(top=15, bottom=15, left=20, right=15, text_size=11)
_FIRST_COLUMN = 55  # millimetres of a table of two columns
_DOTS = 70  # letters of an empty cell to write in


def print_field_guide(path: Path) -> None:
    """Write the two sheets for the bag as PDF; KnownError if the disk refuses."""
    print_page(handbook.shipped_pages()[FIELD_GUIDE], path)


def print_page(page: HelpPage, path: Path) -> None:
    """Write a page of the handbook as PDF; KnownError if the disk refuses."""
    from kcdesk.documents.pdf.pdf_writer import write_pdf  # it loads reportlab, which reading help does not need

    write_pdf(Document(title=page.title, blocks=tuple(_blocks(page)), page=_SHEET), path)


def _blocks(page: HelpPage) -> Iterator[Block]:
    """Yield the title and the parts; pictures stay on the screen."""
    yield Title((page.title.upper(),))
    lines = [line for line in page.text.splitlines() if line.strip() and not line.startswith("![")]
    for is_table, group in groupby(lines, key=lambda line: line.startswith("|")):
        if is_table:
            yield _table(list(group))
        else:
            yield from map(_line, group)


def _line(line: str) -> Block:
    if line.startswith("#"):
        return Heading((_plain(line.lstrip("# ")),))
    for mark, piece in (("- [ ] ", Tick(on=False)), ("- ", "–")):
        if line.startswith(mark):
            return Paragraph((piece, f" {_plain(line.removeprefix(mark))}"), indent=False)
    return Paragraph((_plain(line),), indent=False)


def _table(lines: list[str]) -> Table:
    """Return the table; an empty cell is a line to write on."""
    head, _rule, *rows = [[_plain(cell.strip()) for cell in line.strip("|").split("|")] for line in lines]
    columns = [Column(heading, 0 if place else _FIRST_COLUMN) for place, heading in enumerate(head)]
    return Table(tuple(columns), tuple(TableRow(tuple(map(_cell, row))) for row in rows))


def _cell(text: str) -> Inline:
    return (text,) if text else (Blank(_DOTS),)


def _plain(text: str) -> str:
    return re.sub(r"\*\*|`", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text))

"""A summary as a paper to sign, in the form of NĐ 30/2020: PDF or Word. What is printed is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk.documents import blocks
from kcdesk.documents.blocks import Blank, Block, Column, Document, TableRow
from kcdesk.formdef.regulations.dated_names import names_on
from kcdesk.reports.report_table import ReportTable
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.papers import letterhead
from kcdesk.services.papers.sheets import Topic, filled_sheet, write_sheet
from kcdesk.services.reporting import summaries, summary_prints
from kcdesk.services.reporting.figures import MoneyUnit, head_in_print, head_of_rows, in_print, rounding_notes, shown
from kcdesk.services.reporting.summaries import FilledSummary, SummaryLine
from kcdesk.services.workspace import Workspace

LAYOUT = "summary"
_LABEL_WIDTH, _NUMBER_WIDTH = 55, 10  # millimetres
_OWN_LINES = 4


class Signing(Value, kw_only=True):
    """What stands around the text: number and day of the letter, who gets it, who signs; what is empty stays open."""

    number: str = ""
    dated: date | None = None
    recipients: tuple[str, ...] = ()  # empty: as the summary says
    signer_title: str = ""
    signer: str = ""


class PaperSummary(Topic):
    """`summary` in the layout."""

    period: str = ""
    number: str = ""
    day: str = ""
    signer_title: str = ""
    signer: str = ""
    source: str = ""
    recipients: str = ""  # one in a line


class PaperBlock(Value):
    """An item of `content` in the layout."""

    drawn: Block


def summary_paper(workspace: Workspace, summary: FilledSummary, signing: Signing | None = None) -> Document:
    """The paper of a summary."""
    signing = signing or Signing()
    names = names_on(workspace.forms, signing.dated or workspace.today())
    values: dict[str, Any] = {
        "summary": PaperSummary(
            id=summary.outline.id,
            name=summary.outline.label,
            period=summary.wanted.period.name,
            number=signing.number,
            day=signing.dated.isoformat() if signing.dated else "",
            signer_title=signing.signer_title,
            signer=signing.signer,
            source=summary.outline.source,
            recipients="\n".join(signing.recipients or _recipients(workspace, summary)),
        ),
        "content": [PaperBlock(block) for line in summary.lines for block in _blocks(line, summary.money)],
        "notes": [PaperBlock(blocks.Paragraph((f"- {note}",), italic=True)) for note in summary.notes],
        "province": names.province(workspace.identity.unit.province),
        "province_committee": letterhead.committee(workspace, names.on),
    }
    return replace(filled_sheet(workspace, LAYOUT, values), qr="")  # no record is found by its code


def write_summary(
    workspace: Workspace,
    summary: FilledSummary,
    signing: Signing | None = None,
    *,
    pdf: Path | None = None,
    docx: Path | None = None,
) -> dict[str, Any]:
    """Write a summary as PDF, for Word, or both, and keep what was printed; returns {"pdf", "pages", "docx", "print"}.

    KnownError if a file cannot be written.
    """
    signing = signing or Signing()
    written = write_sheet(summary_paper(workspace, summary, signing), pdf, docx)
    if written:
        details = {"number": signing.number, "dated": signing.dated.isoformat() if signing.dated else ""}
        written["print"] = summary_prints.keep_print(workspace, summary, details).id
    return written


def _recipients(workspace: Workspace, summary: FilledSummary) -> tuple[str, ...]:
    """The recipients of the definition; where it names none, the office above."""
    unit = letterhead.unit_on_paper(workspace)
    return summary.outline.recipients or tuple(filter(None, (unit.parent, "Lưu: VT")))


def _blocks(line: SummaryLine, money: MoneyUnit) -> Iterator[Block]:
    if line.kind == summaries.HEADING:
        yield blocks.Heading((line.text.upper() if line.level == 1 else line.text,), line.level)
    elif line.table is not None:
        yield from _table_blocks(line.table, money)
    elif line.kind == summaries.OWN:
        yield blocks.Paragraph((f"{line.label}: " if line.label else "", line.text or Blank(60, _OWN_LINES)))
    elif line.text:
        yield blocks.Paragraph((line.text,))


def _table_blocks(table: ReportTable, money: MoneyUnit) -> Iterator[Block]:
    table = in_print(table, money)
    if table.has_money:
        yield blocks.Paragraph((f"Đơn vị tính tiền: {money.name}",), align="right", indent=False, italic=True)
    heads = [Column("TT", _NUMBER_WIDTH, "center"), Column(head_of_rows(table), _LABEL_WIDTH)]
    heads += [Column(head_in_print(column), align="right") for column in table.columns]
    yield blocks.Table(tuple(heads), tuple(_rows(table, money)))
    for note in rounding_notes(table, money):
        yield blocks.Paragraph((note,), italic=True)


def _rows(table: ReportTable, money: MoneyUnit) -> Iterator[TableRow]:
    for number, row in enumerate(table.lines, start=1):
        is_total = row is table.total
        figures = (shown(row.values[column.name], column, money) for column in table.columns)
        cells = ("" if is_total else str(number), table.label_of(row), *figures)
        yield TableRow(tuple((cell,) for cell in cells), bold=is_total)

"""Which answers of a record a printed sheet asks for, and which boxes and blanks of its pages they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kcdesk.documents.blocks import Block, FieldLine, Table, in_words
from kcdesk.documents.ticked.answer_places import AnswerColumn, AnswerTable, BoxPlace, PaperAnswers
from kcdesk.documents.ticked.placed_pieces import PieceKey
from kcdesk.formdef.record import Record
from kcdesk.formdef.values import is_blank
from kcdesk.runtime.frozen import Value, field
from kcdesk.services.papers.ticked.printed_sheets import PrintedSheet

NEW_ROW = "+"  # with the column that names it, stands for the id of a row that taking the answers adds


class AskedAnswer(Value, kw_only=True):
    """An answer that a sheet asks for, at a path of its record: by boxes, each with its value, or by a blank."""

    path: str
    row: str  # what the row is called on paper; "" for a field of the record
    label: str
    boxes: Mapping[PieceKey, str] = field(default_factory=dict)
    blank: PieceKey | None = None

    @property
    def pieces(self) -> tuple[PieceKey, ...]:
        """Everything that is looked at for the answer."""
        return tuple(self.boxes) or ((self.blank,) if self.blank else ())


def asked_answers(sheet: PrintedSheet, now: Record) -> list[AskedAnswer]:
    """The answers that a sheet asks for and that its record still has, in the order of the paper."""
    asked: list[AskedAnswer] = []
    for number, block in enumerate(sheet.document.blocks):
        if isinstance(block, Table):
            asked += _of_table(sheet, now, number, block)
        elif isinstance(block, FieldLine):
            asked += _of_line(sheet.answers, now, number, block)
    return asked


def _of_line(answers: PaperAnswers, now: Record, number: int, line: FieldLine) -> Iterator[AskedAnswer]:
    named = {answer.label: answer.name for answer in answers.fields}
    for at, part in enumerate(line.parts):
        name = named.get(part.label, "")
        if name in now.form.by_name:
            yield AskedAnswer(path=name, row="", label=part.label, blank=PieceKey(number, 0, at, 0, False))


def _of_table(sheet: PrintedSheet, now: Record, number: int, block: Table) -> Iterator[AskedAnswer]:
    headings = [column.heading for column in block.columns]
    table = next((table for table in sheet.answers.tables if table.heading in headings), None)
    if table is None or table.name not in now.form.by_name:
        return
    if table.across:
        yield from _across(sheet, now, table, number, headings, block)
        return
    rows = _rows_on_paper(sheet.record, table)
    still_there = {row["id"] for row in now.rows(table.name)}
    if len(rows) != len(block.rows):  # blank rows at the end, or a paper that shows other rows: nothing is known
        return
    names = dict(sheet.record.row_names(table.name))
    for at, row in enumerate(rows):
        if row["id"] not in still_there:
            continue
        name = " ".join(filter(None, (f"{_number(block, at)}.", names.get(row["id"], ""))))
        for column in table.columns:
            yield from _of_column(now, table, row["id"], column, name, (number, at), headings)


def _of_column(
    now: Record,
    table: AnswerTable,
    row_id: str,
    column: AnswerColumn,
    row_name: str,
    at: tuple[int, int],
    headings: list[str],
) -> Iterator[AskedAnswer]:
    path = f"{table.name}/{row_id}/{column.name}"
    label = now.field(path).heading
    ticks = [tick for tick in column.ticks if tick.heading in headings]
    if ticks:
        boxes = {_box(at, headings, tick): tick.value for tick in ticks}
        yield AskedAnswer(path=path, row=row_name, label=label, boxes=boxes)
    elif column.heading in headings:
        key = PieceKey(*at, headings.index(column.heading), column.number - 1, False)
        yield AskedAnswer(path=path, row=row_name, label=label, blank=key)


def _box(at: tuple[int, int], headings: list[str], tick: BoxPlace) -> PieceKey:
    return PieceKey(*at, headings.index(tick.heading), tick.number - 1, True)


def _across(
    sheet: PrintedSheet, now: Record, table: AnswerTable, number: int, headings: list[str], block: Block
) -> Iterator[AskedAnswer]:
    """The answers of one person: each row of the paper is a column of that person's row."""
    if not sheet.person or not isinstance(block, Table):
        return
    own = [row["id"] for row in now.rows(table.name) if row.get(table.row_column) == sheet.person]
    row_id = own[0] if own else NEW_ROW + table.row_column
    at = headings.index(table.columns[0].heading)
    for place, name in enumerate(table.across[: len(block.rows)]):
        column = now.form.field(table.name).column(name)
        path = f"{table.name}/{row_id}/{name}"
        yield AskedAnswer(path=path, row=sheet.person, label=column.label, blank=PieceKey(number, place, at, 0, False))


def _rows_on_paper(record: Record, table: AnswerTable) -> list[dict[str, Any]]:
    rows = [dict(row) for row in record.rows(table.name)]
    rows = [row for row in rows if all(row.get(name) == value for name, value in table.where.items())]
    return [row for row in rows if not table.filled or not is_blank(row.get(table.filled))]


def _number(block: Table, row: int) -> str:
    return in_words(block.rows[row].cells[0]).strip(". ")

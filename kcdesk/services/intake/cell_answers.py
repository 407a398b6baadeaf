"""What an officer answers about doubtful and refused cells of a sheet, and the rows with those answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from openpyxl.utils.cell import coordinate_from_string

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.types.registry import type_of
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.intake.planned_records import SheetJudgement
from kcdesk.services.intake.sheet_loading import LoadedSheet, questions_of
from kcdesk.services.workspace import Workspace
from kcdesk.sheets.matching.column_reader import CellReading
from kcdesk.sheets.matching.row_values import RowValues
from kcdesk.sheets.matching.targets import Target
from kcdesk.sheets.values.cells import Reading

_MOST_FILLED = 3  # fields that one cell fills


class CellAnswer(Value):
    """One answer: the suggested value is taken, the cell stays empty, or a value was typed."""

    choice: Literal["taken", "empty", "typed"]
    value: Any = None  # the stored value of a typed text
    text: str = ""  # as it was typed


@dataclass(slots=True)
class SheetAnswers:
    """The answers about one sheet: by the address of a cell; rows that join a record of a like name."""

    cells: dict[str, CellAnswer] = field(default_factory=dict)
    joins: set[int] = field(default_factory=set)
    refused_joins: set[int] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)  # areas whose question was read: «A1:C3»

    def forget(self, letters: Collection[str] | None = None) -> None:
        """Forget the answers about the cells of some columns, which mean something else now; None: all answers."""
        if letters is None:
            for answers in (self.cells, self.joins, self.refused_joins, self.seen):
                answers.clear()
        for place in [place for place in self.cells if coordinate_from_string(place)[0] in (letters or ())]:
            del self.cells[place]


def typed_answer(forms: Forms, target: Target, written: str) -> CellAnswer:
    """A typed value for a cell; an empty text leaves it empty. ValueProblem if the field cannot take it."""
    if not written.strip():
        return CellAnswer("empty")
    if type_of(target.field).names_records:
        return CellAnswer("typed", " ".join(written.split()), written)
    return CellAnswer("typed", type_of(target.field).parse(written, target.field, forms), written)


def answered_rows(forms: Forms, loaded: LoadedSheet, answers: Mapping[str, CellAnswer]) -> list[RowValues]:
    """The rows with the answers in place of questions and refusals, and of what a good cell was read as."""
    numbers = {coordinate_from_string(place)[1] for place in answers}
    return [
        _answered(loaded.whole_row(forms, row.number), answers) if _is_answered(row, numbers, answers) else row
        for row in loaded.rows
    ]


def _is_answered(row: RowValues, numbers: Collection[int], answers: Mapping[str, CellAnswer]) -> bool:
    """Whether an answer is about a cell of a row, or about a merged one that speaks for it."""
    return row.number in numbers or any(cell.place in answers for cell in row.cells)


def judge_answers(
    workspace: Workspace, loaded: LoadedSheet, answers: SheetAnswers, progress: Progress = ignore_progress
) -> SheetJudgement:
    """Judge a sheet again with the answers; nothing is written."""
    rows = answered_rows(workspace.forms, loaded, answers.cells)
    judged = loaded.judge(workspace).joining(answers.joins, answers.cells).judged(rows, len(rows), progress)
    judged.asked = [asked for asked in judged.asked if not (asked.is_join and asked.row in answers.refused_joins)]
    questions_of(workspace.forms, loaded, judged)
    judged.asked = [asked for asked in judged.asked if asked.cell not in answers.seen]
    return judged


def _answered(row: RowValues, answers: Mapping[str, CellAnswer]) -> RowValues:
    values, suggested = dict(row.values), dict(row.suggested)
    cells: list[CellReading] = []
    for cell in row.cells:
        answer = answers.get(cell.place)
        is_further = any(before.place == cell.place for before in cells[-_MOST_FILLED:])  # a field that it fills too
        if answer is None or cell.target is None or is_further:
            cells.append(cell)
            continue
        suggested.pop(cell.target.path, None)
        values.pop(cell.target.path, None)
        cells.append(_settled(cell, answer))
        if (value := cells[-1].reading.value) is not None:
            values[cell.target.path] = value
    return replace(row, values=values, suggested=suggested, cells=cells)


def _settled(cell: CellReading, answer: CellAnswer) -> CellReading:
    if answer.choice == "taken":
        return replace(cell, reading=Reading(cell.reading.value, beside=cell.reading.beside))
    return replace(cell, reading=Reading(answer.value if answer.choice == "typed" else None))

"""The lines of the tables in which an officer sees a spreadsheet: its columns, its rows, what is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kcdesk.formdef.types.registry import type_of
from kcdesk.services.intake.cell_answers import SheetAnswers
from kcdesk.services.intake.load_answer import ignored_rows
from kcdesk.services.intake.planned_records import AskedCell, PlannedRecord, RefusedCell, RowVerdict, SheetJudgement
from kcdesk.services.intake.sheet_loading import LoadedSheet
from kcdesk.services.workspace import Workspace
from kcdesk.sheets.matching.column_matching import MatchedColumn
from kcdesk.sheets.matching.column_reader import CellReading
from kcdesk.text import fold
from kcdesk.ui.toolkit.lines_table import TableLine

COLUMN_HEADS = ("Cột", "Tiêu đề trong bảng", "Trong tệp", "Đọc thành", "Nhận vào")
ROW_HEADS = ("Dòng", "Kết quả", "Hồ sơ", "Vì sao, đổi gì")
QUESTION_HEADS = ("Ô", "Cột", "Trong tệp", "Hiểu là", "Hỏi gì, vì sao không nhận", "Đã trả lời")
STATUSES = {
    "new": ("Mới", "good"),
    "changed": ("Sửa", "waiting"),
    "joined": ("Đã có", "neutral"),
    "refused": ("Không nhận", "wrong"),
    "ignored": ("Bỏ qua", "neutral"),
}
LEFT_OUT = "(không nhận)"
_SAMPLES = 2
_SHOWN_CHANGES = 4
_EMPTY = "(trống)"


class SheetLines:
    """Makes the lines for one sheet as it is judged now."""

    def __init__(
        self, workspace: Workspace, loaded: LoadedSheet, judged: SheetJudgement, answers: SheetAnswers
    ) -> None:
        self._workspace, self._loaded, self._judged, self._answers = workspace, loaded, judged, answers
        self._by_place = {cell.place: cell for row in loaded.rows for cell in row.cells if _is_unsettled(cell)}
        self._doubtful_left_out = {
            cell.place: cell for row in loaded.rows for cell in row.cells if cell.is_doubtful_left_out
        }

    # -- columns -------------------------------------------------------------------------------------------------

    def columns(self) -> list[TableLine]:
        """One line for each column: its heading, samples as they stand and as they are read, its field."""
        return [self._column(each) for each in self._loaded.match.columns]

    def _column(self, each: MatchedColumn) -> TableLine:
        words, number = self._loaded.layout.words, each.column.number
        filled = [row.number for row in self._loaded.layout.rows if words.sheet.words(row.number, number)][:_SAMPLES]
        raw = " · ".join(" ".join(words.sheet.words(row, number).split()) for row in filled)
        decoded = " · ".join(words.text(row, number) for row in filled)
        target = each.target.label if each.target else LEFT_OUT
        tones = {4: "" if each.target else "neutral", 3: "waiting" if raw != decoded else ""}
        return TableLine(each.column.letter, (each.column.letter, each.column.heading, raw, decoded, target), tones)

    # -- rows ----------------------------------------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """How many rows have each status."""
        counted = dict.fromkeys(STATUSES, 0)
        for verdict in self._judged.verdicts:
            counted[verdict.status] += 1
        counted["ignored"] += len(ignored_rows(self._loaded))
        return counted

    def rows(self, status: str) -> list[TableLine]:
        """One line for each row with a status, or for all with ""."""
        titles = self._titles()
        lines = [
            (verdict.row, self._row(verdict, titles))
            for verdict in self._judged.verdicts
            if status in ("", verdict.status)
        ]
        if status in ("", "ignored"):
            lines += [(left["row"], self._left(left)) for left in ignored_rows(self._loaded)]
        return [line for _row, line in sorted(lines, key=lambda pair: pair[0])]

    def _titles(self) -> Mapping[int, str]:
        """What each row calls its record."""
        title = self._workspace.forms.current(self._loaded.order.kind).title[0]
        named = {row.number: row.values.get(title) or row.suggested.get(title) for row in self._loaded.rows}
        return {number: str(name) for number, name in named.items() if isinstance(name, str)}

    def _row(self, verdict: RowVerdict, titles: Mapping[int, str]) -> TableLine:
        label, tone = STATUSES[verdict.status]
        plan = self._judged.plans.get(verdict.id)
        why = verdict.why
        if verdict.status == "changed" and plan is not None:
            why = "; ".join(filter(None, (*self._changes(plan), why)))
        return TableLine(str(verdict.row), (str(verdict.row), label, titles.get(verdict.row, ""), why), {1: tone})

    def _left(self, left: Mapping[str, Any]) -> TableLine:
        label, tone = STATUSES["ignored"]
        shown = " · ".join(filter(None, self._loaded.layout.words.texts_of(left["row"])))
        return TableLine(f"{left['row']}", (str(left["row"]), label, shown, str(left["why"])), {1: tone})

    def _changes(self, plan: PlannedRecord) -> Iterator[str]:
        """What changes in a stored record: «Địa chỉ: «cũ» → «mới»»."""
        stored = self._workspace.store.record(plan.id)
        for name, value in [*plan.fields.items()][:_SHOWN_CHANGES]:
            item = stored.form.field(name)
            before = stored.data.get(name)
            was = type_of(item).text(before, item, self._workspace.forms) if before not in (None, "", []) else _EMPTY
            now = type_of(item).text(value, item, self._workspace.forms)
            yield f"{item.heading}: «{was}» → «{now}»"
        if plan.added or plan.cells:
            yield "thêm, sửa dòng trong bảng"

    def row_in_words(self, key: str) -> str:
        """What every cell of a row was read as: «Mã số thuế: 0100200309 · Vốn: 612.500.000 đồng»."""
        cells = self.cells_of(key)
        first = {cell.place: cell for cell in reversed(cells)}  # a correction is about the first field of a cell
        return " · ".join(filter(None, (self._cell_in_words(cell, first[cell.place] is cell) for cell in cells)))

    def _good_cell(self, place: str) -> CellReading | None:
        """A cell that was corrected although there was nothing to ask."""
        cells = self.cells_of("".join(filter(str.isdigit, place)))
        return next((cell for cell in cells if cell.place == place), None)

    def _cell_in_words(self, cell: CellReading, is_first: bool) -> str:
        if is_first and cell.target is not None and cell.place in self._answers.cells:
            return f"{cell.target.label}: {self.answer_text(cell) or _EMPTY} (đã sửa)"
        return _in_words(cell, self._workspace)

    def cells_of(self, key: str) -> Sequence[CellReading]:
        """The cells of a row with what each was read as; none for a row that is no record."""
        is_read = any(str(row.number) == key for row in self._loaded.rows)
        return self._loaded.whole_row(self._workspace.forms, int(key)).cells if is_read else ()

    # -- questions -----------------------------------------------------------------------------------------------

    def questions(self) -> list[TableLine]:
        """One line for each cell that waits for an answer, and for each that was answered."""
        lines = [self._asked(asked) for asked in self._judged.asked]
        lines += [self._refused(cell) for cell in self._judged.refused]
        for place in self._answers.cells:
            if place not in self._by_place and (cell := self._good_cell(place)):
                self._by_place[place] = cell
        answered = [self._answered(place) for place in self._answers.cells if place in self._by_place]
        return sorted([*lines, *answered], key=lambda line: bool(line.cells[5]))

    def waiting(self) -> int:
        """How many questions and refusals wait for an answer; cells of columns that are left out need none."""
        asked = sum(not each.is_left_out for each in self._judged.asked)
        return asked + sum(not each.is_left_out for each in self._judged.refused)

    def cell(self, key: str) -> CellReading | None:
        """The cell of a line that a typed value can settle; None if there is none."""
        return self._by_place.get(key.partition(" ")[0])

    def area(self, key: str) -> str:
        """The place of a question about an area or the whole sheet, that only has to be read; "" for any other line."""
        return key.removesuffix(" area") if key.endswith(" area") else ""

    def join_row(self, key: str) -> int:
        """The row of a question whether a row means a record of a like name; 0 for any other line."""
        place, _, what = key.partition(" ")
        return int("".join(filter(str.isdigit, place)) or 0) if what == "join" else 0

    def suggested(self, key: str) -> str:
        """The suggested value of a line as it is typed; "" if there is none."""
        cell = self.cell(key)
        return self._edit_text(cell) if cell else ""

    def answer_text(self, cell: CellReading) -> str:
        """What stands for a cell now, as it is typed: the answer about it, else what it was read as."""
        answer = self._answers.cells.get(cell.place)
        if answer is None or answer.choice == "taken":
            return "" if cell.is_refused else self._edit_text(cell)
        return answer.text if answer.choice == "typed" else ""

    def _edit_text(self, cell: CellReading) -> str:
        if cell.target is None or cell.reading.value is None:
            return ""
        item, value = cell.target.field, cell.reading.value
        if type_of(item).names_records:
            return str(value)
        field_type = type_of(item)
        if field_type.is_choice or field_type.offers_choices or field_type.is_place:
            return field_type.text(value, item, self._workspace.forms)
        return field_type.edit_text(value, item)

    def _asked(self, asked: AskedCell) -> TableLine:
        if asked.is_left_out:
            return self._left_out(asked.cell, asked.reading, asked.question)
        cell = self._by_place.get(asked.cell)
        heading, shown = (cell.heading, cell.shown) if cell and not asked.is_join else ("", "")
        key = f"{asked.cell} join" if asked.is_join else asked.cell if cell else f"{asked.cell} area"
        return TableLine(key, (asked.cell, heading, shown, asked.reading, asked.question, ""), {4: "waiting"})

    def _refused(self, refused: RefusedCell) -> TableLine:
        place, reason = refused.cell, refused.reason
        if refused.is_left_out:
            return self._left_out(place, "", reason)
        cell = self._by_place.get(place)
        heading, shown = (cell.heading, cell.shown) if cell else ("", "")
        return TableLine(place, (place, heading, shown, "", reason, ""), {4: "wrong"})

    def _left_out(self, place: str, reading: str, words: str) -> TableLine:
        """A line that only tells: the column of the cell means no field, so there is nothing to answer."""
        cell = self._doubtful_left_out[place]
        key = f"{place} left"
        return TableLine(key, (place, cell.heading, cell.shown, reading, words, "cột không nhận"), {5: "neutral"})

    def _answered(self, place: str) -> TableLine:
        cell, answer = self._by_place[place], self._answers.cells[place]
        taken = {"empty": "để trống", "taken": f"nhận: {self.suggested(place)}", "typed": f"ghi: {answer.text}"}
        words = cell.reading.question or cell.reading.problem or f"Đọc được: {self._edit_text(cell)}"
        return TableLine(place, (place, cell.heading, cell.shown, "", words, taken[answer.choice]), {5: "good"})


def _in_words(cell: CellReading, workspace: Workspace) -> str:
    """What a cell was read as, under the label of its field; what is asked or refused has a question mark."""
    value = cell.reading.value
    if cell.target is None or (value is None and not _is_unsettled(cell)):
        return ""
    if value is None:
        return f"{cell.target.label}: ?"
    item = cell.target.field
    shown = str(value) if type_of(item).names_records else type_of(item).text(value, item, workspace.forms)
    return f"{cell.target.label}: {shown}{' (?)' if cell.is_asked else ''}"


def _is_unsettled(cell: CellReading) -> bool:
    return cell.is_asked or cell.is_refused


def sorted_targets(targets: Mapping[str, str]) -> list[tuple[str, str]]:
    """Paths and labels of fields by their labels, for a list of choices."""
    return sorted(targets.items(), key=lambda pair: fold(pair[1]))

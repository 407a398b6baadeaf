"""Many records from a table: rows pasted from a spreadsheet, or read from a file, below a row of headings.

A heading is the name or the label of a field. A table of two columns, a choice and a number (the indicators of an
opening total), may be given as columns too: a heading that is the label of a choice makes a row of it. A record that is
named is found by its title.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kcdesk import given_files
from kcdesk.bounded import limits
from kcdesk.errors import UserError
from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.new_record import needs_parent
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.services.records import changing, reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.text import fold, format_integer, rearmed

MOST_ROWS = 5_000
_UNIT = re.compile(r"\s*\([^()]*\)$")


class PastedColumn(Value):
    """Where the cells of a column go: a field, or with `choice` a row of a table."""

    heading: str
    field: Field | None  # None: the column is left out
    choice: str = ""


class PastedRow(Value):
    """A row of the table: what is kept of it, and what cannot be read, by heading."""

    number: int
    values: Mapping[str, Any]
    shown: Mapping[str, str]  # the cells as they were given
    problems: Sequence[str] = ()
    cautions: Sequence[str] = ()  # what can be read, and looks wrong


class PastedTable(Value):
    """A table that was read: its columns and rows; nothing is written yet."""

    kind: str
    columns: tuple[PastedColumn, ...]
    rows: tuple[PastedRow, ...]

    @property
    def problems(self) -> list[str]:
        """Every problem with its row."""
        return [f"Dòng {row.number}: {problem}" for row in self.rows for problem in row.problems]

    @property
    def cautions(self) -> list[str]:
        """Every caution with its row; they prevent nothing."""
        return [f"Dòng {row.number}: {caution}" for row in self.rows for caution in row.cautions]

    @property
    def left_out(self) -> list[str]:
        """The headings that name no field."""
        return [column.heading for column in self.columns if column.field is None]


def from_text(workspace: Workspace, kind: str, text: str) -> PastedTable:
    """Read cells that a spreadsheet has copied: lines, with tabs between the cells. UserError `no_headings`."""
    if len(text) > limits.TABLE.bytes:
        raise limits.TABLE.refusal("bytes")
    try:
        return _read(workspace, kind, [list(map(rearmed, line)) for line in _cells(text, "\t")])
    except csv.Error as error:
        raise UserError("Phần dán vào không phải là bảng.", code="bad_file", hint="Hãy chép lại bảng.") from error


def from_file(workspace: Workspace, kind: str, path: Path) -> PastedTable:
    """Read a text file with tabs, semicolons or commas between its cells. UserError `bad_file`, `no_headings`."""
    try:
        text = given_files.given_text_of(path, limits.TABLE)
        first = text.partition("\n")[0]
        separator = max("\t;,", key=first.count)
        cells = _cells(text, separator)
    except (OSError, ValueError, csv.Error) as error:
        hint = "Trong Excel hãy lưu bảng thành «CSV UTF-8», hoặc chép bảng rồi dán vào danh sách."
        raise UserError(f"Tệp {path.name} không đọc được như một bảng.", code="bad_file", hint=hint) from error
    return _read(workspace, kind, cells)


def _cells(text: str, separator: str) -> list[list[str]]:
    """The cells of the rows that have any; csv.Error, and UserError if they are too many."""
    rows: list[list[str]] = []
    count = 0
    for row in csv.reader(io.StringIO(text), delimiter=separator):
        rows.append(row)
        count += len(row) or 1
        if count > limits.TABLE.count:
            raise limits.TABLE.refusal("count")
    return rows


def write_all(workspace: Workspace, table: PastedTable) -> Changes:
    """Make a record of every row, all or none, in one act; UserError `bad_table` if a cell cannot be read."""
    if table.problems:
        more = f" và {format_integer(len(table.problems) - 1)} chỗ khác" if len(table.problems) > 1 else ""
        raise UserError(
            f"{table.problems[0].rstrip('.')}{more}.", code="bad_table", hint="Hãy sửa trong bảng rồi làm lại."
        )
    return changing.add_several(workspace, table.kind, [row.values for row in table.rows])


def _read(workspace: Workspace, kind: str, cells: Sequence[Sequence[str]]) -> PastedTable:
    form = reading.form_of(workspace, kind)
    if needs_parent(form):
        raise UserError(
            f"{form.label} thuộc một hồ sơ khác nên không dán được cả bảng.",
            code="parent_missing",
            hint="Hãy lập từ tab «Liên quan» của hồ sơ đó.",
        )
    filled = [(number, row) for number, row in enumerate(cells, start=1) if any(cell.strip() for cell in row)]
    if len(filled) > MOST_ROWS:
        raise UserError(f"Bảng có hơn {format_integer(MOST_ROWS)} dòng.", code="too_many", hint="Hãy chia thành phần.")
    columns = _columns(workspace, form, filled[0][1] if filled else ())
    rows = tuple(_row(workspace, form, columns, number, row) for number, row in filled[1:])
    if not rows:
        raise UserError("Dưới dòng tiêu đề không có dòng nào.", code="no_rows", hint="Hãy chép cả bảng, kể cả tiêu đề.")
    return PastedTable(kind, columns, rows)


def _columns(workspace: Workspace, form: Form, headings: Sequence[str]) -> tuple[PastedColumn, ...]:
    known = dict(_headings(workspace, form))
    columns = tuple(known.get(_key(heading), PastedColumn(heading.strip(), None)) for heading in headings)
    if not any(column.field for column in columns):
        names = ", ".join(f.heading for f in form.fields if not f.columns and not f.computed)
        raise UserError(
            "Dòng đầu của bảng phải là tiêu đề các cột.", code="no_headings", hint=f"Các tiêu đề nhận được: {names}."
        )
    placed = [(column.field.name, column.choice) for column in columns if column.field]
    if len(set(placed)) < len(placed):
        raise UserError("Bảng có hai cột của cùng một ô.", code="no_headings", hint="Hãy bỏ bớt một cột.")
    return columns


def _headings(workspace: Workspace, form: Form) -> Iterator[tuple[str, PastedColumn]]:
    for item in reversed(form.fields):
        if item.computed or type_of(item).holds_files:
            continue
        if item.columns:
            yield from _rows_as_columns(workspace, item)
            continue
        for heading in (item.label, item.heading, item.name):
            yield _key(heading), PastedColumn(item.heading, item)


def _rows_as_columns(workspace: Workspace, table: Field) -> Iterator[tuple[str, PastedColumn]]:
    if len(table.columns) == 2 and type_of(table.columns[0]).is_choice:
        for choice in workspace.forms.choices(table.columns[0]):
            for heading in (choice.label, choice.short, choice.value):
                yield _key(heading), PastedColumn(choice.short, table, choice.value)


def _key(heading: str) -> str:
    return fold(_UNIT.sub("", heading.strip().rstrip("*:")))


def _row(
    workspace: Workspace, form: Form, columns: Sequence[PastedColumn], number: int, cells: Sequence[str]
) -> PastedRow:
    values: dict[str, Any] = {}
    problems = []
    for column, cell in zip(columns, cells, strict=False):
        if column.field is None or not cell.strip():
            continue
        try:
            _put(workspace, values, column, cell.strip())
        except ValueProblem as problem:
            problems.append(f"{column.heading}: {problem.message}")
    if not values and not problems:
        problems.append("không có ô nào đọc được.")
    shown = {column.heading: cell.strip() for column, cell in zip(columns, cells, strict=False)}
    cautions = () if problems else _cautions(workspace, form, values)
    return PastedRow(number, values, shown, tuple(problems), cautions)


def _cautions(workspace: Workspace, form: Form, values: Mapping[str, Any]) -> tuple[str, ...]:
    """What the checks of the form advise about the values of a row, before it is a record."""
    data = {
        name: type_of(form.field(name)).parse(value, form.field(name), workspace.forms)
        for name, value in values.items()
        if not form.field(name).columns
    }
    record = Record("", form.id, form, data, forms=workspace.forms)
    return tuple(problem.message for problem in record.problems() if problem.advice)


def _put(workspace: Workspace, values: dict[str, Any], column: PastedColumn, cell: str) -> None:
    item = column.field
    assert item is not None
    if column.choice:
        choice, number = item.columns
        type_of(number).parse(cell, number, workspace.forms)
        values.setdefault(item.name, []).append({choice.name: column.choice, number.name: cell})
        return
    typed: Any = _named(workspace, item, cell) if type_of(item).names_records else cell
    type_of(item).parse(typed, item, workspace.forms)
    values[item.name] = typed


def _named(workspace: Workspace, item: Field, cell: str) -> Any:
    """The records that a cell names by their titles, with ; between several."""
    parts = [cell] if type_of(item).is_reference else [part.strip() for part in cell.split(";") if part.strip()]
    ids = [_only_record(workspace, item, part) for part in parts]
    return ids[0] if type_of(item).is_reference else ids


def _only_record(workspace: Workspace, item: Field, title: str) -> str:
    target = reading.form_of(workspace, item.target)
    matches = workspace.store.find(item.target, target.title[0], title)
    if len(matches) != 1:
        many = f"có {format_integer(len(matches))} hồ sơ tên" if matches else "không có hồ sơ nào tên"
        raise ValueProblem(f"trong kho {many} «{title}».", item.name)
    return matches[0].id

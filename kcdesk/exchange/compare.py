"""Sheets against records: everything that travels as a record and is shown must be shown as it is.

Nobody signs for what he cannot see: before an authentic package is taken in, this list must be empty; of an edited
one it is what somebody changed.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from openpyxl import load_workbook

from kcdesk.exchange.cells import from_xml, same
from kcdesk.exchange.sheets import TITLE, UNKNOWN_TITLE, Column, Content, Line, Sheet, sheets
from kcdesk.formdef.types import Cell

MAX_COLUMNS = 1_000
_KEYS = ("record", "path", "id")

_Rows = dict[tuple[Cell, ...], list[Mapping[str, Cell]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One cell, row or sheet that does not show its record; `path` is "" for a whole row, `id` for a whole sheet."""

    sheet: str
    kind: str
    record: str
    path: str
    shown: Cell
    recorded: Cell


def differences(workbook: BinaryIO, content: Content) -> Iterator[Difference]:
    """Every place where the sheets of an opened package do not show its records, sheet by sheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's remarks on what other programs have left in the file
        book = load_workbook(workbook, read_only=True)
    try:
        for plan in sheets(content):
            if plan.name in book.sheetnames:
                yield from _compare(plan, _read_rows(book[plan.name]))
            elif plan.lines:
                yield _whole(plan, "", None, plan.name)
    finally:
        book.close()


def _compare(plan: Sheet, shown: _Rows) -> Iterator[Difference]:
    by_name = {column.name: column for column in plan.columns}
    keys = [by_name[name] for name in _KEYS if name in by_name]
    for line in plan.lines:
        key = tuple(column.cell(line) for column in keys)
        rows = shown.get(key)
        if not rows:
            yield _whole(plan, line.entry.id, None, str(key[-1]))
        else:
            yield from _compare_row(plan, line, rows.pop(0))
    for key, rows in shown.items():
        yield from (_whole(plan, str(key[0] or ""), str(key[-1] or ""), None) for _ in rows)


def _compare_row(plan: Sheet, line: Line, row: Mapping[str, Cell]) -> Iterator[Difference]:
    for column in plan.columns:
        recorded, shown = column.cell(line), row.get(column.name)
        if same(shown, recorded) or _is_unknown_title(column, recorded):
            continue
        path = f"{plan.table}/{line.values['id']}/{column.name}" if plan.table else column.name
        yield Difference(
            sheet=plan.name, kind=plan.kind, record=line.entry.id, path=path, shown=shown, recorded=recorded
        )


def _read_rows(sheet: Any) -> _Rows:
    """The rows by their keys, the cells by the machine names of the second row; every row that shows anything."""
    rows: Iterator[Sequence[Any]] = sheet.iter_rows(min_row=2, max_col=MAX_COLUMNS, values_only=True)
    names = [str(name or "") for name in next(rows, ())]
    while names and not names[-1]:
        names.pop()
    keys = [name for name in _KEYS if name in names]
    found: _Rows = {}
    for values in rows:
        row = {name: from_xml(value) for name, value in zip(names, values, strict=False)}
        beside = (value for value in values[len(names) :] if value is not None)
        if any(cell is not None for cell in (*row.values(), *map(from_xml, beside))):
            found.setdefault(tuple(row[name] for name in keys), []).append(row)
    return found


def _is_unknown_title(column: Column, recorded: Cell) -> bool:
    """Whether a column names a record that is neither in the package nor in this store: nothing to hold it against."""
    return column.name.endswith(TITLE) and isinstance(recorded, str) and UNKNOWN_TITLE in recorded


def _whole(plan: Sheet, record: str, shown: Cell, recorded: Cell) -> Difference:
    return Difference(sheet=plan.name, kind=plan.kind, record=record, path="", shown=shown, recorded=recorded)

"""Comparing the sheets of a package with its records: the visible cells must show the records exactly.

An officer must not sign for what the sheets do not show: an authentic package is received only if there is no
difference. In an edited package, the differences are the edits.
"""

from __future__ import annotations

import tempfile
import warnings
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, cast

from openpyxl import load_workbook

from kcdesk.exchange.container import parts
from kcdesk.exchange.container.manifest import Manifest
from kcdesk.exchange.workbook.cells import from_xml, same
from kcdesk.exchange.workbook.sheets import TITLE, UNKNOWN_TITLE, Content, Sheet, SheetColumn, SheetLine, sheets
from kcdesk.formdef.types.base import Cell, ReadCell
from kcdesk.progress import ignore_progress

MAX_COLUMNS = 1_000
_IN_MEMORY = 32 << 20
_NOT_SHOWN = (parts.OWN_FOLDER, "customXml/", "docProps/")  # docProps/ holds the time of writing
_KEYS = ("record", "path", "id")

HEAD_ROWS = 20  # number of first rows in which the row of machine names is searched


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """The content of a sheet: the names of its columns, and its rows by their keys."""

    names: frozenset[str]
    rows: dict[tuple[ReadCell, ...], list[Mapping[str, ReadCell]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A cell, row, column or sheet that differs from the records.

    `path` is "" for a whole row or sheet, `record` is "" for a whole column or sheet. For a row that occurs twice, both
    `shown` and `recorded` are its key.
    """

    sheet: str
    kind: str
    record: str
    path: str
    shown: ReadCell
    recorded: Cell


def is_as_generated(manifest: Manifest, key: str, content: Content) -> bool:
    """Whether this program generates every part of the workbook byte for byte from the manifest and the records.

    If so, the sheets show the records and need not be compared. If not, the package may have been made by another
    version of the program, or by a unit with other titles of referenced records; then use `differences`.
    """
    from kcdesk.exchange.workbook.writer import write_workbook  # openpyxl takes 150 ms

    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        made = cast(BinaryIO, spool)
        write_workbook(made, manifest, key, content, sheets(content), ignore_progress)
        with zipfile.ZipFile(made) as archive:
            hashes = parts.workbook_hashes(archive)
    return all(
        hashes.get(name) == manifest.parts.get(name)
        for name in hashes.keys() | manifest.parts.keys()
        if not name.startswith(_NOT_SHOWN)
    )


def differences(workbook: BinaryIO, content: Content) -> Iterator[Difference]:
    """Yield every difference between the sheets of an opened package and its records, sheet by sheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of extensions that other programs write
        book = load_workbook(workbook, read_only=True)
    try:
        for plan in sheets(content):
            shown = _read_rows(book[plan.name]) if plan.name in book.sheetnames else None
            if shown is not None:
                yield from _compare(plan, shown)
            elif plan.lines:
                yield _whole(plan, "", None, plan.name)
    finally:
        book.close()


def _compare(plan: Sheet, shown: _Shown) -> Iterator[Difference]:
    by_name = {column.name: column for column in plan.columns}
    keys = [by_name[name] for name in _KEYS if name in by_name]
    present = [column for column in plan.columns if column.name in shown.names]
    yield from _missing_columns(plan, shown.names)
    for line in plan.lines:
        key: tuple[ReadCell, ...] = tuple(column.cell(line) for column in keys)
        rows = shown.rows.pop(key, [])
        if not rows:
            yield _whole(plan, line.entry.id, None, str(key[-1]))
        elif len(rows) > 1:
            yield _whole(plan, line.entry.id, str(key[-1]), str(key[-1]))
        else:
            yield from _compare_row(plan, present, line, rows[0])
    for key, rows in shown.rows.items():
        yield from (_whole(plan, str(key[0] or ""), str(key[-1] or ""), None) for _ in rows)


def _missing_columns(plan: Sheet, names: Collection[str]) -> Iterator[Difference]:
    """Yield one difference, without a record, for each missing column that had values."""
    for column in plan.columns:
        if column.name not in names and any(column.cell(line) is not None for line in plan.lines):
            yield Difference(
                sheet=plan.name, kind=plan.kind, record="", path=column.name, shown=None, recorded=column.label
            )


def _compare_row(
    plan: Sheet, columns: Sequence[SheetColumn], line: SheetLine, row: Mapping[str, ReadCell]
) -> Iterator[Difference]:
    for column in columns:
        recorded, shown = column.cell(line), row.get(column.name)
        if same(shown, recorded) or _is_unknown_title(column, recorded):
            continue
        if column.former is not None and same(shown, column.former(line)):
            continue
        path = f"{plan.table}/{line.values['id']}/{column.name}" if plan.table else column.name
        yield Difference(
            sheet=plan.name, kind=plan.kind, record=line.entry.id, path=path, shown=shown, recorded=recorded
        )


def machine_names(row: Sequence[Any]) -> list[str]:
    """The machine names in a row; [] if it is not the row of machine names, which has the key `id`."""
    names = [str(name or "") for name in row]
    while names and not names[-1]:
        names.pop()
    return names if "id" in names else []


def _read_rows(sheet: Any) -> _Shown | None:
    """The rows of a sheet by their keys, without empty rows; None if the row of machine names is missing.

    That row is the second, unless somebody has inserted rows before it.
    """
    rows: Iterator[Sequence[Any]] = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
    names = next(filter(None, map(machine_names, islice(rows, HEAD_ROWS))), None)
    if names is None:
        return None
    keys = [name for name in _KEYS if name in names]
    by_key: dict[tuple[ReadCell, ...], list[Mapping[str, ReadCell]]] = {}
    for values in rows:
        row = {name: from_xml(value) for name, value in zip(names, values, strict=False)}
        beside = (value for value in values[len(names) :] if value is not None)
        if any(cell is not None for cell in (*row.values(), *map(from_xml, beside))):
            by_key.setdefault(tuple(row.get(name) for name in keys), []).append(row)
    return _Shown(names=frozenset(names), rows=by_key)


def _is_unknown_title(column: SheetColumn, recorded: Cell) -> bool:
    """Whether a cell is the title of a record that neither the package nor this store has: it cannot be compared."""
    return column.name.endswith(TITLE) and isinstance(recorded, str) and UNKNOWN_TITLE in recorded


def _whole(plan: Sheet, record: str, shown: ReadCell, recorded: Cell) -> Difference:
    return Difference(sheet=plan.name, kind=plan.kind, record=record, path="", shown=shown, recorded=recorded)

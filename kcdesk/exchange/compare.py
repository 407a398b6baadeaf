"""Comparing the sheets of a package with its records: the visible cells must show the records exactly.

An officer must not sign for what the sheets do not show: an authentic package is received only if there is no
difference. In an edited package, the differences are the edits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import BinaryIO

from kcdesk.exchange.as_made import part_hashes
from kcdesk.exchange.as_made.outside_titles import OutsideTitles
from kcdesk.exchange.container.manifest import Manifest
from kcdesk.exchange.container.safe_zip import SafeArchive
from kcdesk.exchange.hidden_content import Line, hidden_differences, page_lines
from kcdesk.exchange.swapped_rows import Cells, SwappedRows, written_cell
from kcdesk.exchange.workbook.cells import same
from kcdesk.exchange.workbook.returned_cells import FORMULA, opens_as_formula
from kcdesk.exchange.workbook.returned_rows import ReturnedRow, ReturnedSheet, returned_sheets
from kcdesk.exchange.workbook.sheet_content import TITLE, UNKNOWN_TITLE, Content, Sheet, SheetColumn, SheetLine
from kcdesk.exchange.workbook.sheets import sheets
from kcdesk.formdef.types.base import Cell, ReadCell
from kcdesk.formdef.values import Unreadable
from kcdesk.runtime.frozen import Value, replace
from kcdesk.temporary import private_files

_IN_MEMORY = 32 << 20
_KEYS = ("record", "path", "id")


class Difference(Value, kw_only=True):
    """A cell, row, column or sheet that differs from the records.

    `path` is "" for a whole row or sheet, `record` is "" for a whole column or sheet. For a row that occurs twice, both
    `shown` and `recorded` are its key. `note` is what to know of a cell that can be read, `places` are the addresses of
    the cells (F3). `owner` is the record whose visible cells stand in the row, instead of its own. `heading` is what
    stands above the column.
    """

    sheet: str
    kind: str
    record: str
    path: str
    shown: ReadCell
    recorded: Cell
    note: str = ""
    places: tuple[str, ...] = ()
    owner: str = ""
    heading: str = ""


def unlike_generated(
    manifest: Manifest, key: str, content: Content, received: SafeArchive | None = None
) -> list[str] | None:
    """What the sheets show or hide otherwise than this program writes them; None if they are the same bytes.

    The program generates every part of the workbook from the manifest and the records. If the bytes are others, the
    package may have been made by another version of the program, or by a unit with other titles of referenced records:
    then the list names what this does not explain, and `differences` compares the cells.
    """
    with private_files.spool(_IN_MEMORY) as made:
        plans = sheets(content)
        if part_hashes.is_as_made(manifest, part_hashes.made_here(made, manifest, key, content, plans)):
            return None
        if received is None:
            return []
        made.seek(0)
        with SafeArchive(made) as generated:
            hidden = {plan.name: frozenset(c.name for c in plan.columns if c.hidden) for plan in plans}
            outside = OutsideTitles(
                content.titles,
                [entry.id for entry in content.entries],
                lambda titles: _page_lines(manifest, key, replace(content, titles=titles)),
            )
            return hidden_differences(received, generated, hidden, outside.explain)


def _page_lines(manifest: Manifest, key: str, content: Content) -> list[Line]:
    """The lines of the pages for people that this program makes of a content."""
    with private_files.spool(_IN_MEMORY) as made:
        plans = sheets(content)
        part_hashes.made_here(made, manifest, key, content, plans)
        made.seek(0)
        with SafeArchive(made) as generated:
            return page_lines(generated, [plan.name for plan in plans])


def differences(workbook: BinaryIO, content: Content) -> Iterator[Difference]:
    """Yield every difference between the sheets of an opened package and its records, sheet by sheet.

    Rows of a sheet that the package did not have count only if none of its own sheets is missing: it may be renamed.
    """
    plans = {plan.name: plan for plan in sheets(content)}
    strange: list[Difference] = []
    for shown in returned_sheets(workbook):
        plan = plans.pop(shown.name, None)
        if plan is not None:
            yield from _compare(plan, shown)
        else:
            strange += _rows_of_strange(shown)
    for plan in plans.values():
        yield _whole(plan, "", None, plan.name)
    yield from () if plans else strange


def _rows_of_strange(shown: ReturnedSheet) -> Iterator[Difference]:
    """The rows of a sheet that the package did not have: what is `shown` is the name of the sheet itself."""
    for row in shown.rows:
        record = str(row.cells.get("record") or row.cells.get("id") or "")
        yield Difference(sheet=shown.name, kind="", record=record, path="", shown=shown.name, recorded=None)


def _compare(plan: Sheet, shown: ReturnedSheet) -> Iterator[Difference]:
    present = [column for column in plan.columns if column.name in shown.columns]
    rows = _Rows(plan, shown)
    yield from _missing_columns(plan, shown.columns)
    for line in plan.lines:
        key, own = str(rows.key(line)[-1]), rows.of(line)
        if not own:
            yield _whole(plan, line.entry.id, None, key)
        elif len(own) > 1:
            yield _whole(plan, line.entry.id, key, key, places=_places(shown, own))
        elif differing := list(_compare_row(plan, present, line, own[0], shown)):
            owner = rows.owner(line)
            swapped = [_whole(plan, line.entry.id, key, None, places=_places(shown, own), owner=owner)]
            yield from swapped if owner else differing
    for row_key, row in rows.strange():
        yield _whole(plan, str(row_key[0] or ""), str(row_key[-1] or ""), None, places=_places(shown, [row]))


class _Rows:
    """The rows of a sheet that came back, by the lines that they stand for."""

    def __init__(self, plan: Sheet, shown: ReturnedSheet) -> None:
        by_name = {column.name: column for column in plan.columns}
        self._keys = [by_name[name] for name in _KEYS if name in by_name]
        self._visible = [column for column in plan.columns if not (column.hidden or column.unlocked)]
        self._by_key: dict[tuple[ReadCell, ...], list[ReturnedRow]] = {}
        for row in shown.rows:
            self._by_key.setdefault(tuple(row.cells.get(column.name) for column in self._keys), []).append(row)
        self._lines = {self.key(line): line for line in plan.lines}
        self._swapped = SwappedRows(self._shown, self._written)

    def key(self, line: SheetLine) -> tuple[ReadCell, ...]:
        """The values of the key columns of a line."""
        return tuple(column.cell(line) for column in self._keys)

    def of(self, line: SheetLine) -> list[ReturnedRow]:
        """The rows with the key of a line."""
        return self._by_key.get(self.key(line), [])

    def strange(self) -> Iterator[tuple[tuple[ReadCell, ...], ReturnedRow]]:
        """The rows that stand for no line, with their keys."""
        for key, rows in self._by_key.items():
            if key not in self._lines:
                yield from ((key, row) for row in rows)

    def owner(self, line: SheetLine) -> str:
        """The id of the record whose visible cells stand in the row of `line`; "" for the usual row."""
        owner = self._swapped.owner(self.key(line))
        return self._lines[owner].entry.id if owner is not None else ""

    def _shown(self, key: tuple[ReadCell, ...]) -> Cells | None:
        rows = self._by_key.get(key)
        return tuple(rows[0].cells.get(column.name) for column in self._visible) if rows else None

    def _written(self) -> dict[tuple[ReadCell, ...], Cells]:
        return {
            key: tuple(written_cell(column.cell(line)) for column in self._visible) for key, line in self._lines.items()
        }


def _places(shown: ReturnedSheet, rows: Sequence[ReturnedRow]) -> tuple[str, ...]:
    return tuple(shown.place(row) for row in rows)


def _missing_columns(plan: Sheet, names: Collection[str]) -> Iterator[Difference]:
    """Yield one difference, without a record, for each missing column that had values."""
    for column in plan.columns:
        if column.name not in names and any(column.cell(line) is not None for line in plan.lines):
            yield Difference(
                sheet=plan.name,
                kind=plan.kind,
                record="",
                path=column.name,
                shown=None,
                recorded=column.label,
                heading=column.label,
            )


def _compare_row(
    plan: Sheet, columns: Sequence[SheetColumn], line: SheetLine, row: ReturnedRow, sheet: ReturnedSheet
) -> Iterator[Difference]:
    for column in columns:
        recorded, shown, note = column.cell(line), row.cells.get(column.name), row.notes.get(column.name, "")
        if isinstance(shown, Unreadable) and opens_as_formula(recorded):
            is_same = shown.shown == recorded  # a library wrote the text of the cell as a formula
        else:
            is_same = same(shown, recorded) and note != FORMULA  # the result of a formula may change later
        if is_same or _is_unknown_title(column, recorded):
            continue
        if column.former is not None and same(shown, column.former(line)):
            continue
        yield Difference(
            sheet=plan.name,
            kind=plan.kind,
            record=line.entry.id,
            path=f"{plan.table}/{line.values['id']}/{column.name}" if plan.table else column.name,
            shown=shown,
            recorded=recorded,
            note=note,
            places=(sheet.place(row, column.name),),
            heading=column.label,
        )


def _is_unknown_title(column: SheetColumn, recorded: Cell) -> bool:
    """Whether a cell is the title of a record that neither the package nor this store has: it cannot be compared."""
    return column.name.endswith(TITLE) and isinstance(recorded, str) and UNKNOWN_TITLE in recorded


def _whole(
    plan: Sheet, record: str, shown: ReadCell, recorded: Cell, *, places: tuple[str, ...] = (), owner: str = ""
) -> Difference:
    return Difference(
        sheet=plan.name,
        kind=plan.kind,
        record=record,
        path="",
        shown=shown,
        recorded=recorded,
        places=places,
        owner=owner,
    )

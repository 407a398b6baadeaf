"""Where a number that nobody computes comes from: what the record would be filled in with now, and from which cell.

The record is filled in again without the field, by the functions that fill in new records, so that what explains a
number is what wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.records import prefill
from kcdesk.services.records.copying import TrialRecord
from kcdesk.services.workspace import Workspace


class Origins:
    """Where the numbers of records come from; every field is tried once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[tuple[str, str], list[Derivation]] = {}
        self._trials: dict[tuple[str, str], TrialRecord] = {}

    def of(self, record: Record, path: str) -> list[Derivation]:
        """The numbers from which the one at a path may have been taken over, the likeliest first."""
        if (record.id, path) not in self._known:
            finders = self._workspace.extensions.origins.get(record.kind, ())
            written = [origin for finder in finders for origin in finder(self._workspace, record, path)]
            self._known[record.id, path] = [*written, *self._filled_in(record, path)]
        return self._known[record.id, path]

    def _filled_in(self, record: Record, path: str) -> Iterator[Derivation]:
        """What the record without this field or table is filled in with."""
        name, _, cell = path.partition("/")
        trial = self._trial(record, name)
        filled = trial.origins.get(_path_in(trial, record, name, cell) if cell else path)
        if filled is not None:
            yield filled

    def _trial(self, record: Record, name: str) -> TrialRecord:
        if (record.id, name) not in self._trials:
            trial = TrialRecord(record, name)
            prefill.prepare(self._workspace, trial)
            self._trials[record.id, name] = trial
        return self._trials[record.id, name]


def _path_in(trial: TrialRecord, record: Record, table: str, cell: str) -> str:
    """The path of a cell in the trial: of the row with the same id, else of the only row with the same words."""
    row_id, _, column = cell.partition("/")
    own = next((row for row in record.rows(table) if row["id"] == row_id), {})
    rows = trial.rows(table)
    same = [row for row in rows if row["id"] == row_id]
    words = _words(record, table, own)
    if not same and words:
        same = [row for row in rows if _words(trial, table, row) == words]
        twins = [row for row in record.rows(table) if _words(record, table, row) == words]
        same = same if len(same) == len(twins) == 1 else []
    return f"{table}/{same[0]['id']}/{column}" if same else ""


def _words(record: Record, table: str, row: Mapping[str, Any]) -> str:
    """The words that name a row: its first required text or choice that is filled."""
    naming = (column for column in record.field(table).columns if column.required or column.name == "contracted_name")
    typed = (row.get(column.name) for column in naming if type_of(column).is_text or type_of(column).is_choice)
    return str(next((value for value in typed if value), ""))

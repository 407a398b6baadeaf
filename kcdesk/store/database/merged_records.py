"""Merged records: a duplicate is deleted and names the record into which it was merged; its links lead there.

Links are never rewritten: a locked paper stays as it was signed, a dossier of another office as that office wrote it.
They are followed when a record is read (`MergedRecords.shown`), indexed (`followed_data`) or reported (`followed`).
Undoing the merge is then an undo of the duplicate alone. A link whose survivor is not in this store stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import MERGED_INTO
from kcdesk.runtime.frozen import replace
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.stored_record import StoredRecord

_IS_MERGED = f"deleted IS NOT NULL AND json_extract(data, '$.{MERGED_INTO}') IS NOT NULL"
INDEX = f'CREATE INDEX "hot_merged" ON record (id) WHERE {_IS_MERGED}'
_IS_HERE = "EXISTS (SELECT 1 FROM record AS kept WHERE kept.id = json_extract({}.data, '$." + MERGED_INTO + "'))"
_ALL = (
    f"SELECT id, json_extract(data, '$.{MERGED_INTO}') FROM record WHERE {_IS_MERGED} AND {_IS_HERE.format('record')}"
)
LONGEST_CHAIN = 2  # a record that was merged into one that was merged
_NO_ID = re.compile(r"(?!)")
Survivors = Mapping[str, str]  # the record into which each merged one was merged in the end, by id


class MergedRecords:
    """Follows the links of the records that one connection reads; what is merged is read again after every write."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._read_at: tuple[int, int] | None = None
        self._survivors: Survivors = {}
        self._id = _NO_ID

    @property
    def survivors(self) -> Survivors:
        """The survivor of every merged record of the store, by id."""
        now = (int(self._connection.value("PRAGMA data_version")), int(self._connection.raw.total_changes))
        if now != self._read_at:
            self._read_at, self._survivors = now, survivors(self._connection)
            self._id = _pattern_of(self._survivors)
        return self._survivors

    def shown(self, stored: StoredRecord) -> StoredRecord:
        """The record as people and rules see it: each link to a merged record leads to its survivor."""
        return self._shown(stored, self.survivors)

    def all_shown(self, records: Iterable[StoredRecord]) -> list[StoredRecord]:
        """As `shown`, for many records: what is merged is asked once."""
        merged = self.survivors
        return [self._shown(stored, merged) for stored in records] if merged else list(records)

    def _shown(self, stored: StoredRecord, merged: Survivors) -> StoredRecord:
        if not merged:
            return stored
        if stored.parent not in merged and merged.keys().isdisjoint(self._id.findall(stored.data_json)):
            return stored
        data = canonical(followed_data(stored.data, merged, MERGED_INTO))
        parent = merged.get(stored.parent, stored.parent) if stored.parent else None
        return replace(stored, parent=parent, data_json=data, kept=stored)

    def with_merged(self, id_: str) -> list[str]:
        """The id of a record and of those that were merged into it."""
        return [id_, *(merged for merged, survivor in self.survivors.items() if survivor == id_)]


def _pattern_of(merged: Survivors) -> re.Pattern[str]:
    """Whatever stands in a JSON text like one of these ids: how long it takes does not depend on their number."""
    if not merged:
        return _NO_ID
    lengths = sorted(map(len, merged))
    return re.compile(rf'"([A-Za-z0-9_-]{{{lengths[0]},{lengths[-1]}}})"')


def survivors(connection: Connection) -> Survivors:
    """The survivor of every merged record, chains followed to their end; a circle leads nowhere."""
    into = {merged: survivor for merged, survivor in connection.all(_ALL) if isinstance(survivor, str)}
    ends = {}
    for merged in into:
        end, passed = merged, {merged}
        while end in into and into[end] not in passed:
            end = into[end]
            passed.add(end)
        if end not in into:
            ends[merged] = end
    return ends


def merged_into(connection: Connection, ids: Iterable[str]) -> dict[str, list[str]]:
    """The ids of the records that were merged into each of these, in the order of their ids."""
    wanted, duplicates = set(ids), dict[str, list[str]]()
    for merged, survivor in sorted(survivors(connection).items()):
        if survivor in wanted:
            duplicates.setdefault(survivor, []).append(merged)
    return duplicates


def followed_data(data: Mapping[str, Any], merged: Survivors, *without: str) -> dict[str, Any]:
    """The values of a record with each id of a merged record replaced; an id stands once in a list."""
    return {name: value if name in without else _followed(value, merged) for name, value in data.items()}


def _followed(value: Any, merged: Survivors) -> Any:
    if isinstance(value, str):
        return merged.get(value, value)
    if isinstance(value, dict):
        return {name: _followed(part, merged) for name, part in value.items()}
    if isinstance(value, list):
        parts = [_followed(part, merged) for part in value]
        return parts if any(isinstance(part, dict) for part in parts) else list(_once(parts))
    return value


def _once(parts: list[Any]) -> Iterable[Any]:
    return {json.dumps(part): part for part in parts}.values()


def mergeable(forms: Forms) -> Sequence[str]:
    """The kinds whose records may be merged: some version of their form has the field for it."""
    return forms.once("mergeable", lambda: sorted({form.id for form in forms.all if MERGED_INTO in form.by_name}))


def followed(expression: str) -> str:
    """The SQL expression of an id that leads to the survivor of a merged record, over a chain of LONGEST_CHAIN.

    Nearly every id is that of no merged record: then the index of the merged ones is asked once.
    """
    is_merged = (
        f"EXISTS (SELECT 1 FROM record AS merged INDEXED BY hot_merged WHERE merged.id = {expression}"
        f" AND merged.deleted IS NOT NULL AND json_extract(merged.data, '$.{MERGED_INTO}') IS NOT NULL)"
    )
    steps = [expression]
    for _ in range(LONGEST_CHAIN):
        steps.append(
            f"(SELECT json_extract(merged.data, '$.{MERGED_INTO}') FROM record AS merged INDEXED BY hot_merged"
            f" WHERE merged.id = {steps[-1]}"
            f" AND merged.deleted IS NOT NULL AND json_extract(merged.data, '$.{MERGED_INTO}') IS NOT NULL"
            f" AND {_IS_HERE.format('merged')})"
        )
    return f"CASE WHEN {is_merged} THEN coalesce({', '.join(reversed(steps))}) ELSE {expression} END"

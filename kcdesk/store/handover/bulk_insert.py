"""Inserting new records of a package by the thousand, table by table; `Writer.merge` writes them one by one.

Only records that are new here and have no conflicts are inserted in this way. They change nothing of other records
except the search words of records that refer to them. A test compares both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from kcdesk.formdef import record_values
from kcdesk.formdef.model import MERGED_INTO, Form
from kcdesk.runtime.frozen import Value
from kcdesk.store import rows, search
from kcdesk.store.clock import Clock, moment_of
from kcdesk.store.database.merged_records import Survivors, followed_data, survivors
from kcdesk.store.former_values import values_of_rows
from kcdesk.store.handover.merge_state import Incoming, Outcome
from kcdesk.store.handover.merging import MergeState
from kcdesk.store.stored_record import StoredRecord

if TYPE_CHECKING:
    from kcdesk.formdef.forms import Forms
    from kcdesk.store.database.db import Connection
    from kcdesk.store.history import Chain
    from kcdesk.store.identity import Identity

_BATCH = 500  # records whose rows are in memory at the same time
_TOUCH = "INSERT INTO touched (device, record, stamp, private) VALUES (?, ?, ?, ?)"


def is_plain(outcome: Outcome) -> bool:
    """Whether a record is new in every respect, so that it may be inserted with others."""
    return (
        outcome.stored is None
        and outcome.before is None
        and not outcome.after.others
        and outcome.after.deleted is None
        and bool(outcome.after.seen)
    )


def stub(incoming: Incoming, seq: int) -> StoredRecord:
    """A stored record for a received one, complete except for its contents."""
    state = incoming.state
    return StoredRecord(
        seq=seq,
        id=incoming.id,
        kind=incoming.kind,
        parent=incoming.parent,
        unit=incoming.unit,
        form=state.form,
        sort="",
        created=state.created,
        updated=state.updated,
        deleted=None,
        data_json="{}",
        stamps_json="{}",
    )


class NewRecord(Protocol):
    """A record of this office that is to be written: `begun.BegunRecord`."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def form(self) -> str: ...
    @property
    def parent(self) -> str | None: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


def new_pairs(
    forms: Forms, records: Sequence[NewRecord], identity: Identity, stamp: str, at: str
) -> list[tuple[Incoming, Outcome]]:
    """New records of this office as if they had arrived, so that many can be inserted together."""
    return [_new_pair(forms, record, identity, stamp, at) for record in records]


def _new_pair(forms: Forms, record: NewRecord, identity: Identity, stamp: str, at: str) -> tuple[Incoming, Outcome]:
    tables = [table.name for table in forms.by_reference(record.form).tables]
    content = record_values.tidy(record.data, tables)
    stamps = dict.fromkeys(record_values.stamped_paths(content, tables), stamp)
    known = {identity.device_id: stamp}
    state = MergeState(
        form=record.form,
        created=at,
        updated=moment_of(stamp),
        deleted=None,
        data=content,
        stamps=stamps,
        others={},
        seen=known,
        private=known,
    )
    incoming = Incoming(id=record.id, kind=record.kind, unit=identity.unit.code, parent=record.parent, state=state)
    outcome = Outcome(id=record.id, stored=None, before=None, after=state, changes={}, clashes=(), refused=())
    return incoming, outcome


def next_seq(connection: Connection) -> int:
    """The `seq` of the next new record."""
    return 1 + int(connection.value("SELECT max(seq) FROM record") or 0)


class _Arrival(Value):
    stored: StoredRecord
    form: Form
    state: MergeState


class Arrivals:
    """Inserts new records within one act."""

    def __init__(
        self, connection: Connection, forms: Forms, clock: Clock, chain: Chain, title_of: search.TitleOf
    ) -> None:
        self._connection, self._forms, self._clock, self._chain = connection, forms, clock, chain
        self._title_of = cache(title_of)

    def write(self, pairs: Sequence[tuple[Incoming, Outcome]], written: Callable[[int], None]) -> list[int]:
        """Insert the records; returns the `seq` of older records that refer to them and must be indexed again.

        `written` is called with the number of records inserted so far.
        """
        arrived = list(self._arrivals(pairs))
        for start in range(0, len(arrived), _BATCH):
            self._write(arrived[start : start + _BATCH])
            written(min(start + _BATCH, len(arrived)))
        elsewhere = self._referring(arrived)
        merged = survivors(self._connection)
        entries = (_index_entry(self._forms, arrival, merged) for arrival in arrived)
        search.put(self._connection, entries, self._forms, self._title_of)
        return elsewhere

    def _arrivals(self, pairs: Sequence[tuple[Incoming, Outcome]]) -> Iterator[_Arrival]:
        first = next_seq(self._connection)
        self._clock.observe_all({stamp for _, outcome in pairs for stamp in outcome.after.seen.values()})
        for seq, (incoming, outcome) in enumerate(pairs, start=first):
            yield _Arrival(stub(incoming, seq), self._forms.by_reference(outcome.after.form), outcome.after)

    def _write(self, batch: Sequence[_Arrival]) -> None:
        record_rows = [_row(arrival) for arrival in batch]
        rows.insert(self._connection, record_rows)
        self._connection.many(_TOUCH, (touched for arrival in batch for touched in _touched(arrival)))
        data = rows.COLUMNS.index("data")
        self._chain.add(
            (arrival.stored.seq, arrival.stored.id, "insert", None, str(row[data]))
            for arrival, row in zip(batch, record_rows, strict=True)
        )

    def _referring(self, arrived: Sequence[_Arrival]) -> list[int]:
        """The older records that refer to a new one: their search words need its title."""
        by_kind: dict[str, list[str]] = {}
        for arrival in arrived:
            by_kind.setdefault(arrival.stored.kind, []).append(arrival.stored.id)
        seqs: dict[int, None] = {}
        for kind, ids in by_kind.items():
            paths = search.references_to(self._forms, kind)
            seqs.update(dict.fromkeys(search.referring(self._connection, paths, ids)))
        return list(seqs)


def _row(arrival: _Arrival) -> rows.RecordRow:
    state = arrival.state
    return rows.row(arrival.stored, arrival.form, state.data, state.stamps, state.updated, None)


def _touched(arrival: _Arrival) -> Iterator[tuple[object, ...]]:
    seen, private = arrival.state.seen, arrival.state.private
    return ((device, arrival.stored.seq, at, private.get(device, "")) for device, at in seen.items())


def _index_entry(forms: Forms, arrival: _Arrival, merged: Survivors) -> search.IndexEntry:
    stored, data = arrival.stored, arrival.state.data
    return search.IndexEntry(
        seq=stored.seq,
        kind=stored.kind,
        form=arrival.form,
        data=followed_data(data, merged, MERGED_INTO) if merged else data,
        kept=data if merged else None,
        deleted=False,
        former=values_of_rows(forms, arrival.form, data),
    )

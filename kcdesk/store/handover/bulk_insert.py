"""New records from a package, by the thousand: what `Writer.merge` would write one by one is written table by table.

Only records take this way of which nothing is here and nothing waits: they change no other record but the words by
which those are found that refer to them. A test holds both ways against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Form
from kcdesk.store import rows, search
from kcdesk.store.clock import Clock
from kcdesk.store.database.db import Connection
from kcdesk.store.handover.merge_state import Incoming, Outcome
from kcdesk.store.handover.merging import State
from kcdesk.store.history import Chain
from kcdesk.store.records import StoredRecord

_BATCH = 500  # records whose rows are held at once
_TOUCH = "INSERT INTO touched (device, record, stamp, private) VALUES (?, ?, ?, ?)"


def is_plain(outcome: Outcome) -> bool:
    """Whether a record is new in every respect, so that it may be written with others of its kind."""
    return (
        outcome.stored is None
        and outcome.before is None
        and not outcome.after.others
        and outcome.after.deleted is None
        and bool(outcome.after.seen)
    )


def stub(incoming: Incoming, seq: int) -> StoredRecord:
    """A record that is about to arrive: everything but its contents."""
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


def next_seq(connection: Connection) -> int:
    """The number of the next new record."""
    return 1 + int(connection.value("SELECT max(seq) FROM record") or 0)


@dataclass(frozen=True, slots=True)
class _Arrival:
    stored: StoredRecord
    form: Form
    state: State


class Arrivals:
    """Writes new records within one act."""

    def __init__(
        self, connection: Connection, forms: Forms, clock: Clock, chain: Chain, title_of: search.TitleOf
    ) -> None:
        self._connection, self._forms, self._clock, self._chain = connection, forms, clock, chain
        self._title_of = cache(title_of)

    def write(self, pairs: Sequence[tuple[Incoming, Outcome]], written: Callable[[int], None]) -> list[int]:
        """Write all of them; `written` is told how many are; the `seq` of records that refer to them, to be indexed."""
        arrived = list(self._arrivals(pairs))
        for start in range(0, len(arrived), _BATCH):
            self._write(arrived[start : start + _BATCH])
            written(min(start + _BATCH, len(arrived)))
        elsewhere = self._referring(arrived)
        search.put(self._connection, map(_found, arrived), self._forms, self._title_of)
        return elsewhere

    def _arrivals(self, pairs: Sequence[tuple[Incoming, Outcome]]) -> Iterator[_Arrival]:
        first = next_seq(self._connection)
        for seq, (incoming, outcome) in enumerate(pairs, start=first):
            self._clock.observe(max(outcome.after.seen.values()))
            yield _Arrival(stub(incoming, seq), self._forms.by_reference(outcome.after.form), outcome.after)

    def _write(self, batch: Sequence[_Arrival]) -> None:
        kept = [
            rows.row(one.stored, one.form, one.state.data, one.state.stamps, one.state.updated, None) for one in batch
        ]
        rows.insert(self._connection, kept)
        self._connection.many(_TOUCH, (touched for one in batch for touched in _touched(one)))
        data = rows.COLUMNS.index("data")
        self._chain.add(
            (one.stored.seq, one.stored.id, "insert", None, str(row[data]))
            for one, row in zip(batch, kept, strict=True)
        )

    def _referring(self, arrived: Sequence[_Arrival]) -> list[int]:
        """The records that were here before and name one of the new ones: their words want its title."""
        by_kind: dict[str, list[str]] = {}
        for one in arrived:
            by_kind.setdefault(one.stored.kind, []).append(one.stored.id)
        found: dict[int, None] = {}
        for kind, ids in by_kind.items():
            paths = search.references_to(self._forms, kind)
            found.update(dict.fromkeys(search.referring(self._connection, paths, ids)))
        return list(found)


def _touched(one: _Arrival) -> Iterator[tuple[object, ...]]:
    seen, private = one.state.seen, one.state.private
    return ((device, one.stored.seq, at, private.get(device, "")) for device, at in seen.items())


def _found(one: _Arrival) -> search.Found:
    return search.Found(seq=one.stored.seq, kind=one.stored.kind, form=one.form, data=one.state.data, deleted=False)

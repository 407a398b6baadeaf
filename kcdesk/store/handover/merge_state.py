"""Merging in a store: the states of its records, the outcome of received records, and the pile of conflicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from kcdesk.formdef.model import DELETED, MERGED_INTO
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import differences
from kcdesk.runtime.frozen import Value, asdict, replace
from kcdesk.store.clock import device_of
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.handover import renaming
from kcdesk.store.handover.lineages import Names
from kcdesk.store.handover.merging import (
    MergeState,
    ProvinceAuthority,
    Registers,
    joined,
    knows,
    without_owned,
    written,
)
from kcdesk.store.handover.shapes import Shape, Shapes
from kcdesk.store.stored_record import COLUMNS, StoredRecord

KNOWLEDGE = "knowledge"  # the setting with the newest stamp known of each other device


class Incoming(Value, kw_only=True):
    """A received record."""

    id: str
    kind: str
    unit: str
    parent: str | None
    state: MergeState


class Outcome(Value, kw_only=True, dict=True):
    """The result of merging a received record; `before` is None if the record is new to this store.

    `changes` are the new values by path, `clashes` the paths with a new conflict (writes that did not see each other),
    `refused` the paths that only the province may write.
    """

    id: str
    stored: StoredRecord | None
    before: MergeState | None
    after: MergeState
    changes: Mapping[str, Any]
    clashes: tuple[str, ...]
    refused: tuple[str, ...]

    @cached_property
    def status(self) -> str:
        """`new`, `changed`, `same`, `conflict` or `refused`."""
        if self.clashes:
            return "conflict"
        if self.before is None:
            return "new"
        if self.changes:
            return "changed"
        return "refused" if self.refused else "same"


class Write(Value, kw_only=True):
    """One write of a register."""

    stamp: str
    value: Any


class Conflict(Value, kw_only=True):
    """A register with a conflict: the write that is shown (None if there is none) and the writes that wait."""

    record: str
    kind: str
    path: str
    shown: Write | None
    waiting: tuple[Write, ...]


class Merging:
    """Reads the merge states of the records of one store and its pile of conflicts."""

    def __init__(self, connection: Connection, shapes: Shapes) -> None:
        self._connection, self._shapes = connection, shapes

    def shape(self, form: str) -> Shape:
        """The shape of a form, given by its reference."""
        return self._shapes.of(form)

    def seen(self, ids: Iterable[str]) -> dict[str, dict[str, str]]:
        """The newest stamp of each device, by record, for those of the records that this store has."""
        sql = (
            "SELECT record.id, device, stamp FROM json_each(?) AS named JOIN record ON record.id = named.value"
            " JOIN touched ON touched.record = record.seq"
        )
        seen: dict[str, dict[str, str]] = {}
        for id_, device, stamp in self._connection.all(sql, [canonical(list(ids))]):
            seen.setdefault(id_, {})[device] = stamp
        return seen

    def here(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of the records that this store has, even if their arrival was undone."""
        sql = "SELECT record.id FROM json_each(?) AS named JOIN record ON record.id = named.value"
        return frozenset(row[0] for row in self._connection.all(sql, [canonical(list(ids))]))

    def stored(self, id_: str) -> StoredRecord | None:
        """The record with this id, or None."""
        row = self._connection.first(f"SELECT {COLUMNS} FROM record WHERE id = ?", [id_])
        return row and StoredRecord.from_row(row)

    def stored_at(self, seq: int) -> StoredRecord | None:
        """The record with this `seq`, or None."""
        row = self._connection.first(f"SELECT {COLUMNS} FROM record WHERE seq = ?", [seq])
        return row and StoredRecord.from_row(row)

    def others(self, seq: int) -> Registers:
        """The waiting writes of a record."""
        waiting: Registers = {}
        rows = self._connection.all("SELECT path, stamp, value FROM conflict WHERE record = ?", [seq])
        for path, stamp, value in rows:
            waiting.setdefault(path, {})[stamp] = None if value is None else json.loads(value)
        return waiting

    def with_others(self) -> frozenset[int]:
        """The `seq` of every record that has a conflict."""
        return frozenset(row[0] for row in self._connection.all("SELECT DISTINCT record FROM conflict"))

    def state(self, stored: StoredRecord) -> MergeState | None:
        """The merge state of a record; None if its arrival was undone."""
        touched = [tuple(row) for row in self._connection.all(_SEEN, [stored.seq])]
        if not touched:
            return None
        return MergeState(
            form=stored.form,
            created=stored.created,
            updated=stored.updated,
            deleted=stored.deleted,
            data=stored.data,
            stamps=stored.stamps,
            others=self.others(stored.seq),
            seen={device: stamp for device, stamp, _ in touched},
            private={device: stamp for device, _, stamp in touched if stamp},
        )

    def private(self, ids: Iterable[str]) -> dict[str, dict[str, str]]:
        """As `seen`, for the sensitive fields alone."""
        sql = (
            "SELECT record.id, device, private FROM json_each(?) AS named JOIN record ON record.id = named.value"
            " JOIN touched ON touched.record = record.seq WHERE private <> ''"
        )
        private: dict[str, dict[str, str]] = {}
        for id_, device, stamp in self._connection.all(sql, [canonical(list(ids))]):
            private.setdefault(id_, {})[device] = stamp
        return private

    def is_known(self, incoming: Incoming, seen: Mapping[str, str] | None) -> bool:
        """Whether a received record brings nothing new, judged by `seen` alone; False if that is not enough to know."""
        if not seen or incoming.state.form not in self._shapes.forms_here:
            return False
        shape = self._shapes.of(incoming.state.form)
        may_show_more = shape.has_sensitive and bool(incoming.state.private)  # values left out of an earlier package
        return (
            knows(seen, incoming.state.seen)
            and not may_show_more
            and not shape.has_apart(incoming.state.stamps, incoming.state.data)
        )

    def renamed(self, incoming: Incoming, names: Names, stored: StoredRecord | None) -> Incoming:
        """A received record with the devices as this store names them; `stored` is the record under its id, if any."""
        if not names.labels or incoming.state.form not in self._shapes.forms_here:
            return incoming
        ours = self.state(stored) if stored else None
        return replace(incoming, state=renaming.renamed(incoming.state, names, ours, self.shape(incoming.state.form)))

    def outcome(self, incoming: Incoming, authority: ProvinceAuthority, stored: StoredRecord | None) -> Outcome:
        """The outcome of merging a received record with the record that is `stored` under its id, if any."""
        ours = self.state(stored) if stored else None
        shape = self._shapes.of(incoming.state.form)
        if ours is None:
            return _arrival(incoming, stored, shape, authority)
        is_known = knows(ours.seen, incoming.state.seen)
        if shape.has_sensitive:
            is_known = is_known and knows(ours.private, incoming.state.private)
        if is_known and not shape.has_apart(incoming.state.stamps, incoming.state.data):
            return Outcome(id=incoming.id, stored=stored, before=ours, after=ours, changes={}, clashes=(), refused=())
        shape = self._shapes.of(max(ours.form, incoming.state.form))
        after = self._computed(incoming, joined(ours, incoming.state, shape, authority), shape)
        return Outcome(
            id=incoming.id,
            stored=stored,
            before=ours,
            after=after,
            changes=_changes(ours, after, shape),
            clashes=() if _is_merged(after) else tuple(_clashes(ours, after, shape)),
            refused=() if authority.granted else tuple(_unproven(ours, incoming.state, shape, authority.devices)),
        )

    def conflicts(self, record: str = "") -> Iterator[Conflict]:
        """Yield the conflicts of one record or of all; equal values and positions of rows are no conflicts."""
        where = "WHERE seq IN (SELECT record FROM conflict)" + (" AND id = ?" if record else "")
        rows = self._connection.all(f"SELECT {COLUMNS} FROM record {where} ORDER BY seq", [record] if record else [])
        for stored in map(StoredRecord.from_row, rows):
            state = self.state(stored)
            if state and not _is_merged(state):
                yield from _pile(stored, state, self._shapes.of(stored.form))

    def _computed(self, incoming: Incoming, state: MergeState, shape: Shape) -> MergeState:
        """The state with every computed value as computed from the merged record."""
        record = Record(incoming.id, incoming.kind, shape.form, state.data, forms=self._shapes.forms)
        computed = record.set("revision", record.data.get("revision"))
        if not computed:
            return state
        newest = max(state.seen.values())
        rows = {path.rpartition("/")[0] for path in computed if path.count("/") == 2}
        missing = {path for path in computed if path not in state.stamps and path.rpartition("/")[0] not in rows}
        return replace(state, data=record.data, stamps={**state.stamps, **dict.fromkeys(missing, newest)})


def _is_merged(state: MergeState) -> bool:
    """Whether the record is a duplicate that was merged: what others still write in it waits for nobody."""
    return state.deleted is not None and bool(state.data.get(MERGED_INTO))


_SEEN = "SELECT device, stamp, private FROM touched WHERE record = ?"


def to_json(state: MergeState) -> str:
    """The JSON text of a state, as it is kept for undoing a package."""
    return canonical(asdict(state))


def from_json(kept: str) -> MergeState:
    """Read the JSON text of `to_json`."""
    return MergeState(**{"private": {}, **json.loads(kept)})


def _arrival(incoming: Incoming, stored: StoredRecord | None, shape: Shape, authority: ProvinceAuthority) -> Outcome:
    after = incoming.state if authority.granted else without_owned(incoming.state, shape)
    after = after if authority.same_office else _without_own(after, shape)
    refused = () if authority.granted else shape.owned(incoming.state.stamps)
    pile = tuple(sorted(after.others))
    return Outcome(
        id=incoming.id, stored=stored, before=None, after=after, changes=after.data, clashes=pile, refused=refused
    )


def _without_own(state: MergeState, shape: Shape) -> MergeState:
    """A new record without the values that another office has filled in for itself."""
    if not shape.has_own((*state.data, *state.stamps, *state.others)):
        return state
    return replace(
        state,
        data={name: value for name, value in state.data.items() if not shape.is_own(name)},
        stamps={path: at for path, at in state.stamps.items() if not shape.is_own(path)},
        others={path: register for path, register in state.others.items() if not shape.is_own(path)},
    )


def _unproven(ours: MergeState, theirs: MergeState, shape: Shape, province: frozenset[str]) -> Iterator[str]:
    """Yield the paths where the other side changes fields of the province without proof from the province."""
    known = _shown(ours, shape)
    for path, stamp, value in written(theirs, shape):
        if shape.is_owned(path):
            mine = known.get(path)
            is_older = mine is not None and device_of(stamp) in province and stamp <= mine.stamp
            if not is_older and value != (mine.value if mine else None):
                yield path


def _changes(before: MergeState, after: MergeState, shape: Shape) -> dict[str, Any]:
    changes = differences(before.data, after.data, shape.tables)
    if bool(before.deleted) != bool(after.deleted):
        changes[DELETED] = bool(after.deleted)
    return changes


def _shown(state: MergeState, shape: Shape) -> dict[str, Write]:
    return {path: Write(stamp=stamp, value=value) for path, stamp, value in written(state, shape)}


def _waiting(state: MergeState, shape: Shape) -> Iterator[tuple[str, Write | None, tuple[Write, ...]]]:
    """Yield path, shown write and waiting writes, newest first; equal values and positions of rows are no conflicts."""
    shown = _shown(state, shape) if state.others else {}
    for path, register in sorted(state.others.items()):
        if path.endswith("/position"):
            continue
        ours = shown.get(path)
        waiting = {canonical(value): Write(stamp=stamp, value=value) for stamp, value in sorted(register.items())}
        waiting.pop(canonical(ours.value if ours else None), None)
        if waiting:
            yield path, ours, tuple(sorted(waiting.values(), key=lambda write: write.stamp, reverse=True))


def _clashes(before: MergeState, after: MergeState, shape: Shape) -> Iterator[str]:
    """Yield the paths where a write waits that did not wait before."""
    known = {(path, write.stamp) for path, _, writes in _waiting(before, shape) for write in writes}
    for path, _, writes in _waiting(after, shape):
        if any((path, write.stamp) not in known for write in writes):
            yield path


def _pile(stored: StoredRecord, state: MergeState, shape: Shape) -> Iterator[Conflict]:
    for path, shown, waiting in _waiting(state, shape):
        yield Conflict(record=stored.id, kind=stored.kind, path=path, shown=shown, waiting=waiting)

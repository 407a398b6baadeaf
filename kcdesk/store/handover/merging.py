"""Merging: joins two states of one record, so that order, repetition and grouping of packages do not matter.

A record is a set of registers: one for each field, for the existence of each row, for each cell and for the deletion
mark. A register holds, by stamp, every write that no later write has seen; `seen` is, for each device, the newest write
that a state knows. A write that only one side has is kept exactly if the other side has never seen it (a side that has
seen it has overwritten it). So writes that did not see each other stand side by side: one is shown, the others wait in
the pile of conflicts until an officer decides.

The write shown follows from the registers alone, so it is the same on every machine: the latest. A locked paper and a
deleted record are exceptions, because they are a whole: the step that locks or deletes writes all its registers again,
and only the writes of this step are shown while it is in force. Writes of others who had not seen the step wait, so the
paper stays as it was signed. Who later changes what the step has closed, as a decided adjustment does, takes the step
again with it (`Shape.is_rewritten`).

Sensitive fields may be left out of a package that brings the rest of the record. So a state holds separately how far it
knows them (`private`), and a missing sensitive value removes nothing.

Two sorts of registers keep only the latest write and have no conflicts: computed values, which are computed again
anyway, and fields of the province. The latter are accepted only if the key of the province vouches for them
(`ProvinceAuthority`), and writes of its devices win over writes of others.

Fields that each office fills in for itself (`own` of the workflow) are not joined with those of another office.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kcdesk.formdef import record_values
from kcdesk.formdef.model import DELETED
from kcdesk.runtime.frozen import Value, field, replace
from kcdesk.store.clock import device_of, moment_of
from kcdesk.store.database.db import canonical
from kcdesk.store.handover.shapes import POSITION, STATE, Shape

Register = dict[
    str, Any
]  # stamp of a write to its value; None for emptied, True for a row that exists or a deletion mark
Registers = dict[str, Register]
Vector = Mapping[str, str]  # device to its newest stamp


class MergeState(Value, kw_only=True):
    """One record with all that merging needs; `others` are the waiting writes, by path and stamp.

    Kept as JSON by its field names (`merge_state.to_json`).
    """

    form: str
    created: str
    updated: str
    deleted: str | None
    data: dict[str, Any]
    stamps: dict[str, str]
    others: Registers
    seen: dict[str, str]
    private: dict[str, str] = field(default_factory=dict)  # as `seen`, for the sensitive fields alone


class ProvinceAuthority(Value):
    """What a package may change: the fields of the province, whose devices are known, and an office's own fields."""

    granted: bool = False
    devices: frozenset[str] = frozenset()
    same_office: bool = False  # whether the package comes from another computer of this office


def joined(ours: MergeState, theirs: MergeState, shape: Shape, authority: ProvinceAuthority) -> MergeState:
    """Join two states; the result does not depend on their order, as far as `authority` allows."""
    return shown(
        _joined(ours, theirs, shape, authority),
        shape,
        form=max(ours.form, theirs.form, key=_version),
        created=min(ours.created, theirs.created),
        updated=max(ours.updated, theirs.updated),
        seen=_later(ours.seen, theirs.seen),
        private=_later(ours.private, theirs.private),
    )


def without_owned(state: MergeState, shape: Shape) -> MergeState:
    """A new record without the values of the province, for a sender who may not write them."""
    owned_paths = {*shape.owned(state.stamps), *shape.owned(state.data)}
    if not owned_paths and shape.owned_tables.isdisjoint(state.data):
        return state
    stamps = {path: at for path, at in state.stamps.items() if path not in owned_paths}
    data = {name: value for name, value in state.data.items() if not shape.is_owned(name)}
    for name in shape.owned_tables & data.keys():
        owned = {column.name for column in shape.tables[name].columns if column.is_decision}
        data[name] = [{key: cell for key, cell in row.items() if key not in owned} for row in data[name]]
    return replace(state, data=data, stamps=stamps)


def renewed(stamps: dict[str, str], shape: Shape, closing: Callable[[str], bool], at: str) -> dict[str, str]:
    """The stamps after a step that writes again every register for which `closing` holds; cells follow their row."""
    fresh = {}
    for path, old in stamps.items():
        if path == DELETED or shape.is_owned(path) or shape.is_sensitive(path) or not closing(path):
            fresh[path] = old  # another store may know more of a sensitive field
        elif path.count("/") < 2:
            fresh[path] = at + record_values.REMOVED if old.endswith(record_values.REMOVED) else at
    return fresh


def covers(seen: Vector, stamp: str) -> bool:
    """Whether a side that has seen this much has seen the write with this stamp."""
    return seen.get(device_of(stamp), "") >= stamp


def knows(seen: Vector, other: Vector) -> bool:
    """Whether one side has seen everything that another side has."""
    return all(seen.get(device, "") >= stamp for device, stamp in other.items())


def registers_of(state: MergeState, shape: Shape) -> Registers:
    """Every register of a record with its writes."""
    registers = {path: dict(register) for path, register in state.others.items()}
    for path, stamp, value in written(state, shape):
        registers.setdefault(path, {})[stamp] = value
    return registers


def written(state: MergeState, shape: Shape) -> Iterator[tuple[str, str, Any]]:
    """Yield path, stamp and value of every write that is shown, including emptied values and removed rows."""
    for path, stamp in state.stamps.items():
        depth = path.count("/")
        if path == DELETED:
            yield path, stamp, True if state.deleted else None
        elif depth == 1:
            yield (
                path,
                stamp.removesuffix(record_values.REMOVED),
                None if stamp.endswith(record_values.REMOVED) else True,
            )
        else:
            yield path, stamp, record_values.value_at(state.data, path)
    for name, table in shape.tables.items():
        columns = (POSITION, *(column.name for column in table.columns))
        for row in state.data.get(name, ()):
            path = f"{name}/{row['id']}"
            for column in columns:
                cell, value = f"{path}/{column}", row.get(column)
                if cell not in state.stamps and not (value is None and shape.is_sensitive(cell)):
                    yield cell, state.stamps[path], value


def _joined(ours: MergeState, theirs: MergeState, shape: Shape, authority: ProvinceAuthority) -> Registers:
    left, right = registers_of(ours, shape), registers_of(theirs, shape)
    registers: Registers = {}
    for path in left.keys() | right.keys():
        mine, other = left.get(path, {}), right.get(path, {})
        if shape.is_owned(path):
            register = _latest(mine, other, authority.devices) if authority.granted else mine
        elif shape.is_own(path) and not authority.same_office:
            register = mine
        elif shape.is_latest(path):
            register = _latest(mine, other, frozenset())
        else:
            known = (ours.private, theirs.private) if shape.is_sensitive(path) else (ours.seen, theirs.seen)
            register = {
                stamp: _fuller(mine.get(stamp), other.get(stamp))
                for stamp in mine.keys() | other.keys()
                if (stamp in mine or not covers(known[0], stamp)) and (stamp in other or not covers(known[1], stamp))
            }
        if register:
            registers[path] = register
    return registers


def _latest(left: Register, right: Register, priority: frozenset[str]) -> Register:
    """The latest write of two registers; writes of the priority devices always win."""
    stamps = left.keys() | right.keys()
    if not stamps:
        return {}
    last = max(stamps, key=lambda stamp: (device_of(stamp) in priority, stamp))
    return {last: _fuller(left.get(last), right.get(last))}


def _fuller(left: Any, right: Any) -> Any:
    """The value of one write from two copies: a package may have left out a sensitive value."""
    if left == right or right is None:
        return left
    return right if left is None else max(left, right, key=canonical)


def shown(
    registers: Registers,
    shape: Shape,
    *,
    form: str,
    created: str,
    updated: str,
    seen: dict[str, str],
    private: dict[str, str],
) -> MergeState:
    """The state in which the winning writes of the registers are shown and the others wait."""
    mark = registers.get(DELETED, {})
    gone = max(mark, default="")
    state = registers.get(STATE, {})
    step = max(state, default="")
    is_deleted, step_to = mark.get(gone), state.get(step)

    def winner(path: str, register: Register) -> str:
        if path not in (DELETED, STATE) and not (shape.is_latest(path) or shape.is_sensitive(path)):
            if is_deleted:
                return gone
            if shape.is_closed(path, step_to):
                return step
        return max(register)

    if is_deleted and gone in state:
        step, step_to = gone, state[gone]
    rows = _visible_rows(registers, shape, winner)
    data: dict[str, Any] = {}
    stamps: dict[str, str] = {}
    others: Registers = {}
    for path in sorted(registers, key=lambda path: (path.count("/"), path)):
        register = dict(registers[path])
        won = step if path == STATE else winner(path, register)
        if won in register and (path.count("/") < 2 or path.rpartition("/")[0] in rows):
            _place(data, stamps, path, won, register.pop(won), rows)
        if register:
            others[path] = register  # also a write in a removed row, by somebody who had not seen the removal
    for name in shape.tables.keys() & data.keys():
        data[name] = list(data[name].values())
    return MergeState(
        form=form,
        created=created,
        updated=updated,
        deleted=moment_of(gone) if is_deleted else None,
        data=record_values.tidy(data, shape.tables),
        stamps=stamps,
        others=others,
        seen=seen,
        private=private,
    )


def _visible_rows(registers: Registers, shape: Shape, winner: Callable[[str, Register], str]) -> dict[str, str]:
    """The paths of the rows that exist, with the stamps of the writes that made them."""
    rows = {}
    for path, register in registers.items():
        if path.count("/") == 1 and path.partition("/")[0] in shape.tables:
            won = winner(path, register)
            if register.get(won):
                rows[path] = won
    return rows


def _place(
    data: dict[str, Any], stamps: dict[str, str], path: str, won: str, value: Any, rows: Mapping[str, str]
) -> None:
    """Put the winning write of a register into the data and stamps of a record."""
    table, *rest = path.split("/")
    if path == DELETED:
        stamps[path] = won
    elif not rest:
        stamps[path] = won
        if value is not None:
            data[path] = record_values.copied(value)
    elif len(rest) == 1:
        stamps[path] = won if path in rows else won + record_values.REMOVED
        if path in rows:
            data.setdefault(table, {})[rest[0]] = {"id": rest[0]}
    else:
        if won != rows[f"{table}/{rest[0]}"]:
            stamps[path] = won
        if value is not None:
            data[table][rest[0]][rest[1]] = record_values.copied(value)


def _later(left: Vector, right: Vector) -> dict[str, str]:
    return {device: max(left.get(device, ""), right.get(device, "")) for device in left.keys() | right.keys()}


def _version(reference: str) -> tuple[int, str]:
    number = reference.partition("@")[2]
    return (int(number) if number.isdecimal() else 0, reference)

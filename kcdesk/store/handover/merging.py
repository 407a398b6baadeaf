"""How two states of one record become one: a join, so that order, repetition and grouping of packages do not count.

A record is a set of registers: one for each field, for the existence of each row, for each cell and for the deletion
mark. A register holds every write that no later write has seen, by stamp; `seen` says which writes of each device a
state knows. Joining keeps a write that only one side has exactly when the other side has never seen it (if it has, it
has overwritten it). So writes that did not see each other stand side by side: one is shown, the others wait on a pile.

Which one is shown follows from the registers alone, on every machine alike: the latest. A locked paper, and a deleted
record, are a whole: taking that step writes every register that it closes anew, and while it stands only what was
written in that step is shown. What others wrote without having seen it waits, and the paper stays as it was signed.

Sensitive fields may stay out of a package that brings the rest of the record. So a state says apart how far it knows
them (`private`), and what it has never been shown takes nothing away.

One sort of register knows no pile, only the latest write: computed values, which are computed again anyway. Fields of
the province are taken only when the province's key vouches
for them (`authority`), and what its devices wrote goes before what others wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

from kcdesk.formdef import record_values
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import DELETED, Field, Form, Workflow
from kcdesk.store.clock import device_of, moment_of
from kcdesk.store.database.db import canonical

Register = dict[str, Any]  # stamp of a write to what was written; None for emptied, True for a row or a mark that is
Registers = dict[str, Register]
Vector = Mapping[str, str]  # device to its newest stamp
_STATE = "state"
_POSITION = "position"


@dataclass(frozen=True, kw_only=True)
class State:
    """One record with all that merging needs; `others` are the writes on the pile, by path and stamp."""

    form: str
    created: str
    updated: str
    deleted: str | None
    data: dict[str, Any]
    stamps: dict[str, str]
    others: Registers
    seen: dict[str, str]
    private: dict[str, str] = field(default_factory=dict)  # the same of the sensitive fields alone


@dataclass(frozen=True)
class Authority:
    """Whether the package may change what the province owns, and which devices are the province's."""

    granted: bool = False
    devices: frozenset[str] = frozenset()


class Shape:
    """What a form and its workflow say about the registers of a record."""

    def __init__(self, form: Form, workflow: Workflow) -> None:
        self.form, self._workflow = form, workflow
        self.tables = {table.name: table for table in form.tables}
        self._section = {field.name: section.id for section in form.sections for field in section.fields}

    @cached_property
    def _closed(self) -> dict[str, frozenset[str]]:
        """The sections that each locked state closes."""
        everything = frozenset(section.id for section in self.form.sections)
        return {s.name: everything - set(s.open_sections) for s in self._workflow.states if not s.editable}

    def is_closed(self, path: str, state: object) -> bool:
        """Whether a record in that state is a paper in which this register is written."""
        closed = self._closed.get(state) if isinstance(state, str) else None
        if closed is None or path in (DELETED, _STATE):
            return False
        return self._section.get(path.partition("/")[0]) in closed or path == "revision"

    def is_owned(self, path: str) -> bool:
        """Whether only the province may write there."""
        name, *rest = path.split("/")
        return name in self._owned or (len(rest) == 2 and f"{name}/{rest[1]}" in self._owned)

    @cached_property
    def _owned(self) -> frozenset[str]:
        """The fields (`name`) and columns (`table/column`) of the province."""
        columns = ((table, column) for table in self.form.tables for column in table.columns)
        return frozenset(
            (
                *(field.name for field in self.form.fields if field.owner == "province"),
                *(f"{table.name}/{column.name}" for table, column in columns if column.owner == "province"),
            )
        )

    @cached_property
    def owned_tables(self) -> frozenset[str]:
        """The tables with columns of the province."""
        return frozenset(path.partition("/")[0] for path in self._owned if "/" in path)

    @cached_property
    def _has_owned_rows(self) -> bool:
        return bool(self.owned_tables) or not self._owned.isdisjoint(self.tables)

    def owned(self, stamps: Mapping[str, str]) -> tuple[str, ...]:
        """The paths at which only the province may write."""
        if self._has_owned_rows:
            return tuple(filter(self.is_owned, stamps))
        return tuple(path for path in stamps if path in self._owned)

    def is_latest(self, path: str) -> bool:
        """Whether a register keeps its latest write only."""
        return any(field.computed for field in self.fields(path)) or self.is_owned(path)

    def is_sensitive(self, path: str) -> bool:
        """Whether a register may stay out of a package."""
        return any(field.sensitive for field in self.fields(path))

    def fields(self, path: str) -> tuple[Field, ...]:
        """The field, or the table and its column, that a path leads to; none for what every record has."""
        return self._fields(path.partition("/")[0], path.split("/")[2] if path.count("/") == 2 else "")

    @cached_property
    def _apart(self) -> tuple[frozenset[str], frozenset[str]]:
        """The fields, and the tables with columns, whose writes are judged without what was seen."""
        apart = {field.name for field in self.form.fields if field.sensitive or field.owner == "province"}
        columns = ((table, column) for table in self.form.tables for column in table.columns)
        tables = {table.name for table, column in columns if column.sensitive or column.owner == "province"}
        return frozenset(apart), frozenset(tables)

    @cached_property
    def has_sensitive(self) -> bool:
        """Whether there is anything that may stay out of a package."""
        columns = (column for table in self.form.tables for column in table.columns)
        return any(field.sensitive for field in (*self.form.fields, *columns))

    def has_apart(self, state: State) -> bool:
        """Whether a state says anything that counts although its writes have been seen."""
        fields, tables = self._apart
        return not (fields.isdisjoint(state.stamps) and tables.isdisjoint(state.data))

    @cache  # noqa: B019 - a shape lives as long as its form
    def _fields(self, name: str, column: str) -> tuple[Field, ...]:
        if name not in self._section:
            return ()
        field = self.form.field(name)
        return (field, field.column(column)) if column and column != _POSITION else (field,)


class Shapes:
    """The shapes of all forms, each made once."""

    def __init__(self, forms: Forms) -> None:
        self.forms = forms
        self.forms_here = frozenset(form.reference for form in forms.all)
        self._made: dict[str, Shape] = {}

    def of(self, reference: str) -> Shape:
        """The shape of a form; UserError `no_form` for one that this program does not have."""
        if reference not in self._made:
            form = self.forms.by_reference(reference)
            self._made[reference] = Shape(form, self.forms.workflow(form.id))
        return self._made[reference]


def joined(ours: State, theirs: State, shape: Shape, authority: Authority) -> State:
    """The state that knows both; the same whichever side is asked first, as far as authority allows."""
    return shown(
        _joined(ours, theirs, shape, authority),
        shape,
        form=max(ours.form, theirs.form, key=_version),
        created=min(ours.created, theirs.created),
        updated=max(ours.updated, theirs.updated),
        seen=_later(ours.seen, theirs.seen),
        private=_later(ours.private, theirs.private),
    )


def without_owned(state: State, shape: Shape) -> State:
    """A new record without what its sender had no right to say."""
    said = {*shape.owned(state.stamps), *filter(shape.is_owned, state.data)}
    if not said and shape.owned_tables.isdisjoint(state.data):
        return state
    stamps = {path: at for path, at in state.stamps.items() if path not in said}
    data = {name: value for name, value in state.data.items() if not shape.is_owned(name)}
    for name in shape.owned_tables & data.keys():
        owned = {column.name for column in shape.tables[name].columns if column.owner == "province"}
        data[name] = [{key: cell for key, cell in row.items() if key not in owned} for row in data[name]]
    return replace(state, data=data, stamps=stamps)


def renewed(stamps: dict[str, str], shape: Shape, closing: Callable[[str], bool], at: str) -> dict[str, str]:
    """The stamps after a step that writes every register anew for which `closing` holds; rows carry their cells."""
    fresh = {}
    for path, old in stamps.items():
        if path == DELETED or shape.is_owned(path) or shape.is_sensitive(path) or not closing(path):
            fresh[path] = old  # of a sensitive field there may be more elsewhere than is known here
        elif path.count("/") < 2:
            fresh[path] = at + record_values.REMOVED if old.endswith(record_values.REMOVED) else at
    return fresh


def covers(seen: Vector, stamp: str) -> bool:
    """Whether a side that has seen so much has seen that write."""
    return seen.get(device_of(stamp), "") >= stamp


def knows(seen: Vector, other: Vector) -> bool:
    """Whether a side has seen everything that another has."""
    return all(seen.get(device, "") >= stamp for device, stamp in other.items())


def registers_of(state: State, shape: Shape) -> Registers:
    """Every register of a record with its writes."""
    found = {path: dict(register) for path, register in state.others.items()}
    for path, stamp, value in written(state, shape):
        found.setdefault(path, {})[stamp] = value
    return found


def written(state: State, shape: Shape) -> Iterator[tuple[str, str, Any]]:
    """Path, stamp and value of all that is shown, and of what was emptied or taken away."""
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
            yield path, stamp, record_values.read(state.data, path)
    for name, table in shape.tables.items():
        columns = (_POSITION, *(column.name for column in table.columns))
        for row in state.data.get(name, ()):
            path = f"{name}/{row['id']}"
            for column in columns:
                cell, value = f"{path}/{column}", row.get(column)
                if cell not in state.stamps and not (value is None and shape.is_sensitive(cell)):
                    yield cell, state.stamps[path], value


def _joined(ours: State, theirs: State, shape: Shape, authority: Authority) -> Registers:
    left, right = registers_of(ours, shape), registers_of(theirs, shape)
    found: Registers = {}
    for path in left.keys() | right.keys():
        one, other = left.get(path, {}), right.get(path, {})
        if shape.is_owned(path):
            register = _latest(one, other, authority.devices) if authority.granted else one
        elif shape.is_latest(path):
            register = _latest(one, other, frozenset())
        else:
            known = (ours.private, theirs.private) if shape.is_sensitive(path) else (ours.seen, theirs.seen)
            register = {
                stamp: _fuller(one.get(stamp), other.get(stamp))
                for stamp in one.keys() | other.keys()
                if (stamp in one or not covers(known[0], stamp)) and (stamp in other or not covers(known[1], stamp))
            }
        if register:
            found[path] = register
    return found


def _latest(one: Register, other: Register, first: frozenset[str]) -> Register:
    """The latest write alone; what the devices that go first wrote is later than what others did."""
    stamps = one.keys() | other.keys()
    if not stamps:
        return {}
    last = max(stamps, key=lambda stamp: (device_of(stamp) in first, stamp))
    return {last: _fuller(one.get(last), other.get(last))}


def _fuller(one: Any, other: Any) -> Any:
    """Of two contents of one write: a package may have left a sensitive one out."""
    if one == other or other is None:
        return one
    return other if one is None else max(one, other, key=canonical)


def shown(
    registers: Registers,
    shape: Shape,
    *,
    form: str,
    created: str,
    updated: str,
    seen: dict[str, str],
    private: dict[str, str],
) -> State:
    """What is shown of the registers, the rest on the pile."""
    mark = registers.get(DELETED, {})
    gone = max(mark, default="")
    state = registers.get(_STATE, {})
    step = max(state, default="")
    is_deleted, step_to = mark.get(gone), state.get(step)

    def winner(path: str, register: Register) -> str:
        if path not in (DELETED, _STATE) and not (shape.is_latest(path) or shape.is_sensitive(path)):
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
        won = step if path == _STATE else winner(path, register)
        if won in register and (path.count("/") < 2 or path.rpartition("/")[0] in rows):
            _place(data, stamps, path, won, register.pop(won), rows)
        if register:
            others[path] = register  # also what was written in a row by somebody who has not seen it go
    for name in shape.tables.keys() & data.keys():
        data[name] = list(data[name].values())
    return State(
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
    """The rows that are there, with the stamps that say so."""
    found = {}
    for path, register in registers.items():
        if path.count("/") == 1 and path.partition("/")[0] in shape.tables:
            won = winner(path, register)
            if register.get(won):
                found[path] = won
    return found


def _place(
    data: dict[str, Any], stamps: dict[str, str], path: str, won: str, value: Any, rows: Mapping[str, str]
) -> None:
    """Put one winner where a record keeps it."""
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


def _later(one: Vector, other: Vector) -> dict[str, str]:
    return {device: max(one.get(device, ""), other.get(device, "")) for device in one.keys() | other.keys()}


def _version(reference: str) -> tuple[int, str]:
    number = reference.partition("@")[2]
    return (int(number) if number.isdecimal() else 0, reference)

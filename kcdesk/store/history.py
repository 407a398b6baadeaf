"""The history of the store: acts and their lines, append-only and chained by hash; the steps of undo and redo."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from kcdesk import moments
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value, replace
from kcdesk.store.database.db import Connection, canonical

_MAX_RECORDS = 50  # ids listed with an act; an import touches thousands
_WINDOW = 500  # number of newest acts that undo considers
_RUN_SECONDS = 60  # edits of the same field within this time are a single step of undo

NewLine = tuple[int, str, str, str | None, str | None]  # record (seq, id), operation, before and after as JSON

_INSERT_ACT = "INSERT INTO act (id, at, stamp, device, officer, action, undoes) VALUES (?, ?, ?, ?, ?, ?, ?)"
_INSERT_LINE = """
INSERT INTO change (act, record, operation, before, after, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
LINES = """
SELECT change.seq, act.id, act.at, act.stamp, act.device, act.officer, act.action, act.undoes,
  record.id, record.kind, change.operation, change.before, change.after, change.prev, change.hash
FROM change JOIN act ON act.seq = change.act JOIN record ON record.seq = change.record
"""
_ACTS = """
SELECT act.seq, act.id, act.at, act.stamp, act.officer, act.action, act.undoes,
  (SELECT count(*) FROM (SELECT 1 FROM change WHERE act = act.seq LIMIT 2)),
  (SELECT record FROM change WHERE act = act.seq LIMIT 1),
  (SELECT CASE operation WHEN 'update' THEN after END FROM change WHERE act = act.seq LIMIT 1)
FROM act {} ORDER BY act.seq DESC LIMIT ?
"""
_LAST_VALUE = """
SELECT act.stamp, json_extract(change.after, $path) FROM change JOIN act ON act.seq = change.act
WHERE change.record = (SELECT seq FROM record WHERE id = $record) AND json_type(change.after, $path) = 'text'
  AND act.device IN (SELECT value FROM json_each($devices))
  AND NOT EXISTS (SELECT 1 FROM intake WHERE act.id IN (intake.act, intake.undone))
ORDER BY change.seq DESC LIMIT 1
"""
LASTING = "lasting_acts"  # the setting with the acts that went out to another office: they are no step of undo
# Receiving a package is undone as a whole, by `undo_package`, and is no step here.
_BY_HAND = f"""
WHERE NOT EXISTS (SELECT 1 FROM intake WHERE act.id IN (intake.act, intake.undone))
  AND NOT EXISTS (SELECT 1 FROM setting, json_each(setting.value) AS kept
    WHERE setting.name = '{LASTING}' AND kept.value = act.id)
"""

NO_STEP = ("",)  # an act that says it undoes this is no step of undo: it changed no value


class ChangeLine(Value):
    """The change of one record by one act: values by path, None for empty; `before` is None for a new record."""

    seq: int
    act: str
    at: str
    stamp: str
    device: str
    officer: str
    action: str
    record: str
    kind: str
    operation: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    def touches(self, path: str) -> bool:
        """Whether the line changed the path, a part of it or the row that contains it."""
        return any(
            other == path or other.startswith(f"{path}/") or path.startswith(f"{other}/") for other in self.after or {}
        )


class Act(Value):
    """One named act; `at` is UTC by the laptop's clock, `records` are the first ids that it changed.

    As a step of undo or redo, it has the name of the act that is undone, and `run` lists the acts of the step.
    """

    seq: int
    id: str
    at: str
    stamp: str
    officer: str
    action: str
    undoes: tuple[str, ...] = ()
    undone: bool = False
    records: tuple[str, ...] = ()
    run: tuple[str, ...] = ()


class _Entry(Value):
    """An act on one of the two stacks; `subject` is the record and the fields if it edited one record, else None."""

    act: Act
    subject: tuple[object, ...] | None


def last_by_hand(connection: Connection, record: str, field: str, devices: Iterable[str]) -> tuple[str, str] | None:
    """Stamp and value of the last text that was entered in this store, on one of the devices, into a field.

    Text received in a package does not count. None if no such text was entered.
    """
    values: dict[str, object] = {"record": record, "path": f"$.{field}", "devices": canonical(list(devices))}
    row = connection.first(_LAST_VALUE, values)
    return (row[0], row[1]) if row else None


class Chain:
    """Appends the lines of one act to the history; the first line writes the act itself."""

    def __init__(self, connection: Connection, act: tuple[object, ...]) -> None:
        """`act` holds the values of the columns of the table `act`, from `id` on."""
        self._connection, self._act = connection, act
        self._seq = 0
        self._tip = ""

    def add(self, lines: Iterable[NewLine]) -> None:
        """Write lines, each with the hash of the line before it."""
        if not self._seq:
            self._begin()
        self._connection.many(_INSERT_LINE, map(self._row, lines))

    def _begin(self) -> None:
        self._seq = int(self._connection.execute(_INSERT_ACT, self._act).lastrowid)
        self._tip = tip(self._connection)

    def _row(self, line: NewLine) -> tuple[object, ...]:
        seq, id_, operation, before, after = line
        prev, self._tip = self._tip, link(self._tip, self._act, id_, operation, before, after)
        return (self._seq, seq, operation, before, after, prev, self._tip)


def link(prev: str, act: tuple[object, ...], record: str, operation: str, *values: str | None) -> str:
    """The hash of a line: SHA-256 over all its values and the hash of the line before it."""
    return hashlib.sha256(canonical([prev, *act, record, operation, *values]).encode()).hexdigest()


def tip(connection: Connection) -> str:
    """The hash of the newest line; "" if the history is empty."""
    return str(connection.value("SELECT hash FROM change ORDER BY seq DESC LIMIT 1") or "")


def faults(connection: Connection) -> Iterator[str]:
    """Yield a sentence for every line whose hash or link is wrong."""
    prev = ""
    seals = dict(connection.all("SELECT change, seal FROM erased_line ORDER BY erasure"))  # the newest of each line
    for row in connection.execute(f"{LINES} ORDER BY change.seq"):
        seq, *act, record, _kind, operation, before, after, linked, hash_ = tuple(row)
        present = link(prev, tuple(act), record, operation, before, after)
        is_sound = seals[seq] == seal(hash_, present) if seq in seals else hash_ == present
        if linked != prev or not is_sound:
            yield f"Lịch sử bị sửa ở dòng {seq} (hồ sơ {record})."
        prev = hash_
    yield from _erasure_faults(connection)


def seal(hash_: str, present: str) -> str:
    """What proves the rest of a line whose values were erased: its old hash together with that of what is left."""
    return hashlib.sha256(f"{hash_}\n{present}".encode()).hexdigest()


def content_hash(content: str) -> str:
    """The SHA-256 of a kept text."""
    return hashlib.sha256(content.encode()).hexdigest()


def seals_of(connection: Connection, erasure: int) -> str:
    """The hash over the seals of one erasure, which its act in the history names."""
    rows = connection.all("SELECT change, seal FROM erased_line WHERE erasure = ? ORDER BY change", [erasure])
    return hashlib.sha256(canonical([list(row) for row in rows]).encode()).hexdigest()


def _erasure_faults(connection: Connection) -> Iterator[str]:
    """Yield a sentence for every erasure that no act of the history names with its seals."""
    named = {
        (row[0], row[1])
        for row in connection.all(
            "SELECT json_extract(after, '$.erasure'), json_extract(after, '$.seals') FROM change"
            " WHERE operation = 'snapshot' AND json_type(after, '$.erasure') = 'text'"
        )
    }
    for seq, id_, kept in connection.all("SELECT seq, id, seals FROM erasure"):
        if kept != seals_of(connection, seq) or (id_, kept) not in named:
            yield f"Lần xoá dữ liệu cá nhân {id_} không khớp với lịch sử."


def of_record(connection: Connection, record: str) -> list[ChangeLine]:
    """The lines of one record, newest first."""
    where = "WHERE change.record = (SELECT seq FROM record WHERE id = ?) ORDER BY change.seq DESC"
    return [_line(row) for row in connection.all(f"{LINES} {where}", [record])]


def of_act(connection: Connection, act: str) -> list[ChangeLine]:
    """The lines of one act, newest first."""
    where = "WHERE change.act = (SELECT seq FROM act WHERE id = ?) ORDER BY change.seq DESC"
    return [_line(row) for row in connection.all(f"{LINES} {where}", [act])]


def _line(row: Any) -> ChangeLine:
    values = list(row)[:-2]
    del values[7]  # the column `undoes`
    before, after = values[-2:]
    values[-2:] = [before and json.loads(before), after and json.loads(after)]
    return ChangeLine(*values)


def acts(connection: Connection, limit: int) -> list[Act]:
    """The newest acts, newest first, with `undone` and `records` filled in."""
    undone: set[str] = set()
    newest: list[Act] = []
    for entry in _entries(connection, limit, ""):
        act = entry.act
        if act.id not in undone:
            undone.update(act.undoes)
        records = connection.all(
            "SELECT DISTINCT record.id FROM change JOIN record ON record.seq = change.record WHERE act = ? LIMIT ?",
            [act.seq, _MAX_RECORDS],
        )
        newest.append(replace(act, undone=act.id in undone, records=tuple(row[0] for row in records)))
    return newest


def _entries(connection: Connection, limit: int, where: str = _BY_HAND) -> list[_Entry]:
    return [_entry(*row) for row in connection.all(_ACTS.format(where), [limit])]


def _entry(*row: Any) -> _Entry:
    *plain, undoes, lines, record, after = row
    subject = None
    if lines == 1 and after is not None:
        subject = (record, *sorted(json.loads(after)))
    seq, id_, at, stamp, officer, action = plain
    return _Entry(Act(seq, id_, at, stamp, officer, action, tuple(json.loads(undoes))), subject)


def steps(connection: Connection) -> tuple[list[Act], list[Act]]:
    """The steps that can be undone and the steps that can be redone, next step first.

    An undo is an act like any other, and a redo undoes an undo; so both stacks are computed from the acts.
    """
    undo: list[_Entry] = []
    redo: list[_Entry] = []
    for entry in reversed(_entries(connection, _WINDOW)):
        targets = set(entry.act.undoes)
        if not targets:
            undo.append(entry)
            redo.clear()
        elif reversed_acts := _take(undo, targets):
            redo.append(_named_after(entry, reversed_acts))
        elif reversed_acts := _take(redo, targets):
            undo.append(_named_after(entry, reversed_acts))
    return _runs(undo), [_alone(entry) for entry in reversed(redo)]


def step_of(connection: Connection, step: Act | str) -> Act:
    """The step, also of the id of its only act; UserError `not_found`."""
    if isinstance(step, Act):
        return step
    action = connection.value("SELECT action FROM act WHERE id = ?", [step])
    if action is None:
        raise UserError("Không tìm thấy việc này trong lịch sử.", code="not_found")
    return Act(0, step, "", "", "", action, run=(step,))


def _take(stack: list[_Entry], targets: set[str]) -> list[_Entry]:
    """Remove the acts with these ids from the stack; returns them."""
    reversed_acts = [entry for entry in stack if entry.act.id in targets]
    stack[:] = [entry for entry in stack if entry.act.id not in targets]
    return reversed_acts


def _named_after(entry: _Entry, reversed_acts: list[_Entry]) -> _Entry:
    """An undo or redo as a step: it has the name of the act that it reverses and joins no run of edits."""
    return _Entry(replace(entry.act, action=reversed_acts[-1].act.action), None)


def _alone(entry: _Entry) -> Act:
    return replace(entry.act, run=(entry.act.id,))


def _runs(stack: list[_Entry]) -> list[Act]:
    """The steps of the stack, newest first; a run of edits of the same fields is a single step."""
    runs: list[Act] = []
    newest: _Entry | None = None
    for entry in reversed(stack):
        if newest is not None and _same_run(newest, entry):
            runs[-1] = replace(runs[-1], run=(*runs[-1].run, entry.act.id))
        else:
            newest = entry
            runs.append(_alone(entry))
    return runs


def _same_run(newest: _Entry, older: _Entry) -> bool:
    if newest.subject is None or newest.subject != older.subject:
        return False
    apart = moments.local(newest.act.at) - moments.local(older.act.at)
    return abs(apart.total_seconds()) <= _RUN_SECONDS

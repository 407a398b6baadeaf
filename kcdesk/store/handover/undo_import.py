"""Undoing a received package: every record goes back to its state before, as if the package had never been received.

The undo is no decision about the sender's work and is not sent to other stores: the package can be received again.
Changes made since then, by an officer or a later package, stay; where they overlap with the undo, the value of before
becomes a waiting write of a conflict.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from kcdesk.errors import UserError
from kcdesk.store.clock import device_of
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.handover.merge_state import Merging, Outcome, from_json, to_json
from kcdesk.store.handover.merging import MergeState, Registers, registers_of, shown
from kcdesk.store.writer import Writer

_RECORDS = """
SELECT record.id, before, after FROM intake_record JOIN record ON record.seq = intake_record.record
WHERE act = ? ORDER BY record.seq DESC
"""
_NOTE = "INSERT INTO intake_record SELECT ?, seq, ?, ? FROM record WHERE id = ?"
_LAST = """
SELECT act, undone, package.seq FROM intake JOIN package ON package.seq = intake.package
WHERE package.id = ? ORDER BY act DESC LIMIT 1
"""


def note(connection: Connection, package: str, act: str, outcomes: Iterable[Outcome]) -> None:
    """Keep the states of the records before and after a received package."""
    connection.execute("INSERT INTO intake SELECT ?, seq, NULL FROM package WHERE id = ?", [act, package])
    connection.many(_NOTE, ((act, *_states(outcome), outcome.id) for outcome in outcomes))


def _states(outcome: Outcome) -> tuple[str | None, str]:
    """The states before and after as JSON; of a new record, the undo needs only `seen`."""
    if outcome.before is None:
        return None, canonical({"seen": outcome.after.seen})
    return to_json(outcome.before), to_json(outcome.after)


def undo_package(connection: Connection, merging: Merging, act: Writer, package: str) -> list[str]:
    """Undo a package within an act; returns the ids of new records that stay because they were changed since then.

    UserError `not_found` if the package was not received, `undone` if it was undone before.
    """
    received_by, undone, seq = connection.first(_LAST, [package]) or (None, None, None)
    if received_by is None:
        raise UserError("Kho này chưa nhận gói đó.", code="not_found", hint="Xem mã gói trong sổ bàn giao.")
    if undone:
        raise UserError("Việc nhận gói này đã được hoàn tác.", code="undone")
    kept = []
    for id_, before, after in connection.all(_RECORDS, [received_by]):
        if not _undo_record(merging, act, id_, before and from_json(before), json.loads(after)):
            kept.append(id_)
    connection.execute("UPDATE intake SET undone = ? WHERE act = ?", [act.id, received_by])
    connection.execute("DELETE FROM carried WHERE package = ?", [seq])
    return kept


def _undo_record(merging: Merging, act: Writer, id_: str, before: MergeState | None, after: dict[str, Any]) -> bool:
    stored = merging.stored(id_)
    now = merging.state(stored) if stored else None
    if stored is None or now is None:
        return True
    if before is None:
        if now.seen != after["seen"]:
            return False
        act.forget(stored)
        return True
    act.put(stored, _reverted(merging, now, before, MergeState(**{"private": {}, **after})))
    return True


def _reverted(merging: Merging, now: MergeState, before: MergeState, after: MergeState) -> MergeState:
    if now == after:
        return before
    shape = merging.shape(now.form)
    seen = {
        device: at if at != after.seen.get(device) else before.seen.get(device, "") for device, at in now.seen.items()
    }
    registers: Registers = {}
    past, then, present = (registers_of(state, shape) for state in (before, after, now))
    for path in past.keys() | present.keys():
        was, is_now = past.get(path, {}), present.get(path, {})
        register = was if is_now == then.get(path, {}) else {**was, **is_now}
        if register:
            registers[path] = register
            for at in register:
                seen[device_of(at)] = max(seen.get(device_of(at), ""), at)
    return shown(
        registers,
        shape,
        form=now.form,
        created=before.created,
        updated=now.updated,
        seen={device: at for device, at in seen.items() if at},
        private={device: min(at, seen[device]) for device, at in now.private.items() if seen.get(device)},
    )

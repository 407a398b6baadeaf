"""Undoing what a package brought: every record goes back to the state before it, as if it had never been taken in.

Nothing of that is a decision about the sender's work, so nothing of it travels: the package can be taken in again. What
an officer or a later package has changed since stays; where it is in the way, what was there before waits on the pile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from kcdesk.errors import UserError
from kcdesk.store.clock import device_of
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.handover.merge_state import Merging, Outcome, from_json, to_json
from kcdesk.store.handover.merging import Registers, State, registers_of, shown
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
    """Keep the states of the records before and after the package."""
    connection.execute("INSERT INTO intake SELECT ?, seq, NULL FROM package WHERE id = ?", [act, package])
    connection.many(_NOTE, ((act, *_states(outcome), outcome.id) for outcome in outcomes))


def _states(outcome: Outcome) -> tuple[str | None, str]:
    """Before and after; of what is new, undoing looks only at what was seen of it."""
    if outcome.before is None:
        return None, canonical({"seen": outcome.after.seen})
    return to_json(outcome.before), to_json(outcome.after)


def undo(connection: Connection, merging: Merging, act: Writer, package: str) -> list[str]:
    """Undo a package within an act; the new records that stay because they have been changed since."""
    taken, undone, seq = connection.first(_LAST, [package]) or (None, None, None)
    if taken is None:
        raise UserError("Kho này chưa nhận gói đó.", code="not_found", hint="Xem mã gói trong sổ bàn giao.")
    if undone:
        raise UserError("Việc nhận gói này đã được hoàn tác.", code="undone")
    kept = []
    for id_, before, after in connection.all(_RECORDS, [taken]):
        if not _undo_record(merging, act, id_, before and from_json(before), json.loads(after)):
            kept.append(id_)
    connection.execute("UPDATE intake SET undone = ? WHERE act = ?", [act.id, taken])
    connection.execute("DELETE FROM carried WHERE package = ?", [seq])
    return kept


def _undo_record(merging: Merging, act: Writer, id_: str, before: State | None, after: dict[str, Any]) -> bool:
    stored = merging.stored(id_)
    now = merging.state(stored) if stored else None
    if stored is None or now is None:
        return True
    if before is None:
        if now.seen != after["seen"]:
            return False
        act.forget(stored)
        return True
    act.put(stored, _reverted(merging, now, before, State(**{"private": {}, **after})))
    return True


def _reverted(merging: Merging, now: State, before: State, after: State) -> State:
    if now == after:
        return before
    shape = merging.shape(now.form)
    seen = {
        device: at if at != after.seen.get(device) else before.seen.get(device, "") for device, at in now.seen.items()
    }
    found: Registers = {}
    past, then, present = (registers_of(state, shape) for state in (before, after, now))
    for path in past.keys() | present.keys():
        was, is_now = past.get(path, {}), present.get(path, {})
        register = was if is_now == then.get(path, {}) else {**was, **is_now}
        if register:
            found[path] = register
            for at in register:
                seen[device_of(at)] = max(seen.get(device_of(at), ""), at)
    return shown(
        found,
        shape,
        form=now.form,
        created=before.created,
        updated=now.updated,
        seen={device: at for device, at in seen.items() if at},
        private={device: min(at, seen[device]) for device, at in now.private.items() if seen.get(device)},
    )

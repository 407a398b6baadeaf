"""An act: the only way to change records. It writes record, history, stamps and search index together."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kcdesk.errors import UserError
from kcdesk.formdef import record_values
from kcdesk.formdef.model import DELETED, Form
from kcdesk.runtime.frozen import replace
from kcdesk.store import history, rows
from kcdesk.store.acts.record_index import Get, RecordIndex
from kcdesk.store.changes import Change, Changes
from kcdesk.store.clock import Clock, iso, moment_of
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.handover import decisions, merging
from kcdesk.store.handover.bulk_insert import Arrivals, NewRecord, is_plain, new_pairs, next_seq, stub
from kcdesk.store.kept_papers import KeptPapers, PaperEntry
from kcdesk.store.stored_record import StoredRecord, new_id

if TYPE_CHECKING:
    from kcdesk.formdef.forms import Forms
    from kcdesk.progress import Progress
    from kcdesk.store.handover.merge_state import Incoming, Merging, Outcome
    from kcdesk.store.handover.merging import MergeState
    from kcdesk.store.history import ChangeLine
    from kcdesk.store.identity import Identity

Values = Mapping[str, Any]

_LATER = "ON CONFLICT DO UPDATE SET stamp = max(stamp, excluded.stamp), private = max(private, excluded.private)"


class Writer:
    """Writes records within one act, made by `Store.act`; `changes` lists what has changed."""

    def __init__(
        self,
        connection: Connection,
        forms: Forms,
        identity: Identity,
        clock: Clock,
        get: Get,
        merging: Merging,
        action: str,
        undoes: tuple[str, ...],
    ) -> None:
        self._connection, self._forms, self._identity, self._get = connection, forms, identity, get
        self._clock, self._merging = clock, merging
        self.stamp, self.at = clock.tick(), iso(clock.now())
        self.id = new_id()  # of this act
        officer, undone = identity.officer.name, canonical(list(undoes))
        self._act = (self.id, self.at, self.stamp, identity.device_id, officer, action, undone)
        self._undoes = undoes
        self._papers = KeptPapers(connection)
        self._chain = history.Chain(connection, self._act)
        self._indexed = RecordIndex(connection, forms, merging, get)
        self._changed: dict[tuple[str, str], dict[str, None]] = {}

    @property
    def changes(self) -> Changes:
        """The changes of this act so far."""
        items = tuple(Change(id_, kind, tuple(paths)) for (id_, kind), paths in self._changed.items())
        return Changes(self._act[5], items, self._act[0] if items else "")

    def note(self, records: Iterable[tuple[int, str]] = ()) -> None:
        """Enter this act in the history, also in that of these records (`seq` and id), though it changes no value."""
        self._chain.add((seq, id_, "update", "{}", "{}") for seq, id_ in records)

    def insert(self, kind: str, form_ref: str, data: Values, parent: str | None = None, id: str | None = None) -> str:
        """Add a record; returns its id (a new one unless given)."""
        form = self._forms.by_reference(form_ref)
        if form.id != kind:
            raise ValueError(f"{form_ref} is no form of {kind}")
        tables = [table.name for table in form.tables]
        content = record_values.tidy(data, tables)
        stamps = dict.fromkeys(record_values.stamped_paths(content, tables), self.stamp)
        stored = StoredRecord(
            seq=next_seq(self._connection),
            id=id or new_id(),
            kind=kind,
            parent=parent,
            unit=self._identity.unit.code,
            form=form_ref,
            sort="",
            created=self.at,
            updated=self.at,
            deleted=None,
            data_json=canonical(content),
            stamps_json=canonical(stamps),
        )
        self._save(stored, form, content, stamps, deleted=None)
        self._log(stored, "insert", None, content)
        self._indexed.write(stored.id)
        return stored.id

    def insert_all(self, begun: Sequence[NewRecord], progress: Progress) -> None:
        """Add many records together, which may name each other; `progress(done, total)` may raise to stop."""
        arrivals = Arrivals(self._connection, self._forms, self._clock, self._chain, self._indexed.title_of)
        pairs = new_pairs(self._forms, begun, self._identity, self.stamp, self.at)
        self._indexed.write_again(arrivals.write(pairs, lambda done: progress(done, len(pairs))))
        self._changed |= {(record.id, record.kind): {} for record in begun}

    def update(self, id: str, changes: Values, form_ref: str = "") -> None:
        """Set values by path, None to empty; an equal value changes nothing. UserError `deleted`.

        `form_ref`: the later version of its form that the record gets, which keeps all its fields.
        """
        stored = self._get(id)
        if stored.deleted:
            raise UserError("Hồ sơ này đã bị xoá.", code="deleted", hint="Hãy lấy lại hồ sơ trước khi sửa.")
        stored = replace(stored, form=form_ref or stored.form)
        form = self._forms.by_reference(stored.form)
        content, stamps = json.loads(stored.data_json), dict(stored.stamps)
        tables = [table.name for table in form.tables]
        for path, value in changes.items():
            record_values.set_value(content, path, value, tables)
        before = record_values.differences(content, stored.data, tables)
        after = record_values.differences(stored.data, content, tables)
        if "state" in after or self._merging.shape(stored.form).is_rewritten(after, stored.data.get("state")):
            stamps = self._renewed(stored, stamps, stored.data.get("state"), content.get("state"))
            stamps["state"] = self.stamp
        for path, value in after.items():
            record_values.stamp(stamps, path, value, self.stamp)
        if before:
            self._save(stored, form, content, stamps, deleted=None)
            self._log(stored, "update", before, after)
            self._indexed.write(stored.id)
            self._indexed.follow_title(stored, form, before)
            self._follow_lock(stored, content)

    def delete(self, id: str) -> None:
        """Mark a record as deleted; do nothing if it already is."""
        self._mark(self._get(id), moment_of(self.stamp))

    def restore(self, id: str) -> None:
        """Restore a deleted record; do nothing if it is not deleted."""
        self._mark(self._get(id), None)

    def snapshot(self, id: str) -> str:
        """Keep a permanent copy of the record as it is now; returns the id of the snapshot."""
        stored = self._get(id)
        row = {
            "id": new_id(),
            "record": stored.seq,
            "at": self.at,
            "form": stored.form,
            "data": stored.data_json,
            "hash": history.content_hash(stored.data_json),
        }
        self._log(stored, "snapshot", None, {"snapshot": row["id"], "sha256": row["hash"]})
        self._insert("snapshot", row)
        return str(row["id"])

    def note_on(self, id: str, entry: Values, *, is_sent: bool = False) -> None:
        """Enter something about a record in the history that changes no value; `is_sent` in the next package again."""
        if is_sent:
            self._touch(self._get(id).seq, *self._own_touch())
        self._log(self._get(id), "snapshot", None, entry)

    def keep_papers(self, id: str, entries: Sequence[PaperEntry]) -> None:
        """Keep the papers of a record that this act locks; undoing the act withdraws them."""
        if entries:
            stored = self._get(id)
            hashes = {entry.paper.id: entry.paper.sha256 for entry in entries}
            self._log(stored, "snapshot", None, {"papers": hashes})
            self._papers.put(id, entries)

    def _follow_lock(self, stored: StoredRecord, content: Values) -> None:
        """Withdraw the papers of a record that is unlocked in the same revision; use them again if that is undone."""
        was_locked, is_locked = (self._is_locked(stored.kind, data) for data in (stored.data, content))
        revision = stored.data.get("revision", 1)
        if was_locked and not is_locked and content.get("revision", 1) == revision:
            self._papers.withdraw(stored.seq, revision, self.id)
        elif is_locked and not was_locked and self._undoes:
            self._papers.take_back(stored.seq, self._undoes)

    def _is_locked(self, kind: str, data: Values) -> bool:
        return data.get("state") in self._forms.workflow(kind).locked

    def reverse(self, line: ChangeLine) -> None:
        """Reverse the change of a history line; UserError `undo_blocked` if a later change prevents it."""
        stored = self._get(line.record)
        self._refuse_if_changed_since(stored, line)
        if line.operation in ("insert", "restore"):
            self.delete(line.record)
        elif line.operation == "delete":
            self.restore(line.record)
        elif line.operation == "update":
            self.update(line.record, line.before or {})
        elif entry := decisions.reverse(self._connection, stored.seq, line):
            self._log(stored, decisions.OPERATION, None, entry)

    def _refuse_if_changed_since(self, stored: StoredRecord, line: ChangeLine) -> None:
        """Raise UserError `undo_blocked` if the values written by the line have changed since."""
        if line.operation == "snapshot":
            return
        if bool(stored.deleted) != (line.operation == "delete"):
            raise self._blocked(stored, line, "")
        left = line.after or {}
        if line.operation in ("insert", "update"):
            looked_at = stored.data.keys() | left.keys() if line.operation == "insert" else left
            for path in sorted(looked_at):
                if record_values.value_at(stored.data, path) != left.get(path):
                    raise self._blocked(stored, line, path)

    def _blocked(self, stored: StoredRecord, line: ChangeLine, path: str) -> UserError:
        title = stored.record(self._forms).title()
        later = next(
            (
                other.action
                for other in history.of_record(self._connection, stored.id)
                if other.seq > line.seq and (not path or other.touches(path))
            ),
            "",
        )
        return UserError(
            f"Không hoàn tác được «{line.action}» vì sau đó «{title}» đã thay đổi"
            + (f" («{later}»)." if later else "."),
            code="undo_blocked",
            hint="Hãy hoàn tác thay đổi sau trước.",
            field=path,
        )

    def _mark(self, stored: StoredRecord, deleted: str | None) -> None:
        if bool(stored.deleted) == bool(deleted):
            return
        form = self._forms.by_reference(stored.form)
        stamps = {**self._renewed(stored, dict(stored.stamps)), DELETED: self.stamp}
        self._save(stored, form, dict(stored.data), stamps, deleted=deleted)
        operation = "delete" if deleted else "restore"
        self._log(stored, operation, {"deleted": not deleted}, {"deleted": bool(deleted)})
        self._indexed.write(stored.id)

    def _renewed(self, stored: StoredRecord, stamps: dict[str, str], *states: object) -> dict[str, str]:
        """The stamps after a step that locks or unlocks a paper (between `states`), or the whole record (no states)."""
        shape = self._merging.shape(stored.form)
        # The stamp of a waiting write at whose path nothing is shown: never written here, or a removed row.
        never = {0: "", 1: record_values.REMOVED}
        others = self._merging.others(stored.seq)
        waiting = {path: never[path.count("/")] for path in others if path.count("/") in never}

        def closing(path: str) -> bool:
            return not states or any(shape.is_closed(path, state) for state in states)

        renewed = merging.renewed(waiting | stamps, shape, closing, self.stamp)
        return {path: at for path, at in renewed.items() if at not in never.values()}

    # -- received records --------------------------------------------------------------------------------------

    def merge_all(self, merged: Sequence[tuple[Incoming, Outcome]], progress: Progress) -> None:
        """Write received records as merged, all new ones together; `progress(done, total)` may raise to stop."""
        plain = [pair for pair in merged if is_plain(pair[1])]
        arrivals = Arrivals(self._connection, self._forms, self._clock, self._chain, self._indexed.title_of)
        if plain:
            self._indexed.write_again(arrivals.write(plain, lambda done: progress(done, len(merged))))
        self._changed.update(((incoming.id, incoming.kind), {}) for incoming, _ in plain)
        others = (pair for pair in merged if not is_plain(pair[1]))
        for done, (incoming, outcome) in enumerate(others, start=len(plain) + 1):
            self.merge(incoming, outcome)
            progress(done, len(merged))

    def merge(self, incoming: Incoming, outcome: Outcome) -> None:
        """Write a received record as merged; if a locked paper changes, a snapshot of the signed one is kept first."""
        if outcome.before is outcome.after:
            return
        stored = outcome.stored or stub(incoming, next_seq(self._connection))
        if self._changes_paper(stored, outcome):
            self.snapshot(stored.id)
        self.put(stored, outcome.after, arrived=outcome.before is None)
        for path in outcome.clashes:
            self._log_clash(stored, outcome, path)

    def put(self, stored: StoredRecord, state: MergeState, *, arrived: bool = False) -> None:
        """Write a record as in `state`, and the changes to the history; `arrived` for a record that is new here."""
        form = self._forms.by_reference(state.form)
        self._clock.observe_all(state.seen.values())
        self._connection.execute("DELETE FROM touched WHERE record = ?", [stored.seq])  # an undo can remove devices
        after = replace(
            stored, form=state.form, created=state.created, updated=state.updated, data_json=canonical(state.data)
        )
        self._save(after, form, state.data, state.stamps, deleted=state.deleted, known=(state.seen, state.private))
        decisions.replace_all(self._connection, stored.seq, state.others)
        if arrived and stored.deleted is None:
            self._log(after, "insert", None, state.data)
            stored = after
        self._log_put(stored, state, form)
        self._indexed.write(stored.id, stored)
        self._follow_lock(stored, state.data)
        if arrived or not state.data.keys().isdisjoint(form.title):
            self._indexed.follow_title(after, form, dict.fromkeys(form.title))

    def forget(self, stored: StoredRecord) -> None:
        """Undo the arrival of a record: it counts as never received, until it is received again."""
        self._connection.execute("DELETE FROM touched WHERE record = ?", [stored.seq])
        self._connection.execute("DELETE FROM conflict WHERE record = ?", [stored.seq])
        self._connection.execute("UPDATE record SET deleted = ? WHERE seq = ?", [self.at, stored.seq])
        self._log(stored, "delete", {"deleted": False}, {"deleted": True})
        self._indexed.write(stored.id, stored)

    def decide(self, id: str, paths: Collection[str]) -> None:
        """Decide the conflicts at these paths for the values shown now; this holds on every machine."""
        stored = self._get(id)
        shown = {path: record_values.value_at(stored.data, path) for path in paths}
        others = self._merging.others(stored.seq)
        waiting = {path: others.get(path, {}) for path in paths}
        decisions.settle(self._connection, stored.seq, paths)
        self._touch(stored.seq, *self._own_touch())
        lost = {path: list(writes.values())[-1] if writes else None for path, writes in waiting.items()}
        self._log(stored, "update", lost, shown)
        self._log(stored, decisions.OPERATION, None, {decisions.DECIDED: waiting, decisions.LOST_BEFORE: True})

    def _changes_paper(self, stored: StoredRecord, outcome: Outcome) -> bool:
        """Whether the outcome changes a locked paper of which no snapshot is kept."""
        shape, state = self._merging.shape(stored.form), stored.data.get("state")
        if outcome.before is None or not any(shape.is_closed(path, state) for path in outcome.changes):
            return False
        kept = "SELECT 1 FROM snapshot WHERE record = ? AND data = ?"
        return self._connection.first(kept, [stored.seq, stored.data_json]) is None

    def _log_put(self, stored: StoredRecord, state: MergeState, form: Form) -> None:
        tables = [table.name for table in form.tables]
        if before := record_values.differences(state.data, stored.data, tables):
            self._log(stored, "update", before, record_values.differences(stored.data, state.data, tables))
        if bool(stored.deleted) != bool(state.deleted):
            operation = "delete" if state.deleted else "restore"
            self._log(stored, operation, {"deleted": bool(stored.deleted)}, {"deleted": bool(state.deleted)})

    def _log_clash(self, stored: StoredRecord, outcome: Outcome, path: str) -> None:
        """Write to the history a received value that is not shown."""
        if path not in outcome.changes:
            lost = list(outcome.after.others[path].values())[-1]
            self._log(stored, "update", {path: lost}, {path: record_values.value_at(outcome.after.data, path)})

    def _touch(self, seq: int, seen: Mapping[str, str], private: Mapping[str, str]) -> None:
        for device, stamp in seen.items():
            touched = {"device": device, "record": seq, "stamp": stamp, "private": private.get(device, "")}
            self._insert("touched", touched, _LATER)

    def _own_touch(self) -> tuple[dict[str, str], dict[str, str]]:
        """The newest stamps for a write of this store: it knows its own writes, sensitive ones too."""
        known = {self._identity.device_id: self.stamp}
        return known, known

    def _save(
        self,
        stored: StoredRecord,
        form: Form,
        content: dict[str, Any],
        stamps: dict[str, str],
        *,
        deleted: str | None,
        known: tuple[Mapping[str, str], Mapping[str, str]] | None = None,
    ) -> None:
        """Write a record; a received one keeps its own time of update.

        `known`, for a received record: the newest stamps of each device for all its fields, and for the sensitive.
        """
        updated = stored.updated if known else moment_of(self.stamp)
        self._connection.execute(rows.PUT, rows.row(stored, form, content, stamps, updated, deleted))
        self._touch(stored.seq, *(known or self._own_touch()))

    def _log(self, stored: StoredRecord, operation: str, before: Values | None, after: Values | None) -> None:
        """Add a line to the history."""
        values = [None if value is None else canonical(value) for value in (before, after)]
        self._chain.add([(stored.seq, stored.id, operation, values[0], values[1])])
        paths = (after or {}) if operation == "update" else {}
        self._changed.setdefault((stored.id, stored.kind), {}).update(dict.fromkeys(paths))

    def _insert(self, table: str, row: Mapping[str, object], conflict: str = "") -> int:
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        sql = f"INSERT INTO {table} ({columns}) VALUES ({marks}) {conflict}"
        return int(self._connection.execute(sql, list(row.values())).lastrowid)

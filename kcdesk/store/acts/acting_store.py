"""The part of an open store that writes: acts, each one transaction, their undoing, and the clock that stamps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk.runtime.frozen import asdict, replace
from kcdesk.store import history
from kcdesk.store.begun import BegunRecords
from kcdesk.store.clock import AHEAD, Clock, Milliseconds, iso, new_device
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.database.frozen_files import frozen
from kcdesk.store.handover import decisions, sessions, stamp_repair
from kcdesk.store.handover.merge_state import KNOWLEDGE
from kcdesk.store.handover.partners import Device
from kcdesk.store.reader import Reader, kept_identity
from kcdesk.store.safety.anchor import Anchors
from kcdesk.store.writer import Writer

if TYPE_CHECKING:
    from kcdesk.formdef.forms import Forms
    from kcdesk.store.changes import Changes
    from kcdesk.store.handover.sessions import Session
    from kcdesk.store.history import Act
    from kcdesk.store.kept_papers import PaperEntry
    from kcdesk.store.stored_record import StoredRecord

PLACE = "place"  # the setting with the place where the store was last opened
_NEVER = "0-0-"


class ActingStore(Reader):
    """Reads as `Reader` does, and writes in acts."""

    def __init__(
        self,
        folder: Path,
        forms: Forms,
        connection: Connection,
        secret: bytes | None,
        now: Milliseconds,
        session: Session,
        anchors: Anchors | None,
    ) -> None:
        super().__init__(folder, forms, connection, secret)
        self._session = session
        self._anchors = anchors or Anchors(connection, self.identity)
        self._clock = Clock(self.identity.device_id, self.setting("clock", ""), now)
        self.begun = BegunRecords()
        self._acted, self._renewed = "", False  # in the running transaction: the device of an act, a new device id

    @contextmanager
    def together(self) -> Iterator[None]:
        """Join the acts and other writes of the block in one transaction; on any exception nothing is written."""
        if self.is_damaged:
            raise frozen()
        try:
            with self.begun.kept_on_failure(), self._connection.atomic():
                yield
        except BaseException:
            self._take_back()
            raise
        if not self._connection.is_within and (self._acted or self._renewed):
            self._session.noted_for = self._acted or self._session.noted_for
            (self._anchors.settle if self._renewed else self._anchors.keep)(self._connection, self.identity)
            self._acted, self._renewed = "", False

    def _take_back(self) -> None:
        """Know again what the store says, after a transaction that failed."""
        self.identity, last = kept_identity(self._connection), max(self._clock.last, self.setting("clock", ""))
        self._clock = Clock(self.identity.device_id, last, self._clock.now)
        if not self._connection.is_within:
            self._acted, self._renewed = "", False

    @contextmanager
    def act(self, action: str, undoes: tuple[str, ...] = (), record: str = "") -> Iterator[Writer]:
        """Begin an act: one transaction and one group of history lines named `action`; rolled back on any exception.

        If `record`, which it changes, is only begun, an act of its own writes it first, in the same transaction; any
        other begun record that it changes or names is written by this act.
        """
        with self.together():
            self.write_begun(record)
            self._clock.resume(self.setting("clock", _NEVER))  # stamps made through `alongside` are older
            self._session.note(self._connection, self.identity.device_id)

            def written(id_: str) -> StoredRecord:
                self.begun.write(writer, id_)
                return self.kept(id_)

            writer = Writer(
                self._connection, self.forms, self.identity, self._clock, written, self.merging, action, undoes
            )
            yield writer
            if writer.changes.items or self._clock.last != writer.stamp:
                self._keep("clock", self._clock.last)
            self._acted = self.identity.device_id

    def note_act(self, action: str) -> None:
        """Enter in the history something that changed no record and cannot be undone."""
        with self.act(action, undoes=history.NO_STEP) as writer:
            writer.note()

    def keep_papers(self, record: str, entries: Sequence[PaperEntry]) -> None:
        """Keep papers of a locked record that are printed for the first time; this is no step of undo."""
        with self._connection.atomic():
            self.papers.put(record, entries)

    def note_use(self, what: str, record: str, details: Mapping[str, Any]) -> None:
        """Note a use of personal values (`store/personal/kept`); a damaged store, which is only read, keeps nothing."""
        if not self.is_damaged:
            self.personal.note(self.identity, what, record, details)

    def kept(self, id: str) -> StoredRecord:
        """The record with this id as it is in the file, also one that is only begun; UserError `not_found`."""
        begun = self.begun.get(id)
        return begun.stored(self.identity.unit.code, iso(self._clock.now())) if begun else super().kept(id)

    def write_begun(self, id_: str) -> None:
        """Write a begun record by an act of its own, because something was made of it; nothing for any other."""
        if (begun := self.begun.get(id_)) is not None:
            with self.act(begun.action) as writer:
                self.begun.write(writer, id_)

    def undo(self, step: Act | str) -> Changes:
        """Undo a step, or the act with this id, by a new act; UserError `undo_blocked` if later changes prevent it."""
        return self._reverse(history.step_of(self._connection, step), "Hoàn tác")

    def redo(self, step: Act | str) -> Changes:
        """Do again a step that was undone; errors as for `undo`."""
        return self._reverse(history.step_of(self._connection, step), "Làm lại")

    def _reverse(self, step: Act, verb: str) -> Changes:
        with self.act(f"{verb}: {step.action}", undoes=step.run) as writer:
            for act in step.run:
                for line in decisions.reversible(history.of_act(self._connection, act)):
                    writer.reverse(line)
            writer.note()  # undone also where an erasure has left nothing to change
        return writer.changes

    def renew_device(self) -> None:
        """Give this store a new device id, because it was restored or copied and lacks its own later writes.

        Other stores may have received those later writes. New writes under the old id would look as if they had been
        made with knowledge of them, and new packages would get numbers that were used before.
        """
        old = self.identity
        newest = self._connection.value("SELECT max(stamp) FROM touched WHERE device = ?", [old.device_id])
        with self.together():
            sessions.keep_known(self._connection, self.lineages())
            self.identity = replace(old, device_id=new_device())
            self._keep("identity", asdict(self.identity))
            self._connection.execute("DELETE FROM setting WHERE name = ?", [PLACE])
            unit, officer = old.unit, old.officer.name
            self.partners.put_devices([Device(old.device_id, unit.code, unit.name, unit.level, officer)])
            if newest:
                self._keep(KNOWLEDGE, self.setting(KNOWLEDGE, {}) | {old.device_id: newest})
            self._clock = Clock(self.identity.device_id, self._clock.last, self._clock.now)
            self._renewed = True

    def time_now(self) -> int:
        """The time of this laptop's clock (milliseconds since 1970)."""
        return self._clock.now()

    def stamp_ahead(self, by: int = AHEAD) -> str:
        """The furthest stamp that lies more than `by` milliseconds ahead of this laptop's clock; "" if none does."""
        return max(stamp_repair.furthest(self._connection, self._clock.now() + by), self._clock.ahead(by))

    def bring_back_stamps(self, action: str) -> int:
        """Bring back every stamp that lies in the future, in their order; returns how many records had one.

        A store that wrote such stamps itself gets a new device id.
        """
        with self.together():
            old, now = self.identity.device_id, self._clock.now()
            if self._clock.ahead(0):
                self.renew_device()
            brought = stamp_repair.bring_back(self._connection, now, {old: self.identity.device_id})
            self._clock = Clock(self.identity.device_id, brought.newest, self._clock.now)
            self._keep("clock", self._clock.last)
            with self.act(action, undoes=history.NO_STEP) as act:
                act.note(brought.records)
        return len(brought.records)

    def _keep(self, name: str, value: Any) -> None:
        self._connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [name, canonical(value)])

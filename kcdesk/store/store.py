"""The store of one office on one laptop: a folder that only one program may open at a time."""

from __future__ import annotations

import secrets as random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk import moments
from kcdesk.errors import UserError
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import asdict, replace
from kcdesk.store.acts.acting_store import PLACE, ActingStore
from kcdesk.store.clock import Milliseconds, iso, new_device, now_ms
from kcdesk.store.copies import kept_copies, saving
from kcdesk.store.copies.store_copies import StoreCopies
from kcdesk.store.database import kept_definitions, key, sealed_key, views
from kcdesk.store.database.db import Connection, translated
from kcdesk.store.database.lock import Lock
from kcdesk.store.database.sealed_key import SealedKey
from kcdesk.store.handover import sessions, undo_import
from kcdesk.store.handover.sessions import Session
from kcdesk.store.identity import Identity, Officer, Unit
from kcdesk.store.personal import erasing, erasures, free_pages
from kcdesk.store.reader import Reader
from kcdesk.store.safety import (
    anchor,
    backup,
    closings,
    index_repair,
    integrity,
    location,
    making,
    odd_parts,
    readying,
    rekeying,
    restoring,
)
from kcdesk.temporary import private_files

if TYPE_CHECKING:
    from kcdesk.formdef.forms import Forms
    from kcdesk.store.changes import Changes
    from kcdesk.store.handover.lineages import Lineages
    from kcdesk.store.handover.merge_state import Incoming, Outcome
    from kcdesk.store.handover.package_ledger import PackageEntry
    from kcdesk.store.safety.anchor import Anchors, Loss
    from kcdesk.store.safety.closings import SignedEnd
    from kcdesk.store.safety.location import Doubt, Location
    from kcdesk.store.safety.readying import FormsSource

_NAME = backup.STORE


class Store(ActingStore):
    """An open store: reads as `Reader` does, and changes."""

    _read_only = False

    def __init__(
        self,
        folder: Path,
        forms: Forms,
        connection: Connection,
        secret: bytes | None,
        lock: Lock | None,
        now: Milliseconds,
        session: Session | None = None,
        anchors: Anchors | None = None,
    ) -> None:
        super().__init__(folder, forms, connection, secret, now, session or Session(), anchors)
        self._lock = lock
        self.repairs: tuple[str, ...] = ()  # what was mended at the opening, as sentences
        self.copies = StoreCopies(folder, secret)

    # -- making, opening, closing ------------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        folder: Path,
        forms: Forms,
        unit: Unit,
        officer: Officer,
        practice: bool,
        passphrase: str = "",
        *,
        now: Milliseconds = now_ms,
    ) -> tuple[Store, str]:
        """Make a store in `folder` and open it; returns it and its recovery code ("" for a practice store).

        The database gets its name when it is complete. UserError `store_exists` if the folder has a store already,
        `store_remains` if it has parts of one.
        """
        with translated():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if cls.is_store(folder):
            raise UserError("Thư mục này đã có kho dữ liệu.", code="store_exists", hint="Hãy chọn thư mục khác.")
        lock = Lock(folder)
        try:
            identity = Identity(random.token_hex(8), new_device(), unit, officer, practice, iso(now()))
            secret, code = making.make_store(folder, None if practice else passphrase, identity)
        finally:
            lock.release()
        return cls._opened(folder, forms, secret, now), code

    @classmethod
    def open(cls, folder: Path, forms: FormsSource, passphrase: str = "", *, now: Milliseconds = now_ms) -> Store:
        """Open the store in `folder` with its passphrase or recovery code; nothing is written before all checks pass.

        `forms` may be a function that makes them of what `keep_forms` has kept, "" for nothing.

        UserError `no_store`, `foreign_store`, `damaged_store`, `stripped_store`, `newer_store`, `foreign_key`, and
        those of `attempts.unlock`; KnownError `in_use`, `read_only`, `unsafe_folder`.
        """
        odd_parts.refuse_odd_parts(folder)
        restoring.finish(folder)
        saving.unfold_here(folder)
        if not cls.is_store(folder):
            raise UserError(
                "Thư mục này chưa có kho dữ liệu.", code="no_store", hint="Hãy chọn đúng thư mục hoặc lập kho mới."
            )
        return cls._opened(folder, forms, readying.unlocked(folder, passphrase), now)

    @classmethod
    def _opened(cls, folder: Path, source: FormsSource, secret: bytes | None, now: Milliseconds) -> Store:
        lock = Lock(folder)
        private_files.make_private(folder)
        connection: Connection | None = None
        try:
            connection, forms, repairs = readying.ready(folder, secret, source)
            store = cls(folder, forms, connection, secret, lock, now)
            store.repairs = repairs
            store.overwrite_erased()
            making.sweep(folder)
            return store
        except BaseException:
            if connection is not None:
                connection.close()
            lock.release()
            raise

    @staticmethod
    def is_store(folder: Path) -> bool:
        """Whether `folder` holds a store, or a copy of one, which is unfolded when it is opened; it may be damaged."""
        return (folder / _NAME).is_file() or kept_copies.is_copy(folder)

    @staticmethod
    def needs_passphrase(folder: Path) -> bool:
        """Whether the store in `folder` is encrypted."""
        return key.exists(folder)

    def close(self) -> None:
        """Refresh SQLite's statistics, close the databases and release the lock; calling it again does nothing."""
        if self._connection.closed:
            return
        try:
            if not self.is_damaged:
                self._connection.execute("PRAGMA optimize")
            if self._session.noted_for and self._lock is not None:
                self._anchors.keep(self._connection, self.identity, lasting=True)
        finally:
            super().close()
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> Store:
        return self

    def reader(self) -> Reader:
        """Open a second, read-only connection for another thread; call this and close it in that thread."""
        connection = Connection(self.folder / _NAME, self._key, read_only=True)
        return Reader(self.folder, self.forms, connection, self._key)

    def alongside(self) -> Store:
        """Open the same store through a second connection that can write, for one long act in another thread.

        Call this and close it in that thread. While its act runs, an act of this store waits and is then refused
        (KnownError `busy`).
        """
        connection = Connection(self.folder / _NAME, self._key)
        try:
            connection.configure()
            if self.is_damaged:
                connection.freeze()
            shared = (self._session, self._anchors)
            return Store(self.folder, self.forms, connection, self._key, None, self._clock.now, *shared)
        except BaseException:
            connection.close()
            raise

    # -- the place of the store --------------------------------------------------------------------------------

    def place_doubt(self) -> Doubt:
        """Whether the store may be a copy of another one: it was last opened elsewhere, or lacks its newest writes."""
        return location.doubt_of(self.setting(PLACE), self._place(), self.loss.doubt if self.loss else "")

    @property
    def loss(self) -> Loss | None:
        """What the store lacks of what was anchored, until it is settled; None in all ordinary cases."""
        return self._anchors.loss

    @property
    def copy_loss(self) -> Loss | None:
        """What the database lacks of the anchor that lies beside it; a copy brings its own."""
        return self._anchors.copy_loss

    def unsigned_end(self) -> SignedEnd | None:
        """Where the history ends, to be signed; None if the last closing says so, or a loss is not settled."""
        if self._connection.closed or self.is_damaged or self.loss is not None or self._lock is None:
            return None
        end = anchor.end_of(self._connection, self.identity)
        last = closings.last(self._connection)
        is_signed = last is not None and last.content == end.content
        return None if is_signed or not end.acts else end

    def keep_closing(self, closing: SignedEnd) -> None:
        """Keep a signed end of the history as that of today, here and beside the anchors. KnownError if it cannot."""
        kept = closings.with_closing(self.closings(), moments.today().isoformat(), closing)
        self._keep(closings.KEPT, kept)
        self._anchors.keep_closing(closing)

    def closings_beside(self) -> set[SignedEnd]:
        """The signed ends of the last closing that lie outside the database; none of a damaged or doubtful store."""
        return set() if self.is_damaged or self.loss is not None else self._anchors.closings()

    def note_lost_closing(self, closing: SignedEnd, *, is_signed: bool) -> None:
        """Note that the history lacks a closing, or that the unit has not signed it, as a loss to be settled."""
        self._anchors.note_lost(self._connection, closing, is_signed=is_signed)

    def keep_place(self) -> None:
        """Keep the present place as that of the store, and that the store of this place has a key."""
        location.note_locked(self.folder, is_locked=self._key is not None)
        now = asdict(self._place())
        if self.setting(PLACE) != now:
            self._keep(PLACE, now)

    def _place(self) -> Location:
        return location.here(self.folder / _NAME, self.identity.store_id)

    # -- received packages -------------------------------------------------------------------------------------

    def note_intake(self, entry: PackageEntry, act: str, merged: Sequence[tuple[Incoming, Outcome]]) -> None:
        """Enter a received package in the ledger and keep its changes, so that it can be undone as a whole."""
        if self.packages.get(entry.id) is None:
            self.packages.add(entry)
        changed = (outcome for _, outcome in merged if outcome.before is not outcome.after)
        undo_import.note(self._connection, entry.id, act, changed)

    def undo_intake(self, package: str, action: str) -> tuple[Changes, list[str]]:
        """Undo a received package; changes made since then stay. Returns also the titles of new records that stay.

        UserError `not_found` if the package was not received, `undone` if it was undone before.
        """
        with self.act(action) as act:
            kept = undo_import.undo_package(self._connection, self.merging, act, package)
        return act.changes, [self.record(id_).title() for id_ in kept]

    def keep_lineages(self, lineages: Lineages) -> None:
        """Keep the lineages of all copies known here."""
        own = {device: lineage for device, lineage in self.lineages().items() if device == self.identity.device_id}
        sessions.keep_known(self._connection, {**lineages, **own})

    def pin_session(self) -> None:
        """Keep the present session in the lineage of this store: a package has told it to another store."""
        sessions.pin(self._connection, self.identity.device_id)

    # -- what else is kept -------------------------------------------------------------------------------------

    def set_setting(self, name: str, value: Any) -> None:
        """Keep a JSON value under a name."""
        self._keep(name, value)

    def forget_setting(self, name: str) -> None:
        """Remove what is kept under a name; does nothing if there is nothing."""
        self._connection.execute("DELETE FROM setting WHERE name = ?", [name])

    def keep_forms(self, kept: bytes) -> None:
        """Keep the forms, for the next `open`: where the store is encrypted, nobody else can have written them."""
        kept_definitions.keep_definitions(self._connection, kept)

    def set_secret(self, name: str, value: bytes) -> None:
        """Keep bytes under a name, encrypted with the store."""
        self._connection.execute("INSERT OR REPLACE INTO secret VALUES (?, ?)", [name, value])

    def set_officer(self, officer: Officer, unit_name: str = "", *, above: str | None = None) -> None:
        """Set who works with the store from now on, and other names of the office ("" for none) and of that above."""
        unit = self.identity.unit
        unit = replace(unit, name=unit_name or unit.name, parent=unit.parent if above is None else above)
        self.identity = replace(self.identity, officer=officer, unit=unit)
        self._connection.execute("UPDATE setting SET value = ? WHERE name = 'identity'", [self.identity.to_json()])

    def sealed_to(self, public: str) -> SealedKey:
        """The key of this store, sealed to a public recovery key. UserError `practice_store`; ValueError."""
        if self._key is None:
            raise rekeying.no_key()
        return sealed_key.sealed(self._key, key.name_of(self.folder), self.identity.store_id, public)

    def stage_rekeying(self, passphrase: str, code: str, to: str = "", progress: Progress = ignore_progress) -> None:
        """Encrypt the whole store anew beside itself, under a new key, passphrase and recovery code.

        The new key is sealed to the public recovery key `to`, unless it is "".

        The store itself does not change before `restoring.commit`; `progress` counts bytes and may raise to stop.
        UserError `practice_store`; KnownError `disk_full`.
        """
        if self._key is None:
            raise rekeying.no_key()
        rekeying.stage(self._connection, self.files.connection(), passphrase, code, to, progress)

    def old_key_copies(self, elsewhere: Sequence[Path] = ()) -> list[Path]:
        """The copies in `backups/`, and those among `elsewhere`, that only an earlier key of this store opens."""
        return rekeying.old_copies(self.folder, self.setting(rekeying.FORMER, []), elsewhere)

    def new_recovery_code(self) -> str:
        """Make and return a new recovery code; the old code becomes invalid. UserError `practice_store`."""
        if self._key is None:
            raise rekeying.no_key()
        return key.new_recovery_code(self.folder, self._key)

    def erase(self, places: erasing.Places, reason: str, id_: str = "") -> erasing.Erasure:
        """Erase values at paths by record, wherever the store keeps them; see `store/personal/erasures`."""
        return erasures.erase(self, self._connection, places, reason, id_)

    def overwrite_erased(self) -> None:
        """Remove the files of erasures and overwrite the pages that they freed, after their transaction."""
        if not self.is_damaged:
            free_pages.overwrite(self._connection, self.files, self.readings)

    def analyze(self) -> None:
        """Make the indexes of kinds that have got many records, and SQLite's statistics; after many were added."""
        views.refresh(self._connection, self.forms)
        self._connection.analyze()

    def backup(self, path: Path | None = None, reason: str = "manual") -> Path:
        """Copy the whole store and check the copy: into `backups/`, sharing pages, or by itself as the new `path`."""
        assert not self._connection.is_within, "SQLite would wait for the running transaction for ever"
        if path is None:
            return self.copies.save(reason)
        made = backup.make_backup(self._connection, self.files.connection(), self._key, path)
        anchor.write_beside(made, self._connection)
        return made

    @contextmanager
    def opened_copy(self, copy: Path) -> Iterator[Store]:
        """Open a copy of this store with its key, unfolded elsewhere, to look at it; errors as for `open`."""
        with self.copies.unfolded(copy) as place, self.opened_under_key(place) as store:
            yield store

    def opened_under_key(self, folder: Path) -> Store:
        """Open another store that has the key of this one; errors as for `open`."""
        return self._opened(folder, self.forms, self._key, self._clock.now)

    def check(self) -> list[str]:
        """Check the whole store; returns a sentence for each fault, an empty list if there is none."""
        self.repairs = (*self.repairs, *index_repair.mended(self._connection, self.forms, self.readings))
        return [*self.repairs, *integrity.faults(self, self._connection)]

"""Reading a store, over one connection."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk.errors import UserError
from kcdesk.formdef import record_values
from kcdesk.formdef.record import Record
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import replace
from kcdesk.store import history, search, similar_names
from kcdesk.store.database import views
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.database.merged_records import MergedRecords
from kcdesk.store.database.reading_tables import ReadingTables
from kcdesk.store.files import Files
from kcdesk.store.former_values import FormerValue, former_values
from kcdesk.store.handover import sessions
from kcdesk.store.handover.history_tips import HistoryTips
from kcdesk.store.handover.merge_state import KNOWLEDGE, Merging
from kcdesk.store.handover.package_ledger import Packages
from kcdesk.store.handover.partners import Partners
from kcdesk.store.handover.publications import Publications
from kcdesk.store.handover.shapes import Shapes
from kcdesk.store.handover.vouchers import Vouchers
from kcdesk.store.identity import Identity
from kcdesk.store.kept_papers import KeptPapers
from kcdesk.store.personal import erasing, mentions, wiping
from kcdesk.store.personal.kept import PersonalRecords
from kcdesk.store.printed.printed_summaries import PrintedSummaries
from kcdesk.store.record_pages import ListQuery, Pages
from kcdesk.store.safety import backup, integrity, salvage
from kcdesk.store.safety.closings import KEPT, SignedEnd, read_closings
from kcdesk.store.stored_record import COLUMNS, StoredRecord

if TYPE_CHECKING:
    from kcdesk.formdef.forms import Forms
    from kcdesk.progress import Progress
    from kcdesk.store.handover.lineages import Lineage
    from kcdesk.store.history import Act, ChangeLine
    from kcdesk.store.similar_names import SimilarName

# The distinct devices, by one index search for each device instead of a scan of all rows.
_DEVICES = """
WITH RECURSIVE known (device) AS (
  SELECT min(device) FROM touched
  UNION ALL SELECT (SELECT min(device) FROM touched WHERE device > known.device) FROM known WHERE device IS NOT NULL
)
SELECT device FROM known WHERE device IS NOT NULL
"""


class Reader:
    """Reads what a store holds; used, like its connection, only from the thread that opened it."""

    def __init__(self, folder: Path, forms: Forms, connection: Connection, key: bytes | None) -> None:
        self.folder, self.forms = folder, forms
        self._connection, self._key = connection, key
        self._pages = Pages(connection, forms)
        self.shapes = Shapes(forms)
        self.identity = kept_identity(connection)
        self.files = Files(folder, key)
        self.packages = Packages(connection)
        self.partners = Partners(connection)
        self.vouchers = Vouchers(connection)
        self.publications = Publications(connection)
        self.tips = HistoryTips(connection)
        self.papers = KeptPapers(connection)
        self.summaries = PrintedSummaries(connection)
        self.personal = PersonalRecords(connection)
        self.readings = ReadingTables(connection, forms)
        self.merging = Merging(connection, self.shapes)
        self.merged = MergedRecords(connection)

    def close(self) -> None:
        """Close the databases; calling it again does nothing."""
        self.files.close()
        self._connection.close()

    def faults(self, progress: Progress) -> Iterator[str]:
        """Read everything there is and yield a sentence for each fault; `progress` may raise to stop."""
        return integrity.faults(self, self._connection, progress)

    def done_since(self, at: str) -> tuple[int, int]:
        """How many acts were done, and records changed, after a moment (UTC, as `clock.iso` writes it)."""
        sql = "SELECT count(DISTINCT act.seq), count(DISTINCT change.record) FROM act"
        row = self._connection.first(f"{sql} LEFT JOIN change ON change.act = act.seq WHERE act.at > ?", [at])
        return int(row[0]), int(row[1])

    def damage(self) -> list[str]:
        """Check for faults that make the store unusable: broken file, changed history, changed attachments."""
        return list(integrity.damage(self, self._connection))

    def oddities(self) -> list[str]:
        """Check for faults of single records; the rest of the store can still be used."""
        return list(integrity.oddities(self, self._connection))

    def salvage(self, target: Path, progress: Progress) -> dict[str, int]:
        """Save into the empty folder `target` what can be read; returns how many rows of each table are lost."""
        return salvage.salvage(self._connection, target, self._key, progress)

    @property
    def is_damaged(self) -> bool:
        """Whether pages are damaged, so that the store is only read."""
        return self._connection.is_frozen

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._connection.closed

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- records -----------------------------------------------------------------------------------------------

    def get(self, id: str) -> StoredRecord:
        """The record with this id, deleted or not; its links to merged records lead on. UserError `not_found`."""
        return self.merged.shown(self.kept(id))

    def kept(self, id: str) -> StoredRecord:
        """The record with this id as it is in the file; UserError `not_found`."""
        row = self._connection.first(f"SELECT {COLUMNS} FROM record WHERE id = ?", [id])
        if row is None:
            raise UserError("Không tìm thấy hồ sơ này trong kho.", code="not_found", hint="Có thể mã hồ sơ bị gõ sai.")
        return StoredRecord.from_row(row)

    def several(self, ids: Iterable[str]) -> dict[str, StoredRecord]:
        """The records with these ids as `get` gives them, by id; those that this store does not have are left out."""
        sql = f"SELECT {COLUMNS} FROM record WHERE id IN (SELECT value FROM json_each(?))"
        return {stored.id: stored for stored in self._shown(self._connection.all(sql, [canonical(sorted(set(ids)))]))}

    def record(self, id: str) -> Record:
        """The record with the behaviour of its form, as a copy that may be changed; UserError `not_found`."""
        return self.get(id).record(self.forms)

    def page(
        self,
        kind: str,
        search: str = "",
        where: Mapping[str, Any] | None = None,
        order: str = "",
        descending: bool = False,
        after: StoredRecord | None = None,
        limit: int = 100,
        deleted: bool = False,
        whole_words: bool = False,
    ) -> list[StoredRecord]:
        """The next records of a list after `after`, the last record of the page before.

        `search`: every word must be the beginning of a word of the record (with `whole_words`, a word of it). `where`:
        maps a field, or `table/column`, to a value, a list of values, or None (empty). `order`: "" (as the form says),
        `created`, `updated` or a field.
        """
        query = ListQuery(
            kind=kind,
            search=search,
            where=where or {},
            order=order,
            descending=descending,
            deleted=deleted,
            whole_words=whole_words,
        )
        return self.merged.all_shown(self._pages.page(query, after, limit))

    def count(self, kind: str, search: str = "", where: Mapping[str, Any] | None = None, deleted: bool = False) -> int:
        """The number of records in such a list."""
        return self._pages.count(ListQuery(kind=kind, search=search, where=where or {}, deleted=deleted))

    def groups(
        self, kind: str, by: str, sums: Sequence[str], *, search: str = "", where: Mapping[str, Any] | None = None
    ) -> list[tuple[Any, ...]]:
        """The values of a field in such a list, each with the number of records and the sums of other fields."""
        return self._pages.groups(ListQuery(kind=kind, search=search, where=where or {}), by, sums)

    def children(self, id: str, kind: str) -> list[StoredRecord]:
        """The records of a kind, not deleted, that belong to the record `id`, oldest first."""
        parents = self.merged.with_merged(id)
        sql = f"SELECT {COLUMNS} FROM record WHERE parent IN ({', '.join('?' * len(parents))}) AND kind = ?"
        rows = self._connection.all(f"{sql} AND deleted IS NULL ORDER BY created, seq", [*parents, kind])
        return self._shown(rows)

    def find(self, kind: str, field: str, value: Any) -> list[StoredRecord]:
        """The records, not deleted, with this value in a field or in a column of a table (`machines/serial_number`)."""
        return self.page(kind, where={field: value}, limit=-1)

    def naming_invoice(self, kinds: Sequence[str], keys: Sequence[str], limit: int = 100) -> list[StoredRecord]:
        """The records of some kinds, not deleted, that may name an invoice, by its keys (`invoice_identity`)."""
        living = [search.life(kind, False) for kind in kinds]
        wanted = [search.facet(search.INVOICE, key) for key in keys]
        sql = (
            f"SELECT {COLUMNS} FROM record WHERE seq IN"
            " (SELECT rowid FROM record_search WHERE record_search MATCH ? LIMIT ?)"
        )
        rows = self._connection.all(sql, [search.match([living, wanted], ""), limit]) if wanted else []
        return self._shown(rows)

    def newest_values(self, kind: str, names: Sequence[str], limit: int) -> list[tuple[str, list[Any]]]:
        """Id and values of some fields of the records of a kind that were made last, not deleted, newest first."""
        wanted = ", ".join(["json_extract(data, ?)"] * len(names))
        sql = (
            f"SELECT id, json_array({wanted}) FROM record WHERE seq IN (SELECT rowid FROM record_search"
            " WHERE record_search MATCH ? ORDER BY rowid DESC LIMIT ?) ORDER BY seq DESC"
        )
        living = search.match([[search.life(kind, False)]], "")
        rows = self._connection.all(sql, [*(f"$.{name}" for name in names), living, limit])
        return [(id_, json.loads(values)) for id_, values in rows]

    def values_of(self, ids: Sequence[str], name: str) -> dict[str, Any]:
        """The values of a field of some records, by id; for a list, its JSON."""
        sql = "SELECT id, json_extract(data, ?) FROM record WHERE id IN (SELECT value FROM json_each(?))"
        return dict(self._connection.all(sql, [f"$.{name}", canonical(list(ids))])) if ids else {}

    def near(self, kind: str, field: str, text: str, limit: int = 5) -> list[SimilarName]:
        """The records, not deleted, with nearly the same text in `field`, today or before a change, nearest first.

        Legal forms do not count.
        """
        near = similar_names.near(self._connection, self.forms, kind, field, text, limit)
        return [replace(match, record=self.merged.shown(match.record)) for match in near]

    def _shown(self, rows: Iterable[Any]) -> list[StoredRecord]:
        """The records in rows of COLUMNS, as `get` gives them."""
        return self.merged.all_shown(map(StoredRecord.from_row, rows))

    def former_of(self, records: Sequence[StoredRecord]) -> dict[str, list[FormerValue]]:
        """As `former`, for several records at once, by id; records without former values are left out."""
        values = former_values(self._connection, self.forms, records)
        return {stored.id: values[stored.seq] for stored in records if stored.seq in values}

    def former(self, stored: StoredRecord) -> list[FormerValue]:
        """What a record was called, and its numbers and places, before changes; newest first."""
        return former_values(self._connection, self.forms, [stored]).get(stored.seq, [])

    def find_former(self, kind: str, field: str, values: Iterable[str]) -> list[tuple[StoredRecord, FormerValue]]:
        """The records, not deleted, that had one of these values in a field before a change, each with that value."""
        wanted = [search.facet(f"{search.FORMER}/{field}", value) for value in values]
        sql = f"SELECT {COLUMNS} FROM record WHERE seq IN (SELECT rowid FROM record_search WHERE record_search MATCH ?)"
        rows = self._connection.all(sql, [search.match([[search.life(kind, False)], wanted], "")])
        return [
            (stored, former)
            for stored in self._shown(rows)
            for former in self.former(stored)
            if former.path == field and search.facet(f"{search.FORMER}/{field}", former.value) in wanted
        ]

    def snapshots(self, id: str) -> list[Record]:
        """The snapshots of a record, oldest first."""
        sql = "SELECT form, data FROM snapshot WHERE record = ? ORDER BY id"
        stored = self.get(id)
        return [
            Record(id=id, kind=stored.kind, form=self.forms.by_reference(form), data=json.loads(data), forms=self.forms)
            for form, data in self._connection.all(sql, [stored.seq])
        ]

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a SQL query over the views; SQLite refuses a statement that writes."""
        self._connection.execute("PRAGMA query_only = ON")
        try:
            return [dict(row) for row in self._connection.all(sql, dict(parameters or {}))]
        finally:
            self._connection.execute(f"PRAGMA query_only = {int(self._read_only)}")

    _read_only = True

    # -- history -----------------------------------------------------------------------------------------------

    def days_along(self, kind: str, name: str) -> str:
        """`INDEXED BY` for a query of the records of a kind whose field or table `name` holds dates."""
        return views.days_along(self._connection, kind, name)

    def last_by_hand(self, id: str, field: str, devices: Iterable[str]) -> tuple[str, str] | None:
        """Stamp and value of the last text entered in this store, on one of the devices, into a field; or None."""
        return history.last_by_hand(self._connection, id, field, devices)

    def referring(self, id: str) -> list[str]:
        """The ids of the records, not deleted, that refer to this one, and of those that belong to it."""
        paths = search.references_to(self.forms, self.get(id).kind)
        seqs = canonical(sorted(search.referring(self._connection, paths, [id])))
        sql = (
            "SELECT id FROM record WHERE deleted IS NULL AND id <> ?"
            " AND (seq IN (SELECT value FROM json_each(?)) OR parent = ?)"
        )
        return [row[0] for row in self._connection.all(sql, [id, seqs, id])]

    def referred(self, stored: StoredRecord) -> list[str]:
        """The ids of the records that a record refers to."""
        return [id_ for _, id_ in search.references(self.forms.by_reference(stored.form), stored.data)]

    def unchanged_since(self, kinds: Iterable[str], end: date) -> Iterator[StoredRecord]:
        """The records of some kinds, not deleted, whose last change was before a day; oldest first."""
        sql = (
            f"SELECT {COLUMNS} FROM record WHERE deleted IS NULL AND updated < ?"
            " AND kind IN (SELECT value FROM json_each(?)) ORDER BY updated"
        )
        return iter(self._shown(self._connection.all(sql, [end.isoformat(), canonical(list(kinds))])))

    def stands_at(self, id: str, paths: Iterable[str]) -> bool:
        """Whether a value that was not erased stands, or waits in a conflict, at one of the paths of a record."""
        paths, data = list(paths), self.get(id).data
        values = (record_values.value_at(data, path) for path in paths)
        stands = any(value not in (None, "", [], wiping.MARK) for value in values)
        return stands or erasing.waits_at(self._connection, id, paths)

    def records_with(self, pattern: re.Pattern[str], progress: Progress = ignore_progress) -> list[str]:
        """The ids of the records in whose values, of today or before, the pattern is found."""
        return mentions.records_with(self._connection, pattern, progress)

    def papers_with(self, pattern: re.Pattern[str]) -> set[tuple[str, str]]:
        """Record and id of every kept paper in whose text the pattern is found."""
        return mentions.papers_with(self._connection, pattern)

    def history(self, id: str) -> list[ChangeLine]:
        """Every change of a record, newest first."""
        return history.of_record(self._connection, id)

    def acts(self, limit: int = 100) -> list[Act]:
        """The newest acts, newest first."""
        return history.acts(self._connection, limit)

    def undo_steps(self) -> list[Act]:
        """The steps that can be undone, next step first; edits of the same fields within a minute are a single step."""
        return history.steps(self._connection)[0]

    def undoable(self) -> Act | None:
        """The step that is undone next, or None."""
        return next(iter(self.undo_steps()), None)

    def redoable(self) -> Act | None:
        """The step that is redone next, or None."""
        return next(iter(history.steps(self._connection)[1]), None)

    def vector(self) -> dict[str, str]:
        """For each device, the stamp up to which this store has received all its writes.

        Single records may hold newer stamps, after a package was lost.
        """
        known = dict(self.setting(KNOWLEDGE, {}))
        own = self._connection.value("SELECT max(stamp) FROM touched WHERE device = ?", [self.identity.device_id])
        return known | ({self.identity.device_id: own} if own else {})

    def lineages(self) -> dict[str, Lineage]:
        """The sessions of every copy of a store known here, those of this store up to its last write."""
        return sessions.as_sent(self._connection, self.identity.device_id)

    def devices(self) -> list[str]:
        """Every device that has written to a record of this store."""
        return [row[0] for row in self._connection.all(_DEVICES)]

    def changed_since(self, vector: Mapping[str, str]) -> Iterator[StoredRecord]:
        """The records, deleted ones too, with a stamp newer than the stamp of its device in `vector`; oldest first."""
        seqs: set[int] = set()
        for device in self.devices():
            sql = "SELECT record FROM touched WHERE device = ? AND stamp > ?"
            seqs.update(row[0] for row in self._connection.all(sql, [device, vector.get(device, "")]))
        for seq in sorted(seqs):
            yield StoredRecord.from_row(self._connection.first(f"SELECT {COLUMNS} FROM record WHERE seq = ?", [seq]))

    # -- what else is kept -------------------------------------------------------------------------------------

    def setting(self, name: str, default: Any = None) -> Any:
        """The JSON value kept under a name, or `default`."""
        kept = self._connection.value("SELECT value FROM setting WHERE name = ?", [name])
        return default if kept is None else json.loads(kept)

    def closings(self) -> dict[str, SignedEnd]:
        """Where the history ended at the closings of each day, as the unit's key signed it."""
        return read_closings(self.setting(KEPT))

    def settings(self, prefix: str) -> dict[str, Any]:
        """The JSON values kept under all names that begin with `prefix`, by name."""
        sql = "SELECT name, value FROM setting WHERE substr(name, 1, ?) = ?"
        return {name: json.loads(value) for name, value in self._connection.all(sql, [len(prefix), prefix])}

    def secret(self, name: str) -> bytes:
        """The bytes kept under a name (the signing key); empty if there are none."""
        return bytes(self._connection.value("SELECT value FROM secret WHERE name = ?", [name]) or b"")

    def latest_backup(self) -> datetime | None:
        """When the newest backup in `backups/` was made, or None."""
        return backup.latest(self.folder)


def kept_identity(connection: Connection) -> Identity:
    """The identity that the store has now."""
    return Identity.from_json(connection.value("SELECT value FROM setting WHERE name = 'identity'"))

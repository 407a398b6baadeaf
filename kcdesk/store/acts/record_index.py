"""What an act indexes again when a record changes: the record, what refers to it, what a merge leads elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from kcdesk.errors import UserError
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import MERGED_INTO, Form
from kcdesk.store import reindexing, search
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.handover.merge_state import Merging
from kcdesk.store.stored_record import StoredRecord

Get = Callable[[str], StoredRecord]


class RecordIndex:
    """Writes the search index within one act; `get` reads a record as it is in the file."""

    def __init__(self, connection: Connection, forms: Forms, merging: Merging, get: Get) -> None:
        self._connection, self._forms, self._merging, self._get = connection, forms, merging, get
        self._paths_to = partial(search.references_to, forms)

    def write(self, id_: str, before: StoredRecord | None = None) -> None:
        """Index a record as it is now, after its history was written: former values are read from there.

        If it is or was merged into another record, what leads to either is indexed again.
        """
        stored = self._get(id_)
        self._put(stored)
        for state in filter(None, (stored, before)):
            if survivor := state.data.get(MERGED_INTO):
                self._follow_merge(stored, survivor)

    def follow_title(self, stored: StoredRecord, form: Form, changed: Iterable[str]) -> None:
        """Index again the records that refer to this one if its title changed: their words include the title."""
        if set(changed).isdisjoint(form.title):
            return
        self.write_again(search.referring(self._connection, self._paths_to(stored.kind), [stored.id]))

    def write_again(self, seqs: Iterable[int]) -> None:
        """Index again the records with these `seq`; of a merged one, whose survivor may have come, what leads on."""
        for stored in self._at(seqs):
            self.write(stored.id)

    def title_of(self, id_: str) -> str:
        """The titles, present and former, by which records that refer to a record are found."""
        try:
            return reindexing.titles_in_time(self._connection, self._forms, self._get(id_))
        except UserError:  # the record referred to may not have arrived yet
            return ""

    def _put(self, stored: StoredRecord) -> None:
        entries = reindexing.index_entries(self._connection, self._forms, [stored])
        search.put(self._connection, entries, self._forms, self.title_of)

    def _follow_merge(self, stored: StoredRecord, survivor: str) -> None:
        """Index what refers to a merged record, and its survivor; write their lines in the tables of reports again."""
        seqs = search.referring(self._connection, self._paths_to(stored.kind), [stored.id])
        known = "SELECT seq FROM record WHERE id = ? OR parent = ?"
        seqs += [row[0] for row in self._connection.all(known, [survivor, stored.id])]
        others = [seq for seq in dict.fromkeys(seqs) if seq != stored.seq]
        touched = "UPDATE record SET data = data WHERE seq IN (SELECT value FROM json_each(?))"  # for their triggers
        self._connection.execute(touched, [canonical(others)])
        for other in self._at(others):
            self._put(other)

    def _at(self, seqs: Iterable[int]) -> Iterator[StoredRecord]:
        return filter(None, map(self._merging.stored_at, seqs))

"""An erasure as one act: present values, all their copies, the index, the files; free pages are overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kcdesk.formdef import record_values
from kcdesk.store import history, reindexing
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.personal import erasing
from kcdesk.store.personal.erasing import Erasure, Places
from kcdesk.store.personal.free_pages import overwrite_free_pages
from kcdesk.store.stored_record import new_id

if TYPE_CHECKING:
    from kcdesk.store.acts.acting_store import ActingStore
    from kcdesk.store.writer import Writer

ACTION = "Xoá dữ liệu cá nhân theo yêu cầu"


def erase(store: ActingStore, connection: Connection, places: Places, reason: str, id_: str = "") -> Erasure:
    """Erase the values at the places; the act stands in the history without them and cannot be undone.

    `id_` is that of an erasure that is done again in an older copy.
    """
    texts = erasing.values_at(connection, places)
    files = _files_at(store, places)
    with store.act(ACTION, undoes=history.NO_STEP) as act:
        kept = {record: list(paths) for record, paths in places.items()}
        erasure = Erasure(id_ or new_id(), act.at, store.identity.officer.name, reason, kept)
        for record, paths in places.items():
            _empty(store, connection, act, record, paths, erasing.Blotter(texts))
        seq = erasing.blot(connection, erasure, texts)
        first = next(iter(places))
        act.note_on(first, {"erasure": erasure.id, "seals": erasing.seals(connection, seq), "reason": reason})
        reindexing.index_again(connection, store.forms, list(places))
    return replace(erasure, files=frozenset(files))


def overwrite(store: ActingStore, connection: Connection, erasures: Sequence[Erasure]) -> None:
    """Remove the files of erasures that no record names, overwrite freed pages; outside of a transaction."""
    for sha256 in sorted({sha256 for erasure in erasures for sha256 in erasure.files}):
        if not _is_used(connection, sha256):
            store.files.forget(sha256)
    store.readings.remove()
    overwrite_free_pages(connection, store.files.connection())


def _empty(
    store: ActingStore, connection: Connection, act: Writer, id_: str, paths: Sequence[str], blotter: erasing.Blotter
) -> None:
    """Empty the values of a record, so that other stores learn it too; of a deleted one only here."""
    stored = store.get(id_)
    tables = [table.name for table in store.forms.by_reference(stored.form).tables]
    wiped = record_values.tidy(blotter.value(erasing.wipe(stored.data, paths)), tables)
    if stored.deleted:
        connection.execute("UPDATE record SET data = ? WHERE id = ?", [canonical(wiped), id_])
    else:
        act.update(id_, record_values.differences(stored.data, wiped, tables))


def _files_at(store: ActingStore, places: Places) -> set[str]:
    """The hashes of the files that stand at the places."""
    held = set()
    for id_, paths in places.items():
        data = store.get(id_).data
        for path in paths:
            value = record_values.value_at(data, path)
            for file in value if isinstance(value, list) else ():
                if isinstance(file, dict) and "sha256" in file:
                    held.add(str(file["sha256"]))
    return held


def _is_used(connection: Connection, sha256: str) -> bool:
    """Whether a record still names a file."""
    return connection.value("SELECT 1 FROM record WHERE instr(data, ?) LIMIT 1", [sha256]) is not None

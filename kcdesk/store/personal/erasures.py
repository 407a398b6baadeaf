"""An erasure as one act: present values, all their copies, the index; files and free pages go after it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kcdesk.formdef import record_values
from kcdesk.store import history, reindexing
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.personal import erasing, free_pages, wiping
from kcdesk.store.personal.erasing import Erasure, Places
from kcdesk.store.personal.wiping import Blotter
from kcdesk.store.stored_record import new_id

if TYPE_CHECKING:
    from kcdesk.store.acts.acting_store import ActingStore
    from kcdesk.store.writer import Writer

ACTION = "Xoá dữ liệu cá nhân theo yêu cầu"


def erase(store: ActingStore, connection: Connection, places: Places, reason: str, id_: str = "") -> Erasure:
    """Erase the values at the places; the act stands in the history without them and cannot be undone.

    `id_` is that of an erasure that is done again in an older copy. `free_pages.overwrite` follows the transaction.
    """
    with store.act(ACTION, undoes=history.NO_STEP) as act:
        blotter = Blotter(erasing.values_at(connection, places))
        going = erasing.files_at(connection, places)
        kept = {record: list(paths) for record, paths in places.items()}
        erasure = Erasure(id_ or new_id(), act.at, store.identity.officer.name, blotter.text(reason), kept)
        for record, paths in places.items():
            _empty(store, connection, act, record, paths, blotter)
        seq = erasing.blot(connection, erasure, blotter)
        going |= _blot_sent_packages(store, connection, places, blotter)
        free_pages.note_going(connection, going)
        first = next(iter(places))
        act.note_on(first, {"erasure": erasure.id, "seals": erasing.seals(connection, seq), "reason": erasure.reason})
        reindexing.index_again(connection, store.forms, list(places))
    return erasure


def _empty(
    store: ActingStore, connection: Connection, act: Writer, id_: str, paths: Sequence[str], blotter: Blotter
) -> None:
    """Empty the values of a record, so that other stores learn it too; of a deleted one only here."""
    stored = store.get(id_)
    tables = [table.name for table in store.forms.by_reference(stored.form).tables]
    wiped = record_values.tidy(blotter.value(wiping.wipe(stored.data, paths)), tables)
    if stored.deleted:
        connection.execute("UPDATE record SET data = ? WHERE id = ?", [canonical(wiped), id_])
    else:
        act.update(id_, record_values.differences(stored.data, wiped, tables))


def _blot_sent_packages(store: ActingStore, connection: Connection, places: Places, blotter: Blotter) -> set[str]:
    """Blot the kept records of the packages that carried the records; returns the hashes of what they replace."""
    sql = (
        "SELECT DISTINCT package.id, json_extract(details, '$.records') FROM carried"
        " JOIN package ON package.seq = carried.package JOIN record ON record.seq = carried.record"
        " WHERE record.id IN (SELECT value FROM json_each(?)) AND json_type(details, '$.records') = 'text'"
    )
    replaced = set()
    for package, sha256 in connection.all(sql, [canonical(list(places))]):
        if not store.files.has(sha256):
            continue
        lines = zlib.decompress(store.files.read(sha256)).splitlines(keepends=True)
        blotted = b"".join(_blotted_line(line, places, blotter) for line in lines)
        if blotted != b"".join(lines):
            kept = store.files.add(zlib.compress(blotted), f"{package}.jsonl.z")
            store.packages.amend(package, {"records": kept["sha256"]})
            replaced.add(sha256)
    return replaced


def _blotted_line(line: bytes, places: Places, blotter: Blotter) -> bytes:
    record: dict[str, Any] = json.loads(line)
    if record.get("id") not in places:
        return line
    blotted = blotter.value({**record, "data": wiping.emptied(record["data"], places[record["id"]])})
    return line if blotted == record else f"{canonical(blotted)}\n".encode()

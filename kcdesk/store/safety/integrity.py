"""The integrity check: database file, foreign keys, history, records, references, attachments."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from typing import Any, Protocol

from kcdesk.errors import UserError
from kcdesk.formdef import record_values
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Form
from kcdesk.formdef.types.registry import type_of
from kcdesk.progress import Progress, ignore_progress
from kcdesk.store import history, search
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.files import Files
from kcdesk.store.handover.history_tips import HistoryTips
from kcdesk.store.handover.merge_state import Merging
from kcdesk.store.identity import Identity
from kcdesk.store.kept_papers import KeptPapers
from kcdesk.store.printed.printed_summaries import PrintedSummaries
from kcdesk.store.safety import replay
from kcdesk.store.stored_record import COLUMNS, StoredRecord


class CheckedStore(Protocol):
    """What the check reads of a store."""

    forms: Forms
    identity: Identity
    files: Files
    papers: KeptPapers
    summaries: PrintedSummaries
    merging: Merging


_BETWEEN = 0.1  # seconds between two reports of progress


def faults(store: CheckedStore, connection: Connection, progress: Progress = ignore_progress) -> Iterator[str]:
    """Yield a sentence for each fault; `progress` is asked some times a second and may raise to stop."""
    progress = _calm(progress)
    with connection.watched(lambda: progress(0, 0)):
        yield from damage(store, connection)
    yield from oddities(store, connection, progress)


def _calm(progress: Progress) -> Progress:
    """The same progress, passed on at most ten times a second."""
    last = time.monotonic()

    def report(done: int, total: int, text: str = "", /) -> None:
        nonlocal last
        if time.monotonic() - last >= _BETWEEN:
            last = time.monotonic()
            progress(done, total, text)

    return report


def oddities(store: CheckedStore, connection: Connection, progress: Progress = ignore_progress) -> Iterator[str]:
    """Yield the faults of single records; the rest of the store can still be used."""
    yield from replay.faults(connection, store.forms, progress)
    with connection.watched(lambda: progress(0, 0)):
        yield from _odd_records(store, connection)


def _odd_records(store: CheckedStore, connection: Connection) -> Iterator[str]:
    known = {row[0] for row in connection.all("SELECT id FROM record")}
    for row in connection.execute(f"SELECT {COLUMNS} FROM record ORDER BY seq"):
        yield from _record(store, known, StoredRecord.from_row(row))
    yield from _snapshots(connection)
    yield from HistoryTips(connection).faults()
    yield from store.papers.faults()
    yield from store.summaries.faults()
    indexed, records = (connection.value(f"SELECT count(*) FROM {name}") for name in ("record_search", "record"))
    if indexed != records:
        yield f"Chỉ mục tìm kiếm có {indexed} hồ sơ trong khi kho có {records}."


def damage(store: CheckedStore, connection: Connection) -> Iterator[str]:
    """Yield the faults that make a store unusable: of the file, the hash chain of the history, the attachments."""
    yield from _file(connection)
    yield from history.faults(connection)
    yield from store.files.faults()


def _file(connection: Connection) -> Iterator[str]:
    for (message,) in connection.all("PRAGMA integrity_check"):
        if message != "ok":
            yield f"Tệp dữ liệu bị hỏng: {message}."
    for table, rowid, target, _ in connection.all("PRAGMA foreign_key_check"):
        yield f"Dòng {rowid} của bảng {table} trỏ tới dòng không có của bảng {target}."


def _snapshots(connection: Connection) -> Iterator[str]:
    for id_, data, sha256 in connection.execute("SELECT id, data, hash FROM snapshot"):
        if hashlib.sha256(data.encode()).hexdigest() != sha256:
            yield f"Bản chốt {id_} bị sửa."


def _record(store: CheckedStore, known: set[str], stored: StoredRecord) -> Iterator[str]:
    try:
        form = store.forms.by_reference(stored.form)
    except UserError:
        yield f"Hồ sơ {stored.id} theo mẫu {stored.form} mà chương trình không có."
        return
    tables = [table.name for table in form.tables]
    if canonical(record_values.tidy(stored.data, tables)) != stored.data_json:
        yield f"Hồ sơ {stored.id} có dữ liệu không đúng quy cách."
    unstamped = record_values.stamped_paths(stored.data, tables) - stored.stamps.keys()
    if unstamped:
        yield f"Hồ sơ {stored.id} thiếu dấu thời gian ở «{min(unstamped)}»."
    yield from _references(store, known, stored, form)
    yield from _attachments(store, stored, form)


def _references(store: CheckedStore, known: set[str], stored: StoredRecord, form: Form) -> Iterator[str]:
    """Yield missing targets of references, if only this device wrote the record: others may refer to unsent records."""
    missing = [(path, id_) for path, id_ in search.references(form, stored.data) if id_ not in known]
    is_orphan = stored.parent is not None and stored.parent not in known
    if not (missing or is_orphan) or not _is_ours_alone(store, stored):
        return
    for path, id_ in missing:
        yield f"Hồ sơ {stored.id} ở «{path}» trỏ tới hồ sơ {id_} không có trong kho."
    if is_orphan:
        yield f"Hồ sơ {stored.id} thuộc hồ sơ {stored.parent} không có trong kho."


def _is_ours_alone(store: CheckedStore, stored: StoredRecord) -> bool:
    """Whether this device alone wrote the record; one whose arrival was undone counts as written by nobody."""
    return store.merging.seen([stored.id]).get(stored.id, {}).keys() == {store.identity.device_id}


def _attachments(store: CheckedStore, stored: StoredRecord, form: Form) -> Iterator[str]:
    for file in files_in(form, stored.data):
        if not store.files.has(file["sha256"]):
            yield f"Hồ sơ {stored.id} thiếu tệp đính kèm «{file['name']}»."


def files_in(form: Form, data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the entries of all attachments of a record, those of its tables too."""
    for field in form.fields:
        if type_of(field).holds_files:
            yield from data.get(field.name, ())
        for row in data.get(field.name, ()) if field.columns else ():
            for column in field.columns:
                if type_of(column).holds_files:
                    yield from row.get(column.name, ())

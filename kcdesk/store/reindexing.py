"""Reindexing: renews the search index and the sort keys when the forms or the keys themselves have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import MERGED_INTO, Form
from kcdesk.store import rows, search
from kcdesk.store.database import views
from kcdesk.store.database.db import Connection, canonical, kept_json
from kcdesk.store.database.merged_records import followed_data, survivors
from kcdesk.store.former_values import former_values
from kcdesk.store.stored_record import COLUMNS, StoredRecord

_SETTING, _ORDER_SETTING = "searched", "sort_keys"
_BATCH = 1000


def refresh(connection: Connection, forms: Forms) -> int:
    """Index again the records of every form whose searched fields have changed; returns the number of records."""
    wanted = forms.once(_SETTING, lambda: {form.reference: _fingerprint(form, forms) for form in forms.all})
    kept = connection.value("SELECT value FROM setting WHERE name = ?", [_SETTING])
    before = kept_json(kept) or {}
    if before == wanted:
        return 0
    changed = [reference for reference, fingerprint in wanted.items() if before.get(reference) != fingerprint]
    with connection.atomic():
        number = _index(connection, forms, changed)
        connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [_SETTING, canonical(wanted)])
    return number


def forget(connection: Connection) -> None:
    """Forget what is indexed: the next `refresh` indexes every record."""
    connection.execute("DELETE FROM setting WHERE name = ?", [_SETTING])


def index_again(connection: Connection, forms: Forms, ids: Sequence[str]) -> None:
    """Index these records anew, with those that refer to them: their history was changed by an erasure."""
    rows_ = connection.all(
        f"SELECT {COLUMNS} FROM record WHERE id IN (SELECT value FROM json_each(?))", [canonical(list(ids))]
    )
    batch = {stored.seq: stored for stored in map(StoredRecord.from_row, rows_)}
    for kind in {stored.kind for stored in batch.values()}:
        paths = search.references_to(forms, kind)
        for seq in search.referring(connection, paths, ids):
            row = connection.first(f"SELECT {COLUMNS} FROM record WHERE seq = ?", [seq])
            batch[seq] = StoredRecord.from_row(row)

    def title_of(id_: str) -> str:
        row = connection.first(f"SELECT {COLUMNS} FROM record WHERE id = ?", [id_])
        return titles_in_time(connection, forms, StoredRecord.from_row(row)) if row is not None else ""

    search.put(connection, index_entries(connection, forms, list(batch.values())), forms, title_of)


def refresh_order(connection: Connection, forms: Forms) -> int:
    """Make the sort keys again if another version of `text.sort_key` made them; returns the number of changed records.

    Indexes over sort keys are dropped in the same transaction: SQLite would look in them for keys that they never had.
    """
    if connection.value("SELECT value FROM setting WHERE name = ?", [_ORDER_SETTING]) == str(text.KEYS_VERSION):
        return 0
    with connection.atomic():
        views.drop_orders(connection)
        new = [(key, seq) for seq, key, old in _sort_keys(connection, forms) if key != old]
        connection.many("UPDATE record SET sort = ? WHERE seq = ?", new)
        connection.execute(
            "INSERT OR REPLACE INTO setting VALUES (?, ?)", [_ORDER_SETTING, canonical(text.KEYS_VERSION)]
        )
    return len(new)


def _sort_keys(connection: Connection, forms: Forms) -> Iterator[tuple[int, str, str]]:
    """`seq`, sort key and stored sort key of every record whose form is known."""
    known = {form.reference: form for form in forms.all}
    for batch in _batches(connection, list(known)):
        kept = connection.all("SELECT seq, sort FROM record WHERE seq BETWEEN ? AND ?", [batch[0].seq, batch[-1].seq])
        old = dict(kept)
        yield from ((stored.seq, rows.sort_of(known[stored.form], stored.data), old[stored.seq]) for stored in batch)


def _fingerprint(form: Form, forms: Forms) -> str:
    """A hash of the names of the searched fields and facets of a form, and of the way in which words are folded."""
    names = [str(text.KEYS_VERSION), *search.searched_names(form), *search.facet_names(form, forms.renames(form.id))]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]


def _index(connection: Connection, forms: Forms, references: list[str]) -> int:
    @cache
    def title_of(id_: str) -> str:
        row = connection.first(f"SELECT {COLUMNS} FROM record WHERE id = ?", [id_])
        return titles_in_time(connection, forms, StoredRecord.from_row(row)) if row is not None else ""

    number = 0
    for batch in _batches(connection, references):
        search.put(connection, index_entries(connection, forms, batch), forms, title_of)
        number += len(batch)
    return number


def _batches(connection: Connection, references: list[str]) -> Iterator[list[StoredRecord]]:
    sql = (
        f"SELECT {COLUMNS} FROM record WHERE form IN (SELECT value FROM json_each(?)) AND seq > ? ORDER BY seq LIMIT ?"
    )
    after = 0
    while read := connection.all(sql, [canonical(references), after, _BATCH]):
        batch = [StoredRecord.from_row(row) for row in read]
        after = batch[-1].seq
        yield batch


def index_entries(connection: Connection, forms: Forms, batch: Sequence[StoredRecord]) -> list[search.IndexEntry]:
    """What the index holds of these records, former values included; their history must be written."""
    known = [(stored, forms.by_reference(stored.form)) for stored in batch]
    former, merged = former_values(connection, forms, batch), survivors(connection)
    return [
        search.IndexEntry(
            seq=stored.seq,
            kind=stored.kind,
            form=form,
            data=followed_data(stored.data, merged, MERGED_INTO) if merged else stored.data,
            kept=stored.data if merged else None,
            deleted=stored.deleted is not None,
            former=former.get(stored.seq, ()),
        )
        for stored, form in known
    ]


def titles_in_time(connection: Connection, forms: Forms, stored: StoredRecord) -> str:
    """The title of a record and its former titles, by which the records that refer to it are found as well."""
    try:
        form = forms.by_reference(stored.form)
    except UserError:  # this program no longer has its form
        return ""
    former = former_values(connection, forms, [stored]).get(stored.seq, [])
    titles = (str(value.value) for value in former if value.path in form.title)
    return " ".join([stored.title(forms), *titles])

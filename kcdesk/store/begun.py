"""Records that were begun and not changed yet: they are kept in memory and written with their first change.

An officer who opens an empty form and goes back leaves nothing behind: no record, no line of history, no step of undo.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from kcdesk.runtime.frozen import Value
from kcdesk.store.database.db import canonical
from kcdesk.store.stored_record import StoredRecord
from kcdesk.store.writer import Writer

_NOT_WRITTEN = -1  # a sequence number that no record has


class BegunRecord(Value, kw_only=True):
    """A record as it will be written; `action` names the act that makes it."""

    id: str
    kind: str
    form: str
    parent: str | None
    data: Mapping[str, Any]
    action: str

    def stored(self, unit: str, at: str) -> StoredRecord:
        """Return the record as if it had been written at that time (UTC, ISO form)."""
        return StoredRecord(
            seq=_NOT_WRITTEN,
            id=self.id,
            kind=self.kind,
            parent=self.parent,
            unit=unit,
            form=self.form,
            sort="",
            created=at,
            updated=at,
            deleted=None,
            data_json=canonical(self.data),
            stamps_json="{}",
        )


class BegunRecords:
    """The begun records of an open store, by id."""

    def __init__(self) -> None:
        self._records: dict[str, BegunRecord] = {}
        self._written: dict[str, BegunRecord] = {}  # those that were changed since, as they were begun

    def put(self, record: BegunRecord) -> None:
        """Keep a record until it is changed or forgotten."""
        self._records[record.id] = record

    def get(self, id_: str) -> BegunRecord | None:
        """Return a begun record; None when there is none, or when it has been written."""
        return self._records.get(id_)

    def forget(self, id_: str) -> bool:
        """Give a record up that was left without a change; return whether it was one."""
        return self._records.pop(id_, None) is not None

    def write(self, writer: Writer, id_: str) -> None:
        """Write the record in a running act, if it is still only begun."""
        begun = self._records.pop(id_, None)
        if begun is not None:
            writer.insert(begun.kind, begun.form, begun.data, parent=begun.parent, id=begun.id)
            self._written[id_] = begun

    def written(self, id_: str) -> BegunRecord | None:
        """Return how a record was begun that has been written since the store was opened; None for any other."""
        return self._written.get(id_)

    @contextmanager
    def kept_on_failure(self) -> Iterator[None]:
        """Have every record back if the act fails in which it was written."""
        before = dict(self._records)
        try:
            yield
        except BaseException:
            self._records = before
            raise

"""Records as they are stored, and the ids of new records."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_title import title_of
from kcdesk.runtime.frozen import Value

COLUMNS = "record.seq, record.id, kind, parent, unit, form, sort, created, updated, deleted, data, stamps"


def new_id() -> str:
    """Make a UUIDv7: unique everywhere, and later ids sort after earlier ones."""
    from uuid6 import uuid7  # its import takes 50 ms, which opening a store does not need

    return str(uuid7())


class StoredRecord(Value, kw_only=True, dict=True):
    """One stored record; times are UTC in ISO form, `deleted` is None unless it is deleted, `sort` is its sort key.

    `data` and `stamps` are parsed from their JSON at first use: a list needs no stamps.
    """

    seq: int
    id: str
    kind: str
    parent: str | None
    unit: str
    form: str
    sort: str
    created: str
    updated: str
    deleted: str | None
    data_json: str
    stamps_json: str
    kept: StoredRecord | None = None  # as it is in the file, if it names merged records there

    @property
    def as_kept(self) -> StoredRecord:
        """The record as it is in the file, for writing and sending; it may name records that were merged."""
        return self.kept or self

    @classmethod
    def from_row(cls, row: Any) -> StoredRecord:
        """Make a record from a row of `COLUMNS`."""
        *plain, data, stamps = tuple(row)
        names = ("seq", "id", "kind", "parent", "unit", "form", "sort", "created", "updated", "deleted")
        return cls(**dict(zip(names, plain, strict=True)), data_json=data, stamps_json=stamps)

    @cached_property
    def data(self) -> dict[str, Any]:
        """The values of the fields; do not change them in place."""
        return dict(json.loads(self.data_json))

    @cached_property
    def stamps(self) -> dict[str, str]:
        """The stamp of the last write of every path."""
        return dict(json.loads(self.stamps_json))

    def title(self, forms: Forms) -> str:
        """The title of the record."""
        return title_of(forms.by_reference(self.form), self.data, forms)

    def record(self, forms: Forms) -> Record:
        """The record with the behaviour of its form, as a copy that may be changed."""
        return Record(
            id=self.id,
            kind=self.kind,
            form=forms.by_reference(self.form),
            data=self.data,
            stamps=self.stamps,
            forms=forms,
            parent=self.parent,
            deleted=self.deleted is not None,
        )

"""A record as it lies in the store, and ids."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kcdesk.formdef.loading.loader import Forms
from kcdesk.formdef.record import Record, title_of

COLUMNS = "record.seq, record.id, kind, parent, unit, form, sort, created, updated, deleted, data, stamps"


def new_id() -> str:
    """A UUIDv7: unique everywhere and in the order of making."""
    from uuid6 import uuid7  # reads its own metadata when imported, 50 ms that opening a store need not pay

    return str(uuid7())


@dataclass(frozen=True, kw_only=True)
class StoredRecord:
    """One record; times are UTC in ISO form, `deleted` is None while it lives, `sort` is its place in lists.

    `data` and `stamps` are read from their JSON when first asked for: a list needs no stamps.
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

    @classmethod
    def from_row(cls, row: Any) -> StoredRecord:
        """From a row of `COLUMNS`."""
        *plain, data, stamps = tuple(row)
        names = ("seq", "id", "kind", "parent", "unit", "form", "sort", "created", "updated", "deleted")
        return cls(**dict(zip(names, plain, strict=True)), data_json=data, stamps_json=stamps)

    @cached_property
    def data(self) -> dict[str, Any]:
        """The fields; do not change them in place."""
        return dict(json.loads(self.data_json))

    @cached_property
    def stamps(self) -> dict[str, str]:
        """The stamp of the last change of every path."""
        return dict(json.loads(self.stamps_json))

    def title(self, forms: Forms) -> str:
        """What the record is called."""
        return title_of(forms.by_reference(self.form), self.data, forms)

    def record(self, forms: Forms) -> Record:
        """The record with the behaviour that its form gives it; a copy that may be changed."""
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

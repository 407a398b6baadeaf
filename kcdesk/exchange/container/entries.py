"""The records of a package: one JSON line of `records.jsonl` each, without loss, with the stamp of every field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kcdesk.bounded import limits
from kcdesk.bounded.json_text import parsed
from kcdesk.exchange.container.manifest import Attachment, canonical
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Form
from kcdesk.formdef.personal import personal_values
from kcdesk.runtime.frozen import Value
from kcdesk.store.handover.merge_state import Incoming
from kcdesk.store.handover.merging import MergeState
from kcdesk.store.stored_record import StoredRecord

_LONGEST_LINE = 8 << 20  # bytes; a dossier with 300 photos has 150,000
_MAPPINGS = ("seen", "others", "private", "voucher")


class EntryError(Exception):
    """The line is not a record."""


class RecordEntry(Value, kw_only=True):
    """One record of a package; `deleted` is None unless it is deleted."""

    id: str
    kind: str
    parent: str | None
    unit: str
    form: str
    data: dict[str, Any]
    stamps: dict[str, str]
    created: str
    updated: str
    deleted: str | None
    seen: dict[str, str]  # the newest stamp of each device that the sender has seen of this record
    others: dict[str, dict[str, Any]]  # the waiting writes of the sender's conflicts, by path and stamp
    private: dict[str, str]  # as `seen`, for the sensitive fields; {} if they are left out
    voucher: dict[str, str]  # the signed statement of the province: "key", "said", "signature"; or {}

    @classmethod
    def of(
        cls,
        record: StoredRecord,
        left_out: Iterable[str],
        seen: Mapping[str, str] | None = None,
        others: Mapping[str, dict[str, Any]] | None = None,
        private: Mapping[str, str] | None = None,
        voucher: Mapping[str, str] | None = None,
    ) -> RecordEntry:
        """Make an entry of a stored record, without the fields (`name`) and columns (`table/column`) in `left_out`."""
        hidden = frozenset(left_out)
        record = record.as_kept
        stamps = record.stamps
        return cls(
            id=record.id,
            kind=record.kind,
            parent=record.parent,
            unit=record.unit,
            form=record.form,
            created=record.created,
            updated=record.updated,
            deleted=record.deleted,
            data=_without(record.data, hidden) if hidden else record.data,
            stamps={path: at for path, at in stamps.items() if _field_path(path) not in hidden} if hidden else stamps,
            seen=dict(seen or {}),
            others={path: register for path, register in (others or {}).items() if _field_path(path) not in hidden},
            private=dict(private or {}) if not hidden else {},
            voucher=dict(voucher or {}),
        )

    def incoming(self) -> Incoming:
        """The record in the form that merging needs."""
        state = MergeState(
            form=self.form,
            created=self.created,
            updated=self.updated,
            deleted=self.deleted,
            data=self.data,
            stamps=self.stamps,
            others=self.others,
            seen=self.seen,
            private=self.private,
        )
        return Incoming(id=self.id, kind=self.kind, unit=self.unit, parent=self.parent, state=state)

    @classmethod
    def from_line(cls, line: bytes) -> RecordEntry:
        """Read the record of one line; EntryError if it is none."""
        try:
            values = parsed(line) if len(line) <= _LONGEST_LINE else None
        except ValueError as error:
            raise EntryError from error
        if not isinstance(values, dict) or values.keys() != _KINDS.keys():
            raise EntryError
        for name, kinds in _KINDS.items():
            if type(values[name]) not in kinds:
                raise EntryError
        return cls(**values)

    def to_line(self) -> bytes:
        """The JSON line, without its line end."""
        return canonical({name: getattr(self, name) for name in _KINDS})


_TEXT, _MARK, _OBJECT = frozenset((str,)), frozenset((str, type(None))), frozenset((dict,))
_KINDS = {  # the types that each value of a line may have
    **dict.fromkeys(("id", "kind", "unit", "form", "created", "updated"), _TEXT),
    **dict.fromkeys(("parent", "deleted"), _MARK),
    **dict.fromkeys(("data", "stamps", *_MAPPINGS), _OBJECT),
}


def write_lines(entries: Iterable[RecordEntry]) -> bytes:
    """The whole part: one record on each line."""
    return b"".join(entry.to_line() + b"\n" for entry in entries)


def read_lines(part: bytes) -> Iterator[RecordEntry]:
    """Read the records of the part; EntryError at the first line that is no record, or if there are too many."""
    if part.count(b"\n") > limits.PACKAGE.count:
        raise EntryError
    return map(RecordEntry.from_line, part.splitlines())


def sensitive_paths(form: Form) -> Iterator[str]:
    """The fields (`name`) and columns (`table/column`) of a form that are sensitive by law."""
    for field in form.fields:
        if field.sensitive:
            yield field.name
        else:
            yield from (f"{field.name}/{column.name}" for column in field.columns if column.sensitive)


def count_personal(entries: Iterable[RecordEntry], forms: Forms) -> int:
    """The number of personal values in the records; records of unknown forms are not counted."""
    known = {form.reference: form for form in forms.all}
    return sum(1 for entry in entries if entry.form in known for _ in personal_values(known[entry.form], entry.data))


def attachments(entries: Iterable[RecordEntry], forms: Mapping[str, Form]) -> tuple[Attachment, ...]:
    """The files of the records, each once, in the order of the records; `forms` maps references to forms."""
    files: dict[str, Attachment] = {}
    for entry in entries:
        for _, file in files_of(entry, forms[entry.form]):
            size = file.get("size", 0)
            files.setdefault(file["sha256"], Attachment(sha256=file["sha256"], name=file["name"], size=size))
    return tuple(files.values())


def files_of(entry: RecordEntry, form: Form) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every attached file of a record, with the path of its field."""
    for name, column in form.file_places:
        if name not in entry.data:
            continue
        if not column:
            yield from ((name, file) for file in entry.data[name])
        for row in entry.data[name] if column else ():
            path = f"{name}/{row['id']}/{column}"
            yield from ((path, file) for file in row.get(column, ()))


def _without(data: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    kept = {name: value for name, value in data.items() if name not in hidden}
    for path in hidden:
        table, _, column = path.partition("/")
        if column and table in kept:
            kept[table] = [{name: cell for name, cell in row.items() if name != column} for row in kept[table]]
    return kept


def _field_path(path: str) -> str:
    """`budget/<row>/cost` becomes `budget/cost`; the path of a field or of a row becomes the field's name."""
    parts = path.split("/")
    return f"{parts[0]}/{parts[2]}" if len(parts) > 2 else parts[0]

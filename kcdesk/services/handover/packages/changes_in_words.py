"""Describe the result of merging in words: titles, labels and values of received and of stored records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kcdesk.errors import UserError
from kcdesk.formdef import record_values
from kcdesk.formdef.model import DELETED, RECORD_LABELS, Field, Form
from kcdesk.formdef.record_title import title_of
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.types.row_links import RecordLookups
from kcdesk.formdef.types.row_types import GONE_ROW
from kcdesk.formdef.values import is_blank
from kcdesk.runtime.frozen import Value
from kcdesk.services.records import titles
from kcdesk.store.handover.merge_state import Outcome
from kcdesk.store.handover.merging import written
from kcdesk.store.reader import Reader

if TYPE_CHECKING:
    from kcdesk.exchange.container.entries import RecordEntry

NOT_PROVEN = "Phần do cấp tỉnh quyết định chỉ nhận từ gói mang chữ ký của tỉnh."
_MOST = 200  # characters of a value beside another


class FieldChange(Value, kw_only=True):
    """A field, row or cell: the stored value, the value in the package, and the result.

    `status` is `new`, `changed`, `conflict` (both values wait for a decision; `kept` is shown) or `refused`.
    """

    path: str
    label: str
    ours: str
    theirs: str
    status: str
    kept: str = ""

    def to_json(self) -> dict[str, str]:
        """As the command line prints it."""
        return {
            "path": self.path, "label": self.label, "ours": self.ours, "theirs": self.theirs, "status": self.status,
            "kept": self.kept,
        }  # fmt: skip


class RecordNames:
    """Titles, labels and texts of stored records and of those in a package; long texts are cut unless `whole`."""

    def __init__(self, reader: Reader, entries: Sequence[RecordEntry] = (), *, whole: bool = False) -> None:
        self._reader, self._entries, self._whole = reader, entries, whole

    @cached_property
    def _coming(self) -> dict[str, RecordEntry]:
        return {entry.id: entry for entry in self._entries}

    def kind(self, kind: str) -> str:
        """The label of a kind of record."""
        versions = self._reader.forms.versions
        return self._reader.forms.get(kind, versions[kind]).label if kind in versions else kind

    def title(self, entry: RecordEntry) -> str:
        """The title of a record of the package."""
        return title_of(self._reader.forms.by_reference(entry.form), entry.data, self._reader.forms)

    def title_of(self, id_: str) -> str:
        """The title of a record in the package or in the store; ELSEWHERE if it is in neither."""
        if id_ in self._coming:
            return self.title(self._coming[id_])
        try:
            return self._reader.record(id_).title()
        except UserError:
            return titles.ELSEWHERE

    def label(self, form: str, path: str) -> str:
        """The label of a field; the label of a cell includes that of its table."""
        if path in RECORD_LABELS:
            return RECORD_LABELS[path]
        fields = self._reader.shapes.of(form).fields(path)
        return " – ".join(field.heading for field in fields) or path

    def text(self, form: str, path: str, value: Any, within: Sequence[Mapping[str, Any]] = ()) -> str:
        """A value as text; "" for a blank. `within` are data of the record that may have the rows that cells name."""
        if is_blank(value):
            return ""
        if path == DELETED:
            return "Đã xoá" if value else ""
        shape = self._reader.shapes.of(form)
        if path == "state":
            states = self._reader.forms.workflow(shape.form.id).states
            return next((state.label for state in states if state.name == value), str(value))
        fields = shape.fields(path)
        if path.count("/") == 1:
            return self._row_text(form, path, value, within)
        if not fields or path.endswith("/position"):
            return str(value)
        field_type = type_of(fields[-1])
        if field_type.names_records:
            return "; ".join(map(self.title_of, field_type.named_records(value)))
        if field_type.is_table_row:
            return self._row_name(shape.form, fields[-1], str(value), within)
        text_value = field_type.text(value, fields[-1], self._reader.forms)
        return text_value if self._whole or len(text_value) <= _MOST else f"{text_value[:_MOST]}…"

    def _row_name(self, form: Form, column: Field, row_id: str, within: Sequence[Mapping[str, Any]]) -> str:
        """The name of a row that a cell names, in the first of the data that have it."""
        names = (RecordLookups(self._reader.forms, form, data).row_names(column.rows_from) for data in within)
        return next((known[row_id] for known in names if row_id in known), GONE_ROW)

    def _row_text(self, form: str, path: str, value: Any, within: Sequence[Mapping[str, Any]]) -> str:
        if not isinstance(value, dict):
            return "(có dòng này)"
        cells = (
            self.text(form, f"{path}/{name}", cell, within) for name, cell in value.items() if name not in _OF_ROWS
        )
        return "; ".join(filter(None, cells))

    def changes(self, entry: RecordEntry, outcome: Outcome) -> Iterator[FieldChange]:
        """The changes of a package to a stored record; of a new record only conflicts and refusals."""
        if outcome.before is None and not outcome.clashes and not outcome.refused:
            return
        form = outcome.after.form
        shape = self._reader.shapes.of(form)
        theirs = {path: value for path, _, value in written(entry.incoming().state, self._reader.shapes.of(entry.form))}
        before = outcome.before
        ours = {path: value for path, _, value in written(before, shape)} if before else {}
        now = {path: value for path, _, value in written(outcome.after, shape)}
        within = (outcome.after.data, entry.data, *([before.data] if before else ()))
        if before:
            for path, value in outcome.changes.items():
                if path not in outcome.clashes:
                    old = record_values.value_at(before.data, path) if path != DELETED else bool(before.deleted)
                    yield self._change(form, path, old, value, "changed", within=within)
        for path in outcome.clashes:
            yield self._change(form, path, ours.get(path), theirs.get(path), "conflict", now.get(path), within)
        for path in outcome.refused:
            yield self._change(form, path, ours.get(path), theirs.get(path), "refused", ours.get(path), within)

    def _change(
        self,
        form: str,
        path: str,
        ours: Any,
        theirs: Any,
        status: str,
        kept: Any = None,
        within: Sequence[Mapping[str, Any]] = (),
    ) -> FieldChange:
        return FieldChange(
            path=path,
            label=self.label(form, path),
            ours=self.text(form, path, ours, within),
            theirs=self.text(form, path, theirs, within),
            status=status,
            kept=self.text(form, path, kept, within),
        )


_OF_ROWS = ("id", "position")

"""Read any record: pages of a list, a row, titles, texts, names of units, the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kcdesk import likeness
from kcdesk.errors import UserError
from kcdesk.formdef.model import RECORD_LABELS, Form, Tone
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.records import former_names, permissions, titles
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace
from kcdesk.store.history import ChangeLine
from kcdesk.store.stored_record import StoredRecord

FieldValues = Mapping[str, Any]


class ListRow(Value):
    """A row of a list: texts by field, ready to show."""

    id: str
    title: str
    state: str
    state_label: str
    tone: Tone
    cells: dict[str, str]
    stored: StoredRecord
    names: FieldValues  # the name of each column in the record's form version
    former: str = ""  # the former name or number by which a search lists it, in words

    def value(self, column: str) -> Any:
        """The stored value of a column; None if it is empty."""
        return self.stored.data.get(self.names.get(column, column))


def is_editable(workspace: Workspace, id_: str, path: str) -> bool:
    """Whether this officer may change the field in the record's present state."""
    record = workspace.store.record(id_)
    workflow, level = workspace.forms.workflow(record.kind), workspace.identity.unit.level
    return record.is_editable(path, workflow, level, is_own=permissions.is_own(workspace, record))


def list_page(
    workspace: Workspace,
    kind: str,
    search: str = "",
    where: FieldValues | None = None,
    order: str = "",
    descending: bool = False,
    after: ListRow | None = None,
    limit: int = 100,
    columns: Sequence[str] = (),
) -> list[ListRow]:
    """Read a page of a list, after the last row of the page before; without `columns`, those of the form's list."""
    page = workspace.store.page(
        kind,
        search=search,
        where=where or {},
        order=order,
        descending=descending,
        after=after.stored if after else None,
        limit=limit,
    )
    rows = [list_row(workspace, stored, columns) for stored in page]
    return [_with_former(workspace, row, search) for row in rows] if search else rows


def matched_row(workspace: Workspace, stored: StoredRecord, search: str) -> ListRow:
    """Make the row of a record that a search has found, with the former name by which it did."""
    return _with_former(workspace, list_row(workspace, stored), search)


def _with_former(workspace: Workspace, row: ListRow, search: str) -> ListRow:
    former = former_names.matching(workspace, row.stored, search)
    return replace(row, former=former) if former else row


def list_row(workspace: Workspace, stored: StoredRecord, columns: Sequence[str] = ()) -> ListRow:
    """Make the list row of a stored record; only the shown fields are read, because a list has many rows."""
    form = workspace.forms.by_reference(stored.form)
    names = _columns(workspace, form, tuple(columns))
    needed = ("state", form.parent, *form.title, *names.values())
    data = {name: stored.data[name] for name in needed if name in stored.data}
    record = Record(stored.id, stored.kind, form, data, forms=workspace.forms)
    state = workspace.forms.workflow(record.kind).state(record.state)
    cells = {name: text_of(workspace, record, own) + _mark(record, own) for name, own in names.items()}
    title = titles.title_of(workspace, record)
    return ListRow(record.id, title, state.name, state.label, state.tone, cells, stored, names)


def _mark(record: Record, path: str) -> str:
    """The mark of a value that is kept as it stands on paper; "" for every other."""
    value, field_ = record.data.get(path), record.form.by_name[path]
    return "" if value is None else type_of(field_).mark(value, field_, record.forms)


def _columns(workspace: Workspace, form: Form, chosen: tuple[str, ...]) -> Mapping[str, str]:
    """The columns of today's list, or the chosen ones, each with its name in the form version of a record."""
    return workspace.forms.once(
        ("columns", form.reference, workspace.today(), chosen), lambda: _compute_columns(workspace, form, chosen)
    )


def _compute_columns(workspace: Workspace, form: Form, chosen: tuple[str, ...]) -> dict[str, str]:
    try:
        listed = chosen or workspace.forms.current(form.id, workspace.today()).list
    except UserError:  # no version is in force today
        listed = form.list
    own = {name: workspace.forms.renames(form.id).own(form, name) for name in listed}
    return {name: own_name for name, own_name in own.items() if own_name in form.by_name}


def count(workspace: Workspace, kind: str, search: str = "", where: FieldValues | None = None) -> int:
    """The number of records in a list."""
    return workspace.store.count(kind, search=search, where=where or {})


def title_of(workspace: Workspace, id_: str) -> str:
    """The title of a record; ELSEWHERE if the record is not here, because a unit receives only its own dossiers."""
    try:
        return titles.title_of(workspace, workspace.store.record(id_))
    except UserError:
        return titles.ELSEWHERE


def row_names(workspace: Workspace, id_: str, table: str) -> list[str]:
    """The names of the rows of a table of a record; none if the record is not here or does not show the table."""
    stored = next(iter(present(workspace, [id_])), None)
    record = stored.record(workspace.forms) if stored else None
    has_table = record is not None and table in record.form.by_name and record.is_visible(table)
    return list(record.row_names(table).values()) if record and has_table else []


def unit_names(workspace: Workspace) -> dict[str, str]:
    """The name of each known unit by its code, with this unit."""
    own = workspace.identity.unit
    devices = {device.unit: device.name for device in workspace.store.partners.devices()}
    return devices | {partner.unit: partner.name for partner in workspace.store.partners.list()} | {own.code: own.name}


def text_of(workspace: Workspace, record: Record, path: str) -> str:
    """A value as text, references by title; "" for an empty field."""
    value = record.value(path)
    if value is None:
        return ""
    field_type = type_of(record.field(path))
    if field_type.names_records:
        return ", ".join(title_of(workspace, id_) for id_ in field_type.named_records(value))
    return record.text(path)


def history(workspace: Workspace, id_: str) -> list[dict[str, Any]]:
    """The history of a record, newest first.

    Each {"act", "at", "officer", "action", "fields", "labels", "before", "after"}.
    """
    return acts(workspace.store.record(id_), workspace.store.history(id_))


def acts(record: Record, changes: Iterable[ChangeLine]) -> list[dict[str, Any]]:
    """The changes of a record as `history` gives them."""
    return [
        {
            "act": line.act,
            "at": line.at,
            "officer": line.officer,
            "action": line.action,
            "fields": sorted((line.after or line.before or {}).keys()),
            "labels": _labels(record, line.after or line.before or {}),
            "before": line.before,
            "after": line.after,
        }
        for line in changes
        if line.operation != "snapshot"  # belongs to a step that has its own line
    ]


def _labels(record: Record, paths: FieldValues) -> list[str]:
    names = {path.partition("/")[0] for path in paths}
    labels = [label for name, label in RECORD_LABELS.items() if name in names]
    return labels + [f.label for f in record.form.fields if f.name in names and not f.computed]


def form_of(workspace: Workspace, kind: str) -> Form:
    """The form of a new record of a kind; UserError `unknown_kind`."""
    if kind not in workspace.forms.kinds:
        labels = (workspace.forms.current(name).label for name in workspace.forms.kinds)
        alike = likeness.nearest_words(kind, (*workspace.forms.kinds, *labels))
        raise UserError(
            f"Không có loại hồ sơ «{kind}»{alike}.",
            code="unknown_kind",
            hint=f"Các loại hiện có: {', '.join(workspace.forms.kinds)}.",
        )
    return workspace.forms.current(kind, workspace.today())

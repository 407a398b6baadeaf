"""What can be read of any record: pages of a list, one row, titles, texts, the history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.model import RECORD_LABELS, Form, Tone
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.records import titles
from kcdesk.services.workspace import Workspace
from kcdesk.store.records import StoredRecord

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: texts by field, ready to show."""

    id: str
    title: str
    state: str
    state_label: str
    tone: Tone
    cells: dict[str, str] = field(hash=False)
    stored: StoredRecord = field(repr=False, hash=False)
    names: Values = field(repr=False, hash=False)  # what the record's version calls each column

    def value(self, column: str) -> Any:
        """What is stored of a column; None for nothing."""
        return self.stored.data.get(self.names.get(column, column))


def is_editable(workspace: Workspace, id_: str, path: str) -> bool:
    """Whether this officer may change the field now."""
    record = workspace.store.record(id_)
    return record.is_editable(path, workspace.forms.workflow(record.kind), workspace.identity.unit.level)


def list_page(
    workspace: Workspace,
    kind: str,
    search: str = "",
    where: Values | None = None,
    order: str = "",
    descending: bool = False,
    after: Row | None = None,
    limit: int = 100,
) -> list[Row]:
    """One page of a list, after the last row of the page before."""
    page = workspace.store.page(
        kind,
        search=search,
        where=where or {},
        order=order,
        descending=descending,
        after=after.stored if after else None,
        limit=limit,
    )
    return [row(workspace, stored) for stored in page]


def row(workspace: Workspace, stored: StoredRecord) -> Row:
    """One stored record as a line of a list; only what the line shows is looked at, for a list has many."""
    form = workspace.forms.by_reference(stored.form)
    columns = _columns(workspace, form)
    looked_at = ("state", form.parent, *form.title, *columns.values())
    shown = {name: stored.data[name] for name in looked_at if name in stored.data}
    record = Record(stored.id, stored.kind, form, shown, forms=workspace.forms)
    state = workspace.forms.workflow(record.kind).state(record.state)
    cells = {name: text_of(workspace, record, own) for name, own in columns.items()}
    title = titles.title_of(workspace, record)
    return Row(record.id, title, state.name, state.label, state.tone, cells, stored, columns)


def _columns(workspace: Workspace, form: Form) -> Mapping[str, str]:
    """The columns of the list of today, with what the version of a record calls each of them."""
    return workspace.forms.once(("columns", form.reference, workspace.today()), lambda: _made_columns(workspace, form))


def _made_columns(workspace: Workspace, form: Form) -> dict[str, str]:
    try:
        listed = workspace.forms.current(form.id, workspace.today()).list
    except UserError:  # no version is in force today
        listed = form.list
    own = {name: workspace.forms.renames(form.id).own(form, name) for name in listed}
    return {name: called for name, called in own.items() if called in form.by_name}


def count(workspace: Workspace, kind: str, search: str = "", where: Values | None = None) -> int:
    """How many records a list holds."""
    return workspace.store.count(kind, search=search, where=where or {})


def global_search(workspace: Workspace, text: str, limit: int = 8) -> list[Row]:
    """The best rows of every kind, for the search box that is everywhere; `limit` per kind."""
    found: list[Row] = []
    for kind in workspace.forms.kinds:
        found += list_page(workspace, kind, search=text, limit=limit)
    return found


def title_of(workspace: Workspace, id_: str) -> str:
    """The title of a record, or a sentence for one that is not here: a unit is sent its own dossiers only."""
    try:
        return titles.title_of(workspace, workspace.store.record(id_))
    except UserError:
        return titles.ELSEWHERE


def text_of(workspace: Workspace, record: Record, path: str) -> str:
    """A value as people read it ("" for none), what it refers to by title."""
    value = record.value(path)
    if value is None:
        return ""
    field_type = type_of(record.field(path))
    if field_type.names_records:
        return ", ".join(title_of(workspace, id_) for id_ in field_type.named_records(value))
    return record.text(path)


def history(workspace: Workspace, id_: str) -> list[dict[str, Any]]:
    """What was done to a record, newest first: {"at", "officer", "action", "fields", "labels", "before", "after"}."""
    record = workspace.store.record(id_)
    return [
        {
            "at": line.at,
            "officer": line.officer,
            "action": line.action,
            "fields": sorted((line.after or line.before or {}).keys()),
            "labels": _labels(record, line.after or line.before or {}),
            "before": line.before,
            "after": line.after,
        }
        for line in workspace.store.history(id_)
        if line.operation != "snapshot"  # kept along with the step that the line beside it tells
    ]


def _labels(record: Record, paths: Values) -> list[str]:
    names = {path.partition("/")[0] for path in paths}
    labels = [label for name, label in RECORD_LABELS.items() if name in names]
    return labels + [f.label for f in record.form.fields if f.name in names and not f.computed]


def form_of(workspace: Workspace, kind: str) -> Form:
    """The form of a new record of a kind; UserError `unknown_kind`."""
    if kind not in workspace.forms.kinds:
        raise UserError(
            f"Không có loại hồ sơ «{kind}».",
            code="unknown_kind",
            hint=f"Các loại hiện có: {', '.join(workspace.forms.kinds)}.",
        )
    return workspace.forms.current(kind, workspace.today())

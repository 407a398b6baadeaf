"""The dossiers that belong to a dossier (contracts, visits, …), and beginning a new one from it."""

from __future__ import annotations

from typing import Any

from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.services.records import changing, parents, reading
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes


class RelatedGroup(Value):
    """The related dossiers of a kind; `create_label` is "" if no new one is begun from here now."""

    kind: str
    label: str
    lines: tuple[reading.ListRow, ...]
    create_label: str


class Related(Value):
    """The related dossiers of a dossier, by kind."""

    groups: tuple[RelatedGroup, ...]


def related(workspace: Workspace, record: Record) -> Related:
    """List the dossiers above this record (its proposal) and below it, and the kinds that are begun from it now."""
    groups = [group for group in (_above(workspace, record),) if group]
    groups += [_below(workspace, record, kind) for kind in _kinds_below(workspace, record)]
    return Related(tuple(group for group in groups if group.lines or group.create_label))


def begin(workspace: Workspace, record: Record, kind: str) -> Changes:
    """Begin a dossier of `kind` that refers to this record and is filled in from it."""
    return changing.add(workspace, kind, tie_values(workspace, record, kind))


def tie_values(workspace: Workspace, record: Record, kind: str) -> dict[str, Any]:
    """The first values of a dossier of `kind` that belongs to this record: the field that ties it to the record."""
    field = _tie(workspace, kind, record.kind)
    is_single = type_of(workspace.forms.current(kind).field(field)).is_reference
    return {field: record.id if is_single else [record.id]}


def _kinds_below(workspace: Workspace, record: Record) -> list[str]:
    return [kind for kind in workspace.forms.kinds if kind != record.kind and _tie(workspace, kind, record.kind)]


def _tie(workspace: Workspace, kind: str, target: str) -> str:
    """The field that makes a dossier of `kind` belong to a dossier of the kind `target`; "" for none.

    Only the parent field, a field in `listed_under`, or a list of references in a form without a parent counts. A visit
    refers to its beneficiary too, but it belongs to the proposal.
    """
    form = workspace.forms.current(kind)
    if form.parent:
        ties = (form.parent, *form.listed_under)
        return next((name for name in ties if form.field(name).target == target), "")
    for field in form.fields:
        field_type = type_of(field)
        if field_type.names_records and not field_type.is_reference and field.target == target:
            return field.name
    return ""


def _above(workspace: Workspace, record: Record) -> RelatedGroup | None:
    parent = record.value(record.form.parent) if record.form.parent else None
    if not parent:
        return None
    stored = next(iter(present(workspace, [parent])), None)
    if stored is None:
        return None
    label = workspace.forms.current(stored.kind).label
    return RelatedGroup(stored.kind, label, (reading.list_row(workspace, stored),), "")


def _below(workspace: Workspace, record: Record, kind: str) -> RelatedGroup:
    form = workspace.forms.current(kind)
    field = _tie(workspace, kind, record.kind)
    children = workspace.store.find(kind, field, record.id)
    lines = tuple(reading.list_row(workspace, stored) for stored in children)
    is_parent = form.parent == field
    is_time = not is_parent or parents.is_time_for(workspace, kind, record.kind, record.state)
    return RelatedGroup(kind, form.plural, lines, form.new_label if is_time else "")

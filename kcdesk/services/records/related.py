"""A dossier and what belongs to it: its contracts and visits, and what can be begun from it."""

from __future__ import annotations

from dataclasses import dataclass

from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.records import changing, reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes


@dataclass(frozen=True, slots=True)
class Group:
    """The related dossiers of one kind; `create_label` is empty where none can be begun from here."""

    kind: str
    label: str
    lines: tuple[reading.Row, ...]
    create_label: str


@dataclass(frozen=True, slots=True)
class Related:
    """Everything that belongs to one dossier."""

    groups: tuple[Group, ...]


def related(workspace: Workspace, record: Record) -> Related:
    """The dossiers above this one (its proposal) and below it (contracts, visits, proposals)."""
    groups = [group for group in (_above(workspace, record),) if group]
    groups += [_below(workspace, record, kind) for kind in _kinds_below(workspace, record)]
    return Related(tuple(groups))


def begin(workspace: Workspace, record: Record, kind: str) -> Changes:
    """Begin a dossier of `kind` from this one, already tied to it and filled in from it."""
    field = _tie(workspace, kind, record.kind)
    is_one = type_of(workspace.forms.current(kind).field(field)).is_reference
    value = record.id if is_one else [record.id]
    return changing.add(workspace, kind, {field: value})


def _kinds_below(workspace: Workspace, record: Record) -> list[str]:
    return [kind for kind in workspace.forms.kinds if kind != record.kind and _tie(workspace, kind, record.kind)]


def _tie(workspace: Workspace, kind: str, target: str) -> str:
    """The field of `kind` that ties it to a dossier of the kind `target`; "" when there is none.

    A visit names its beneficiary too, but it belongs to the proposal: only the parent field, one named by
    `listed_under`, or a list of references in a form that has no parent makes a dossier belong to another.
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


def _above(workspace: Workspace, record: Record) -> Group | None:
    parent = record.value(record.form.parent) if record.form.parent else None
    if not parent:
        return None
    stored = workspace.store.get(parent)
    label = workspace.forms.current(stored.kind).label
    return Group(stored.kind, label, (reading.row(workspace, stored),), "")


def _below(workspace: Workspace, record: Record, kind: str) -> Group:
    form = workspace.forms.current(kind)
    field = _tie(workspace, kind, record.kind)
    found = workspace.store.find(kind, field, record.id)
    lines = tuple(reading.row(workspace, stored) for stored in found)
    return Group(kind, form.plural, lines, form.new_label)

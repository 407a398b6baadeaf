"""The groups that a report can be asked for: those of its definition, and any other field of its subject."""

from __future__ import annotations

from kcdesk.errors import UserError
from kcdesk.formdef.loading.toml_reader import nearest
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.reports.model import Group, Report, Reports
from kcdesk.reports.scope import ENTRY, Catalogue, FieldScope


def group_of(reports: Reports, catalogue: Catalogue, report: Report, name: str) -> Group:
    """The group with a name, or that of a field; UserError `no_group`."""
    groups = {group.name: group for group in reports.groups_of(report)}
    if name in groups:
        return groups[name]
    for group in groups.values():
        if group.field == name and not group.part:
            return group
    fields = catalogue.fields(report.subject)
    field = fields.get(name) or _linked(catalogue, report.subject, name)
    if field is not None and not type_of(field).holds_files and not type_of(field).is_paragraph:
        return Group(name=name, label=field.label, field=name, all=type_of(field).is_choice)
    known = [*groups, *fields]
    hint = nearest(name, known).capitalize() or f"Các nhóm: {', '.join(groups)}."
    raise UserError(f"Báo cáo không chia được theo «{name}».", code="no_group", hint=hint)


def _linked(catalogue: Catalogue, subject: str, name: str) -> Field | None:
    """The field that a path through one reference names (`beneficiary.territory`); None if there is none."""
    own, _, rest = name.partition(".")
    reference = catalogue.fields(subject).get(own)
    if not rest or reference is None or not type_of(reference).is_reference:
        return None
    return catalogue.fields(reference.target).get(rest)


def field_of(group: Group, catalogue: Catalogue, subject: str) -> Field | None:
    """The field whose values are the keys of a group; None for a part of the day. UnknownNameError."""
    if not group.field:
        return None
    scope = FieldScope(catalogue, [catalogue.record(subject)])
    head, _, rest = group.field.partition(".")
    if rest and head in catalogue.tables(subject):
        rows = catalogue.entries(subject, head)
        return FieldScope(catalogue, [rows]).resolve(rest).field
    if head in scope.known and type_of(scope.resolve(head).field).is_list:
        entry = catalogue.entries(subject, head).fields[ENTRY]
        target = FieldScope(catalogue, [catalogue.record(entry.target)]) if rest else None
        return target.resolve(rest).field if target else entry
    return scope.resolve(group.field).field

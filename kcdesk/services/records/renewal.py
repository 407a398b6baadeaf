"""Records that get the newest version of their form, where that keeps every field of the version they have.

Only an act that needs a new field renews a record; the others keep the version with which they were filled in.
"""

from __future__ import annotations

from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace


def renewed(workspace: Workspace, record: Record) -> Record:
    """The record with the version of its form that is in force today; itself if that does not keep all its fields."""
    newest = workspace.forms.current(record.kind, workspace.today())
    if newest.version <= record.form.version or not _keeps(newest, record.form):
        return record
    return _with(record, newest)


def renewed_for(workspace: Workspace, record: Record, field: str) -> Record:
    """The record with a version of its form that has a field: its own, the one in force, else the newest; or itself."""
    if field in record.form.by_name:
        return record
    today = renewed(workspace, record)
    if field in today.form.by_name:
        return today
    later = [form for form in workspace.forms.versions_of(record.kind) if field in form.by_name]
    fitting = [form for form in later if form.version > record.form.version and _keeps(form, record.form)]
    return _with(record, min(fitting, key=lambda form: form.version)) if fitting else record


def _with(record: Record, form: Form) -> Record:
    return Record(record.id, record.kind, form, record.data, record.stamps, record.forms, record.parent, record.deleted)


def _keeps(newer: Form, older: Form) -> bool:
    """Whether a version has every field and column of another one, of the same type."""
    return all(field.name in newer.by_name and _is_alike(newer.by_name[field.name], field) for field in older.fields)


def _is_alike(newer: Field, older: Field) -> bool:
    columns = {column.name: column for column in newer.columns}
    kept = all(column.name in columns and columns[column.name].type == column.type for column in older.columns)
    return newer.type == older.type and kept

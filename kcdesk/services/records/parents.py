"""The record to which another one belongs, such as the proposal of a contract: refused if missing, never guessed."""

from __future__ import annotations

from collections.abc import Iterator

from kcdesk.errors import Problem, UserError
from kcdesk.formdef.model import Field
from kcdesk.formdef.new_record import needs_parent, shared_parent
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.records import titles
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace
from kcdesk.text import lower_first


def parent_kind(workspace: Workspace, kind: str) -> str:
    """The kind of record to which every record of `kind` belongs; "" for a kind that may stand alone."""
    form = workspace.forms.current(kind, workspace.today())
    return form.field(form.parent).target if needs_parent(form) else ""


def is_time_for(workspace: Workspace, kind: str, parent_kind: str, state: str) -> bool:
    """Whether a record of `kind` is usually begun while its parent is in that state."""
    marks = workspace.forms.workflow(kind).parent_marks
    return not marks or any(workspace.forms.workflow(parent_kind).is_marked(state, mark) for mark in marks)


def parent_of(workspace: Workspace, record: Record) -> Record | None:
    """The living record to which `record` belongs; None if it has none, or if that is deleted or not in this store."""
    id_ = record.value(record.form.parent) if record.form.parent else None
    stored = next(iter(present(workspace, [str(id_)])), None) if id_ else None
    return stored.record(workspace.forms) if stored and not stored.deleted else None


def problems_of_parent(workspace: Workspace, record: Record) -> list[Problem]:
    """Report a record that should belong to another one and does not; nothing else about it can be judged then."""
    if not needs_parent(record.form) or parent_of(workspace, record) is not None:
        return []
    label = record.form.field(record.form.parent).label
    if not record.value(record.form.parent):
        return [Problem(record.form.parent, f"Chưa chọn «{label}» của hồ sơ này.")]
    return [Problem(record.form.parent, f"«{label}» đã bị xoá hoặc chưa có trong kho này; hãy chọn lại.")]


def problems_of_others(workspace: Workspace, record: Record) -> list[Problem]:
    """Report references to dossiers of another parent: the contract of a payment is one of the payment's proposal."""
    fields = (field for field in record.fields_visible() if type_of(field).is_reference)
    return [problem for field in fields for problem in _of_other(workspace, record, field)]


def _of_other(workspace: Workspace, record: Record, field: Field) -> Iterator[Problem]:
    shared = shared_parent(record.form, field, workspace.forms.current(field.target, workspace.today()))
    named = record.value(field.name) if shared else None
    stored = next(iter(present(workspace, [str(named)])), None) if named else None
    other = stored.record(workspace.forms) if stored else None
    above = parent_of(workspace, other) if other else None
    if other is not None and above is not None and above.id != record.value(record.form.parent):
        whose = f"thuộc {lower_first(above.form.label)} khác, «{titles.title_of(workspace, above)}»"
        sentence = f"{field.label} «{titles.title_of(workspace, other)}» {whose}; hãy chọn lại."
        yield Problem(field.name, sentence)


def refuse_without_parent(workspace: Workspace, record: Record) -> None:
    """Refuse a new record that belongs to nothing: nobody could open it from where it is looked for.

    UserError `parent_missing`.
    """
    if not needs_parent(record.form) or record.value(record.form.parent):
        return
    field = record.form.field(record.form.parent)
    above = workspace.forms.current(field.target, workspace.today())
    raise UserError(
        f"{record.form.label} phải thuộc một {lower_first(above.label)}; chưa biết là {lower_first(field.label)} nào.",
        code="parent_missing",
        hint=f"Hãy chọn «{field.label}» trước, hoặc lập từ hồ sơ {lower_first(above.label)} đó.",
        field=field.name,
    )

"""Change any record: add, set, save, delete, undo. One function is one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.record import Record, new_record
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.records import children, permissions, prefill
from kcdesk.services.records.reading import Values, form_of
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes as Changes  # the window announces what its acts give
from kcdesk.store.records import new_id
from kcdesk.text import lower_first


@dataclass(frozen=True, slots=True)
class Saved:
    """A change that is kept: what it changed, and the record as it is now."""

    changes: Changes
    record: Record


def add(workspace: Workspace, kind: str, values: Values) -> Changes:
    """Make a record from typed values; what other dossiers already say is filled in beside them.

    UserError names the first field that cannot be read; nothing is written then.
    """
    form = form_of(workspace, kind)
    record = new_record(workspace.forms, form.id, new_id(), workspace.today())
    record.apply(_read(workspace, record, values))
    permissions.refuse_unknown_links(workspace, record, set())
    prefill.prepare(workspace, record)
    parent = record.value(form.parent) if form.parent else None
    with workspace.store.act(form.new_label or f"Lập {form.label.lower()}") as act:
        act.insert(kind, form.reference, record.data, parent=parent, id=record.id)
    return act.changes


def set_values(workspace: Workspace, id_: str, values: Values) -> Changes:
    """Change fields of a record from typed values; all of them or none."""
    record = permissions.living(workspace, id_)
    links = permissions.links(record)
    changes = record.apply(_read(workspace, record, values))
    permissions.refuse_unknown_links(workspace, record, links)
    return _write(workspace, record, changes)


def save(workspace: Workspace, id_: str, changes: Values, action: str = "") -> Saved:
    """Keep what the window has already read and shown: stored values by path, None for emptied.

    `action` names the act in the history and on «Hoàn tác»; without it the fields do. What the window has computed on
    the way is computed again here, once for the whole batch.
    """
    record = permissions.living(workspace, id_)
    links = permissions.links(record)
    typed = {path: value for path, value in changes.items() if not record.field(path).computed}
    for path in typed:
        permissions.refuse_unless_editable(workspace, record, path)
    applied = record.apply(typed)
    permissions.refuse_unknown_links(workspace, record, links)
    return Saved(_write(workspace, record, applied, action), record)


def _read(workspace: Workspace, record: Record, values: Values) -> dict[str, Any]:
    """The typed values as they are stored; UserError for a field that may not be changed or a value that is refused."""
    stored = {}
    for path, value in values.items():
        permissions.refuse_unless_editable(workspace, record, path)
        stored[path] = record.read(path, value)
    return stored


def _write(workspace: Workspace, record: Record, changes: dict[str, Any], action: str = "") -> Changes:
    """Keep the changes and what follows from them; the act is named after what the officer did."""
    action = action or _action(record, changes)
    followed = prefill.follow(workspace, record, changes)
    with workspace.store.act(action) as act:
        act.update(record.id, changes | followed)
    return act.changes


def _action(record: Record, changes: Values) -> str:
    """The name of a change in the history: «Sửa kinh phí», «Sửa 3 mục»."""
    names = {path.partition("/")[0] for path in changes}
    typed = [f.label for f in record.form.fields if f.name in names and not f.computed]
    if len(typed) == 1:
        return f"Sửa {lower_first(typed[0])}"
    return f"Sửa {len(typed)} mục" if typed else f"Sửa {record.form.label.lower()}"


def delete(workspace: Workspace, id_: str) -> Changes:
    """Mark a record as deleted; it can be undone. UserError when other dossiers build on it or it is locked."""
    record = permissions.living(workspace, id_)
    if not workspace.forms.workflow(record.kind).state(record.state).editable:
        raise UserError(
            f"{record.form.label} «{record.title()}» đã chốt nên không xoá được.",
            code="locked",
            hint="Hãy sửa thành bản mới trước.",
        )
    dependants = children.dependants(workspace, record)
    if dependants:
        raise UserError(
            f"Còn {len(dependants)} hồ sơ dựa trên «{record.title()}»: {dependants[0]}.",
            code="in_use",
            hint="Hãy xoá các hồ sơ đó trước.",
        )
    with workspace.store.act(f"Xoá {record.form.label.lower()} «{record.title()}»") as act:
        act.delete(id_)
    return act.changes


def attach(workspace: Workspace, id_: str, path: str, files: list[Path]) -> Changes:
    """Keep files with a record, in the field of files called `path`; all of them or none."""
    record = permissions.living(workspace, id_)
    permissions.refuse_unless_editable(workspace, record, path)
    field_ = record.field(path)
    if not type_of(field_).holds_files:
        names = ", ".join(f.name for f in record.form.fields if type_of(f).holds_files) or "không có"
        raise UserError(
            f"«{field_.label}» không nhận tệp đính kèm.",
            code="not_files",
            hint=f"Các trường nhận tệp: {names}.",
            field=path,
        )
    kept = [add_file(workspace, file) for file in files]
    return _write(workspace, record, record.set(path, [*(record.value(path) or []), *kept]))


def add_file(workspace: Workspace, file: Path) -> dict[str, Any]:
    """Keep one file's content in the store; returns what a field of files holds about it."""
    return workspace.store.files.add(file, file.name)


def undo(workspace: Workspace, steps: int = 1) -> Changes:
    """Take back the last steps, newest first; UserError when there is nothing to take back.

    Edits of the same fields in quick succession are one step.
    """
    return _step_back(workspace, steps, redo=False)


def undo_acts(workspace: Workspace, number: int = 1) -> Changes:
    """Take back the last acts one by one, as the command line counts them: one command, one act."""
    return _step_back(workspace, number, redo=False, one_by_one=True)


def redo(workspace: Workspace, steps: int = 1) -> Changes:
    """Do again what was taken back last."""
    return _step_back(workspace, steps, redo=True)


def undo_label(workspace: Workspace) -> str:
    """What `undo` would take back ("" for nothing): «Sửa kinh phí»."""
    step = workspace.store.undoable()
    return step.action if step else ""


def redo_label(workspace: Workspace) -> str:
    """What `redo` would do again ("" for nothing)."""
    step = workspace.store.redoable()
    return step.action if step else ""


def _step_back(workspace: Workspace, steps: int, *, redo: bool, one_by_one: bool = False) -> Changes:
    store = workspace.store
    changes: Changes | None = None
    for _ in range(steps):
        step = store.redoable() if redo else store.undoable()
        if step is None:
            break
        if one_by_one:
            step = replace(step, run=step.run[:1])
        done = store.redo(step) if redo else store.undo(step)
        changes = done if changes is None else changes.merged(done)
    if changes is None:
        what = "làm lại" if redo else "hoàn tác"
        raise UserError(f"Không còn việc nào để {what}.", code="nothing_to_undo")
    return changes

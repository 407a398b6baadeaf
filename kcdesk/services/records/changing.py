"""Change any record: add, set, save, delete, attach, undo. Each function is a single transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.new_record import new_record
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.types.row_links import links_of
from kcdesk.runtime.frozen import Value, field, replace
from kcdesk.services.records import children, parents, permissions, prefill, unread_texts
from kcdesk.services.records.reading import FieldValues, form_of
from kcdesk.services.workspace import Workspace
from kcdesk.store.begun import BegunRecord
from kcdesk.store.changes import Changes as Changes  # the window announces the changes of its acts
from kcdesk.store.stored_record import new_id
from kcdesk.text import format_integer, lower_first

_MANY = 20  # records; an act that changes so many at once is preceded by a backup


class Saved(Value):
    """A saved change: what changed, the record as it is now, and why values were not kept, by path."""

    changes: Changes
    record: Record
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def refusal(self) -> str:
        """The reasons as one text, each once; "" if everything was kept."""
        return "\n".join(dict.fromkeys(self.refused.values()))


def add(workspace: Workspace, kind: str, values: FieldValues) -> Changes:
    """Make a record from typed values; empty fields are filled in from other dossiers.

    UserError names the first field that cannot be parsed, or `parent_missing`; nothing is written then.
    """
    begun = _prepared(workspace, kind, values)
    with workspace.store.act(begun.action) as act:
        act.insert(begun.kind, begun.form, begun.data, parent=begun.parent, id=begun.id)
    return act.changes


def add_several(workspace: Workspace, kind: str, rows: Sequence[FieldValues]) -> Changes:
    """Make a record of each of these typed values, all or none, in one act; errors are those of `add`."""
    begun = [_prepared(workspace, kind, values) for values in rows]
    _back_up_before(workspace, len(begun))
    with workspace.store.act(f"Lập {format_integer(len(begun))} hồ sơ") as act:
        for each in begun:
            act.insert(each.kind, each.form, each.data, parent=each.parent, id=each.id)
    return act.changes


def _back_up_before(workspace: Workspace, records: int) -> None:
    """Copy the store before an act that changes many records at once."""
    if records >= _MANY:
        workspace.store.backup(reason="bulk")


def begin(workspace: Workspace, kind: str, values: FieldValues) -> str:
    """Begin a record for an officer who goes on typing, and return its id; it is written with its first change.

    What is known of it stands there already, also from the office, the officer and the day. Errors are those of `add`.
    """
    begun = _prepared(workspace, kind, values, by_hand=True)
    workspace.store.begun.put(begun)
    return begun.id


def write_begun(workspace: Workspace, id_: str) -> None:
    """Write a record that is only begun, because a paper of it is made; nothing for any other."""
    workspace.store.write_begun(id_)


def forget_untouched(workspace: Workspace, id_: str) -> bool:
    """Give up a record that was begun and never changed; return whether it was one."""
    return workspace.store.begun.forget(id_)


def leave(workspace: Workspace, id_: str) -> Changes | None:
    """Give up a record that is left as it was begun: never changed, or all that was typed was undone.

    Returns what that changed in the store. Without it an empty record would stay; redoing brings all of it back.
    """
    if forget_untouched(workspace, id_) or not _is_as_begun(workspace, id_):
        return None
    return undo(workspace)


def _is_as_begun(workspace: Workspace, id_: str) -> bool:
    """Whether the next thing to undo is that this record was begun, after what was typed in it was undone."""
    store = workspace.store
    begun, undone = store.begun.written(id_), store.redoable()
    is_as_begun = begun is not None and undone is not None and store.get(id_).data == begun.data
    if not is_as_begun or unread_texts.of_record(workspace, id_):
        return False
    making = store.undoable()
    return making is not None and making.run == (store.history(id_)[-1].act,)


def _prepared(workspace: Workspace, kind: str, values: FieldValues, *, by_hand: bool = False) -> BegunRecord:
    form = form_of(workspace, kind)
    record = new_record(workspace.forms, form.id, new_id(), workspace.today())
    record.apply(_read(workspace, record, values))
    permissions.refuse_unknown_links(workspace, record, set())
    if by_hand:
        prefill.fill_beginning(workspace, record)
    prefill.prepare(workspace, record)
    parents.refuse_without_parent(workspace, record)
    return BegunRecord(
        id=record.id,
        kind=kind,
        form=form.reference,
        parent=record.value(form.parent) if form.parent else None,
        data=record.data,
        action=form.new_label or f"Lập {form.label.lower()}",
    )


def set_values(workspace: Workspace, id_: str, values: FieldValues, *, as_written: bool = False) -> Changes:
    """Change fields of a record from typed values, all or none. UserError names the first refused field.

    `as_written` keeps the texts as they stand on paper, right or wrong; only codes can be kept so.
    """
    record = permissions.living(workspace, id_)
    links = permissions.links(record)
    stored = _read(workspace, record, values, as_written=as_written)
    changes = record.apply(stored)
    permissions.refuse_unknown_links(workspace, record, links)
    return _write(workspace, record, changes)


def save(workspace: Workspace, id_: str, changes: FieldValues, action: str = "") -> Saved:
    """Save values that the window has already parsed and shown: stored values by path, None for an emptied field.

    `action` names the act in the history and on «Hoàn tác»; without it the changed fields do. Computed fields among the
    values are ignored and computed again here, once for the whole batch. A value that is not to be typed in the
    record's present state is left out, the others are kept.
    """
    record = permissions.living(workspace, id_)
    links = permissions.links(record)
    typed = {path: value for path, value in changes.items() if not record.field(path).computed}
    for path in typed:
        permissions.refuse_unless_editable(workspace, record, path)
    closed = permissions.closed_fields(workspace, record)
    refused = {path: why for path, value in typed.items() if (why := closed.why(path, value))}
    applied = record.apply({path: value for path, value in typed.items() if path not in refused})
    permissions.refuse_unknown_links(workspace, record, links)
    return Saved(_write(workspace, record, applied, action), record, refused)


def _read(workspace: Workspace, record: Record, values: FieldValues, *, as_written: bool = False) -> dict[str, Any]:
    """Parse typed values to stored ones; UserError for a field that may not be changed or a value that is refused.

    A cell may name a row that comes with the same values, so the tables of such rows are read first.
    """
    named = {link.target for link in links_of(record.form)}
    reader, stored = record.copy() if named else record, {}
    for path in sorted(values, key=lambda path: path.partition("/")[0] not in named):
        permissions.refuse_unless_editable(workspace, record, path)
        stored[path] = reader.read(path, values[path], as_written=as_written)
        if path.partition("/")[0] in named:
            reader.set(path, stored[path])
    return {path: stored[path] for path in values}


def _write(workspace: Workspace, record: Record, changes: dict[str, Any], action: str = "") -> Changes:
    """Write the changes, with the fields that prefill adds, as a single act."""
    action = action or _action(record, changes)
    followed = prefill.follow(workspace, record, changes)
    with workspace.store.act(action, record=record.id) as act:
        act.update(record.id, changes | followed)
    return act.changes


def _action(record: Record, changes: FieldValues) -> str:
    """The name of a change in the history: «Sửa kinh phí», «Sửa 3 mục»."""
    names = {path.partition("/")[0] for path in changes}
    typed = [f.label for f in record.form.fields if f.name in names and not f.computed]
    if len(typed) == 1:
        return f"Sửa {lower_first(typed[0])}"
    return f"Sửa {len(typed)} mục" if typed else f"Sửa {record.form.label.lower()}"


def delete(workspace: Workspace, id_: str) -> Changes:
    """Mark a record as deleted; this can be undone. Errors are those of `deletable`."""
    record = deletable(workspace, id_)
    with workspace.store.act(f"Xoá {record.form.label.lower()} «{record.title()}»", record=id_) as act:
        act.delete(id_)
    return act.changes


def delete_several(workspace: Workspace, ids: Sequence[str]) -> Changes:
    """Mark records as deleted in one act, all or none; errors are those of `deletable`."""
    records = [deletable(workspace, id_) for id_ in ids]
    _back_up_before(workspace, len(records))
    with workspace.store.act(f"Xoá {format_integer(len(records))} hồ sơ") as act:
        for record in records:
            act.delete(record.id)
    return act.changes


def deletable(workspace: Workspace, id_: str) -> Record:
    """Return a record that may be deleted. UserError `locked`, or `in_use` if other dossiers refer to it."""
    record = permissions.living(workspace, id_)
    state = workspace.forms.workflow(record.kind).state(record.state)
    if state.holder not in ("", workspace.identity.unit.level) and not permissions.is_own(workspace, record):
        raise permissions.in_other_hands(record)
    if not state.editable:
        raise UserError(
            f"{record.form.label} «{record.title()}» đã chốt nên không xoá được.",
            code="locked",
            hint="Hãy sửa thành bản mới trước.",
        )
    dependants = children.dependants(workspace, record)
    if dependants:
        raise UserError(
            f"Còn {format_integer(len(dependants))} hồ sơ dựa trên «{record.title()}»: {dependants[0]}.",
            code="in_use",
            hint="Hãy xoá các hồ sơ đó trước.",
        )
    return record


def attach(workspace: Workspace, id_: str, path: str, files: list[Path]) -> Changes:
    """Attach files to a record in the file field `path`, all or none; UserError `not_files` for another field."""
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
    stored_files = [add_file(workspace, file) for file in files]
    return _write(workspace, record, record.set(path, [*(record.value(path) or []), *stored_files]))


def add_file(workspace: Workspace, file: Path) -> dict[str, Any]:
    """Store the content of a file; returns the entry for a file field. UserError `program_file` for a program."""
    return workspace.store.files.take_in(file)


def undo(workspace: Workspace, steps: int = 1) -> Changes:
    """Undo the last steps, newest first; UserError `nothing_to_undo`.

    Edits of the same fields in quick succession count as a single step.
    """
    return _step_back(workspace, steps, redo=False)


def last_act(workspace: Workspace) -> int:
    """The number of the last act of the store; 0 before the first. Two numbers say how many acts lie between."""
    return int(workspace.store.query("SELECT coalesce(max(seq), 0) AS last FROM act")[0]["last"])


def undo_acts(workspace: Workspace, number: int = 1) -> Changes:
    """Undo the last acts singly, as the command line counts them: a command is an act."""
    return _step_back(workspace, number, redo=False, singly=True)


def redo(workspace: Workspace, steps: int = 1) -> Changes:
    """Redo the last undone steps; UserError `nothing_to_undo`."""
    return _step_back(workspace, steps, redo=True)


def undo_label(workspace: Workspace) -> str:
    """The name of the act that `undo` would take back, such as «Sửa kinh phí»; "" for none."""
    step = workspace.store.undoable()
    return step.action if step else ""


def redo_label(workspace: Workspace) -> str:
    """The name of the act that `redo` would repeat; "" for none."""
    step = workspace.store.redoable()
    return step.action if step else ""


def _step_back(workspace: Workspace, steps: int, *, redo: bool, singly: bool = False) -> Changes:
    store = workspace.store
    changes: Changes | None = None
    with store.together():
        for _ in range(steps):
            step = store.redoable() if redo else store.undoable()
            if step is None:
                break
            if singly:
                step = replace(step, run=step.run[:1])
            acts_changes = store.redo(step) if redo else store.undo(step)
            changes = acts_changes if changes is None else changes.merged(acts_changes)
    if changes is None:
        what = "làm lại" if redo else "hoàn tác"
        raise UserError(f"Không còn việc nào để {what}.", code="nothing_to_undo")
    return changes

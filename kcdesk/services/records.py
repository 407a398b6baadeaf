"""What can be done to any record: add, change, move, delete, undo, read. One function is one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.loader import Forms
from kcdesk.formdef.model import Form, Tone
from kcdesk.formdef.record import Record, new_record
from kcdesk.formdef.types import type_of
from kcdesk.services import preparing
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.records import StoredRecord, new_id

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


# -- changing ----------------------------------------------------------------------------------------------------


def add(workspace: Workspace, kind: str, values: Values) -> Changes:
    """Make a record from typed values; what other dossiers already say is filled in beside them.

    UserError names the first field that cannot be read; nothing is written then.
    """
    form = _form(workspace.forms, kind, workspace)
    record = new_record(workspace.forms, form.id, new_id(), workspace.today())
    for path, value in values.items():
        _refuse_unless_editable(workspace, record, path)
        record.parse(path, value)
    preparing.prepare(workspace, record)
    parent = record.value(form.parent) if form.parent else None
    with workspace.store.act(_lower_first(form.new_label) or f"Lập {form.label.lower()}") as act:
        act.insert(kind, form.reference, record.data, parent=parent, id=record.id)
    return act.changes


def set_values(workspace: Workspace, id_: str, values: Values) -> Changes:
    """Change fields of a record from typed values; all of them or none."""
    record = workspace.store.record(id_)
    changes: dict[str, Any] = {}
    for path, value in values.items():
        _refuse_unless_editable(workspace, record, path)
        changes |= record.parse(path, value)
    return _write(workspace, record, changes)


def save(workspace: Workspace, id_: str, changes: Values) -> Changes:
    """Keep what the window has already read and shown: stored values by path, None for emptied."""
    record = workspace.store.record(id_)
    for path in changes:
        _refuse_unless_editable(workspace, record, path)
    applied: dict[str, Any] = {}
    for path, value in changes.items():
        applied |= record.set(path, value)
    return _write(workspace, record, applied)


def _write(workspace: Workspace, record: Record, changes: dict[str, Any]) -> Changes:
    changes |= preparing.follow(workspace, record, changes)
    with workspace.store.act(_action(record, changes)) as act:
        act.update(record.id, changes)
    return act.changes


def _action(record: Record, changes: Values) -> str:
    """The name of a change in the history: «Sửa kinh phí», «Sửa 3 mục»."""
    names = {path.partition("/")[0] for path in changes}
    typed = [f.label for f in record.form.fields if f.name in names and not f.computed]
    if len(typed) == 1:
        return f"Sửa {_lower_first(typed[0])}"
    return f"Sửa {len(typed)} mục" if typed else f"Sửa {record.form.label.lower()}"


def move(workspace: Workspace, id_: str, transition: str, reason: str = "") -> Changes:
    """Take a step of the record's life; IncompleteError or UserError says what must be true first."""
    from kcdesk.services import steps

    return steps.take(workspace, id_, transition, reason)


def delete(workspace: Workspace, id_: str) -> Changes:
    """Mark a record as deleted; it can be undone. UserError when other dossiers build on it or it is locked."""
    record = workspace.store.record(id_)
    if not workspace.forms.workflow(record.kind).state(record.state).editable:
        raise UserError(
            f"{record.form.label} «{record.title()}» đã chốt nên không xoá được.",
            code="locked",
            hint="Hãy sửa thành bản mới trước.",
        )
    dependants = preparing.dependants(workspace, record)
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
    """Keep files with a record, in the field called `path`."""
    record = workspace.store.record(id_)
    _refuse_unless_editable(workspace, record, path)
    kept = list(record.value(path) or [])
    kept += [add_file(workspace, file) for file in files]
    return _write(workspace, record, record.set(path, kept))


def add_file(workspace: Workspace, file: Path) -> dict[str, Any]:
    """Keep one file's content in the store; returns what a field of files holds about it."""
    return workspace.store.files.add(file, file.name)


def undo(workspace: Workspace, steps: int = 1) -> Changes:
    """Take back the last steps, newest first; UserError when there is nothing to take back."""
    return _step_back(workspace, steps, redo=False)


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


# -- reading -----------------------------------------------------------------------------------------------------


def shown(workspace: Workspace, id_: str) -> dict[str, Any]:
    """The record as the command line prints it: {"id", "kind", "form", "state", "title", "data", "problems"}."""
    return as_json(workspace, workspace.store.record(id_))


def as_json(workspace: Workspace, record: Record, *, full: bool = True) -> dict[str, Any]:
    """The stable shape of a record; without `full` no data and no problems."""
    del workspace
    summary = {
        "id": record.id,
        "kind": record.kind,
        "form": record.form.reference,
        "state": record.state,
        "title": record.title(),
    }
    if not full:
        return summary
    data = {name: value for name, value in record.data.items() if name not in ("state", "revision")}
    problems = [{"field": p.field, "message": p.message} for p in record.problems(final=True)]
    return {**summary, "revision": record.revision, "data": data, "problems": problems}


def listed(
    workspace: Workspace,
    kind: str,
    *,
    search: str = "",
    where: Values | None = None,
    limit: int = 100,
    full: bool = False,
) -> list[dict[str, Any]]:
    """The records of a kind in the form's order, newest form of each; `where` compares typed values."""
    form = _form(workspace.forms, kind, workspace)
    wanted = _parsed_filter(workspace, form, where or {})
    page = workspace.store.page(kind, search=search, where=wanted, order=form.sort, limit=limit)
    return [as_json(workspace, stored.record(workspace.forms), full=full) for stored in page]


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
        where=dict(where or {}),
        order=order,
        descending=descending,
        after=after.stored if after else None,
        limit=limit,
    )
    return [row(workspace, stored) for stored in page]


def row(workspace: Workspace, stored: StoredRecord) -> Row:
    """One stored record as a line of a list."""
    record = stored.record(workspace.forms)
    state = workspace.forms.workflow(record.kind).state(record.state)
    cells = {name: _cell(workspace, record, name) for name in record.form.list if name != "state"}
    return Row(record.id, record.title(), state.name, state.label, state.tone, cells, stored)


def count(workspace: Workspace, kind: str, search: str = "", where: Values | None = None) -> int:
    """How many records a list holds."""
    return workspace.store.count(kind, search=search, where=dict(where or {}))


def global_search(workspace: Workspace, text: str, limit: int = 8) -> list[Row]:
    """The best rows of every kind, for the search box that is everywhere; `limit` per kind."""
    found: list[Row] = []
    for kind in workspace.forms.kinds:
        found += list_page(workspace, kind, search=text, limit=limit)
    return found


def title_of(workspace: Workspace, id_: str) -> str:
    """The title of a record, or a sentence for one that is not here."""
    try:
        return workspace.store.record(id_).title()
    except UserError:
        return "(hồ sơ không có trong kho này)"


def history(workspace: Workspace, id_: str) -> list[dict[str, Any]]:
    """Every change of a record, newest first: {"at", "officer", "action", "fields", "before", "after"}."""
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
    ]


def _labels(record: Record, paths: Values) -> list[str]:
    names = {path.partition("/")[0] for path in paths}
    return [f.label for f in record.form.fields if f.name in names and not f.computed]


def _cell(workspace: Workspace, record: Record, name: str) -> str:
    """The text of one list cell; references by their title."""
    value = record.value(name)
    if value is None:
        return ""
    kind = record.form.field(name).type
    if kind == "reference":
        return title_of(workspace, value)
    if kind == "references":
        return ", ".join(title_of(workspace, id_) for id_ in value)
    return record.text(name)


def _parsed_filter(workspace: Workspace, form: Form, where: Values) -> dict[str, Any]:
    """Typed filter values as they are stored, so that `--where activity="Máy móc"` finds too."""
    wanted: dict[str, Any] = {}
    for name, value in where.items():
        if name == "state":
            wanted[name] = value
            continue
        field_ = _field(form, name)
        wanted[name] = type_of(field_).parse(value, field_, workspace.forms)
    return wanted


def _field(form: Form, name: str) -> Any:
    try:
        return form.field(name)
    except KeyError:
        raise UserError(
            f"{form.label} không có trường «{name}».",
            code="unknown_field",
            field=name,
            hint="Hãy xem lại tên trường.",
        ) from None


def _form(forms: Forms, kind: str, workspace: Workspace) -> Form:
    if kind not in forms.kinds:
        raise UserError(
            f"Không có loại hồ sơ «{kind}».",
            code="unknown_kind",
            hint=f"Các loại hiện có: {', '.join(forms.kinds)}.",
        )
    return forms.current(kind, workspace.today())


def _refuse_unless_editable(workspace: Workspace, record: Record, path: str) -> None:
    """Refuse a change to a locked record, to a computed field and to what another level owns."""
    name = path.partition("/")[0]
    field_ = _field(record.form, name)
    if field_.computed:
        raise UserError(f"«{field_.label}» được tính tự động, không nhập tay.", code="computed", field=path)
    workflow = workspace.forms.workflow(record.kind)
    level = workspace.identity.unit.level
    if field_.owner == "province" and level != "province":
        raise UserError(
            f"«{field_.label}» do cấp tỉnh quyết định.",
            code="not_owner",
            hint="Giá trị này về cùng gói của tỉnh.",
            field=path,
        )
    if not record.is_editable(path, workflow, level):
        state = workflow.state(record.state)
        raise UserError(
            f"{record.form.label} «{record.title()}» đang ở trạng thái «{state.label}» nên không sửa được.",
            code="locked",
            hint="Muốn sửa, hãy chọn «Sửa thành bản mới».",
            field=path,
        )


def _step_back(workspace: Workspace, steps: int, *, redo: bool) -> Changes:
    changes: Changes | None = None
    for _ in range(steps):
        step = workspace.store.redoable() if redo else workspace.store.undoable()
        if step is None:
            break
        done = workspace.store.redo(step) if redo else workspace.store.undo(step)
        changes = done if changes is None else changes.merged(done)
    if changes is None:
        what = "làm lại" if redo else "hoàn tác"
        raise UserError(f"Không còn việc nào để {what}.", code="nothing_to_undo")
    return changes


def _lower_first(text: str) -> str:
    """For use inside a sentence; words all in capitals (MST) stay."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]

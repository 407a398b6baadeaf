"""A change of name, legal form, tax code or owner: the new value, and the former one kept with its days and reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.model import Field
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.composite_types import new_row_id
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import permissions, prefill
from kcdesk.services.records.reading import text_of
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.former_values import FORMER_ROWS

PREDECESSORS = "predecessors"  # the table of the units that a unit came from


def changeable(workspace: Workspace, record: Record) -> list[Field]:
    """The fields of a record whose former values are kept with days; [] for a kind without such a table."""
    newest = workspace.forms.newest(record.kind)
    if FORMER_ROWS not in newest.by_name:
        return []
    kept = newest.by_name[FORMER_ROWS].column("what").choices
    return [newest.by_name[choice.value] for choice in kept if choice.value in newest.by_name]


def change_unit(
    workspace: Workspace, id_: str, values: Mapping[str, str], on: date | None = None, reason: str = ""
) -> Changes:
    """Change fields from typed values, one act; each former value is kept as held until the day `on`.

    A locked record becomes a new revision, which needs a reason, and is locked again if nothing prevents it. UserError
    for a field that is no such field, a value that is refused, a day in the future, or nothing that differs.
    """
    record = permissions.living(workspace, id_)
    _refuse({field.name: field for field in changeable(workspace, record)}, values)
    words = text.clean(reason).strip()

    def changed(former: Record, current: Record) -> dict[str, Any]:
        return _values(workspace, former, current, values, _day(workspace, on), words)

    return _write(workspace, record, f"Đổi thông tin «{record.title()}»", words, changed)


def note_predecessor(
    workspace: Workspace, id_: str, before: str, how: str, on: date | None = None, paper: str = ""
) -> Changes:
    """Note that a unit came from another one by `how` (a choice) on a day; errors as for `change_unit`."""
    record, earlier = (permissions.living(workspace, each) for each in (id_, before))
    if record.id == earlier.id or record.kind != earlier.kind or not changeable(workspace, record):
        raise UserError(
            "Đơn vị trước phải là một đơn vị thụ hưởng khác.", code="unknown_reference", hint="Hãy chọn trong sổ."
        )
    words = text.clean(paper).strip()

    def changed(_former: Record, current: Record) -> dict[str, Any]:
        row = {"unit": earlier.id, "how": how, "day": _day(workspace, on).isoformat(), "paper": words}
        return {PREDECESSORS: current.read(PREDECESSORS, [*current.rows(PREDECESSORS), row])}

    return _write(workspace, record, f"Ghi đơn vị trước của «{record.title()}»", words, changed)


def _write(
    workspace: Workspace, record: Record, action: str, reason: str, changed: Callable[[Record, Record], dict[str, Any]]
) -> Changes:
    """Write values into the newest version of a record's form, through a new revision if it is locked; one act."""
    state, id_ = record.state, record.id
    with workspace.store.act(f"{action}: {reason}" if reason else action, record=id_) as act:
        if not workspace.forms.workflow(record.kind).state(state).editable:
            opening = next((step for step in steps.possible(workspace, record) if step.new_revision), None)
            if opening is None:
                raise permissions.in_other_hands(record)
            steps.write_step(workspace, act, steps.prepare_step(workspace, record, opening.name, reason))
            record = workspace.store.record(id_)
        newest = workspace.forms.newest(record.kind)
        current = Record(record.id, record.kind, newest, record.data, record.stamps, record.forms, record.parent)
        changes = current.apply(changed(record, current))
        act.update(id_, changes | prefill.follow(workspace, current, changes), newest.reference)
        written = workspace.store.record(id_)
        back = next((step for step in steps.possible(workspace, written) if step.to == state), None)
        if written.state != state and back and not steps.step_obstacles(workspace, written, back):
            steps.write_step(workspace, act, steps.prepare_step(workspace, written, back.name))
    return act.changes


def _day(workspace: Workspace, on: date | None) -> date:
    if on and on > workspace.today():
        raise UserError("Ngày thay đổi ở sau hôm nay.", code="future_day", hint="Hãy ghi ngày có hiệu lực.", field="on")
    return on or workspace.today()


def _refuse(fields: Mapping[str, Field], values: Mapping[str, str]) -> None:
    for name in values:
        if name not in fields:
            labels = ", ".join(f"{field.name} ({field.label})" for field in fields.values()) or "không có"
            raise UserError(
                f"«{name}» không phải thông tin được giữ theo ngày.",
                code="unknown_field",
                hint=f"Các thông tin được giữ: {labels}.",
                field=name,
            )
    if not values:
        raise UserError("Chưa có thông tin nào đổi.", code="nothing_changed", hint="Hãy gõ giá trị mới.")


def _values(
    workspace: Workspace,
    record: Record,
    current: Record,
    values: Mapping[str, str],
    on: date,
    reason: str,
) -> dict[str, Any]:
    """The new values, and the table of former ones with a row more for each value that differs."""
    stored = {name: current.read(name, value) for name, value in values.items()}
    stored = {name: value for name, value in stored.items() if value != record.data.get(name)}
    if not stored:
        raise UserError("Giá trị mới giống giá trị đang có.", code="nothing_changed", hint="Hãy gõ giá trị mới.")
    rows = [dict(row) for row in current.rows(FORMER_ROWS)]
    for name in stored:
        if record.data.get(name) not in (None, ""):
            ends = [row["until"] for row in rows if row.get("what") == name and row.get("until")]
            row = {"what": name, "value": _written(workspace, record, name), "since": max(ends, default=None)}
            row |= {"until": on.isoformat(), "reason": reason or None}
            filled = {key: value for key, value in row.items() if value is not None}
            rows.append({"id": new_row_id(), "position": len(rows) + 1, **filled})
    return {**stored, FORMER_ROWS: rows}


def _written(workspace: Workspace, record: Record, name: str) -> str:
    """A value as it is written down: text as it is stored, a choice by its label."""
    field = record.field(name)
    return text_of(workspace, record, name) if type_of(field).is_choice else str(record.data[name])

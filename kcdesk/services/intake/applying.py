"""Writes what a sheet means as one act: all of it or nothing; one step of undo takes all back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from typing import Any

from kcdesk.formdef.new_record import new_record
from kcdesk.formdef.record import Record
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.intake.new_values import taken_setting
from kcdesk.services.intake.planned_records import PlannedRecord, SheetJudgement
from kcdesk.services.records import prefill
from kcdesk.services.workspace import Workspace
from kcdesk.store.begun import BegunRecord
from kcdesk.store.changes import Changes
from kcdesk.store.writer import Writer
from kcdesk.text import format_integer

_MANY = 20  # records; an act that changes so many at once is preceded by a backup
_MOST_TAKEN = 60_000  # marks of rows that are kept for each kind
_EVERY = 100
_AT_ONCE = 250  # new records that are in memory at the same time


def back_up_before(workspace: Workspace, judged: SheetJudgement) -> None:
    """Copy the store before a sheet that writes many records."""
    if len(judged.to_write) >= _MANY:
        workspace.store.backup(reason="bulk")


def apply_sheet(
    workspace: Workspace, judged: SheetJudgement, name: str, progress: Progress = ignore_progress
) -> Changes | None:
    """Write the records of a sheet; None if there is nothing to write. What `progress` raises leaves all as it was."""
    plans = judged.to_write
    changes = None
    with workspace.store.together():
        if plans:
            begun = [plan for plan in plans if plan.is_new]
            others = [plan for plan in plans if not plan.is_new]
            with workspace.store.act(_action(judged.own_records, len(plans), name)) as act:
                _insert(workspace, act, begun, len(plans), progress)
                for done, plan in enumerate(others, len(begun)):
                    if done % _EVERY == 0:
                        progress(done, len(plans), "Ghi vào kho")
                    act.update(plan.id, _changes(workspace, plan))
            changes = act.changes
        _keep_taken(workspace, judged)
    return changes


def _action(own: int, records: int, name: str) -> str:
    further = f" và {format_integer(records - own)} hồ sơ kèm theo" if own < records else ""
    return f"Nạp {format_integer(own)} hồ sơ{further} từ {name}"


def _insert(workspace: Workspace, act: Writer, plans: list[PlannedRecord], total: int, progress: Progress) -> None:
    """Add the new records, a part of them at a time: those that others name stand before them."""
    new = {plan.id for plan in plans}
    for start in range(0, len(plans), _AT_ONCE):
        progress(start, total, "Lập hồ sơ")
        begun = list(_begun(workspace, plans[start : start + _AT_ONCE], new))
        act.insert_all(begun, partial(_written, progress, start, total))


def _written(progress: Progress, before: int, total: int, done: int, _of: int, _text: str = "") -> None:
    progress(before + done, total, "Ghi vào kho")


def _begun(workspace: Workspace, plans: list[PlannedRecord], new: Collection[str]) -> Iterator[BegunRecord]:
    """The new records with what follows from their values; `new`: the ids of all that are written."""
    for plan in plans:
        record = new_record(workspace.forms, plan.kind, plan.id, workspace.today())
        record.apply(plan.fields)
        _add_rows(record, plan)
        if not _refers_to(record, new):
            prefill.prepare(workspace, record)
        yield BegunRecord(
            id=record.id,
            kind=record.kind,
            form=record.form.reference,
            parent=record.value(record.form.parent) if record.form.parent else None,
            data=record.data,
            action="",
        )


def _refers_to(record: Record, new: Collection[str]) -> bool:
    """Whether a record names one that is not written yet: what follows from that one is not known to the store."""
    named: Any = [value for value in record.data.values() if isinstance(value, str | list)]
    return any(
        value in new if isinstance(value, str) else any(each in new for each in value if isinstance(each, str))
        for value in named
    )


def _add_rows(record: Record, plan: PlannedRecord) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for table, rows in plan.added.items():
        for row in rows:
            changes |= record.add_row(table, row)[1]
    return changes


def _changes(workspace: Workspace, plan: PlannedRecord) -> dict[str, Any]:
    """The changes of a stored record by path, with what follows from them."""
    record = workspace.store.record(plan.id)
    changes = {**record.apply({**plan.fields, **plan.cells}), **_add_rows(record, plan)}
    return changes | prefill.follow(workspace, record, changes)


def _keep_taken(workspace: Workspace, judged: SheetJudgement) -> None:
    """Keep the marks of good rows, so that the same sheet is not judged and asked about again."""
    name = taken_setting(judged.kind)
    kept = workspace.store.setting(name, {})
    merged = {**(kept if isinstance(kept, dict) else {}), **judged.taken}
    if merged != kept:
        newest = list(merged.items())[-_MOST_TAKEN:]
        workspace.store.set_setting(name, dict(newest))

"""The pile «cần xem»: what two offices wrote without having seen each other, until somebody decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.model import DELETED, OF_EVERY_RECORD
from kcdesk.services.handover.packages import changes_in_words
from kcdesk.services.records import permissions, prefill
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.clock import device_of, moment_of
from kcdesk.store.handover.merge_state import Conflict, Write


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the values: its text ("" for none), who wrote it where and when (UTC); `stamp` names it for `decide`."""

    text: str
    unit: str
    officer: str
    at: str
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One field, row or cell to decide: what is shown now, and what waits beside it, newest first."""

    record: str
    kind: str
    kind_label: str
    title: str
    path: str
    label: str
    shown: Side
    waiting: tuple[Side, ...]


def pile(workspace: Workspace, record: str = "") -> list[Question]:
    """Everything that waits for a decision, of one record or of all."""
    names = changes_in_words.Names(workspace.store, whole=True)
    people = _people(workspace)
    return [_question(workspace, names, people, conflict) for conflict in _open(workspace, record)]


def waiting_in(workspace: Workspace, records: Iterable[str]) -> int:
    """How many questions wait about some records."""
    return sum(len(_open(workspace, id_)) for id_ in records)


def decide(workspace: Workspace, record: str, path: str, stamp: str = "") -> Changes:
    """Close one question: what is shown stays ("" for `stamp`), or the value of that stamp takes its place.

    UserError `not_found` when nothing waits there, and when the record is locked and another value is wanted.
    """
    waiting = workspace.store.merging.others(workspace.store.get(record).seq)
    below = [other for other in waiting if other == path or other.startswith(f"{path}/")]
    if path not in waiting or (stamp and stamp not in waiting[path]):
        raise UserError("Không còn gì phải quyết định ở đây.", code="not_found", hint="Hãy mở lại danh sách cần xem.")
    label = changes_in_words.Names(workspace.store).label(workspace.store.get(record).form, path)
    changes = _taken(workspace, record, path, stamp, waiting) if stamp else {}
    with workspace.store.act(f"Quyết định chỗ khác nhau ở «{label}»") as act:
        if path == DELETED and stamp:
            act.delete(record) if waiting[path][stamp] else act.restore(record)
        elif changes:
            act.update(record, changes)
        act.decide(record, below)
    return act.changes


def count(workspace: Workspace) -> int:
    """How many fields, rows and cells wait for a decision, for the counters of the navigation."""
    return len(_open(workspace, ""))


def label_of(workspace: Workspace, record: str, path: str) -> str:
    """What the field, row or cell at a path is called; "" for the whole record and for what is not here."""
    if not path:
        return ""
    try:
        form = workspace.store.get(record).form
    except UserError:
        return ""
    return changes_in_words.Names(workspace.store).label(form, path)


def _open(workspace: Workspace, record: str) -> list[Conflict]:
    """What waits; a cell is decided with its row."""
    found = list(workspace.store.merging.conflicts(record))
    rows = {(conflict.record, conflict.path) for conflict in found if conflict.path.count("/") == 1}
    return [conflict for conflict in found if (conflict.record, conflict.path.rpartition("/")[0]) not in rows]


def _taken(workspace: Workspace, id_: str, path: str, stamp: str, waiting: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What a record says once the waiting value is taken, with what is computed from it."""
    if path == DELETED:
        return {}
    record = permissions.living(workspace, id_)
    value = waiting[path][stamp]
    if path in OF_EVERY_RECORD:
        return record.set(path, value)
    permissions.refuse_unless_editable(workspace, record, path)
    row, _, column = path.rpartition("/")
    if path.count("/") == 1:
        value = _row(path, waiting) if value else None
    elif path.count("/") == 2 and record.value(row) is None:
        path, value = row, {column: value}
    changes = record.set(path, value)
    return changes | prefill.follow(workspace, record, changes)


def _row(path: str, waiting: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The row that waits, from its newest cells."""
    cells = {name.rpartition("/")[2]: register for name, register in waiting.items() if name.startswith(f"{path}/")}
    found = {name: register[max(register)] for name, register in cells.items()}
    return {name: value for name, value in found.items() if value is not None}


def _question(
    workspace: Workspace, names: changes_in_words.Names, people: dict[str, tuple[str, str]], conflict: Conflict
) -> Question:
    stored = workspace.store.get(conflict.record)
    state = workspace.store.merging.others(stored.seq)

    def side(write: Write | None) -> Side:
        if write is None:
            return Side(text="", unit="", officer="", at="", stamp="")
        value = write.value
        if conflict.path.count("/") == 1 and value:
            value = _row(conflict.path, state) or stored.record(workspace.forms).value(conflict.path) or value
        unit, officer = people.get(device_of(write.stamp), (stored.unit, ""))
        return Side(
            text=names.text(stored.form, conflict.path, value),
            unit=unit,
            officer=officer,
            at=moment_of(write.stamp),
            stamp=write.stamp,
        )

    return Question(
        record=stored.id,
        kind=stored.kind,
        kind_label=names.kind(stored.kind),
        title=names.title_of(stored.id),
        path=conflict.path,
        label=names.label(stored.form, conflict.path),
        shown=side(conflict.shown),
        waiting=tuple(map(side, conflict.waiting)),
    )


def _people(workspace: Workspace) -> dict[str, tuple[str, str]]:
    """Unit and officer of each device."""
    own = workspace.identity
    known = {device.id: (device.name, device.officer) for device in workspace.store.partners.devices()}
    return known | {own.device_id: (own.unit.name, own.officer.name)}

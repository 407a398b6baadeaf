"""The pile «cần xem»: values that two offices wrote without seeing each other's, until somebody decides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.model import DELETED, OF_EVERY_RECORD
from kcdesk.runtime.frozen import Value
from kcdesk.services.handover.packages import changes_in_words
from kcdesk.services.records import permissions, prefill
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.clock import device_of, moment_of
from kcdesk.store.handover.merge_state import Conflict, Write

_FIRST_A_REVISION = "Muốn dùng bản này thì mở hồ sơ, chọn «Sửa thành bản mới», rồi trở lại đây."


class Side(Value, kw_only=True):
    """A value of a conflict: its text ("" for none), its author, unit and time (UTC); `stamp` is its id in `decide`."""

    text: str
    unit: str
    officer: str
    at: str
    stamp: str


class Question(Value, kw_only=True):
    """A field, row or cell to decide: the shown value and the waiting values, newest first.

    `obstacle` says why only the shown value can be chosen now, and what to do about it; "" if any can.
    """

    record: str
    kind: str
    kind_label: str
    title: str
    path: str
    label: str
    shown: Side
    waiting: tuple[Side, ...]
    obstacle: str


def pile(workspace: Workspace, record: str = "") -> list[Question]:
    """List the open conflicts of a record, or of all records."""
    names = changes_in_words.RecordNames(workspace.store, whole=True)
    people = _officer_by_device(workspace)
    return [_question(workspace, names, people, conflict) for conflict in _open_conflicts(workspace, record)]


def waiting_in(workspace: Workspace, records: Iterable[str]) -> int:
    """The number of open conflicts of some records."""
    return sum(len(_open_conflicts(workspace, id_)) for id_ in records)


def decide(workspace: Workspace, record: str, path: str, stamp: str = "") -> Changes:
    """Decide a conflict: keep the shown value (`stamp` ""), or replace it by the waiting value with that stamp.

    Undoing it opens the conflict again. UserError `not_found` if nothing waits there; UserError too if another value is
    chosen for a locked record.
    """
    waiting = workspace.store.merging.others(workspace.store.get(record).seq)
    below = [other for other in waiting if other == path or other.startswith(f"{path}/")]
    if path not in waiting or (stamp and stamp not in waiting[path]):
        raise UserError("Không còn gì phải quyết định ở đây.", code="not_found", hint="Hãy mở lại danh sách cần xem.")
    label = changes_in_words.RecordNames(workspace.store).label(workspace.store.get(record).form, path)
    changes = _changes_by(workspace, record, path, stamp, waiting) if stamp else {}
    with workspace.store.act(f"Quyết định chỗ khác nhau ở «{label}»") as act:
        if path == DELETED and stamp:
            act.delete(record) if waiting[path][stamp] else act.restore(record)
        elif changes:
            act.update(record, changes)
        act.decide(record, below)
    return act.changes


def count(workspace: Workspace) -> int:
    """The number of open conflicts, for the counters of the navigation."""
    return len(_open_conflicts(workspace, ""))


def label_of(workspace: Workspace, record: str, path: str) -> str:
    """The label of the field, row or cell at a path; "" for the whole record and for a record that is not here."""
    if not path:
        return ""
    try:
        form = workspace.store.get(record).form
    except UserError:
        return ""
    return changes_in_words.RecordNames(workspace.store).label(form, path)


def _open_conflicts(workspace: Workspace, record: str) -> list[Conflict]:
    """The open conflicts; a cell is decided together with its row."""
    conflicts = list(workspace.store.merging.conflicts(record))
    rows = {(conflict.record, conflict.path) for conflict in conflicts if conflict.path.count("/") == 1}
    return [conflict for conflict in conflicts if (conflict.record, conflict.path.rpartition("/")[0]) not in rows]


def _changes_by(
    workspace: Workspace, id_: str, path: str, stamp: str, waiting: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """The changes of a record when the waiting value is chosen, with those that prefill adds."""
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


def _obstacle(workspace: Workspace, id_: str, path: str) -> str:
    """Why no other value can be chosen at a path; "" if one can."""
    if path == DELETED or path in OF_EVERY_RECORD:
        return ""
    try:
        permissions.refuse_unless_editable(workspace, permissions.living(workspace, id_), path)
    except UserError as error:
        return f"{error.message} {_FIRST_A_REVISION if error.code == 'locked' else error.hint}".rstrip()
    return ""


def _row(path: str, waiting: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The waiting row, assembled from its newest cells."""
    cells = {name.rpartition("/")[2]: register for name, register in waiting.items() if name.startswith(f"{path}/")}
    newest = {name: register[max(register)] for name, register in cells.items()}
    return {name: value for name, value in newest.items() if value is not None}


def _question(
    workspace: Workspace, names: changes_in_words.RecordNames, people: dict[str, tuple[str, str]], conflict: Conflict
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
            text=names.text(stored.form, conflict.path, value, (stored.data,)),
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
        obstacle=_obstacle(workspace, stored.id, conflict.path),
    )


def _officer_by_device(workspace: Workspace) -> dict[str, tuple[str, str]]:
    """Unit and officer of each device."""
    own = workspace.identity
    by_device = {device.id: (device.name, device.officer) for device in workspace.store.partners.devices()}
    return by_device | {own.device_id: (own.unit.name, own.officer.name)}

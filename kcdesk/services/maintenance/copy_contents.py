"""What a copy holds that today's store does not, and the other way round; records taken back; a copy opened beside."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from kcdesk import moments, placing
from kcdesk.bounded.json_text import parsed_file
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value
from kcdesk.services.maintenance import copy_trust
from kcdesk.services.personal import rights
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.copies import kept_copies, proof
from kcdesk.store.database import key
from kcdesk.store.handover.merge_state import Incoming, Outcome
from kcdesk.store.safety import backup, integrity
from kcdesk.store.store import Store
from kcdesk.store.stored_record import StoredRecord
from kcdesk.text import format_integer

BESIDE = "beside.json"  # in the folder of a copy that was opened beside the store
_LONGEST_NOTE = 1000  # bytes of it
_SHOWN = 2000  # lacking records that are listed
_STATES = "SELECT id, kind, deleted IS NOT NULL AS gone, updated, data FROM record"


class LackingRecord(Value):
    """A record of a copy that today's store lacks, or holds as deleted."""

    id: str
    kind: str
    title: str
    is_deleted: bool


class CopyPreview(Value, kw_only=True):
    """How a copy differs from today; `last` is the time of its last change.

    `fresh`, by kind, are records that are in the store only, `changed` those that differ, `lacking` those that are in
    the copy only. `faults` say that somebody has changed the copy since it was made.
    """

    folder: Path
    records: int
    last: str
    fresh: Mapping[str, int]
    changed: Mapping[str, int]
    lacking: tuple[LackingRecord, ...]
    lacking_count: int
    faults: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether a restore would change nothing."""
        return not (self.fresh or self.changed or self.lacking_count)


def preview(workspace: Workspace, copy: Path) -> CopyPreview:
    """Open a copy of this store and compare it with today, record by record; the copy does not change.

    UserError `other_key` for a copy of a time with another key, `pages_missing`, `damaged_store`.
    """
    proof.refuse_other_key(copy, workspace.store.folder)
    today = _states(workspace.store)
    with workspace.store.opened_copy(copy) as opened:
        then = _states(opened)
        faults = tuple(copy_trust.copy_faults(opened, copy, workspace.store.closings().values()))
        lacking = [id_ for id_, state in then.items() if state.is_alive and not _is_alive(today.get(id_))]
        shown = tuple(_named(opened, id_, id_ in today) for id_ in lacking[:_SHOWN])
        last = max((state.updated for state in then.values()), default="")
    both = [id_ for id_, state in then.items() if state.is_alive and _is_alive(today.get(id_))]
    return CopyPreview(
        folder=copy,
        records=sum(state.is_alive for state in then.values()),
        last=last,
        fresh=Counter(state.kind for id_, state in today.items() if state.is_alive and not _is_alive(then.get(id_))),
        changed=Counter(today[id_].kind for id_ in both if today[id_].content != then[id_].content),
        lacking=shown,
        lacking_count=len(lacking),
        faults=faults,
    )


def take_back(workspace: Workspace, copy: Path, ids: Sequence[str], *, consent: bool = False) -> Changes:
    """Bring chosen records of a copy back that the store lacks, in one act that can be undone; others are not touched.

    A deleted record comes back as it was when it was deleted. UserError as for `preview`, `nothing_to_take_back`;
    `consent_missing` for a copy that somebody has changed, unless the officer agrees.
    """
    proof.refuse_other_key(copy, workspace.store.folder)
    store = workspace.store
    with store.opened_copy(copy) as opened:
        if not consent:
            _refuse_changed(copy_trust.copy_faults(opened, copy, store.closings().values()))
        wanted = [opened.get(id_) for id_ in ids]
        absent = [stored for stored in wanted if not _has(store, stored.id)]
        deleted = [stored.id for stored in wanted if _has(store, stored.id) and store.get(stored.id).deleted]
        if not absent and not deleted:
            raise UserError(
                "Các hồ sơ này đang có trong kho.", code="nothing_to_take_back", hint="Hãy chọn hồ sơ khác."
            )
        store.copies.save("records")
        for stored in absent:
            _bring_files(store, opened, stored)
        name = f"Lấy lại {format_integer(len(absent) + len(deleted))} hồ sơ từ bản sao lưu"
        with store.together():
            with store.act(name) as act:
                for id_ in deleted:
                    act.restore(id_)
                for stored in absent:
                    act.merge(*_as_new(opened, stored))
            erased = rights.erase_returned(workspace, [stored.id for stored in absent])
    rights.overwrite(workspace, erased)
    return act.changes


def _refuse_changed(faults: Iterator[str]) -> None:
    for fault in faults:
        raise UserError(
            f"{fault} Chưa lấy lại hồ sơ nào.",
            code="consent_missing",
            hint="Hãy chọn bản sao lưu khác, hoặc xác nhận nếu biết vì sao.",
        )


def open_beside(workspace: Workspace, copy: Path) -> Path:
    """Unfold a copy as a store of its own beside that of today; returns its folder, which is used again the next time.

    Its first opening gives it a device of its own, so that nothing of it is taken for work of this store.
    """
    store = workspace.store
    target = store.folder.with_name(f"{store.folder.name}_ban-sao_{copy.name}")
    if Store.is_store(target):
        return target
    part = target.with_name(f"{target.name}{backup.PART}")
    shutil.rmtree(part, ignore_errors=True)
    try:
        with placing.explained(target):
            part.mkdir(mode=0o700, parents=True)
            if (copy / backup.RULES).is_dir():
                backup.copy_rules(copy, part)
            key.take_along(copy, part)
            proof.unfold_or_copy(copy, part)
            placing.save(json.dumps({"copy": copy.name}).encode(), part / BESIDE)
            backup.make_private(part)
            backup.sync(part)
            part.rename(target)
            placing.Disk().sync_folder(target.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


def beside_of(folder: Path) -> str:
    """The time of the copy that a store was unfolded from to look at it, in words; "" for any other store."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        moment = moments.of_file_name(parsed_file(folder / BESIDE, _LONGEST_NOTE)["copy"])
        return f"{moments.local(moment):%d/%m/%Y %H:%M}" if moment else ""
    return ""


# -- inside --------------------------------------------------------------------------------------------------------


class _RecordState(Value):
    """A record of one side; `content` tells whether the other side has the same."""

    kind: str
    is_alive: bool
    updated: str
    content: int


def _states(store: Store) -> dict[str, _RecordState]:
    return {
        row["id"]: _RecordState(row["kind"], not row["gone"], row["updated"], hash(row["data"]))
        for row in store.query(_STATES)
    }


def _is_alive(state: _RecordState | None) -> bool:
    return state is not None and state.is_alive


def _has(store: Store, id_: str) -> bool:
    return bool(store.merging.here([id_]))


def _named(opened: Store, id_: str, is_deleted: bool) -> LackingRecord:
    record = opened.record(id_)
    return LackingRecord(id_, record.form.label, record.title(), is_deleted)


def _as_new(opened: Store, stored: StoredRecord) -> tuple[Incoming, Outcome]:
    """A record as it arrives in a store that never had it: with the stamps of those who wrote it."""
    state = opened.merging.state(stored)
    assert state is not None
    incoming = Incoming(id=stored.id, kind=stored.kind, unit=stored.unit, parent=stored.parent, state=state)
    outcome = Outcome(id=stored.id, stored=None, before=None, after=state, changes={}, clashes=(), refused=())
    return incoming, outcome


def _bring_files(store: Store, opened: Store, stored: StoredRecord) -> None:
    """Keep the attachments of a record that comes back; one that the copy lacks stays missing."""
    for entry in integrity.files_in(opened.forms.by_reference(stored.form), stored.data):
        if not store.files.has(entry["sha256"]) and opened.files.has(entry["sha256"]):
            store.files.add(opened.files.read(entry["sha256"]), entry["name"])


def is_damaged(copy: kept_copies.Copy) -> bool:
    """Whether a copy is that of a store which was found damaged."""
    return copy.folder.name.startswith(kept_copies.DAMAGED)

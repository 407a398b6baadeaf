"""Records that a sender may not write by itself: they wait, each for a consent of its own, and are not in force before.

They are records of another unit, or records put into another unit's dossier. Agreeing merges the record as it came;
refusing forgets it. Both stand in the history.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kcdesk.errors import UserError
from kcdesk.exchange.container.entries import EntryError, RecordEntry
from kcdesk.progress import ignore_progress
from kcdesk.runtime.frozen import Value
from kcdesk.services.handover.packages import changes_in_words
from kcdesk.services.handover.packages.changes_in_words import FieldChange
from kcdesk.services.handover.packages.record_verdicts import Judge, RecordVerdict
from kcdesk.services.handover.packages.waiting_records import PREFIX
from kcdesk.services.handover.trust import other_provinces, province_decisions
from kcdesk.services.handover.trust.ownership import Ownership
from kcdesk.services.personal import rights
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.handover.lineages import Names
from kcdesk.store.handover.partners import Partner
from kcdesk.store.history import NO_STEP


class ForeignRecord(Value, kw_only=True):
    """A record that waits for consent: who sent it, whose it is, and what it would change, side by side.

    `key` is its id in `accept` and `refuse`; `obstacle` says why it can no longer be accepted, "" if it can.
    """

    key: str
    record: str
    kind: str
    kind_label: str
    title: str
    is_new: bool
    sender_name: str
    owner_name: str
    at: str
    changes: tuple[FieldChange, ...]
    obstacle: str = ""


def waiting(workspace: Workspace) -> list[ForeignRecord]:
    """List the records that wait, the oldest first."""
    kept = workspace.store.settings(PREFIX)
    return [_described(workspace, name, kept[name]) for name in sorted(kept, key=lambda name: (kept[name]["at"], name))]


def accept(workspace: Workspace, key: str) -> Changes:
    """Merge a record as it came; UserError `not_found`, `refused` if it can no longer be merged."""
    kept = _kept(workspace, key)
    judged = _judged(workspace, kept)
    shown = _described(workspace, PREFIX + key, kept)
    if shown.obstacle or judged is None or judged.incoming is None or judged.outcome is None:
        raise UserError(shown.obstacle or _SPOILT, code="refused", hint="Hãy chọn «Không nhận».")
    action = f"Đồng ý nhận «{shown.title}» của {shown.owner_name} do {shown.sender_name} gửi"
    with workspace.store.together():
        with workspace.store.act(action) as act:
            act.merge_all([(judged.incoming, judged.outcome)], ignore_progress)
            workspace.store.forget_setting(PREFIX + key)
        erased = rights.erase_returned(workspace, [judged.incoming.id])
    rights.overwrite(workspace, erased)
    return act.changes


def refuse(workspace: Workspace, key: str) -> Changes:
    """Forget a record without merging it; the history says so. UserError `not_found`."""
    shown = _described(workspace, PREFIX + key, _kept(workspace, key))
    action = f"Không nhận «{shown.title}» của {shown.owner_name} do {shown.sender_name} gửi"
    with workspace.store.act(action, undoes=NO_STEP) as act:
        act.note()
        workspace.store.forget_setting(PREFIX + key)
    return act.changes


_SPOILT = "Hồ sơ đang chờ này không đọc được."


def _kept(workspace: Workspace, key: str) -> dict[str, Any]:
    kept: dict[str, Any] | None = workspace.store.setting(PREFIX + key)
    if kept is None:
        raise UserError("Không còn hồ sơ nào chờ ở đây.", code="not_found", hint="Hãy mở lại danh sách «Cần xem».")
    return kept


def _sender(workspace: Workspace, kept: dict[str, Any]) -> Partner | None:
    partner = workspace.store.partners.get(kept["key"])
    return partner if partner and not partner.ended else None


def _judged(workspace: Workspace, kept: dict[str, Any]) -> RecordVerdict | None:
    """The verdict on a waiting record as the store is now, with the officer's consent; None if it cannot be read."""
    store, sender = workspace.store, _sender(workspace, kept)
    try:
        entry = RecordEntry.from_line(kept["line"].encode())
    except EntryError:
        return None
    vouched = province_decisions.vouched(workspace, store, [entry], sender)
    of_others = other_provinces.records_of_others(workspace, sender)
    everything = Ownership(workspace, store, None)
    return next(Judge(store, vouched, Names({}, {}), of_others, everything, is_agreed=True).verdicts())


def _described(workspace: Workspace, name: str, kept: dict[str, Any]) -> ForeignRecord:
    judged = _judged(workspace, kept)
    if judged is None:
        return _unreadable(name, kept)
    entry, outcome = judged.entry, judged.outcome
    names = changes_in_words.RecordNames(workspace.store, [entry], whole=True)
    ended = "" if _sender(workspace, kept) else "Khoá của đơn vị gửi không còn được tin cậy."
    same = "Hồ sơ này không còn gì khác với kho." if judged.status == "same" else ""
    title = names.title(entry) if not judged.refusal else judged.stored.title(workspace.forms) if judged.stored else ""
    return ForeignRecord(
        key=name.removeprefix(PREFIX),
        record=entry.id,
        kind=entry.kind,
        kind_label=names.kind(entry.kind),
        title=title or entry.id,
        is_new=judged.stored is None,
        sender_name=kept["name"],
        owner_name=Ownership(workspace, workspace.store, None).name_of(entry.unit),
        at=kept["at"],
        changes=tuple(_changes(names, judged)) if outcome else (),
        obstacle=judged.refusal or ended or same,
    )


def _changes(names: changes_in_words.RecordNames, judged: RecordVerdict) -> Iterator[FieldChange]:
    """What the record would change, field by field; of a new record all that it says."""
    assert judged.outcome is not None
    yield from names.changes(judged.entry, judged.outcome)
    if judged.outcome.before is None:
        form = judged.outcome.after.form
        for path, value in judged.outcome.changes.items():
            text = names.text(form, path, value, (judged.entry.data,)) if not isinstance(value, list) else _rows(value)
            yield FieldChange(path=path, label=names.label(form, path), ours="", theirs=text, status="new")


def _rows(rows: list[Any]) -> str:
    return f"{len(rows)} dòng"


def _unreadable(name: str, kept: dict[str, Any]) -> ForeignRecord:
    key = name.removeprefix(PREFIX)
    return ForeignRecord(
        key=key,
        record=key.partition("/")[2],
        kind="",
        kind_label="",
        title=key.partition("/")[2],
        is_new=False,
        sender_name=kept["name"],
        owner_name="",
        at=kept["at"],
        changes=(),
        obstacle=_SPOILT,
    )

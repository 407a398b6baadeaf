"""Taking a package in, always in this order: open safely, authentic, seen before, for us, row by row, backup, one
transaction, counts. Whatever fails leaves the store exactly as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kcdesk.errors import KnownError, UserError
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.handover.packages.preview import Judged, Preview, content_of, judged
from kcdesk.services.handover.trust import partners, province_decisions
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.handover.merge_state import KNOWLEDGE
from kcdesk.store.handover.packages import Answer, PackageEntry
from kcdesk.store.handover.partners import Device

if TYPE_CHECKING:
    from kcdesk.exchange.container.manifest import Manifest, Reply

_MANY = 1000  # records, after which SQLite should look at the data again


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was done: the preview that came true, what it changed, and the backup made before."""

    preview: Preview
    changes: Changes
    applied: bool
    backup: Path | None = None


def take(
    workspace: Workspace,
    path: Path,
    password: str = "",
    *,
    trust: bool = False,
    progress: Progress = ignore_progress,
    backup: Callable[[], Path] | None = None,
) -> Taken:
    """Take a package in; UserError says why not, and then nothing has changed.

    `trust` takes the key of a first-time sender as known: its fingerprint has been compared. `backup` makes the backup
    that comes before any change; several packages in a row may share one.
    """
    with judged(workspace, path, password, trust, workspace.store) as found:
        preview = found.preview
        if preview.obstacle:
            raise UserError(preview.obstacle, code=preview.code, hint=preview.hint)
        if preview.already:
            return Taken(preview=preview, changes=Changes(_action(found)), applied=False)
        is_changing = any(outcome.before is not outcome.after for _, outcome in found.merged)
        made = (backup or workspace.store.backup)() if is_changing else None
        changes = _apply(workspace, found, path, progress)
    return Taken(preview=preview, changes=changes, applied=True, backup=made)


def undo(workspace: Workspace, package: str) -> tuple[Changes, list[str]]:
    """Bring back what was before a package was taken in; also the titles of new records that stay as they were changed.

    What was edited since stays; where it is in the way, what was there before waits on the pile.
    """
    entry = workspace.store.packages.get(package)
    if entry is None or entry.direction != "in":
        raise UserError("Kho này chưa nhận gói đó.", code="not_found", hint="Xem mã gói trong sổ bàn giao.")
    workspace.store.backup()
    changes, kept = workspace.store.undo_intake(package, f"Hoàn tác nhập {_name(entry.type, entry.period)}")
    workspace.store.packages.unanswer(package)
    before = entry.details.get("knew", {})
    now = workspace.store.setting(KNOWLEDGE, {})
    workspace.store.set_setting(KNOWLEDGE, {d: min(at, before[d]) for d, at in now.items() if d in before})
    workspace.store.packages.amend(package, {"undone": True})
    return changes, kept


# -- doing it ------------------------------------------------------------------------------------------------------


def _apply(workspace: Workspace, found: Judged, path: Path, progress: Progress) -> Changes:
    store, manifest = workspace.store, found.opened.inspection.manifest
    assert manifest is not None
    added: list[str] = []
    try:
        with store.act(_action(found)) as act:
            _meet(workspace, found, manifest)
            _keep_files(workspace, found, added)
            act.merge_all(found.merged, progress)
            _count(workspace, found, manifest)
            store.note_intake(_entry(workspace, found, manifest, path), act.id, found.merged)
            store.packages.carry(manifest.package, _carried(found))
            store.vouchers.put(province_decisions.newer(store, found.vouchers))
            _learn(workspace, found, manifest)
    except BaseException:
        for sha256 in added:
            store.files.forget(sha256)
        raise
    if len(act.changes.items) > _MANY:
        store.analyze()
    return act.changes


def _meet(workspace: Workspace, found: Judged, manifest: Manifest) -> None:
    """Keep a key that is trusted from now on, and who works on which device."""
    store, partner = workspace.store, found.partner
    if partner and store.partners.get(partner.key) is None:
        partners.admit(workspace, partner)
    known = {device.id for device in store.partners.devices()} | {workspace.identity.device_id}
    told = [
        Device(id=id_, unit=worker.unit, name=worker.name, level=_level(found, id_), officer=worker.officer)
        for id_, worker in manifest.devices.items()
        if (id_ not in known or id_ in found.province) and id_ != manifest.sender.device
    ]
    sender = manifest.sender
    level = partner.level if partner else "lower"
    own = Device(id=sender.device, unit=sender.unit, name=sender.name, level=level, officer=sender.officer)
    store.partners.put_devices([*told, own])


def _level(found: Judged, device: str) -> str:
    return "province" if device in found.province else "lower"


def _keep_files(workspace: Workspace, found: Judged, added: list[str]) -> None:
    """The attached files, one in memory at a time; what was added is told, should the act fail."""
    files, manifest = workspace.store.files, found.opened.inspection.manifest
    assert manifest is not None
    for attachment in (*manifest.attachments, *manifest.enclosed):
        if not files.has(attachment.sha256):
            added.append(attachment.sha256)
            files.add(found.opened.attachment(attachment.sha256), attachment.name)


def _carried(found: Judged) -> set[str]:
    """The records that came with the package and were not refused as a whole."""
    merged = {incoming.id for incoming, _ in found.merged}
    return {line.id for line in found.preview.lines if line.status != "refused"} | merged


def _count(workspace: Workspace, found: Judged, manifest: Manifest) -> None:
    """What the sender counted must be here now, refused ones apart."""
    total = sum(manifest.counts.values()) + sum(manifest.deleted.values())
    lines = found.preview.lines
    merged = {incoming.id for incoming, _ in found.merged}
    unread = sum(line.status == "refused" and line.id not in merged for line in lines)
    here = workspace.store.merging.seen(_carried(found))
    if len(here) + unread != total:
        raise KnownError(
            "Số hồ sơ sau khi nhận không khớp với bản kê của gói; kho giữ nguyên như trước.",
            code="counts_differ",
            hint="Hãy thử lại; nếu vẫn vậy, hãy xin gói khác.",
        )


def _entry(workspace: Workspace, found: Judged, manifest: Manifest, path: Path) -> PackageEntry:
    from kcdesk.exchange.package import told

    answered = workspace.store.packages.get(manifest.answers) if manifest.answers else None
    ours = answered is not None and answered.direction == "out"
    return PackageEntry(
        id=manifest.package,
        direction="in",
        partner=answered.partner if answered and ours else manifest.sender.unit,
        period=manifest.period,
        type=manifest.type,
        number=int(manifest.type[1:] or 0),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        sha256=content_of(manifest),
        vector=manifest.acknowledged if ours else manifest.vector,
        details={
            **told(manifest, found.opened.inspection.key, path.name, _hash_of(path)),
            "content": content_of(manifest),
            "rows": dict(found.preview.rows),
            "base": manifest.base,
            "gap": found.is_gap,
            "missing": list(found.preview.missing),
            "knew": workspace.store.setting(KNOWLEDGE, {}),
            "receipt": ours,
            "undone": False,
        },
    )


def _hash_of(path: Path) -> str:
    """The SHA-256 of the file as it came: what stands on the sender's record of the hand-over."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _learn(workspace: Workspace, found: Judged, manifest: Manifest) -> None:
    """What a receipt says, and how far this store knows other devices now: not at all further after a gap."""
    store = workspace.store
    store.packages.amend(manifest.package, {"undone": False, "rows": dict(found.preview.rows)})
    if manifest.answers:
        replies = [
            Answer(
                manifest.answers,
                reply.record,
                _proven(workspace, found, reply),
                tuple((r.path, r.text) for r in reply.reasons),
            )
            for reply in manifest.replies
        ]
        store.packages.answer(manifest.package, replies)
    elif not found.is_gap and not any(line.status == "refused" and not line.fields for line in found.preview.lines):
        known = store.setting(KNOWLEDGE, {})
        known |= {device: max(at, known.get(device, "")) for device, at in manifest.vector.items()}
        known.pop(workspace.identity.device_id, None)
        store.set_setting(KNOWLEDGE, known)


def _proven(workspace: Workspace, found: Judged, reply: Reply) -> str:
    """What a reply says; a decision counts only as the province itself has given it, whoever passes it on."""
    if reply.result not in ("approved", "rejected") or (found.partner and found.partner.level == "province"):
        return reply.result
    stored = workspace.store.merging.stored(reply.record)
    decided = stored and stored.data.get("province_result")
    return reply.result if decided == reply.result else "received"


def _action(found: Judged) -> str:
    manifest = found.opened.inspection.manifest
    assert manifest is not None
    return f"Nhập {_name(manifest.type, manifest.period)} của {manifest.sender.name}"


def _name(type_: str, period: str) -> str:
    from kcdesk.exchange.workbook.cover import type_name

    return f"gói {type_name(type_).lower()} kỳ {period}" if type_ != "R" else f"biên nhận kỳ {period}"

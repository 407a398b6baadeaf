"""Receive a package, always in this order: open safely, authenticity, recipient, received before, record by record,
backup, one transaction, counts. Any failure leaves the store exactly as it was.

The sheets are compared with the records before the backup; those of a large package beside it, with the answer before
the transaction ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kcdesk import moments
from kcdesk.errors import KnownError, UserError
from kcdesk.exchange import periods
from kcdesk.exchange.container.entries import count_personal
from kcdesk.exchange.container.paper_lines import read_paper_part
from kcdesk.exchange.package_file import ledger_details
from kcdesk.exchange.workbook.page_lines import type_name
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.collector import at_rest
from kcdesk.runtime.frozen import Value
from kcdesk.services.handover.packages import waiting_records
from kcdesk.services.handover.packages.preview import Preview, in_words
from kcdesk.services.handover.packages.verdict import Verdict, content_of, judged
from kcdesk.services.handover.trust import admission, partners, province_decisions
from kcdesk.services.handover.trust.senders import Consent
from kcdesk.services.papers import received_papers
from kcdesk.services.personal import rights
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.handover.merge_state import KNOWLEDGE
from kcdesk.store.handover.package_ledger import Answer, PackageEntry
from kcdesk.store.handover.partners import Device

if TYPE_CHECKING:
    from kcdesk.exchange.container.manifest import Reply
    from kcdesk.formdef.record import Record

_MANY = 1000  # changed records, after which SQLite's statistics are computed again


class Received(Value, kw_only=True):
    """The result of receiving: the preview, the changes, and the backup made before."""

    preview: Preview
    changes: Changes
    applied: bool
    backup: Path | None = None


@at_rest()
def receive(
    workspace: Workspace,
    path: Path,
    password: str = "",
    *,
    trust: bool = False,
    same_unit: bool = False,
    progress: Progress = ignore_progress,
    backup: Callable[[], Path] | None = None,
) -> Received:
    """Receive a package; UserError says why it cannot be received, and then nothing has changed.

    `trust` accepts the key of a new sender after its fingerprint was compared, with `same_unit` also that of another
    laptop of this unit. `backup` makes the backup before any
    change; several packages in a row may share a single backup.
    """
    with (
        judged(workspace, path, password, Consent(trust, same_unit), workspace.store) as verdict,
        verdict.comparing() as is_compared_beside,
    ):
        _refuse_barred(verdict if is_compared_beside else verdict.compared())
        preview = in_words(verdict, workspace.store)
        if verdict.received_before:
            return Received(preview=preview, changes=Changes(_action(verdict)), applied=False)
        backup_folder = (backup or partial(workspace.store.backup, reason="import"))() if verdict.is_changing else None
        changes = _apply(workspace, verdict, path, progress)
    return Received(preview=preview, changes=changes, applied=True, backup=backup_folder)


def undo(workspace: Workspace, package: str) -> tuple[Changes, list[str]]:
    """Undo the receiving of a package; returns the changes and the titles of new records that stay because of edits.

    Later edits stay; if they prevent restoring a value, the earlier value waits on the pile of conflicts.
    """
    entry = workspace.store.packages.get(package)
    if entry is None or entry.direction != "in":
        raise UserError("Kho này chưa nhận gói đó.", code="not_found", hint="Xem mã gói trong sổ bàn giao.")
    store = workspace.store
    store.backup(reason="undo_import")
    with store.together():
        changes, kept_titles = store.undo_intake(package, f"Hoàn tác nhập {_name(entry.type, entry.period)}")
        store.packages.unanswer(package)
        waiting_records.drop_waiting(workspace, package)
        store.set_setting(KNOWLEDGE, _knowledge_without(entry, store.setting(KNOWLEDGE, {})))
        store.packages.amend(package, {"undone": True})
    return changes, kept_titles


def _knowledge_without(entry: PackageEntry, knowledge: Mapping[str, str]) -> dict[str, str]:
    """How far this store knows each device without a package."""
    before = entry.details.get("knew", {})
    return {device: min(stamp, before[device]) for device, stamp in knowledge.items() if device in before}


# -- inside --------------------------------------------------------------------------------------------------------


def _apply(workspace: Workspace, verdict: Verdict, path: Path, progress: Progress) -> Changes:
    store, merged = workspace.store, verdict.merged
    added: list[str] = []
    try:
        with store.together():
            with store.act(_action(verdict)) as act:
                _learn_senders(workspace, verdict)
                store.keep_lineages(verdict.names.lineages)
                _keep_files(workspace, verdict, added)
                waiting_records.let_wait(workspace, verdict)
                act.merge_all(merged, progress)
                _keep_papers(workspace, verdict)
                _refuse_other_counts(workspace, verdict)
                _refuse_barred(verdict.compared())
                store.note_intake(_entry(workspace, verdict, path), act.id, merged)
                store.packages.carry(verdict.manifest.package, verdict.carried)
                store.vouchers.put(province_decisions.newer_vouchers(store, verdict.vouchers))
                _learn_knowledge(workspace, verdict)
            erased = rights.erase_returned(workspace, [item.id for item in act.changes.items])
    except BaseException:
        for sha256 in added:
            store.files.forget(sha256)
        raise
    if len(act.changes.items) > _MANY:
        store.analyze()
    rights.overwrite(workspace, erased)
    return act.changes


def _refuse_barred(verdict: Verdict) -> None:
    if bar := verdict.bar:
        raise UserError(bar.obstacle, code=bar.code, hint=bar.hint)


def _learn_senders(workspace: Workspace, verdict: Verdict) -> None:
    """Store a newly trusted key, and the unit and officer of each device."""
    store, partner, manifest = workspace.store, verdict.partner, verdict.manifest
    if partner and store.partners.get(partner.key) is None:
        is_own = partner.unit == workspace.identity.unit.code  # the officer was asked before
        partners.admit(workspace, partner, replaces=verdict.replaces, same_unit=is_own)
    if partner and not manifest.answers and not verdict.is_from_above:
        admission.note_above(workspace, partner.unit, manifest.receiver.name)
    known = {device.id for device in store.partners.devices()} | {workspace.identity.device_id}
    others = [
        Device(
            id=id_, unit=worker.unit, name=worker.name, level=verdict.level_of(id_, worker.unit), officer=worker.officer
        )
        for id_, worker in manifest.devices.items()
        if (id_ not in known or id_ in verdict.province) and id_ not in (manifest.sender.device, verdict.sender)
    ]
    sender = manifest.sender
    level = partner.level if partner else workspace.forms.levels.makers.name
    own = Device(id=verdict.sender, unit=sender.unit, name=sender.name, level=level, officer=sender.officer)
    store.partners.put_devices([*others, own])


def _keep_files(workspace: Workspace, verdict: Verdict, added: list[str]) -> None:
    """Store the attached files, holding a single file in memory at a time; `added` collects new ones for a rollback."""
    files, manifest = workspace.store.files, verdict.manifest
    for attachment in (*manifest.attachments, *manifest.enclosed):
        if not files.has(attachment.sha256):
            added.append(attachment.sha256)
            files.add(verdict.opened.attachment(attachment.sha256), attachment.name)


def _keep_papers(workspace: Workspace, verdict: Verdict) -> None:
    """Keep the papers of locked records: those of the province, of this office's own laptops, of the unit's records."""
    may_change = verdict.ownership
    assert may_change is not None, "the records were judged"

    def is_vouched(record: Record) -> bool:
        return may_change.covers(workspace.store.get(record.id).unit)

    papers = read_paper_part(verdict.opened.papers())
    received_papers.keep_received(workspace, papers, verdict.carried, is_vouched)


def _refuse_other_counts(workspace: Workspace, verdict: Verdict) -> None:
    """Refuse if the stored and refused records differ from the sender's count; KnownError `counts_differ`."""
    manifest = verdict.manifest
    total = sum(manifest.counts.values()) + sum(manifest.deleted.values())
    stored = workspace.store.merging.seen(verdict.carried)
    if len(stored) + verdict.refused != total:
        raise KnownError(
            "Số hồ sơ sau khi nhận không khớp với bản kê của gói; kho giữ nguyên như trước.",
            code="counts_differ",
            hint="Hãy thử lại; nếu vẫn vậy, hãy xin gói khác.",
        )


def _entry(workspace: Workspace, verdict: Verdict, path: Path) -> PackageEntry:
    manifest = verdict.manifest
    answered = workspace.store.packages.get(manifest.answers) if manifest.answers else None
    is_own_receipt = answered is not None and answered.direction == "out"
    return PackageEntry(
        id=manifest.package,
        direction="in",
        partner=answered.partner if answered and is_own_receipt else manifest.sender.unit,
        period=manifest.period,
        type=manifest.type,
        number=int(manifest.type[1:] or 0),
        at=moments.utc_now(),
        sha256=content_of(manifest),
        vector=verdict.names.vector(manifest.acknowledged if is_own_receipt else manifest.vector),
        details={
            **ledger_details(manifest, verdict.inspection.key, path.name, _hash_of(path)),
            "content": content_of(manifest),
            "copy": verdict.sender,
            "personal": count_personal(verdict.opened.entries, workspace.forms),
            "rows": verdict.tally,
            "base": manifest.base,
            "gap": verdict.is_gap,
            "missing": list(verdict.missing),
            "knew": workspace.store.setting(KNOWLEDGE, {}),
            "receipt": is_own_receipt,
            "undone": False,
        },
    )


def _hash_of(path: Path) -> str:
    """The SHA-256 of the file as received, as printed on the sender's hand-over record."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _learn_knowledge(workspace: Workspace, verdict: Verdict) -> None:
    """Store the answers of a receipt, else how far this store knows each device; not if records are missing."""
    store, manifest = workspace.store, verdict.manifest
    store.packages.amend(manifest.package, {"undone": False, "rows": verdict.tally})
    if manifest.answers:
        answers = [_answer(workspace, verdict, reply) for reply in manifest.replies]
        store.packages.answer(manifest.package, answers)
    elif not verdict.is_gap and not verdict.refused:
        known = store.setting(KNOWLEDGE, {})
        known |= {
            device: max(at, known.get(device, "")) for device, at in verdict.names.vector(manifest.vector).items()
        }
        known.pop(workspace.identity.device_id, None)
        store.set_setting(KNOWLEDGE, known)


def _answer(workspace: Workspace, verdict: Verdict, reply: Reply) -> Answer:
    result = verdict.result_of(reply, workspace.store.merging.stored(reply.record))
    reasons = tuple((reason.path, reason.text) for reason in reply.reasons)
    return Answer(verdict.manifest.answers, reply.record, result, reasons)


def _action(verdict: Verdict) -> str:
    manifest = verdict.manifest
    return f"Nhập {_name(manifest.type, manifest.period)} của {manifest.sender.name}"


def _name(type_: str, period: str) -> str:
    return f"{'biên nhận' if type_ == 'R' else f'gói {type_name(type_).lower()}'} {periods.in_sentence(period)}"

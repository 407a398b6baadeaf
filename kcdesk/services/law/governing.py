"""The day whose rules apply to a dossier, what it was when the dossier was decided, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kcdesk import text
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.governing_days import GoverningDay, governing_day, topics_of
from kcdesk.services.workspace import Workspace


def day_for(workspace: Workspace, record: Record, topic: str) -> GoverningDay:
    """The day that governs a topic for a dossier, by `forms/governing_days.toml` and rules of transition."""
    return governing_day(workspace.forms, record, topic, workspace.today())


def sentences_about(workspace: Workspace, record: Record, day: GoverningDay, sources: str = "") -> Iterator[str]:
    """Which day governs and why; that it was another one when decided; whose transition nobody knows."""
    yield day.sentence(workspace.forms)
    before = decided_day(workspace, record, day)
    if before is not None and before != day.on:
        then = f"{day.topic.day} {text.format_date(before)}"
        yield f"Khi chốt, hồ sơ ghi {then}; nay ghi khác: hãy xem lại mức đã tính khi ấy."
    if unknown := workspace.forms.law.unknown_transitions(sources, day.on):
        yield f"{', '.join(unknown)}: chưa rõ quy định chuyển tiếp cho hồ sơ đang làm."


def rule_of(workspace: Workspace, topic: str) -> str:
    """Which day governs a topic that no dossier has: «Thời hạn: theo quy định của ngày đến hạn (đề xuất …).»; or ""."""
    entry = next((entry for entry in topics_of(workspace.forms) if entry.id == topic), None)
    if entry is None:
        return ""
    basis = workspace.forms.basis(entry.source, unverified=entry.unverified, on=workspace.today())
    return f"{entry.label}: theo quy định của {entry.day} ({text.lower_first(basis)})."


def decided_day(workspace: Workspace, record: Record, day: GoverningDay) -> date | None:
    """The governing day as it stood in the snapshot that was kept when it was decided first; None for none."""
    if not day.is_fixed:
        return None
    for snapshot in workspace.store.snapshots(record.id):
        kept = governing_day(workspace.forms, snapshot, day.topic.id, workspace.today())
        if kept.is_fixed:
            return kept.on
    return None

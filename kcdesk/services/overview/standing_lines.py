"""How hand-offs and backups stand: the newest of each with its day, and what is open since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kcdesk import moments, text
from kcdesk.services.maintenance import backup_copies, outside_copies
from kcdesk.services.overview import counters
from kcdesk.services.overview.todays_work import OLD_BACKUP, WorkLine
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.package_ledger import PackageEntry


def standing_lines(workspace: Workspace) -> list[WorkLine]:
    """The lines below today's work."""
    return [*_handover(workspace), _backup(workspace)]


def _handover(workspace: Workspace) -> Iterator[WorkLine]:
    """The last package out and in; at an office that has never had one, only what waits to be handed over."""
    entries = workspace.store.packages.list()
    sent = max((entry for entry in entries if entry.direction == "out"), key=_at, default=None)
    came = max((entry for entry in entries if entry.direction == "in"), key=_at, default=None)
    open_ = counters.to_hand_over(workspace)
    waiting = f"{counters.counted(open_)} hồ sơ đã sửa từ đó, chưa gửi" if open_ else "từ đó không có gì phải gửi"
    if sent is None:
        waiting = f"{counters.counted(open_)} hồ sơ chờ bàn giao" if open_ else "chưa có hồ sơ phải gửi"
    parts = [f"gửi gần nhất {_when(workspace, sent)}, {waiting}" if sent else f"chưa gửi gói nào, {waiting}"]
    if workspace.collects or came:
        parts.append(f"nhận gần nhất {_when(workspace, came)}" if came else "chưa nhận gói nào")
    yield WorkLine("handover", f"Bàn giao: {'; '.join(parts)}", "Bàn giao", "neutral", place="handoff")


def _backup(workspace: Workspace) -> WorkLine:
    """The newest backup, and the newest one that survives the loss of this machine."""
    newest, outside = backup_copies.latest(workspace), outside_copies.latest_outside(workspace)
    own = f"mới nhất {_age(workspace, newest)}" if newest else "chưa có bản nào"
    far = f"ngoài máy này {_age(workspace, outside)}" if outside else "ngoài máy này chưa có"
    days = (workspace.today() - moments.day(outside)).days if outside else OLD_BACKUP + 1
    is_old = days > OLD_BACKUP  # then a line of today's work has the button
    act = "" if is_old else "Sao lưu ra thẻ nhớ…"
    return WorkLine("backup_age", f"Sao lưu: {own}; {far}", act, "wrong" if is_old else "neutral", place="backup")


def _at(entry: PackageEntry) -> str:
    return entry.at


def _when(workspace: Workspace, entry: PackageEntry) -> str:
    return _age(workspace, moments.local(entry.at))


def _age(workspace: Workspace, at: datetime) -> str:
    """A day and how long ago it was: «05/3/2026 (hôm nay)», «01/02/2026 (32 ngày trước)»."""
    day = moments.day(at)
    days = (workspace.today() - day).days
    ago = "hôm nay" if days <= 0 else "hôm qua" if days == 1 else f"{text.format_integer(days)} ngày trước"
    return f"{text.format_date(day)} ({ago})"

"""Where every dossier stands between the offices, and the ledger of what travelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from kcdesk import text
from kcdesk.services.workspace import Workspace
from kcdesk.store.intake import KNOWLEDGE
from kcdesk.store.merging import knows
from kcdesk.store.packages import PackageEntry

Standing = Literal["none", "handed_over", "received", "returned", "approved", "rejected", "changed"]
LABELS: dict[str, str] = {
    "none": "Chưa bàn giao",
    "handed_over": "Đã bàn giao",
    "received": "Nơi nhận đã nhận",
    "returned": "Bị trả lại",
    "approved": "Được phê duyệt",
    "rejected": "Không được phê duyệt",
    "changed": "Đã sửa sau khi bàn giao",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """How far a record's hand-over is; `reasons` are pairs of a path and a sentence, `at` is UTC."""

    standing: Standing
    label: str
    package: str = ""
    at: str = ""
    receiver: str = ""
    period: str = ""
    reasons: tuple[tuple[str, str], ...] = ()


def handover_state(workspace: Workspace, record_id: str) -> Handover:
    """Not handed over, handed over in package X, received, returned with reasons, decided, or changed since."""
    packages = workspace.store.packages
    sent = packages.last_carried(record_id, "out")
    if sent is None:
        return Handover(standing="none", label=LABELS["none"])
    answer = packages.last_answer(record_id)
    is_answered = answer is not None and answer.package == sent.package
    standing: Standing = answer.result if answer and is_answered else "handed_over"  # type: ignore[assignment]
    if _own_stamp(workspace, record_id, sent.partner) > sent.stamp:
        standing = "changed"
    return Handover(
        standing=standing,
        label=LABELS[standing],
        package=sent.package,
        at=answer.at if answer and is_answered else sent.at,
        receiver=sent.partner,
        period=sent.period,
        reasons=answer.reasons if answer else (),
    )


def packages(workspace: Workspace) -> list[dict[str, Any]]:
    """The ledger, newest first: {"package", "direction", "partner", "period", "type", "at", "records", "notes", …}."""
    knowledge = workspace.store.setting(KNOWLEDGE, {})
    return [_line(entry, knowledge) for entry in workspace.store.packages.list()]


def _line(entry: PackageEntry, knowledge: dict[str, str]) -> dict[str, Any]:
    told = entry.details
    return {
        "package": entry.id,
        "direction": entry.direction,
        "partner": entry.partner,
        "period": entry.period,
        "type": entry.type,
        "number": entry.number,
        "at": entry.at,
        "sha256": entry.sha256,
        "records": sum(told.get("counts", {}).values()),
        "file": told.get("file", ""),
        "answers": told.get("answers", ""),
        "undone": bool(told.get("undone")),
        "notes": _notes(told, knowledge),
    }


def _notes(told: dict[str, Any], knowledge: dict[str, str]) -> list[str]:
    """What is still missing, until a full package has healed it."""
    if told.get("undone"):
        return ["Đã hoàn tác"]
    if not told.get("gap") or knows(knowledge, told.get("base", {})):
        return []
    numbers = ", ".join(map(str, told.get("missing", [])))
    return [f"Thiếu gói số {numbers}" if numbers else "Thiếu phần dữ liệu trước gói này"]


def _own_stamp(workspace: Workspace, record_id: str, receiver: str) -> str:
    """The newest change of a record by anybody but the province and the unit that it was handed to."""
    above = text.fold(receiver)
    devices = {
        device.id
        for device in workspace.store.partners.devices()
        if device.level == "province" or above in (text.fold(device.unit), text.fold(device.name))
    }
    seen = workspace.store.merging.seen([record_id]).get(record_id, {})
    return max((at for device, at in seen.items() if device not in devices), default="")

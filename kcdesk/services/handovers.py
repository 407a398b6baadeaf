"""Where every dossier stands between the offices, and the ledger of what travelled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from kcdesk import text
from kcdesk.services.workspace import Workspace
from kcdesk.store.intake import KNOWLEDGE
from kcdesk.store.merging import knows
from kcdesk.store.packages import PackageEntry
from kcdesk.store.partners import Device

Standing = Literal[
    "none", "handed_over", "received", "returned", "approved", "rejected", "changed", "taken_in", "answered"
]
LABELS: dict[str, str] = {
    "none": "Chưa bàn giao",
    "handed_over": "Đã bàn giao",
    "received": "Nơi nhận đã nhận",
    "returned": "Bị trả lại",
    "approved": "Được phê duyệt",
    "rejected": "Không được phê duyệt",
    "changed": "Đã sửa sau khi bàn giao",
    "taken_in": "Nhận về, chưa trả lời",
    "answered": "Đã trả lời nơi gửi",
}


SHORT: dict[str, str] = {  # in a column that is headed «Bàn giao»
    "none": "Chưa",
    "handed_over": "Đã gửi",
    "received": "Đã nhận",
    "returned": "Bị trả lại",
    "approved": "Được duyệt",
    "rejected": "Không duyệt",
    "changed": "Sửa sau khi gửi",
    "taken_in": "Chưa trả lời",
    "answered": "Đã trả lời",
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
    """Not handed over, handed over in package X, received, returned with reasons, decided, or changed since.

    What came from another office and was never sent on is taken in, or answered.
    """
    return standings(workspace, [record_id])[record_id]


def standings(workspace: Workspace, ids: Iterable[str]) -> dict[str, Handover]:
    """The hand-over state of many records, for lists."""
    entries = workspace.store.packages.list()
    answered = {entry.details.get("answers") for entry in entries if entry.direction == "out"}
    devices = workspace.store.partners.devices()
    found = {id_: _standing(workspace, id_, devices, answered) for id_ in ids}
    names = {partner.unit: partner.name for partner in workspace.store.partners.list()}
    return {id_: replace(state, receiver=names.get(state.receiver, state.receiver)) for id_, state in found.items()}


def _standing(workspace: Workspace, record_id: str, devices: Iterable[Device], answered: set[str | None]) -> Handover:
    packages = workspace.store.packages
    sent = packages.last_carried(record_id, "out")
    if sent is None:
        return _brought(workspace, record_id, answered)
    answer = packages.last_answer(record_id)
    is_answered = answer is not None and answer.package == sent.package
    standing: Standing = answer.result if answer and is_answered else "handed_over"  # type: ignore[assignment]
    if _own_stamp(workspace, record_id, _theirs(devices, sent.partner)) > sent.stamp:
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


def _brought(workspace: Workspace, record_id: str, answered: set[str | None]) -> Handover:
    """Of a record that was never sent on: whether it came from another office."""
    came = workspace.store.packages.last_carried(record_id, "in")
    if came is None or came.partner == workspace.identity.unit.code:
        return Handover(standing="none", label=LABELS["none"])
    standing: Standing = "answered" if came.package in answered else "taken_in"
    return Handover(
        standing=standing,
        label=LABELS[standing],
        package=came.package,
        at=came.at,
        receiver=came.partner,
        period=came.period,
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


def _theirs(devices: Iterable[Device], receiver: str) -> set[str]:
    """The devices of the province and of the unit that a record was handed to."""
    above = text.fold(receiver)
    return {
        device.id
        for device in devices
        if device.level == "province" or above in (text.fold(device.unit), text.fold(device.name))
    }


def _own_stamp(workspace: Workspace, record_id: str, others: set[str]) -> str:
    """The newest change of a record by anybody but the devices `others`."""
    seen = workspace.store.merging.seen([record_id]).get(record_id, {})
    return max((at for device, at in seen.items() if device not in others), default="")

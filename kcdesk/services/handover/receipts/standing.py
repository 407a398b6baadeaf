"""Where every dossier stands between the offices, and the ledger of what travelled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.services.handover.trust import unconfirmed_results
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.merge_state import KNOWLEDGE
from kcdesk.store.handover.merging import knows
from kcdesk.store.handover.package_ledger import Answer, Carried, PackageEntry
from kcdesk.store.handover.partners import Device

Standing = Literal[
    "none", "handed_over", "received", "returned", "approved", "rejected", "changed", "taken_in", "answered"
]
FILTER = "(handover)"  # no field of any form: where a list is asked for a hand-over state
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
    claim: str = ""  # that a result is only what the unit below wrote itself


def handover_state(workspace: Workspace, record_id: str) -> Handover:
    """Not handed over, handed over in package X, received, returned with reasons, decided, or changed since.

    What came from another office and was never sent on is taken in, or answered.
    """
    return replace(
        standings(workspace, [record_id])[record_id], claim=unconfirmed_results.sentence(workspace, record_id)
    )


def standings(workspace: Workspace, ids: Iterable[str]) -> dict[str, Handover]:
    """The hand-over state of many records, for lists."""
    packages, merging = workspace.store.packages, workspace.store.merging
    known = _Known(
        devices=workspace.store.partners.devices(),
        answered=_answered(workspace),
        sent=lambda id_: packages.last_carried(id_, "out"),
        came=lambda id_: packages.last_carried(id_, "in"),
        answer=packages.last_answer,
        seen=lambda id_: merging.seen([id_]).get(id_, {}),
    )
    found = {id_: _standing(workspace, id_, known) for id_ in ids}
    names = {partner.unit: partner.name for partner in workspace.store.partners.list()}
    return {id_: replace(state, receiver=names.get(state.receiver, state.receiver)) for id_, state in found.items()}


def narrowed(workspace: Workspace, kind: str, where: Mapping[str, Any]) -> dict[str, Any]:
    """The filters of a list with the hand-over state, asked for under `FILTER`, as the ids of those records.

    It is one of `LABELS`, or the id of a package for what travelled in it. UserError `unknown_standing`.
    """
    wanted = where.get(FILTER)
    rest = {name: value for name, value in where.items() if name != FILTER}
    return rest | {"id": _ids(workspace, kind, wanted)} if wanted else rest


def _ids(workspace: Workspace, kind: str, wanted: str) -> list[str]:
    if wanted not in LABELS:
        if workspace.store.packages.get(wanted) is None:
            names = ", ".join(f"{name} ({label})" for name, label in LABELS.items())
            raise UserError(
                f"Không có tình trạng bàn giao «{wanted}».",
                code="unknown_standing",
                hint=f"Các tình trạng: {names}; hoặc mã một gói trong sổ bàn giao.",
            )
        return list(workspace.store.packages.carried(wanted))
    known = _all_known(workspace, kind)
    rows = workspace.store.query("SELECT id FROM record WHERE kind = :kind AND deleted IS NULL", {"kind": kind})
    return [row["id"] for row in rows if _standing(workspace, row["id"], known).standing == wanted]


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What the ledger says of a record: asked one by one for a page of a list, read at once for a filter."""

    devices: Sequence[Device]
    answered: set[str | None]
    sent: Callable[[str], Carried | None]
    came: Callable[[str], Carried | None]
    answer: Callable[[str], Answer | None]
    seen: Callable[[str], Mapping[str, str]]


def _all_known(workspace: Workspace, kind: str) -> _Known:
    packages = workspace.store.packages
    sent = packages.every_carried(kind, "out")
    seen = workspace.store.merging.seen(sent)
    return _Known(
        devices=workspace.store.partners.devices(),
        answered=_answered(workspace),
        sent=sent.get,
        came=packages.every_carried(kind, "in").get,
        answer=packages.every_answer(kind).get,
        seen=lambda id_: seen.get(id_, {}),
    )


def _answered(workspace: Workspace) -> set[str | None]:
    """The packages that this store has answered."""
    return {entry.details.get("answers") for entry in workspace.store.packages.list() if entry.direction == "out"}


def _standing(workspace: Workspace, record_id: str, known: _Known) -> Handover:
    sent = known.sent(record_id)
    if sent is None:
        return _brought(workspace, known.came(record_id), known.answered)
    answer = known.answer(record_id)
    is_answered = answer is not None and answer.package == sent.package
    standing: Standing = answer.result if answer and is_answered else "handed_over"  # type: ignore[assignment]  # results are standings
    if _own_stamp(known.seen(record_id), _theirs(known.devices, sent.partner)) > sent.stamp:
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


def _brought(workspace: Workspace, came: Carried | None, answered: set[str | None]) -> Handover:
    """Of a record that was never sent on: whether it came from another office."""
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
        "enclosed": [file["name"] for file in told.get("enclosed", [])],
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


def _own_stamp(seen: Mapping[str, str], others: set[str]) -> str:
    """The newest change of a record by anybody but the devices `others`."""
    return max((at for device, at in seen.items() if device not in others), default="")

"""The hand-over state of every dossier, and the ledger of packages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from kcdesk import moments, text
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.handover.receipts import passing_on
from kcdesk.services.handover.trust import partners, unconfirmed_results
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.merge_state import KNOWLEDGE
from kcdesk.store.handover.merging import knows
from kcdesk.store.handover.package_ledger import Answer, Carried, PackageEntry
from kcdesk.store.handover.partners import Device

Standing = Literal[
    "none", "handed_over", "received", "returned", "approved", "rejected", "changed", "taken_in", "answered"
]
FILTER = "(handover)"  # not a field: the name of the hand-over filter of a list
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


SHORT: dict[str, str] = {  # for a column with the head «Bàn giao»
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


class Handover(Value, kw_only=True):
    """The hand-over state of a record; `reasons` are pairs of a path and a sentence, `at` is UTC."""

    standing: Standing
    label: str
    package: str = ""
    at: str = ""
    receiver: str = ""
    period: str = ""
    reasons: tuple[tuple[str, str], ...] = ()
    claim: str = ""  # note that a result was written by the lower unit and is not confirmed
    former: str = ""  # the answer that a newer one to the same package replaced
    owed: str = ""  # the package whose sender was not told yet what an office above has answered


def handover_state(workspace: Workspace, record_id: str) -> Handover:
    """The hand-over state of a record: none, handed over, received, returned, decided, or changed since.

    A record from another office that was never sent on is «taken_in» or «answered».
    """
    return replace(
        standings(workspace, [record_id])[record_id],
        claim=unconfirmed_results.sentence(workspace, record_id),
        former=_former_answer(workspace, record_id),
        owed=passing_on.package_owed(workspace, record_id),
    )


def _former_answer(workspace: Workspace, record_id: str) -> str:
    """«Trước đó: bị trả lại (ngày 01/3/2026).» if a newer answer to the same package replaced another; else ""."""
    newest, *older = workspace.store.packages.answers_about(record_id, "in") or (None,)
    former = next((answer for answer in older if answer and newest and answer.package == newest.package), None)
    if former is None or former.result == "received":
        return ""
    day = text.format_date(moments.day(former.at))
    return f"Trước đó: {text.lower_first(LABELS[former.result])} (ngày {day})."


def standings(workspace: Workspace, ids: Iterable[str]) -> dict[str, Handover]:
    """The hand-over state of many records, for lists."""
    packages, merging = workspace.store.packages, workspace.store.merging
    ledger = _Ledger(
        devices=workspace.store.partners.devices(),
        deciding=partners.authority(workspace, None).devices - {workspace.identity.device_id},
        answered=_answered(workspace),
        sent=lambda id_: packages.last_carried(id_, "out"),
        came=lambda id_: packages.last_carried(id_, "in"),
        answer=packages.last_answer,
        seen=lambda id_: merging.seen([id_]).get(id_, {}),
    )
    states = {id_: _standing(workspace, id_, ledger) for id_ in ids}
    names = {partner.unit: partner.name for partner in workspace.store.partners.list()}
    return {id_: replace(state, receiver=names.get(state.receiver, state.receiver)) for id_, state in states.items()}


def narrowed(workspace: Workspace, kind: str, where: Mapping[str, Any]) -> dict[str, Any]:
    """The filters of a list, with the hand-over filter (under FILTER) replaced by the ids of the matching records.

    Its value is one of LABELS, or the id of a package for the records in it. UserError `unknown_standing`.
    """
    standing = where.get(FILTER)
    rest = {name: value for name, value in where.items() if name != FILTER}
    return rest | {"id": _ids(workspace, kind, standing)} if standing else rest


def _ids(workspace: Workspace, kind: str, standing: str) -> list[str]:
    if standing not in LABELS:
        if workspace.store.packages.get(standing) is None:
            names = ", ".join(f"{name} ({label})" for name, label in LABELS.items())
            raise UserError(
                f"Không có tình trạng bàn giao «{standing}».",
                code="unknown_standing",
                hint=f"Các tình trạng: {names}; hoặc mã một gói trong sổ bàn giao.",
            )
        return list(workspace.store.packages.carried(standing))
    ledger = _whole_ledger(workspace, kind)
    rows = workspace.store.query("SELECT id FROM record WHERE kind = :kind AND deleted IS NULL", {"kind": kind})
    return [row["id"] for row in rows if _standing(workspace, row["id"], ledger).standing == standing]


class _Ledger(Value, kw_only=True):
    """Access to the ledger by record: queried singly for a page of a list, read in full for a filter."""

    devices: Sequence[Device]
    deciding: frozenset[str]  # devices of the offices that decide for this one
    answered: set[str | None]
    sent: Callable[[str], Carried | None]
    came: Callable[[str], Carried | None]
    answer: Callable[[str], Answer | None]
    seen: Callable[[str], Mapping[str, str]]


def _whole_ledger(workspace: Workspace, kind: str) -> _Ledger:
    packages = workspace.store.packages
    sent = packages.every_carried(kind, "out")
    seen = workspace.store.merging.seen(sent)
    return _Ledger(
        devices=workspace.store.partners.devices(),
        deciding=partners.authority(workspace, None).devices - {workspace.identity.device_id},
        answered=_answered(workspace),
        sent=sent.get,
        came=packages.every_carried(kind, "in").get,
        answer=packages.every_answer(kind).get,
        seen=lambda id_: seen.get(id_, {}),
    )


def _answered(workspace: Workspace) -> set[str | None]:
    """The ids of the packages that this store has answered."""
    return {entry.details.get("answers") for entry in workspace.store.packages.list() if entry.direction == "out"}


def _standing(workspace: Workspace, record_id: str, ledger: _Ledger) -> Handover:
    sent = ledger.sent(record_id)
    if sent is None:
        return _received_standing(workspace, ledger.came(record_id), ledger.answered)
    answer = ledger.answer(record_id)
    is_answered = answer is not None and answer.package == sent.package
    standing: Standing = answer.result if answer and is_answered else "handed_over"  # type: ignore[assignment]  # results are standings
    if _own_stamp(ledger.seen(record_id), _receiver_devices(ledger, sent.partner)) > sent.stamp:
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


def _received_standing(workspace: Workspace, came: Carried | None, answered: set[str | None]) -> Handover:
    """The state of a record that was never sent on: none, or received from another office."""
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
    details = entry.details
    return {
        "package": entry.id,
        "direction": entry.direction,
        "partner": entry.partner,
        "period": entry.period,
        "type": entry.type,
        "number": entry.number,
        "at": entry.at,
        "sha256": entry.sha256,
        "records": sum(details.get("counts", {}).values()),
        "file": details.get("file", ""),
        "answers": details.get("answers", ""),
        "undone": bool(details.get("undone")),
        "enclosed": [file["name"] for file in details.get("enclosed", [])],
        "notes": _notes(details, knowledge),
    }


def _notes(details: dict[str, Any], knowledge: dict[str, str]) -> list[str]:
    """Notes on missing data, until a full package has arrived."""
    if details.get("undone"):
        return ["Đã hoàn tác"]
    if not details.get("gap") or knows(knowledge, details.get("base", {})):
        return []
    numbers = ", ".join(map(str, details.get("missing", [])))
    return [f"Thiếu gói số {numbers}" if numbers else "Thiếu phần dữ liệu trước gói này"]


def _receiver_devices(ledger: _Ledger, receiver: str) -> set[str]:
    """The ids of the devices of the receiver and of the offices that decide for this one."""
    above = text.fold(receiver)
    named = (device.id for device in ledger.devices if above in (text.fold(device.unit), text.fold(device.name)))
    return {*ledger.deciding, *named}


def _own_stamp(seen: Mapping[str, str], others: set[str]) -> str:
    """The newest stamp of a record by a device that is not in `others`; "" for none."""
    return max((at for device, at in seen.items() if device not in others), default="")

"""What the rules say of one dossier, in groups of lines for the panel beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from kcdesk import text
from kcdesk.formdef.eligibility import Finding
from kcdesk.formdef.model import Tone
from kcdesk.formdef.record import Record
from kcdesk.services import ceilings, eligibility, funding, helped_before
from kcdesk.services.helped_before import Help
from kcdesk.services.references import present
from kcdesk.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Said:
    """One line: what is said, the text it rests on, and where it leads: to a field, or to another dossier."""

    text: str
    heading: str = ""  # carries the tone where there is one
    source: str = ""
    unverified: bool = False
    tone: Tone = "neutral"
    path: str = ""
    dossier: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading; `empty` is said where there are none."""

    label: str
    lines: tuple[Said, ...]
    empty: str = ""


def beside(workspace: Workspace, record: Record) -> tuple[Group, ...]:
    """Ceiling, eligibility and earlier support, for the kinds of dossier that have them."""
    return _OF_KIND[record.kind](workspace, record) if record.kind in _OF_KIND else ()


def concerns(kind: str) -> bool:
    """Whether the rules say anything of that kind of dossier."""
    return kind in _OF_KIND


def _of_proposal(workspace: Workspace, proposal: Record) -> tuple[Group, ...]:
    judged = ceilings.of_proposal(workspace, proposal)
    over = [Said(problem.message, "Vượt mức tối đa", tone="wrong", path=problem.field) for problem in judged.problems]
    steps = [Said(reason.text, source=reason.source, unverified=reason.unverified) for reason in judged.reasons]
    found = present(workspace, proposal.data.get("beneficiaries", []))
    owners = [stored.record(workspace.forms) for stored in found]
    objected = tuple(_objected(workspace, proposal))
    return (
        Group("Mức hỗ trợ tối đa", (*over, *steps)),
        *([Group("Nguồn kinh phí, khoản chi", objected)] if objected else ()),
        *(_eligibility(workspace, owner, proposal.data.get("activity", ""), judged.on, owner.id) for owner in owners),
        _help(helped_before.of_proposal(workspace, proposal)),
    )


def _objected(workspace: Workspace, proposal: Record) -> Iterator[Said]:
    for found in funding.objections(workspace, proposal):
        problem = found.problem
        lead = {"dossier": found.dossier} if found.dossier else {"path": problem.field}
        yield Said(problem.message, "Cần xem lại", unverified=found.unverified, tone="wrong", **lead)


def _of_beneficiary(workspace: Workspace, beneficiary: Record) -> tuple[Group, ...]:
    return (
        _eligibility(workspace, beneficiary, "", workspace.today()),
        _help(helped_before.of_beneficiary(workspace, beneficiary.id)),
    )


_OF_KIND: Mapping[str, Callable[[Workspace, Record], tuple[Group, ...]]] = MappingProxyType(
    {"proposal": _of_proposal, "beneficiary": _of_beneficiary}
)


def _eligibility(workspace: Workspace, owner: Record, activity: str, on: date, dossier: str = "") -> Group:
    found = eligibility.explain(workspace, owner, activity, on)
    label = f"Điều kiện ngày {text.format_date(on)}" + (f": {owner.title()}" if dossier else "")
    return Group(label, tuple(_finding(line, dossier) for line in found), "Chưa có quy định vào ngày này.")


_STATUSES: Mapping[str, tuple[str, Tone]] = MappingProxyType(
    {"ok": ("phù hợp", "good"), "fail": ("không phù hợp", "wrong"), "unknown": ("chưa rõ", "waiting")}
)


def _finding(line: Finding, dossier: str) -> Said:
    word, tone = _STATUSES[line.status]
    leads = dossier if line.status != "ok" else ""
    return Said(line.text, f"{line.label}: {word}", line.source, line.unverified, tone, dossier=leads)


def _help(found: Iterable[Help]) -> Group:
    return Group("Đã được hỗ trợ?", tuple(map(_told, found)), "Chưa thấy hỗ trợ nào trong kho này.")


def _told(entry: Help) -> Said:
    """«2018 · được duyệt 200.000.000 đồng», then what for, who and why it is thought to be the same establishment."""
    verb = "được duyệt" if entry.granted else "đề nghị"
    money = "" if entry.amount is None else f"{verb} {text.format_integer(entry.amount)} đồng"
    heading = " · ".join(part for part in (str(entry.year or ""), money) if part)
    said = f"{entry.content or entry.title}. {entry.name} ({entry.reason}). {entry.state}."
    tone: Tone = "waiting" if entry.granted else "neutral"
    return Said(
        said, heading, f"Quyết định {entry.decision}" if entry.decision else "", tone=tone, dossier=entry.proposal
    )

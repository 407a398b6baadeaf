"""What the rules say of one dossier, in groups of lines for the panel beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from kcdesk import text
from kcdesk.formdef.activities import activities_of
from kcdesk.formdef.model import Tone
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.eligibility import Finding
from kcdesk.services.money import balances, settlements
from kcdesk.services.proposals import adjustments
from kcdesk.services.records.copying import linked
from kcdesk.services.records.references import present
from kcdesk.services.rules import ceilings, earlier_support, eligibility, funding_checks
from kcdesk.services.rules.earlier_support import EarlierSupport
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
    found = present(workspace, earlier_support.beneficiaries_of(proposal.data))
    owners = [stored.record(workspace.forms) for stored in found]
    objected = tuple(_objected(workspace, proposal))
    return (
        Group("Mức hỗ trợ tối đa", (*over, *steps)),
        *([Group("Nguồn kinh phí, khoản chi", objected)] if objected else ()),
        *(_eligibility(workspace, owner, activities_of(proposal.data), judged.on, proposal) for owner in owners),
        _help(earlier_support.of_proposal(workspace, proposal)),
        *(_money(workspace, proposal) if proposal.value("approved_support") else ()),
    )


def _objected(workspace: Workspace, proposal: Record) -> Iterator[Said]:
    for found in funding_checks.objections(workspace, proposal):
        problem = found.problem
        lead = {"dossier": found.dossier} if found.dossier else {"path": problem.field}
        yield Said(problem.message, "Cần xem lại", unverified=found.unverified, tone="wrong", **lead)


def _of_adjustment(workspace: Workspace, adjustment: Record) -> tuple[Group, ...]:
    rule = adjustments.authority(workspace, adjustment)
    if rule is None:
        return (Group("Thẩm quyền quyết định", (), "Chưa chọn đề nghị và nguồn kinh phí."),)
    field = adjustment.form.field("decided_by")
    labels = {choice.value: choice.label for choice in workspace.forms.choices(field)}
    line = Said(f"{rule.label}.", labels[rule.decided_by], rule.source, rule.unverified, path="decided_by")
    return (Group("Thẩm quyền quyết định", (line,)),)


def _of_payment(workspace: Workspace, payment: Record) -> tuple[Group, ...]:
    on = balances.day_of(workspace, payment)
    rule = workspace.procedures.advance(str(payment.value("activity") or ""), on)
    lines = []
    if rule is not None:
        progress = f", khi đã thực hiện trên {rule.progress_above}% khối lượng" if rule.progress_above else ""
        said = f"{rule.label}: không quá {rule.rate}% kinh phí hỗ trợ{progress}."
        lines.append(Said(said, "Tạm ứng lần một", rule.source, rule.unverified, path="amount"))
    lines += [Said(warning, unverified=True) for warning in workspace.procedures.warnings(payment.data, on)]
    empty = "Tỷ lệ do cơ quan quản lý kinh phí quyết định (khoản 2 Điều 16 TT 36/2013/TT-BCT)."
    return (Group("Tỷ lệ tạm ứng", tuple(lines), empty), *_money(workspace, payment))


def _of_settlement(workspace: Workspace, settlement: Record) -> tuple[Group, ...]:
    lines = []
    accepted = settlement.value("last_accepted_on")
    if isinstance(accepted, str) and (
        due := settlements.settlement_due(workspace, settlement, date.fromisoformat(accepted))
    ):
        said = f"Lập hồ sơ không chậm quá ngày {text.format_date(due[0])}, {due[1].days} ngày sau nghiệm thu cuối cùng."
        lines.append(Said(said, source=due[1].source, unverified=due[1].unverified, path="due_on"))
    contract = linked(workspace, settlement, "contract")
    if contract is not None and (due := settlements.liquidation_due(workspace, contract)):
        said = f"Thanh lý hợp đồng không chậm quá ngày {text.format_date(due[0])}."
        lines.append(Said(said, source=due[1].source, unverified=due[1].unverified))
    empty = "Chưa có ngày nghiệm thu cơ sở cuối cùng và hợp đồng."
    return (Group("Thời hạn", tuple(lines), empty), *_money(workspace, settlement))


def _of_contract(workspace: Workspace, contract: Record) -> tuple[Group, ...]:
    return (Group("Thanh lý hợp đồng", tuple(_liquidation(workspace, contract)), "Chưa có ngày ký và thời hạn."),)


def _liquidation(workspace: Workspace, contract: Record) -> Iterator[Said]:
    """Until when a contract is wound up, and whether that day has passed."""
    due = settlements.liquidation_due(workspace, contract)
    if due is None:
        return
    day, rule = due
    done = contract.value("liquidated_on")
    on = date.fromisoformat(done) if isinstance(done, str) else workspace.today()
    late = on > day
    verb = "Đã thanh lý ngày" if done else "Hôm nay"
    said = f"Không chậm quá ngày {text.format_date(day)}. {verb} {text.format_date(on)}{', quá hạn' if late else ''}."
    tone: Tone = "wrong" if late else "neutral"
    yield Said(said, source=rule.source, unverified=rule.unverified, tone=tone, path="liquidated_on")


def _money(workspace: Workspace, record: Record) -> tuple[Group, ...]:
    """What has been paid of a proposal's support, as far as it is recorded here."""
    id_ = record.id if record.kind == "proposal" else record.value("proposal")
    found = present(workspace, [id_] if id_ else [])
    if not found:
        return ()
    proposal = found[0].record(workspace.forms)
    now = balances.balance(workspace, proposal)
    amounts = [
        ("Kinh phí theo hợp đồng", now.support),
        ("Đã tạm ứng, thanh toán", now.paid),
        ("Đã đề nghị, chưa chi", now.asked),
        ("Đã hoàn trả", now.returned),
        ("Được nghiệm thu", now.accepted),
        ("Còn được tạm ứng", now.remaining),
        ("Còn phải hoàn trả", now.to_return),
    ]
    lines = [Said(f"{label}: {text.format_integer(amount)} đồng.") for label, amount in amounts if amount]
    lines += [Said(one.sentence(), source="Điều 15 TT 36/2013/TT-BCT") for one in now.years]
    return (Group("Kinh phí sau phê duyệt", tuple(lines), "Chưa ghi nhận lần chi nào."),)


def _of_beneficiary(workspace: Workspace, beneficiary: Record) -> tuple[Group, ...]:
    return (
        _eligibility(workspace, beneficiary, (), workspace.today()),
        _help(earlier_support.of_beneficiary(workspace, beneficiary.id)),
    )


_OF_KIND: Mapping[str, Callable[[Workspace, Record], tuple[Group, ...]]] = MappingProxyType(
    {
        "proposal": _of_proposal,
        "beneficiary": _of_beneficiary,
        "adjustment": _of_adjustment,
        "payment": _of_payment,
        "settlement": _of_settlement,
        "contract": _of_contract,
    }
)


def _eligibility(
    workspace: Workspace, owner: Record, activities: Sequence[str], on: date, proposal: Record | None = None
) -> Group:
    found = eligibility.explain(workspace, owner, activities, on, proposal)
    dossier = owner.id if proposal else ""
    label = f"Điều kiện ngày {text.format_date(on)}" + (f": {owner.title()}" if dossier else "")
    return Group(label, tuple(_finding(line, dossier) for line in found), "Chưa có quy định vào ngày này.")


_STATUSES: Mapping[str, tuple[str, Tone]] = MappingProxyType(
    {"ok": ("phù hợp", "good"), "fail": ("không phù hợp", "wrong"), "unknown": ("chưa rõ", "waiting")}
)


def _finding(line: Finding, dossier: str) -> Said:
    word, tone = _STATUSES[line.status]
    leads = dossier if line.status != "ok" else ""
    return Said(line.text, f"{line.label}: {word}", line.source, line.unverified, tone, dossier=leads)


def _help(found: Iterable[EarlierSupport]) -> Group:
    return Group("Đã được hỗ trợ?", tuple(map(_told, found)), "Chưa thấy hỗ trợ nào trong kho này.")


def _told(entry: EarlierSupport) -> Said:
    """«2018 · được duyệt 200.000.000 đồng», then what for, who and why it is thought to be the same establishment."""
    verb = "được duyệt" if entry.granted else "đề nghị"
    money = "" if entry.amount is None else f"{verb} {text.format_integer(entry.amount)} đồng"
    heading = " · ".join(part for part in (str(entry.year or ""), money) if part)
    said = f"{entry.content or entry.title}. {entry.name} ({entry.reason}). {entry.state}."
    tone: Tone = "waiting" if entry.granted else "neutral"
    return Said(
        said, heading, f"Quyết định {entry.decision}" if entry.decision else "", tone=tone, dossier=entry.proposal
    )

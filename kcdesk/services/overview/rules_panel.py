"""The rules that apply to a dossier, as groups of lines for the panel beside it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any

from kcdesk import text
from kcdesk.formdef.activities import activities_of
from kcdesk.formdef.forms import COMMON, Forms
from kcdesk.formdef.law.register import LawCaution, Proof
from kcdesk.formdef.model import Tone
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.eligibility import Finding
from kcdesk.formdef.regulations.governing_days import GoverningDay
from kcdesk.formdef.regulations.procedures import Advance
from kcdesk.runtime.frozen import Value, asdict, replace
from kcdesk.services.law import governing, law_texts
from kcdesk.services.money import balances, settlements
from kcdesk.services.money.year_accounts import YearAccount
from kcdesk.services.proposals import adjustments
from kcdesk.services.records.copying import linked
from kcdesk.services.records.references import present
from kcdesk.services.rules import ceilings, earlier_support, eligibility, funding_checks, priority_areas
from kcdesk.services.rules.earlier_support import EarlierSupport
from kcdesk.services.workspace import Workspace

_NO_AREA = "Không thuộc địa bàn ưu tiên nào theo danh mục hoặc khai báo."
_LEFT_TO_AGENCY = "Văn bản không nêu nội dung này: tỷ lệ, hồ sơ tạm ứng do cơ quan quản lý kinh phí quyết định."


class RuleLine(Value):
    """A line: a statement with its legal source, and a link to a field (`path`) or to another dossier.

    `figure` names the figure of the record `figure_of` that the line states, for «Vì sao có số này?».
    """

    text: str
    heading: str = ""  # shown in the colour of the tone
    source: str = ""
    unverified: bool = False
    tone: Tone = "neutral"
    path: str = ""
    dossier: str = ""
    proof: Proof = "read"  # filled in for all lines at once
    readable: bool = False  # whether the office has the text that the source cites; as `proof`
    figure: str = ""
    figure_of: str = ""


class RuleGroup(Value):
    """Lines under a heading; `empty` is shown if there are none.

    `on` is the day whose law governs, today where a rule says no other; `cautions` are about what the lines cite.
    """

    label: str
    lines: tuple[RuleLine, ...]
    empty: str = ""
    on: date | None = None
    cautions: tuple[LawCaution, ...] = ()
    governing: GoverningDay | None = None
    also: tuple[GoverningDay, ...] = ()  # the days of parts of it that have another one
    governed: tuple[str, ...] = ()  # which day governs and why, in sentences


def beside(workspace: Workspace, record: Record) -> tuple[RuleGroup, ...]:
    """The groups of rules for a record; empty for kinds without rules."""
    if record.kind not in _OF_KIND:
        return ()
    groups, texts = _OF_KIND[record.kind](workspace, record), law_texts.texts(workspace)
    return tuple(_with_cautions(workspace, _governed(workspace, record, group), texts) for group in groups)


def groups_as_json(workspace: Workspace, groups: Sequence[RuleGroup]) -> list[dict[str, Any]]:
    """The groups of `beside` for JSON; each line and each group with its cautions, the day as ISO."""
    return [_as_json(workspace.forms, group) for group in groups]


def _as_json(forms: Forms, group: RuleGroup) -> dict[str, Any]:
    on, law = group.on, forms.law
    assert on is not None  # filled in with the cautions
    lines = [asdict(line) | {"cautions": _cautions_as_json(law.cautions(line.source, on))} for line in group.lines]
    day = group.governing.to_json(forms) if group.governing else None
    own = {"on": on.isoformat(), "lines": lines, "cautions": _cautions_as_json(group.cautions)}
    return asdict(replace(group, governing=None, also=())) | own | {"governing": day, "governed": list(group.governed)}


def _cautions_as_json(cautions: Sequence[LawCaution]) -> list[dict[str, str]]:
    return [caution.to_json() for caution in cautions]


def _governed(workspace: Workspace, record: Record, group: RuleGroup) -> RuleGroup:
    """The group with the sentences about the day that governs it."""
    if group.governing is None:
        return group
    sources = "; ".join(line.source for line in group.lines if line.source)
    sentences = [*governing.sentences_about(workspace, record, group.governing, sources)]
    for day in group.also:
        own = governing.sentences_about(workspace, record, day, sources)
        sentences += [f"{day.topic.label}: {text.lower_first(sentence)}" for sentence in own]
    return replace(group, governed=tuple(dict.fromkeys(sentences)))


def _with_cautions(workspace: Workspace, group: RuleGroup, texts: Container[str]) -> RuleGroup:
    """The group with each rule once, how well it is proved, what is to be careful of, what the office can read."""
    law, on = workspace.forms.law, group.on or workspace.today()
    lines = tuple(
        replace(
            line,
            proof=law.proof(line.source, unverified=line.unverified),
            unverified=law.is_marked(line.source, unverified=line.unverified),
            readable=law_texts.is_readable(line.source, texts),
        )
        for line in dict.fromkeys(group.lines)
    )
    cautions = (caution for line in lines for caution in law.cautions(line.source, on))
    return replace(group, lines=lines, on=on, cautions=tuple(dict.fromkeys(cautions)))


def concerns(kind: str) -> bool:
    """Whether there are rules for this kind of dossier."""
    return kind in _OF_KIND


def _of_proposal(workspace: Workspace, proposal: Record) -> tuple[RuleGroup, ...]:
    judgement = ceilings.of_proposal(workspace, proposal)
    over = [
        RuleLine(problem.message, "Vượt mức tối đa", tone="wrong", path=problem.field) for problem in judgement.problems
    ]
    steps = [RuleLine(reason.text, source=reason.source, unverified=reason.unverified) for reason in judgement.reasons]
    if steps and ceilings.has_amount(judgement):
        steps[0] = replace(steps[0], figure="ceiling", figure_of=proposal.id)
    beneficiaries = present(workspace, earlier_support.beneficiaries_of(proposal))
    owners = [stored.record(workspace.forms) for stored in beneficiaries]
    objections = tuple(_objection_lines(workspace, proposal))
    day = partial(governing.day_for, workspace, proposal)
    return (
        RuleGroup("Mức hỗ trợ tối đa", (*over, *steps), on=judgement.on, governing=day("ceiling")),
        *(
            [RuleGroup("Nguồn kinh phí, khoản chi", objections, on=judgement.on, governing=day("funding"))]
            if objections
            else ()
        ),
        *(
            _eligibility_group(workspace, owner, activities_of(proposal.data), day("eligibility").on, proposal)
            for owner in owners
        ),
        _support_group(workspace, earlier_support.of_proposal(workspace, proposal)),
        *(_money_groups(workspace, proposal) if proposal.value("approved_support") else ()),
    )


def _objection_lines(workspace: Workspace, proposal: Record) -> Iterator[RuleLine]:
    for objection in funding_checks.objections(workspace, proposal):
        problem = objection.problem
        line = RuleLine(problem.message, "Cần xem lại", unverified=objection.unverified, tone="wrong")
        yield replace(line, dossier=objection.dossier) if objection.dossier else replace(line, path=problem.field)


def _of_adjustment(workspace: Workspace, adjustment: Record) -> tuple[RuleGroup, ...]:
    rule = adjustments.authority(workspace, adjustment)
    if rule is None:
        return (RuleGroup("Thẩm quyền quyết định", (), "Chưa chọn đề nghị và nguồn kinh phí."),)
    field = adjustment.form.field("decided_by")
    labels = {choice.value: choice.label for choice in workspace.forms.choices(field)}
    line = RuleLine(f"{rule.label}.", labels[rule.decided_by], rule.source, rule.unverified, path="decided_by")
    day = governing.day_for(workspace, adjustment, adjustments.TOPIC)
    return (RuleGroup("Thẩm quyền quyết định", (line,), on=day.on, governing=day),)


def _of_payment(workspace: Workspace, payment: Record) -> tuple[RuleGroup, ...]:
    on = balances.day_of(workspace, payment)
    rule = workspace.procedures.advance(str(payment.value("activity") or ""), on)
    lines = []
    if rule is not None:
        lines.append(RuleLine(_advance_text(rule), "Tạm ứng lần một", rule.source, rule.unverified, path="amount"))
    else:
        lines.append(RuleLine(_LEFT_TO_AGENCY, "Tạm ứng lần một", "Khoản 2 Điều 16 TT 36/2013/TT-BCT", path="amount"))
    if limit := workspace.procedures.advance_limit(on):
        sentence = f"{limit.label}: các lần tạm ứng trước nghiệm thu cộng lại không quá {limit.rate}% kinh phí hỗ trợ."
        lines.append(RuleLine(sentence, "Giới hạn chung", limit.source, limit.unverified, path="amount"))
    lines += [RuleLine(warning, unverified=True) for warning in workspace.procedures.warnings(payment.data, on)]
    day = governing.day_for(workspace, payment, "payment_rate")
    return (RuleGroup("Tỷ lệ tạm ứng", tuple(lines), on=on, governing=day), *_money_groups(workspace, payment))


def _advance_text(rule: Advance) -> str:
    if rule.rate is None:
        return f"{rule.label}: văn bản nêu hồ sơ tạm ứng, không ghi tỷ lệ; tạm ứng theo hợp đồng và hồ sơ."
    progress = f", khi đã thực hiện trên {rule.progress_above}% khối lượng" if rule.progress_above else ""
    return f"{rule.label}: không quá {rule.rate}% kinh phí hỗ trợ{progress}."


def _of_settlement(workspace: Workspace, settlement: Record) -> tuple[RuleGroup, ...]:
    lines = []
    accepted = settlement.value("last_accepted_on")
    if isinstance(accepted, str) and (
        due := settlements.settlement_due(workspace, settlement, date.fromisoformat(accepted))
    ):
        sentence = (
            f"Lập hồ sơ không chậm quá ngày {text.format_date(due[0])}, {due[1].days} ngày sau nghiệm thu cuối cùng."
        )
        lines.append(RuleLine(sentence, source=due[1].source, unverified=due[1].unverified, path="due_on"))
    contract = linked(workspace, settlement, "contract")
    if contract is not None and (due := settlements.liquidation_due(workspace, contract)):
        sentence = f"Thanh lý hợp đồng không chậm quá ngày {text.format_date(due[0])}."
        lines.append(RuleLine(sentence, source=due[1].source, unverified=due[1].unverified))
    empty = "Chưa có ngày nghiệm thu cơ sở cuối cùng và hợp đồng."
    day = governing.day_for(workspace, settlement, "settlement")
    return (RuleGroup("Thời hạn", tuple(lines), empty, day.on, governing=day), *_money_groups(workspace, settlement))


def _of_contract(workspace: Workspace, contract: Record) -> tuple[RuleGroup, ...]:
    day, lines = governing.day_for(workspace, contract, "liquidation"), tuple(_liquidation_lines(workspace, contract))
    return (RuleGroup("Thanh lý hợp đồng", lines, "Chưa có ngày ký và thời hạn.", day.on, governing=day),)


def _liquidation_lines(workspace: Workspace, contract: Record) -> Iterator[RuleLine]:
    """The deadline of the liquidation of a contract, and whether it has passed."""
    due = settlements.liquidation_due(workspace, contract)
    if due is None:
        return
    day, rule = due
    liquidated_on = contract.value("liquidated_on")
    on = date.fromisoformat(liquidated_on) if isinstance(liquidated_on, str) else workspace.today()
    late = on > day
    verb = "Đã thanh lý ngày" if liquidated_on else "Hôm nay"
    sentence = (
        f"Không chậm quá ngày {text.format_date(day)}. {verb} {text.format_date(on)}{', quá hạn' if late else ''}."
    )
    tone: Tone = "wrong" if late else "neutral"
    yield RuleLine(sentence, source=rule.source, unverified=rule.unverified, tone=tone, path="liquidated_on")


def _money_groups(workspace: Workspace, record: Record) -> tuple[RuleGroup, ...]:
    """The money of a proposal after its approval, as far as it is recorded here; in đồng."""
    id_ = record.id if record.kind == "proposal" else record.value("proposal")
    proposals = present(workspace, [id_] if id_ else [])
    if not proposals:
        return ()
    proposal = proposals[0].record(workspace.forms)
    balance = balances.balance(workspace, proposal)
    names = ("support", "paid", "asked", "returned", "accepted", "remaining", "to_return")
    amounts = [(balances.LABELS[name], getattr(balance, name), name) for name in names]
    lines = [
        RuleLine(f"{label}: {text.format_integer(amount)} đồng.", figure=f"balance.{name}", figure_of=proposal.id)
        for label, amount, name in amounts
        if amount
    ]
    lines += [_year_line(proposal, account) for account in balance.years]
    return (RuleGroup("Kinh phí sau phê duyệt", tuple(lines), "Chưa ghi nhận lần chi nào."),)


def _year_line(proposal: Record, account: YearAccount) -> RuleLine:
    figure = f"year.{account.year}.{'held' if account.settled is None else 'to_return'}"
    return RuleLine(account.sentence(), source="Điều 15 TT 36/2013/TT-BCT", figure=figure, figure_of=proposal.id)


def _of_beneficiary(workspace: Workspace, beneficiary: Record) -> tuple[RuleGroup, ...]:
    day = governing.day_for(workspace, beneficiary, "establishment")
    areas = tuple(_area_lines(workspace, beneficiary))
    return (
        _eligibility_group(workspace, beneficiary, (), workspace.today()),
        RuleGroup("Địa bàn ưu tiên", areas, _NO_AREA, workspace.today(), governing=day),
        _support_group(workspace, earlier_support.of_beneficiary(workspace, beneficiary.id)),
    )


def _area_lines(workspace: Workspace, beneficiary: Record) -> Iterator[RuleLine]:
    """Each kind of area that a list decides about today, or that was ticked."""
    for answer in priority_areas.answers(workspace, beneficiary.data, workspace.today()):
        heading = "Thuộc" if answer.holds else "Không thuộc"
        proof = "Theo danh mục" if answer.source else text.upper_first(priority_areas.DECLARED)
        tone: Tone = "good" if answer.source and answer.holds else "neutral"
        sentence = f"{answer.label}. {proof}."
        yield RuleLine(sentence, heading, answer.source, answer.unverified, tone=tone, path=priority_areas.FIELD)


def _of_acceptance(workspace: Workspace, acceptance: Record) -> tuple[RuleGroup, ...]:
    """Which checklist belongs to the day of the visit, and whether the one that was filled in is another one."""
    day = governing.day_for(workspace, acceptance, "checklist")
    proposal = linked(workspace, acceptance, "proposal")
    lines = []
    if proposal is not None and acceptance.value("previous") is None:
        wanted = workspace.forms.checklist_items(proposal.data, day.on, at_visit=True)
        missing = {row["item"] for row in wanted} - {str(row.get("item")) for row in acceptance.rows("checklist")}
        tone: Tone = "waiting" if missing else "neutral"
        sentence = f"{len(wanted)} mục theo quy định ngày {text.format_date(day.on)}."
        lacking = f" Biên bản chưa có: {'; '.join(sorted(missing))}." if missing else ""
        lists = (workspace.forms.checklist(code, day.on) for code in (COMMON, *activities_of(proposal.data)))
        sources = "; ".join(dict.fromkeys(each.source for each in lists if each))
        lines.append(RuleLine(sentence + lacking, source=sources, tone=tone, path="checklist"))
    return (RuleGroup("Danh mục kiểm tra", tuple(lines), "Danh mục theo lần kiểm tra trước.", day.on, governing=day),)


_OF_KIND: Mapping[str, Callable[[Workspace, Record], tuple[RuleGroup, ...]]] = MappingProxyType(
    {
        "proposal": _of_proposal,
        "beneficiary": _of_beneficiary,
        "adjustment": _of_adjustment,
        "payment": _of_payment,
        "settlement": _of_settlement,
        "contract": _of_contract,
        "acceptance": _of_acceptance,
    }
)


def _eligibility_group(
    workspace: Workspace, owner: Record, activities: Sequence[str], on: date, proposal: Record | None = None
) -> RuleGroup:
    findings = eligibility.explain(workspace, owner, activities, on, proposal)
    dossier = owner.id if proposal else ""
    label = f"Điều kiện ngày {text.format_date(on)}" + (f": {owner.title()}" if dossier else "")
    lines = tuple(_finding_line(line, dossier) for line in findings)
    judged, topic = (proposal, "eligibility") if proposal else (owner, "establishment")
    day = governing.day_for(workspace, judged, topic)
    own = eligibility.own_days(workspace, proposal) if proposal else []
    also = tuple(each for each in own if (each.on, each.words) != (day.on, day.words))
    return RuleGroup(label, lines, "Chưa có quy định vào ngày này.", on, governing=day, also=also)


_STATUSES: Mapping[str, tuple[str, Tone]] = MappingProxyType(
    {"ok": ("phù hợp", "good"), "fail": ("không phù hợp", "wrong"), "unknown": ("chưa rõ", "waiting")}
)


def _finding_line(line: Finding, dossier: str) -> RuleLine:
    word, tone = _STATUSES[line.status]
    leads_to = dossier if line.status != "ok" else ""
    return RuleLine(line.text, f"{line.label}: {word}", line.source, line.unverified, tone, dossier=leads_to)


def _support_group(workspace: Workspace, supports: Sequence[EarlierSupport]) -> RuleGroup:
    empty = "" if supports else f"Chưa thấy hỗ trợ nào trong kho này: {earlier_support.compared(workspace)}."
    return RuleGroup("Đã được hỗ trợ?", tuple(map(_support_line, supports)), empty)


def _support_line(entry: EarlierSupport) -> RuleLine:
    """«2018 · được duyệt 200.000.000 đồng», then purpose, establishment and why it is taken for the same one."""
    verb = "được duyệt" if entry.granted else "đề nghị"
    money = "" if entry.amount is None else f"{verb} {text.format_integer(entry.amount)} đồng"
    heading = " · ".join(part for part in (str(entry.year or ""), money) if part)
    sentence = f"{entry.content or entry.title}. {entry.name} ({entry.reason}). {entry.state}."
    tone: Tone = "waiting" if entry.granted else "neutral"
    return RuleLine(
        sentence, heading, f"Quyết định {entry.decision}" if entry.decision else "", tone=tone, dossier=entry.proposal
    )

"""The ceiling of a proposal's support: the norm in force, each step of its calculation, amounts above it.

An amount above the ceiling needs a reason in `ceiling_override_reason` before the proposal is made final or approved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.errors import Problem, UserError
from kcdesk.formdef.activities import activities_of, is_mixed
from kcdesk.formdef.derivations.amounts import Amount, amount_of, derivation_of, total
from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.formdef.law.register import LawRegister
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.ceilings import Ceiling, CeilingQuery, Reason, ceiling, excess
from kcdesk.formdef.regulations.norms import Norms
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.law import governing
from kcdesk.services.records.references import present
from kcdesk.services.rules import earlier_support, priority_areas
from kcdesk.services.rules.earlier_support import SITES
from kcdesk.services.rules.site_ceilings import SiteCeiling, site_ceilings
from kcdesk.services.workspace import Workspace

OVERRIDE = "ceiling_override_reason"
TOPIC = "ceiling"  # in forms/governing_days.toml
_NO_CEILING = "Chưa xác định được mức hỗ trợ tối đa theo quy định cho nội dung này."
_NOT_ON_RECORD = ("no_norms", "no_norm")

# Each compared amount, with the fields of the cost that its percentage is taken of: the first filled field counts.
_COMPARED = {
    "requested_support": ("total_cost",),
    "approved_support": ("approved_total", "total_cost"),
}


class CeilingPart(Value):
    """An activity of a proposal with its norm; `support` is the sum that its budget lines ask for, in đồng."""

    activity: str
    label: str
    ceiling: Ceiling | None
    why_none: Reason | None = None
    support: int | None = None


class Judgement(Value):
    """The ceiling of a proposal on a day, its reasons (or why there is no ceiling), and the amounts above it."""

    on: date
    ceiling: Ceiling | None
    reasons: tuple[Reason, ...]
    problems: tuple[Problem, ...]
    parts: tuple[CeilingPart, ...] = ()  # the activities, several of a flagship proposal
    sites: tuple[SiteCeiling, ...] = ()  # of a scheme with sites, if the norm counts its caps by them

    @property
    def given_once(self) -> tuple[CeilingPart, ...]:
        """The activities for which an establishment is supported only once."""
        return tuple(part for part in self.parts if part.ceiling and part.ceiling.once)


def of_proposal(workspace: Workspace, proposal: Record) -> Judgement:
    """Compute the ceiling of a proposal and compare its amounts with it."""
    on = day_of(workspace, proposal)
    if is_mixed(proposal.data):
        return _judge_parts(workspace, proposal, on)
    try:
        query = _query(workspace, proposal, on)
        norm = ceiling(workspace.norms, query)
    except UserError as error:
        return Judgement(on, None, (_why_none(error, proposal),), ())
    sites = tuple(site_ceilings(workspace, proposal, norm, lambda part: _query(workspace, part, on)))
    problems = (*_problems(workspace.norms, query, proposal), *_excess_of_sites(proposal, sites))
    parts = (CeilingPart(query.activity, norm.label, norm),)
    placed = _area_reasons(workspace, proposal, norm)
    reasons = (*norm.reasons, *placed, *map(_reason_of_site, sites), *_judgement_reasons(proposal, on, problems))
    return Judgement(on, norm, reasons, problems, parts, sites)


def _why_none(error: UserError, proposal: Record) -> Reason:
    """The reason without a ceiling; unverified if only the program has no norm, because a rule may still exist."""
    if error.code == "variant_needed" and error.field in proposal.form.by_name:
        return Reason(f"{error.message} Hãy ghi «{proposal.field(error.field).label}».")
    return Reason(error.sentence(), unverified=error.code in _NOT_ON_RECORD)


def in_force(workspace: Workspace, proposal: Record) -> Ceiling | None:
    """The norm for a proposal on its day; None for a proposal of several activities. UserError if there is no norm."""
    if is_mixed(proposal.data):
        return None
    return ceiling(workspace.norms, _query(workspace, proposal, day_of(workspace, proposal)))


def limit(workspace: Workspace, proposal: Record, cost: int | None) -> Amount | None:
    """What the norm in force allows at most for a total cost, in đồng; None if there is no norm or no amount."""
    day = day_of(workspace, proposal)
    if is_mixed(proposal.data):
        return _limit(tuple(_parts(workspace, proposal, day)))
    try:
        return ceiling(workspace.norms, replace(_query(workspace, proposal, day), cost=cost)).amount
    except UserError:
        return None


def has_amount(judgement: Judgement) -> bool:
    """Whether the norms give the proposal a ceiling in đồng."""
    return bool(judgement.parts) and _limit(judgement.parts) is not None


def figures(workspace: Workspace, proposal: Record) -> dict[str, Callable[[], Derivation]]:
    """The ceiling of a proposal by name, for «Vì sao có số này?»; UserError `no_ceiling` if no norm gives an amount."""
    return {"ceiling": lambda: _ceiling_tree(workspace, proposal)}


def _ceiling_tree(workspace: Workspace, proposal: Record) -> Derivation:
    amount = limit(workspace, proposal, _cost(proposal, _judged(proposal)))
    if amount is None:
        reasons = of_proposal(workspace, proposal).reasons
        raise UserError(
            "Không có mức hỗ trợ tối đa bằng số cho đề án này.",
            code="no_ceiling",
            hint=reasons[0].text if reasons else "",
        )
    return derivation_of(amount)


def limits_of_request(workspace: Workspace, proposal: Record) -> list[Derivation]:
    """The tree of the ceiling for what is asked for."""
    amount = limit(workspace, proposal, _cost(proposal, "requested_support"))
    return [] if amount is None else [derivation_of(amount)]


def obstacles(workspace: Workspace, proposal: Record) -> list[Problem]:
    """List the amounts above the ceiling, if no reason is written for them."""
    if proposal.kind != "proposal" or not proposal.value("activity") or proposal.value(OVERRIDE):
        return []
    return list(of_proposal(workspace, proposal).problems)


def hint(workspace: Workspace, record_id: str, path: str, value: object) -> str:
    """The sentence beside an amount of support while it is typed: «Tối đa … vì …»; "" for other fields."""
    if path not in _COMPARED or not isinstance(value, int):
        return ""
    proposal = workspace.store.record(record_id)
    day = day_of(workspace, proposal)
    if is_mixed(proposal.data):
        return _hint_of_parts(workspace, proposal, day, value)
    try:
        norm = ceiling(workspace.norms, replace(_query(workspace, proposal, day), cost=_cost(proposal, path)))
    except UserError:
        return ""
    over, law = excess(value, norm.amount), workspace.forms.law
    marks = [norm.sentence, f"{law.statement(f'({norm.dated_source})', norm.on, unverified=norm.unverified)}."]
    if over:
        marks.append(f"Vượt {text.format_integer(over)} đồng.")
    return " ".join(marks)


def day_of(workspace: Workspace, proposal: Record) -> date:
    """The day whose rules apply, by `forms/governing_days.toml`."""
    return governing.day_for(workspace, proposal, TOPIC).on


# -- a proposal ----------------------------------------------------------------------------------------------------


def _query(workspace: Workspace, proposal: Record, on: date) -> CeilingQuery:
    programme, activity = proposal.value("programme"), proposal.value("activity")
    if not programme or not activity:
        raise UserError("Chưa chọn nguồn kinh phí và nội dung hoạt động.", code="not_chosen")
    province, old_province = ("", "") if programme == "national" else _territory(workspace, proposal)
    sites = {SITES: earlier_support.sites_of(proposal)}  # hidden ones do not count
    return CeilingQuery(
        programme=programme,
        activity=activity,
        on=on,
        province=province,
        old_province=old_province,
        facts=proposal.data | sites | {"priority": _has_priority(workspace, proposal, on)},
        cost=_cost(proposal, _judged(proposal)),
        law=workspace.forms.law,
    )


def _judged(proposal: Record) -> str:
    """The amount that the ceiling is held against: the approved one, else the requested one."""
    return "approved_support" if proposal.value("approved_support") else "requested_support"


def _territory(workspace: Workspace, proposal: Record) -> tuple[str, str]:
    """Codes of the present province and of the old one of the proposal's place; "" where unknown.

    Without a place the present province is that of the office.
    """
    places = [proposal.value("place"), *(row.get("place") for row in earlier_support.sites_of(proposal))]
    place = next((entry for entry in places if isinstance(entry, dict)), {})
    catalogue = workspace.places
    commune, old = place.get("commune", ""), place.get("old_commune", "")
    known = catalogue.has({"commune": commune})
    province = catalogue.commune(commune).province_code if known else workspace.identity.unit.province
    return province, catalogue.old_province_of(old)


def _has_priority(workspace: Workspace, proposal: Record, on: date) -> bool:
    """Whether each beneficiary has a priority area or sector of Điều 6 NĐ 45/2012 on a day."""
    ids = earlier_support.beneficiaries_of(proposal)
    owners = [owner.data for owner in present(workspace, ids)]
    areas = (priority_areas.areas_of(workspace, owner, on) or owner.get("priority_sectors") for owner in owners)
    return bool(ids) and sum(map(bool, areas)) == len(ids)


def _area_reasons(workspace: Workspace, proposal: Record, norm: Ceiling) -> Iterator[Reason]:
    """How the areas that raise the ceiling are known, of each beneficiary."""
    if not norm.raised_by_priority:
        return
    for owner in present(workspace, earlier_support.beneficiaries_of(proposal)):
        for answer in priority_areas.answers(workspace, owner.data, norm.on):
            if answer.holds:
                sentence = f"{owner.data.get('name', '')}: {text.lower_first(answer.label)}, {answer.proof}."
                yield Reason(sentence, "", answer.unverified)


def _cost(proposal: Record, path: str) -> Amount | None:
    costs = (name for name in _COMPARED[path] if isinstance(proposal.value(name), int))
    return next((amount_of(proposal, name) for name in costs), None)


# -- a flagship proposal: activity by activity ---------------------------------------------------------------------


def _judge_parts(workspace: Workspace, proposal: Record, on: date) -> Judgement:
    """Compare each activity's budget lines with its own norm, and the approved support with the sum of the norms."""
    parts = tuple(_parts(workspace, proposal, on))
    problems = tuple(_excess_of_parts(proposal, parts))
    lines = proposal.form.field("budget").column("activity").source
    reasons = dict.fromkeys(reason for part in parts for reason in _reasons_of(part, lines))
    return Judgement(
        on, None, (*reasons, *_sum_reason(parts), *_judgement_reasons(proposal, on, problems)), problems, parts
    )


def _parts(workspace: Workspace, proposal: Record, on: date) -> Iterator[CeilingPart]:
    for code in activities_of(proposal.data):
        rows = [row for row in proposal.rows("budget") if row.get("activity") == code]
        costs = (amount_of(proposal, f"budget/{row['id']}/cost") for row in rows)
        cost = total("Chi phí của nội dung", costs)
        support = sum(row.get(name, 0) for row in rows for name in ("national", "local"))
        label = workspace.forms.activity(code).label
        try:
            query = replace(_query(workspace, proposal, on), activity=code, cost=cost if rows else None)
            yield CeilingPart(code, label, ceiling(workspace.norms, query), support=support if rows else None)
        except UserError as error:
            yield CeilingPart(code, label, None, _why_none(error, proposal), support if rows else None)


def _reasons_of(part: CeilingPart, lines: str) -> Iterator[Reason]:
    """The reasons of an activity; `lines` is the article that makes budget lines name their activity."""
    if part.ceiling is None:
        if part.why_none:
            yield replace(part.why_none, text=f"{part.label}: {text.lower_first(part.why_none.text)}")
        return
    first, *more = part.ceiling.reasons
    yield replace(first, text=f"{part.label}: {text.lower_first(first.text)}")
    yield from more
    if part.support is None:
        yield Reason(f"{part.label}: chưa có dòng dự toán nào ghi nội dung này.", lines)


def _limit(parts: tuple[CeilingPart, ...]) -> Amount | None:
    """The sum of the ceilings of all activities in đồng; None if any has no amount."""
    amounts = [part.ceiling.amount if part.ceiling else None for part in parts]
    known = [amount for amount in amounts if amount is not None]
    return total("Mức tối đa cộng theo từng nội dung", known) if len(known) == len(parts) else None


def _sum_reason(parts: tuple[CeilingPart, ...]) -> Iterator[Reason]:
    if (limit := _limit(parts)) is not None:
        sources = "; ".join(dict.fromkeys(part.ceiling.dated_source for part in parts if part.ceiling))
        unverified = any(part.ceiling.unverified for part in parts if part.ceiling)
        yield Reason(f"Cộng các nội dung: tối đa {text.format_integer(limit)} đồng.", sources, unverified)


def _excess_of_parts(proposal: Record, parts: tuple[CeilingPart, ...]) -> Iterator[Problem]:
    for part in parts:
        if part.ceiling:
            yield from _excess_problem(
                proposal, "requested_support", part.support, part.ceiling.amount, part.ceiling, part.label
            )
    known = [part.ceiling for part in parts if part.ceiling]
    if known:
        yield from _excess_problem(
            proposal, "approved_support", proposal.value("approved_support"), _limit(parts), known[0]
        )


def _hint_of_parts(workspace: Workspace, proposal: Record, on: date, value: int) -> str:
    parts = tuple(_parts(workspace, proposal, on))
    over = excess(value, _limit(parts))
    law = workspace.forms.law
    sentence = " ".join(
        f"{reason.text} ({law.statement(reason.source, on, unverified=reason.unverified)})"
        for reason in _sum_reason(parts)
    )
    return f"{sentence} Vượt {text.format_integer(over)} đồng." if over else sentence


def _problems(norms: Sequence[Norms], query: CeilingQuery, proposal: Record) -> Iterator[Problem]:
    for path in _COMPARED:
        norm = ceiling(norms, replace(query, cost=_cost(proposal, path)))
        yield from _excess_problem(proposal, path, proposal.value(path), norm.amount, norm)


# -- a scheme with sites: establishment by establishment ---------------------------------------------------------------


def _excess_of_sites(proposal: Record, sites: tuple[SiteCeiling, ...]) -> Iterator[Problem]:
    for site in sites:
        path = f"{SITES}/{site.row_id}/support"
        yield from _excess_problem(proposal, path, site.support, site.limit, site.ceiling, site.name)


def _reason_of_site(site: SiteCeiling) -> Reason:
    """«Xưởng A»: what it may be given at most, what it is given, and its counterpart."""
    amounts = [("Hỗ trợ", site.support), ("đối ứng", site.counterpart)]
    money = ", ".join(f"{label} {text.format_integer(amount)} đồng" for label, amount in amounts if amount is not None)
    sentence = f"{site.name}: {text.lower_first(site.ceiling.sentence)}"
    whole = f"{sentence} {text.upper_first(money)}." if money else sentence
    return Reason(whole, site.ceiling.dated_source, site.ceiling.unverified)


def _excess_problem(
    proposal: Record, path: str, amount: Any, limit: int | None, norm: Ceiling, part: str = ""
) -> Iterator[Problem]:
    over = excess(amount, limit)
    if over and limit is not None:
        label = f"{part}: {text.lower_first(proposal.field(path).label)}" if part else proposal.field(path).label
        basis = proposal.basis(norm.dated_source, unverified=norm.unverified, on=norm.on)
        yield Problem(
            path if path != "requested_support" else "budget",
            f"{label} vượt mức tối đa {text.format_integer(limit)} đồng là {text.format_integer(over)} đồng"
            f" ({basis}); hãy giảm hoặc ghi «{proposal.field(OVERRIDE).label}».",
        )


def _judgement_reasons(proposal: Record, on: date, problems: tuple[Problem, ...]) -> Iterator[Reason]:
    if not proposal.value("decision_date"):
        yield Reason(
            f"Tính theo quy định ngày {text.format_date(on)} vì chưa có ngày quyết định phê duyệt.", unverified=True
        )
    if problems and (reason := proposal.value(OVERRIDE)):
        yield Reason(f"Lý do hỗ trợ vượt mức tối đa: {reason}", unverified=True)


def _on_paper(law: LawRegister, reason: Reason) -> str:
    """The source of a reason with a mark, unless it was read in the text."""
    is_read = law.proof(reason.source, unverified=reason.unverified) == "read"
    return reason.source if is_read else f"{reason.source} (chưa đối chiếu)".strip()


def paper_rows(workspace: Workspace, proposal: Record) -> list[dict[str, str]]:
    """The reasons and excess amounts of the norm in force, for a paper: rows of {"text", "source"}."""
    judged = of_proposal(workspace, proposal)
    if judged.ceiling is None and all(reason.unverified and not reason.source for reason in judged.reasons):
        return [{"text": _NO_CEILING, "source": "(chưa đối chiếu)"}]  # what to do about it stands beside the dossier
    over = [{"text": problem.message, "source": ""} for problem in judged.problems]
    law = workspace.forms.law
    steps = [{"text": reason.text, "source": _on_paper(law, reason)} for reason in judged.reasons]
    cautions = (caution.text for reason in judged.reasons for caution in law.cautions(reason.source, judged.on))
    sources = "; ".join(reason.source for reason in judged.reasons if reason.source)
    day = governing.day_for(workspace, proposal, TOPIC)
    which, *more = governing.sentences_about(workspace, proposal, day, sources)
    governed = [which, *more] if day.is_fixed or day.transition else more  # else a reason says it
    remarks = [{"text": words, "source": "(chưa đối chiếu)"} for words in governed]
    return [*steps, *over, *remarks, *({"text": words, "source": ""} for words in dict.fromkeys(cautions))]

"""What a proposal may be given at most: the rule in force, every step of it, and what goes beyond it.

An amount over the ceiling needs a reason in `ceiling_override_reason` before the proposal is made final or approved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.errors import Problem, UserError
from kcdesk.formdef.activities import activities_of, is_mixed
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.places import Places
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations import norms as norm_files
from kcdesk.formdef.regulations.ceilings import Ceiling, Query, Reason, ceiling, excess
from kcdesk.formdef.regulations.norms import FACTS, Norms
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.records.references import present
from kcdesk.services.rules import earlier_support
from kcdesk.services.workspace import Workspace

OVERRIDE = "ceiling_override_reason"
_NOT_ON_RECORD = ("no_norms", "no_norm")
REFORM_DAY = date(2025, 7, 1)  # of the provinces: before it a code is one of the old 63

# the amount that is compared, and the cost that its percentage is taken of
_COMPARED = {
    "requested_support": ("total_cost",),
    "approved_support": ("approved_total", "total_cost"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One activity of a proposal with its norm; `support` is what its lines of the budget ask for, in đồng."""

    activity: str
    label: str
    ceiling: Ceiling | None
    why_none: Reason | None = None
    support: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The ceiling of a proposal on a day, or the sentence that says why there is none; and what goes beyond it."""

    on: date
    ceiling: Ceiling | None
    reasons: tuple[Reason, ...]
    problems: tuple[Problem, ...]
    parts: tuple[Part, ...] = ()  # of a flagship proposal: each of its activities

    @property
    def given_once(self) -> tuple[Part, ...]:
        """The activities that one establishment is supported in once only."""
        return tuple(part for part in self.parts if part.ceiling and part.ceiling.once)


def of_proposal(workspace: Workspace, proposal: Record) -> Judgement:
    """The rule for a proposal as it is now, with its amounts compared."""
    on = day_of(workspace, proposal)
    if is_mixed(proposal.data):
        return _of_parts(workspace, proposal, on)
    try:
        query = _query(workspace, proposal, on)
        found = ceiling(workspace.norms, query)
    except UserError as error:
        return Judgement(on, None, (_why_none(error, proposal),), ())
    problems = tuple(_problems(workspace.norms, query, proposal))
    parts = (Part(query.activity, found.label, found),)
    return Judgement(on, found, (*found.reasons, *_judged(proposal, on, problems)), problems, parts)


def _why_none(error: UserError, proposal: Record) -> Reason:
    """Why there is no ceiling: that nothing is on record here does not say that there is no rule."""
    if error.code == "variant_needed" and error.field in proposal.form.by_name:
        return Reason(f"{error.message} Hãy ghi «{proposal.field(error.field).label}».")
    return Reason(error.sentence(), unverified=error.code in _NOT_ON_RECORD)


def in_force(workspace: Workspace, proposal: Record) -> Ceiling | None:
    """The norm for a proposal on its day; None for several activities, UserError when none is on record."""
    if is_mixed(proposal.data):
        return None
    return ceiling(workspace.norms, _query(workspace, proposal, day_of(workspace, proposal)))


def obstacles(workspace: Workspace, proposal: Record) -> list[Problem]:
    """The amounts over the ceiling for which nobody has given a reason."""
    if proposal.kind != "proposal" or not proposal.value("activity") or proposal.value(OVERRIDE):
        return []
    return list(of_proposal(workspace, proposal).problems)


def hint(workspace: Workspace, record_id: str, path: str, value: object) -> str:
    """One quiet sentence beside an amount of support while it is typed: «Tối đa … vì …»."""
    if path not in _COMPARED or not isinstance(value, int):
        return ""
    proposal = workspace.store.record(record_id)
    on = day_of(workspace, proposal)
    if is_mixed(proposal.data):
        return _hint_of_parts(workspace, proposal, on, value)
    try:
        found = ceiling(workspace.norms, replace(_query(workspace, proposal, on), cost=_cost(proposal, path)))
    except UserError:
        return ""
    over = excess(value, found.amount)
    marks = [found.sentence, f"({found.dated_source})" + (", chưa đối chiếu." if found.unverified else ".")]
    if over:
        marks.append(f"Vượt {text.format_integer(over)} đồng.")
    return " ".join(marks)


def day_of(workspace: Workspace, proposal: Record) -> date:
    """The day whose rules count: of the decision; before there is one today, but no later than the plan's year."""
    decided = proposal.value("decision_date")
    if isinstance(decided, str):
        return date.fromisoformat(decided)
    year = proposal.value("year")
    today = workspace.today()
    return min(today, date(year, 12, 31)) if isinstance(year, int) and 1 <= year <= date.max.year else today


# -- the command line ----------------------------------------------------------------------------------------------


def asked(
    forms: Forms,
    *,
    programme: str,
    activity: str,
    on: str,
    province: str = "",
    cost: str = "",
    facts: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The norm for typed words: {"percent", "cap", "amount", "source", "unverified", …}; amounts in đồng.

    UserError for a word that cannot be read and for a norm that is not on record.
    """
    day = _typed("on", on, text.parse_date)
    query = Query(
        programme=programme,
        activity=_activity(forms, activity),
        on=day,
        province=_province(forms.places, province, day) if province else "",
        facts=_facts(forms, facts or {}),
        cost=_typed("cost", cost, text.parse_money) if cost else None,
    )
    if query.cost is not None and query.cost < 0:
        raise UserError("Chi phí không được âm.", code="bad_value", field="cost")
    if programme == "local" and not province:
        raise UserError(
            "Mức hỗ trợ khuyến công địa phương do từng tỉnh quy định.",
            code="province_missing",
            hint="Hãy cho biết tỉnh, ví dụ --province 66.",
            field="province",
        )
    return _as_json(ceiling(norm_files.load(forms.folder, forms), query))


def _as_json(found: Ceiling) -> dict[str, Any]:
    percent = found.percent
    return {
        "percent": None if percent is None else int(percent) if percent == int(percent) else float(percent),
        "cap": found.cap,
        "amount": found.amount,
        "source": found.source,
        "unverified": found.unverified,
        "label": found.label,
        "effective_from": found.effective_from.isoformat(),
        "effective_to": found.effective_to.isoformat() if found.effective_to else None,
        "lines": [{"text": r.text, "source": r.source, "unverified": r.unverified} for r in found.reasons],
    }


def _typed(name: str, written: str, parse: Any) -> Any:
    try:
        return parse(written)
    except ValueError as error:
        raise UserError(str(error), code="bad_value", field=name) from None


def _activity(forms: Forms, written: str) -> str:
    """The code of an activity by its code, its label, or a part of the label that no other has."""
    wanted = text.fold(written)
    for activity in forms.activities:
        if wanted and wanted in (activity.code, text.fold(activity.label), text.fold(activity.short_label)):
            return activity.code
    alike = [one for one in forms.activities if wanted and wanted in text.fold(f"{one.label}\n{one.short_label}")]
    if len(alike) == 1:
        return alike[0].code
    names = "; ".join(f"{activity.code} ({activity.label})" for activity in alike or forms.activities)
    raise UserError(
        f"«{written}» có thể là {len(alike)} nội dung hoạt động."
        if alike
        else f"Không có nội dung hoạt động «{written}».",
        code="unknown_activity",
        hint=f"Hãy ghi một trong: {names}.",
        field="activity",
    )


def _province(places: Places, written: str, on: date) -> str:
    """The code of a province by code or name, of the provinces of that day before those of another time."""
    wanted = text.fold(written)
    known = [places.old_provinces, places.provinces]
    for provinces in known if on < REFORM_DAY else reversed(known):
        for entry in provinces:
            name = text.fold(entry.name)
            if wanted in (entry.code, name, name.removeprefix("tinh ").removeprefix("thanh pho ")):
                return entry.code
    raise UserError(f"Không có tỉnh, thành phố «{written}».", code="unknown_province", field="province")


def _facts(forms: Forms, written: Mapping[str, str]) -> dict[str, Any]:
    proposal = Record("", "proposal", forms.current("proposal"), {}, forms=forms)
    facts: dict[str, Any] = {}
    for name, value in written.items():
        field = FACTS.get(name) or proposal.field(name)
        try:
            facts[name] = type_of(field).parse(value, field, forms)
        except ValueProblem as problem:
            raise ValueProblem(problem.message, name) from None
    return facts


# -- a proposal ----------------------------------------------------------------------------------------------------


def _query(workspace: Workspace, proposal: Record, on: date) -> Query:
    programme, activity = proposal.value("programme"), proposal.value("activity")
    if not programme or not activity:
        raise UserError("Chưa chọn nguồn kinh phí và nội dung hoạt động.", code="not_chosen")
    province, old_province = ("", "") if programme == "national" else _territory(workspace, proposal)
    return Query(
        programme=programme,
        activity=activity,
        on=on,
        province=province,
        old_province=old_province,
        facts=proposal.data | {"priority": _has_priority(workspace, proposal)},
        cost=_cost(proposal, "approved_support" if proposal.value("approved_support") else "requested_support"),
    )


def _territory(workspace: Workspace, proposal: Record) -> tuple[str, str]:
    """Today's province and the one before the reform, as far as the place of the proposal tells them."""
    places = [proposal.value("place"), *(row.get("place") for row in proposal.rows("sites"))]
    place = next((entry for entry in places if isinstance(entry, dict)), {})
    catalogue = workspace.places
    commune, old = place.get("commune", ""), place.get("old_commune", "")
    known = catalogue.has({"commune": commune})
    province = catalogue.commune(commune).province_code if known else workspace.identity.unit.province
    return province, catalogue.old_province_of(old)


def _has_priority(workspace: Workspace, proposal: Record) -> bool:
    """Whether each beneficiary has an area or a trade of Điều 6 NĐ 45/2012."""
    ids = earlier_support.beneficiaries_of(proposal.data)
    owners = [owner.data for owner in present(workspace, ids)]
    told = [owner for owner in owners if owner.get("priority_areas") or owner.get("priority_sectors")]
    return bool(ids) and len(told) == len(ids)


def _cost(proposal: Record, path: str) -> int | None:
    costs = (proposal.value(name) for name in _COMPARED[path])
    return next((cost for cost in costs if isinstance(cost, int)), None)


# -- a flagship proposal: activity by activity ---------------------------------------------------------------------


def _of_parts(workspace: Workspace, proposal: Record, on: date) -> Judgement:
    """Each activity with the norm that it has, on its own lines of the budget; the whole beside their sum."""
    parts = tuple(_parts(workspace, proposal, on))
    problems = tuple(_over_parts(proposal, parts))
    lines = proposal.form.field("budget").column("activity").source
    reasons = dict.fromkeys(reason for part in parts for reason in _reasons_of(part, lines))
    return Judgement(on, None, (*reasons, *_whole(parts), *_judged(proposal, on, problems)), problems, parts)


def _parts(workspace: Workspace, proposal: Record, on: date) -> Iterator[Part]:
    for code in activities_of(proposal.data):
        rows = [row for row in proposal.rows("budget") if row.get("activity") == code]
        cost = sum(row.get("cost", 0) for row in rows)
        support = sum(row.get(name, 0) for row in rows for name in ("national", "local"))
        label = workspace.forms.activity(code).label
        try:
            query = replace(_query(workspace, proposal, on), activity=code, cost=cost if rows else None)
            yield Part(code, label, ceiling(workspace.norms, query), support=support if rows else None)
        except UserError as error:
            yield Part(code, label, None, _why_none(error, proposal), support if rows else None)


def _reasons_of(part: Part, lines: str) -> Iterator[Reason]:
    """`lines` is the article by which lines of the budget name their activity."""
    if part.ceiling is None:
        if part.why_none:
            yield replace(part.why_none, text=f"{part.label}: {text.lower_first(part.why_none.text)}")
        return
    first, *more = part.ceiling.reasons
    yield replace(first, text=f"{part.label}: {text.lower_first(first.text)}")
    yield from more
    if part.support is None:
        yield Reason(f"{part.label}: chưa có dòng dự toán nào ghi nội dung này.", lines)


def _limit(parts: tuple[Part, ...]) -> int | None:
    """What all activities together may be given; None as long as one of them has no figure."""
    amounts = [part.ceiling.amount if part.ceiling else None for part in parts]
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(parts) else None


def _whole(parts: tuple[Part, ...]) -> Iterator[Reason]:
    if (limit := _limit(parts)) is not None:
        sources = "; ".join(dict.fromkeys(part.ceiling.dated_source for part in parts if part.ceiling))
        unverified = any(part.ceiling.unverified for part in parts if part.ceiling)
        yield Reason(f"Cộng các nội dung: tối đa {text.format_integer(limit)} đồng.", sources, unverified)


def _over_parts(proposal: Record, parts: tuple[Part, ...]) -> Iterator[Problem]:
    for part in parts:
        if part.ceiling:
            yield from _over(proposal, "requested_support", part.support, part.ceiling.amount, part.ceiling, part.label)
    known = [part.ceiling for part in parts if part.ceiling]
    if known:
        yield from _over(proposal, "approved_support", proposal.value("approved_support"), _limit(parts), known[0])


def _hint_of_parts(workspace: Workspace, proposal: Record, on: date, value: int) -> str:
    parts = tuple(_parts(workspace, proposal, on))
    over = excess(value, _limit(parts))
    marks = {True: ", chưa đối chiếu", False: ""}
    said = " ".join(f"{reason.text} ({reason.source}{marks[reason.unverified]})" for reason in _whole(parts))
    return f"{said} Vượt {text.format_integer(over)} đồng." if over else said


def _problems(norms: Sequence[Norms], query: Query, proposal: Record) -> Iterator[Problem]:
    for path in _COMPARED:
        found = ceiling(norms, replace(query, cost=_cost(proposal, path)))
        yield from _over(proposal, path, proposal.value(path), found.amount, found)
    for row in proposal.rows("sites"):
        path = f"sites/{row['id']}/support"
        yield from _over(proposal, path, row.get("support"), found.cap, found)


def _over(
    proposal: Record, path: str, amount: Any, limit: int | None, found: Ceiling, part: str = ""
) -> Iterator[Problem]:
    over = excess(amount, limit)
    if over and limit is not None:
        label = f"{part}: {text.lower_first(proposal.field(path).label)}" if part else proposal.field(path).label
        mark = ", chưa đối chiếu" if found.unverified else ""
        yield Problem(
            path if path != "requested_support" else "budget",
            f"{label} vượt mức tối đa {text.format_integer(limit)} đồng là {text.format_integer(over)} đồng"
            f" ({found.dated_source}{mark}); hãy giảm hoặc ghi «{proposal.field(OVERRIDE).label}».",
        )


def _judged(proposal: Record, on: date, problems: tuple[Problem, ...]) -> Iterator[Reason]:
    if not proposal.value("decision_date"):
        yield Reason(
            f"Tính theo quy định ngày {text.format_date(on)} vì chưa có ngày quyết định phê duyệt.", unverified=True
        )
    if problems and (reason := proposal.value(OVERRIDE)):
        yield Reason(f"Lý do hỗ trợ vượt mức tối đa: {reason}", unverified=True)


def paper_rows(workspace: Workspace, proposal: Record) -> list[dict[str, str]]:
    """What the norm in force says of the proposal, step by step, with its source: {"text", "source"}."""
    judged = of_proposal(workspace, proposal)
    over = [{"text": problem.message, "source": ""} for problem in judged.problems]
    steps = [
        {"text": reason.text, "source": f"{reason.source}{' (chưa đối chiếu)' if reason.unverified else ''}".strip()}
        for reason in judged.reasons
    ]
    return [*steps, *over]

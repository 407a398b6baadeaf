"""The ceiling of support: selects the norm in force and computes the amount, with a sentence for every step.

support ≤ min(percent × cost, cap × multiplier × number of establishments), in whole đồng, rounded down. If several
multipliers apply, only the largest counts: no legal text allows multiplying them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import floor
from typing import Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.conditions import holds
from kcdesk.formdef.derivations.amounts import Amount, figure, least, percentage, product
from kcdesk.formdef.derivations.nodes import LegalBasis
from kcdesk.formdef.law.register import LawRegister
from kcdesk.formdef.regulations.norms import Multiplier, NormLine, NormPeriod, Norms, in_force
from kcdesk.runtime.frozen import Value, field


class CeilingQuery(Value, kw_only=True):
    """The case for which a ceiling is computed; `facts` are the values of the proposal, and `priority`.

    `law` says which texts two people have compared; without it a figure that is marked stays marked.
    """

    programme: str
    activity: str
    on: date
    province: str = ""  # present-day code, or code before 1 July 2025
    old_province: str = ""  # code before 1 July 2025, if known
    facts: Mapping[str, Any] = field(default_factory=dict)
    cost: int | None = None  # đồng
    law: LawRegister | None = None

    def is_marked(self, period: NormPeriod) -> bool:
        """Whether a period is still said not to have been compared."""
        law = self.law
        return period.unverified and (law is None or law.is_marked(period.source, unverified=True))


class Reason(Value):
    """One sentence of the explanation, with its article and whether it is still unverified."""

    text: str
    source: str = ""
    unverified: bool = False


class Ceiling(Value, kw_only=True):
    """The norm in force and its ceiling; amounts in đồng, None if the norm has no such amount."""

    on: date  # the day that was asked for
    label: str
    percent: Decimal | None
    cap: Amount | None  # for one establishment, after the multiplier
    whole_cap: Amount | None  # for all of them
    count: int  # number of establishments, each with its own cap
    amount: Amount | None
    source: str
    effective_from: date
    effective_to: date | None
    unverified: bool
    reasons: tuple[Reason, ...]
    once: bool = False  # an establishment is supported only once
    raised_by_priority: bool = False  # the multiplier asks for a priority area or sector
    counted_by: tuple[str, ...] = ()  # lists of the proposal that count the caps; empty: one cap for all

    @property
    def dated_source(self) -> str:
        """The article and its dates, as in every sentence about an amount."""
        return _dated(self.source, self.effective_from, self.effective_to)

    @property
    def basis(self) -> LegalBasis:
        """The rule of the norm, for a number that it gives."""
        return LegalBasis(self.label, self.dated_source, self.unverified, self.on)

    @property
    def sentence(self) -> str:
        """The main sentence: «Tối đa … vì …»."""
        return self.reasons[0].text


def ceiling(norms: Sequence[Norms], query: CeilingQuery) -> Ceiling:
    """Compute the ceiling by the norm in force on a day.

    UserError `no_norms` (no norms for the programme or the province), `no_norm` (none for the activity on that day),
    `variant_needed` (a missing fact decides between several norms; `field` names it).
    """
    owner = _owner(norms, query)
    line, period = _pick(owner, query)
    multiplier = _multiplier(owner, period, query)
    count = _count(line, query.facts)
    cap = _cap(line, period, multiplier, query.on)
    whole_cap = _whole_cap(line, cap, count)
    amount = _amount(line, period, whole_cap, query)
    elsewhere = _is_elsewhere(owner, query)
    reasons = [
        Reason(_sentence(line, period, cap, count, query.cost, amount), _in_force(period), period.unverified),
        *_steps(line, period, multiplier, cap, count),
        *_warnings(owner, query, elsewhere=elsewhere),
        *_parts(owner, query),
    ]
    return Ceiling(
        on=query.on,
        label=line.label,
        percent=None if period.percent is None else Decimal(str(period.percent)),
        cap=cap,
        whole_cap=whole_cap,
        count=count,
        amount=amount,
        source=period.source,
        effective_from=period.effective_from,
        effective_to=period.effective_to,
        unverified=period.unverified or elsewhere or bool(multiplier and multiplier.unverified),
        reasons=tuple(dict.fromkeys(reasons)),  # without a cost the main sentence is the rule itself
        once=period.once,
        raised_by_priority=bool(multiplier and "priority" in multiplier.when),
        counted_by=line.counted_by,
    )


# ---- selecting the norm


def _owner(norms: Sequence[Norms], query: CeilingQuery) -> Norms:
    """The norms for the programme and the place: those in force since the latest day, then of the smaller territory.

    A resolution of the merged province goes before the older one of a part of it.
    """
    covering = [entry for entry in norms if entry.programme == query.programme and _covers(entry, query)]
    in_time = [entry for entry in covering if any(_periods(entry, query))]
    chosen = in_time or covering
    if not chosen:
        known = "; ".join(entry.label for entry in norms if entry.programme == query.programme)
        raise UserError(
            "Chưa có định mức khuyến công của địa bàn này trong chương trình.",
            code="no_norms",
            hint=f"Đã có: {known}. Có thể nhận thêm tệp quy định của tỉnh ở «Cài đặt»." if known else "",
        )
    return max(chosen, key=lambda entry: (_in_force_since(entry, query), bool(entry.old_province)))


def _in_force_since(norms: Norms, query: CeilingQuery) -> date:
    return max((period.effective_from for _, period in _periods(norms, query)), default=date.min)


def _covers(norms: Norms, query: CeilingQuery) -> bool:
    if norms.programme == "national":
        return True
    if query.old_province and norms.old_province:
        return norms.old_province == query.old_province
    return bool(query.province) and query.province in (norms.province, norms.old_province)


def _is_elsewhere(norms: Norms, query: CeilingQuery) -> bool:
    """Whether the norms apply only to a part of the province and the proposal is not known to be in it."""
    return bool(norms.old_province) and norms.old_province not in (query.old_province, query.province)


def _periods(norms: Norms, query: CeilingQuery) -> Iterator[tuple[NormLine, NormPeriod]]:
    for line in norms.lines:
        if line.concerns(query.activity):
            yield from ((line, period) for period in line.periods if in_force(period, query.on))


def _pick(norms: Norms, query: CeilingQuery) -> tuple[NormLine, NormPeriod]:
    candidates = [(line, period) for line, period in _periods(norms, query) if not line.part]
    for line, period in candidates:
        if holds(line.when, query.facts):
            return line, period
    if candidates:
        names = sorted({name for line, _ in candidates for name in line.when})
        labels = "; ".join(line.label for line, _ in candidates)
        sources = "; ".join(dict.fromkeys(_in_force(period) for _, period in candidates))
        mark = ", chưa đối chiếu" if any(query.is_marked(period) for _, period in candidates) else ""
        raise UserError(
            f"Mức tối đa tùy từng trường hợp: {labels} ({sources}{mark}).",
            code="variant_needed",
            hint=f"Hãy cho biết: {', '.join(names)}.",
            field=names[0],
        )
    raise _no_norm(norms, query)


def _no_norm(norms: Norms, query: CeilingQuery) -> UserError:
    """Say that a day has no norm, or that none at all is on record for the activity."""
    lines = [line for line in norms.lines if line.concerns(query.activity) and not line.part]
    starts = [period.effective_from for line in lines for period in line.periods]
    if not starts:
        return UserError(
            f"{norms.label}: chưa có định mức của nội dung này trong hồ sơ quy định.",
            code="no_norm",
            hint="Hãy xem văn bản trước khi duyệt mức hỗ trợ.",
        )
    return UserError(
        f"{norms.label}: chương trình chưa có mức tối đa cho nội dung này vào ngày {text.format_date(query.on)}.",
        code="no_norm",
        hint=f"Quy định đầu tiên có hiệu lực từ ngày {text.format_date(min(starts))}.",
    )


def _multiplier(norms: Norms, period: NormPeriod, query: CeilingQuery) -> Multiplier | None:
    """The largest multiplier that applies; None if the norm has no cap."""
    if period.cap is None:
        return None
    general = (entry for entry in norms.multipliers if in_force(entry, query.on))
    holding = [entry for entry in (*period.multipliers, *general) if holds(entry.when, query.facts)]
    return max(holding, key=lambda entry: entry.percent, default=None)


def _count(line: NormLine, facts: Mapping[str, Any]) -> int:
    """The number of establishments, models or brands: the longest list that counts them, at least 1."""
    return max([1, *(_entries(facts, name) for name in line.counted_by)])


def _entries(facts: Mapping[str, Any], name: str) -> int:
    """The length of a list; of a column (`sites.beneficiary`) the number of different values and of empty cells."""
    table, _, column = name.partition(".")
    entries = facts.get(table)
    if not isinstance(entries, list):
        return 0
    cells = [row.get(column) if isinstance(row, dict) else row for row in entries]
    return len({cell for cell in cells if cell}) + sum(not cell for cell in cells) if column else len(entries)


def _cap(line: NormLine, period: NormPeriod, multiplier: Multiplier | None, on: date) -> Amount | None:
    """The cap for one establishment, after the multiplier."""
    if period.cap is None:
        return None
    label = f"Mức trần của một {line.per}" if line.per else "Mức trần"
    cap = figure(label, period.cap, rule=_basis(line, period, on))
    if multiplier is None:
        return cap
    rule = LegalBasis(multiplier.label, _multiplier_source(multiplier, period), multiplier.unverified, on)
    return percentage(f"{label} sau hệ số", Decimal(multiplier.percent), cap, rule)


def _whole_cap(line: NormLine, cap: Amount | None, count: int) -> Amount | None:
    """The caps of all establishments together."""
    if cap is None or count == 1:
        return cap
    per = line.per or "cơ sở"
    return product(f"Mức trần cho {count} {per}", figure(f"Số {per}", count, per), cap)


def _amount(line: NormLine, period: NormPeriod, whole_cap: Amount | None, query: CeilingQuery) -> Amount | None:
    if (cost := query.cost) is None:
        return None
    limits = [] if whole_cap is None else [whole_cap]
    if period.percent is not None:
        share = Decimal(str(period.percent))
        limits.append(percentage("Tỷ lệ tối đa tính trên chi phí", share, cost, _basis(line, period, query.on)))
    return least(f"Mức hỗ trợ tối đa: {text.lower_first(line.label)}", limits) if limits else None


def _basis(line: NormLine, period: NormPeriod, on: date) -> LegalBasis:
    return LegalBasis(f"{line.label}: {_rule(line, period)}.", _in_force(period), period.unverified, on)


def _multiplier_source(multiplier: Multiplier, period: NormPeriod) -> str:
    document = f"{multiplier.article} {multiplier.document or period.document}".strip()
    # A multiplier inside a period has no dates of its own.
    times = period if multiplier.effective_from == date.min else multiplier
    return _dated(document, times.effective_from, times.effective_to)


# ---- sentences


def _sentence(
    line: NormLine, period: NormPeriod, cap: int | None, count: int, cost: int | None, amount: int | None
) -> str:
    rule = _rule(line, period)
    if amount is None or cost is None:
        return f"{line.label}: {rule}."
    share = None if period.share is None else floor(period.share * cost)
    whole = "" if share is None else f"{_percent(period)} của {_dong(cost)} là {_dong(share)}"
    limit = "" if cap is None else f"mức trần là {_dong(cap * count)}"
    if share is not None and cap is not None:
        why = f"{whole}, {'không vượt' if share <= cap * count else 'vượt'} {limit}"
    else:
        why = whole or limit
    return f"Tối đa {_dong(amount)} vì {why}."


def _rule(line: NormLine, period: NormPeriod) -> str:
    parts = []
    if period.percent is not None:
        parts.append(f"tối đa {_percent(period)} chi phí")
    if period.cap is not None:
        parts.append(f"không quá {_dong(period.cap)}" + (f"/{line.per}" if line.per else ""))
    return ", ".join(parts) or ("chưa rõ mức tối đa" if period.unverified else "không có mức tối đa bằng số")


def _steps(
    line: NormLine, period: NormPeriod, multiplier: Multiplier | None, cap: int | None, count: int
) -> Iterator[Reason]:
    source = _in_force(period)
    if period.percent is not None or period.cap is not None:
        yield Reason(f"{line.label}: {_rule(line, period)}.", source, period.unverified)
    if multiplier is not None and cap is not None:
        by = text.format_decimal(Decimal(multiplier.percent) / 100)
        sentence = f"{multiplier.label}: mức trần không quá {by} lần, bằng {_dong(cap)}."
        yield Reason(sentence, _multiplier_source(multiplier, period), multiplier.unverified)
    if count > 1 and cap is not None:
        yield Reason(f"Mức trần tính cho {count} {line.per}: {_dong(cap * count)}.", source, period.unverified)
    if period.once:
        yield Reason(f"Mỗi {line.per or 'cơ sở'} chỉ được hỗ trợ một lần.", source, period.unverified)
    if period.note:
        yield Reason(period.note, source, period.unverified)


def _warnings(norms: Norms, query: CeilingQuery, *, elsewhere: bool) -> Iterator[Reason]:
    if elsewhere:
        yield Reason(f"{norms.label}: chỉ áp dụng trên địa bàn của tỉnh trước ngày 01/7/2025.", "", unverified=True)
    for caution in norms.cautions:
        if caution.effective_from <= query.on and holds(caution.when, query.facts):
            yield Reason(caution.text, "", unverified=True)


def _parts(norms: Norms, query: CeilingQuery) -> Iterator[Reason]:
    """The items of cost that have their own limit."""
    for line, period in _periods(norms, query):
        if line.part and holds(line.when, query.facts):
            note = f" {period.note}" if period.note else ""
            yield Reason(f"Trong đó, {line.label}: {_rule(line, period)}.{note}", _in_force(period), period.unverified)


def _in_force(period: NormPeriod) -> str:
    return _dated(period.source, period.effective_from, period.effective_to)


def _dated(source: str, first: date, last: date | None) -> str:
    """A source with its dates: «Khoản 4 Điều 8 TT 28/2018/TT-BTC, có hiệu lực từ ngày 11/5/2018»."""
    until = f" đến ngày {text.format_date(last)}" if last else ""
    return f"{source}, có hiệu lực từ ngày {text.format_date(first)}{until}"


def _percent(period: NormPeriod) -> str:
    return f"{text.format_decimal(str(period.percent))}%"


def _dong(amount: int) -> str:
    return f"{text.format_integer(amount)} đồng"


def excess(amount: int | None, limit: int | None) -> int:
    """The number of đồng by which an amount exceeds a limit; 0 if either is unknown."""
    return max(0, amount - limit) if amount is not None and limit is not None else 0

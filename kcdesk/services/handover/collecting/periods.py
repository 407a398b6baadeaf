"""Read periods as officers write them: a year, a quarter, a month; their days, their names, what covers what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from kcdesk import text
from kcdesk.exchange.workbook.page_lines import period_name

_MONTH = re.compile(r"(?:thang )?(\d{1,2})[/-](\d{4})|(\d{4})[/-](\d{1,2})")
_QUARTER = re.compile(r"(?:q|quy ) ?([1-4]|iv|i{1,3})[/ -]+(\d{4})|(\d{4})[/ -]*(?:q|quy ) ?([1-4]|iv|i{1,3})")
_YEAR = re.compile(r"(?:nam )?(\d{4})")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_OFFERED_MONTHS = 12
Span = tuple[date, date]  # the first and the last day


def span(period: str) -> Span | None:
    """The first and last day of a period («2026-03», «2026-Q1», «quý II/2026», «2026»); None for any other text."""
    folded = text.fold(period)
    if match := _MONTH.fullmatch(folded):
        month = int(match[1] or match[4])
        return _months(int(match[2] or match[3]), month, month)
    if match := _QUARTER.fullmatch(folded):
        written = match[1] or match[4]
        number = _ROMAN.get(written) or int(written)
        return _months(int(match[2] or match[3]), 3 * number - 2, 3 * number)
    match = _YEAR.fullmatch(folded)
    return _months(int(match[1]), 1, 12) if match else None


def last_day(period: str) -> date | None:
    """The last day of a period; None for a text that is not a period."""
    days = span(period)
    return days[1] if days else None


def covers(handed_over: Iterable[str], wanted: str) -> bool:
    """Whether hand-overs for these periods cover the period `wanted`: together they hold all its days.

    The quarter covers its months, and the three months cover their quarter; a later month covers no earlier one. A text
    that is not a period is covered by the same text.
    """
    days = span(wanted)
    if days is None:
        return text.fold(wanted) in map(text.fold, handed_over)
    open_from = days[0]
    for first, last in sorted(filter(None, map(span, handed_over))):
        if first <= open_from <= last:
            if last >= days[1]:
                return True
            open_from = last + timedelta(days=1)
    return False


def name(period: str) -> str:
    """A period as an officer says it: «Tháng 11/2026», «Quý IV/2026», «Năm 2026»; any other text unchanged."""
    days = span(period)
    return period_name(_as_in_packages(*days)) if days else period


def offered(today: date) -> list[str]:
    """The periods to choose from, as the packages write them: this month and the months before, quarters, years."""
    months = [_month_before(today, back) for back in range(_OFFERED_MONTHS)]
    quarters = [f"{day.year}-Q{(day.month + 2) // 3}" for day in months]
    years = [f"{today.year}", f"{today.year - 1}"]
    return [*(f"{day:%Y-%m}" for day in months), *dict.fromkeys(quarters), *years]


def _as_in_packages(first: date, last: date) -> str:
    """A period as packages write it: «2026-11», «2026-Q4», «2026»."""
    if first.month == last.month:
        return f"{first.year:04}-{first.month:02}"
    return f"{first.year:04}" if last.month - first.month > 2 else f"{first.year:04}-Q{last.month // 3}"


def _month_before(day: date, back: int) -> date:
    number = day.year * 12 + day.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)


def _months(year: int, first: int, last: int) -> Span | None:
    if not 1 <= first <= last <= 12 or not 1 <= year < 9999:
        return None
    return date(year, first, 1), date(year + last // 12, last % 12 + 1, 1) - timedelta(days=1)

"""Which hand-overs cover a period, and the periods to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from kcdesk import text
from kcdesk.exchange.periods import as_in_packages as as_in_packages  # part of this module's door
from kcdesk.exchange.periods import in_sentence as in_sentence
from kcdesk.exchange.periods import name as name
from kcdesk.exchange.periods import span as span

_OFFERED_MONTHS = 12


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


def offered(today: date) -> list[str]:
    """The periods to choose from, as the packages write them: this month and the months before, quarters, years."""
    months = [_month_before(today, back) for back in range(_OFFERED_MONTHS)]
    quarters = [f"{day.year}-Q{(day.month + 2) // 3}" for day in months]
    years = [f"{today.year}", f"{today.year - 1}"]
    return [*(f"{day:%Y-%m}" for day in months), *dict.fromkeys(quarters), *years]


def _month_before(day: date, back: int) -> date:
    number = day.year * 12 + day.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)

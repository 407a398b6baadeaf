"""Periods of packages as officers write them: a year, a quarter, a month; their days and their names."""

from __future__ import annotations

import re
from datetime import date, timedelta

from kcdesk import text

_MONTH = re.compile(r"(?:thang )?(\d{1,2})[/-](\d{4})|(\d{4})[/-](\d{1,2})")
_QUARTER = re.compile(r"(?:q|quy ) ?([1-4]|iv|i{1,3})[/ -]+(\d{4})|(\d{4})[/ -]*(?:q|quy ) ?([1-4]|iv|i{1,3})")
_YEAR = re.compile(r"(?:nam )?(\d{4})")
_ROMAN = ("I", "II", "III", "IV")
Span = tuple[date, date]  # the first and the last day


def span(period: str) -> Span | None:
    """The first and last day of a period («2026-03», «2026-Q1», «quý II/2026», «2026»); None for any other text."""
    folded = text.fold(period)
    if match := _MONTH.fullmatch(folded):
        month = int(match[1] or match[4])
        return _months(int(match[2] or match[3]), month, month)
    if match := _QUARTER.fullmatch(folded):
        written = (match[1] or match[4]).upper()
        number = _ROMAN.index(written) + 1 if written in _ROMAN else int(written)
        return _months(int(match[2] or match[3]), 3 * number - 2, 3 * number)
    match = _YEAR.fullmatch(folded)
    return _months(int(match[1]), 1, 12) if match else None


def name(period: str) -> str:
    """A period as an officer says it: «Tháng 11/2026», «Quý IV/2026», «Năm 2026»; any other text unchanged."""
    if not (days := span(period)):
        return period
    first, last = days
    if first.month == last.month:
        return f"Tháng {first.month:02}/{first.year:04}"
    return f"Năm {first.year:04}" if _is_year(*days) else f"Quý {_ROMAN[last.month // 3 - 1]}/{first.year:04}"


def as_in_packages(period: str) -> str:
    """A period in the notation of packages: «2026-11», «2026-Q4», «2026»; any other text as it is, without blanks."""
    if not (days := span(period)):
        return period.strip()
    first, last = days
    if first.month == last.month:
        return f"{first.year:04}-{first.month:02}"
    return f"{first.year:04}" if _is_year(*days) else f"{first.year:04}-Q{last.month // 3}"


def within_sentence(period: str) -> str:
    """The name inside a sentence that says «kỳ» itself: «tháng 11/2026»; any other text unchanged."""
    return text.lower_first(name(period)) if span(period) else period


def in_sentence(period: str) -> str:
    """The name inside a sentence: «tháng 11/2026», «quý I/2026»; any other text as «kỳ …»."""
    return within_sentence(period) if span(period) or not period else f"kỳ {period}"


def _is_year(first: date, last: date) -> bool:
    return last.month - first.month > 2


def _months(year: int, first: int, last: int) -> Span | None:
    if not 1 <= first <= last <= 12 or not 1 <= year < 9999:
        return None
    return date(year, first, 1), date(year + last // 12, last % 12 + 1, 1) - timedelta(days=1)

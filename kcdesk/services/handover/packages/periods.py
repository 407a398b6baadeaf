"""Read periods as officers write them: a year, a quarter, a month, each with its last day."""

from __future__ import annotations

import re
from datetime import date, timedelta

from kcdesk import text

_MONTH = re.compile(r"(?:thang )?(\d{1,2})[/-](\d{4})|(\d{4})[/-](\d{1,2})")
_QUARTER = re.compile(r"(?:q|quy ) ?([1-4]|iv|i{1,3})[/ -]+(\d{4})|(\d{4})[/ -]*(?:q|quy ) ?([1-4]|iv|i{1,3})")
_YEAR = re.compile(r"(?:nam )?(\d{4})")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def last_day(period: str) -> date | None:
    """The last day of a period («2026-03», «2026-Q1», «quý II/2026», «2026»); None for any other text."""
    folded = text.fold(period)
    if match := _MONTH.fullmatch(folded):
        return _end(int(match[2] or match[3]), int(match[1] or match[4]))
    if match := _QUARTER.fullmatch(folded):
        number = match[1] or match[4]
        return _end(int(match[2] or match[3]), 3 * (_ROMAN.get(number) or int(number)))
    match = _YEAR.fullmatch(folded)
    return _end(int(match[1]), 12) if match else None


def reaches(period: str, wanted: str) -> bool:
    """Whether a hand-over for `period` covers the period `wanted`: it ends no earlier, or has the same text."""
    end, wanted_end = last_day(period), last_day(wanted)
    if end is None or wanted_end is None:
        return text.fold(period) == text.fold(wanted)
    return end >= wanted_end


def _end(year: int, month: int) -> date | None:
    if not 1 <= month <= 12 or year < 1:
        return None
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1) if (year, month) < (9999, 12) else None

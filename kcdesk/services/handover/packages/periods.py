"""Periods as officers write them: a year, a quarter, a month, and the day on which each ends."""

from __future__ import annotations

import re
from datetime import date, timedelta

from kcdesk import text

_MONTH = re.compile(r"(?:thang )?(\d{1,2})[/-](\d{4})|(\d{4})[/-](\d{1,2})")
_QUARTER = re.compile(r"(?:q|quy ) ?([1-4]|iv|i{1,3})[/ -]+(\d{4})|(\d{4})[/ -]*(?:q|quy ) ?([1-4]|iv|i{1,3})")
_YEAR = re.compile(r"(?:nam )?(\d{4})")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def last_day(period: str) -> date | None:
    """The day on which a period ends («2026-03», «2026-Q1», «quý II/2026», «2026»); None for any other word."""
    folded = text.fold(period)
    if found := _MONTH.fullmatch(folded):
        return _end(int(found[2] or found[3]), int(found[1] or found[4]))
    if found := _QUARTER.fullmatch(folded):
        number = found[1] or found[4]
        return _end(int(found[2] or found[3]), 3 * (_ROMAN.get(number) or int(number)))
    found = _YEAR.fullmatch(folded)
    return _end(int(found[1]), 12) if found else None


def reaches(period: str, wanted: str) -> bool:
    """Whether what was handed over for one period covers another: it ends no earlier, or bears the same name."""
    here, there = last_day(period), last_day(wanted)
    if here is None or there is None:
        return text.fold(period) == text.fold(wanted)
    return here >= there


def _end(year: int, month: int) -> date | None:
    if not 1 <= month <= 12 or year < 1:
        return None
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1) if (year, month) < (9999, 12) else None

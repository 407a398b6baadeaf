"""Times and counts in words, the same on every page."""

from __future__ import annotations

from kcdesk import moments, text


def moment(at: str) -> str:
    """Return an ISO time as «05/3/2026 10:42» in the local time zone; "" for ""."""
    if not at:
        return ""
    local = moments.local(at)
    return f"{text.format_date(local.date())} {local:%H:%M}"


def day(at: str) -> str:
    """Return an ISO time as «05/3/2026» in the local time zone."""
    return text.format_date(moments.day(at)) if at else ""


def number(count: int, what: str) -> str:
    """Return a count with its noun: «1.250 hồ sơ»."""
    return f"{text.format_integer(count)} {what}"

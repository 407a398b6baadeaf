"""Moments and counts in words, said the same way on every page."""

from __future__ import annotations

from datetime import datetime

from kcdesk import text


def moment(at: str) -> str:
    """«05/3/2026 10:42» in the laptop's own time; "" for nothing."""
    if not at:
        return ""
    local = datetime.fromisoformat(at).astimezone()
    return f"{text.format_date(local.date())} {local:%H:%M}"


def day(at: str) -> str:
    """«05/3/2026» in the laptop's own time."""
    return text.format_date(datetime.fromisoformat(at).astimezone().date()) if at else ""


def number(count: int, what: str) -> str:
    """«1.250 hồ sơ»."""
    return f"{text.format_integer(count)} {what}"

"""Moments, packages and keys in words, said the same way on every page of the hand-off."""

from __future__ import annotations

from datetime import datetime

from kcdesk import text
from kcdesk.services.handover.packages import sending

RECEIPT = "R"


def moment(at: str) -> str:
    """«05/3/2026 10:42» in the laptop's own time; "" for nothing."""
    if not at:
        return ""
    local = datetime.fromisoformat(at).astimezone()
    return f"{text.format_date(local.date())} {local:%H:%M}"


def day(at: str) -> str:
    """«05/3/2026» in the laptop's own time."""
    return text.format_date(datetime.fromisoformat(at).astimezone().date()) if at else ""


def package_type(type_: str) -> str:
    """«Chính thức», «Bổ sung lần 2», «Biên nhận»."""
    if not type_:
        return ""
    return "Biên nhận" if type_ == RECEIPT else sending.type_label(type_)


def package_name(type_: str, period: str) -> str:
    """«gói Chính thức kỳ 2026-Q1», «biên nhận kỳ 2026-Q1»."""
    what = "biên nhận" if type_ == RECEIPT else f"gói {package_type(type_)}"
    return f"{what} kỳ {period}"


def number(count: int, what: str) -> str:
    """«1.250 hồ sơ»."""
    return f"{text.format_integer(count)} {what}"

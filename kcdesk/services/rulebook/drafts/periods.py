"""Periods of a rule in a file: a new one ends the one before it, without overlap and without a hole."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.regulations.norms import Dated, in_force

Period = TypeVar("Period", bound=Dated)


def present_period(periods: Sequence[Period], on: date) -> Period | None:
    """The period in force on a day, else the last one; None for none."""
    return next((period for period in periods if in_force(period, on)), periods[-1] if periods else None)


def end_before(period: MutableMapping[str, Any], first: date, what: str = "mức") -> None:
    """End a period on the day before `first`; UserError if it begins later than that, or ends earlier."""
    begins = period["effective_from"]
    if begins >= first:
        raise UserError(
            f"{text.upper_first(what)} hiện có áp dụng từ ngày {text.format_date(begins)}, "
            f"không trước {text.format_date(first)}.",
            code="norm_overlaps",
            hint="Hãy ghi ngày áp dụng sau ngày đó.",
            field="first",
        )
    last, day_before = period.get("effective_to"), first - timedelta(days=1)
    if last is not None and last < day_before:
        first_day, last_day = text.format_date(last + timedelta(days=1)), text.format_date(day_before)
        raise UserError(
            f"Từ ngày {first_day} đến ngày {last_day} không có {what} nào.",
            code="norm_hole",
            hint=f"Hãy ghi ngày áp dụng ngay sau {what} trước, hoặc nhập {what} cho những ngày đó (không có thì ghi vì "
            "sao ở «Ghi chú»).",
            field="first",
        )
    period["effective_to"] = day_before

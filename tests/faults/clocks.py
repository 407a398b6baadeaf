"""A laptop whose clock is wrong, for a process of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo

from kcdesk import moments

_SECONDS_OF_A_YEAR = 31_556_952
YEARS = (1970, 2099, 12000)


@contextmanager
def clock_of(year: int) -> Iterator[None]:
    """Let the clock say a day of this year; as on a real machine, Python has no date after the year 9999."""
    shift = (year - datetime.now(UTC).year) * _SECONDS_OF_A_YEAR
    plain = time.time_ns

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(plain() / 1e9 + shift, tz)

    time.time_ns = lambda: plain() + shift * 1_000_000_000
    vars(moments)["datetime"] = Shifted
    try:
        yield
    finally:
        time.time_ns = plain
        vars(moments)["datetime"] = datetime

"""Hybrid logical clock: stamps that sort as text and always grow, even if the laptop's clock is set back."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable

from kcdesk import moments

Milliseconds = Callable[[], int]

AHEAD = 24 * 60 * 60 * 1000  # milliseconds that another laptop's clock may run ahead of this one
_DEVICE_BYTES = 5
_COUNTER_LIMIT = 0xFFFF
_LAST_MOMENT = 253_402_300_799_999  # the end of the year 9999, in milliseconds since 1970


def now_ms() -> int:
    """The milliseconds since 1970 by the laptop's clock."""
    return time.time_ns() // 1_000_000


def new_device() -> str:
    """A short random name for this laptop, without a hyphen."""
    return secrets.token_hex(_DEVICE_BYTES)


def iso(milliseconds: int) -> str:
    """Write a moment in UTC, to the millisecond: 2026-03-05T01:02:03.004Z. KnownError `wrong_clock`."""
    moment = moments.of_milliseconds(_possible(milliseconds))
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def device_of(stamp: str) -> str:
    """The device that made a stamp; the stamp of a removed row has a hyphen at its end, which is ignored."""
    return stamp.split("-")[2]


def time_of(stamp: str) -> int:
    """When a stamp was made, by the clock of its device (milliseconds since 1970)."""
    return int(stamp.split("-")[0])


def after(milliseconds: int) -> str:
    """A text that sorts after every stamp made until then and before every later one."""
    return f"{max(milliseconds, 0) + 1:014d}"


def moment_of(stamp: str) -> str:
    """When a stamp was made, by the clock of its device (UTC)."""
    return iso(time_of(stamp))


class Clock:
    """Makes stamps `<milliseconds>-<counter>-<device>`, each later than all that this store has made or received."""

    def __init__(self, device: str, last: str = "", now: Milliseconds = now_ms) -> None:
        self.device = device
        self.now = now
        self._last = _parts(last) if last else (0, 0)

    def tick(self) -> str:
        """Make the next stamp."""
        now, (milliseconds, counter) = _possible(self.now()), self._last
        if now > milliseconds:
            self._last = (now, 0)
        elif counter < _COUNTER_LIMIT:
            self._last = (milliseconds, counter + 1)
        else:
            self._last = (milliseconds + 1, 0)
        return self.last

    @property
    def last(self) -> str:
        """The newest time and counter that were made or received, as a stamp of this device."""
        return f"{self._last[0]:014d}-{self._last[1]:04x}-{self.device}"

    def ahead(self, by: int) -> str:
        """The newest stamp made or received if it is more than `by` milliseconds ahead of the laptop's clock, or ""."""
        return self.last if self._last[0] > self.now() + by else ""

    def observe(self, stamp: str) -> None:
        """Take account of a stamp from another store: the next `tick` is later.

        A stamp more than `AHEAD` beyond the laptop's clock counts for nothing: one wrong clock would move all others.
        """
        if time_of(stamp) <= self.now() + AHEAD:
            self.resume(stamp)

    def observe_all(self, stamps: Iterable[str]) -> None:
        """Take account of each of the stamps."""
        for stamp in stamps:
            self.observe(stamp)

    def resume(self, stamp: str) -> None:
        """Go on after a stamp that this store itself has made."""
        self._last = max(self._last, _parts(stamp))


def _possible(milliseconds: int) -> int:
    """A time that can stand in a stamp; KnownError `wrong_clock` for one before 1970 or after the year 9999."""
    if not 0 <= milliseconds <= _LAST_MOMENT:
        raise moments.no_such_day()
    return milliseconds


def _parts(stamp: str) -> tuple[int, int]:
    milliseconds, counter = stamp.split("-")[:2]
    return int(milliseconds), int(counter, 16)

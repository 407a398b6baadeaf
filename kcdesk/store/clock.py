"""Hybrid logical clock: stamps that sort as text and always grow, even if the laptop's clock is set back."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from kcdesk import moments

Milliseconds = Callable[[], int]

_DEVICE_BYTES = 5
_COUNTER_LIMIT = 0xFFFF


def now_ms() -> int:
    """The milliseconds since 1970 by the laptop's clock."""
    return time.time_ns() // 1_000_000


def new_device() -> str:
    """A short random name for this laptop, without a hyphen."""
    return secrets.token_hex(_DEVICE_BYTES)


def iso(milliseconds: int) -> str:
    """Write a moment in UTC, to the millisecond: 2026-03-05T01:02:03.004Z."""
    moment = moments.of_milliseconds(milliseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def device_of(stamp: str) -> str:
    """The device that made a stamp; the stamp of a removed row has a hyphen at its end, which is ignored."""
    return stamp.split("-")[2]


def moment_of(stamp: str) -> str:
    """When a stamp was made, by the clock of its device (UTC)."""
    return iso(int(stamp.split("-")[0]))


class Clock:
    """Makes stamps `<milliseconds>-<counter>-<device>`, each later than all that this store has made or received."""

    def __init__(self, device: str, last: str = "", now: Milliseconds = now_ms) -> None:
        self.device = device
        self.now = now
        self._last = _parts(last) if last else (0, 0)

    def tick(self) -> str:
        """Make the next stamp."""
        now, (milliseconds, counter) = self.now(), self._last
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

    def observe(self, stamp: str) -> None:
        """Take account of a stamp from another store: the next `tick` is later."""
        self._last = max(self._last, _parts(stamp))


def _parts(stamp: str) -> tuple[int, int]:
    milliseconds, counter = stamp.split("-")[:2]
    return int(milliseconds), int(counter, 16)

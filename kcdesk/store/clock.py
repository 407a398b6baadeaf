"""Hybrid logical clock: stamps that sort as text and never run backwards, whatever the laptop's clock says."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

Milliseconds = Callable[[], int]

_DEVICE_BYTES = 5
_COUNTER_LIMIT = 0xFFFF


def now_ms() -> int:
    """Milliseconds since 1970 by the laptop's clock."""
    return time.time_ns() // 1_000_000


def new_device() -> str:
    """A short random name for this laptop, without a hyphen."""
    return secrets.token_hex(_DEVICE_BYTES)


def iso(milliseconds: int) -> str:
    """UTC, to the millisecond: 2026-03-05T01:02:03.004Z."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def device_of(stamp: str) -> str:
    """The device that made a stamp; the stamp of a removed row carries a hyphen at its end."""
    return stamp.split("-")[2]


def moment_of(stamp: str) -> str:
    """When a stamp was made, by the clock of its device (UTC)."""
    return iso(int(stamp.split("-")[0]))


class Clock:
    """`<milliseconds>-<counter>-<device>`: later than everything that this store has made or seen."""

    def __init__(self, device: str, last: str = "", now: Milliseconds = now_ms) -> None:
        self.device = device
        self.now = now
        self._last = _parts(last) if last else (0, 0)

    def tick(self) -> str:
        """The stamp of something that happens now."""
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
        """The newest stamp that was made or seen, as one of this device."""
        return f"{self._last[0]:014d}-{self._last[1]:04x}-{self.device}"

    def observe(self, stamp: str) -> None:
        """Take note of a stamp from elsewhere: the next tick is later."""
        self._last = max(self._last, _parts(stamp))


def _parts(stamp: str) -> tuple[int, int]:
    milliseconds, counter = stamp.split("-")[:2]
    return int(milliseconds), int(counter, 16)

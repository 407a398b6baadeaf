"""Closings: where the history ended when the store was closed, as the key of its unit signed it.

The store keeps the newest one of each day, later of each month; the last one also lies beside its two anchors. What is
signed and by whom, `exchange/container/signed_closings` knows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from kcdesk.runtime.frozen import Value, asdict, names
from kcdesk.store.database.db import Connection, canonical

KEPT = "closings"  # the setting with the closings by day
_NUMBERS, _PROOF = ("acts", "lines"), ("key", "signature")
_DAYS = 31  # of which every closing is kept; of those before, the last one of each month


class SignedEnd(Value, kw_only=True):
    """The end of a history at a closing: as `anchor.Tip`, with the public key that signed it and its signature."""

    owner: str
    device: str
    acts: int
    stamp: str
    lines: int
    hash: str
    key: str = ""
    signature: str = ""  # base64

    @property
    def content(self) -> bytes:
        """What is signed."""
        return canonical({name: value for name, value in asdict(self).items() if name not in _PROOF}).encode()


def read_closings(kept: object) -> dict[str, SignedEnd]:
    """The closings of a setting by day; what somebody has made of it that is none of ours is left out."""
    listed = kept.items() if isinstance(kept, dict) else ()
    return {day: closing for day, entry in listed if _is_day(day) and (closing := read_closing(entry)) is not None}


def read_closing(entry: object) -> SignedEnd | None:
    """A closing from its values by name; None for anything else."""
    if not isinstance(entry, dict) or entry.keys() != set(names(SignedEnd)):
        return None
    is_ours = all(type(value) is (int if name in _NUMBERS else str) for name, value in entry.items())
    return SignedEnd(**entry) if is_ours else None


def last(connection: Connection) -> SignedEnd | None:
    """The newest closing that a database has kept; None for none."""
    kept = connection.value("SELECT value FROM setting WHERE name = ?", [KEPT])
    every = read_closings(json.loads(kept)) if kept else {}
    return every[max(every)] if every else None


def with_closing(kept: Mapping[str, SignedEnd], day: str, closing: SignedEnd) -> dict[str, Any]:
    """The closings with that of a day (ISO), as they are kept in the setting."""
    every = {**kept, day: closing}
    return {day: asdict(every[day]) for day in _lasting(sorted(every))}


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        return date.fromisoformat(text).isoformat() == text
    return False


def _lasting(days: Sequence[str]) -> list[str]:
    """The days whose closings stay: the newest ones, and the last day of each month."""
    last_of_months = {day[:7]: day for day in days}
    return [day for day in days if day in days[-_DAYS:] or last_of_months[day[:7]] == day]

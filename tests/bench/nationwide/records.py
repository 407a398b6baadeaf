"""What every record of a nationwide store has: an id, an office, a moment, and its own chance."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from kcdesk.runtime.frozen import Value

MILLION = 1_000_000
_SEED = 14
_KINDS = (
    "office",
    "beneficiary",
    "proposal",
    "contract",
    "payment",
    "acceptance",
    "settlement",
    "adjustment",
    "typical_product",
    "product_entry",
)


class NewRecord(Value, kw_only=True):
    """One record: when it was last written (UTC milliseconds), by which office, and its values."""

    id: str
    kind: str
    unit: str
    at: int
    data: dict[str, Any]


def unit_of(province_code: str) -> str:
    """The code of the office of a province."""
    return f"SCT-{province_code}"


def drawn(chance: random.Random, by_share: Mapping[str, int]) -> str:
    """One of the names, by its share."""
    return chance.choices(tuple(by_share), tuple(by_share.values()))[0]


def chance_of(what: str, number: int) -> random.Random:
    """The chance of one thing: the same kind and number give the same."""
    return random.Random(f"{_SEED}/{what}/{number}")


def id_of(kind: str, number: int) -> str:
    """A UUID in the order of the kinds and numbers, so that a record can be referred to before it is made."""
    digest = int.from_bytes(hashlib.md5(f"{_SEED}/{kind}/{number}".encode(), usedforsecurity=False).digest()[:8])
    ordered = (_KINDS.index(kind) << 40) + number
    return str(UUID(int=ordered << 80 | 0x7 << 76 | 0x2 << 62 | digest & (1 << 62) - 1))


def new_record(kind: str, number: int, unit: str, day: date, data: dict[str, Any]) -> NewRecord:
    """A record of the first revision, written in the morning of a day."""
    at = datetime.combine(day, time(8), UTC) + timedelta(seconds=number % 30_000)
    data = {"revision": 1, **data}
    return NewRecord(id=id_of(kind, number), kind=kind, unit=unit, at=int(at.timestamp() * 1000), data=data)

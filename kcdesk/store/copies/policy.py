"""The policy of backups, `resources/backup_policy.toml`: how often, which stay, how they are called."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from kcdesk import paths
from kcdesk.runtime.frozen import Value


class KeptNumbers(Value):
    """How many copies stay, and how long."""

    all_hours: int
    all_most: int
    hours: int
    days: int
    weeks: int
    months: int
    risky_days: int
    risky_most: int
    sound: int
    damaged: int


class DiskShare(Value):
    """What copies may take: so many times the size of the store, but at least so many bytes."""

    times_store: float
    least_bytes: int


class BackupPolicy(Value):
    """The whole policy; `routine` are the reasons of copies that no risky act wanted."""

    every_minutes: int
    offered_minutes: tuple[int, ...]
    stale_outside_days: int
    kept: KeptNumbers
    disk: DiskShare
    at_once_bytes: int
    large_hours: int
    reasons: Mapping[str, str]
    routine: frozenset[str]


@cache
def backup_policy() -> BackupPolicy:
    """Read the shipped policy once."""
    content = tomllib.loads((paths.resources() / "backup_policy.toml").read_text(encoding="utf-8"))
    return BackupPolicy(
        every_minutes=content["every_minutes"],
        offered_minutes=tuple(content["offered_minutes"]),
        stale_outside_days=content["stale_outside_days"],
        kept=KeptNumbers(**content["kept"]),
        disk=DiskShare(content["disk"]["times_store"], content["disk"]["least_megabytes"] << 20),
        at_once_bytes=content["proof"]["at_once_megabytes"] << 20,
        large_hours=content["proof"]["large_hours"],
        reasons=content["reasons"],
        routine=frozenset(content["routine"]["reasons"]),
    )

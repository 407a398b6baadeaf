"""How much of the disk the copies of a store may take, and which go first when they take more.

The newest copy and the newest sound ones are worth most; another is worth the more, the longer the time without a copy
would be if it went, for its age. So what is left becomes rarer the older it is, and the oldest stays long.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kcdesk.store.copies import kept_copies
from kcdesk.store.copies.compaction import UsedPages
from kcdesk.store.copies.page_pool import PAGE, PagePool
from kcdesk.store.copies.policy import BackupPolicy

if TYPE_CHECKING:
    from kcdesk.store.copies.kept_copies import Copy

_LEFT = 0.75  # of what is allowed is used after copies had to go: so they need not go at the next copy again


def allowed(copies: Sequence[Copy], policy: BackupPolicy) -> int:
    """The bytes that the pages of these copies may take together, by the size of the newest one."""
    newest = max(copies, key=lambda copy: copy.moment)
    return max(policy.disk.least_bytes, int(policy.disk.times_store * newest.size))


def is_exceeded(folder: Path, copies: Sequence[Copy], policy: BackupPolicy) -> bool:
    """Whether the pages take more than they may."""
    return bool(copies) and PagePool(folder).size() > allowed(copies, policy)


def surplus(folder: Path, copies: Sequence[Copy], policy: BackupPolicy) -> list[Copy]:
    """Those of the copies in a folder that have to go, worth least, so that the others have room.

    Never the newest, nor the newest sound ones; pages of other folders count too. UserError `pages_missing`.
    """
    room = allowed(copies, policy) * _LEFT
    ranked, always = by_worth(copies, policy), len(_kept_always(copies, policy))
    used, known = UsedPages(), {copy.folder for copy in copies}
    for path, lists in kept_copies.page_lists(folder):
        if path not in known:
            used.add(lists)
    for place, copy in enumerate(ranked):
        if kept_copies.is_copy(copy.folder):
            used.add(kept_copies.lists_of(copy.folder))
        if used.number() * PAGE > room and place >= always:
            return ranked[place:]
    return []


def by_worth(copies: Sequence[Copy], policy: BackupPolicy) -> list[Copy]:
    """The copies, what is worth most first."""
    left, first = _newest_first(copies), _kept_always(copies, policy)
    least: list[Copy] = []
    while len(left) > len(first):
        loose = [place for place, copy in enumerate(left) if copy not in first]
        least.append(left.pop(min(loose, key=lambda place: _gap(left, place))))
    return [*first, *reversed(least)]


def _kept_always(copies: Sequence[Copy], policy: BackupPolicy) -> list[Copy]:
    newest_first = _newest_first(copies)
    sound = [copy for copy in newest_first if copy.is_sound][: policy.kept.sound]
    return list(dict.fromkeys([*newest_first[:1], *sound]))


def _newest_first(copies: Sequence[Copy]) -> list[Copy]:
    return sorted(copies, key=lambda copy: copy.moment, reverse=True)


def _gap(newest_first: Sequence[Copy], place: int) -> float:
    """The time without a copy if this one went, by its distance from the newest; the oldest is the last to go.

    The clock is not asked: it may stand wrong.
    """
    if place + 1 == len(newest_first):
        return math.inf
    moment, newest = newest_first[place].moment, newest_first[0].moment
    gap = newest_first[place - 1].moment - newest_first[place + 1].moment
    return gap.total_seconds() / max((newest - moment).total_seconds(), 1.0)

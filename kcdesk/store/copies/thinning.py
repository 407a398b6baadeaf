"""Which copies stay, and the removal of the others: by hours, days, weeks and months, never below the proved ones.

A copy is renamed before anything of it is removed, so that a power cut leaves a whole copy or a folder that every
opening sweeps. Packs go last, and only when the list of every copy could be read.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kcdesk import moments
from kcdesk.errors import KnownError, UserError
from kcdesk.placing import Disk
from kcdesk.store.copies import compaction, disk_share, kept_copies
from kcdesk.store.copies.page_pool import FOLDER
from kcdesk.store.copies.policy import BackupPolicy, backup_policy
from kcdesk.store.safety import backup

if TYPE_CHECKING:
    from kcdesk.store.copies.kept_copies import Copy

_ROOMS = ("proof", "view")  # where copies are unfolded
_DOUBT = timedelta(days=1)  # a clock that stands so far before the newest copy is not believed


def staying(copies: Iterable[Copy], now: datetime, policy: BackupPolicy) -> list[Copy]:
    """The copies that stay, newest first; thinning what stays once more, at the same time, changes nothing.

    The newest copy stays, so many of the newest sound ones and of those of the last hours; of those before risky acts
    of some weeks so many of the newest, and the first of each day; and for each of the last hours, days, weeks and
    months with copies its newest sound one, else its newest.
    """
    ordered = sorted(copies, key=lambda copy: (copy.moment, backup.in_its_second(copy.folder.name)), reverse=True)
    if not ordered or now < ordered[0].moment - _DOUBT:
        return ordered
    numbers = policy.kept
    kept = {ordered[0], *[copy for copy in ordered if copy.is_sound][: numbers.sound]}
    kept |= {copy for copy in ordered[: numbers.all_most] if now - copy.moment <= timedelta(hours=numbers.all_hours)}
    risky = [copy for copy in ordered if _is_protected(copy, now, policy)]
    kept |= {*risky[: numbers.risky_most], *{moments.day(copy.moment): copy for copy in risky}.values()}
    for number, bucket in _buckets(policy):
        kept |= _representatives(ordered, number, bucket)
    return [copy for copy in ordered if copy in kept]


def thin(copies: Path, now: datetime | None = None) -> list[Path]:
    """Remove the copies that do not stay, and the pages that no copy uses; returns the folders that are gone.

    What this program did not make is never touched, and what cannot be removed stays. To be called within `alone`.
    """
    listed = kept_copies.listed_copies(copies)
    good = [copy for copy in listed if not _is_apart(copy)]
    stays = staying(good, now or moments.now(), backup_policy())
    gone = [*_removed(copy for copy in good if copy not in stays), *_thin_apart(listed)]
    sweep(copies)
    kept_copies.drop_unused_pages(copies)
    return [*gone, *_fitted(copies, [copy for copy in stays if copy.folder.exists()])]


def _fitted(copies: Path, stays: Sequence[Copy]) -> list[Path]:
    """Remove copies beyond what they may take of the disk, and move the pages of the others together."""
    policy, gone = backup_policy(), list[Path]()
    if disk_share.is_exceeded(copies, stays, policy):
        with suppress(KnownError, UserError):  # a full disk, a list that cannot be read: the copies stay as they are
            gone = _removed(disk_share.surplus(copies, stays, policy))
            kept_copies.drop_unused_pages(copies)
            compaction.compact(copies)
    return gone


def remove_copies(copies: Sequence[Path]) -> int:
    """Remove copies whole, with the pages that no other copy uses; returns how many are gone without a trace.

    KnownError `copies_in_use`: the pages of a copy that is being written are not listed yet.
    """
    gone = 0
    for folder in dict.fromkeys(copy.parent for copy in copies):
        with kept_copies.alone(folder) if (folder / FOLDER).is_dir() else nullcontext():
            gone += sum(_remove(copy) for copy in copies if copy.parent == folder)
            kept_copies.drop_unused_pages(folder)
    return gone


def thin_apart(copies: Path) -> list[Path]:
    """Of the copies of a damaged store remove those between the first and the newest; returns the folders."""
    return _thin_apart(kept_copies.listed_copies(copies))


def _thin_apart(listed: Iterable[Copy]) -> list[Path]:
    apart = [copy for copy in listed if _is_apart(copy)]
    return _removed(apart[backup_policy().kept.damaged : -1])


def _removed(copies: Iterable[Copy]) -> list[Path]:
    return [copy.folder for copy in copies if kept_copies.is_ours(copy.folder) and _remove(copy.folder)]


def sweep(copies: Path, *, rooms: bool = False) -> None:
    """Remove what interrupted acts left in a folder of copies; `rooms` too, where no copy can be unfolded just now."""
    if copies.is_dir():
        for path in copies.iterdir():
            name = path.name.removesuffix(backup.PART)
            if name != path.name and (_is_half(name) or (rooms and name in _ROOMS)):
                shutil.rmtree(path, ignore_errors=True)


def _is_half(name: str) -> bool:
    return moments.of_file_name(name.removeprefix(kept_copies.DAMAGED)) is not None


def _is_apart(copy: Copy) -> bool:
    return copy.folder.name.startswith(kept_copies.DAMAGED)


def _is_protected(copy: Copy, now: datetime, policy: BackupPolicy) -> bool:
    """Whether a copy was made before a risky act, not long ago; one whose reason nobody noted counts as such."""
    return copy.reason not in policy.routine and now - copy.moment <= timedelta(days=policy.kept.risky_days)


def _buckets(policy: BackupPolicy) -> Sequence[tuple[int, Callable[[datetime], object]]]:
    numbers = policy.kept
    return (
        (numbers.hours, lambda moment: (moment.date(), moment.hour)),
        (numbers.days, lambda moment: moment.date()),
        (numbers.weeks, lambda moment: moment.isocalendar()[:2]),
        (numbers.months, lambda moment: (moment.year, moment.month)),
    )


def _representatives(ordered: Sequence[Copy], number: int, bucket: Callable[[datetime], object]) -> set[Copy]:
    """For each of the newest buckets with copies its newest sound copy, else its newest one."""
    chosen: dict[object, Copy] = {}
    for copy in ordered:
        name = bucket(moments.local(copy.moment))
        if name not in chosen and len(chosen) == number:
            continue
        if name not in chosen or (copy.is_sound and not chosen[name].is_sound):
            chosen[name] = copy
    return set(chosen.values())


def _remove(folder: Path) -> bool:
    """Take a copy away under another name, then remove it; returns whether nothing of it is left."""
    leaving = folder.with_name(f"{folder.name}{backup.PART}")
    with suppress(OSError):
        folder.rename(leaving)
        Disk().sync_folder(folder.parent)
        shutil.rmtree(leaving)
        return True
    return False

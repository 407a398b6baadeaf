"""Gives back the disk of pages that no copy uses any more: what is still used of wasteful packs moves into a new one.

A pack goes when no copy uses it, but a store that is worked in for a year leaves some page in use in nearly every pack.
The new pack is whole on the disk before a list names it, and lists are replaced one by one: after a power cut each copy
leads to the old packs or to the new one, and both are there.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from kcdesk.store.copies import kept_copies
from kcdesk.store.copies.page_pool import PageList, PagePool, Run, Runs

_WASTEFUL = 0.9  # a pack of which less than this share is used

Lists = Mapping[str, PageList]  # of the databases of one copy


class UsedPages:
    """Which pages of which packs are used."""

    def __init__(self) -> None:
        self._marks: dict[str, bytearray] = {}

    def add(self, lists: Lists) -> None:
        """Count the pages of a copy."""
        for pages in lists.values():
            for pack, start, count in pages.runs:
                marks = self._marks.setdefault(pack, bytearray())
                marks.extend(bytes(max(start + count - len(marks), 0)))
                marks[start : start + count] = b"\1" * count

    def of(self, pack: str) -> int:
        """The number of used pages of a pack."""
        return self._marks.get(pack, b"").count(1)

    def number(self) -> int:
        """The number of used pages."""
        return sum(map(self.of, self._marks))


def compact(copies: Path) -> None:
    """Move pages together until little is kept for nothing; to be called within `alone`.

    KnownError if the disk refuses, UserError `pages_missing` for a list that cannot be read: nothing is lost then.
    """
    pool, used = PagePool(copies), UsedPages()
    for _, lists in kept_copies.page_lists(copies):
        used.add(lists)
    wasteful = [pack for pack, pages in pool.lengths().items() if 0 < used.of(pack) < pages * _WASTEFUL]
    wasteful = sorted(set(wasteful) - set(pool.spoilt(wasteful)))
    if not wasteful:
        return
    moved = _Moved(wasteful)
    for _, lists in kept_copies.page_lists(copies):  # the newest first: its pages come to lie in their order
        for pages in lists.values():
            moved.place(pages.runs)
    pack = pool.gather(moved.runs)
    for folder, lists in kept_copies.page_lists(copies):
        if any(pages.packs & moved.packs for pages in lists.values()):
            kept_copies.move_pages(folder, {name: moved.translated(pages, pack) for name, pages in lists.items()})
    kept_copies.drop_unused_pages(copies)


class _Moved:
    """Where the used pages of some packs come to lie in a new one."""

    def __init__(self, packs: Collection[str]) -> None:
        self.packs = set(packs)
        self._places: dict[str, array[int]] = {pack: array("q") for pack in packs}  # -1: not placed
        self._order = Runs()
        self._next = 0

    @property
    def runs(self) -> list[Run]:
        """The old places, in the order of the new ones."""
        return self._order.runs

    def place(self, runs: Iterable[Run]) -> None:
        """Give each page that has none the next place."""
        for pack, start, count in runs:
            if pack in self.packs:
                places = self._places[pack]
                places.extend([-1] * max(start + count - len(places), 0))
                for first, number in _free(places, start, start + count):
                    places[first : first + number] = array("q", range(self._next, self._next + number))
                    self._order.add(pack, first, number)
                    self._next += number

    def translated(self, pages: PageList, pack: str) -> PageList:
        """A list whose moved pages lie in the new pack."""
        runs = Runs()
        for old, start, count in pages.runs:
            if old not in self.packs:
                runs.add(old, start, count)
                continue
            for first, number in _rising(self._places[old][start : start + count]):
                runs.add(pack, first, number)
        return PageList(pages.size, tuple(runs.runs))


def _free(places: array[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of pages without a place, as (first, number)."""
    while start < end:
        first = start
        while start < end and places[start] < 0:
            start += 1
        if start > first:
            yield first, start - first
        while start < end and places[start] >= 0:
            start += 1


def _rising(places: array[int]) -> Iterator[tuple[int, int]]:
    """Places as stretches that rise by one, as (first, number)."""
    if places == array("q", range(places[0], places[0] + len(places))):  # nearly always
        yield places[0], len(places)
        return
    for place in places:
        yield place, 1

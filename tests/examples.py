"""How much a test tries: in the suite a moderate number of examples and a choice of each kind.

With `EXAMPLES=10` before the command ten times as many examples, and everything that there is to choose from.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

TIMES = max(1, int(os.environ.get("EXAMPLES", "1")))
IS_LONG = TIMES > 1


def examples(number: int) -> int:
    """The number of examples for Hypothesis."""
    return number * TIMES


def one_of(every: int, things: Sequence[T]) -> Sequence[T]:
    """One of so many things that could be tried."""
    return things[:: 1 if IS_LONG else every]


def some(number: int, things: Iterable[T]) -> list[T]:
    """So many of the things that could be tried, evenly spread from the first to the last; all in a long run."""
    every = list(things)
    if IS_LONG or number >= len(every):
        return every
    return [every[round(place * (len(every) - 1) / max(1, number - 1))] for place in range(number)]


def chosen(choice: Collection[T], things: Iterable[T]) -> list[T]:
    """Those that stand for their kind, each of which must be there; all in a long run."""
    every = list(things)
    strange = [one for one in choice if one not in every]
    if strange:
        raise ValueError(f"nothing to choose: {strange}")
    return [one for one in every if IS_LONG or one in choice]

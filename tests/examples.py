"""How many examples a test tries: a moderate number, with `EXAMPLES=10` before the command ten times as many."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

TIMES = max(1, int(os.environ.get("EXAMPLES", "1")))


def examples(number: int) -> int:
    """The number of examples for Hypothesis."""
    return number * TIMES


def one_of(every: int, things: Sequence[T]) -> Sequence[T]:
    """One of so many things that could be tried."""
    return things[:: max(1, every // TIMES)]

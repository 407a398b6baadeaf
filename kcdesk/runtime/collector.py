"""Python's garbage collector, at rest while a background thread works or a long act runs.

It looks through every object again and again while thousands of records are read, of which none is garbage: a third of
the time of taking in a large package. What has become garbage is collected afterwards.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Rests:
    """How many want the collector to be at rest, and whether it was on before the first of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number = 0
        self._was_on = True

    def begin(self) -> None:
        with self._lock:
            if not self._number:
                self._was_on = gc.isenabled()
                gc.disable()
            self._number += 1

    def end(self) -> None:
        with self._lock:
            self._number -= 1
            if not self._number and self._was_on:
                gc.enable()


_RESTS = _Rests()


def pause() -> None:
    """Collect nothing until `go_on` was called as often as this."""
    _RESTS.begin()


def go_on() -> None:
    """Collect again, unless somebody else still wants rest."""
    _RESTS.end()


@contextmanager
def at_rest() -> Iterator[None]:
    """Collect nothing during the block, or during the function that this decorates."""
    pause()
    try:
        yield
    finally:
        go_on()

"""Progress of a long act: the type of the function that the act calls between its parts."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """A function called with the amount done, the total (0: not known) and what is being done; may raise to stop."""

    def __call__(self, done: int, total: int, text: str = "", /) -> None: ...


def ignore_progress(_done: int, _total: int, _text: str = "", /) -> None:
    """Ignore progress."""

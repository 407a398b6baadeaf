"""How far a long act is: the function that the act calls between its parts."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Takes how much is done, of how much (0: not known), and what is being done; may raise to stop the act."""

    def __call__(self, done: int, total: int, text: str = "", /) -> None: ...


def ignore_progress(_done: int, _total: int, _text: str = "", /) -> None:
    """Ignore progress."""

"""The texts of summaries: `{figure}`, `{figure.change}`, and `[…]` around what is left out where it has no figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from kcdesk.runtime.frozen import Value

Aspect = Literal["", "number", "change", "before"]
ASPECTS: tuple[str, ...] = ("number", "change", "before")
_TOKEN = re.compile(r"\{([^{}\[\]]*)\}|([\[\]{}])|([^{}\[\]]+)")
_SLOT = re.compile(r"([a-z][a-z0-9_]*)(?:\.([a-z]+))?")


class SentenceError(ValueError):
    """A text that cannot be read; the message says why."""


class Slot(Value):
    """The place of a figure or word: its name, and which of its aspects is printed."""

    name: str
    aspect: str = ""


class OptionalPart(Value):
    """A part of a sentence that is left out if one of its figures is nothing."""

    pieces: tuple[SentencePiece, ...]


SentencePiece = str | Slot | OptionalPart


def parsed_sentence(text: str) -> tuple[SentencePiece, ...]:
    """Read a text; SentenceError."""
    levels: list[list[SentencePiece]] = [[]]
    for match in _TOKEN.finditer(text):
        slot, bracket, plain = match.groups()
        if plain is not None:
            levels[-1].append(plain)
        elif slot is not None:
            levels[-1].append(_slot(slot))
        else:
            _take_bracket(bracket, levels)
    if len(levels) > 1:
        raise SentenceError("thiếu dấu “]”")
    return tuple(levels[0])


def _slot(written: str) -> Slot:
    match = _SLOT.fullmatch(written.strip())
    if match is None:
        raise SentenceError(f"“{{{written}}}” không phải là tên của một số")
    return Slot(match[1], match[2] or "")


def _take_bracket(bracket: str, levels: list[list[SentencePiece]]) -> None:
    if bracket == "[":
        levels.append([])
    elif bracket == "]" and len(levels) > 1:
        inner = OptionalPart(tuple(levels.pop()))
        levels[-1].append(inner)
    else:
        raise SentenceError(f"thừa dấu “{bracket}”")


def slots_in(pieces: Iterable[SentencePiece]) -> Iterator[Slot]:
    """Yield every slot, in order."""
    for piece in pieces:
        if isinstance(piece, Slot):
            yield piece
        elif isinstance(piece, OptionalPart):
            yield from slots_in(piece.pieces)

"""Blanks and ticks as marks in the text of a template, because templates produce only text.

A mark is enclosed by two control characters. `text.clean` removes these from everything that people type, so no answer
can be mistaken for a mark.
"""

from __future__ import annotations

import re

from kcdesk.documents.blocks import Blank, Inline, Tick

_MARK = re.compile("\x02(?:([+-])|([0-9]+),([0-9]+))\x03")


def blank(letters: int, lines: int = 1) -> str:
    """The mark for a visible blank, `letters` wide and `lines` high."""
    return f"\x02{letters},{lines}\x03"


def tick(on: object) -> str:
    """The mark for a box, ticked if `on` is true."""
    return f"\x02{'+' if on else '-'}\x03"


def to_inline(text: str) -> Inline:
    """Turn a filled text into pieces, with its marks as blanks and ticks."""
    pieces: list[str | Blank | Tick] = []
    end = 0
    for mark in _MARK.finditer(text):
        if mark.start() > end:
            pieces.append(text[end : mark.start()])
        sign, letters, lines = mark.groups()
        pieces.append(Tick(sign == "+") if sign else Blank(int(letters), int(lines)))
        end = mark.end()
    if end < len(text):
        pieces.append(text[end:])
    return tuple(pieces)

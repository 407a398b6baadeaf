"""Blanks and ticks on their way through a template, which knows only text.

A mark stands between two control characters that `text.clean` takes out of everything people type, so that no
answer can pass for one.
"""

from __future__ import annotations

import re

from kcdesk.documents.blocks import Blank, Inline, Tick

_MARK = re.compile("\x02(?:([+-])|([0-9]+),([0-9]+))\x03")


def blank(letters: int, lines: int = 1) -> str:
    """The mark of a visible blank."""
    return f"\x02{letters},{lines}\x03"


def tick(on: object) -> str:
    """The mark of a box, ticked when `on` is true."""
    return f"\x02{'+' if on else '-'}\x03"


def to_inline(text: str) -> Inline:
    """Filled text with its marks as blanks and ticks."""
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
